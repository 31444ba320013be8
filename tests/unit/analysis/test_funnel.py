"""The funnel: exact limits, widened when units differ by more than chance."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from vungmanh.analysis.funnel import funnel, lower_limit, overdispersion


def randomness() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_limit_is_interpolated_between_the_counts_around_it() -> None:
    """P(R <= 4) is .05 and P(R <= 5) is .13: the 10 % limit of 20 at .4 lies between 4 and 5."""
    below, until = stats.binom.cdf([4, 5], 20, 0.4)
    expected = (5 - (until - 0.1) / (until - below)) / 20
    assert lower_limit(20, 0.4, 0.1).item() == pytest.approx(expected)


def test_limits_come_close_to_the_normal_ones_when_units_are_large() -> None:
    found = funnel([30_000], [100_000], 0.3)
    half = 1.96 * np.sqrt(0.3 * 0.7 / 100_000)
    assert [found.low95[0], found.high95[0]] == pytest.approx([0.3 - half, 0.3 + half], abs=2e-5)


def test_nought_of_forty_seven_is_no_outlier_where_little_is_expected() -> None:
    found = funnel([0], [47], 0.05)
    assert found.low95 == 0
    assert found.outside == 0


def test_nought_of_forty_seven_is_one_where_much_is_expected() -> None:
    assert funnel([0], [47], 0.5, "none").outside == -2


def test_where_nine_in_ten_are_held_seven_of_twelve_is_below_and_five_far_below() -> None:
    found = funnel([12, 8, 7, 5], [12] * 4, 0.9, "none")
    assert found.outside.tolist() == [0, 0, -1, -2]


def test_units_above_are_told_from_units_below() -> None:
    assert funnel([48, 2], [50, 50], 0.5, "none").outside.tolist() == [2, -2]


def test_nothing_tried_is_neither_inside_nor_outside() -> None:
    found = funnel([0, 6], [0, 12], 0.5)
    assert np.isnan([found.z[0], found.low95[0], found.high998[0]]).all()
    assert found.outside[0] == 0
    assert found.phi == 0


def test_when_no_unit_tells_nothing_is_dispersed() -> None:
    assert np.isnan(funnel([0], [0], 0.5).phi)
    assert np.isnan(funnel([0], [0], 0.5, "additive").low95[0])


@pytest.mark.parametrize("target", [0.0, 1.0])
def test_where_nothing_can_vary_only_the_target_is_inside(target: float) -> None:
    found = funnel([0, 6, 12], [12, 12, 12], target)
    assert np.flatnonzero(found.outside == 0).tolist() == [0 if target == 0 else 2]


def test_chance_alone_leaves_about_one_in_twenty_outside() -> None:
    rng = randomness()
    n = rng.integers(8, 40, 20_000)
    found = funnel(rng.binomial(n, 0.8), n, 0.8)
    assert found.phi < 1  # winsorising lowers what chance alone gives
    assert 0.01 < np.mean(found.outside != 0) < 0.05  # counts come in steps: never more
    assert np.mean(abs(found.outside) == 2) < 0.002


@pytest.mark.parametrize("widening", ["multiplicative", "additive"])
def test_units_that_truly_differ_widen_the_funnel(widening) -> None:
    rng = randomness()
    n = rng.integers(30, 200, 5_000)
    k = rng.binomial(n, rng.beta(16, 4, 5_000))
    narrow, wide = funnel(k, n, 0.8, "none"), funnel(k, n, 0.8, widening)
    assert wide.phi > 2
    assert np.mean(narrow.outside != 0) > 0.25
    assert np.mean(wide.outside != 0) < 0.12
    assert (wide.high998 >= narrow.high998).all()


def test_the_variance_between_units_is_found_again() -> None:
    rng, n = randomness(), np.full(5_000, 200)
    k = rng.binomial(n, rng.beta(16, 4, 5_000))
    truth = np.sqrt(0.8 * 0.2 / 21)
    assert 0.75 * truth < funnel(k, n, 0.8, "additive").tau < 1.05 * truth


def test_one_extreme_unit_does_not_widen_the_funnel_for_itself() -> None:
    scores = np.append(np.zeros(99), 40.0)
    assert overdispersion(scores) == 0
    assert overdispersion(scores, 0) == 16


def test_each_unit_may_have_the_target_of_its_kind() -> None:
    found = funnel([6, 6], [12, 12], [0.5, 0.95], "none")
    assert found.outside.tolist() == [0, -2]


def test_shares_of_a_split_unit_have_limits_between_those_of_whole_numbers() -> None:
    wide, middle, narrow = (lower_limit(n, 0.5, 0.001).item() for n in (11, 11.5, 12))
    assert wide < middle < narrow


@pytest.mark.parametrize(("k", "n", "target"), [(13, 12, 0.5), (-1, 12, 0.5), (6, 12, 1.5)])
def test_impossible_counts_and_targets_are_refused(k, n, target) -> None:
    with pytest.raises(ValueError, match=r"count|target"):
        funnel(k, n, target)
