"""Growing weaker: slopes over years, monthly charts, and when the word may be used."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from vungmanh.analysis.facts import MARKS
from vungmanh.analysis.weakening import (
    charts,
    declining,
    expected_false,
    months_to_signal,
    run,
    run_length,
    slope,
    step_sizes,
    threshold_for,
)

YEARS = [2016, 2017, 2018, 2019]
CODE = {name: ord(mark) for mark, name in MARKS.items()}


def marks(text: str) -> np.ndarray:
    """One row of marks a line."""
    return np.array([[ord(mark) for mark in line] for line in text.split()], dtype=np.uint8)


def test_the_slope_of_a_straight_line_is_its_fall_per_year() -> None:
    found = slope([[80, 76, 72, 68]], [[9, 9, 9, 9]], YEARS)
    assert found.per_year == pytest.approx([-4])
    assert found.high - found.low == pytest.approx([2 * 1.6449 * 3 / np.sqrt(5)], abs=1e-3)


def test_a_year_known_badly_weighs_little() -> None:
    bad = slope([[80, 76, 72, 0]], [[9, 9, 9, 1e6]], YEARS)
    assert bad.per_year == pytest.approx([-4], abs=0.05)


def test_a_year_not_known_is_left_out_and_one_year_has_no_slope() -> None:
    values = [[80, np.nan, 72, 68], [80, np.nan, np.nan, np.nan], [np.nan] * 4]
    found = slope(values, np.full((3, 4), 9.0), YEARS)
    assert found.per_year[0] == pytest.approx(-4)
    assert np.isnan(found.per_year[1:]).all()
    assert np.isnan(found.low[1:]).all()
    assert found.years.tolist() == [3, 1, 0]


def test_the_slope_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    variances = rng.uniform(4, 60, (20_000, 6))
    values = 70 - 1.5 * np.arange(6) + rng.normal(0, np.sqrt(variances))
    found = slope(values, variances, np.arange(6), 0.9)
    assert np.mean((found.low <= -1.5) & (found.high >= -1.5)) == pytest.approx(0.9, abs=0.01)


def test_a_negative_variance_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        slope([[1, 2]], [[1, -1]], [1, 2])


def test_montgomerys_example_signals_at_29_and_dates_the_change_to_after_22() -> None:
    """Montgomery (2013), Introduction to Statistical Quality Control, example 9.1."""
    x = [9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40,
         10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38,
         11.62, 11.31, 10.52]  # fmt: skip
    chart = run(np.array([x]) - 10.5, 5)
    first = int(np.argmax(chart.signals[0]))
    assert first + 1 == 29
    assert chart.sums[0, first] == pytest.approx(5.28)
    assert chart.since[0, first] + 1 == 23


def normal_run_length(shift: float) -> float:
    """One-sided chart of k = .5, h = 5 on normal observations, in steps of a fiftieth."""
    part, normal = 0.02, NormalDist(shift - 0.5, 1)
    steps = np.arange(round(-5.5 / part), round(6.5 / part) + 1)
    chances = [normal.cdf((one + 0.5) * part) - normal.cdf((one - 0.5) * part) for one in steps]
    chances[0] += normal.cdf((steps[0] - 0.5) * part)
    return run_length(steps, chances, round(5 / part))


def test_run_lengths_of_the_normal_chart_are_those_of_the_books() -> None:
    """Two-sided 465 in control and 10.4 after a shift of one (Montgomery 2013, table 9.3)."""
    assert normal_run_length(0) / 2 == pytest.approx(465, rel=0.01)
    assert normal_run_length(1) == pytest.approx(10.4, rel=0.01)


def test_half_the_odds_of_nine_in_ten_is_nine_in_eleven() -> None:
    fall, rise = step_sizes(0.9)
    assert fall == pytest.approx(np.log(0.9 / (9 / 11)))
    assert rise == pytest.approx(np.log((2 / 11) / 0.1), rel=0.002)


@pytest.mark.parametrize("p0", [0.05, 0.3, 0.8, 0.9, 0.97])
def test_simulated_units_that_did_not_change_signal_as_rarely_as_asked(p0: float) -> None:
    rng = np.random.default_rng(11)
    held = rng.random((2_000, 1_500)) < p0
    codes = np.where(held, CODE["held"], CODE["not_held"])
    chart = charts(codes, p0, 60)
    in_months = months_to_signal(p0, p0, threshold_for(p0, 60))
    assert in_months >= 60
    # Each signal starts the chart again: over a long time the signals are one in so many months.
    assert chart.signals.mean() == pytest.approx(1 / in_months, rel=0.05)


@pytest.mark.parametrize("p0", [0.5, 0.8, 0.9, 0.95])
def test_units_that_grow_weaker_signal_sooner(p0: float) -> None:
    threshold = threshold_for(p0, 600)
    assert months_to_signal(0.5 * p0, p0, threshold) < 30
    assert months_to_signal(p0, p0, threshold) >= 600


def test_the_threshold_is_the_lowest_that_will_do() -> None:
    fall, rise = step_sizes(0.9)
    threshold = threshold_for(0.9, 600)
    assert months_to_signal(0.9, 0.9, threshold - fall / 11) < 600
    assert months_to_signal(0.9, 0.9, threshold) >= 600
    assert threshold > rise


def test_a_collapse_is_noticed_and_dated() -> None:
    chart = charts(marks("HHHHHHHHHHHHNNNNHNNN"), 0.9, 600)
    first = int(np.argmax(chart.signals[0]))
    assert 12 < first < 19
    assert chart.since[0, first] == 12


def test_a_month_without_report_excused_or_not_due_moves_no_chart() -> None:
    """A missing month is neither a meeting missed nor one held."""
    chart = charts(marks("HHN-E.N NNNNNNN"), 0.9, 600)
    assert chart.sums[0, 2] == chart.sums[0, 3] == chart.sums[0, 5] > 0
    assert chart.sums[0, 6] > chart.sums[0, 5]
    assert not charts(marks("-" * 60), 0.9, 60).sums.any()


def test_each_unit_is_held_against_the_habit_of_its_kind() -> None:
    chart = charts(marks("HNHNHNHNHNHN HNHNHNHNHNHN"), [0.5, 0.95], 600)
    assert chart.signals.any(axis=1).tolist() == [False, True]


def test_a_kind_that_never_missed_does_not_break_the_chart() -> None:
    chart = charts(marks("HHHN HHHH"), [1.0, 0.0], 60)
    assert np.isfinite(chart.threshold).all()


def test_no_cells_and_no_months_make_empty_charts() -> None:
    assert charts(np.zeros((0, 12), dtype=np.uint8), np.zeros(0), 60).sums.shape == (0, 12)
    assert charts(np.zeros((2, 0), dtype=np.uint8), 0.9, 60).signals.shape == (2, 0)


def test_2800_cells_at_120_months_make_23_false_signals_a_month() -> None:
    assert round(expected_false(2_800, 120)) == 23
    assert expected_false(2_800, 120, 12) == 280


@pytest.mark.parametrize(("p0", "odds"), [(0.0, 0.5), (1.0, 0.5), (0.9, 1.0), (0.9, 0.0)])
def test_a_habit_or_odds_that_allow_no_comparison_are_refused(p0: float, odds: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        step_sizes(p0, odds)


def test_run_lengths_that_no_chart_has_are_refused() -> None:
    with pytest.raises(ValueError, match="earliest"):
        threshold_for(0.9, 0.5)
    with pytest.raises(ValueError, match="no chart"):
        threshold_for(0.9, 1e300)


def test_one_bad_year_is_no_decline_and_two_falls_beyond_chance_are() -> None:
    values = [[80, 80, 60], [80, 70, 60], [80, 79, 78], [60, 80, 70], [80, np.nan, 60]]
    found = declining(values, np.full((5, 3), 9.0), np.zeros(5, dtype=bool))
    assert found.tolist() == [False, True, False, False, False]


def test_monthly_evidence_is_enough_by_itself() -> None:
    found = declining([[80, 80, 80], [80, 80, 80]], np.full((2, 3), 9.0), [True, False])
    assert found.tolist() == [True, False]
    assert declining([[80], [80]], [[9], [9]], [True, False]).tolist() == [True, False]
