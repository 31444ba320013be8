"""Everything the room keeps, a file for each subject."""

from vungmanh.meetings.models.ledger import (
    Excuse,
    FrozenMonth,
    MeetingReport,
    MovedMonth,
    Obligation,
)
from vungmanh.meetings.models.meeting import Meeting, MeetingChange, MeetingVersion
from vungmanh.meetings.models.tasks import Receipt, Resolution, Task, TaskStep

__all__ = [
    "Excuse",
    "FrozenMonth",
    "Meeting",
    "MeetingChange",
    "MeetingReport",
    "MeetingVersion",
    "MovedMonth",
    "Obligation",
    "Receipt",
    "Resolution",
    "Task",
    "TaskStep",
]
