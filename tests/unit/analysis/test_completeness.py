"""How much is known, and what the unknown part could hide."""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis.completeness import (
    bounds_of_index,
    bounds_of_share,
    completeness,
    if_silence_is_worse,
)
from vungmanh.analysis.counts import Counts
from vungmanh.analysis.intervals import wilson

WEIGHTS = (0.4, 0.3, 0.3)


def counts(**values: float) -> Counts:
    """One unit, one period."""
    made = Counts.zeros(1, 1)
    for name, value in values.items():
        getattr(made, name)[:] = value
    return made


def test_completeness_is_received_of_due_with_its_interval() -> None:
    found = completeness([10, 0], [12, 0])
    assert found.estimate[0] == pytest.approx(10 / 12)
    assert found.low[0] == wilson(10, 12).low
    assert np.isnan(found.estimate[1])  # nothing due: nothing to complete


def test_five_held_five_not_and_two_unreported_lie_between_five_and_seven_of_twelve() -> None:
    worst, best = bounds_of_share(5, 5, 2)
    assert (worst, best) == (5 / 12, 7 / 12)


def test_a_unit_that_owed_nothing_has_no_bounds() -> None:
    worst, best = bounds_of_share([0.0], [0.0], [0.0])
    assert np.isnan([worst, best]).all()
    assert np.isnan(bounds_of_index(Counts.zeros(2, 3), WEIGHTS).worst).all()


def test_when_all_is_known_the_index_is_one_number() -> None:
    full = counts(
        held=9, not_held=3, attended=9, owing=90, present=81, tasked=12, tasks_due=20,
        tasks_on_time=15,
    )  # fmt: skip
    worst, best = bounds_of_index(full, WEIGHTS)
    assert worst.item() == best.item() == pytest.approx(40 * 0.75 + 30 * 0.9 + 30 * 0.75)


def test_unreported_months_widen_each_part_by_what_they_could_hold() -> None:
    told = counts(
        held=6, no_report=6, attended=6, owing=60, present=54, tasked=6, tasks_due=12,
        tasks_on_time=9,
    )  # fmt: skip
    worst, best = bounds_of_index(told, WEIGHTS)
    assert worst.item() == pytest.approx(40 * 0.5 + 30 * 54 / 120 + 30 * 9 / 24)
    assert best.item() == pytest.approx(40 + 30 * 114 / 120 + 30 * 21 / 24)


def test_a_part_of_which_nothing_is_known_may_be_anything() -> None:
    worst, best = bounds_of_index(counts(held=12), WEIGHTS)
    assert (worst.item(), best.item()) == pytest.approx((40, 100))


def test_a_month_set_aside_is_unknown_and_an_excused_one_is_not_due() -> None:
    believed = counts(held=12, attended=12, owing=60, present=48, tasked=12, tasks_due=12)
    doubted = believed.setting_aside([[True]])
    assert bounds_of_index(doubted, (1, 0, 0)).worst.item() == 0
    assert bounds_of_index(doubted, (1, 0, 0)).best.item() == 100
    excused = counts(held=6, excused=6)
    assert bounds_of_index(excused, (1, 0, 0)).worst.item() == 100


def test_silence_as_good_as_speech_leaves_the_share_and_worse_silence_lowers_it() -> None:
    assert if_silence_is_worse(6, 2, 4, 1) == pytest.approx(0.75)
    assert if_silence_is_worse(6, 2, 4, 0.5) == pytest.approx((6 + 4 * 0.6) / 12)
    assert if_silence_is_worse(6, 2, 4, 0) == pytest.approx(0.5)


def test_all_held_where_known_says_nothing_worse_of_silence_until_it_is_all_bad() -> None:
    assert if_silence_is_worse(8, 0, 4, 0.1) == pytest.approx(1)
    assert if_silence_is_worse(8, 0, 4, 0) == pytest.approx(8 / 12)


def test_where_no_month_is_known_no_odds_can_be_multiplied() -> None:
    assert np.isnan(if_silence_is_worse([0.0], [0.0], [12.0], 0.5)).all()


def test_several_deltas_are_answered_at_once() -> None:
    assert if_silence_is_worse([[6.0], [3.0]], 2, 4, [1.0, 0.5, 0.0]).shape == (2, 3)


def test_odds_cannot_be_multiplied_by_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        if_silence_is_worse(6, 2, 4, -1)
