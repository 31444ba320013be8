"""Who grows weaker: every year by itself, and the months one after another."""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import HELD, NO_REPORT, NOT_HELD
from vungmanh.analysis.trend import Trend, trend, yearly_index

WEIGHTS = np.array([40.0, 30.0, 30.0])
UNITS, YEARS = 80, 5


def told(*, falling: float = 0.0) -> tuple[Counts, np.ndarray]:
    """Eighty cells of steady years; the first loses `falling` of every share each year."""
    rng = np.random.default_rng(8)
    share = np.full((UNITS, YEARS), 0.9)
    share[0] -= falling * np.arange(YEARS)
    counts = Counts.zeros(UNITS, YEARS)
    held = np.rint(12 * share)
    counts.held[:], counts.not_held[:] = held, 12 - held
    counts.attended[:], counts.owing[:] = held, 40 * held
    counts.present[:] = np.rint(40 * held * share)
    counts.tasked[:], counts.tasks_due[:] = 12, 30
    counts.tasks_on_time[:] = np.rint(30 * share)
    marks = np.where(rng.random((UNITS, 12 * YEARS)) < 0.9, HELD, NOT_HELD).astype(np.uint8)
    return counts, marks


def found(counts: Counts, marks: np.ndarray) -> Trend:
    kind = np.zeros(UNITS, dtype=np.int64)
    return trend(counts, kind=kind, weights=WEIGHTS, marks=marks, false_signals=5)


def test_a_unit_that_falls_every_year_is_declining_and_its_slope_says_by_how_much() -> None:
    result = found(*told(falling=0.1))
    assert result.slope.per_year[0] == pytest.approx(-10, abs=1.5)
    assert result.slope.high[0] < 0
    assert result.declining[0]
    assert not result.declining[1:][~result.signalled[1:]].any()


def test_months_not_held_at_the_end_signal_and_say_since_when() -> None:
    counts, marks = told()
    marks[0] = HELD
    marks[0, -6:] = NOT_HELD
    result = found(counts, marks)
    assert result.signalled[0]
    assert result.since[0] == 12 * YEARS - 6
    assert result.declining[0]


def test_silence_moves_no_chart() -> None:
    counts, marks = told()
    marks[0] = HELD
    marks[0, -6:] = NO_REPORT
    result = found(counts, marks)
    assert not result.signalled[0]
    assert result.since[0] == -1


def test_false_signals_are_as_many_as_ruled_and_never_more_than_charts_can_promise() -> None:
    counts, marks = told()
    result = found(counts, marks)
    assert result.expected_false == pytest.approx(UNITS / 60), "sixty months at the shortest"


def test_a_year_without_one_of_the_parts_says_nothing() -> None:
    counts, _ = told()
    counts.owing[0, 2] = counts.present[0, 2] = 0
    value, variance = yearly_index(counts, np.zeros(UNITS, dtype=np.int64), WEIGHTS)
    assert np.isnan(value[0, 2])
    assert np.isnan(variance[0, 2])
    assert np.isfinite(value[1:]).all()


def test_nobody_charted_expects_nothing() -> None:
    counts, marks = told()
    result = found(counts, np.full_like(marks, NO_REPORT))
    assert result.expected_false == 0
    assert not result.signalled.any()
