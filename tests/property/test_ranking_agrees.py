"""Ranks worked out fast are ranks worked out slowly, in any order of the units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis import naive_statistics
from vungmanh.analysis.ranking import rank

few = st.lists(
    st.tuples(st.integers(0, 100).map(float), st.integers(1, 20).map(float)),
    min_size=1,
    max_size=5,
)
many = st.lists(
    st.tuples(st.floats(0, 100), st.one_of(st.just(np.nan), st.floats(0.1, 20))),
    min_size=2,
    max_size=90,
)


@given(few, st.integers(1, 5))
@settings(max_examples=25)
def test_chances_and_expected_ranks_are_those_of_the_slow_twin(units, worst: int) -> None:
    means, sds = (list(column) for column in zip(*units, strict=True))
    found = rank(means, sds, worst)
    for unit in range(len(units)):
        chances = naive_statistics.rank_chances(means, sds, unit)
        expected = sum(place * chance for place, chance in enumerate(chances, start=1))
        assert found.expected[unit] == pytest.approx(expected, abs=2e-3)
        assert found.among_worst[unit] == pytest.approx(sum(chances[:worst]), abs=1.2e-2)


@given(many, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_the_units_changes_no_expectation(units, random) -> None:
    order = list(range(len(units)))
    random.shuffle(order)
    mean, sd = np.array(units).T
    one, other = rank(mean, sd, 3), rank(mean[order], sd[order], 3)
    assert other.expected == pytest.approx(one.expected[order], nan_ok=True)
    assert other.among_worst == pytest.approx(one.among_worst[order], nan_ok=True, abs=1e-9)


@given(many, st.sampled_from([0.5, 0.9, 0.99]))
@settings(max_examples=40)
def test_ranks_are_a_permutation_and_lie_between_one_and_the_number_known(units, level) -> None:
    mean, sd = np.array(units).T
    found, known = rank(mean, sd, 3, level), ~np.isnan(sd)
    assert sorted(found.rank[known]) == list(range(1, known.sum() + 1))
    low, high = found.low[known], found.high[known]
    assert (low >= 1).all()
    assert (low <= high).all()
    assert (high <= known.sum()).all()
    assert ((found.among_worst[known] >= 0) & (found.among_worst[known] <= 1)).all()
    assert found.expected[known].sum() == pytest.approx(known.sum() * (known.sum() + 1) / 2)
