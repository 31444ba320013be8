"""What is owed, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require_positive


@dataclass(frozen=True)
class RegularMeeting(Value):
    """A cell owes one regular meeting every so many months."""

    key: ClassVar[str] = "obligation.regular_meeting"
    every_months: int

    def __post_init__(self) -> None:
        require_positive(every_months=self.every_months)


@dataclass(frozen=True)
class ThematicMeeting(Value):
    """A cell owes one thematic meeting every so many months; it never replaces the regular one."""

    key: ClassVar[str] = "obligation.thematic_meeting"
    every_months: int

    def __post_init__(self) -> None:
        require_positive(every_months=self.every_months)


@dataclass(frozen=True)
class RegularMeetingMinutes(Value):
    """Least minutes of a regular meeting; `with_thematic` null: the rule says nothing of it."""

    key: ClassVar[str] = "obligation.regular_meeting_minutes"
    minutes: int
    with_thematic: int | None

    def __post_init__(self) -> None:
        require_positive(minutes=self.minutes, with_thematic=self.with_thematic)


@dataclass(frozen=True)
class ReportDeadline(Value):
    """Days after the month's end within which its report is due."""

    key: ClassVar[str] = "report.deadline"
    days_after_month: int

    def __post_init__(self) -> None:
        require_positive(days_after_month=self.days_after_month)
