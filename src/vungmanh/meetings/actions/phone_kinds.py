"""What each kind of item means here: who may, which unit it is about, and the act it leads to.

A table: `KINDS`. An entry writes through the same actions as the pages, so that a phone can do
nothing a page could not. It answers with an `Outcome`; what is refused is raised as a coded error.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.permissions import PERMISSIONS
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import parse_month
from vungmanh.core.vocabulary import FiledVia, MeetingState, PhoneItemState, Role
from vungmanh.meetings.actions.meeting import file_meeting, write_meeting
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.merging import FactsRefused, FieldConflict, cleaned
from vungmanh.meetings.models import Meeting, PhoneItem
from vungmanh.meetings.reads import may_write_for

Values = Mapping[str, Any]
#: A record that was filed is no longer written; filing it again changes nothing.
FILED = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)


@dataclass(frozen=True)
class Outcome:
    """What was decided about an item. `conflict`: {field: {mine, theirs, was}}."""

    state: PhoneItemState = PhoneItemState.ACCEPTED
    code: str = ""
    message: str = ""
    field: str = ""
    revision: int | None = None
    conflict: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    problems: list[dict[str, str]] = dataclasses.field(default_factory=list)


@dataclass(frozen=True)
class PhoneKind:
    """One kind of item. `unit_of` raises InputError where the body names no unit."""

    permission: str
    unit_of: Callable[[PhoneItem], UUID]
    is_theirs: Callable[[PhoneItem, UUID, Viewer], bool]
    write: Callable[[PhoneItem, Viewer, dt.datetime], Outcome]
    roles: Callable[[PhoneItem], frozenset[Role]] | None = None

    def open_to(self, item: PhoneItem) -> frozenset[Role]:
        """The roles in which it may be done."""
        allowed = PERMISSIONS[self.permission]
        return allowed & self.roles(item) if self.roles else allowed


def conflict_of(error: FieldConflict, revision: int | None = None) -> Outcome:
    """Both values of each field, for a person to choose from."""
    fields = {
        name: {"mine": mine, "theirs": theirs, "was": was}
        for name, (theirs, mine, was) in error.fields.items()
    }
    return Outcome(
        PhoneItemState.CONFLICT, error.code, error.message, revision=revision, conflict=fields
    )


def named_uuid(values: Values, name: str) -> UUID:
    """An id in a body. Raises InputError (`bad-item`)."""
    try:
        return UUID(str(values[name]))
    except (KeyError, ValueError):
        raise InputError(
            "Mục này thiếu mã đơn vị; mở lại tháng ấy trên điện thoại rồi ghi lại.",
            field=name,
            code="bad-item",
        ) from None


def said_values(body: Values, name: str) -> dict[str, Any]:
    """`set` or `was` of a body. Raises InputError (`bad-item`)."""
    values = body.get(name)
    if not isinstance(values, dict):
        raise InputError("Mục này không có nội dung; ghi lại thành mục mới.", code="bad-item")
    return values


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
    try:
        return _written(item, said, was, by, at)
    except FieldConflict as error:
        return _write_the_rest(item, error, by, at)
    except NotNow as error:
        if error.code != "meeting-state":
            raise
        return _compare_with_filed(item, said, was, error)


def _written(item: PhoneItem, said: Values, was: Values, by: Viewer, at: dt.datetime) -> Outcome:
    with transaction.atomic():
        meeting = write_meeting(
            unit_id=_unit_in_body(item), kind=str(item.body.get("kind", "")),
            month=month_in(item), set=said, was=was, by=by, at=at, via=FiledVia.PHONE,
            form=item.form,
        )  # fmt: skip
    return Outcome(revision=meeting.revision)


def _write_the_rest(item: PhoneItem, error: FieldConflict, by: Viewer, at: dt.datetime) -> Outcome:
    """Write the fields nobody else touched; a person chooses for the others.

    Where the rest cannot stand without them (counts that add up only together) all of it waits.
    """
    said, was = item.body["set"], item.body["was"]
    rest = {name: value for name, value in said.items() if name not in error.fields}
    try:
        revision = _written(item, rest, was, by, at).revision if rest else None
        return conflict_of(error, revision)
    except FactsRefused:
        theirs = Meeting.objects.get(pk=key_of(item)).facts
        waiting = {name: (theirs.get(name), value, was.get(name)) for name, value in rest.items()}
        return conflict_of(FieldConflict({**error.fields, **waiting}))


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
    found = conflict_of(FieldConflict(fields), meeting.revision)
    return Outcome(
        PhoneItemState.CONFLICT,
        "record-closed",
        f"{error.message} Phần ghi trên điện thoại khác bản đã nộp; xem hai giá trị rồi chọn.",
        revision=meeting.revision,
        conflict=found.conflict,
    )


def _file_record(item: PhoneItem, by: Viewer, at: dt.datetime) -> Outcome:
    meeting = Meeting.objects.filter(pk=key_of(item)).first()
    if meeting is not None and meeting.state in FILED:
        return Outcome(code="already-filed", revision=meeting.revision)
    filed = file_meeting(meeting_id=key_of(item), by=by, at=at, via=FiledVia.PHONE)
    return Outcome(revision=filed.revision)


WRITE, FILE = "meeting.write", "meeting.file"

KINDS: dict[str, PhoneKind] = {
    WRITE: PhoneKind("meetings.meeting.write", _unit_in_body, _answers_for_record, _write_record),
    FILE: PhoneKind("meetings.meeting.write", _unit_in_body, _answers_for_record, _file_record),
}
