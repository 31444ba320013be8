"""The funnel: how far a share may lie from its like kind's by chance, at each size.

Exact binomial control limits by the interpolated inverse binomial (Spiegelhalter 2005, Statistics
in Medicine 24, 1185–1202), widened when units differ more than chance alone explains. The upper
limit is the lower one of what was missed, mirrored: as printed there it would put 12 of 12 outside
where 28 % of units reach 12 of 12.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Floats

Ints = NDArray[np.int64]
Widening = Literal["multiplicative", "additive", "none"]

#: The share of scores on either side drawn in before the dispersion is measured.
WINSORISED = 0.1
#: What is left on either side of the limits of 95 % and of 99.8 %.
_TAIL_95, _TAIL_998 = 0.025, 0.001
_ROUNDING = 1e-12


class Funnel(NamedTuple):
    """Arrays of the shape of the counts, but for `phi` and `tau`."""

    z: Floats  #: distance from the target in standard errors; NaN where nothing was tried
    low95: Floats  #: limits as shares, within [0, 1], NaN where nothing was tried
    high95: Floats
    low998: Floats
    high998: Floats
    phi: float  #: dispersion: 1 is chance alone; NaN when no unit tells
    tau: float  #: standard deviation between units, as a share; 0 unless "additive"
    outside: Ints  #: −2 below the 99.8 % limit, −1 below the 95 % one, 0 within, 1, 2 above


def funnel(
    k: ArrayLike, n: ArrayLike, target: ArrayLike, widening: Widening = "multiplicative"
) -> Funnel:
    """Where k of n stands against the `target` share of its like kind.

    `target` (a number, or an array for several kinds) lies in [0, 1]. "multiplicative" widens the
    limits by √phi when phi > 1; "additive" by a variance between units (moments), the same for
    large and small; "none" leaves them. Lower limits are clipped at 0, so that 0 of 47 against a
    small target is no outlier. Raises ValueError for k < 0, k > n or a target outside [0, 1].
    """
    done, tried, aim = np.broadcast_arrays(
        *(np.asarray(part, dtype=np.float64) for part in (k, n, target))
    )
    if (done < 0).any() or (done > tried * (1 + 1e-9)).any():
        raise ValueError("a count is negative or above its total")
    if not ((aim >= 0) & (aim <= 1)).all():
        raise ValueError("the target is a share between 0 and 1")
    under = np.where(tried > 0, tried, np.nan)
    variance = aim * (1 - aim) / under
    z = np.divide(
        done / under - aim, np.sqrt(variance), out=np.full(aim.shape, np.nan), where=variance > 0
    )
    phi, tau = overdispersion(z), 0.0
    widened = np.ones(aim.shape)
    if widening == "multiplicative" and phi > 1:
        widened *= np.sqrt(phi)
    elif widening == "additive":
        tau = float(np.sqrt(_between(variance, z, phi)))
        widened = np.sqrt(
            1 + np.divide(tau**2, variance, out=np.zeros(aim.shape), where=~(variance == 0))
        )
    low95, high95 = _limits(tried, aim, _TAIL_95, widened)
    low998, high998 = _limits(tried, aim, _TAIL_998, widened)
    share = done / under
    above = (share > high95 + _ROUNDING).astype(np.int64) + (share > high998 + _ROUNDING)
    below = (share < low95 - _ROUNDING).astype(np.int64) + (share < low998 - _ROUNDING)
    return Funnel(z, low95, high95, low998, high998, phi, tau, above - below)


def overdispersion(z: ArrayLike, winsorised: float = WINSORISED) -> float:
    """phi: the mean square of the scores, the outermost drawn in so that outliers do not widen.

    `winsorised` is the share on each side that is set to its percentile, which leaves .68 of pure
    chance's 1: phi rather errs towards narrow funnels. NaN scores say nothing; NaN when all are.
    """
    scores = np.asarray(z, dtype=np.float64)
    scores = scores[~np.isnan(scores)]
    if not len(scores):
        return float("nan")
    low, high = np.quantile(scores, [winsorised, 1 - winsorised])
    return float(np.mean(np.clip(scores, low, high) ** 2))


def lower_limit(n: ArrayLike, target: ArrayLike, probability: float) -> Floats:
    """The share below which less than `probability` of the binomial lies, interpolated.

    With r the smallest count of P(R ≤ r) ≥ probability, (r − α) / n, where α is how far along its
    last step the distribution passed it; a count lies below it exactly when its tail is less than
    `probability`. Negative where P(R = 0) is large: the caller clips. `n` may be a fraction (the
    incomplete beta function serves for the sums); NaN for n = 0.
    """
    from scipy.special import bdtrik

    tried, aim = np.broadcast_arrays(
        np.asarray(n, dtype=np.float64), np.asarray(target, dtype=np.float64)
    )
    chance = (tried > 0) & (aim > 0) & (aim < 1)
    size, share = np.where(chance, tried, 1.0), np.where(chance, aim, 0.5)
    r = np.ceil(np.maximum(bdtrik(probability, size, share), 0.0))
    for _ in range(2):  # the inverse may end a step beside the count sought
        r = np.where((r > 0) & (_below(r - 1, size, share) >= probability), r - 1, r)
        r = np.where(_below(r, size, share) < probability, r + 1, r)
    until, before = _below(r, size, share), _below(r - 1, size, share)
    found = (r - (until - probability) / (until - before)) / size
    return np.where(chance, found, np.where(tried > 0, aim, np.nan))


def _below(r: Floats, n: Floats, p: Floats) -> Floats:
    """P(R ≤ r) of a binomial, for fractional n too."""
    from scipy.special import betainc

    inside = (r >= 0) & (r < n)
    tail = betainc(np.where(inside, n - r, 1.0), np.where(inside, r + 1, 1.0), 1 - p)
    return np.where(inside, tail, np.where(r < 0, 0.0, 1.0))


def _limits(n: Floats, target: Floats, tail: float, widened: Floats) -> tuple[Floats, Floats]:
    # Each denominator is worked out once: of a quarter million units few differ in size.
    pairs, place = np.unique(np.stack([n.ravel(), target.ravel()]), axis=1, return_inverse=True)
    size, aim = pairs
    low = lower_limit(size, aim, tail)[place.ravel()].reshape(n.shape)
    high = 1 - lower_limit(size, 1 - aim, tail)[place.ravel()].reshape(n.shape)
    return (
        np.clip(target + (low - target) * widened, 0.0, 1.0),
        np.clip(target + (high - target) * widened, 0.0, 1.0),
    )


def _between(variance: Floats, z: Floats, phi: float) -> float:
    """Variance between units by moments (DerSimonian & Laird 1986), from the winsorised scores."""
    told = ~np.isnan(z)
    weight = 1 / variance[told]
    spare = weight.sum() - (weight**2).sum() / weight.sum() if told.sum() > 1 else 0.0
    if spare <= 0:
        return 0.0
    return max(0.0, float((told.sum() * phi - (told.sum() - 1)) / spare))
