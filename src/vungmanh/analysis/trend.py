"""Who grows weaker: the slope of what each year says by itself, and a chart of monthly meetings.

The estimates of `analysis.strength` borrow from the years around, so a slope of theirs would repeat
itself. Here every year speaks for itself, and the interval says how little one year can say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import HELD, NOT_HELD, Bools, Floats, Ints
from vungmanh.analysis.strength import observe
from vungmanh.analysis.weakening import Charts, Slope, charts, declining, expected_false, slope

#: A signal of so many months ago is still news.
OF_LATE = 3
#: Run lengths no chart is asked to have: shorter is noise, longer takes years to notice anything.
_SHORTEST, _LONGEST = 60.0, 1500.0
_LEAST_VARIANCE = 1e-4


@dataclass(frozen=True)
class Trend:
    """Of n units; `slope` in points of the index a year, `since` a column of the marks or -1.

    `signalled`: the chart of meetings signalled in the last three months, and things have probably
    been worse `since` then. `expected_false` signals a month come from chance alone.
    """

    slope: Slope
    alone: Floats  # (n,): the index as counted in the last period alone; NaN where unknown
    declining: Bools
    signalled: Bools
    since: Ints
    expected_false: float


def trend(
    counts: Counts, *, kind: Ints, weights: Floats, marks: NDArray[np.uint8], false_signals: int
) -> Trend:
    """The trend of n units over the periods of `counts`, one a year, and the months of `marks`.

    `weights` (3,) are points of the parts; a year in which a part was not observed says nothing.
    `marks` (n, M) end with the last period; units without marks have no chart. The chart is set so
    that chance alone gives about `false_signals` signals a month among all charts.
    """
    value, variance = yearly_index(counts, kind, weights)
    years = np.arange(value.shape[1], dtype=np.float64)
    charted = ((marks == HELD) | (marks == NOT_HELD)).any(axis=1)
    number = int(charted.sum())
    length = min(max(number / false_signals, _SHORTEST), _LONGEST)
    signalled, since = np.zeros(len(marks), dtype=np.bool_), np.full(len(marks), -1)
    if number:
        told = charts(marks[charted], _habit(marks, kind)[charted], length)
        late = told.signals[:, -OF_LATE:].any(axis=1)
        signalled[charted] = late
        since[charted] = np.where(late, _worse_since(told), -1)
    return Trend(
        slope(value, variance, years),
        value[:, -1],
        declining(value, variance, signalled),
        signalled,
        since,
        expected_false(number, length),
    )


def _worse_since(told: Charts) -> Ints:
    """The month of change behind the last signal: through signals that followed one another."""
    months = told.signals.shape[1]
    last = months - 1 - np.argmax(told.signals[:, ::-1], axis=1)
    rows = np.arange(len(last))
    since = told.since[rows, last]
    while True:
        before = np.maximum(since - 1, 0)
        again = (since > 0) & told.signals[rows, before]
        if not again.any():
            return np.asarray(since)
        since = np.where(again, told.since[rows, before], since)


def yearly_index(counts: Counts, kind: Ints, weights: Floats) -> tuple[Floats, Floats]:
    """(n, T) each: the index as counted in that year alone, and its variance; NaN where unknown.

    The variance is taken at the like kind's share, so that twelve of twelve is not called certain.
    """
    observed = observe(counts)
    used = weights > 0
    done, of = observed.successes[..., used], observed.trials[..., used]
    kinds = int(kind.max(initial=0)) + 1
    total = np.zeros((2, kinds, *done.shape[1:]))
    np.add.at(total[0], kind, done)
    np.add.at(total[1], kind, of)
    share = np.divide(total[0], total[1], out=np.full(total[0].shape, 0.5), where=total[1] > 0)
    trials = np.where(of > 0, of, np.nan)
    variance = np.maximum(share * (1 - share), _LEAST_VARIANCE)[kind] / trials
    return (done / trials) @ weights[used], variance @ weights[used] ** 2


def _habit(marks: NDArray[np.uint8], kind: Ints) -> Floats:
    """(n,): the share of meetings held among the like kind, over all months."""
    held, missed = ((marks == mark).sum(axis=1) for mark in (HELD, NOT_HELD))
    of_kind = np.bincount(kind, weights=held), np.bincount(kind, weights=held + missed)
    share = np.divide(*of_kind, out=np.full(len(of_kind[0]), 0.9), where=of_kind[1] > 0)
    return np.asarray(share[kind])
