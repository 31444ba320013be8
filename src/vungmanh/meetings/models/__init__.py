"""Everything the room keeps, a file for each subject."""

from vungmanh.meetings.models.attachments import (
    Attachment,
    AttachmentContent,
    AttachmentKind,
    AttachmentSubject,
)
from vungmanh.meetings.models.digests import Digest, DigestMute
from vungmanh.meetings.models.inspections import Inspection, InspectionChange, InspectionMonth
from vungmanh.meetings.models.ledger import (
    Excuse,
    FrozenMonth,
    MeetingReport,
    MovedMonth,
    Obligation,
)
from vungmanh.meetings.models.lookalikes import TextLikeness, TextPrint
from vungmanh.meetings.models.meeting import Meeting, MeetingChange, MeetingVersion
from vungmanh.meetings.models.receiving import PhoneDevice, PhoneItem
from vungmanh.meetings.models.requests import ExcuseRequest
from vungmanh.meetings.models.scoring import SheetScore
from vungmanh.meetings.models.tasks import Receipt, Resolution, Task, TaskStep
from vungmanh.meetings.models.visits import Visit, VisitChange

__all__ = [
    "Attachment",
    "AttachmentContent",
    "AttachmentKind",
    "AttachmentSubject",
    "Digest",
    "DigestMute",
    "Excuse",
    "ExcuseRequest",
    "FrozenMonth",
    "Inspection",
    "InspectionChange",
    "InspectionMonth",
    "Meeting",
    "MeetingChange",
    "MeetingReport",
    "MeetingVersion",
    "MovedMonth",
    "Obligation",
    "PhoneDevice",
    "PhoneItem",
    "Receipt",
    "Resolution",
    "SheetScore",
    "Task",
    "TaskStep",
    "TextLikeness",
    "TextPrint",
    "Visit",
    "VisitChange",
]
