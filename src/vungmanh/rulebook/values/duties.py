"""What is owed, and by when."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind
from vungmanh.rulebook.values.base import Value, require, require_positive


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


@dataclass(frozen=True)
class WhoMeets(Value):
    """Which kinds of unit owe regular and thematic meetings; no sectors: those of every sector."""

    key: ClassVar[str] = "structure.who_meets"
    kinds: tuple[UnitKind, ...]
    sectors: tuple[Sector, ...]

    def __post_init__(self) -> None:
        require(bool(self.kinds), "“kinds” phải có ít nhất một loại tổ chức.")


@dataclass(frozen=True)
class YearlyDuty(Value):
    """Something owed once a year by units of some kinds, by a day of the year."""

    kinds: tuple[UnitKind, ...]
    sectors: tuple[Sector, ...]
    due_month: int
    due_day: int

    def __post_init__(self) -> None:
        require(bool(self.kinds), "“kinds” phải có ít nhất một loại tổ chức.")
        require(1 <= self.due_month <= 12, "“due_month” phải từ 1 đến 12.")
        days = monthrange(2023, self.due_month)[1]  # a year without 29 February
        require(1 <= self.due_day <= days, f"“due_day” của tháng này phải từ 1 đến {days}.")


@dataclass(frozen=True)
class YearlyPlan(YearlyDuty):
    key: ClassVar[str] = "obligation.yearly_plan"


@dataclass(frozen=True)
class YearlyReview(YearlyDuty):
    key: ClassVar[str] = "obligation.yearly_review"


@dataclass(frozen=True)
class YearlyScreening(YearlyDuty):
    key: ClassVar[str] = "obligation.yearly_screening"


@dataclass(frozen=True)
class AttendanceBase(Value):
    """Whose presence is expected, who counts only when present, and who votes."""

    key: ClassVar[str] = "membership.attendance_base"
    expected: tuple[MembershipStatus, ...]
    if_present: tuple[MembershipStatus, ...]
    voting: tuple[MembershipStatus, ...]

    def __post_init__(self) -> None:
        require(bool(self.expected), "“expected” phải có ít nhất một diện đảng viên.")
        both = set(self.expected) & set(self.if_present)
        require(not both, "một diện không thể vừa ở “expected” vừa ở “if_present”.")
        stray = set(self.voting) - set(self.expected)
        require(not stray, "“voting” chỉ gồm những diện có trong “expected”.")


@dataclass(frozen=True)
class VotingMajority(Value):
    """How many votes of the voting base a decision needs, and one about a person's membership."""

    key: ClassVar[str] = "meeting.voting_majority"
    more_than_numerator: int
    more_than_denominator: int
    at_least_numerator: int
    at_least_denominator: int

    def __post_init__(self) -> None:
        for top, bottom in (
            (self.more_than_numerator, self.more_than_denominator),
            (self.at_least_numerator, self.at_least_denominator),
        ):
            require(0 < top < bottom, "phân số phải lớn hơn 0 và nhỏ hơn 1.")
