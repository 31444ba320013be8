"""Grading, choosing and help in a trial province, as methods.md §12 has it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, stream
from vungmanh.analysis.trial.records import Records
from vungmanh.analysis.trial.sizes import Stress, TrialSize
from vungmanh.analysis.trial.strength import WEIGHTS, mean_by
from vungmanh.analysis.trial.tree import Tree

_LENIENCY_SD, _FOR_COPIES, _GRADE_SD = 0.3, 0.4, 0.6
#: Shares of the four grades, worst first; the bounds are those of the first year.
_GRADE_SHARES = (0.08, 0.22, 0.50, 0.20)
_GRADE_WEIGHT, _CHOICE_SD = 0.5, 0.3


class Help(StrEnum):
    A = "A"  # works at once
    B = "B"  # works slowly
    C = "C"  # does nothing
    D = "D"  # only makes the papers look better


#: True effect on strength in the first year of help and in later ones.
EFFECT = {Help.A: (0.7, 0.7), Help.B: (0.3, 0.6), Help.C: (0.0, 0.0), Help.D: (0.0, 0.0)}
_EFFECT_TABLE = np.array([EFFECT[help_] for help_ in Help])


@dataclass
class Scheme:
    """Who was helped how, since when: `help` (g,) index into Help or -1, `since` (g,) year column.

    `score` (g, years) is what the choice of each programme year was made by; NaN elsewhere.
    """

    help: Ints
    since: Ints
    score: Floats

    @classmethod
    def none(cls, organisations: int, years: int) -> Scheme:
        unhelped = np.full(organisations, -1, dtype=np.int64)
        return cls(unhelped, unhelped.copy(), np.full((organisations, years), np.nan))

    def own_effect(self, year: int, factor: Floats) -> Floats:
        """(g,): the effect of help given in this year or before."""
        helped = (self.help >= 0) & (self.since <= year)
        later = (self.since < year).astype(np.int64)
        effect = _EFFECT_TABLE[np.maximum(self.help, 0), later]
        return np.where(helped, factor * effect, 0.0)

    def ritual(self, year: int) -> Bools:
        return np.asarray((self.help == list(Help).index(Help.D)) & (self.since <= year))


def size_factor(tree: Tree, stress: Stress) -> Floats:
    """(g,): how much stronger help works in an organisation of few cells of its kind; mean 1."""
    count = tree.first_organisations
    cells = np.bincount(tree.origin[: tree.first_cells], minlength=count).astype(np.float64)
    factor = np.ones(count)
    for kind in range(int(tree.kind.max()) + 1):
        of_kind = tree.kind[:count] == kind
        smaller = cells[of_kind] < np.median(cells[of_kind])
        share = smaller.mean()
        factor[of_kind] += stress.uneven_by_size * (smaller - share)
    return factor


def spilled(effect: Floats, tree: Tree, share: float) -> Floats:
    """(g,): what neighbours in the same district get of the help of others."""
    district = tree.district[: len(effect)]
    got = np.zeros(len(effect))
    beside = district[1:] == district[:-1]
    got[1:] += np.where(beside, effect[:-1], 0.0)
    got[:-1] += np.where(beside, effect[1:], 0.0)
    return share * got


def grade(seed: int, year: int, strength: Floats, copied: Bools, tree: Tree) -> Floats:
    """(g,): the impression that the level above has of each organisation, before it is cut."""
    count = tree.first_organisations
    districts = int(tree.district.max()) + 1
    leniency = stream(seed, "trial leniency").normal(0, _LENIENCY_SD, districts)
    rng = stream(seed, f"trial grades {year}")
    first = tree.first_cells
    share = mean_by(copied[:first].astype(np.float64), tree.origin[:first], count)
    of_cells = mean_by(strength[:first], tree.origin[:first], count)
    impression = of_cells + leniency[tree.district[:count]] + _FOR_COPIES * share
    return np.asarray(impression + rng.normal(0, _GRADE_SD, count))


def in_four_levels(impressions: Floats) -> Ints:
    """(g, years) -> grade 1 (worst) to 4, by bounds fixed in the first year."""
    bounds = np.quantile(impressions[:, 0], np.cumsum(_GRADE_SHARES)[:-1])
    return np.searchsorted(bounds, impressions, side="right") + 1


def raw_index(records: Records, tree: Tree, year: int) -> Floats:
    """(g,): what the office sees: percentages, an absent report counted as no meeting."""
    one = slice(year, year + 1)
    known = (records.reported & ~records.excused)[:, one]
    held = known & records.held[:, one]
    met = held.sum(axis=(1, 2))
    came = (held * records.present[:, one]).sum(axis=(1, 2))
    owing = (held * records.members[:, one]).sum(axis=(1, 2))
    due = (known * records.tasks_due[:, one]).sum(axis=(1, 2))
    done = (known * records.tasks_on_time[:, one]).sum(axis=(1, 2))
    parts = (met / 12.0, came / np.maximum(owing, 1), done / np.maximum(due, 1))
    cells = np.asarray(100.0 * sum(w * part for w, part in zip(WEIGHTS, parts, strict=True)))
    first = tree.first_cells
    return mean_by(cells[:first], tree.origin[:first], tree.first_organisations)


def choose(
    seed: int, year: int, scheme: Scheme, *,
    seen: tuple[Floats, Floats, Floats], size: TrialSize, tree: Tree, private: float,
) -> None:  # fmt: skip
    """Choose this year's organisations, worst first, from (raw index, impression, true strength).

    The worst of each district, and of those the worst ten; never the same twice.
    """
    raw, impression, truth = (_standardised(values) for values in seen)
    rng = stream(seed, f"trial choice {year}")
    count = tree.first_organisations
    score = raw + _GRADE_WEIGHT * impression + rng.normal(0, _CHOICE_SD, count) + private * truth
    scheme.score[:, year] = score
    open_score = np.where(scheme.help < 0, score, np.inf)
    district = tree.district[:count]
    worst_first = np.argsort(open_score, kind="stable")
    _, earliest = np.unique(district[worst_first], return_index=True)
    candidates = worst_first[np.sort(earliest)][: size.chosen_a_year]
    scheme.help[candidates] = rng.integers(0, len(Help), len(candidates))
    scheme.since[candidates] = year


def _standardised(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std())
