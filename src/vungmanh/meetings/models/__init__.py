"""Everything the room keeps, a file for each subject."""

from vungmanh.meetings.models.ledger import (
    Excuse,
    FrozenMonth,
    MeetingReport,
    Obligation,
)
from vungmanh.meetings.models.meeting import Meeting, MeetingChange, MeetingVersion

__all__ = [
    "Excuse",
    "FrozenMonth",
    "Meeting",
    "MeetingChange",
    "MeetingReport",
    "MeetingVersion",
    "Obligation",
]
