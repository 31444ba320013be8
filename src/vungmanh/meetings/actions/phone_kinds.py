"""What each kind of item means here: who may, which unit it is about, and the act it leads to.

A table: `KINDS`. An entry writes through the same actions as the pages, so that a phone can do
nothing a page could not. It answers with an `Outcome`; what is refused is raised as a coded error.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.periods import add_months, month_of, parse_month
from vungmanh.core.vocabulary import FiledVia, MeetingState, Role, Scorer
from vungmanh.meetings.actions.meeting import file_meeting, write_meeting
from vungmanh.meetings.actions.phone_outcomes import (
    Outcome,
    PhoneKind,
    Values,
    conflict_of,
    merging,
    named_uuid,
    said_values,
)
from vungmanh.meetings.actions.scoring import give_score
from vungmanh.meetings.actions.tasks import give_task, report_task, task_facts
from vungmanh.meetings.actions.visits import standing_visit, write_visit
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.merging import FieldConflict, cleaned
from vungmanh.meetings.models import Meeting, Obligation, PhoneItem, Task, Visit
from vungmanh.meetings.reads import may_write_for
from vungmanh.meetings.tasks import reports_for
from vungmanh.meetings.visits import visit_facts
from vungmanh.meetings.wishes import TaskWish
from vungmanh.org.queries import units_held

#: A record that was filed is no longer written; filing it again changes nothing.
FILED = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)


def month_in(item: PhoneItem) -> dt.date:
    return parse_month(str(item.body.get("month", "")))


def _unit_in_body(item: PhoneItem) -> UUID:
    return named_uuid(item.body, "unit")


def _answers_for_record(item: PhoneItem, unit_id: UUID, viewer: Viewer) -> bool:
    return may_write_for(viewer, unit_id, month_in(item))


def key_of(item: PhoneItem) -> UUID:
    """The id of the meeting an item is about, whatever its `subject` says."""
    return meeting_id(_unit_in_body(item), str(item.body.get("kind", "")), month_in(item))


# --- records of meetings -----------------------------------------------------------------------


def _write_record(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    said, was = said_values(item.body, "set"), said_values(item.body, "was")

    def write(said: Values, was: Values) -> Outcome:
        meeting = write_meeting(
            unit_id=_unit_in_body(item), kind=str(item.body.get("kind", "")),
            month=month_in(item), set=said, was=was, by=by, at=at, via=FiledVia.PHONE,
            form=item.form,
        )  # fmt: skip
        return Outcome(revision=meeting.revision)

    try:
        return merging(said, was, write, lambda: Meeting.objects.get(pk=key_of(item)).facts)
    except NotNow as error:
        if error.code != "meeting-state":
            raise
        return _compare_with_filed(item, said, was, error)


def _compare_with_filed(item: PhoneItem, said: Values, was: Values, error: NotNow) -> Outcome:
    """The record is closed: the same values are nothing new, others are for a person to see."""
    meeting = Meeting.objects.get(pk=key_of(item))
    mine = cleaned(said)
    fields = {
        name: (meeting.facts.get(name), value, was.get(name))
        for name, value in mine.items()
        if meeting.facts.get(name) != value
    }
    if not fields:
        return Outcome(code="already-there", revision=meeting.revision)
    return dataclasses.replace(
        conflict_of(FieldConflict(fields), meeting.revision),
        code="record-closed",
        message=f"{error.message} Phần ghi trên điện thoại khác bản đã nộp; xem hai giá trị rồi "
        "chọn.",
    )


def _file_record(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    meeting = Meeting.objects.filter(pk=key_of(item)).first()
    if meeting is not None and meeting.state in FILED:
        return Outcome(code="already-filed", revision=meeting.revision)
    filed = file_meeting(meeting_id=key_of(item), by=by, at=at, via=FiledVia.PHONE)
    return Outcome(revision=filed.revision)


# --- tasks -------------------------------------------------------------------------------------


def _task_id(item: PhoneItem) -> UUID:
    try:
        return UUID(item.subject)
    except ValueError:
        raise InputError(
            "Mục này thiếu mã việc; mở lại việc ấy trên điện thoại rồi ghi lại.", code="bad-item"
        ) from None


def _unit_of_task(item: PhoneItem) -> UUID:
    task = Task.objects.filter(pk=_task_id(item)).first()
    if task is None:
        raise NotFound(
            "Máy chủ chưa có việc này. Tải lại danh sách việc trên điện thoại rồi báo lại.",
            code="no-task",
        )
    return task.unit_id


def _reports_for(_item: PhoneItem, unit_id: UUID, viewer: Viewer) -> bool:
    return reports_for(viewer, unit_id, viewer.on)


def _report(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    said, was = said_values(item.body, "set"), said_values(item.body, "was")
    key = _task_id(item)

    def write(said: Values, was: Values) -> Outcome:
        task = report_task(task_id=key, set=said, was=was, by=by, at=at, via=FiledVia.PHONE)
        return Outcome(revision=task.revision)

    return merging(said, was, write, lambda: task_facts(Task.objects.get(pk=key)))


def _give(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    body = item.body
    try:
        due_on = dt.date.fromisoformat(str(body.get("due_on")))
    except ValueError:
        raise InputError("Chọn lại hạn của việc.", field="due_on", code="bad-day") from None
    today = localdate(at)
    wish = TaskWish(
        title=str(body.get("title") or ""),
        owner=str(body.get("owner") or ""),
        due_on=due_on,
        output=str(body.get("output") or ""),
        # Given when it was written down, which may be long before it arrived.
        given_on=min(localdate(item.made_at), today) if item.made_at else today,
    )
    at_meeting = named_uuid(body, "meeting") if body.get("meeting") else None
    task = give_task(
        unit_id=_unit_in_body(item), wish=wish, meeting_id=at_meeting, task_id=_task_id(item),
        by=by, at=at, via=FiledVia.PHONE,
    )  # fmt: skip
    return Outcome(revision=task.revision)


# --- points of a meeting -----------------------------------------------------------------------

MONTHS_BACK = 24  # how far back a meeting is looked for whose record has not come


def _unit_of_scored(item: PhoneItem) -> UUID:
    """The cell of the meeting; its record may not have come yet, then one that its scorer holds."""
    meeting = Meeting.objects.filter(pk__in=_as_ids(item.subject)).first()
    if meeting is not None:
        return meeting.unit_id
    month = month_of(localdate(item.received_at))
    owed = Obligation.objects.filter(
        unit_id__in=RoleGrant.objects.filter(user=item.user_id).values("unit_id"),
        month__range=(add_months(month, -MONTHS_BACK), month),
    )
    for unit_id, kind, month in owed.values_list("unit_id", "kind", "month"):
        if str(meeting_id(unit_id, kind, month)) == item.subject.lower():
            return unit_id
    raise NotFound(
        "Không tìm thấy buổi họp này trong phạm vi của đồng chí. Tải lại trang rồi chấm lại.",
        code="no-meeting",
    )


def _as_ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []


def _is_held(_item: PhoneItem, unit_id: UUID, viewer: Viewer) -> bool:
    return units_held(viewer, viewer.on).filter(descendant_id=unit_id).exists()


def _score(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    said, was = said_values(item.body, "scores"), item.body.get("was") or {}
    if not isinstance(was, dict):
        raise InputError("Mục này không có nội dung; ghi lại thành mục mới.", code="bad-item")
    side = str(item.body.get("scorer", ""))
    # What follows "~" tells two readings of one sheet apart in the bundle.
    sheet = str(item.body.get("sheet", "")).partition("~")[0]

    def write(said: Values, was: Values) -> Outcome:
        give_score(
            meeting_id=UUID(item.subject), scorer=side, sheet=sheet, scores=said, was=was, by=by,
            at=at, via=FiledVia.PHONE,
        )  # fmt: skip
        return Outcome()

    return merging(said, was, write, dict)


#: Points are given by whoever holds the phone, never in their name by an office.
SCORERS = {
    Scorer.SELF.value: frozenset({Role.CELL_SECRETARY}),
    Scorer.SUPERIOR.value: frozenset({Role.OVERSEER}),
}


def _scorers(item: PhoneItem) -> frozenset[Role]:
    return SCORERS.get(str(item.body.get("scorer")), frozenset(Role))


# --- visits of overseers -----------------------------------------------------------------------


def visit_of(item: PhoneItem) -> Visit | None:
    """The visit an item is about: of that id, or of the same person, unit and day."""
    day = _day_in(item)
    return standing_visit(_visit_id(item), _unit_in_body(item), item.user_id, day)


def _visit_id(item: PhoneItem) -> UUID:
    return named_uuid({"unit": item.subject}, "unit")


def _day_in(item: PhoneItem) -> dt.date:
    try:
        return dt.date.fromisoformat(str(item.body.get("on")))
    except ValueError:
        raise InputError("Chọn lại ngày đi.", field="on", code="bad-day") from None


def _visit(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    said, was = said_values(item.body, "set"), said_values(item.body, "was")

    def write(said: Values, was: Values) -> Outcome:
        visit = write_visit(
            visit_id=_visit_id(item), unit_id=_unit_in_body(item), on=_day_in(item), set=said,
            was=was, overseer_id=item.user_id, by=by, at=at, via=FiledVia.PHONE,
        )  # fmt: skip
        return Outcome(revision=visit.revision)

    def stored() -> Values:
        visit = visit_of(item)
        return visit_facts(visit) if visit else {}

    return merging(said, was, write, stored)


WRITE, FILE, SCORE = "meeting.write", "meeting.file", "sheet.score"
REPORT, GIVE, VISIT = "task.report", "task.give", "visit.record"

KINDS: dict[str, PhoneKind] = {
    WRITE: PhoneKind("meetings.meeting.write", _unit_in_body, _answers_for_record, _write_record),
    FILE: PhoneKind("meetings.meeting.write", _unit_in_body, _answers_for_record, _file_record),
    REPORT: PhoneKind("meetings.task.report", _unit_of_task, _reports_for, _report),
    GIVE: PhoneKind("meetings.task.give", _unit_in_body, _reports_for, _give),
    SCORE: PhoneKind("meetings.meeting.score", _unit_of_scored, _is_held, _score, _scorers),
    VISIT: PhoneKind("meetings.visit.record", _unit_in_body, _is_held, _visit),
}
