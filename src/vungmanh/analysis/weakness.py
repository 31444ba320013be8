"""The second layer of "weak" for both grains: probability, reasons in points, and signs.

Everything here is of the last period unless an axis says otherwise; what lasted is judged over all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.doubt import excused_beyond, if_not_held, unaccounted
from vungmanh.analysis.facts import UNKNOWN, Bools
from vungmanh.analysis.probability import (
    ProbabilityRules,
    below,
    interval,
    lasting,
    references,
)
from vungmanh.analysis.standing import Signs
from vungmanh.analysis.strength import (
    PARTS,
    Estimates,
    Floats,
    Ints,
    Strength,
    fit,
    observe,
)


@dataclass(frozen=True)
class References:
    """The fixed reference of each like kind, in points of the index: (kinds,) for each grain."""

    cells: Floats
    organisations: Floats


@dataclass(frozen=True)
class Grain:
    """The second layer of one grain over n units, T periods, and 3 parts; NaN where unknown.

    `low` and `high` (n, T) bound the index, `part_low`, `part_high` (n, 3) the shares of the last
    period. `typical` (n, 3) is the median share among the like kind in the last period, and
    `points` (n, 3) what each part adds to or takes from the typical index: the three add up to
    `index - typical_index`. A part `explains` weakness when its whole interval lies below typical.
    """

    estimates: Estimates
    low: Floats
    high: Floats
    reference: Floats  # (n,)
    probability: Floats  # (n, T)
    hidden: Floats  # (n, T): the probability, had what is not accounted for not been held
    signs: Signs
    part_low: Floats
    part_high: Floats
    typical: Floats
    points: Floats
    explains: Bools

    @property
    def typical_index(self) -> Floats:
        """(n,): the index of a unit whose every part is typical of its like kind."""
        return np.asarray(self.estimates.index[:, -1] - self.points.sum(axis=1))


@dataclass(frozen=True)
class Weakness:
    """Both grains, the estimates under them and the references used."""

    strength: Strength
    references: References
    cells: Grain
    organisations: Grain


def weigh(
    counts: Counts,
    *,
    kind: Ints,
    home: Ints,
    rules: ProbabilityRules,
    fixed: References | None = None,
) -> Weakness:
    """Estimate everybody and say how probably each is weak.

    `counts` are those of cells, carried to living units and believed (`analysis.inheriting`,
    `analysis.plausibility`), periods oldest first; `kind` (n,) and `home` (n,) as in
    `strength.fit`. `fixed` are references of an earlier assessment; a like kind without one (NaN)
    gets its own from the first periods.
    """
    strength = fit(observe(counts), kind=kind, home=home, weights=np.array(rules.weights))
    kinds = int(kind.max(initial=0)) + 1
    if fixed is not None:
        kinds = max(kinds, len(fixed.cells), len(fixed.organisations))
    own = References(
        references(strength.cells, kind, kinds, rules),
        references(strength.organisations, kind, kinds, rules),
    )
    used = own
    if fixed is not None:
        used = References(
            _first_known(fixed.cells, own.cells),
            _first_known(fixed.organisations, own.organisations),
        )
    missing, beyond = unaccounted(counts, kind), excused_beyond(counts, kind)
    owed = counts.due + counts.excused

    is_own = home == np.arange(len(home))  # one unit, judged once: as the cell it is
    of_cells = used.cells[kind]
    of_bodies = np.where(is_own, of_cells, used.organisations[kind])

    def grain(estimates: Estimates, reference: Floats, *months: Floats) -> Grain:
        missing, owed, beyond = months
        weights = strength.weights
        hidden = if_not_held(estimates, reference, missing, owed, weights)
        made = _grain(estimates, kind, rules, reference=reference, hidden=hidden, weights=weights)
        return replace(made, signs=replace(made.signs, excused=beyond))

    months = (missing, owed, beyond)
    whole = (organisations_counted(one, home) for one in months)
    return Weakness(
        strength,
        used,
        grain(strength.cells, of_cells, *months),
        grain(strength.organisations, of_bodies, *whole),
    )


def _first_known(first: Floats, second: Floats) -> Floats:
    longer = np.concatenate([first, np.full(len(second) - len(first), np.nan)])
    return np.where(np.isfinite(longer), longer, second)


def _grain(
    estimates: Estimates,
    kind: Ints,
    rules: ProbabilityRules,
    *,
    reference: Floats,
    hidden: Floats,
    weights: Floats,
) -> Grain:
    probability = below(estimates, reference)
    level = rules.interval_percent
    low, high = interval(estimates.index, estimates.sd, level, top=100.0)
    last, deviation = estimates.parts[:, -1], estimates.part_sd[:, -1]
    part_low, part_high = interval(last, deviation, level, top=1.0)
    typical = _typical(last, kind)
    signs = Signs(
        lasting=lasting(probability, rules),
        noticed=_at_least(probability, rules.watch_percent),
        likely=_at_least(probability, rules.weak_percent),
        hidden=_at_least(hidden, rules.weak_percent),
        excused=np.zeros_like(probability),
    )
    return Grain(
        estimates=estimates,
        low=low,
        high=high,
        reference=reference,
        probability=probability,
        hidden=hidden,
        signs=signs,
        part_low=part_low,
        part_high=part_high,
        typical=typical,
        points=(last - typical) * weights,
        explains=(part_high < typical) & (weights > 0),
    )


def _at_least(probability: Floats, percent: int) -> Bools:
    return np.asarray(np.nan_to_num(probability, nan=0.0) * 100 >= percent)


def _typical(parts: Floats, kind: Ints) -> Floats:
    """(n, 3): the median of each part among the units of the same like kind."""
    result = np.full((len(kind), len(PARTS)), np.nan)
    known = np.isfinite(parts).all(axis=1)
    for one in np.unique(kind[known]):
        of_kind = known & (kind == one)
        result[of_kind] = np.median(parts[of_kind], axis=0)
    return result


def organisations_counted(values: Floats, home: Ints) -> Floats:
    """The sums over its cells for every organisation; other units keep what they have.

    `values` (n, …) of cells; a cell that is itself an organisation keeps its own.
    """
    cells = np.flatnonzero((home != UNKNOWN) & (home != np.arange(len(home))))
    total = values.copy()
    bodies = np.unique(home[cells])
    total[bodies] = 0.0
    np.add.at(total, home[cells], values[cells])
    return total
