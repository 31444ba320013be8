"""The interval around a mean of few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev
from typing import NamedTuple


class Mean(NamedTuple):
    """A mean with the lower and upper end of its interval."""

    estimate: float
    low: float
    high: float


def student(values: Sequence[float], level: float) -> Mean | None:
    """The mean with Student's interval (1908).

    None for fewer than two values, and for values that are all the same: their spread of zero
    would pretend a certainty that nobody has.
    """
    from scipy.special import stdtrit

    if len(set(values)) < 2:
        return None
    middle, count = fmean(values), len(values)
    half = float(stdtrit(count - 1, (1 + level) / 2)) * stdev(values) / sqrt(count)
    return Mean(middle, middle - half, middle + half)
