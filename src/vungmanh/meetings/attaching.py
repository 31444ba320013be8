"""What files may go with which record, who may add or read them, and until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.permissions import can, check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound, NotNow
from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import InspectionState, MeetingState
from vungmanh.meetings.inspections import stands_above
from vungmanh.meetings.models import (
    Attachment,
    AttachmentContent,
    AttachmentSubject,
    Inspection,
    Meeting,
    Task,
)
from vungmanh.meetings.reads import may_write_for
from vungmanh.meetings.tasks import reports_for
from vungmanh.org.queries import ended_units_visible, units_visible

#: Of one record. More belongs into one PDF.
MOST_FILES = 20


@dataclass(frozen=True)
class CleanFile:
    """A file made anew by `outputs.attachments`: nothing of it but what it shows."""

    name: str
    media_type: str
    content: bytes
    original_sha256: str
    pages: int | None = None


@dataclass(frozen=True)
class Record:
    """What a file goes with: the unit, the month, why nothing may be added or removed any more.

    `confirmed`: only who confirms may still do it.
    """

    unit_id: UUID
    month: dt.date
    shut: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class _Rule:
    view: str
    write: str
    find: Callable[[UUID], Record | None]
    answers: Callable[[Viewer, Record, dt.date], bool]  # whose records they are, on that day


def _meeting(meeting_id: UUID) -> Record | None:
    found = Meeting.objects.filter(pk=meeting_id).values_list("unit_id", "month", "state").first()
    if found is None:
        return None
    unit, month, state = found
    shut = ""
    if state == MeetingState.SEALED:
        shut = "Bản ghi buổi họp đã khóa. Muốn thêm hay bỏ tệp thì đính chính trước, có lý do."
    return Record(unit, month, shut, confirmed=state == MeetingState.CONFIRMED)


def _task(task_id: UUID) -> Record | None:
    found = Task.objects.filter(pk=task_id).values_list("unit_id", "given_on").first()
    return None if found is None else Record(found[0], month_of(found[1]))


def _inspection(inspection_id: UUID) -> Record | None:
    found = Inspection.objects.filter(pk=inspection_id).values_list("unit_id", "on", "state")
    row = found.first()
    if row is None:
        return None
    shut = ""
    if row[2] == InspectionState.WITHDRAWN:
        shut = "Lần kiểm tra, giám sát này đã rút; không thêm hay bỏ tệp nữa."
    return Record(row[0], month_of(row[1]), shut)


RULES: Final = {
    AttachmentSubject.MEETING: _Rule(
        "meetings.meeting.view",
        "meetings.meeting.write",
        _meeting,
        lambda viewer, one, _on: may_write_for(viewer, one.unit_id, one.month),
    ),
    AttachmentSubject.TASK: _Rule(
        "meetings.task.view",
        "meetings.task.report",
        _task,
        lambda viewer, one, on: reports_for(viewer, one.unit_id, on),
    ),
    AttachmentSubject.INSPECTION: _Rule(  # never the unit itself, nor its own office
        "meetings.inspection.view",
        "meetings.inspection.record",
        _inspection,
        lambda viewer, one, on: stands_above(viewer, one.unit_id, on),
    ),
}
_CONFIRM = "meetings.meeting.confirm"


def permission_to_view(subject: str) -> str:
    return RULES[AttachmentSubject(subject)].view


def check_may_attach(viewer: Viewer, subject: str, subject_id: UUID, on: dt.date) -> Record:
    """The record. Raises NotAllowed (role), NotFound (out of reach) or NotNow (shut)."""
    rule = RULES[AttachmentSubject(subject)]
    check_can(viewer, rule.write)
    record = record_visible(viewer, subject, subject_id, on)
    if not rule.answers(viewer, record, on):
        raise NotAllowed("Chỉ nơi ghi bản ghi này mới thêm hoặc bỏ tệp ở đây.")
    if record.shut:
        raise NotNow(record.shut, code="record-shut")
    if record.confirmed and not can(viewer, _CONFIRM):
        raise NotNow(
            "Bản ghi đã được xác nhận; chỉ văn phòng đảng ủy còn thêm hoặc bỏ tệp được. Cần thì "
            "đính chính, có lý do.",
            code="record-shut",
        )
    return record


def why_not_attach(viewer: Viewer, subject: str, subject_id: UUID, on: dt.date) -> str | None:
    """None when the viewer may add files; the reason to show; "" when the role never does."""
    if not can(viewer, RULES[AttachmentSubject(subject)].write):
        return ""
    try:
        check_may_attach(viewer, subject, subject_id, on)
    except (NotNow, NotAllowed) as refusal:
        return refusal.message
    return None


def record_visible(viewer: Viewer, subject: str, subject_id: UUID, on: dt.date) -> Record:
    """Raises NotFound alike for a record that does not exist and one out of sight."""
    record = RULES[AttachmentSubject(subject)].find(subject_id)
    if record is None or not _is_seen(viewer, record, on):
        raise NotFound(
            "Không tìm thấy bản ghi này trong phạm vi của đồng chí.", code="record-not-found"
        )
    return record


def _is_seen(viewer: Viewer, record: Record, on: dt.date) -> bool:
    """Of a unit in sight, or of one gone by then whose past one sees."""
    seen = units_visible(viewer, on).filter(descendant_id=record.unit_id).exists()
    return seen or record.unit_id in ended_units_visible(viewer, on)


def attachments_of(subject: str, subject_id: UUID) -> QuerySet[Attachment]:
    """The files of one record the viewer was found to see, removed ones too, oldest first."""
    found = Attachment.objects.filter(subject=subject, subject_id=subject_id)
    return found.select_related("added_by", "removed_by")


def attachment_visible(viewer: Viewer, attachment_id: UUID, on: dt.date) -> Attachment:
    """One file that is still there. Raises NotFound alike for absent, removed and out of sight."""
    found = Attachment.objects.filter(pk=attachment_id, removed_at=None).first()
    if (
        found is None
        or not can(viewer, permission_to_view(found.subject))
        or not _seen(viewer, found, on)
    ):
        raise NotFound(
            "Không tìm thấy tệp này trong phạm vi của đồng chí; có thể tệp đã bỏ.",
            code="attachment-not-found",
        )
    return found


def _seen(viewer: Viewer, attachment: Attachment, on: dt.date) -> bool:
    record = RULES[AttachmentSubject(attachment.subject)].find(attachment.subject_id)
    return record is not None and _is_seen(viewer, record, on)


def content_of(attachment: Attachment) -> bytes:
    return bytes(AttachmentContent.objects.values_list("data", flat=True).get(pk=attachment.pk))


def standing(subject: str, subject_id: UUID) -> Q:
    """The files of one record that are still there."""
    return Q(subject=subject, subject_id=subject_id, removed_at=None)
