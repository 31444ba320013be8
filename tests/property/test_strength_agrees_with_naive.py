"""The fast estimates against the textbook's matrices, and what no estimate may do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis import naive_strength, spread
from vungmanh.analysis.facts import UNKNOWN
from vungmanh.analysis.strength import Observations, Strength, fit, shares_of_cells

WEIGHTS = np.array([40.0, 30.0, 30.0])


def drawn(
    seed: int, *, bodies: int = 12, periods: int = 3, silent: float = 0.2
) -> tuple[Observations, np.ndarray, np.ndarray]:
    """A few organisations of one to five cells; rows of organisations come after those of cells."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, bodies)
    home = np.repeat(np.arange(bodies), sizes)
    n = len(home)
    level = rng.normal(0.8, 0.08, (bodies, 1, 1)) + rng.normal(0, 0.05, (bodies, periods, 1))
    share = np.clip(level[home] + rng.normal(0, 0.06, (n, periods, 3)), 0.05, 0.99)
    trials = rng.integers(1, [12, 90, 9], (n, periods, 3)).astype(float)
    trials[rng.random((n, periods, 3)) < silent] = 0
    successes = rng.binomial(trials.astype(int), share).astype(float)
    due = rng.integers(0, 13, (n, periods)).astype(float)

    def with_bodies(values: np.ndarray) -> np.ndarray:
        return np.concatenate([values, np.zeros((bodies, *values.shape[1:]))])

    observed = Observations(with_bodies(successes), with_bodies(trials), with_bodies(due))
    kind = np.concatenate([rng.integers(0, 2, bodies)[home], np.zeros(bodies, dtype=np.int64)])
    homes = np.concatenate([n + home, np.full(bodies, UNKNOWN)])
    return observed, kind.astype(np.int64), homes.astype(np.int64)


def fitted(observed: Observations, kind: np.ndarray, home: np.ndarray) -> Strength:
    return fit(observed, kind=kind, home=home, weights=WEIGHTS)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), periods=st.integers(1, 5))
def test_estimates_are_those_of_one_large_matrix(seed: int, periods: int) -> None:
    observed, kind, home = drawn(seed, periods=periods)
    found = fitted(observed, kind, home)
    mean = found.means[kind]
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = observed.successes / observed.trials - mean
        variance = np.where(
            observed.trials > 0, np.maximum(mean * (1 - mean), 1e-4) / observed.trials, np.inf
        )
    body = int(home[0])
    cells = np.flatnonzero(home == body)
    effects, cov = naive_strength.predict(
        residual[cells], variance[cells], phi=found.spread.phi, steady=found.spread.steady,
        moving=found.spread.moving, own=found.spread.own, now=found.spread.now,
    )  # fmt: skip
    unclipped = effects + mean[cells]
    assert np.clip(unclipped, 0, 1) == pytest.approx(found.cells.parts[cells], abs=1e-5)
    shape = (len(cells), periods, 3, len(cells), periods, 3)
    blocks = cov.reshape(shape)
    share = shares_of_cells(observed.due, home, cells)
    for t in range(periods):
        now = blocks[:, t, :, :, t, :]
        of_cells = np.einsum("k,ckcl,l->c", WEIGHTS, now, WEIGHTS)
        assert np.sqrt(of_cells) == pytest.approx(found.cells.sd[cells, t], abs=1e-3)
        of_body = np.einsum("c,k,ckdl,l,d->", share[:, t], WEIGHTS, now, WEIGHTS, share[:, t])
        assert np.sqrt(of_body) == pytest.approx(found.organisations.sd[body, t], abs=1e-3)
        whole = np.clip((share[:, t, None] * unclipped[:, t]).sum(axis=0), 0, 1)
        assert whole == pytest.approx(found.organisations.parts[body, t], abs=1e-5)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), lag=st.integers(0, 2))
def test_products_are_those_counted_pair_by_pair(seed: int, lag: int) -> None:
    observed, _, home = drawn(seed, bodies=4)
    cells = np.flatnonzero(home != UNKNOWN)
    trials = observed.trials[cells]
    variance = np.where(trials > 0, 0.1 / np.maximum(trials, 1), np.inf)
    rng = np.random.default_rng(seed)
    residual = np.where(trials > 0, rng.normal(0, 0.1, trials.shape), 0.0)
    seen = trials > 0
    weight = spread._precision_weights(residual, variance, seen)
    found = spread.products(residual, variance, home[cells])
    same, across = naive_strength.mean_products(
        residual, variance, home[cells].tolist(), weight, lag
    )
    if lag == 0:
        noise = np.where(seen, variance, 0.0)
        same = same - np.diag((weight**2 * noise).sum((0, 1)) / (weight**2).sum((0, 1)))
    assert found.same[lag] == pytest.approx(same, abs=1e-9, nan_ok=True)
    assert found.across[lag] == pytest.approx(across, abs=1e-9, nan_ok=True)


@settings(max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_order_of_units_changes_nothing(seed: int) -> None:
    observed, kind, home = drawn(seed)
    order = np.random.default_rng(seed).permutation(len(home))
    place = np.argsort(order)
    turned_home = np.where(home[order] == UNKNOWN, UNKNOWN, place[home[order]])
    turned = fitted(
        Observations(observed.successes[order], observed.trials[order], observed.due[order]),
        kind[order],
        turned_home,
    )
    straight = fitted(observed, kind, home)
    assert turned.cells.index == pytest.approx(straight.cells.index[order], nan_ok=True)
    assert turned.organisations.sd == pytest.approx(straight.organisations.sd[order], nan_ok=True)


def test_a_cell_nobody_heard_of_is_like_its_organisation_and_less_sure() -> None:
    observed, kind, home = drawn(5, bodies=40, silent=0.0)
    cells = np.flatnonzero(home == home[1])
    assert len(cells) > 1
    quiet = observed.trials.copy()
    quiet[cells[0]] = 0
    told = fitted(observed, kind, home)
    silent = fitted(replace(observed, trials=quiet), kind, home)
    assert silent.cells.index[cells[0]].min() > 40, "silence was taken for zero"
    assert (silent.cells.sd[cells[0]] > told.cells.sd[cells[0]]).all()


def test_a_part_nobody_recorded_leaves_its_weight_to_the_others_and_says_so() -> None:
    observed, kind, home = drawn(6)
    trials = observed.trials.copy()
    trials[..., 2] = 0
    found = fitted(replace(observed, trials=trials), kind, home)
    assert found.weights == pytest.approx([400 / 7, 300 / 7, 0])
    cells = home != UNKNOWN
    assert found.cells.index[cells] == pytest.approx(found.cells.parts[cells] @ found.weights)


def test_one_period_and_cells_standing_alone_are_estimated_too() -> None:
    observed, kind, _ = drawn(7, periods=1)
    alone = np.arange(len(kind))
    found = fitted(observed, kind, alone)
    assert np.isfinite(found.cells.index).all()
    assert found.cells.index == pytest.approx(found.organisations.index)
    assert found.cells.sd == pytest.approx(found.organisations.sd)
