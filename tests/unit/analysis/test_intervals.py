"""Intervals around shares and rates: published values, SciPy, and what is not known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from vungmanh.analysis.intervals import (
    beta_posterior,
    clopper_pearson,
    jeffreys,
    poisson_exact,
    wilson,
)

SHARES = [wilson, clopper_pearson, jeffreys]


@pytest.mark.parametrize(
    ("k", "n", "score", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_the_examples_of_newcombe_1998_come_out(k, n, score, exact) -> None:
    """Statistics in Medicine 17, 857–872, table I, methods 3 and 5."""
    assert [wilson(k, n).low, wilson(k, n).high] == pytest.approx(score, abs=5e-5)
    found = clopper_pearson(k, n)
    assert [found.low, found.high] == pytest.approx(exact, abs=5e-5)


@pytest.mark.parametrize(("ours", "theirs"), [(wilson, "wilson"), (clopper_pearson, "exact")])
def test_scipy_says_the_same(ours, theirs: str) -> None:
    for n in (1, 3, 12, 60):
        for k in range(n + 1):
            expected = stats.binomtest(k, n).proportion_ci(0.9, theirs)
            found = ours(k, n, 0.9)
            assert [found.low, found.high] == pytest.approx([expected.low, expected.high], abs=1e-9)


def test_jeffreys_are_the_quantiles_of_its_posterior_and_reach_the_ends() -> None:
    middle = jeffreys(5, 12)
    expected = stats.beta.interval(0.95, 5.5, 7.5)
    assert [middle.low, middle.high] == pytest.approx(expected)
    assert jeffreys(0, 12).low == 0
    assert jeffreys(12, 12).high == 1


def test_garwoods_limits_of_ten_events_and_of_none() -> None:
    """Garwood (1936), Biometrika 28, 437–442, table I."""
    rate = poisson_exact([0, 10], [1, 1])
    assert rate.low == pytest.approx([0, 4.795], abs=5e-4)
    assert rate.high == pytest.approx([3.689, 18.390], abs=5e-4)


def test_a_rate_is_per_unit_of_exposure() -> None:
    assert poisson_exact(10, 4).high == pytest.approx(poisson_exact(10, 1).high / 4)


@pytest.mark.parametrize("interval", [*SHARES, poisson_exact])
def test_nothing_tried_is_unknown_and_never_zero(interval) -> None:
    assert all(np.isnan(part).all() for part in interval([0, 0], [0, 0]))


@pytest.mark.parametrize("interval", SHARES)
def test_unknown_stays_unknown(interval) -> None:
    found = interval([np.nan, 6], [12, 12])
    assert np.isnan(found.low).tolist() == [True, False]


def test_of_nothing_tried_the_prior_is_what_is_known() -> None:
    """Hospitals' surgical mortality, the prior of methods.md §2: 7.6 %."""
    prior = beta_posterior(0, 0, 8.25, 99.6)
    assert prior.estimate == pytest.approx(8.25 / 107.85)
    assert [prior.low, prior.high] == pytest.approx(stats.beta.interval(0.95, 8.25, 99.6))


def test_a_posterior_lies_between_what_was_seen_and_its_like() -> None:
    shrunk = beta_posterior([6, 60], [12, 120], 8, 2)
    assert (shrunk.estimate > 0.5).all()
    assert (shrunk.estimate < 0.8).all()
    assert shrunk.estimate[1] < shrunk.estimate[0]  # more seen, less borrowed


@pytest.mark.parametrize("interval", SHARES)
def test_half_of_a_split_unit_counts_in_fractions(interval) -> None:
    whole, half = interval(5, 12), interval(2.5, 6)
    assert half.estimate == whole.estimate
    assert half.low < whole.low < whole.high < half.high


@pytest.mark.parametrize("interval", SHARES)
def test_a_sum_of_shares_may_pass_its_total_by_rounding(interval) -> None:
    assert interval(0.1 + 0.2, 0.3).high == 1


@pytest.mark.parametrize("interval", SHARES)
@pytest.mark.parametrize(("k", "n"), [(-1, 12), (13, 12)])
def test_more_done_than_tried_is_refused(interval, k: int, n: int) -> None:
    with pytest.raises(ValueError, match="above its total"):
        interval(k, n)


def test_a_negative_exposure_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        poisson_exact(1, -1)


@pytest.mark.parametrize("interval", SHARES)
def test_arrays_keep_their_shape(interval) -> None:
    found = interval(np.full((3, 2), 5.0), 12)
    assert all(part.shape == (3, 2) for part in found)


def coverage(interval, p: float, n: int) -> float:
    """The exact chance that the interval holds p."""
    k = np.arange(n + 1)
    found = interval(k, n)
    holds = (found.low <= p) & (p <= found.high)
    return float(stats.binom.pmf(k, n, p)[holds].sum())


def test_the_guaranteed_interval_covers_everywhere_and_the_score_interval_on_average() -> None:
    habits = np.linspace(0.05, 0.95, 91)
    assert min(coverage(clopper_pearson, p, 12) for p in habits) >= 0.95
    assert np.mean([coverage(wilson, p, 12) for p in habits]) == pytest.approx(0.95, abs=0.01)
    assert np.mean([coverage(jeffreys, p, 12) for p in habits]) == pytest.approx(0.95, abs=0.01)
