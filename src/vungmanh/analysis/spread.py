"""How much cells and organisations differ, for good and from year to year: the moments behind
`analysis.strength`.

Every product of two residuals tells the covariance of what the two share: two cells of one
organisation share its effects, one cell in two years also its own. So the mean products by lag give
the covariances without any iteration (Henderson's method 3 in spirit; the fading part by lag as in
`methods.md` §2). Products are weighted by how precisely each share was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PARTS = 3
#: Years further apart hardly add to what fades.
_LAGS = 5
#: What fades, when there are too few years to see how fast (prototype of methods.md §12).
_USUAL_PHI = 0.55
_PHIS = np.arange(0.2, 0.96, 0.05)
#: How far one part may vouch for another, at most: where the data say "wholly", they say it of the
#: years seen. On simulated provinces, where the parts do go wholly together, it costs nothing.
_VOUCHING = 0.8
#: Fewer pairs of cells than this cannot tell organisations from cells.
_FEW_PAIRS = 30
#: Fewer cells than this cannot tell "no difference" from "too few to see one": the fewer they are,
#: the more of the usual variance between cells (a tenth, squared) is taken for granted.
_FEW_CELLS, _USUAL_VARIANCE = 40, 0.01


@dataclass(frozen=True)
class Spread:
    """Covariances (3, 3) of the parts, in shares squared; `phi` of `moving` stays a year."""

    phi: float
    steady: Floats  # organisation, for good
    moving: Floats  # organisation, fading
    own: Floats  # cell, for good
    now: Floats  # cell, one year only

    def organisation(self, periods: int) -> Floats:
        """(T·3, T·3): covariance of an organisation's effects over `periods` years."""
        years = np.arange(periods)
        fading = self.phi ** np.abs(years[:, None] - years[None, :])
        return np.asarray(
            np.kron(np.ones((periods, periods)), self.steady) + np.kron(fading, self.moving)
        )

    def cell(self, periods: int) -> Floats:
        """(T·3, T·3): covariance of a cell's own effects over `periods` years."""
        ones = np.ones((periods, periods))
        return np.asarray(np.kron(ones, self.own) + np.kron(np.eye(periods), self.now))

    def total(self, cells: float = 1.0) -> Floats:
        """(3, 3): covariance of the mean over `cells` cells of one organisation, in one year."""
        return np.asarray(self.steady + self.moving + (self.own + self.now) / cells)


@dataclass(frozen=True)
class Products:
    """Mean products of residuals by lag in years, each (3, 3): of one cell with itself, and of two
    cells of one organisation; and over how many pairs. The sampling variance is taken out of
    `same[0]`. NaN where there was no pair.
    """

    same: list[Floats]
    across: list[Floats]
    pairs: list[float]


def products(residual: Floats, variance: Floats, home: Ints) -> Products:
    """Mean products of `residual` (n, T, 3); `variance` is its chance part, inf where unknown."""
    seen = np.isfinite(variance)
    weight = _precision_weights(residual, variance, seen)
    x = residual * weight
    bodies, place = np.unique(home, return_inverse=True)
    sums, weights = (np.zeros((len(bodies), *x.shape[1:])) for _ in range(2))
    np.add.at(sums, place, x)
    np.add.at(weights, place, weight)
    counted = np.zeros((len(bodies), *x.shape[1:]))
    np.add.at(counted, place, seen.astype(np.float64))
    periods = x.shape[1]
    same, across, pairs = [], [], []
    for lag in range(min(_LAGS, periods)):
        here, there = slice(0, periods - lag), slice(lag, periods)
        own, own_weight = _cross(x, weight, here, there)
        both, both_weight = _cross(sums, weights, here, there)
        same.append(_ratio(own, own_weight))
        across.append(_ratio(both - own, both_weight - own_weight))
        held = counted[:, here, 0] * counted[:, there, 0] - _together(seen, place, here, there)
        pairs.append(float(held.sum()))
    noise = np.where(seen, variance, 0.0)
    square = weight * weight
    chance = _ratio((square * noise).sum(axis=(0, 1)), square.sum(axis=(0, 1)))
    same[0] = same[0] - np.diag(chance)
    return Products(same, across, pairs)


def _precision_weights(residual: Floats, variance: Floats, seen: NDArray[np.bool_]) -> Floats:
    """1 / (chance + half of what is seen): many trials weigh more, none decides alone."""
    square = np.where(seen, residual**2, 0.0).sum(axis=(0, 1))
    overall = _ratio(square, seen.sum(axis=(0, 1)).astype(np.float64))
    spread = np.where(np.isfinite(overall), overall, 1.0) / 2 + 1e-6
    return np.where(seen, 1.0 / (np.where(seen, variance, 1.0) + spread), 0.0)


def _cross(x: Floats, weight: Floats, here: slice, there: slice) -> tuple[Floats, Floats]:
    return (
        np.einsum("itk,itl->kl", x[:, here], x[:, there]),
        np.einsum("itk,itl->kl", weight[:, here], weight[:, there]),
    )


def _together(seen: NDArray[np.bool_], place: Ints, here: slice, there: slice) -> Floats:
    both = (seen[:, here, 0] & seen[:, there, 0]).astype(np.float64)
    total = np.zeros((int(place.max(initial=-1)) + 1, both.shape[1]))
    np.add.at(total, place, both)
    return total


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.where(bottom > 1e-9, top / np.where(bottom > 1e-9, bottom, 1.0), np.nan)


def estimate_spread(residual: Floats, variance: Floats, home: Ints) -> Spread:
    """The covariances behind `residual` (n, T, 3); `home` (n,) groups the cells.

    What many cells do not show is zero: no variance between units flattens the estimates toward
    their like kind, and the caller sees it in `Spread`. Of a few cells it is not believed.
    """
    return _not_sure_of_few(_spread(residual, variance, home), np.isfinite(variance))


def _spread(residual: Floats, variance: Floats, home: Ints) -> Spread:
    if not len(residual):
        nothing = np.zeros((_PARTS, _PARTS))
        return Spread(_USUAL_PHI, nothing, nothing, nothing, nothing)
    found = products(residual, variance, home)
    same = [_symmetric(one) for one in found.same]
    if max(found.pairs) < _FEW_PAIRS:  # every cell stands alone: all that lasts is its body's
        phi, steady, moving = _fading(same, first=1)
        own = np.zeros((_PARTS, _PARTS))
        return _cautious(phi, steady, moving, own, _positive(same[0] - steady - moving))
    across = [_symmetric(one) for one in found.across]
    phi, steady, moving = _fading(across, first=0)
    if len(same) == 1:
        own = np.zeros((_PARTS, _PARTS))
    else:
        later = [one - other for one, other in zip(same[1:], across[1:], strict=True)]
        own = _positive(np.mean(later, axis=0))
    return _cautious(phi, steady, moving, own, _positive(same[0] - across[0] - own))


def _not_sure_of_few(spread: Spread, seen: NDArray[np.bool_]) -> Spread:
    """The spread with at least some of the usual variance of parts that few cells tell of."""
    cells = seen.any(axis=1).sum(axis=0)
    least = _USUAL_VARIANCE * np.maximum(1 - cells / _FEW_CELLS, 0.0)
    lacking = np.maximum(least - np.diag(spread.total()), 0.0)
    return replace(spread, steady=spread.steady + np.diag(lacking))


def _cautious(phi: float, *covariances: Floats) -> Spread:
    """The spread with what lies between two parts taken down to what one may vouch for another."""
    hold = np.full((_PARTS, _PARTS), _VOUCHING)
    np.fill_diagonal(hold, 1.0)
    return Spread(phi, *(matrix * hold for matrix in covariances))


def _symmetric(matrix: Floats) -> Floats:
    whole = np.where(np.isfinite(matrix), matrix, 0.0)
    return np.asarray((whole + whole.T) / 2)


def _positive(matrix: Floats) -> Floats:
    """The nearest matrix that can be a covariance: negative variances are none."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.maximum(values, 0.0)) @ vectors.T)


def _fading(by_lag: list[Floats], *, first: int) -> tuple[float, Floats, Floats]:
    """Least squares of `steady + moving · phi^lag` to the products of lag `first` and later."""
    lags = np.arange(first, len(by_lag))
    nothing = np.zeros((_PARTS, _PARTS))
    if not len(lags):
        return _USUAL_PHI, _positive(by_lag[0]), nothing
    target = np.array([by_lag[lag].ravel() for lag in lags])
    if len(lags) == 1:
        return _USUAL_PHI, _positive(by_lag[first]), nothing
    best = (np.inf, _USUAL_PHI, nothing, nothing)
    for phi in _PHIS if len(lags) >= 4 else (_USUAL_PHI,):
        design = np.column_stack([np.ones(len(lags)), phi**lags])
        solution = np.linalg.lstsq(design, target, rcond=None)[0]
        steady, moving = (_positive(part.reshape(_PARTS, _PARTS)) for part in solution)
        fitted = design @ np.array([steady.ravel(), moving.ravel()])
        miss = float(((fitted - target) ** 2).sum())
        if miss < best[0]:
            best = (miss, float(phi), steady, moving)
    return best[1], best[2], best[3]
