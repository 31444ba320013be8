"""The planner against every plan there is, on small made-up questions."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from vungmanh.analysis import naive_assigning as naive
from vungmanh.analysis.assigning.judging import judge_plan
from vungmanh.analysis.assigning.model import (
    AssigningRules,
    Cell,
    Distances,
    Overseer,
    OverseerPlan,
    Planning,
)
from vungmanh.analysis.assigning.planning import plan_overseers
from vungmanh.analysis.assigning.searching import Effort

SEARCHED = Effort(whole=0, pairs=1)


def question(seed: int) -> Planning:
    """Up to 3 people and 5 cells, tight and crossed by rules."""
    chance = random.Random(seed)
    places = {name: (chance.randrange(9) * 100, chance.randrange(9) * 100) for name in "stuvw"}
    cells = tuple(
        Cell(
            id=f"c{number}",
            code=f"{number}",
            place=chance.choice("stuvwx"),
            weight=chance.randint(1, 5),
            is_hard=chance.random() < 0.4,
            languages=frozenset({"tay"}) if chance.random() < 0.2 else frozenset(),
            current=frozenset(chance.sample(["o0", "o1", "gone"], chance.randint(0, 1))),
            wants=2 if chance.random() < 0.15 else 1,
        )
        for number in range(chance.randint(1, 5))
    )
    some = [cell.id for cell in cells]
    people = tuple(
        Overseer(
            id=f"o{number}",
            code=f"{number}",
            place=chance.choice("stuvw"),
            max_load=chance.randint(0, 9),
            experienced=chance.random() < 0.5,
            own_cells=frozenset({chance.choice(some)}),
            kin=frozenset(chance.sample(some, chance.randint(0, 1))),
            languages=frozenset({"tay"}) if chance.random() < 0.5 else frozenset(),
        )
        for number in range(chance.randint(1, 3))
    )
    rules = AssigningRules(max_hard=chance.choice([None, 1]), language=chance.random() < 0.8)
    return Planning(people, cells, Distances(places), rules)


def given_by(planning: Planning, plan: OverseerPlan) -> dict[str, tuple[str, ...]]:
    held = defaultdict(list)
    for cell, overseer in plan.pairs:
        held[cell].append(overseer)
    return {cell.id: tuple(held[cell.id]) for cell in planning.cells}


@pytest.mark.parametrize("first", range(0, 160, 20))
def test_a_small_question_is_answered_with_the_best_plan_there_is(first: int) -> None:
    for seed in range(first, first + 20):
        planning = question(seed)
        plan = plan_overseers(planning)
        best = naive.best(planning)
        assert tuple(goal.value for goal in plan.goals) == best, seed
        assert all(goal.is_proven for goal in plan.goals), seed
        assert naive.price(planning, given_by(planning, plan)) == best, seed


@pytest.mark.parametrize("first", range(1000, 1080, 20))
def test_the_search_keeps_every_rule_and_its_bounds_hold(first: int) -> None:
    for seed in range(first, first + 20):
        planning = question(seed)
        plan = plan_overseers(planning, SEARCHED)
        best = naive.best(planning)
        values = tuple(goal.value for goal in plan.goals)
        assert plan.breaches == (), seed
        assert naive.keeps_room(planning, given_by(planning, plan)), seed
        assert naive.price(planning, given_by(planning, plan)) == values, seed
        assert values >= best, seed
        for place, goal in enumerate(plan.goals):
            if values[:place] == best[:place]:
                assert goal.bound <= best[place], (seed, goal)


def test_the_search_finds_the_fewest_open_seats_nearly_always() -> None:
    worse = 0
    for seed in range(2000, 2060):
        planning = question(seed)
        plan = plan_overseers(planning, SEARCHED)
        worse += plan.goals[0].value > naive.best(planning)[0]
    assert worse <= 6


@pytest.mark.parametrize("effort", [Effort(), SEARCHED], ids=["whole", "searched"])
def test_a_shuffled_question_has_the_same_answer(effort: Effort) -> None:
    for seed in range(3000, 3015):
        planning = question(seed)
        chance = random.Random(seed)
        people, cells = list(planning.overseers), list(planning.cells)
        chance.shuffle(people)
        chance.shuffle(cells)
        other = Planning(tuple(people), tuple(cells), planning.distances, planning.rules)
        assert plan_overseers(other, effort) == plan_overseers(planning, effort), seed


def test_relaxing_what_is_named_fills_every_seat_and_nothing_less_does() -> None:
    """Loads only: raising the people named is enough, and no fewer people would be."""
    named = 0
    for seed in range(4000, 4060):
        loose = question(seed)
        cells = tuple(Cell(c.id, c.code, c.place, c.weight) for c in loose.cells)
        people = tuple(Overseer(o.id, o.code, o.place, o.max_load) for o in loose.overseers)
        planning = Planning(people, cells, loose.distances)
        relaxing = plan_overseers(planning).relaxing
        if relaxing is None:
            continue
        named += 1
        assert len(relaxing.relaxations) == relaxing.least == 1, seed
        more = {one.overseer: one.amount for one in relaxing.relaxations}
        assert open_seats(planning, more) == 0, seed
        for overseer, amount in more.items():
            assert open_seats(planning, {**more, overseer: amount - 1}) > 0, seed
        lone = next(iter(more.values())) - 1
        assert all(open_seats(planning, {one.id: lone}) for one in people), seed
    assert named >= 15


def open_seats(planning: Planning, more: dict[str, int]) -> int:
    people = tuple(
        Overseer(one.id, one.code, one.place, one.max_load + more.get(one.id, 0))
        for one in planning.overseers
    )
    return naive.best(Planning(people, planning.cells, planning.distances, planning.rules))[0]


def test_a_plan_judged_again_says_the_same() -> None:
    for seed in range(5000, 5020):
        planning = question(seed)
        plan = plan_overseers(planning)
        again = judge_plan(planning, reversed(plan.pairs), against=plan)
        assert (again.charges, again.loads, again.goals) == (plan.charges, plan.loads, plan.goals)
