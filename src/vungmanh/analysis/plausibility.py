"""Records too even or too late to be taken at their word: "please look", never "fraud".

*Attendance.* Month by month the number present varies by chance. A year in which it hardly moves
is tested against what chance leaves of such evenness (the idea: Simonsohn 2013; Carlisle 2017).
Only cells of five and more who owe attendance are tested, and never full attendance, which honest
cells have too. The test cannot see *who* was absent: where the same member is always away, the
number present is constant and honest. So each finding can be answered, and is one.

*December.* A year filed at its end is told from the like kind's habit of filing. Late is not
invented: by itself it changes no figure.

*Set aside* are the held months of a unit and period whose attendance is implausible, and of one
that filed in December, held everything due, and had the same number present at each meeting, all of
them included, or one more or less. They are then treated as not known, never as not held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Counts, Floats
from vungmanh.analysis.evenness import EVEN, chance_of_evenness

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Share of false findings among all findings of a year that we put up with.
FALSE_DISCOVERY_RATE = 0.10
#: Smaller cells come all together, or all but one, in honesty.
LEAST_OWING, MOST_OWING = 5, 300
LEAST_MONTHS, MOST_MONTHS = 3, 60
#: Filing in December counts from this many reports on, and from half of them.
LEAST_FILED = 4
#: With fewer meetings an even attendance is too common to weigh beside late filing.
LEAST_HELD = 6
#: Attendance spread over a year from a total alone never differs by more than this.
NEARLY = 1
#: Months may differ more than throws of a coin do; never by more than this correlation.
MOST_CORRELATED = 0.3
_LEAST_SHARE = 0.02
_WINSORISED = 0.95


@dataclass(frozen=True)
class Implausible:
    """Findings of n units in T periods; all arrays but `correlation` of shape (n, T)."""

    attendance: Bools  #: more even than chance allows, after Benjamini and Hochberg
    p_value: Floats  #: the chance of such evenness; 1 where not very even, NaN where not tested
    december: Bools  #: filed in December far more than its like
    december_p: Floats  #: the chance of so many filed in December; NaN where not tested
    set_aside: Bools  #: held months no longer believed: give to `Counts.setting_aside`
    correlation: Floats  #: of members within a month, by kind in ascending order


def implausible(counts: Counts, kind: ArrayLike, rate: float = FALSE_DISCOVERY_RATE) -> Implausible:
    """What to look at in `counts`, each unit against those of its `kind` (any numbers, (n,)).

    `rate` is the false discovery rate over all tests of one period. The counts must be the units'
    own, before shares of ended units are carried to heirs. Deterministic: exact, nothing is drawn.
    """
    kinds = np.unique(np.asarray(kind, dtype=np.int64), return_inverse=True)[1]
    months = _Months.of(counts)
    p_value, correlation = _attendance(months, kinds, rate)
    attendance = benjamini_hochberg(p_value, rate)
    december_p = _december(counts, kinds)
    mostly = counts.filed_in_december * 2 >= counts.filed
    december = benjamini_hochberg(december_p, rate) & mostly
    set_aside = attendance | (december & _all_held_and_even(counts))
    return Implausible(attendance, p_value, december, december_p, set_aside, correlation)


def benjamini_hochberg(p_values: ArrayLike, rate: float = FALSE_DISCOVERY_RATE) -> Bools:
    """Which tests of each column are findings when a share `rate` of findings may be false.

    p-values of shape (n,) or (n, T), each column a family by itself; NaN was not tested
    (Benjamini & Hochberg 1995).
    """
    p = np.asarray(p_values, dtype=np.float64)
    table = p[:, None] if p.ndim == 1 else p
    ordered = np.sort(table, axis=0)  # NaN last
    tests = (~np.isnan(table)).sum(axis=0)
    place = np.arange(1, len(table) + 1)[:, None]
    passes = ordered * np.maximum(tests, 1) <= rate * place
    cut = np.where(passes, ordered, -1.0).max(axis=0, initial=-1.0)
    return np.asarray((table <= cut).reshape(p.shape))


def filed_together(unit: ArrayLike, day: ArrayLike, units: int, days: int) -> Floats:
    """The largest share of a unit's reports that were filed within `days` days of each other.

    `unit` (indices below `units`) and `day` (ordinals) have one entry for each report, in any
    order; say of one year. Shape (units,); NaN for a unit that filed nothing.
    """
    who, when = np.asarray(unit, dtype=np.int64), np.asarray(day, dtype=np.int64)
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    filed = np.bincount(who, minlength=units).astype(np.float64)
    most = np.zeros(units)
    if len(when):
        apart = when.max() - when.min() + days + 1
        line = who * apart + (when - when.min())
        until = np.searchsorted(line, line + days, side="left")
        np.maximum.at(most, who, (until - np.arange(len(line))).astype(np.float64))
    share: Floats = np.divide(most, filed, out=np.full(units, np.nan), where=filed > 0)
    return share


@dataclass(frozen=True)
class _Months:
    """Whole numbers for the test, each (n, T): `months` with `total` present of `owing` each."""

    months: Ints
    owing: Ints
    total: Ints
    scatter: Ints  # squared distances from the whole number nearest to the mean
    unevenness: Floats  # squared distances from the mean
    expected: Floats  # the same if members came independently, given the total
    tested: Bools
    steady: Bools  # as many owed attendance in each month

    @classmethod
    def of(cls, counts: Counts) -> _Months:
        months = np.rint(counts.attended)
        at_least_one = np.maximum(months, 1.0)
        # Where membership moved, the larger number makes evenness look commoner, not rarer.
        owing = np.ceil(np.divide(counts.owing, np.maximum(counts.attended, 1e-9)) - 1e-9)
        total = np.rint(counts.present)
        near = np.floor(total / at_least_one + 0.5)
        scatter = np.rint(counts.present_square - 2 * near * total + months * near**2)
        tested = (
            (months >= LEAST_MONTHS)
            & (months <= MOST_MONTHS)
            & (counts.owing_min >= LEAST_OWING)
            & ~np.isnan(counts.present_square)  # yearly totals say nothing of months
            & (owing <= MOST_OWING)
            & (total > 0)
            & (counts.present < counts.owing)
            & (total < months * owing)
        )
        least = np.abs(total - months * near)  # what a total off the mean demands
        places = np.where(tested, months * owing, 2.0)
        share = np.where(tested, total / places, 0.5)
        independent = places * share * (1 - share) * (places - owing) / (places - 1)
        return cls(
            months=months.astype(np.int64),
            owing=np.where(tested, owing, 0).astype(np.int64),
            total=total.astype(np.int64),
            scatter=np.where(tested, np.maximum(scatter, least), 0).astype(np.int64),
            unevenness=counts.present_square - total**2 / at_least_one,
            expected=np.where(tested, independent, np.nan),
            tested=tested,
            steady=counts.owing_min == counts.owing_max,
        )


def _attendance(months: _Months, kinds: Ints, rate: float) -> tuple[Floats, Floats]:
    """p-values (n, T) and the correlation of each kind.

    The correlation is measured on all, then once more without what was found: those who invent
    would make evenness look ordinary.
    """
    found = np.zeros(months.tested.shape, dtype=np.bool_)
    p_value = np.full(months.tested.shape, np.nan)
    correlation = np.zeros(kinds.max(initial=-1) + 1)
    for _ in range(2):
        correlation = _correlation(months, kinds, ~found)
        p_value = _p_values(months, correlation[kinds])
        found = benjamini_hochberg(p_value, rate)
    return p_value, correlation


def _correlation(months: _Months, kinds: Ints, believed: Bools) -> Floats:
    """Correlation of members within a month, by kind, by moments.

    Given the total, months of pure chance have an unevenness that is known exactly
    (hypergeometric); the excess tells the correlation. The few most uneven years are drawn in.
    """
    use = months.tested & months.steady & believed
    seen, expected, owing = (
        part[use] for part in (months.unevenness, months.expected, months.owing)
    )
    of_kind = np.broadcast_to(kinds[:, None], use.shape)[use]
    result = np.zeros(kinds.max(initial=-1) + 1)
    for place in np.unique(of_kind):
        mine = of_kind == place
        most = np.quantile(seen[mine] / expected[mine], _WINSORISED)
        excess = np.minimum(seen[mine], most * expected[mine]) - expected[mine]
        result[place] = excess.sum() / (expected[mine] * (owing[mine] - 1)).sum()
    return np.clip(result, 0.0, MOST_CORRELATED)


def _p_values(months: _Months, correlation: Floats) -> Floats:
    """(n, T): years at least twice as even as expected; each distinct case worked out once."""
    even = months.tested & (months.scatter <= EVEN) & (2 * months.unevenness <= months.expected)
    p_value = np.where(months.tested, 1.0, np.nan)
    rho = np.broadcast_to(correlation[:, None], even.shape)[even]
    levels, level = np.unique(rho, return_inverse=True)
    whole = [part[even] for part in (months.months, months.owing, months.total, months.scatter)]
    # One number for a case: far quicker to sort than rows of five.
    key = level.astype(np.int64)
    for part, top in zip(
        whole, (MOST_MONTHS, MOST_OWING, MOST_MONTHS * MOST_OWING, EVEN), strict=True
    ):
        key = key * (top + 1) + part
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    k, n, total, scatter = (part[first] for part in whole)
    p_value[even] = chance_of_evenness(k, n, total, scatter, levels[level[first]])[place]
    return p_value


def _december(counts: Counts, kinds: Ints) -> Floats:
    """(n, T): the chance of at least so many filed in December at the like kind's share."""
    from scipy.special import betainc

    filed, late = counts.filed, np.minimum(counts.filed_in_december, counts.filed)
    sums = np.zeros((2, kinds.max(initial=-1) + 1, counts.shape[1]))
    np.add.at(sums[0], kinds, late)
    np.add.at(sums[1], kinds, filed)
    share = np.divide(sums[0], sums[1], out=np.zeros_like(sums[0]), where=sums[1] > 0)
    usual = np.clip(share, _LEAST_SHARE, 1.0)[kinds]
    tail = betainc(np.where(late > 0, late, 1.0), filed - late + 1, usual)
    return np.where(filed >= LEAST_FILED, np.where(late > 0, tail, 1.0), np.nan)


def _all_held_and_even(counts: Counts) -> Bools:
    """Everything due held, and attendance that moved by one at most beside the membership."""
    all_held = (counts.held >= LEAST_HELD) & (counts.held >= counts.due)
    moved = counts.present_max - counts.present_min
    return np.asarray(all_held & (moved <= counts.owing_max - counts.owing_min + NEARLY))
