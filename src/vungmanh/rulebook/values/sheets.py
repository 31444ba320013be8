"""Scoring sheets of a cell's meeting: what is scored, how, when, and by whom.

A sheet says exactly what its text says, holes included: finding them is the work of `checking`.
A frame without points is a sheet too; what a text leaves unsaid stays empty (null).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require
from vungmanh.rulebook.values.bounds import Bound
from vungmanh.rulebook.values.sheet_language import in_file_names
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionMeasure,
    CriterionSource,
    CriterionWhen,
    SheetRescale,
    SheetScorer,
)

#: Bounds that keep a sheet a sheet, and its checker quick: no real one comes near them.
MOST_POINTS = 1000
MOST_STEPS = 20_000  # totals between none and all: 200 points in hundredths
MOST_DENOMINATOR = 1000
MOST_GROUPS, MOST_CRITERIA, MOST_LEVELS, MOST_LENGTHS = 50, 100, 20, 20
MOST_MEMBERS = 1000
MOST_MINUTES = 600
MEETINGS_OF_A_YEAR = 12

#: Measured as a number of all: a level is told in percent and may fall between k/n and (k+1)/n.
SHARES = frozenset(
    {
        CriterionMeasure.ATTENDANCE,
        CriterionMeasure.SPEAKERS,
        CriterionMeasure.TASKS,
        CriterionMeasure.SHARE,
    }
)
#: Measured, hence with levels.
MEASURED = SHARES | {CriterionMeasure.MINUTES, CriterionMeasure.COUNT}


def _check_points(points: Fraction | None) -> None:
    if points is None:
        return
    require(points <= MOST_POINTS, f"điểm không quá {MOST_POINTS}.")
    require(points.denominator <= MOST_DENOMINATOR, f"mẫu số không quá {MOST_DENOMINATOR}.")


@dataclass(frozen=True)
class SheetLevel:
    """One level of a criterion. `or_when`: words that lead here whatever the number says."""

    points: Fraction
    at_least: Bound | None = None
    more_than: Bound | None = None
    at_most: Bound | None = None
    less_than: Bound | None = None
    label: str = ""
    or_when: str = ""

    def __post_init__(self) -> None:
        require(
            self.at_least is None or self.more_than is None,
            "chỉ ghi một trong hai đầu dưới: “từ” hoặc “trên”.",
        )
        require(
            self.at_most is None or self.less_than is None,
            "chỉ ghi một trong hai đầu trên: “đến” hoặc “dưới”.",
        )
        require(self.points >= 0, "điểm của một mức không được âm.")
        _check_points(self.points)


@dataclass(frozen=True)
class Criterion:
    """One row of a sheet; `points` null: the text does not say."""

    code: str
    text: str
    points: Fraction | None
    measure: CriterionMeasure
    levels: tuple[SheetLevel, ...] = ()
    applies: CriterionWhen = CriterionWhen.ALWAYS
    members: int | None = None  # for `applies: members_at_least`
    otherwise: AbsentCriterion = AbsentCriterion.LOST
    source: CriterionSource = CriterionSource.OBSERVED
    bonus: bool = False
    network: bool = False
    forgiven: int = 0  # lawful absences that do not count against a cell

    def __post_init__(self) -> None:
        require(bool(self.code.strip()), "mỗi tiêu chí phải có mã.")
        require(bool(self.text.strip()), "mỗi tiêu chí phải có nội dung.")
        require(self.points is None or self.points >= 0, "điểm không được âm.")
        _check_points(self.points)
        require(len(self.levels) <= MOST_LEVELS, f"một tiêu chí có nhiều nhất {MOST_LEVELS} mức.")
        counted = self.applies is CriterionWhen.MEMBERS_AT_LEAST
        require(counted == (self.members is not None), "“số đảng viên” đi với “từ mấy đảng viên”.")
        require(
            self.members is None or 1 <= self.members <= MOST_MEMBERS,
            f"“số đảng viên” phải từ 1 đến {MOST_MEMBERS}.",
        )
        require(self.forgiven >= 0, "số người được bỏ qua không được âm.")
        require(self.forgiven <= MOST_MEMBERS, f"số người được bỏ qua không quá {MOST_MEMBERS}.")


@dataclass(frozen=True)
class SheetGroup:
    """Criteria under one heading with the points their text gives the heading."""

    code: str
    title: str
    points: Fraction | None
    criteria: tuple[Criterion, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.code.strip()), "mỗi nhóm phải có mã.")
        require(bool(self.title.strip()), "mỗi nhóm phải có tên.")
        require(self.points is None or self.points >= 0, "điểm của nhóm không được âm.")
        _check_points(self.points)


@dataclass(frozen=True)
class RequiredMinutes:
    """How long a meeting must last, from so many members, in a month with a theme or any month."""

    minutes: int
    members: int = 0
    thematic: bool = False

    def __post_init__(self) -> None:
        require(1 <= self.minutes <= MOST_MINUTES, f"“số phút” phải từ 1 đến {MOST_MINUTES}.")
        require(
            0 <= self.members <= MOST_MEMBERS,
            f"“từ số đảng viên” phải từ 0 đến {MOST_MEMBERS}.",
        )


@dataclass(frozen=True)
class Veto:
    """What leads to a grade whatever the points."""

    code: str
    text: str
    grade: str


@dataclass(frozen=True)
class YearRule:
    """How the meetings of a year make a grade; null: the text read does not say."""

    grade: str
    every_at_least: str
    best: str | None = None
    best_times: int | None = None

    def __post_init__(self) -> None:
        require(
            self.best_times is None or 1 <= self.best_times <= MEETINGS_OF_A_YEAR,
            f"“số buổi mức tốt nhất” phải từ 1 đến {MEETINGS_OF_A_YEAR}.",
        )
        require(
            (self.best is None) == (self.best_times is None),
            "“mức tốt nhất” và “số buổi mức tốt nhất” đi với nhau.",
        )


@dataclass(frozen=True)
class MeetingSheet(Value):
    """A scoring sheet. `total` null: points are left to the province."""

    key: ClassVar[str] = "meeting_sheet"
    total: Fraction | None
    rescale: SheetRescale
    groups: tuple[SheetGroup, ...]
    scorers: tuple[SheetScorer, ...] = ()
    required: tuple[RequiredMinutes, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    year: tuple[YearRule, ...] = ()
    partial: bool = False  # only part of the text is known to us

    def __post_init__(self) -> None:
        require(bool(self.groups), "bảng điểm phải có ít nhất một nhóm tiêu chí.")
        require(self.total is None or self.total > 0, "tổng điểm phải lớn hơn 0.")
        _check_points(self.total)
        self._check_size()

    def _check_size(self) -> None:
        criteria = self.criteria
        require(len(self.groups) <= MOST_GROUPS, f"bảng điểm có nhiều nhất {MOST_GROUPS} nhóm.")
        require(
            len(criteria) <= MOST_CRITERIA, f"bảng điểm có nhiều nhất {MOST_CRITERIA} tiêu chí."
        )
        require(
            len(self.required) <= MOST_LENGTHS,
            f"“thời gian phải họp” có nhiều nhất {MOST_LENGTHS} dòng.",
        )
        given = [
            [one.points or Fraction(0), *(level.points for level in one.levels)] for one in criteria
        ]
        most = sum((max(points) for points in given), Fraction(0))
        require(most <= MOST_POINTS, f"điểm các tiêu chí cộng lại không quá {MOST_POINTS}.")
        parts = lcm(*(number.denominator for points in given for number in points))
        require(most * parts <= MOST_STEPS, "điểm chia quá nhỏ: ghi nhiều nhất hai chữ số lẻ.")

    @classmethod
    def in_file_names(cls, raw: object) -> object:
        """Called by the reader: Vietnamese names are as good as those of rule files."""
        return in_file_names(raw)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for group in self.groups for criterion in group.criteria)

    def minutes(self, *, members: int, thematic: bool) -> Fraction | None:
        """How long a meeting of so many members must last; None when the sheet does not say."""
        asked = [
            one.minutes
            for one in self.required
            if members >= one.members and (thematic or not one.thematic)
        ]
        return Fraction(max(asked)) if asked else None


@dataclass(frozen=True)
class MeetingFrame(MeetingSheet):
    """The national frame that provinces and communes work out into sheets."""

    key: ClassVar[str] = "meeting_sheet.frame"


@dataclass(frozen=True)
class RegularMeetingSheet(MeetingSheet):
    """The sheet of a regular meeting."""

    key: ClassVar[str] = "meeting_sheet.regular"


@dataclass(frozen=True)
class ThematicMeetingSheet(MeetingSheet):
    """The sheet of a thematic meeting."""

    key: ClassVar[str] = "meeting_sheet.thematic"


SHEET_KINDS: tuple[type[MeetingSheet], ...] = (
    MeetingFrame,
    RegularMeetingSheet,
    ThematicMeetingSheet,
)
