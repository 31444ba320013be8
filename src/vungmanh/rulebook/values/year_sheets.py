"""The sheet a yearly grade is worked out on: criteria, their points or levels, facts beside them.

A sheet that does not add up still loads, so that a province can mend it:
`checking.check_year_sheet` says where it is wrong. Only what no program could reckon
with is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from vungmanh.rulebook.values.base import Value, require
from vungmanh.rulebook.values.words import FactName, SheetPart, SheetWay

MOST_GROUPS = 30
MOST_CRITERIA = 120
MOST_POINTS = 100_000


@dataclass(frozen=True)
class YearCriterion:
    """One row. `points` is the most it can bring; `facts` are shown beside it, never scored."""

    code: str
    text: str
    points: Fraction | None = None
    facts: tuple[FactName, ...] = ()


@dataclass(frozen=True)
class YearGroup:
    """Rows under one heading; `part` is what conditions of grades call them."""

    code: str
    title: str
    part: SheetPart
    points: Fraction | None = None
    criteria: tuple[YearCriterion, ...] = ()


@dataclass(frozen=True)
class PointCut:
    """Points from which a grade lies, where the conditions of the year do not say it."""

    grade: str
    from_points: Fraction


@dataclass(frozen=True)
class YearSheet(Value):
    """The sheet of one regime. `total` null where criteria get levels instead of points."""

    key: ClassVar[str] = "year_sheet"
    regime: str
    first_year: int
    last_year: int | None
    way: SheetWay
    total: Fraction | None
    groups: tuple[YearGroup, ...]
    cuts: tuple[PointCut, ...] = ()

    def __post_init__(self) -> None:
        if self.last_year is not None:
            require(self.first_year <= self.last_year, "“last_year” sớm hơn “first_year”.")
        require(len(self.groups) <= MOST_GROUPS, f"bảng có nhiều nhất {MOST_GROUPS} nhóm.")
        require(
            len(self.criteria) <= MOST_CRITERIA, f"bảng có nhiều nhất {MOST_CRITERIA} tiêu chí."
        )
        given = [self.total, *(group.points for group in self.groups)]
        given += [one.points for one in self.criteria]
        too_large = any(one is not None and abs(one) > MOST_POINTS for one in given)
        require(not too_large, f"điểm không vượt quá {MOST_POINTS}.")

    @property
    def criteria(self) -> tuple[YearCriterion, ...]:
        return tuple(one for group in self.groups for one in group.criteria)

    def covers(self, year: int) -> bool:
        """Whether this sheet is for the given rating year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def cut(self, grade: str) -> Fraction | None:
        """From how many points this sheet gives a grade; None when it does not say."""
        return next((one.from_points for one in self.cuts if one.grade == grade), None)


@dataclass(frozen=True)
class OrganisationYearSheet(YearSheet):
    """Of Party organisations and cells."""

    key: ClassVar[str] = "year_sheet.organisation"


@dataclass(frozen=True)
class LeadershipYearSheet(YearSheet):
    """Of leading collectives."""

    key: ClassVar[str] = "year_sheet.leadership"


def year_sheet_data(sheet: YearSheet) -> dict[str, Any]:
    """As a rule file writes its value: what `reading.typed` reads back to an equal sheet."""
    return {
        "regime": sheet.regime,
        "first_year": sheet.first_year,
        "last_year": sheet.last_year,
        "way": sheet.way.value,
        "total": _number(sheet.total),
        "groups": [_group_data(group) for group in sheet.groups],
        "cuts": [{"grade": one.grade, "from_points": str(one.from_points)} for one in sheet.cuts],
    }


def _group_data(group: YearGroup) -> dict[str, Any]:
    rows = [
        {
            "code": one.code,
            "text": one.text,
            "points": _number(one.points),
            "facts": [fact.value for fact in one.facts],
        }
        for one in group.criteria
    ]
    return {
        "code": group.code,
        "title": group.title,
        "part": group.part.value,
        "points": _number(group.points),
        "criteria": rows,
    }


def _number(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
