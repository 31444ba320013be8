"""The fast funnel is the slow one, in any order of the units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vungmanh.analysis import naive_statistics
from vungmanh.analysis.funnel import funnel, lower_limit, overdispersion

units = st.lists(
    st.integers(1, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=8,
)
targets = st.floats(0.01, 0.99)


@given(st.integers(1, 120), targets, st.sampled_from([0.001, 0.025, 0.975, 0.999]))
def test_limits_are_those_of_the_slow_sum(n: int, target: float, probability: float) -> None:
    expected = naive_statistics.funnel_limit(n, target, probability)
    assert lower_limit(n, target, probability).item() == pytest.approx(expected, abs=1e-7)


@given(st.integers(1, 60), targets)
def test_a_unit_is_outside_exactly_when_chance_leaves_less_than_the_tail(n: int, target) -> None:
    k = np.arange(n + 1)
    found = funnel(k, np.full(n + 1, n), target, "none").outside
    chances = [naive_statistics.binomial(r, n, target) for r in k]
    for r in k:
        below, above = sum(chances[: r + 1]), sum(chances[r:])
        assume(all(abs(one - tail) > 1e-9 for one in (below, above) for tail in (0.025, 0.001)))
        is_above = [above < tail for tail in (0.025, 0.001)]
        is_below = [below < tail for tail in (0.025, 0.001)]
        assert found[r] == sum(map(int, is_above)) - sum(map(int, is_below))


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=30))
def test_dispersion_is_that_of_the_slow_sum(scores) -> None:
    assert overdispersion(scores) == pytest.approx(
        naive_statistics.overdispersion(scores, 0.1), abs=1e-9
    )


@given(units, targets, st.sampled_from(["multiplicative", "additive", "none"]))
@settings(max_examples=60)
def test_limits_lie_around_the_target_and_within_zero_and_one(pairs, target, widening) -> None:
    k, n = np.array(pairs).T
    found = funnel(k, n, target, widening)
    assert (found.low998 >= 0).all()
    assert (found.low998 <= found.low95).all()
    assert (found.high95 <= found.high998).all()
    assert (found.high998 <= 1).all()


@given(units, targets, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_the_units_changes_nothing(pairs, target, random) -> None:
    order = list(range(len(pairs)))
    random.shuffle(order)
    k, n = np.array(pairs).T
    one, other = funnel(k, n, target), funnel(k[order], n[order], target)
    assert other.outside.tolist() == one.outside[order].tolist()
    assert other.low95 == pytest.approx(one.low95[order])
