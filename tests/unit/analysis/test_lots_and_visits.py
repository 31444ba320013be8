"""Lots and visits: drawn again by anybody, from the seed alone."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from vungmanh.analysis.lots import draw, draw_order, start_years
from vungmanh.analysis.visiting import VisitRules, visits_due
from vungmanh.core.errors import InputError

UNITS = [f"u{number:03}" for number in range(200)]


def test_lots_are_the_order_of_sha256_of_seed_and_id() -> None:
    by_hand = sorted(UNITS, key=lambda one: hashlib.sha256(f"2026-03:{one}".encode()).hexdigest())
    assert draw_order("2026-03", UNITS) == tuple(by_hand)
    assert draw_order("2026-03", reversed(UNITS)) == tuple(by_hand)
    assert draw("2026-03", UNITS, 3) == tuple(by_hand[:3])


def test_lots_favour_nobody_over_many_seeds() -> None:
    first = Counter(draw(str(seed), "abcde", 1)[0] for seed in range(2000))
    assert set(first) == set("abcde")
    assert all(330 <= count <= 470 for count in first.values())


def test_another_seed_draws_otherwise() -> None:
    assert draw_order("1", UNITS) != draw_order("2", UNITS)


@pytest.mark.parametrize(
    ("seed", "ids", "count"), [(" ", ["a"], 1), ("1", ["a", "a"], 1), ("1", ["a"], 2)]
)
def test_lots_that_mean_nothing_are_refused(seed: str, ids: list[str], count: int) -> None:
    with pytest.raises(InputError, match="hãy"):
        draw(seed, ids, count)


def test_start_years_are_even_and_each_unit_has_one() -> None:
    years = start_years("7", UNITS, (2027, 2028, 2029))
    assert set(years) == set(UNITS)
    assert sorted(Counter(years.values()).values()) == [66, 67, 67]
    assert years[draw_order("7", UNITS)[0]] == 2027
    with pytest.raises(InputError, match="năm"):
        start_years("7", UNITS, ())


def test_visits_follow_risk_and_some_fall_by_lot_whatever_the_risk() -> None:
    risks = {unit: ("weak" if place < 20 else "fine") for place, unit in enumerate(UNITS)}
    due = visits_due(risks, VisitRules({"weak": 4, "fine": 0}, percent=10), "seed")
    assert [one.unit for one in due] == sorted(UNITS)
    assert sum(one.by_risk for one in due) == 80
    assert {one.unit for one in due if one.by_lot} == set(draw("seed", UNITS, 20))
    assert {one.total for one in due} <= {0, 1, 4, 5}


def test_visits_without_lots_need_no_seed() -> None:
    assert [one.total for one in visits_due({"a": "weak"}, VisitRules({"weak": 2}), "")] == [2]


def test_visits_of_an_unknown_risk_are_refused() -> None:
    with pytest.raises(InputError, match="“odd”"):
        visits_due({"a": "odd"}, VisitRules({"weak": 2}), "1")
    with pytest.raises(InputError, match="0 đến 100"):
        visits_due({"a": "weak"}, VisitRules({"weak": 2}, percent=101), "1")
