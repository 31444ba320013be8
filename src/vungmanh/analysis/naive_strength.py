"""The slow twin of `analysis.strength` and `analysis.spread`: one matrix for each organisation.

Everything a textbook writes down and nothing clever: the full covariance of all observations of an
organisation, inverted. Only tests use it. It shares the input and output types and nothing else.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_PARTS = 3


def mean_products(
    residual: Floats, variance: Floats, home: list[int], weight: Floats, lag: int
) -> tuple[Floats, Floats]:
    """(same cell, two cells of one organisation): weighted mean products at a lag, pair by pair."""
    cells, periods, _ = residual.shape
    top, bottom = np.zeros((2, _PARTS, _PARTS)), np.zeros((2, _PARTS, _PARTS))
    for one, other in product(range(cells), repeat=2):
        if home[one] != home[other]:
            continue
        group = 0 if one == other else 1
        for t in range(periods - lag):
            for k, m in product(range(_PARTS), repeat=2):
                if not (
                    np.isfinite(variance[one, t, k]) and np.isfinite(variance[other, t + lag, m])
                ):
                    continue
                w = weight[one, t, k] * weight[other, t + lag, m]
                top[group, k, m] += w * residual[one, t, k] * residual[other, t + lag, m]
                bottom[group, k, m] += w
    with np.errstate(invalid="ignore"):
        means = top / bottom
    return means[0], means[1]


def predict(
    residual: Floats,
    variance: Floats,
    *,
    steady: Floats,
    moving: Floats,
    own: Floats,
    now: Floats,
    phi: float,
) -> tuple[Floats, Floats]:
    """The effects of all cells of ONE organisation (cells, T, 3), and their covariance.

    `variance` is inf where nothing was observed.
    """
    cells, periods, parts = residual.shape
    places = list(product(range(cells), range(periods), range(parts)))
    cov = np.zeros((len(places), len(places)))
    for a, (c, t, k) in enumerate(places):
        for b, (d, s, m) in enumerate(places):
            cov[a, b] = steady[k, m] + moving[k, m] * phi ** abs(t - s)
            if c == d:
                cov[a, b] += own[k, m] + (now[k, m] if t == s else 0.0)
    seen = [a for a, place in enumerate(places) if np.isfinite(variance[place])]
    y = np.array([residual[places[a]] for a in seen])
    noise = np.diag([variance[places[a]] for a in seen])
    gain = cov[:, seen] @ np.linalg.inv(cov[np.ix_(seen, seen)] + noise)
    return (gain @ y).reshape(residual.shape), cov - gain @ cov[seen]
