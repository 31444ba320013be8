"""Choosing: the order of need, its limits, the grey zone; judged by a slow clerk."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from vungmanh.analysis import lots
from vungmanh.analysis.choosing import Candidate, Choosing, Terms, Why, choose, draw

TERMS = Terms(year=2017, capacity=4, bad_periods=2, not_again_years=2)


def unit(code: str, **said: object) -> Candidate:
    base = Candidate(
        id=code, code=code, area="A", kind="village", size=20, cells=3, is_silent=False,
        is_weak=True, bad_periods=2, heavy=0, probability=0.9, reported=1.0,
    )  # fmt: skip
    return replace(base, **said)  # type: ignore[arg-type]


def ids(places: object) -> list[str]:
    return [one.candidate.id for one in places]  # type: ignore[attr-defined]


def drawn(seed: int, n: int = 30) -> list[Candidate]:
    dice = random.Random(seed)
    found = []
    for number in range(n):
        rank = dice.randint(1, n)
        found.append(
            unit(
                f"{number:02}",
                area=dice.choice("ABC"),
                kind=dice.choice(["village", "school"]),
                size=dice.randint(3, 40),
                cells=dice.randint(1, 6),
                is_silent=dice.random() < 0.2,
                is_weak=dice.random() < 0.8,
                bad_periods=dice.randint(1, 3),
                heavy=dice.randint(0, 2),
                probability=dice.choice([None, round(dice.random(), 3)]),
                reported=dice.random(),
                rank=rank,
                rank_low=max(1, rank - dice.randint(0, 4)),
                rank_high=rank + dice.randint(0, 4),
                ended_year=dice.choice([None, None, 2014, 2016]),
                has_open_file=dice.random() < 0.1,
                may_still_answer=dice.random() < 0.1,
                is_promised=dice.random() < 0.1,
            )
        )
    return found


TERMS_TRIED = [
    TERMS,
    replace(TERMS, capacity=8, silent_percent=25),
    replace(TERMS, capacity=8, most_in_area=2),
    replace(TERMS, capacity=10, overseen_cells=12, least_of_kind={"school": 2}),
    replace(TERMS, capacity=9, most_in_area=4, overseen_cells=25, silent_percent=20),
    replace(TERMS, capacity=6, shares_of_areas={"A": 1, "B": 2, "C": 3}),
    replace(TERMS, capacity=0),
]
DRAWN = {0, 1, 4}  # of them, whose cut may be chance


def able(one: Candidate, terms: Terms) -> bool:
    """Whether a unit may be chosen at all, whatever the places."""
    recent = one.ended_year is not None and terms.year - one.ended_year <= terms.not_again_years
    barred = one.is_silent or one.has_open_file or one.may_still_answer or recent
    return not barred and one.is_weak and one.bad_periods >= terms.bad_periods


def fits(one: Candidate, chosen: list[Candidate], terms: Terms) -> bool:
    """Whether the limits of area and overseers let a unit join those chosen."""
    in_area = sum(other.area == one.area for other in chosen)
    cells = sum(other.cells for other in chosen) + one.cells
    return (
        (terms.most_in_area is None or in_area < terms.most_in_area)
        and (terms.shares_of_areas is None or in_area < terms.shares_of_areas[one.area])
        and (terms.overseen_cells is None or cells <= terms.overseen_cells)
    )


def places_of(units: list[Candidate], terms: Terms) -> int:
    kept = math.ceil(terms.capacity * terms.silent_percent / 100)
    kept = max(min(kept, terms.capacity - 1), 0)
    return terms.capacity - min(kept, sum(one.is_silent and not one.has_open_file for one in units))


def weaker(one: Candidate, other: Candidate) -> bool:
    if one.heavy != other.heavy:
        return one.heavy > other.heavy
    left, right = (
        -1 if two.probability is None else round(two.probability, 4) for two in (one, other)
    )
    if left != right:
        return left > right
    return one.size > other.size if one.size != other.size else one.code < other.code


def weakest(of: list[Candidate]) -> Candidate:
    best = of[0]
    for one in of[1:]:
        if weaker(one, best):
            best = one
    return best


def by_hand(units: list[Candidate], terms: Terms) -> list[str]:
    """A clerk with a list, a rubber and a bag of limits: who is chosen, in order of need."""
    rest, chosen = list(units), []
    places = places_of(units, terms)

    def take(of: list[Candidate]) -> bool:
        may = [one for one in of if able(one, terms) and fits(one, chosen, terms)]
        if not may or len(chosen) >= places:
            return False
        chosen.append(weakest(may))
        rest.remove(chosen[-1])
        return True

    while take([one for one in rest if one.is_promised]):
        pass
    for kind, least in sorted(terms.least_of_kind.items()):
        while sum(one.kind == kind for one in chosen) < least:
            if not take([one for one in rest if one.kind == kind]):
                break
    while take(rest):
        pass
    order = []
    while chosen:
        order.append(weakest(chosen))
        chosen.remove(order[-1])
    return [one.id for one in order]


@pytest.mark.parametrize("terms", TERMS_TRIED)
def test_every_draw_keeps_every_limit_and_wastes_no_place(terms: Terms) -> None:
    drew = 0
    for seed in range(40):
        units = [replace(one, rank_low=1, rank_high=30) for one in drawn(seed)]
        found = choose(units, terms)
        known = {one.id: one for one in units}
        for lot in "abc":
            won = draw(found, terms, lots.draw_order(lot, found.grey))
            ids_won = [one for one, why in won.items() if why is Why.CHOSEN]
            sure = [one for one in ids(found.chosen) if one not in found.grey]
            bag: list[Candidate] = []
            for one in sorted(sure + ids_won, key=lambda one: known[one].cells):
                assert able(known[one], terms)
                assert fits(known[one], bag, terms)
                bag.append(known[one])
            assert len(bag) <= places_of(units, terms)
            left = [one for one in units if able(one, terms) and one not in bag]
            is_full = len(bag) == places_of(units, terms)
            assert is_full or not any(fits(one, bag, terms) for one in left)
            drew += bool(found.grey)
    # Where areas have their shares, or the capacity was enough, nobody is near the cut.
    assert bool(drew) == (TERMS_TRIED.index(terms) in DRAWN)


def test_whom_a_limit_keeps_out_draws_no_lot() -> None:
    wide = {"rank": 2, "rank_low": 1, "rank_high": 9}
    units = [unit("1", **wide), unit("2", area="B", **wide), unit("3", **wide)]
    most = replace(TERMS, capacity=2, most_in_area=1)
    assert choose(units, most).grey == ()
    assert [one.why for one in choose(units, most).near] == [Why.AREA_FULL]
    units.append(unit("4", area="C", **wide))
    found = choose(units, most)
    assert found.grey == ("1", "2", "4")
    cells = replace(TERMS, capacity=2, overseen_cells=6)
    assert choose([*units[:2], unit("5", cells=30, **wide)], cells).grey == ()


def test_a_promise_of_the_year_before_is_kept_while_the_unit_still_qualifies() -> None:
    units = [unit("a", heavy=3), unit("b", heavy=2), unit("z", is_promised=True)]
    found = choose([*units, unit("y", is_promised=True, is_weak=False)], replace(TERMS, capacity=2))
    assert {one.candidate.id: one.why for one in found.chosen} == {
        "a": Why.CHOSEN, "z": Why.PROMISED,
    }  # fmt: skip
    assert [one.why for one in found.others] == [Why.NOT_WEAK]


def test_a_small_capacity_keeps_a_place_for_silence_and_one_to_choose() -> None:
    units = [unit("a"), unit("b"), unit("s", is_silent=True, reported=0.1)]
    helped = unit("h", is_silent=True, reported=0.0, has_open_file=True)
    for capacity, verified in ((3, ["s"]), (1, [])):
        terms = replace(TERMS, capacity=capacity, silent_percent=20)
        found = choose([*units, helped], terms)
        assert ids(found.verify) == verified
        assert {one.candidate.id: one.why for one in found.others}["h"] is Why.BEING_HELPED


@pytest.mark.parametrize("terms", TERMS_TRIED)
def test_a_clerk_with_the_list_chooses_the_same(terms: Terms) -> None:
    for seed in range(40):
        units = drawn(seed)
        assert ids(choose(units, terms).chosen) == by_hand(units, terms), seed


@pytest.mark.parametrize("terms", TERMS_TRIED)
def test_the_order_in_which_units_are_given_changes_nothing(terms: Terms) -> None:
    for seed in range(20):
        units = drawn(seed)
        first = choose(units, terms)
        random.Random(seed).shuffle(units)
        assert choose(units, terms) == first


@pytest.mark.parametrize("terms", TERMS_TRIED)
def test_everybody_has_one_place_and_one_reason(terms: Terms) -> None:
    for seed in range(20):
        units = drawn(seed)
        found = choose(units, terms)
        assert sorted(ids(found.table)) == sorted(one.id for one in units)
        assert sorted(one.number for one in found.table) == list(range(1, len(units) + 1))


def test_a_heavy_reason_goes_before_any_probability() -> None:
    found = choose(
        [unit("sure", heavy=1, probability=None), unit("likely", probability=1.0)], TERMS
    )
    assert ids(found.chosen) == ["sure", "likely"]


def test_one_bad_period_is_not_enough() -> None:
    (other,) = choose([unit("once", bad_periods=1)], TERMS).others
    assert other.why is Why.TOO_FEW_PERIODS
    once = replace(TERMS, bad_periods=1)
    assert ids(choose([unit("once", bad_periods=1)], once).chosen) == ["once"]


def test_whoever_was_helped_lately_or_is_helped_now_is_left_out() -> None:
    units = [unit("now", has_open_file=True), unit("lately", ended_year=2015)]
    assert [one.why for one in choose(units, TERMS).others] == [Why.NOT_AGAIN, Why.BEING_HELPED]
    assert ids(choose([unit("long", ended_year=2014)], TERMS).chosen) == ["long"]


def test_nobody_is_chosen_who_may_still_answer() -> None:
    (other,) = choose([unit("young", may_still_answer=True)], TERMS).others
    assert other.why is Why.MAY_STILL_ANSWER


def test_silence_is_verified_with_capacity_kept_for_it_and_never_ranked() -> None:
    units = [unit(f"w{n}") for n in range(6)]
    units += [unit(f"s{n}", is_silent=True, reported=n / 10) for n in range(3)]
    found = choose(units, replace(TERMS, capacity=5, silent_percent=40))
    assert ids(found.verify) == ["s0", "s1"]
    assert len(found.chosen) == 3
    assert {one.why for one in found.others} == {Why.VERIFY_LATER}


def test_capacity_kept_for_silence_is_not_lost_when_nobody_is_silent() -> None:
    units = [unit(f"w{n}") for n in range(6)]
    assert len(choose(units, replace(TERMS, capacity=5, silent_percent=40)).chosen) == 5


def grey_case() -> Choosing:
    units = [
        unit(
            f"{n}", probability=0.99 - n / 100, rank=n + 1,
            rank_low=max(1, n - 1), rank_high=n + 3,
        )
        for n in range(8)
    ]  # fmt: skip
    return choose(units, TERMS)


def test_the_grey_zone_lies_on_both_sides_of_the_cut() -> None:
    found = grey_case()
    assert ids(found.chosen) == ["0", "1", "2", "3"]
    assert found.grey == ("1", "2", "3", "4", "5")
    assert found.grey_places == 3


def test_without_anybody_left_out_by_capacity_there_is_no_grey_zone() -> None:
    units = [unit("a", rank=1, rank_low=1, rank_high=3), unit("b", rank=2, rank_low=1, rank_high=3)]
    assert choose(units, TERMS).grey == ()
    full = replace(TERMS, most_in_area=1)
    assert [one.why for one in choose(units, full).near] == [Why.AREA_FULL]
    assert choose(units, full).grey == ()


def test_more_heavy_reasons_are_never_in_a_grey_zone_with_fewer() -> None:
    wide = {"rank_low": 1, "rank_high": 9}
    units = [unit(f"h{n}", heavy=1, rank=n, **wide) for n in range(4)]
    units += [unit(f"l{n}", heavy=0, rank=n, **wide) for n in range(4)]
    assert choose(units, TERMS).grey == ()
