"""Ranks with their doubt: who is weakest, how surely, and whether ranks mean anything."""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis import ranking
from vungmanh.analysis.ranking import rank, rankability


def units(n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(70, 8, n), rng.uniform(2, 6, n)


def test_the_weakest_is_first() -> None:
    found = rank([80, 40, 60], [1, 1, 1], 1)
    assert found.rank.tolist() == [3, 1, 2]
    assert found.expected == pytest.approx([3, 1, 2], abs=1e-6)
    assert found.among_worst == pytest.approx([0, 1, 0], abs=1e-6)
    assert found.low.tolist() == found.high.tolist() == [3, 1, 2]


def test_two_equal_units_share_the_expectation_and_are_told_apart_by_index() -> None:
    found = rank([50, 50, 90], [5, 5, 1], 1)
    assert found.expected == pytest.approx([1.5, 1.5, 3])
    assert found.rank.tolist() == [1, 2, 3]
    assert found.among_worst[:2] == pytest.approx([0.5, 0.5])


def test_strengths_known_without_doubt_are_ranked_too() -> None:
    found = rank([3, 1, 2, 1], [0, 0, 0, 0], 1)
    assert found.rank.tolist() == [4, 1, 3, 2]


def test_a_unit_of_which_little_is_known_is_drawn_to_the_middle() -> None:
    """Its estimate is the lowest, yet it is less surely weak than the one well known."""
    mean = np.append(np.linspace(60, 80, 20), [50, 49])
    sd = np.append(np.full(20, 1.0), [1, 30])
    found = rank(mean, sd, 2)
    assert found.rank[20] == 1
    assert found.among_worst[20] > 0.7 > found.among_worst[21]
    assert found.high[21] - found.low[21] > 15


def test_a_unit_of_unknown_strength_is_neither_ranked_nor_counted() -> None:
    found = rank([60, np.nan, 50, 70], [1, 1, 1, np.nan], 1)
    assert found.rank.tolist() == [2, 0, 1, 0]
    assert found.expected[[0, 2]] == pytest.approx([2, 1])
    assert np.isnan(found.expected[[1, 3]]).all()
    assert np.isnan(found.low[[1, 3]]).all()
    assert np.isnan(found.among_worst[[1, 3]]).all()


def test_one_unit_alone_is_first_and_last() -> None:
    found = rank([60], [5], 1)
    assert (found.rank, found.expected, found.low, found.high) == (1, 1, 1, 1)
    assert found.among_worst == 1


def test_nobody_is_nobody() -> None:
    assert rank([], [], 3).rank.shape == (0,)
    assert rank([np.nan], [1], 3).rank.tolist() == [0]


def test_a_negative_deviation_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        rank([1, 2], [1, -1], 1)


@pytest.mark.parametrize("n", [12, 300])
def test_drawing_the_strengths_again_and_again_gives_the_same_ranks(n: int) -> None:
    mean, sd = units(n)
    found = rank(mean, sd, n // 10 + 1)
    drawn = np.random.default_rng(1).normal(mean, sd, (20_000, n)).argsort(axis=1).argsort(axis=1)
    assert found.expected == pytest.approx(drawn.mean(axis=0) + 1, abs=0.012 * n)
    among_worst = (drawn < n // 10 + 1).mean(axis=0)
    assert found.among_worst == pytest.approx(among_worst, abs=0.02)
    within = ((drawn + 1 >= found.low) & (drawn + 1 <= found.high)).mean(axis=0)
    assert within.min() > 0.88


def test_many_units_by_mean_and_variance_come_close_to_throw_by_throw() -> None:
    mean, sd = units(ranking.EXACT)
    exact, near = ranking._Exactly(mean, sd), ranking._Nearly(mean, sd)
    for place in (1, 3, 6, 30, 55):
        places = np.full(len(mean), place)
        assert near.at_most(places) == pytest.approx(exact.at_most(places), abs=0.05)
    assert near.expected() == pytest.approx(exact.expected(), abs=0.05)


def test_expected_ranks_from_the_grid_are_those_of_each_with_each() -> None:
    mean, sd = units(2_000)
    grid = ranking._Nearly(mean, sd, 0.4).expected()
    assert grid == pytest.approx(ranking._compared(mean, sd), abs=1.0)


def test_more_units_than_are_compared_in_pairs_are_ranked_alike(monkeypatch) -> None:
    mean, sd = units(400)
    pairs = rank(mean, sd, 40)
    monkeypatch.setattr(ranking, "PAIRWISE", 100)
    grid = rank(mean, sd, 40)
    assert grid.expected == pytest.approx(pairs.expected, abs=0.5)
    assert grid.among_worst == pytest.approx(pairs.among_worst, abs=0.02)
    assert abs(grid.low - pairs.low).max() <= 3


def test_the_chances_to_be_among_the_worst_add_up_to_their_number() -> None:
    assert rank(*units(500), 50).among_worst.sum() == pytest.approx(50, abs=0.5)


def test_ranks_mean_something_when_units_differ_by_more_than_their_doubt() -> None:
    rng = np.random.default_rng(8)
    truth = rng.normal(70, 8, 4_000)
    estimate = truth + rng.normal(0, 6, 4_000)  # τ² = 64, σ² = 36: .64 of the difference is real
    shrunk = 70 + (estimate - 70) * 64 / 100
    assert rankability(shrunk, np.full(4_000, np.sqrt(64 * 36 / 100))) == pytest.approx(
        0.64, abs=0.02
    )


def test_where_nothing_is_known_of_differences_ranks_mean_nothing() -> None:
    assert rankability([70, 70, 70], [8, 8, 8]) == 0
    assert rankability([70, 70], [0, 0]) == 0
    assert np.isnan(rankability([70, np.nan], [8, 8]))
