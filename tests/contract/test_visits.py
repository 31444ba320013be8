"""Visits of overseers: who may record them, what two writers merge to, what becomes a task."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event, RoleGrant, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import FiledVia, Reach, Role
from vungmanh.meetings.actions.meeting import write_meeting
from vungmanh.meetings.actions.visits import (
    VisitConflict,
    record_visit,
    task_from_visit,
    withdraw_visit,
    write_visit,
)
from vungmanh.meetings.models import Task, Visit, VisitChange
from vungmanh.meetings.visits import (
    charges_on,
    listed_visits,
    overseers_of,
    sitting_of,
    visit_visible,
    visits_visible,
)
from vungmanh.meetings.wishes import TaskWish

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
NOW = dt.datetime(2019, 11, 20, 3, tzinfo=dt.UTC)
DAY = dt.date(2019, 11, 5)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.fixture
def overseer(cast: Cast) -> User:
    return cast.user("phu-trach", Role.OVERSEER, CELL)


def seen_by(user: User, at: dt.datetime = NOW, role: Role | None = None) -> Viewer:
    return viewer_for(user, on=at.date(), role=role)


def visit(cast: Cast, user: User, **more: Any) -> Visit:
    said: dict[str, Any] = {
        "id": uuid4(), "unit_id": cast[CELL], "on": DAY, "attended": True,
        "found": "Họp đúng giờ, ít người phát biểu", "by": seen_by(user), "at": NOW,
    } | more  # fmt: skip
    return record_visit(**said)


def test_a_visit_is_kept_with_its_change_and_its_event(cast: Cast, overseer: User) -> None:
    made = visit(cast, overseer, agreed="Mỗi tổ chuẩn bị một ý kiến", by_plan=False)
    assert (made.overseer_id, made.on, made.attended, made.revision) == (overseer.pk, DAY, True, 1)
    [change] = VisitChange.objects.filter(visit=made)
    assert change.fields["agreed"] == [None, "Mỗi tổ chuẩn bị một ý kiến"]
    event = Event.objects.get(subject=f"visit:{made.pk}")
    assert (event.verb, event.data["unit"]) == ("visit.recorded", str(cast[CELL]))
    assert "ít người" not in str(event.data), "what was noted is not told in the event"
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitChange.objects.filter(pk=change.pk).update(reason="khác")


def test_the_same_visit_sent_again_changes_nothing(cast: Cast, overseer: User) -> None:
    key = uuid4()
    first, again = visit(cast, overseer, id=key), visit(cast, overseer, id=key)
    assert (first.pk, again.revision) == (again.pk, 1)
    assert Visit.objects.count() == VisitChange.objects.count() == 1


def test_a_second_record_of_the_day_merges_and_what_differs_is_told(
    cast: Cast, overseer: User
) -> None:
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    paper = visit(
        cast, office, overseer_id=overseer.pk, via=FiledVia.PAPER, found="Họp đúng giờ",
        put_right="Đã sửa sổ biên bản",
    )  # fmt: skip
    given: dict[str, Any] = {
        "visit_id": uuid4(), "unit_id": cast[CELL], "on": DAY, "by": seen_by(overseer), "at": NOW,
        "via": FiledVia.PHONE,
    }  # fmt: skip
    with pytest.raises(VisitConflict) as told:
        write_visit(**given, set={"attended": True, "found": "Họp muộn"}, was={})
    assert told.value.fields == {"found": ("Họp đúng giờ", "Họp muộn", None)}
    same = write_visit(**given, set={"attended": True, "agreed": "Họp trước 19 giờ"}, was={})
    assert (same.pk, same.revision, same.agreed) == (paper.pk, 2, "Họp trước 19 giờ")
    chosen = write_visit(**given, set={"found": "Họp muộn"}, was={"found": "Họp đúng giờ"})
    assert (chosen.found, chosen.put_right) == ("Họp muộn", "Đã sửa sổ biên bản")
    assert Visit.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "error", "code"),
    [
        (dt.date(2019, 11, 21), InputError, "day-to-come"),
        (dt.date(2019, 4, 30), InputError, "before-charge"),
        (dt.date(2019, 9, 1), NotAllowed, "not-in-charge"),
    ],
)
def test_a_day_without_the_charge_is_refused(
    cast: Cast, overseer: User, day: dt.date, error: type[Exception], code: str
) -> None:
    """In charge from May to July, and again from October."""
    grant = RoleGrant.objects.get(user=overseer)
    grant.valid = replace_days(dt.date(2019, 5, 1), dt.date(2019, 8, 1))
    grant.save()
    grant_role(
        user=overseer, role=Role.OVERSEER, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2019, 10, 1), by=None, at=NOW,
    )  # fmt: skip
    with pytest.raises(error) as told:
        visit(cast, overseer, on=day)
    assert told.value.code == code  # type: ignore[attr-defined]
    assert not Visit.objects.exists()
    assert visit(cast, overseer, on=dt.date(2019, 7, 31)).pk


def replace_days(first: dt.date, last: dt.date) -> DateRange:
    return DateRange(first, last)


def test_ones_own_cell_is_not_visited(cast: Cast, overseer: User) -> None:
    grant_role(
        user=overseer, role=Role.CELL_SECRETARY, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2019, 11, 1), by=None, at=NOW,
    )  # fmt: skip
    with pytest.raises(NotAllowed) as told:
        visit(cast, overseer, by=seen_by(overseer, role=Role.OVERSEER))
    assert told.value.code == "own-cell"
    before = visit(cast, overseer, by=seen_by(overseer, role=Role.OVERSEER),
                   on=dt.date(2019, 10, 31))  # fmt: skip
    assert before.pk, "before the own role in it the cell was another's"


def test_whoever_oversees_an_organisation_with_all_below_visits_its_cells(cast: Cast) -> None:
    user = cast.user("phu-trach-xa", None)
    grant_role(
        user=user, role=Role.OVERSEER, unit_id=cast[QUAN_MAU], reach=Reach.UNIT_AND_BELOW,
        valid_from=dt.date(2019, 1, 1), by=None, at=NOW,
    )  # fmt: skip
    assert visit(cast, user, unit_id=cast[THIRD]).unit_id == cast[THIRD]
    assert charges_on([user.pk], DAY)[user.pk] == {
        cast[one]: dt.date(2019, 1, 1) for one in (QUAN_MAU, *CELLS[QUAN_MAU])
    }
    assert overseers_of(cast[THIRD], DAY) == [(user.pk, "phu-trach-xa")]
    with pytest.raises(NotFound):
        visit(cast, user, unit_id=cast[CELLS[LANG_THU][0]])


WISH = TaskWish("Lập lại sổ biên bản", "Bí thư chi bộ", dt.date(2019, 12, 5), "Sổ đủ 12 tháng")


@pytest.mark.parametrize(
    ("role", "unit", "may"),
    [
        (Role.OVERSEER, CELL, True),
        (Role.COMMITTEE_OFFICE, QUAN_MAU, True),
        (Role.OVERSEER, OTHER, False),
        (Role.COMMITTEE_OFFICE, LANG_THU, False),
        (Role.PROVINCIAL_ANALYST, PROVINCE, False),
        (Role.STANDING_COMMITTEE, QUAN_MAU, False),
        (Role.CELL_SECRETARY, CELL, False),
        (Role.ADMINISTRATOR, PROVINCE, False),
        (None, QUAN_MAU, False),
    ],
)
def test_every_act_is_done_by_the_overseer_and_the_office_alone(
    cast: Cast, overseer: User, *, role: Role | None, unit: str, may: bool
) -> None:
    mine = (role, unit) == (Role.OVERSEER, CELL)
    by = seen_by(overseer if mine else cast.user("ai-do", role, unit))
    made = visit(cast, overseer)
    acts = (
        lambda: visit(cast, overseer, on=dt.date(2019, 11, 6), overseer_id=overseer.pk, by=by),
        lambda: task_from_visit(visit_id=made.pk, wish=WISH, by=by, at=NOW),
        lambda: withdraw_visit(visit_id=made.pk, reason="ghi nhầm chi bộ", by=by, at=NOW),
    )
    for act in acts:
        if may:
            assert act().pk
            continue
        with pytest.raises((NotAllowed, NotFound)):
            act()
    assert (Visit.objects.count(), Task.objects.count()) == ((2, 1) if may else (1, 0))


def test_an_overseer_does_not_touch_the_visit_of_another(cast: Cast, overseer: User) -> None:
    other = cast.user("phu-trach-hai", Role.OVERSEER, CELL)
    made = visit(cast, overseer)
    with pytest.raises(NotAllowed) as told:
        withdraw_visit(visit_id=made.pk, reason="không phải của mình", by=seen_by(other), at=NOW)
    assert told.value.code == "not-own-visit"
    with pytest.raises(NotAllowed):
        visit(cast, other, overseer_id=overseer.pk)
    with pytest.raises(Conflict) as reused:
        visit(cast, other, id=made.pk)
    assert reused.value.code == "id-reused"
    assert visit(cast, other).pk != made.pk, "two overseers may come on one day"


def test_an_office_names_who_went_and_the_charge_of_that_person_counts(cast: Cast) -> None:
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(InputError) as told:
        visit(cast, office)
    assert told.value.field == "overseer"
    with pytest.raises(NotAllowed) as refused:
        visit(cast, office, overseer_id=cast.user("khac", Role.OVERSEER, OTHER).pk)
    assert refused.value.code == "not-in-charge"


def test_a_withdrawn_visit_stays_to_be_read_and_the_day_is_free_again(
    cast: Cast, overseer: User
) -> None:
    made = visit(cast, overseer)
    gone = withdraw_visit(visit_id=made.pk, reason="ghi nhầm ngày", by=seen_by(overseer), at=NOW)
    assert (gone.withdrawn_reason, gone.revision) == ("ghi nhầm ngày", 2)
    assert not listed_visits(seen_by(overseer), NOW.date()).exists()
    assert visit_visible(seen_by(overseer), made.pk, NOW.date()).pk == made.pk
    for again in (
        lambda: withdraw_visit(visit_id=made.pk, reason="lần nữa", by=seen_by(overseer), at=NOW),
        lambda: visit(cast, overseer, id=made.pk),
        lambda: task_from_visit(visit_id=made.pk, wish=WISH, by=seen_by(overseer), at=NOW),
    ):
        with pytest.raises(NotNow):
            again()
    assert visit(cast, overseer).revision == 1


def test_what_was_found_becomes_a_task_of_the_unit(cast: Cast, overseer: User) -> None:
    made, key = visit(cast, overseer), uuid4()
    for _ in range(2):
        task = task_from_visit(
            visit_id=made.pk, wish=WISH, task_id=key, by=seen_by(overseer), at=NOW
        )
    assert (task.unit_id, task.visit_id, task.steps.count()) == (cast[CELL], made.pk, 1)
    assert Event.objects.get(verb="task.given").data["visit"] == str(made.pk)
    with pytest.raises(InputError):
        task_from_visit(
            visit_id=made.pk, wish=replace(WISH, due_on=dt.date(2019, 11, 1)),
            by=seen_by(overseer), at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"found": "x" * 1001}, "found"),
        ({"meeting": str(uuid4())}, "meeting"),
        ({"attended": None}, "attended"),
        ({"by_plan": "có"}, "by_plan"),
        ({"grade": 3}, ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, overseer: User, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputError) as told:
        write_visit(
            visit_id=uuid4(), unit_id=cast[CELL], on=DAY, set={"attended": True} | said, was={},
            by=seen_by(overseer), at=NOW, via=FiledVia.PHONE,
        )  # fmt: skip
    assert (told.value.field or "") == field
    assert not Visit.objects.exists()


def test_the_day_of_a_visit_is_not_moved(cast: Cast, overseer: User) -> None:
    made = visit(cast, overseer)
    with pytest.raises(InputError) as told:
        visit(cast, overseer, id=made.pk, on=dt.date(2019, 11, 6))
    assert (told.value.field, told.value.code) == ("on", "other-day")


def test_the_sitting_attended_is_found_once_its_record_comes(cast: Cast, overseer: User) -> None:
    made = visit(cast, overseer)
    assert sitting_of(made) is None
    secretary = cast.user("bi-thu", Role.CELL_SECRETARY, CELL)
    held = write_meeting(
        unit_id=cast[CELL], kind="regular", month=dt.date(2019, 11, 1),
        set={"outcome": "held", "held_on": "2019-11-05"},
        was={"outcome": None, "held_on": None}, by=seen_by(secretary), at=NOW, via=FiledVia.WEB,
    )  # fmt: skip
    assert sitting_of(made) == held
    named = visit(cast, overseer, id=made.pk, meeting_id=UUID(str(held.pk)))
    assert (named.meeting_id, sitting_of(named)) == (held.pk, held)
    absent = visit(cast, overseer, on=dt.date(2019, 11, 6), attended=False)
    assert sitting_of(absent) is None


def test_visits_are_seen_within_sight_only(cast: Cast, overseer: User) -> None:
    made, today = visit(cast, overseer), NOW.date()
    for role, unit in ((Role.CELL_SECRETARY, CELL), (Role.STANDING_COMMITTEE, QUAN_MAU)):
        viewer = seen_by(cast.user(f"x{role}", role, unit))
        assert [one.pk for one in listed_visits(viewer, today, year=2019)] == [made.pk]
    neighbour = seen_by(cast.user("ke-ben", Role.COMMITTEE_OFFICE, LANG_THU))
    assert not visits_visible(neighbour, today).exists()
    with pytest.raises(NotFound):
        visit_visible(neighbour, made.pk, today)
