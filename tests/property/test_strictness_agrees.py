"""Strictness and expected grades: the fast are the slow, and what must hold of both."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis import naive_strictness
from vungmanh.analysis.strictness import FEW, expected_grades, number_expected, places, strictness

rows = st.lists(
    st.tuples(
        st.integers(0, 3), st.floats(0, 100).map(lambda one: round(one, 1)),
        st.integers(0, 3), st.integers(0, 1),
    ),
    min_size=1, max_size=40,
)  # fmt: skip


def columns(table: list[tuple]) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*table, strict=True)]


@given(rows)
@settings(max_examples=80)
def test_strictness_is_that_of_the_slow_loops(table) -> None:
    found = strictness(*columns(table))
    expected = naive_strictness.strictness(
        *(column.tolist() for column in columns(table)), few=FEW, level=0.95
    )
    heard = {one for one in range(len(found.units)) if np.isfinite(found.estimate[one])}
    assert heard == set(expected)
    for one, told in expected.items():
        got = (found.estimate[one], found.low[one], found.high[one])
        assert got == pytest.approx(told, abs=1e-9)


@given(rows, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_units_and_a_stretched_index_change_nothing(table, random) -> None:
    other = list(table)
    random.shuffle(other)
    grade, index, committee, group = columns(other)
    one = strictness(*columns(table)).estimate
    assert strictness(grade, index * 3 + 7, committee, group).estimate == pytest.approx(
        one, abs=1e-9, nan_ok=True
    )


@given(rows)
@settings(max_examples=40)
def test_turned_upside_down_the_lenient_are_the_strict(table) -> None:
    grade, index, committee, group = columns(table)
    one = strictness(grade, index, committee, group)
    other = strictness(-grade, -index, committee, group)
    assert other.estimate == pytest.approx(-one.estimate, abs=1e-9, nan_ok=True)


@given(rows)
@settings(max_examples=40)
def test_as_many_are_expected_in_each_grade_as_were_given_it(table) -> None:
    grade, index, _, group = columns(table)
    sd = np.full(len(grade), 5.0)
    found = expected_grades(grade, index, sd, group, 4)
    assert found.chances.sum(axis=1) == pytest.approx(np.ones(len(grade)))
    for one in np.unique(group):
        given_it = np.bincount(grade[group == one], minlength=4)
        assert found.chances[group == one].sum(axis=0) == pytest.approx(given_it, abs=1e-6)


@given(rows)
@settings(max_examples=40)
def test_a_higher_index_never_lets_one_expect_a_lower_grade(table) -> None:
    grade, index, _, group = columns(table)
    chances = expected_grades(grade, index, np.full(len(grade), 5.0), group, 4).chances
    mean = chances @ np.arange(4)
    for one in np.unique(group):
        order = np.argsort(index[group == one], kind="stable")
        assert (np.diff(mean[group == one][order]) >= -1e-9).all()


@given(st.lists(st.floats(0, 1), max_size=9), st.sampled_from([0.8, 0.9, 0.95]))
@settings(max_examples=60)
def test_a_number_expected_counts_every_way(chances, level) -> None:
    mean, low, high = number_expected(chances, level)
    expected = naive_strictness.number_expected(chances, level)
    assert mean == pytest.approx(expected[0])
    assert (low, high) == expected[1:]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=20))
def test_places_lie_around_the_middle(values) -> None:
    found = places(values, np.zeros(len(values)))
    assert found.mean() == pytest.approx(0.5)
    assert found == pytest.approx([naive_strictness.place(one, values) for one in values])
