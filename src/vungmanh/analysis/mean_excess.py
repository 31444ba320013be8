"""The mean of some differences with its interval, for a handful of them.

Student's t: with three differences the interval is wide, and says so. It speaks of the mean only
as far as the differences are alike and independent, which a page that shows it must say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class MeanExcess:
    """`low` and `high` are None for a single difference, of which nothing can be said."""

    n: int
    mean: float
    low: float | None
    high: float | None


def mean_excess(values: ArrayLike, level: float = 0.95) -> MeanExcess | None:
    """None for no values at all."""
    from scipy.special import stdtrit

    found = np.asarray(values, dtype=np.float64)
    n = len(found)
    if not n:
        return None
    mean = float(found.mean())
    if n == 1:
        return MeanExcess(1, mean, None, None)
    error = float(found.std(ddof=1)) / n**0.5
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * error
    return MeanExcess(n, mean, mean - reach, mean + reach)
