"""How strong cells and organisations are, year by year, learnt from all of their like.

Three shares are observed of each cell in each period: meetings held, members present, tasks done on
time. In a cell of eight people one year of any of them is mostly chance. So every share is taken
apart into what belongs to its like kind that year, to the organisation for good, to the
organisation just now, to the cell for good, to the cell just now, and chance:

    share[c,t,k] = mean[kind(c),t,k] + steady[o,k] + moving[o,t,k] + own[c,k] + now[c,t,k] + e

Each effect has a 3 x 3 covariance over the shares, estimated from the data; `moving` fades by
`phi` a year. The estimate is the best linear prediction (Henderson 1975; Robinson 1991) with those
covariances put in (empirical Bayes, Morris 1983). It shrinks toward the like kind, borrows from the
other years, the other cells of the organisation and the other two shares, corrects for *which*
cells reported, and widens where little was: nothing is ever taken for zero.

The index is the weighted sum of the three estimates, 0-100 (decisions.md 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import UNKNOWN
from vungmanh.analysis.spread import Spread, estimate_spread

#: The parts of the index, in the order of every last axis here.
PARTS = ("held", "attendance", "tasks")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Variance of an observation that was not made: it weighs nothing and costs nothing to carry.
_NOT_OBSERVED = 1e9
#: A like kind of fewer cells takes the mean of all.
_SMALL_KIND = 10
#: With fewer cells the mean of one year is chance: the kind keeps one mean for all years.
_STEADY_KIND = 40
_CELLS_AT_ONCE = 4000


@dataclass(frozen=True)
class Observations:
    """`successes` of `trials`, shape (n, T, 3) in the order of PARTS; `due` months, shape (n, T).

    0 trials: not observed.
    """

    successes: Floats
    trials: Floats
    due: Floats


@dataclass(frozen=True)
class Estimates:
    """What is estimated of n units over T periods; NaN where there is no such unit.

    `parts` and `part_sd` (n, T, 3) are shares 0-1; `index` and `sd` (n, T) are points 0-100.
    """

    parts: Floats
    part_sd: Floats
    index: Floats
    sd: Floats

    @classmethod
    def nothing(cls, n: int, periods: int) -> Estimates:
        parts, whole = (n, periods, len(PARTS)), (n, periods)
        return cls(*(np.full(shape, np.nan) for shape in (parts, parts, whole, whole)))


@dataclass(frozen=True)
class Strength:
    """The estimates of both grains and what they rest on.

    `weights` (3,) are points for each part and add up to 100; a part nobody recorded has 0.
    `means` (kinds, T, 3) are the like kinds' shares. A cell that is itself an organisation has the
    same estimate in both.
    """

    cells: Estimates
    organisations: Estimates
    means: Floats
    spread: Spread
    weights: Floats


def observe(counts: Counts) -> Observations:
    """The three shares as counts: of reported months, of members owing, of tasks due.

    Where held months are set aside, months reported as not held leave in the same proportion: what
    is not believed is unknown, and must not turn into a share of zero.
    """
    claimed = counts.held + counts.set_aside
    believed = np.divide(counts.held, claimed, out=np.ones_like(claimed), where=claimed > 0)
    reported = counts.held + counts.not_held * believed
    successes = np.stack([counts.held, counts.present, counts.tasks_on_time], axis=-1)
    trials = np.stack([reported, counts.owing, counts.tasks_due], axis=-1)
    return Observations(successes, trials, counts.due)


def fit(observed: Observations, *, kind: Ints, home: Ints, weights: Floats) -> Strength:
    """Estimate every cell and organisation.

    `kind` (n,) is the like kind of each unit, 0 to kinds - 1; `home` (n,) the organisation each
    cell belongs to now, UNKNOWN for units that are no cell; `weights` (3,) the points of each part
    as ruled. The past of a cell counts with the organisation it belongs to now (lineage first:
    `analysis.inheriting`). Weights of parts that nobody recorded are shared out over the others,
    and `Strength.weights` says so.
    """
    n, periods, _ = observed.trials.shape
    weights = _known_weights(weights, observed.trials)
    cells = np.flatnonzero(home != UNKNOWN)
    means = _means(observed, cells, kind)
    mean = means[kind]
    seen = (observed.trials > 0) & (weights > 0)
    trials = np.where(seen, observed.trials, 1.0)
    residual = np.where(seen, observed.successes / trials - mean, 0.0)
    variance = np.where(seen, np.maximum(mean * (1 - mean), 1e-4) / trials, _NOT_OBSERVED)
    spread = estimate_spread(residual[cells], np.where(seen, variance, np.inf)[cells], home[cells])
    of_cells, of_bodies = Estimates.nothing(n, periods), Estimates.nothing(n, periods)
    task = _Task(residual, variance, observed.due, home, spread, weights)
    for rows in _chunks(home, cells):
        _predict(task, rows, of_cells, of_bodies)
    organisations = np.unique(home[cells])
    of_bodies.parts[organisations] += _mean_over_cells(mean, observed.due, home, cells)
    of_cells.parts[cells] += mean[cells]
    for estimates in (of_cells, of_bodies):
        np.clip(estimates.parts, 0.0, 1.0, out=estimates.parts)
        estimates.index[:] = estimates.parts @ weights
    return Strength(of_cells, of_bodies, means, spread, weights)


def _known_weights(weights: Floats, trials: Floats) -> Floats:
    recorded = trials.sum(axis=(0, 1)) > 0
    known = np.where(recorded, weights, 0.0)
    if known.sum() == 0:
        return np.asarray(weights, dtype=np.float64)
    return np.asarray(known * (weights.sum() / known.sum()))


def _means(observed: Observations, cells: Ints, kind: Ints) -> Floats:
    """(kinds, T, 3): pooled shares; of all years for a small kind, of all cells for a tiny one."""
    kinds = int(kind.max(initial=0)) + 1
    successes = _total(observed.successes[cells], kind[cells], kinds)
    trials = _total(observed.trials[cells], kind[cells], kinds)
    size = np.bincount(kind[cells], minlength=kinds)
    everybody = _share(successes.sum(axis=(0, 1)), trials.sum(axis=(0, 1)), np.full(3, 0.5))
    of_year = _share(successes.sum(axis=0), trials.sum(axis=0), everybody)
    steady = _share(successes.sum(axis=1), trials.sum(axis=1), everybody)[:, None]
    own = _share(successes, trials, np.broadcast_to(steady, successes.shape))
    pooled = np.where(size[:, None, None] < _STEADY_KIND, steady, own)
    return np.where(size[:, None, None] < _SMALL_KIND, of_year, pooled)


def _total(values: NDArray[Any], group: Ints, count: int) -> Floats:
    total = np.zeros((count, *values.shape[1:]))
    np.add.at(total, group, values)
    return total


def _share(successes: Floats, trials: Floats, otherwise: Floats) -> Floats:
    return np.where(trials > 0, successes / np.where(trials > 0, trials, 1.0), otherwise)


def _chunks(home: Ints, cells: Ints) -> Iterator[Ints]:
    """The cells in portions that keep every organisation whole."""
    order = cells[np.argsort(home[cells], kind="stable")]
    if not len(order):
        return
    ends = np.flatnonzero(np.diff(home[order])) + 1
    start = 0
    for end in [*ends.tolist(), len(order)]:
        if end - start >= _CELLS_AT_ONCE or end == len(order):
            yield order[start:end]
            start = end


def shares_of_cells(due: Floats, home: Ints, cells: Ints) -> Floats:
    """(cells, T): the share of each cell in its organisation's months due; equal where none was."""
    bodies, place = np.unique(home[cells], return_inverse=True)
    months = due[cells]
    total = _total(months, place, len(bodies))[place]
    size = np.bincount(place)[place][:, None]
    return np.where(total > 0, months / np.where(total > 0, total, 1.0), 1.0 / size)


def _mean_over_cells(values: Floats, due: Floats, home: Ints, cells: Ints) -> Floats:
    share = shares_of_cells(due, home, cells)[..., None]
    bodies, place = np.unique(home[cells], return_inverse=True)
    return _total(values[cells] * share, place, len(bodies))


@dataclass(frozen=True)
class _Task:
    """What every portion of cells is predicted from; see `fit`."""

    residual: Floats  # (n, T, 3), 0 where not observed
    variance: Floats  # (n, T, 3), huge where not observed
    due: Floats
    home: Ints
    spread: Spread
    weights: Floats


def _predict(task: _Task, rows: Ints, of_cells: Estimates, of_bodies: Estimates) -> None:
    """Predict the effects of these cells and their organisations, and how sure that is.

    Given its organisation's effects f the cells are independent, so no matrix is larger than
    periods x parts. With G the covariance of a cell's own effects, F of the organisation's, and
    Q = (G + D)^-1 of each cell: f has precision F^-1 + sum Q, and cell = f + G Q (y - f).
    """
    periods, parts = task.residual.shape[1:]
    size = periods * parts
    cell_cov = task.spread.cell(periods)
    bodies, place = np.unique(task.home[rows], return_inverse=True)
    y = task.residual[rows].reshape(len(rows), size)
    noise = np.zeros((len(rows), size, size))
    noise[:, range(size), range(size)] = task.variance[rows].reshape(len(rows), size)
    precision = np.asarray(np.linalg.inv(cell_cov + noise))
    pull = cell_cov @ precision  # how far a cell's own record moves it away from its organisation
    body, body_var = _organisations(task.spread.organisation(periods), precision, y, place)
    f = body[place]
    cell = f + np.einsum("cij,cj->ci", pull, y - f)
    keep = np.eye(size) - pull
    left = cell_cov - pull @ cell_cov  # what a cell's record leaves open, its organisation known
    of_cells.parts[rows] = cell.reshape(len(rows), periods, parts)
    var = _at_period(keep @ body_var[place] @ keep.transpose(0, 2, 1) + left, periods)
    _deviations(of_cells, rows, var, task.weights)

    share = shares_of_cells(task.due, task.home, rows)
    long = np.repeat(share, parts, axis=1)
    of_bodies.parts[bodies] = _total(cell * long, place, len(bodies)).reshape(-1, periods, parts)
    keep_body = _total(keep * long[:, :, None], place, len(bodies))
    left_body = _total(_at_period(left, periods) * (share**2)[..., None, None], place, len(bodies))
    spreading = keep_body @ body_var @ keep_body.transpose(0, 2, 1)
    _deviations(of_bodies, bodies, _at_period(spreading, periods) + left_body, task.weights)


def _organisations(
    body_cov: Floats, precision: Floats, y: Floats, place: Ints
) -> tuple[Floats, Floats]:
    """(mean, variance) of the effects of each organisation, given all of its cells."""
    count = int(place.max()) + 1
    known = _total(precision, place, count)
    told = _total(np.einsum("cij,cj->ci", precision, y), place, count)
    eye = np.eye(len(body_cov))
    var = np.linalg.solve(eye + body_cov @ known, np.broadcast_to(body_cov, known.shape))
    return np.einsum("oij,oj->oi", var, told), np.asarray(var)


def _deviations(estimates: Estimates, rows: Ints, var: Floats, weights: Floats) -> None:
    estimates.part_sd[rows] = np.sqrt(np.einsum("mtkk->mtk", var).clip(min=0))
    estimates.sd[rows] = np.sqrt(np.einsum("k,mtkl,l->mt", weights, var, weights).clip(min=0))


def _at_period(matrices: Floats, periods: int) -> Floats:
    """(m, T, 3, 3): the covariance of the parts within each period."""
    parts = len(PARTS)
    blocks = matrices.reshape(-1, periods, parts, periods, parts)
    return np.asarray(np.einsum("mtktl->mtkl", blocks))
