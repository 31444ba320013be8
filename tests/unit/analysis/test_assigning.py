"""The planner on stories one can follow with a finger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vungmanh.analysis.assigning.judging import judge_plan
from vungmanh.analysis.assigning.model import (
    AssigningRule,
    AssigningRules,
    Cell,
    ChargeReason,
    Distances,
    Overseer,
    PlanGoal,
    Planning,
    Relaxation,
)
from vungmanh.analysis.assigning.planning import plan_overseers
from vungmanh.analysis.assigning.searching import Effort
from vungmanh.core.errors import InputError

ROAD = Distances({name: (1000.0 * place, 0.0) for place, name in enumerate("abcdef")})


def overseer(name: str, place: str, max_load: int = 10, **more: object) -> Overseer:
    return Overseer(name, name, place, max_load, **more)  # type: ignore[arg-type]


def cell(name: str, place: str, weight: int = 1, **more: object) -> Cell:
    return Cell(name, name, place, weight, **more)  # type: ignore[arg-type]


def planning(people: list[Overseer], cells: list[Cell], **rules: object) -> Planning:
    return Planning(tuple(people), tuple(cells), ROAD, AssigningRules(**rules))  # type: ignore[arg-type]


def test_the_nearest_goes_unless_it_is_the_own_cell() -> None:
    asked = planning(
        [overseer("an", "a", own_cells=frozenset({"x"})), overseer("binh", "f")],
        [cell("x", "a"), cell("y", "f")],
    )
    plan = plan_overseers(asked)
    assert plan.pairs == (("x", "binh"), ("y", "an"))
    assert plan.value(PlanGoal.DISTANCE) == 10_000
    assert plan.charges[0].reasons[0] is ChargeReason.ONLY_ONE
    assert plan.charges[1].nearer == 1


def test_a_hard_case_goes_to_experience_even_when_far() -> None:
    asked = planning(
        [overseer("an", "a"), overseer("binh", "f", experienced=True)],
        [cell("x", "a", is_hard=True), cell("y", "f")],
    )
    plan = plan_overseers(asked)
    assert dict(plan.pairs) == {"x": "binh", "y": "an"}
    assert ChargeReason.EXPERIENCED in plan.charges[0].reasons


def test_who_does_it_now_stays_where_ways_are_equal() -> None:
    people = [overseer("an", "a"), overseer("binh", "a")]
    cells = [
        cell("x", "b", current=frozenset({"binh"})),
        cell("y", "b", current=frozenset({"an"})),
    ]
    plan = plan_overseers(planning(people, cells))
    assert dict(plan.pairs) == {"x": "binh", "y": "an"}
    assert plan.value(PlanGoal.CHANGES) == 0
    fresh = plan_overseers(planning(people, [cell("x", "b"), cell("y", "b")]))
    assert dict(fresh.pairs) == {"x": "an", "y": "binh"}


def test_a_level_load_comes_before_ways_unless_the_province_spares_it() -> None:
    people = [overseer("an", "a"), overseer("binh", "f")]
    cells = [cell(name, "a") for name in "wxyz"]
    assert plan_overseers(planning(people, cells)).value(PlanGoal.HEAVIEST) == 2
    spared = plan_overseers(planning(people, cells, spare_load=2))
    assert spared.value(PlanGoal.HEAVIEST) == 4
    assert spared.value(PlanGoal.DISTANCE) == 0


def test_a_cell_that_nobody_may_have_is_named_with_the_rules_and_the_wall() -> None:
    kept = overseer("an", "a", kin=frozenset({"x"}))
    plan = plan_overseers(planning([kept], [cell("x", "a"), cell("y", "a")]))
    assert [one.cell for one in plan.unassigned] == ["x"]
    assert plan.unassigned[0].kept_away == ((AssigningRule.KIN, 1),)
    assert plan.relaxing is not None
    assert plan.relaxing.relaxations == (Relaxation(AssigningRule.KIN, "an", "x", 1),)


def test_a_language_is_relaxed_before_a_wall() -> None:
    people = [
        overseer("an", "a"),
        overseer("binh", "a", languages=frozenset({"tay"}), grades=frozenset({"x"})),
    ]
    plan = plan_overseers(planning(people, [cell("x", "a", languages=frozenset({"tay"}))]))
    assert plan.relaxing is not None
    assert plan.relaxing.relaxations == (Relaxation(AssigningRule.LANGUAGE, "", "x", 1),)
    free = plan_overseers(
        planning(people, [cell("x", "a", languages=frozenset({"tay"}))], language=False)
    )
    assert free.pairs == (("x", "an"),)


def test_relaxing_keeps_to_what_one_person_may_take_more() -> None:
    people = [overseer("an", "a", 2), overseer("binh", "a", 2)]
    cells = [cell(name, "a") for name in "rstuvwx"]
    plan = plan_overseers(planning(people, cells, most_extra=2))
    assert plan.relaxing is not None
    assert sum(one.amount for one in plan.relaxing.relaxations) == 3
    assert {one.overseer for one in plan.relaxing.relaxations} == {"an", "binh"}
    short = plan_overseers(planning(people, cells, most_extra=1))
    assert short.relaxing is not None
    assert short.relaxing.still_unassigned == 1


def test_an_unknown_way_is_the_farthest_and_never_nothing() -> None:
    plan = plan_overseers(
        planning([overseer("an", "nowhere"), overseer("binh", "f")], [cell("x", "a")])
    )
    assert plan.value(PlanGoal.DISTANCE) == 5000
    only = plan_overseers(planning([overseer("an", "nowhere")], [cell("x", "a")]))
    assert only.unknown_ways == 1
    assert only.charges[0].metres is None


def test_a_table_of_ways_wins_over_the_straight_line() -> None:
    ways = Distances({"a": (0.0, 0.0), "b": (30.0, 40.0)}, {("b", "a"): 900})
    assert ways.between("a", "b") == 900
    assert Distances({"a": (0.0, 0.0), "b": (30.0, 40.0)}).between("a", "b") == 50
    assert ways.between("a", "z") is None


def test_a_plan_changed_by_hand_is_priced_and_what_it_breaks_is_named() -> None:
    asked = planning(
        [overseer("an", "a", 1, own_cells=frozenset({"x"})), overseer("binh", "f")],
        [cell("x", "a"), cell("y", "f")],
        max_hard=0,
    )
    best = plan_overseers(asked)
    changed = judge_plan(asked, [("x", "an"), ("y", "an")], against=best)
    named = {(breach.rule, breach.cell, breach.amount) for breach in changed.breaches}
    assert named == {(AssigningRule.OWN_CELL, "x", 1), (AssigningRule.LOAD, "", 1)}
    assert changed.value(PlanGoal.HEAVIEST) == 2
    assert changed.goals[2].bound == 1
    dropped = judge_plan(asked, [("y", "an")])
    assert [one.cell for one in dropped.unassigned] == ["x"]


@pytest.mark.parametrize("pairs", [[("x", "gone")], [("gone", "an")], [("x", "an"), ("x", "an")]])
def test_a_plan_with_somebody_unknown_or_twice_is_refused(pairs: list[tuple[str, str]]) -> None:
    asked = planning([overseer("an", "a")], [cell("x", "a")])
    with pytest.raises(InputError, match="hãy"):
        judge_plan(asked, pairs)


def test_a_question_that_contradicts_itself_is_refused() -> None:
    an, x = overseer("an", "a"), cell("x", "a")
    for wrong in (
        planning([an, an], [x]),
        planning([an], [x, x]),
        planning([replace(an, max_load=-1)], [x]),
        planning([an], [replace(x, weight=0)]),
    ):
        with pytest.raises(InputError, match="hãy"):
            plan_overseers(wrong)


def test_nobody_to_ask_leaves_every_cell_named() -> None:
    plan = plan_overseers(planning([], [cell("x", "a"), cell("y", "b")]))
    assert [one.cell for one in plan.unassigned] == ["x", "y"]
    assert plan_overseers(planning([overseer("an", "a")], [])).pairs == ()


def test_a_district_is_searched_within_its_rules_and_near_its_bound() -> None:
    draw = np.random.default_rng(7)
    at = {f"p{one}": tuple(draw.uniform(0, 50_000, 2)) for one in range(92)}
    people = tuple(
        Overseer(f"o{one}", f"{one:02}", f"p{one}", 24, own_cells=frozenset({f"c{one}"}))
        for one in range(12)
    )
    cells = tuple(
        Cell(f"c{one}", f"{one:02}", f"p{one + 12}", int(draw.integers(1, 6))) for one in range(80)
    )
    asked = Planning(people, cells, Distances(at), AssigningRules(spare_load=4))
    effort = Effort(pairs=1000)
    plan = plan_overseers(asked, effort)
    assert plan.unassigned == ()
    assert plan.breaches == ()
    distance = plan.goals[3]
    assert distance.goal is PlanGoal.DISTANCE
    assert 0 <= distance.gap < 0.02
    turned = Planning(people[::-1], cells[::-1], asked.distances, asked.rules)
    assert plan_overseers(turned, effort) == plan
