"""The fast intervals are the slow ones, for any counts, whole or in shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis import intervals, naive_statistics

PAIRS = [
    (intervals.wilson, naive_statistics.wilson),
    (intervals.clopper_pearson, naive_statistics.clopper_pearson),
    (intervals.poisson_exact, naive_statistics.poisson_exact),
]
SHARES = [intervals.wilson, intervals.clopper_pearson, intervals.jeffreys]

counted = st.integers(0, 160).flatmap(
    lambda n: st.tuples(st.integers(0, n).map(lambda k: k / 4), st.just(n / 4))
)
levels = st.sampled_from([0.5, 0.9, 0.95, 0.998])


@pytest.mark.parametrize(("fast", "slow"), PAIRS)
@given(st.lists(counted, min_size=1, max_size=4), levels)
@settings(max_examples=30)
def test_fast_and_slow_agree(fast, slow, pairs, level: float) -> None:
    k, n = np.array(pairs).T
    found = fast(k, n, level)
    for place, (one, of) in enumerate(pairs):
        expected = slow(one, of, level)
        if expected is None:
            assert np.isnan(found.low[place])
        else:
            assert [found.low[place], found.high[place]] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("interval", SHARES)
@given(counted, levels)
def test_an_interval_lies_within_zero_and_one_and_holds_its_estimate(interval, pair, level) -> None:
    estimate, low, high = interval(*pair, level)
    if pair[1] == 0:
        assert np.isnan([estimate, low, high]).all()
    else:
        assert 0 <= low <= estimate <= high <= 1


@pytest.mark.parametrize("interval", SHARES)
@given(counted)
def test_done_and_missed_are_mirror_images(interval, pair) -> None:
    k, n = pair
    one, other = interval(k, n), interval(n - k, n)
    if n:
        assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@given(counted, st.floats(0.5, 20), st.floats(0.5, 20), levels)
def test_a_posterior_holds_between_its_ends_what_the_slow_one_says(pair, a, b, level) -> None:
    k, n = pair
    found = intervals.beta_posterior(k, n, a, b, level)
    tail = (1 - level) / 2
    assert naive_statistics.beta_below(float(found.low), a + k, b + n - k) == pytest.approx(tail)
    assert naive_statistics.beta_below(float(found.high), a + k, b + n - k) == pytest.approx(
        1 - tail
    )
