"""Tasks of a cell: given, reported by several hands, closed with their output, carried, dropped."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, QUAN_MAU, Cast, make_cast
from tests.contract.tasks_story import (
    CELL,
    NEIGHBOUR,
    NOW,
    PROOF,
    SECOND,
    TODAY,
    acting,
    at,
    given_task,
    meet,
    wish,
)
from tests.contract.test_reform_engine import Desk
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import behind
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import FiledVia, ObligationKind, Role, TaskState
from vungmanh.meetings.actions.meeting import file_meeting, retract_meeting, write_meeting
from vungmanh.meetings.actions.tasks import (
    close_task,
    drop_task,
    give_task,
    reopen_task,
    report_task,
)
from vungmanh.meetings.merging import FieldConflict
from vungmanh.meetings.models import Meeting, MeetingReport, MovedMonth, Task, TaskStep
from vungmanh.meetings.tasks import (
    carried_of,
    done_share,
    month_counts,
    open_tasks,
    reviewed_share,
    tasks_visible,
)
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import Merge

pytestmark = pytest.mark.django_db
AUGUST = dt.date(2019, 8, 1)
DUE = dt.date(2019, 8, 15)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def secretary(cast: Cast) -> Viewer:
    return acting(cast, Role.CELL_SECRETARY, CELL)


def report(task: Task, by: Viewer, said: dict[str, Any], was: dict[str, Any] | None = None) -> Task:
    return report_task(task_id=task.pk, set=said, was=was or {}, by=by, at=NOW)


# --- giving ------------------------------------------------------------------------------------


def test_a_task_given_is_open_with_its_first_step_and_one_event(cast: Cast) -> None:
    task = given_task(cast, due=DUE)
    assert (task.state, task.revision) == (TaskState.OPEN, 1)
    assert [step.revision for step in task.steps.all()] == [1]
    [event] = Event.objects.filter(subject=f"task:{task.pk}")
    assert event.verb == "task.given"
    assert event.personal == {"title": "Sửa mương thôn", "owner": "Bí thư"}


def test_the_same_task_from_a_phone_twice_is_one_and_another_with_its_id_is_refused(
    cast: Cast, secretary: Viewer
) -> None:
    key = uuid4()
    for _again in range(2):
        give_task(
            unit_id=cast[CELL], wish=wish(due=DUE, given=DUE), task_id=key, by=secretary, at=NOW,
            via=FiledVia.PHONE,
        )  # fmt: skip
    assert Task.objects.count() == 1
    assert TaskStep.objects.count() == 1
    with pytest.raises(Conflict) as caught:
        give_task(
            unit_id=cast[CELL], wish=wish("Việc khác", due=DUE, given=DUE), task_id=key,
            by=secretary, at=NOW,
        )  # fmt: skip
    assert caught.value.code == "id-reused"


REFUSED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("title", "no-title", {"title": "  "}),
    ("owner", "no-owner", {"owner": "\u202e"}),
    ("output", "too-long", {"output": "x" * 301}),
    ("due_on", "due-before-given", {"due_on": TODAY - dt.timedelta(days=1)}),
    ("due_on", "due-too-far", {"due_on": dt.date(2091, 1, 1)}),
    ("given_on", "bad-day", {"given_on": TODAY + dt.timedelta(days=1)}),
    ("given_on", "bad-day", {"given_on": dt.date(219, 9, 1)}),
)


def test_a_task_that_cannot_be_is_refused_at_its_field(cast: Cast, secretary: Viewer) -> None:
    for field, code, said in REFUSED:
        mistaken = replace(wish(due=dt.date(2019, 12, 1)), **said)
        with pytest.raises(InputError) as caught:
            give_task(unit_id=cast[CELL], wish=mistaken, by=secretary, at=NOW)
        assert (caught.value.field, caught.value.code) == (field, code)
    assert not Task.objects.exists()


def test_nobody_gives_tasks_to_a_unit_that_is_not_theirs(cast: Cast, secretary: Viewer) -> None:
    for viewer in (secretary, acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)):
        with pytest.raises(NotFound):
            give_task(unit_id=cast[NEIGHBOUR], wish=wish(due=TODAY), by=viewer, at=NOW)
    overseer = acting(cast, Role.OVERSEER, CELL)
    with pytest.raises(NotAllowed):
        give_task(unit_id=cast[CELL], wish=wish(due=TODAY), by=overseer, at=NOW)


# --- reporting ---------------------------------------------------------------------------------


def test_two_hands_that_report_different_fields_lose_nothing(cast: Cast, secretary: Viewer) -> None:
    task = given_task(cast, due=DUE)
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    report(task, secretary, {"percent": 40}, {"percent": None})
    report(task, office, {"note": "Chờ xi măng."}, {"note": ""})
    task.refresh_from_db()
    assert (task.percent, task.note, task.revision) == (40, "Chờ xi măng.", 3)


def test_the_same_field_reported_twice_is_a_conflict_that_shows_both(
    cast: Cast, secretary: Viewer
) -> None:
    task = given_task(cast, due=DUE)
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    report(task, office, {"percent": 60})
    with pytest.raises(FieldConflict) as caught:
        report(task, secretary, {"percent": 30, "note": "Mới đào."})
    assert caught.value.fields == {"percent": (60, 30, None)}
    task.refresh_from_db()
    assert (task.percent, task.note) == (60, "")
    report(task, secretary, {"percent": 30, "note": "Mới đào."}, {"percent": 60})
    task.refresh_from_db()
    assert task.percent == 30


def test_saying_again_what_stands_changes_nothing(cast: Cast, secretary: Viewer) -> None:
    task = given_task(cast, due=DUE)
    report(task, secretary, {"percent": 40})
    report(task, secretary, {"percent": 40}, {"percent": 10})
    task.refresh_from_db()
    assert task.revision == 2
    assert Event.objects.filter(verb="task.reported").count() == 1


def test_a_task_closes_only_with_its_output(cast: Cast, secretary: Viewer) -> None:
    task = given_task(cast, due=DUE, given=dt.date(2019, 8, 1))
    with pytest.raises(InputError, match="Biên bản nghiệm thu") as caught:
        report(task, secretary, {"state": "done"}, {"state": "open"})
    assert (caught.value.field, caught.value.code) == ("proof", "no-proof")
    close_task(task_id=task.pk, proof=PROOF, done_on=dt.date(2019, 8, 14), by=secretary, at=NOW)
    task.refresh_from_db()
    assert (task.state, task.ended_on, task.percent) == ("done", dt.date(2019, 8, 14), 100)
    assert Event.objects.filter(verb="task.closed").count() == 1


def test_nothing_was_done_before_it_was_given_or_after_today(cast: Cast, secretary: Viewer) -> None:
    task = given_task(cast, due=DUE, given=DUE - dt.timedelta(days=30))
    for day in (DUE - dt.timedelta(days=40), TODAY + dt.timedelta(days=1)):
        with pytest.raises(InputError) as caught:
            close_task(task_id=task.pk, proof=PROOF, done_on=day, by=secretary, at=NOW)
        assert caught.value.field == "done_on"
    with pytest.raises(InputError) as caught:
        report(task, secretary, {"done_on": "2019-08-20"})
    assert (caught.value.field, caught.value.code) == ("done_on", "not-done")


def test_two_who_close_at_once_keep_one_proof_and_see_the_other(
    cast: Cast, secretary: Viewer
) -> None:
    task = given_task(cast, due=DUE)
    said, was = {"state": "done", "proof": PROOF}, {"state": "open"}
    report(task, secretary, said, was)
    report(task, secretary, said, was)  # the same again: already so
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(FieldConflict) as caught:
        report(task, office, {"state": "done", "proof": "Ảnh chụp."}, was)
    assert set(caught.value.fields) == {"proof"}


def test_what_has_ended_is_reported_on_only_after_reopening_with_a_reason(
    cast: Cast, secretary: Viewer
) -> None:
    task = given_task(cast, due=DUE)
    close_task(task_id=task.pk, proof=PROOF, by=secretary, at=NOW)
    with pytest.raises(NotNow):
        report(task, secretary, {"note": "Còn sót."})
    with pytest.raises(InputError):
        reopen_task(task_id=task.pk, reason=" ", by=secretary, at=NOW)
    reopen_task(task_id=task.pk, reason="Mương sạt lại.", by=secretary, at=NOW)
    task.refresh_from_db()
    assert (task.state, task.ended_on, task.proof, task.percent) == ("open", None, PROOF, None)
    with pytest.raises(NotNow):
        reopen_task(task_id=task.pk, reason="Lần nữa.", by=secretary, at=NOW)


def test_a_task_is_dropped_with_a_reason_and_once(cast: Cast, secretary: Viewer) -> None:
    task = given_task(cast, due=DUE)
    with pytest.raises(InputError):
        drop_task(task_id=task.pk, reason="", by=secretary, at=NOW)
    drop_task(task_id=task.pk, reason="Huyện đã làm thay.", by=secretary, at=NOW)
    with pytest.raises(NotNow):
        drop_task(task_id=task.pk, reason="Lần nữa.", by=secretary, at=NOW)
    assert task.steps.last().reason == "Huyện đã làm thay."


def test_who_may_look_may_not_report(cast: Cast) -> None:
    task = given_task(cast, due=DUE)
    with pytest.raises(NotAllowed):
        report(task, acting(cast, Role.OVERSEER, CELL), {"percent": 10})
    with pytest.raises(NotAllowed, match="Chỉ đơn vị được giao"):
        report(task, acting(cast, Role.PROVINCIAL_ANALYST), {"percent": 10})
    for role, unit in ((Role.COMMITTEE_OFFICE, LANG_THU), (Role.CELL_SECRETARY, SECOND)):
        with pytest.raises(NotFound):
            report(task, acting(cast, role, unit), {"percent": 10})


def test_steps_are_never_rewritten(cast: Cast) -> None:
    step = given_task(cast, due=DUE).steps.get()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TaskStep.objects.filter(pk=step.pk).update(reason="khác")


def test_the_wall_lets_through_what_the_rule_lets_through(cast: Cast, secretary: Viewer) -> None:
    given_task(cast, due=DUE)
    given_task(cast, NEIGHBOUR, due=DUE)
    for viewer in (secretary, acting(cast, Role.PROVINCIAL_ANALYST)):
        ruled = set(tasks_visible(viewer, TODAY).values_list("pk", flat=True))
        with behind(viewer, TODAY):
            assert set(Task.objects.values_list("pk", flat=True)) == ruled
            assert set(TaskStep.objects.values_list("task_id", flat=True)) == ruled
    assert len(ruled) == 2


# --- carried, due, done ------------------------------------------------------------------------


def test_open_tasks_come_with_how_often_they_were_carried(cast: Cast, secretary: Viewer) -> None:
    meet(cast, CELL, dt.date(2019, 7, 5), dt.date(2019, 8, 5), dt.date(2019, 9, 5))
    late = given_task(cast, due=dt.date(2019, 7, 20), given=dt.date(2019, 7, 5))
    given_task(cast, due=dt.date(2019, 10, 1), title="Kết nạp đảng viên")
    done = given_task(cast, due=DUE, title="Thu đảng phí", given=DUE)
    close_task(task_id=done.pk, proof=PROOF, by=secretary, at=NOW)
    found = open_tasks([cast[CELL], cast[SECOND]], TODAY)
    assert [(one.title, one.carried, one.is_overdue) for one in found] == [
        ("Sửa mương thôn", 2, True),
        ("Kết nạp đảng viên", 0, False),
    ]
    assert [one.carried for one in open_tasks([cast[CELL]], dt.date(2019, 8, 6))] == [1]
    assert carried_of([late], TODAY) == {late.pk: 2}


def test_a_meeting_without_its_day_carries_nothing_due_within_its_month(cast: Cast) -> None:
    meet(cast, CELL, dt.date(2019, 8, 5))
    MeetingReport.objects.update(held_on=None)
    within = given_task(cast, due=dt.date(2019, 8, 2), given=dt.date(2019, 8, 1))
    before = given_task(cast, due=dt.date(2019, 7, 31), given=dt.date(2019, 7, 1), title="Khác")
    assert carried_of([within, before], TODAY) == {within.pk: 0, before.pk: 1}


def test_the_result_of_the_last_resolution_is_computed_from_its_tasks(
    cast: Cast, secretary: Viewer
) -> None:
    meet(cast, CELL, dt.date(2019, 8, 5))
    begun = dt.date(2019, 7, 1)
    for title, due, done in (
        ("Xong trước kỳ trước", dt.date(2019, 7, 20), dt.date(2019, 7, 19)),
        ("Xong đúng hạn", DUE, dt.date(2019, 8, 10)),
        ("Xong muộn", dt.date(2019, 8, 1), dt.date(2019, 8, 20)),
        ("Chưa xong", dt.date(2019, 8, 25), None),
        ("Chưa đến hạn", dt.date(2019, 10, 1), None),
    ):
        task = given_task(cast, due=due, given=begun, title=title)
        if done:
            close_task(task_id=task.pk, proof=PROOF, done_on=done, by=secretary, at=NOW)
    assert done_share(cast[CELL], dt.date(2019, 9, 5)) == (2, 3)
    share = reviewed_share(cast[CELL], dt.date(2019, 9, 5))
    assert (share.done, share.on_time, share.due) == (2, 1, 3)
    assert done_share(cast[CELL], dt.date(2019, 8, 5)) == (1, 2)
    assert done_share(cast[SECOND], dt.date(2019, 9, 5)) == (0, 0)


def test_a_month_without_any_task_is_unknown_and_one_with_none_due_is_zero(cast: Cast) -> None:
    assert month_counts(cast[CELL], AUGUST) is None
    given_task(cast, due=dt.date(2019, 10, 5), given=dt.date(2019, 8, 3))
    assert month_counts(cast[CELL], AUGUST) == (0, 0, 0)
    assert month_counts(cast[CELL], dt.date(2019, 7, 1)) is None
    assert month_counts(cast[CELL], dt.date(2019, 10, 1)) == (1, 0, 0)


def test_the_ledger_follows_the_tasks_of_a_record_made_here(cast: Cast, secretary: Viewer) -> None:
    facts = {
        "outcome": "held", "held_on": "2019-08-20", "starts": "19:00", "ends": "21:00",
        "present": 8, "excused": 1, "unexcused": 0, "discussion": "Bàn việc sửa mương.",
    }  # fmt: skip
    made = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=AUGUST, set=facts, was={},
        by=secretary, at=NOW,
    )  # fmt: skip
    file_meeting(meeting_id=made.pk, by=secretary, at=NOW)
    task = given_task(cast, due=DUE, given=dt.date(2019, 8, 1))
    row = MeetingReport.objects.get(unit_id=cast[CELL], month=AUGUST)
    assert (row.tasks_due, row.tasks_on_time, row.longest_carried) == (1, 0, 1)
    MovedMonth.objects.all().delete()
    close_task(task_id=task.pk, proof=PROOF, done_on=dt.date(2019, 8, 14), by=secretary, at=NOW)
    row.refresh_from_db()
    assert (row.tasks_due, row.tasks_on_time, row.longest_carried) == (1, 1, 0)
    assert MovedMonth.objects.filter(month=AUGUST).exists()


def filed(cast: Cast, secretary: Viewer, held_on: dt.date) -> Meeting:
    """The record of the month of a day, filed by its secretary."""
    said = {"outcome": "held", "held_on": held_on.isoformat(), "present": 8}
    made = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=held_on.replace(day=1), set=said,
        was={}, by=secretary, at=NOW,
    )  # fmt: skip
    return file_meeting(meeting_id=made.pk, by=secretary, at=NOW)


def told(cast: Cast) -> dict[int, tuple[int | None, int | None]]:
    """By month what the ledger says was due and how often the oldest was carried."""
    rows = MeetingReport.objects.filter(unit_id=cast[CELL]).order_by("month")
    return {one.month.month: (one.tasks_due, one.longest_carried) for one in rows}


def test_a_meeting_taken_back_carries_nothing_any_more_in_later_months(
    cast: Cast, secretary: Viewer
) -> None:
    given_task(cast, due=dt.date(2019, 5, 30), given=dt.date(2019, 5, 1))
    made = [filed(cast, secretary, dt.date(2019, month, 20)) for month in (6, 7, 8)]
    assert told(cast) == {6: (0, 1), 7: (0, 2), 8: (0, 3)}
    retract_meeting(meeting_id=made[1].pk, by=secretary, at=NOW)
    assert told(cast) == {6: (0, 1), 8: (0, 2)}


def test_a_task_due_later_is_known_from_the_month_it_was_given_whoever_came_first(
    cast: Cast, secretary: Viewer
) -> None:
    filed(cast, secretary, dt.date(2019, 7, 20))
    given_task(cast, due=dt.date(2019, 12, 30), given=dt.date(2019, 7, 21))
    filed(cast, secretary, dt.date(2019, 8, 20))
    assert told(cast) == {7: (0, 0), 8: (0, 0)}


def test_what_an_import_said_of_a_month_stays_as_it_came(cast: Cast) -> None:
    meet(cast, CELL, dt.date(2019, 8, 20))
    given_task(cast, due=DUE, given=dt.date(2019, 8, 1))
    row = MeetingReport.objects.get(unit_id=cast[CELL], month=AUGUST)
    assert (row.tasks_due, row.longest_carried) == (None, None)


def test_the_open_tasks_of_one_cell_and_of_all_ask_the_same_queries(cast: Cast) -> None:
    for name in cast.cells:
        given_task(cast, name, due=DUE)
        meet(cast, name, dt.date(2019, 9, 1))
    counts = []
    for names in ([CELL], cast.cells):
        with CaptureQueriesContext(connection) as asked:
            found = open_tasks([cast[name] for name in names], TODAY)
        assert [one.carried for one in found] == [1] * len(names)
        counts.append(len(asked))
    assert counts == [3, 3]


# --- a reform ----------------------------------------------------------------------------------


def test_the_heir_carries_on_what_a_merged_cell_left_open(cast: Cast) -> None:
    desk = Desk(cast)
    merged = dt.date(2019, 9, 1)
    task = given_task(cast, due=DUE, given=dt.date(2019, 7, 1))
    meet(cast, CELL, dt.date(2019, 8, 20))
    desk.does(Merge((desk.id(CELL),), desk.id(SECOND)), on=merged)
    meet(cast, SECOND, dt.date(2019, 9, 6))
    heir = acting(cast, Role.CELL_SECRETARY, SECOND)
    [left] = open_tasks([cast[SECOND]], TODAY)
    assert (left.id, left.unit_id, left.given_to) == (task.pk, cast[SECOND], cast[CELL])
    assert left.carried == 2
    assert done_share(cast[SECOND], TODAY) == (0, 1)
    close_task(task_id=task.pk, proof=PROOF, by=heir, at=NOW)
    assert open_tasks([cast[SECOND]], TODAY) == []
    assert [one.id for one in open_tasks([cast[CELL]], dt.date(2019, 8, 30))] == [task.pk]
    later = at(dt.date(2019, 9, 12))
    with pytest.raises(NotFound):
        reopen_task(
            task_id=task.pk, reason="Thử xem.", by=acting(cast, Role.CELL_SECRETARY, NEIGHBOUR),
            at=later,
        )  # fmt: skip


def test_a_reform_says_which_tasks_are_still_open_in_a_cell_that_ends(cast: Cast) -> None:
    given_task(cast, due=DUE)
    desk = Desk(cast)
    found = preview_of(desk.analyst, desk.draft(Merge((desk.id(CELL),), desk.id(SECOND))))
    assert found.consequences is not None
    assert [(one.what, one.count) for one in found.consequences.open_work] == [("việc đang làm", 1)]
