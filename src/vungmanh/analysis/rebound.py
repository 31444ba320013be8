"""What a unit chosen at its lowest would show a year later if nobody had helped it.

Units are chosen in a bad year, and part of a bad year is chance: the next is better by itself
(regression to the mean; Gardner & Heady 1973, Barnett et al. 2005, methods.md §6). How much better
is learnt from like units that were not chosen, by the straight line of their next year on their
year before: `slope` near 0 means that a year tells little of the next.

This is no estimate of an effect, and no claim for one unit: it says what a rise must be held
against.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Fewer like units than this teach nothing.
FEWEST = 10
_LEAST_VARIANCE = 1e-9


@dataclass(frozen=True)
class Rebound:
    """The year after, in the unit of the values, for one unit that nobody helped.

    `expected` = its year before + `trend` (what its like did on the whole) + `regression` (back
    toward their mean). `low` and `high`: the prediction interval for one unit of its like.
    """

    expected: float
    low: float
    high: float
    trend: float
    regression: float
    slope: float
    like: int


def rebound(
    before: ArrayLike, after: ArrayLike, value: float, level: float = 0.9
) -> Rebound | None:
    """From the two years of like units not chosen (n,) and the year before of the one chosen.

    None with fewer than FEWEST of them, or where their years before do not differ.
    """
    from scipy.special import stdtrit

    first, second = (np.asarray(one, dtype=np.float64) for one in (before, after))
    n = len(first)
    if n < FEWEST:
        return None
    mean, spread = first.mean(), float(((first - first.mean()) ** 2).sum())
    if spread < _LEAST_VARIANCE:
        return None
    slope = float(((first - mean) * (second - second.mean())).sum()) / spread
    expected = float(second.mean() + slope * (value - mean))
    residual = second - (second.mean() + slope * (first - mean))
    variance = float((residual**2).sum()) / (n - 2)
    width = variance * (1 + 1 / n + (value - mean) ** 2 / spread)
    reach = float(stdtrit(n - 2, (1 + level) / 2)) * width**0.5
    trend = float(second.mean() - mean)
    return Rebound(
        expected=expected,
        low=expected - reach,
        high=expected + reach,
        trend=trend,
        regression=expected - value - trend,
        slope=slope,
        like=n,
    )


def nearest(before: ArrayLike, value: float, count: int) -> NDArray[np.int64]:
    """The places of the `count` values nearest to `value`, nearest first; ties by place."""
    distance = np.abs(np.asarray(before, dtype=np.float64) - value)
    return np.argsort(distance, kind="stable")[:count]
