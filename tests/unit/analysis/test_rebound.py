"""What a unit chosen at its lowest shows by itself, on provinces whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis.rebound import FEWEST, nearest, rebound

Floats = np.ndarray


def two_years(seed: int, n: int = 400, rise: float = 0.0) -> tuple[Floats, Floats]:
    """True strengths of spread 8, a year's noise of 6: a year has reliability .64."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(70, 8, n)
    return truth + rng.normal(0, 6, n), truth + rise + rng.normal(0, 6, n)


def test_the_example_of_the_books_comes_out() -> None:
    """peers.md 2e: units 17 points below the mean come back about 6 points on their own."""
    rises = []
    for seed in range(60):
        before, after = two_years(seed)
        found = rebound(before, after, before.mean() - 17)
        assert found is not None
        rises.append(found.regression + found.trend)
    assert np.mean(rises) == pytest.approx(17 * 0.36, abs=0.3)


def test_a_rise_of_all_is_told_apart_from_regression() -> None:
    before, after = two_years(3, n=5000, rise=4.0)
    found = rebound(before, after, float(before.mean()))
    assert found is not None
    assert found.trend == pytest.approx(4, abs=0.4)
    assert found.regression == pytest.approx(0, abs=1e-9)


def test_the_interval_holds_those_whom_nobody_helped() -> None:
    held = 0
    for seed in range(300):
        before, after = two_years(seed, n=60)
        found = rebound(before[1:], after[1:], float(before[0]))
        assert found is not None
        held += found.low <= after[0] <= found.high
    assert 0.86 <= held / 300 <= 0.94  # 90 %, five standard errors below would be .81


def test_few_like_units_or_all_alike_teach_nothing() -> None:
    few = np.arange(FEWEST - 1, dtype=float)
    assert rebound(few, few, 3.0) is None
    assert rebound(np.full(30, 5.0), np.arange(30.0), 5.0) is None


def test_the_nearest_are_the_nearest_whatever_ties() -> None:
    assert list(nearest([10.0, 30.0, 20.0, 20.0], 21.0, 3)) == [2, 3, 1]
