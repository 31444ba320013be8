"""Ranks that say how sure they are: rank 1 is the weakest.

Units are ranked by the *expected* rank of their posterior (Laird & Louis 1989), never by estimates
laid side by side, and each rank comes with its interval and with the chance of being among the
weakest k (Lin et al. 2006). League tables without intervals mislead (Goldstein & Spiegelhalter
1996).

Strengths are taken as independent normal. Given a unit's strength, its rank is one more than the
number of others below it: a sum of unequal coin throws. That distribution is worked out exactly
for few units and by its mean and variance for many (chances to be among the very weakest are then
off by .04 at most), then averaged over the unit's strength.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Floats

Ints = NDArray[np.int64]

#: Up to so many units the number below is worked out throw by throw.
EXACT = 60
#: Up to so many units each is compared with each for the expected rank.
PAIRWISE = 5_000
#: Rank intervals are exact up to so many units, and to so fine a part of more.
_FINEST = 4096
#: Strengths at which a unit is looked at, in standard deviations: every _STEP, twice that for many
#: units and a quarter of it for few.
_STEP, _REACH = 0.2, 4.8
#: Numbers held in memory at once.
_AT_ONCE = 4_000_000
_LEAST_SD = 1e-9


@dataclass(frozen=True)
class Ranking:
    """Ranks of n units, 1 the weakest; NaN (0 for `rank`) for a unit of unknown strength."""

    rank: Ints  #: place in the order of expected ranks, ties by index; 1 … number known
    expected: Floats  #: expected rank
    low: Floats  #: the rank interval of the level asked, whole numbers
    high: Floats
    among_worst: Floats  #: the chance of a rank of at most `worst`


def rank(mean: ArrayLike, sd: ArrayLike, worst: int, level: float = 0.9) -> Ranking:
    """Rank units by the posterior `mean` and `sd` of their strength (any unit, both (n,)).

    `worst` is the k of "among the weakest k". NaN in either is a unit of unknown strength: it is
    neither ranked nor counted. Raises ValueError for a negative sd. O(n²) up to PAIRWISE units for
    the expected rank, O(n) times a few hundred beyond and for all else.
    """
    means, sds = np.asarray(mean, dtype=np.float64), np.asarray(sd, dtype=np.float64)
    if (sds < 0).any():
        raise ValueError("a standard deviation is negative")
    known = np.flatnonzero(~(np.isnan(means) | np.isnan(sds)))
    m, s = means[known], np.maximum(sds[known], _LEAST_SD)
    made = {name: np.full(len(means), np.nan) for name in ("expected", "low", "high", "worst")}
    place = np.zeros(len(means), dtype=np.int64)
    if len(known):
        step = _STEP if len(known) <= PAIRWISE else 2 * _STEP
        ranks = _Exactly(m, s) if len(known) <= EXACT else _Nearly(m, s, step)
        expected = _compared(m, s) if len(known) <= PAIRWISE else ranks.expected()
        made["expected"][known] = expected
        made["low"][known] = _quantile(ranks, (1 - level) / 2)
        made["high"][known] = _quantile(ranks, (1 + level) / 2)
        made["worst"][known] = ranks.at_most(np.full(len(known), worst))
        # Rounded, so that equal units are told apart by index and not by the order of a sum.
        order = np.lexsort((known, np.round(expected, 6)))
        place[known[order]] = np.arange(1, len(known) + 1)
    return Ranking(place, made["expected"], made["low"], made["high"], made["worst"])


def rankability(mean: ArrayLike, sd: ArrayLike) -> float:
    """How much of the difference between units is real: 0 none, 1 all (Lingsma et al. 2010).

    τ² / (τ² + median sampling variance), from the posterior: τ² is the variance of the means plus
    the mean posterior variance, and of a shrunk estimate 1 − sd² / τ² is that same share. Below
    about one half ranks say more of luck than of units. NaN for fewer than two known units.
    """
    means, sds = np.asarray(mean, dtype=np.float64), np.asarray(sd, dtype=np.float64)
    known = ~(np.isnan(means) | np.isnan(sds))
    if known.sum() < 2:
        return float("nan")
    between = float(means[known].var(ddof=1) + (sds[known] ** 2).mean())
    if between <= 0:
        return 0.0
    return float(np.clip(1 - np.median(sds[known] ** 2) / between, 0.0, 1.0))


def _compared(m: Floats, s: Floats) -> Floats:
    """Expected rank: one, plus the chance of each other unit to be weaker."""
    from scipy.special import ndtr

    result = np.empty(len(m))
    rows = max(1, _AT_ONCE // len(m))
    for start in range(0, len(m), rows):
        part = slice(start, start + rows)
        apart = np.sqrt(s[part, None] ** 2 + s**2)
        result[part] = ndtr((m[part, None] - m) / apart).sum(axis=1) + 0.5  # itself: one half
    return result


class _Nearly:
    """Ranks by mean and variance of the number below, both read from one grid of strengths."""

    def __init__(self, m: Floats, s: Floats, step: float = _STEP) -> None:
        from scipy.special import ndtr

        self.count = len(m)
        z, self.weights = _nodes(step)
        grid, below, spread = _grid(m, s)
        strengths = m[:, None] + s[:, None] * z
        itself = ndtr(z)
        self.mean = np.interp(strengths, grid, below) - itself
        half = s[:, None] * step / 2
        slope = np.interp(strengths + half, grid, below) - np.interp(strengths - half, grid, below)
        # Within one step of strength the mean itself moves: evenly, hence the twelfth.
        variance = np.interp(strengths, grid, spread) - itself * (1 - itself) + slope**2 / 12
        self.sd = np.sqrt(np.maximum(variance, 1e-6))

    def expected(self) -> Floats:
        return np.asarray(1 + self.mean @ self.weights)

    def at_most(self, place: Ints) -> Floats:
        """P(rank ≤ place), one place for each unit."""
        from scipy.special import ndtr

        result = np.empty(self.count)
        rows = max(1, _AT_ONCE // len(self.weights))
        for start in range(0, self.count, rows):
            part = slice(start, start + rows)
            beyond = (place[part, None] - 0.5 - self.mean[part]) / self.sd[part]
            result[part] = ndtr(beyond) @ self.weights
        return np.where(place >= self.count, 1.0, result)


class _Exactly:
    """Ranks of few units: the number below, throw by throw."""

    def __init__(self, m: Floats, s: Floats) -> None:
        from scipy.special import ndtr

        self.count = len(m)
        z, weights = _nodes(_STEP / 4)
        strengths = m[:, None] + s[:, None] * z
        chance = np.zeros((self.count, len(z), self.count))
        chance[..., 0] = 1.0
        for other in range(self.count):
            weaker = ndtr((strengths - m[other]) / s[other])
            weaker[other] = 0.0  # no unit is below itself
            chance[..., 1:] += weaker[..., None] * (chance[..., :-1] - chance[..., 1:])
            chance[..., 0] *= 1 - weaker
        self.until = np.cumsum(np.einsum("uzk,z->uk", chance, weights), axis=1)

    def expected(self) -> Floats:
        return np.asarray(self.count - self.until[:, :-1].sum(axis=1))

    def at_most(self, place: Ints) -> Floats:
        """P(rank ≤ place), one place for each unit."""
        column = np.clip(place, 1, self.count) - 1
        found = self.until[np.arange(self.count), column]
        return np.where(place >= self.count, 1.0, np.where(place < 1, 0.0, np.clip(found, 0, 1)))


def _nodes(step: float) -> tuple[Floats, Floats]:
    """Evenly spaced points of the standard normal and their weights: for smooth functions exact."""
    z = np.arange(-_REACH, _REACH + step / 2, step)
    density = np.exp(-z * z / 2)
    return z, density / density.sum()


def _grid(m: Floats, s: Floats) -> tuple[Floats, Floats, Floats]:
    """Strengths, and how many units are expected below each, with the variance of that number."""
    from scipy.special import ndtr

    low, high = (m - 6 * s).min(), (m + 6 * s).max()
    size = int(np.clip(4 * (high - low) / np.quantile(s, 0.1), 100, 400))
    grid = np.linspace(low, high, size)
    below, spread = np.zeros(size), np.zeros(size)
    rows = max(1, _AT_ONCE // size)
    for start in range(0, len(m), rows):
        part = slice(start, start + rows)
        weaker = ndtr((grid - m[part, None]) / s[part, None])
        below += weaker.sum(axis=0)
        spread += (weaker * (1 - weaker)).sum(axis=0)
    return grid, below, spread


def _quantile(ranks: _Exactly | _Nearly, probability: float) -> Floats:
    """The smallest rank that is reached with the probability, by halving."""
    fine = max(1, ranks.count // _FINEST)
    low = np.zeros(ranks.count, dtype=np.int64)
    high = np.full(ranks.count, ranks.count)
    while (high - low > fine).any():
        middle = (low + high) // 2
        reached = ranks.at_most(middle) >= probability
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high.astype(np.float64)
