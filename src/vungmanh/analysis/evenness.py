"""How often chance alone would leave attendance as even as this, exactly.

Months are independent and each present count is beta-binomial; given their total, the chance that
they lie as near to each other as seen does not depend on a guess of the habit (with correlation 0
not at all: the total is sufficient for it). Summed exactly, nothing is drawn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Floats

Ints = NDArray[np.int64]

#: Scatter up to which months count as even: eight of them one off, or two of them two off.
EVEN = 8
_FARTHEST = int(np.sqrt(EVEN))
#: Numbers held in memory at once.
_AT_ONCE = 2_000_000


def chance_of_evenness(
    months: ArrayLike, owing: ArrayLike, total: ArrayLike, scatter: ArrayLike, rho: ArrayLike
) -> Floats:
    """P(Σ (x − c)² ≤ scatter | Σ x = total), where c is the whole number nearest total / months.

    All of shape (m,): `months` with x present of `owing` in each, `total` present over them
    (0 ≤ total ≤ months · owing), `scatter` a whole number of at most EVEN, `rho` the correlation
    of members within a month (0 ≤ rho < 1; 0 is the binomial). Costs O(m · months).
    """
    k, n, sums, near = (
        np.asarray(part, dtype=np.int64) for part in (months, owing, total, scatter)
    )
    theta = np.asarray(rho, dtype=np.float64) / (1 - np.asarray(rho, dtype=np.float64))
    result = np.empty(len(k))
    order = np.argsort(k * n, kind="stable")
    start = 0
    while start < len(order):
        # As many cases as fit beside the longest of them.
        widest = np.maximum(k[order[start:]] * n[order[start:]], EVEN * EVEN * 4)
        fitting = np.searchsorted(widest * np.arange(1, len(widest) + 1), _AT_ONCE, side="right")
        rows = order[start : start + max(1, int(fitting))]
        result[rows] = _chances(k[rows], n[rows], sums[rows], near[rows], theta[rows])
        start += len(rows)
    return result


def _chances(k: Ints, n: Ints, total: Ints, scatter: Ints, theta: Floats) -> Floats:
    chance = _beta_binomial(n, total / (k * n), theta)
    centre = np.floor(total / k + 0.5).astype(np.int64)
    near = _near_total(k, total - k * centre, scatter, _around(centre, n, chance))
    length = 1 << int((k * n).max()).bit_length()
    spectrum = np.fft.rfft(chance, length, axis=1) ** k[:, None]
    all_ways = np.fft.irfft(spectrum, length, axis=1)[np.arange(len(k)), total]
    return np.clip(near / all_ways, 0.0, 1.0)


def _beta_binomial(n: Ints, p: Floats, theta: Floats) -> Floats:
    """P(x of n), (m, largest n + 1): products of (p + iθ), so that θ = 0 is the binomial."""
    most = int(n.max())
    i = np.arange(most)
    with np.errstate(divide="ignore"):  # log 0 where everybody or nobody comes
        come, stay, all_ = (
            np.concatenate(
                [np.zeros((len(n), 1)), np.cumsum(np.log(one + i * theta[:, None]), axis=1)], axis=1
            )
            for one in (p[:, None], 1 - p[:, None], np.ones((len(n), 1)))
        )
    factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
    x = np.arange(most + 1)[None, :]
    rest = np.maximum(n[:, None] - x, 0)
    ways = factorial[n][:, None] - factorial[x] - factorial[rest]
    row = np.arange(len(n))[:, None]
    log = ways + come + stay[row, rest] - all_[row, n[:, None]]
    return np.where(x <= n[:, None], np.exp(log), 0.0)


def _around(centre: Ints, n: Ints, chance: Floats) -> Floats:
    """P(centre − 2), …, P(centre + 2), (m, 5)."""
    x = centre[:, None] + np.arange(-_FARTHEST, _FARTHEST + 1)
    inside = (x >= 0) & (x <= n[:, None])
    rows = np.arange(len(n))[:, None]
    return np.where(inside, chance[rows, np.where(inside, x, 0)], 0.0)


def _near_total(k: Ints, beyond: Ints, scatter: Ints, around: Floats) -> Floats:
    """P(Σ (x − c)² ≤ scatter and Σ (x − c) = beyond), month by month."""
    ways = np.zeros((len(k), 2 * EVEN + 1, EVEN + 1))
    ways[:, EVEN, 0] = 1.0
    for month in range(int(k.max())):
        longer = np.zeros_like(ways)
        for column in range(2 * _FARTHEST + 1):
            off = column - _FARTHEST
            into = slice(max(off, 0), 2 * EVEN + 1 + min(off, 0))
            source = slice(max(-off, 0), 2 * EVEN + 1 + min(-off, 0))
            shorter = ways[:, source, : EVEN + 1 - off * off]
            longer[:, into, off * off :] += shorter * around[:, column, None, None]
        ways = np.where((month < k)[:, None, None], longer, ways)
    within = np.arange(EVEN + 1) <= scatter[:, None]
    reached = np.abs(beyond) <= EVEN
    ending = ways[np.arange(len(k)), np.where(reached, beyond, 0) + EVEN]
    return np.where(reached, np.where(within, ending, 0.0).sum(axis=1), 0.0)
