"""The latent strength of a trial province, in the constants of methods.md §12, and its index."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, sigmoid, stream
from vungmanh.analysis.trial.sizes import TrialSize
from vungmanh.analysis.trial.tree import Tree

_LEVEL_SD = 0.6
_OF_KIND = (0.0, 0.15, -0.15)
_PHI, _MOVING_SD = 0.55, 0.5
_DROP_CHANCE, _DROP = 0.04, 0.9
_TREND = 0.01
_DISTRICT_YEAR_SD = 0.12
_CELL_SD, _CELL_YEAR_SD = 0.45, 0.2

#: Weights of the index (decisions.md 2), and base and slope of each part in strength.
WEIGHTS = (0.4, 0.3, 0.3)
PARTS = ((2.0, 0.9), (1.9, 0.5), (0.9, 0.7))


@dataclass(frozen=True)
class Strength:
    """Strength without help: `organisation` (g, years) and `cell` (n, years) with its own part.

    `left` (g, years): a key person left that year.
    """

    organisation: Floats
    cell: Floats
    left: Bools


def draw_strength(seed: int, size: TrialSize, tree: Tree) -> Strength:
    """A merged cell has the mean strength of its parts, in every year."""
    rng = stream(seed, "trial strength")
    count, years = tree.first_organisations, size.years
    kind, district = tree.kind[:count], tree.district[:count]
    level = rng.normal(0, _LEVEL_SD, count) + np.array(_OF_KIND)[kind]
    left = rng.random((count, years)) < _DROP_CHANCE
    shocks = rng.normal(0, _MOVING_SD * np.sqrt(1 - _PHI**2), (count, years))
    state = rng.normal(0, _MOVING_SD, count)
    moving = np.zeros((count, years))
    for year in range(years):
        state = (_PHI * state + shocks[:, year] if year else state) - _DROP * left[:, year]
        moving[:, year] = state
    area = rng.normal(0, _DISTRICT_YEAR_SD, (size.districts, years))
    trend = _TREND * (np.arange(years) - years / 2)
    organisation = level[:, None] + moving + area[district] + trend
    first = tree.first_cells
    own = rng.normal(0, _CELL_SD, first)[:, None] + rng.normal(0, _CELL_YEAR_SD, (first, years))
    cell = organisation[tree.origin[:first]] + own
    return Strength(organisation, with_merged(tree, cell), left)


def with_merged(tree: Tree, of_first: Floats) -> Floats:
    """Rows of the first cells, and after them those of merged cells: the mean of their parts."""
    return np.concatenate([of_first, of_first[tree.parts].mean(axis=1)])


def chances(strength: Floats) -> tuple[Floats, Floats, Floats]:
    """The chance of holding a month's meeting, of a member coming, of a task done in time."""
    held, present, done = (sigmoid(base + slope * strength) for base, slope in PARTS)
    return held, present, done


def true_index(strength: Floats) -> Floats:
    """The index 0–100 that this strength deserves."""
    parts = zip(WEIGHTS, chances(strength), strict=True)
    return np.asarray(100.0 * sum(weight * chance for weight, chance in parts))


def mean_by(values: Floats, owner: Ints, owners: int) -> Floats:
    """The mean over the rows of each owner; an owner without rows is not a number."""
    total = np.zeros((owners, *values.shape[1:]))
    np.add.at(total, owner, values)
    count = np.bincount(owner, minlength=owners).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(total / count.reshape(-1, *[1] * (values.ndim - 1)))
