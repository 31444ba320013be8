"""Intervals around shares and rates, for small numbers.

Arrays in, arrays out, of one shape (NumPy broadcasting); counts may be fractions, for the shares
of a split unit are. Nothing tried is nothing known: 0 of 0 gives NaN, never 0.

*What an interval speaks of.* Twelve required meetings are not a sample of meetings, they are all
of them: the count is exact. The interval speaks of the habit behind the count, of what another
year of the same habit might bring. Pages show both.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from vungmanh.analysis.counts import Floats

#: Sums of shares may pass their total by what floating point leaves.
_ROUNDING = 1e-9


class Interval(NamedTuple):
    """An estimate with its lower and upper end, arrays of one shape. NaN where nothing is known."""

    estimate: Floats
    low: Floats
    high: Floats


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """The score interval of a share k / n (Wilson 1927): for display.

    `estimate` is k / n. Covers close to `level` on average for any n, where k / n ± 2 s.e. does
    not (Brown, Cai & DasGupta 2001; Newcombe 1998). Raises ValueError for k < 0 or k > n.
    """
    done, tried = _counted(k, n)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = done / tried
    middle = (share + z * z / (2 * tried)) / (1 + z * z / tried)
    spread = np.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    half = z / (1 + z * z / tried) * spread
    low = np.where(share == 0, 0.0, np.maximum(middle - half, 0.0))
    high = np.where(share == 1, 1.0, np.minimum(middle + half, 1.0))
    return _known(tried, share, low, high)


def clopper_pearson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """The exact interval of a share k / n (Clopper & Pearson 1934): where a guarantee is asked.

    Covers at least `level`, often more. Raises ValueError for k < 0 or k > n.
    """
    from scipy.special import betaincinv

    done, tried = _counted(k, n)
    tail, missed = (1 - level) / 2, tried - done
    low = np.where(done > 0, betaincinv(np.where(done > 0, done, 1.0), missed + 1, tail), 0.0)
    high = np.where(missed > 0, betaincinv(done + 1, _or_one(missed), 1 - tail), 1.0)
    return _known(tried, done / tried, low, high)


def jeffreys(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> Interval:
    """The interval of a share k / n after Jeffreys' prior, Beta(1/2, 1/2).

    `estimate` is k / n; the ends reach 0 for k = 0 and 1 for k = n (Brown, Cai & DasGupta 2001).
    Raises ValueError for k < 0 or k > n.
    """
    done, tried = _counted(k, n)
    posterior = beta_posterior(done, np.nan_to_num(tried), 0.5, 0.5, level)
    share = done / tried
    low = np.where(share == 0, 0.0, posterior.low)
    high = np.where(share == 1, 1.0, posterior.high)
    return _known(tried, share, low, high)


def beta_posterior(
    k: ArrayLike, n: ArrayLike, a: ArrayLike, b: ArrayLike, level: float = 0.95
) -> Interval:
    """Mean and equal-tailed interval of Beta(a + k, b + n − k).

    `a`, `b` > 0 are the prior of the like kind (successes and failures it is worth). Of 0 of 0 the
    prior is what is known, so that nothing is NaN but NaN. Raises ValueError for k < 0 or k > n.
    """
    from scipy.special import betaincinv

    done = np.asarray(k, dtype=np.float64)
    tried = np.asarray(n, dtype=np.float64)
    _check(done, tried)
    one = np.asarray(a, dtype=np.float64) + done
    other = np.asarray(b, dtype=np.float64) + np.maximum(tried - done, 0.0)
    tail = (1 - level) / 2
    return Interval(
        one / (one + other), betaincinv(one, other, tail), betaincinv(one, other, 1 - tail)
    )


def poisson_exact(k: ArrayLike, exposure: ArrayLike, level: float = 0.95) -> Interval:
    """The exact interval of a rate k / exposure (Garwood 1936), per unit of exposure.

    For counts without a natural total, such as resolutions a year. No exposure gives NaN. Raises
    ValueError for negative counts or exposures.
    """
    from scipy.special import gammaincinv

    events, time = np.broadcast_arrays(
        np.asarray(k, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    )
    if (events < 0).any() or (time < 0).any():
        raise ValueError("a count or an exposure is negative")
    under = np.where(time > 0, time, np.nan)
    tail = (1 - level) / 2
    low = np.where(events > 0, gammaincinv(_or_one(events), tail), 0.0)
    high = gammaincinv(events + 1, 1 - tail)
    return Interval(events / under, low / under, high / under)


def _or_one(values: Floats) -> Floats:
    """The values above zero; 1 in place of the others, which the caller replaces."""
    return np.where(values > 0, values, 1.0)


def _check(done: Floats, tried: Floats) -> None:
    if (done < 0).any() or (done > tried + _ROUNDING * np.maximum(tried, 1.0)).any():
        raise ValueError("a count is negative or above its total")


def _counted(k: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """k and n of one shape, with NaN for n = 0."""
    done, tried = np.broadcast_arrays(
        np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    )
    _check(done, tried)
    return np.minimum(done, tried), np.where(tried > 0, tried, np.nan)


def _known(tried: Floats, estimate: Floats, low: Floats, high: Floats) -> Interval:
    """NaN where nothing was tried; the ends never pass the estimate by rounding."""
    unknown = np.isnan(tried)
    return Interval(
        estimate,
        np.where(unknown, np.nan, np.minimum(low, estimate)),
        np.where(unknown, np.nan, np.maximum(high, estimate)),
    )
