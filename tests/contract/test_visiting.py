"""The plan of visits of a year, and what overseers attended of what they were to attend."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.support_story import make_support
from vungmanh.access import wall
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.lots import draw
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import Reach, Role, Status
from vungmanh.meetings.actions.visits import record_visit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import StatusVisits, VisitFrequency
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.visiting import plan_visits
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.overseeing import overseers_visible, years_of_overseers
from vungmanh.strengthening.visiting import (
    is_drawn_alike,
    plan_inputs,
    plan_lines,
    visited_so_far,
)

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
NOW = dt.datetime(2019, 11, 20, 3, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


def seen_by(cast: Cast, role: Role = Role.COMMITTEE_OFFICE, unit: str = QUAN_MAU) -> Viewer:
    return viewer_for(cast.user(f"nguoi{uuid4().hex[:6]}", role, unit), on=TODAY)


def overseer(cast: Cast, name: str, *cells: str) -> User:
    user = cast.user(name, Role.OVERSEER, cells[0])
    for cell in cells[1:]:
        grant_role(
            user=user, role=Role.OVERSEER, unit_id=cast[cell], reach=Reach.UNIT,
            valid_from=dt.date(2018, 1, 1), by=None, at=NOW,
        )  # fmt: skip
    return user


def visit(cast: Cast, user: User, cell: str, on: dt.date, **more: Any) -> None:
    given: dict[str, Any] = {"id": uuid4(), "unit_id": cast[cell], "on": on, "attended": True}
    record_visit(**(given | more), by=viewer_for(user, on=TODAY), at=NOW)


# --- drawing -------------------------------------------------------------------------------------

A_YEAR = {Status.WEAK: 6, Status.WATCH: 3, Status.NORMAL: 1}
RULE = VisitFrequency(tuple(StatusVisits(one, n) for one, n in A_YEAR.items()), 10)


def test_the_status_says_how_often_and_the_lots_one_more_of_the_quiet_ones() -> None:
    statuses: dict[str, str | None] = {f"c{n:02}": "normal" for n in range(21)}
    statuses |= {"yeu": "weak", "theo": "watch"}
    lines = plan_lines(plan_inputs(statuses, RULE, "5e"))
    asked = {line["unit"]: line["by_status"] for line in lines}
    assert (asked["yeu"], asked["theo"], asked["c00"]) == (6, 3, 1)
    drawn = [line["unit"] for line in lines if line["drawn"]]
    assert drawn == sorted(draw("5e", [f"c{n:02}" for n in range(21)], 3)), "10% of 21, rounded up"


def test_the_same_seed_draws_the_same_whatever_the_order_of_the_cells() -> None:
    names = [f"c{n}" for n in range(50)]
    plans = []
    for turn in range(5):
        random.Random(turn).shuffle(names)
        plans.append(plan_lines(plan_inputs(dict.fromkeys(names, "normal"), RULE, "ab")))
    assert plans == [plans[0]] * 5
    assert plan_lines(plan_inputs(dict.fromkeys(names, "normal"), RULE, "cd")) != plans[0]


def test_a_cell_that_was_never_assessed_is_asked_for_nothing_and_may_be_drawn() -> None:
    [line] = plan_lines(plan_inputs({"c": None}, RULE, "ab"))
    assert (line["by_status"], line["drawn"]) == (0, True)
    assert plan_lines(plan_inputs({}, RULE, "ab")) == []


def test_a_plan_is_drawn_once_a_year_and_again_from_what_it_kept(cast: Cast) -> None:
    for cell in (CELL, OTHER):
        cast.hold(cell, 2019, held=10, not_held=0)
    assess_months(months=[dt.date(2019, 10, 1)], by=None, at=AT)
    office = seen_by(cast)
    plan = plan_visits(unit_id=cast[QUAN_MAU], year=2020, by=office, at=NOW)
    rule = load_rulebook().on(TODAY).of(VisitFrequency)
    assert {line["unit"] for line in plan.lines} == {str(cast[cell]) for cell in CELLS[QUAN_MAU]}
    assert all(line["by_status"] == rule.a_year(Status(line["status"])) for line in plan.lines)
    assert (plan.month, len(plan.seed), plan.rule) == (
        dt.date(2019, 10, 1), 32, "MAU-tan-suat-kiem-tra",
    )  # fmt: skip
    plan.refresh_from_db()
    assert is_drawn_alike(plan)
    plan.inputs["seed"] = "ff"
    with pytest.raises(NotNow) as told:
        plan_visits(unit_id=cast[QUAN_MAU], year=2020, by=office, at=NOW)
    assert told.value.code == "plan-made"
    with pytest.raises(InputError):
        plan_visits(unit_id=cast[QUAN_MAU], year=2022, by=office, at=NOW)


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        (Role.COMMITTEE_OFFICE, QUAN_MAU, True),
        (Role.PROVINCIAL_ANALYST, PROVINCE, True),
        (Role.COMMITTEE_OFFICE, LANG_THU, False),
        (Role.STANDING_COMMITTEE, QUAN_MAU, False),
        (Role.OVERSEER, CELL, False),
        (Role.CELL_SECRETARY, CELL, False),
    ],
)
def test_only_the_staff_of_the_committee_draws(
    cast: Cast, *, role: Role, unit: str, may: bool
) -> None:
    by = seen_by(cast, role, unit)
    if may:
        assert plan_visits(unit_id=cast[QUAN_MAU], year=2019, by=by, at=NOW).pk
        return
    with pytest.raises((NotAllowed, NotFound)):
        plan_visits(unit_id=cast[QUAN_MAU], year=2019, by=by, at=NOW)


def test_a_plan_tells_what_is_still_to_be_visited(cast: Cast) -> None:
    user, office = overseer(cast, "mot", CELL), seen_by(cast)
    plan = plan_visits(unit_id=cast[QUAN_MAU], year=2019, by=office, at=NOW)
    before = {one.name: one for one in visited_so_far(office, plan, TODAY)}
    visit(cast, user, CELL, dt.date(2019, 3, 5))
    visit(cast, user, CELL, dt.date(2018, 3, 5))
    after = {one.name: one for one in visited_so_far(office, plan, TODAY)}
    assert sorted(after) == sorted(CELLS[QUAN_MAU])
    assert (before[CELL].done, after[CELL].done, after[OTHER].done) == (0, 1, 0)
    assert after[CELL].left == max(0, after[CELL].wanted - 1)
    assert not visited_so_far(seen_by(cast, unit=LANG_THU), plan, TODAY)


# --- attendances ---------------------------------------------------------------------------------


def the_year(viewer: Viewer, on: dt.date = TODAY) -> dict[str, Any]:
    with wall.behind(viewer, on, since=wall.EVER):
        people = overseers_visible(viewer, on)
        return {one.name: one for one in years_of_overseers(viewer, people, on.year, on)}


def test_overseers_stand_by_name_with_their_quota(cast: Cast) -> None:
    for name, cells in (("Ước", (CELL, OTHER)), ("Án", (THIRD,)), ("Đức", (OTHER,))):
        user = overseer(cast, name, *cells)
        visit(cast, user, cells[0], dt.date(2019, 5, 5))
        visit(cast, user, cells[0], dt.date(2019, 6, 5), attended=False)
    found = the_year(seen_by(cast))
    assert list(found) == ["Án", "Đức", "Ước"], "in the order of the alphabet, not of figures"
    uoc = found["Ước"]
    assert (uoc.visits, uoc.attended, uoc.quota, uoc.left) == (2, 1, 6, 5)
    assert uoc.committee == "Đảng bộ xã, phường"
    assert [(one.name, one.visits) for one in uoc.units] == [(OTHER, 0), (CELL, 2)]
    assert not the_year(seen_by(cast, unit=LANG_THU))


def test_who_oversees_over_two_communes_owes_what_the_province_asks(cast: Cast) -> None:
    overseer(cast, "tỉnh ủy viên", CELL, CELLS[LANG_THU][0])
    found = the_year(seen_by(cast, Role.PROVINCIAL_ANALYST, PROVINCE))["tỉnh ủy viên"]
    assert (found.quota, found.committee) == (2, "Đảng bộ tỉnh")
    cut = the_year(seen_by(cast))["tỉnh ủy viên"]
    assert [one.name for one in cut.units] == [CELL], "an office reads of its own units only"


def test_an_overseer_reads_the_own_year(cast: Cast) -> None:
    user = overseer(cast, "mot", CELL)
    visit(cast, user, CELL, dt.date(2019, 5, 5))
    own = the_year(viewer_for(user, on=TODAY))["mot"]
    assert (own.attended, own.quota) == (1, 6), "the kind of the committee above is known to him"


def test_below_an_organisation_in_focused_support_every_meeting_is_to_be_attended() -> None:
    story = make_support()
    cast = story.cast
    SupportFile.objects.filter(pk=story.file().pk).update(entered_on=dt.date(2019, 6, 1))
    user = overseer(cast, "mot", CELL, CELLS[LANG_THU][0])
    for cell in (CELL, CELLS[LANG_THU][0]):
        cast.hold(cell, 2019, held=9, not_held=1)
    visit(cast, user, CELL, dt.date(2019, 5, 5))
    visit(cast, user, CELL, dt.date(2019, 7, 5))
    visit(cast, user, CELL, dt.date(2019, 8, 5), attended=False)
    for viewer in (viewer_for(user, on=TODAY), seen_by(cast, Role.STANDING_COMMITTEE, PROVINCE)):
        one = the_year(viewer)["mot"]
        units = {unit.name: unit for unit in one.units}
        assert (units[CELL].held, units[CELL].held_attended) == (4, 1), "June to September"
        assert units[CELLS[LANG_THU][0]].held is None
        assert (one.attended, one.missed) == (2, 3)


def test_a_charge_that_began_later_owes_no_earlier_meeting() -> None:
    story = make_support()
    cast = story.cast
    SupportFile.objects.filter(pk=story.file().pk).update(entered_on=dt.date(2019, 1, 1))
    cast.hold(CELL, 2019, held=9, not_held=1)
    user = cast.user("moi", None)
    grant_role(
        user=user, role=Role.OVERSEER, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2019, 8, 1), by=None, at=NOW,
    )  # fmt: skip
    [unit] = the_year(viewer_for(user, on=TODAY))["moi"].units
    assert (unit.since, unit.held) == (dt.date(2019, 8, 1), 2)


def test_the_list_asks_as_often_for_many_as_for_one(cast: Cast) -> None:
    viewer = seen_by(cast)
    counts = []
    for name, cells in (("mot", (CELL,)), ("hai", (OTHER, THIRD)), ("ba", (CELL, THIRD))):
        visit(cast, overseer(cast, name, *cells), cells[0], dt.date(2019, 5, 5))
        with CaptureQueriesContext(connection) as asked:
            the_year(viewer)
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
