"""Slopes, charts and run lengths worked out fast are those worked out slowly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis import naive_statistics
from vungmanh.analysis.weakening import charts, run, run_length, slope, threshold_for

year = st.one_of(st.none(), st.tuples(st.floats(0, 100), st.floats(0.5, 90)))
score = st.one_of(st.none(), st.integers(-4, 8).map(lambda step: step / 4))


@given(st.lists(st.lists(year, min_size=5, max_size=5), min_size=1, max_size=4))
def test_slopes_are_those_of_the_normal_equations(rows) -> None:
    filled = [[(np.nan, np.nan) if one is None else one for one in row] for row in rows]
    values, variances = np.moveaxis(np.array(filled, dtype=float), 2, 0)
    found = slope(values, variances, np.arange(5), 0.95)
    for place, row in enumerate(rows):
        known = [(*one, time) for time, one in enumerate(row) if one is not None]
        slow = naive_statistics.slope(*zip(*known, strict=True)) if known else None
        if slow is None:
            assert np.isnan(found.per_year[place])
        else:
            assert found.per_year[place] == pytest.approx(slow[0], abs=1e-6)
            half = (found.high[place] - found.low[place]) / 2
            assert half == pytest.approx(1.959964 * slow[1] ** 0.5, rel=1e-5)


@given(
    st.integers(1, 30).flatmap(
        lambda months: st.lists(
            st.lists(score, min_size=months, max_size=months), min_size=1, max_size=4
        )
    ),
    st.integers(1, 20).map(lambda steps: steps / 4),
)
def test_charts_are_those_of_the_slow_twin(rows, threshold: float) -> None:
    table = np.array([[np.nan if one is None else one for one in row] for row in rows])
    found = run(table, threshold)
    for place, row in enumerate(rows):
        sums, signals, since = zip(*naive_statistics.cusum(row, threshold), strict=True)
        assert found.sums[place] == pytest.approx(sums)
        assert found.signals[place].tolist() == list(signals)
        assert found.since[place].tolist() == list(since)


# At most three missed meetings in a row reach the limit: the slow twin waits out every run.
@given(
    st.integers(1, 4),
    st.integers(1, 6).flatmap(lambda rise: st.tuples(st.just(rise), st.integers(1, 3 * rise))),
    st.floats(0.3, 0.8),
)
@settings(max_examples=40)
def test_run_lengths_are_those_of_the_slow_twin(fall, rise_and_limit, p) -> None:
    rise, limit = rise_and_limit
    steps, chances = [-fall, rise], [p, 1 - p]
    expected = naive_statistics.run_length(steps, chances, limit)
    assert run_length(steps, chances, limit) == pytest.approx(expected, rel=1e-6)


@given(st.integers(50, 95).map(lambda p: p / 100), st.integers(2, 150), st.integers(2, 150))
@settings(max_examples=25)
def test_rarer_false_signals_need_a_higher_threshold(p0: float, one: int, other: int) -> None:
    low, high = sorted([one, other])
    assert 0 < threshold_for(p0, low) <= threshold_for(p0, high)


@given(st.lists(st.text("HN-E.", min_size=12, max_size=12), min_size=2, max_size=6), st.data())
@settings(max_examples=40)
def test_the_order_of_the_units_changes_nothing(rows, data) -> None:
    marks = np.array([[ord(mark) for mark in row] for row in rows], dtype=np.uint8)
    order = data.draw(st.permutations(range(len(rows))))
    habit = np.linspace(0.6, 0.95, len(rows))
    one, other = charts(marks, habit, 60), charts(marks[order], habit[order], 60)
    assert (other.sums == one.sums[order]).all()
    assert (other.signals == one.signals[order]).all()
