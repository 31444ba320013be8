"""Is a unit growing weaker? Slopes over years, and a running chart of its monthly meetings.

Years are few and noisy: one bad year is no decline. The word is used only after two falls in a row
or on monthly evidence (`declining`).

The monthly chart is a Bernoulli CUSUM (Page 1954; with the weights of Steiner et al. 2000): each
month reported adds what it says for "the odds of holding the meeting are half of the like kind's"
against "they are the like kind's". A month without report adds nothing. The sum never falls below
0; when it reaches a threshold the chart signals and starts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Floats
from vungmanh.analysis.facts import HELD, NOT_HELD

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Odds of holding a meeting, against the like kind's, that the chart is made to notice.
ODDS = 0.5
#: The smaller step of a chart is divided into at most so many parts, the larger rounded to them.
_FINEST = 12
_CLOSE_ENOUGH = 0.002
_MOST_STATES = 4_000
_LEAST_VARIANCE = 1e-9


class Slope(NamedTuple):
    """Change per year with its interval, (n,); NaN with fewer than two known years."""

    per_year: Floats
    low: Floats
    high: Floats
    years: Ints  #: known years


@dataclass(frozen=True)
class Charts:
    """Running sums of n units over M months."""

    sums: Floats  #: (n, M); 0 is no suspicion. At a signal the sum that signalled
    signals: Bools  #: (n, M): the sum reached its threshold; the next month starts from 0
    since: Ints  #: (n, M): month (column) from which on things were worse; −1 while the sum is 0
    threshold: Floats  #: (n,)


def slope(values: ArrayLike, variances: ArrayLike, years: ArrayLike, level: float = 0.9) -> Slope:
    """Weighted least squares of yearly estimates on time.

    `values` and their sampling `variances` (n, T), `years` (T,) in years; NaN is a year not known.
    Give estimates of each year by itself: those smoothed over years would repeat one another.
    Raises ValueError for a negative variance.
    """
    y, v = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if (v < 0).any():
        raise ValueError("a variance is negative")
    t = np.broadcast_to(np.asarray(years, dtype=np.float64), y.shape)
    known = ~(np.isnan(y) | np.isnan(v))
    weight = np.where(known, 1 / np.maximum(np.where(known, v, 1.0), _LEAST_VARIANCE), 0.0)
    total = weight.sum(axis=1)
    middle = np.divide((weight * t).sum(axis=1), total, out=np.zeros(len(y)), where=total > 0)
    away = t - middle[:, None]
    spread = (weight * away**2).sum(axis=1)
    number = known.sum(axis=1)
    told = (number >= 2) & (spread > 0)
    under = np.where(told, spread, np.nan)
    rise = (weight * away * np.where(known, y, 0.0)).sum(axis=1) / under
    half = NormalDist().inv_cdf((1 + level) / 2) / np.sqrt(under)
    return Slope(rise, rise - half, rise + half, number)


def step_sizes(p0: float, odds: float = ODDS) -> tuple[float, float]:
    """What a meeting held takes off the sum, and what one not held adds.

    Log likelihood ratios, −ln(p1 / p0) and ln((1 − p1) / (1 − p0)), where p1 has `odds` times the
    odds of `p0`. The larger is rounded to a whole number of parts of the smaller (by .2 % at most
    where twelve parts allow it), so that run lengths of the chart are exact. Raises ValueError
    unless 0 < p0 < 1 and 0 < odds < 1.
    """
    part, fall, rise = _lattice(p0, odds)
    return fall * part, rise * part


def threshold_for(p0: float, arl0: float, odds: float = ODDS) -> float:
    """The lowest threshold at which a unit as good as its like signals once in `arl0` months.

    Average run length by Markov chain (Brook & Evans 1972), from 0, at least `arl0`. Raises
    ValueError for arl0 < 1 or so large that no chart of reasonable size has it.
    """
    return _threshold(float(p0), float(arl0), float(odds))


def months_to_signal(p: float, p0: float, threshold: float, odds: float = ODDS) -> float:
    """Average months to the first signal of a unit that holds its meetings with chance `p`."""
    part, fall, rise = _lattice(p0, odds)
    return run_length([-fall, rise], [p, 1 - p], round(threshold / part))


def run_length(steps: ArrayLike, chances: ArrayLike, limit: int) -> float:
    """Average steps until a sum that starts at 0 and never falls below it reaches `limit`.

    `steps` are whole numbers taken with `chances` (both (m,), adding up to 1), `limit` > 0. Solves
    the Markov chain of Brook & Evans (1972) exactly; O(limit³).
    """
    moves = np.asarray(steps, dtype=np.int64)
    states = np.arange(limit)
    stay = np.eye(limit)
    for move, chance in zip(moves, np.asarray(chances, dtype=np.float64), strict=True):
        reached = np.maximum(states + move, 0)
        inside = reached < limit
        np.add.at(stay, (states[inside], reached[inside]), -chance)
    return float(np.linalg.solve(stay, np.ones(limit))[0])


def charts(marks: ArrayLike, p0: ArrayLike, arl0: float, odds: float = ODDS) -> Charts:
    """The running charts of cells.

    `marks` (n, M) are the codes of `analysis.facts.MARKS`, months in order; only HELD and NOT_HELD
    move a chart. `p0` (a number or (n,)) is the like kind's share of meetings held, taken to the
    percent and between .01 and .99; `arl0` the months between false signals asked for.
    """
    codes = np.asarray(marks)
    habit = np.broadcast_to(np.asarray(p0, dtype=np.float64), len(codes))
    levels, level = np.unique(np.round(np.clip(habit, 0.01, 0.99), 2), return_inverse=True)
    falls, rises = np.array([step_sizes(one, odds) for one in levels]).reshape(-1, 2).T
    limits = np.array([threshold_for(one, arl0, odds) for one in levels])
    score = np.where(codes == NOT_HELD, rises[level][:, None], np.nan)
    score = np.where(codes == HELD, -falls[level][:, None], score)
    return run(score, limits[level])


def run(scores: ArrayLike, threshold: ArrayLike) -> Charts:
    """Sum `scores` (n, M) month by month from 0, never below 0; NaN leaves the sum as it is.

    `threshold` (a number or (n,)): reaching it signals. The month of change is estimated as the
    first after the sum was last 0 (Montgomery 2013, §9.1).
    """
    score = np.asarray(scores, dtype=np.float64)
    limit = np.broadcast_to(np.asarray(threshold, dtype=np.float64), len(score))
    sums, signals = np.zeros(score.shape), np.zeros(score.shape, dtype=np.bool_)
    since = np.full(score.shape, -1)
    total, begun = np.zeros(len(score)), np.full(len(score), -1)
    for month in range(score.shape[1]):
        total = np.maximum(total + np.nan_to_num(score[:, month]), 0.0)
        begun = np.where(total > 0, np.where(begun < 0, month, begun), -1)
        # Sums of many steps differ from a whole number of parts by what floating point leaves.
        signal = total >= limit - 1e-9 * np.maximum(limit, 1.0)
        sums[:, month], signals[:, month], since[:, month] = total, signal, begun
        total, begun = np.where(signal, 0.0, total), np.where(signal, -1, begun)
    return Charts(sums, signals, since, np.array(limit))


def expected_false(units: float, arl0: float, months: float = 1) -> float:
    """Signals to expect in `months` though nobody grew weaker: to be printed beside those found.

    At most: months without report lengthen the runs.
    """
    return units * months / arl0


def declining(
    values: ArrayLike, variances: ArrayLike, signalled: ArrayLike, level: float = 0.9
) -> Bools:
    """Who may be called declining, (n,).

    Either the last two periods both fell, together by more than their interval (`values` and
    `variances` (n, T), oldest first), or the monthly chart `signalled` (n,) of late. With an
    unknown value among the last three periods only the chart counts.
    """
    y, v = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    of_late = np.asarray(signalled, dtype=np.bool_)
    if y.shape[1] < 3:
        return of_late.copy()
    first, second, third = y[:, -3], y[:, -2], y[:, -1]
    noise = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(v[:, -3] + v[:, -1])
    return np.asarray(of_late | ((third < second) & (second < first) & (first - third > noise)))


def _lattice(p0: float, odds: float) -> tuple[float, int, int]:
    """A part of which held takes `fall` and not held adds `rise`, both whole numbers."""
    if not (0 < p0 < 1 and 0 < odds < 1):
        raise ValueError("the habit and the odds lie between 0 and 1")
    p1 = odds * p0 / (1 - p0 + odds * p0)
    held, missed = float(np.log(p0 / p1)), float(np.log((1 - p1) / (1 - p0)))
    ratio = max(held, missed) / min(held, missed)
    parts = np.arange(1, _FINEST + 1)
    off = np.abs(np.rint(parts * ratio) / (parts * ratio) - 1)
    close = np.flatnonzero(off <= _CLOSE_ENOUGH)
    small = int(parts[close[0] if len(close) else np.argmin(off)])
    large = round(small * ratio)
    part = min(held, missed) / small
    return (part, small, large) if held <= missed else (part, large, small)


@lru_cache(maxsize=1024)
def _threshold(p0: float, arl0: float, odds: float) -> float:
    if arl0 < 1:
        raise ValueError("a chart signals at the first month at the earliest")
    part, fall, rise = _lattice(p0, odds)

    def is_long(limit: int) -> bool:
        return run_length([-fall, rise], [p0, 1 - p0], limit) >= arl0

    low, high = 0, 1
    while not is_long(high):
        low, high = high, 2 * high
        if high > _MOST_STATES:
            raise ValueError(f"no chart of {_MOST_STATES} steps runs {arl0:g} months")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_long(middle) else (middle, high)
    return high * part
