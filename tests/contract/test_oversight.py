"""Plans of who oversees which cell: drafted, changed, approved into grants, withdrawn."""

from __future__ import annotations

import copy
import datetime as dt
import random
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL
from tests.support_story import Support, make_support
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import Hat, Viewer
from vungmanh.analysis.assigning.model import PlanGoal
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, VungManhError
from vungmanh.core.programme_words import PlanState
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.models import Appointment, MembershipCount, UnitParent, UnitVersion
from vungmanh.rulebook.values.programmes import MeasureProof
from vungmanh.strengthening.actions import oversight_hand
from vungmanh.strengthening.actions.oversight import (
    approve_plan,
    change_line,
    draft_plan,
    return_plan,
    submit_plan,
    withdraw_plan,
)
from vungmanh.strengthening.assigning import compute, given_of, price_of, recompute_plan
from vungmanh.strengthening.assigning_records import CellCover, OverseerAsked, PlanAsked
from vungmanh.strengthening.models import FileMeasure, OversightPlan
from vungmanh.strengthening.proofs import proofs_of

pytestmark = pytest.mark.django_db
TODAY = AT.date()
FROM, UNTIL = dt.date(2026, 12, 1), dt.date(2027, 12, 1)
NA, DOI, AN = CELLS[QUAN_MAU]
WHY = "Đồng chí này ở gần và quen việc của thôn."


class Office:
    """The office of Quan Mẫu, its standing committee, and three who may oversee."""

    def __init__(self) -> None:
        self.story: Support = make_support()
        self.cast = self.story.cast
        self.desk = self.story.who(Role.COMMITTEE_OFFICE, QUAN_MAU, "van.phong")
        self.board = self.story.who(Role.STANDING_COMMITTEE, QUAN_MAU, "thuong.vu.xa")
        self.people = [self.cast.user(f"cap.uy.{n}", None) for n in (1, 2, 3)]

    def asked(self, *people: User, **more: Any) -> PlanAsked:
        chosen = tuple(OverseerAsked(one.pk, 2, experienced=True) for one in people or self.people)
        return replace(PlanAsked(FROM, UNTIL, chosen, CellCover.ALL), **more)

    def draft(self, *people: User, **more: Any) -> OversightPlan:
        return draft_plan(
            unit_id=self.cast[QUAN_MAU], asked=self.asked(*people, **more), by=self.desk, at=AT
        )

    def act(self, action: Any, plan: OversightPlan, by: Viewer | None = None, **said: Any) -> Any:
        plan.refresh_from_db()
        given = {"revision": plan.revision, "by": by or self.desk, "at": AT} | said
        return action(plan_id=plan.pk, **given)

    def approved(self, plan: OversightPlan, **more: Any) -> OversightPlan:
        self.act(submit_plan, plan)
        said = {"number": "5-QĐ/ĐU", "decided_on": TODAY} | more
        made: OversightPlan = self.act(approve_plan, plan, self.board, **said)
        return made

    def charges(self, cell: str, on: dt.date) -> set[UUID]:
        found = RoleGrant.objects.filter(
            role=Role.OVERSEER, unit_id=self.cast[cell], valid__contains=on
        )
        return set(found.values_list("user_id", flat=True))

    def refused(self, kind: type[VungManhError], code: str, action: Any, *given: Any, **said: Any
                ) -> str:  # fmt: skip
        with pytest.raises(kind) as caught:
            self.act(action, *given, **said)
        assert caught.value.code == code, caught.value.message
        return caught.value.message


@pytest.fixture
def office(db: None) -> Office:
    return Office()


def end_cell(office: Office, name: str, day: dt.date) -> None:
    """The cell lives until the day before."""
    for model in (UnitParent, Appointment, MembershipCount, UnitVersion):
        model.objects.filter(unit_id=office.cast[name]).update(
            valid=DateRange(dt.date(2016, 1, 1), day)
        )


def test_a_plan_from_draft_to_grants_and_back(office: Office) -> None:
    cast, one = office.cast, office.people[0]
    grant_role(
        user=one, role=Role.OVERSEER, unit_id=cast[NA], reach=Reach.UNIT,
        valid_from=dt.date(2020, 1, 1), by=None, at=AT,
    )  # fmt: skip
    plan = office.draft()
    lines = {line.unit_id: line for line in plan.lines.all()}
    assert set(lines) == {cast[name] for name in (NA, DOI, AN)}
    assert all(line.overseer_id == line.planned_id is not None for line in lines.values())
    assert lines[cast[NA]].before_id == one.pk == lines[cast[NA]].overseer_id  # nothing is changed
    goals = {goal: (value, bound) for goal, value, bound in plan.result["computed"]["goals"]}
    assert goals["unassigned"] == (0, 0)
    assert goals["heaviest"] == (1, 1)
    assert plan.result["computed"]["unknown_ways"] == 3

    other = next(p for p in office.people if p.pk != lines[cast[DOI]].overseer_id)
    office.refused(InputError, "bad-text", change_line, plan, unit_id=cast[DOI],
                   overseer_id=other.pk, reason="vì")  # fmt: skip
    office.act(change_line, plan, unit_id=cast[DOI], overseer_id=other.pk, reason=WHY)
    plan.refresh_from_db()
    price = price_of(plan, given_of(plan))
    lost = {each.goal: each.lost for each in price.goals}
    assert lost[PlanGoal.HEAVIEST] == 1  # two cells for one person
    assert not price.breaches

    office.approved(plan)
    plan.refresh_from_db()
    assert (plan.state, plan.number) == (PlanState.APPROVED, "5-QĐ/ĐU")
    assert office.charges(NA, FROM - dt.timedelta(days=1)) == {one.pk}
    assert office.charges(DOI, FROM) == {other.pk}
    assert office.charges(DOI, UNTIL) == set()
    given = RoleGrant.objects.filter(pk__in=plan.result["given"])
    assert {(g.valid.lower, g.valid.upper) for g in given} == {(FROM, UNTIL)}
    verbs = Event.objects.filter(subject=f"oversight_plan:{plan.pk}").order_by("id")
    assert [event.verb.split(".")[1] for event in verbs] == [
        "drafted", "line_changed", "submitted", "approved",
    ]  # fmt: skip

    office.refused(NotAllowed, "not-allowed", withdraw_plan, plan, reason=WHY)
    day = dt.date(2027, 3, 1)
    office.refused(InputError, "bad-day", withdraw_plan, plan, office.board, reason=WHY,
                   from_day=UNTIL)  # fmt: skip
    office.act(withdraw_plan, plan, office.board, reason=WHY, from_day=day)
    assert office.charges(DOI, day - dt.timedelta(days=1)) == {other.pk}
    assert office.charges(DOI, day) == set()


def test_who_may_and_who_never_does(office: Office) -> None:
    cast, plan = office.cast, office.draft()
    other = office.story.who(Role.COMMITTEE_OFFICE, LANG_THU, "noi.khac")
    for action in (submit_plan, approve_plan):
        said = {"number": "1", "decided_on": TODAY} if action is approve_plan else {}
        kind = NotFound if action is submit_plan else NotAllowed
        with pytest.raises(kind):  # an office of elsewhere, and an office that approves
            office.act(action, plan, other, **said)
    with pytest.raises(NotFound):
        draft_plan(unit_id=cast[QUAN_MAU], asked=office.asked(), by=other, at=AT)
    with pytest.raises(NotAllowed):  # the province's office sees it, and does not plan for it
        draft_plan(unit_id=cast[QUAN_MAU], asked=office.asked(), by=office.story.desk, at=AT)
    for role in (Role.OVERSEER, Role.CELL_SECRETARY, Role.STANDING_COMMITTEE, Role.ADMINISTRATOR):
        who = office.story.who(role, QUAN_MAU, f"thu.{role.value}")
        with pytest.raises(NotAllowed):
            draft_plan(unit_id=cast[QUAN_MAU], asked=office.asked(), by=who, at=AT)

    office.act(submit_plan, plan)
    office.refused(NotNow, "plan-state", change_line, plan, unit_id=cast[NA], overseer_id=None,
                   reason=WHY)  # fmt: skip
    # The same person, now on the standing committee, or lending the role to it.
    double = replace(office.board, user=office.desk.user)
    decide = {"number": "5-QĐ/ĐU", "decided_on": TODAY}
    office.refused(NotAllowed, "asked-it", approve_plan, plan, double, **decide)
    with pytest.raises(Conflict):
        office.act(approve_plan, plan, office.board, **decide, revision=1)
    late = decide | {"decided_on": TODAY + dt.timedelta(days=1)}
    office.refused(InputError, "bad-day", approve_plan, plan, office.board, **late)
    far = office.story.who(Role.STANDING_COMMITTEE, LANG_THU, "thuong.vu.khac")
    office.refused(NotFound, "no-plan", approve_plan, plan, far, **decide)

    office.act(return_plan, plan, office.board, reason="Cân nhắc lại chi bộ thôn Nà Mẫu.")
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert plan.result["returned"].startswith("Cân nhắc")
    # Put forward in the name of the one who would decide.
    lent = replace(office.desk, hat=Hat(Role.COMMITTEE_OFFICE, office.board.user))
    office.act(submit_plan, plan, lent)
    office.refused(NotAllowed, "asked-it", approve_plan, plan, office.board, **decide)
    office.act(withdraw_plan, plan, reason="Lập lại sau khi bổ sung người.")
    office.refused(NotNow, "plan-state", submit_plan, plan)
    assert not any(office.charges(cell, FROM) for cell in (NA, DOI, AN))


def test_walls_that_no_hand_breaks(office: Office) -> None:
    cast = office.cast
    secretary = office.story.who(Role.CELL_SECRETARY, NA, "bi.thu").user
    rater = office.story.who(Role.COMMITTEE_OFFICE, QUAN_MAU, "nguoi.xep.loai").user
    free, gone = office.people[:2]
    plan = office.draft(secretary, rater, free, gone)
    given = given_of(plan)
    assert rater.pk not in given.values()
    assert given[cast[NA]] != secretary.pk

    def change(cell: str, user: User) -> str:
        return office.refused(NotNow, "line-barred", change_line, plan, unit_id=cast[cell],
                              overseer_id=user.pk, reason=WHY)  # fmt: skip

    assert "chi bộ mình sinh hoạt" in change(NA, secretary)
    assert "không xếp loại" in change(DOI, rater)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    cell = next(name for name in (NA, DOI, AN) if given[cast[name]] != gone.pk)
    assert "chọn người khác" in change(cell, gone)
    stranger = cast.user("ngoai", None)
    office.refused(InputError, "no-overseer", change_line, plan, unit_id=cast[NA],
                   overseer_id=stranger.pk, reason=WHY)  # fmt: skip
    office.refused(InputError, "no-line", change_line, plan, unit_id=cast[SCHOOL],
                   overseer_id=free.pk, reason=WHY)  # fmt: skip
    with pytest.raises(InputError) as left:
        office.draft(free, gone)
    assert left.value.code == "overseer-left"
    assert "cap.uy.2" in left.value.message
    for wrong, code in (
        ({"valid_from": TODAY - dt.timedelta(days=1)}, "bad-day"),
        ({"valid_until": FROM}, "bad-day"),
        ({"overseers": ()}, "bad-people"),
        ({"overseers": (OverseerAsked(free.pk, 99),)}, "bad-number"),
        ({"ways": {(free.pk, cast[NA]): -1}}, "bad-number"),
        ({"cells": frozenset({cast[SCHOOL]})}, "unit-gone"),
    ):
        with pytest.raises(InputError) as caught:
            draft_plan(unit_id=cast[QUAN_MAU], asked=replace(office.asked(free), **wrong),
                       by=office.desk, at=AT)  # fmt: skip
        assert caught.value.code == code


def test_what_changed_meanwhile_stops_the_approval_and_names_the_line(office: Office) -> None:
    cast, (one, two, three) = office.cast, office.people
    decide = {"number": "5-QĐ/ĐU", "decided_on": TODAY}
    plan = office.draft(one)
    computed = plan.result["computed"]
    assert [item["cell"] for item in computed["unassigned"]]  # two at most for one person
    assert computed["relaxing"]["relaxations"] == [
        {"rule": "load", "overseer": str(one.pk), "cell": "", "amount": 1}
    ]
    open_line = plan.lines.get(overseer=None)
    assert "hết chỗ" in open_line.why

    plan = office.draft()
    office.act(submit_plan, plan)
    late = grant_role(user=two, role=Role.OVERSEER, unit_id=cast[NA], reach=Reach.UNIT,
                      valid_from=TODAY, by=None, at=AT)  # fmt: skip
    message = office.refused(NotNow, "plan-stale", approve_plan, plan, office.board, **decide)
    assert NA in message
    late.delete()
    User.objects.filter(pk=three.pk).update(is_active=False)
    message = office.refused(NotNow, "line-barred", approve_plan, plan, office.board, **decide)
    assert "cap.uy.3" in message
    User.objects.filter(pk=three.pk).update(is_active=True)
    end_cell(office, AN, FROM)
    message = office.refused(NotNow, "line-barred", approve_plan, plan, office.board, **decide)
    assert "cơ cấu mới" in message
    assert not RoleGrant.objects.filter(role=Role.OVERSEER).exists()  # nothing was done by halves

    # One cell alone; and what was granted for later is not overwritten.
    small = office.draft(one, cover=CellCover.NAMED, cells=frozenset({cast[NA]}))
    office.approved(small)
    assert office.charges(NA, FROM) == {one.pk}
    again = office.draft(two, cover=CellCover.NAMED, cells=frozenset({cast[NA]}),
                         valid_from=FROM - dt.timedelta(days=9))  # fmt: skip
    office.act(submit_plan, again)
    office.refused(NotNow, "charge-to-come", approve_plan, again, office.board, **decide)
    office.act(withdraw_plan, small, office.board, reason="Thay bằng kế hoạch khác.")
    assert office.charges(NA, FROM) == set()
    office.act(approve_plan, again, office.board, **decide)
    assert office.charges(NA, FROM) == {two.pk}


def test_the_same_records_in_any_order_give_the_same_plan(office: Office) -> None:
    cast, people = office.cast, list(office.people)
    ways = {(who.pk, cast[cell]): 1000 * (place + at) for place, who in enumerate(people)
            for at, cell in enumerate((NA, DOI, AN))}  # fmt: skip
    plan = office.draft(ways=ways, languages={cast[NA]: frozenset({"Tày"})})
    assert plan.result["computed"]["unassigned"][0]["kept_away"] == [["language", 3]]
    shuffled = copy.deepcopy(plan.inputs)
    for name in ("overseers", "cells", "ways"):
        random.Random(3).shuffle(shuffled[name])
    assert compute(shuffled) == plan.result["computed"]
    again = office.draft(*reversed(people), languages={cast[NA]: frozenset({"Tày"})})
    assert again.input_hash == plan.input_hash  # the ways were told before and are remembered
    assert recompute_plan(plan).is_equal
    plan.result["computed"]["goals"][3][1] += 1
    found = recompute_plan(plan)
    assert found.inputs_hold
    assert found.differences[0].startswith("goals[3][1]: ")
    plan.inputs["overseers"][0]["most"] = 0
    assert not recompute_plan(plan).inputs_hold


def test_an_approved_plan_proves_that_overseers_were_attached(office: Office) -> None:
    file = office.story.file()
    plan = office.draft(cover=CellCover.FILES)  # only Quan Mẫu is being strengthened
    assert all(cell["is_hard"] and cell["in_file"] for cell in plan.inputs["cells"])
    measure = FileMeasure(file=file, starts_on=TODAY)
    assert proofs_of(measure, MeasureProof.OVERSIGHT, FROM) == []
    plan = office.approved(plan)
    proofs = proofs_of(measure, MeasureProof.OVERSIGHT, FROM)
    assert {proof.id for proof in proofs} == {str(pk) for pk in plan.result["given"]}
    assert all(proof.on == FROM for proof in proofs)
    above = draft_plan(  # the province plans for itself, and finds them in charge
        unit_id=office.cast[PROVINCE], asked=office.asked(), by=office.story.desk, at=AT
    )
    assert {tuple(cell["current"]) for cell in above.inputs["cells"]} != {()}


def test_where_people_are_short_the_experienced_have_hard_cells_first() -> None:
    """A cell of a unit in focused support is not the one left open while others have somebody."""
    person = {"most": 2, "elsewhere": 0, "own": [], "grades": [], "avoids": [], "languages": []}
    inputs = {
        "rules": {"max_hard": None, "most_extra": 12},
        "overseers": [person | {"id": "a", "experienced": True},
                      person | {"id": "b", "experienced": False}],
        "cells": [
            {"id": name, "code": name, "is_hard": name >= "w", "languages": [], "current": []}
            for name in "cdefgwxyz"
        ],
        "ways": [],
    }  # fmt: skip
    found = compute(inputs)
    hard = {one["cell"]: one["overseer"] for one in found["charges"] if one["cell"] >= "w"}
    assert list(hard.values()) == ["a", "a"]
    assert len(found["unassigned"]) == 5
    assert found["goals"][1] == ["uncovered", 0, 0]


def test_a_person_short_of_room_keeps_the_cells_that_are_theirs() -> None:
    """Cells left open stay with whoever has them: given others to the brim, that is too many."""
    person = {"id": "a", "most": 2, "elsewhere": 0, "own": [], "grades": ["g"], "avoids": [],
              "languages": [], "experienced": True}  # fmt: skip
    inputs = {
        "rules": {"max_hard": None, "most_extra": 12}, "overseers": [person],
        "cells": [
            {"id": name, "code": name, "is_hard": True, "languages": [],
             "current": ["a"] if name in "gyz" else []}
            for name in "cdgyz"
        ],
        "ways": [],
    }  # fmt: skip
    found = compute(inputs)
    assert {one["cell"] for one in found["charges"]} == {"y", "z"}  # not g: they rate it
    assert found["goals"][-1] == ["changes", 0, 0]


def test_whoever_has_the_cell_goes_on_and_nobody_approves_their_own(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = TODAY - dt.timedelta(days=400)
    held = grant_role(
        user=office.people[0], role=Role.OVERSEER, unit_id=office.cast[NA], reach=Reach.UNIT,
        valid_from=since, by=None, at=AT,
    )  # fmt: skip
    plan = office.draft()
    assert plan.lines.get(unit_id=office.cast[NA]).overseer_id == office.people[0].pk
    office.act(submit_plan, plan)
    said = {"number": "5-QĐ/ĐU", "decided_on": TODAY}
    other = plan.lines.get(unit_id=office.cast[DOI])
    plan.lines.filter(pk=other.pk).update(overseer=office.board.user)
    with pytest.raises(NotAllowed, match="không tự duyệt"):
        office.act(approve_plan, plan, office.board, **said)
    plan.lines.filter(pk=other.pk).update(overseer=other.overseer_id)
    with monkeypatch.context() as patch:
        patch.setattr(oversight_hand, "most_cells", lambda on: 0)
        with pytest.raises(NotNow, match="kể cả nơi đang giữ ngoài kế hoạch"):
            office.act(approve_plan, plan, office.board, **said)
    office.act(approve_plan, plan, office.board, **said)
    kept = RoleGrant.objects.filter(role=Role.OVERSEER, unit_id=office.cast[NA]).get()
    assert (kept.pk, kept.valid) == (held.pk, DateRange(since, UNTIL))
