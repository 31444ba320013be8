"""What a yearly grade asks for beside the points, and how many may have the best one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require
from vungmanh.rulebook.values.words import ConditionFor, QuotaBase


@dataclass(frozen=True)
class GradeCondition:
    """One condition in words; `limit` and `of` where it can be counted, `evidence` by what."""

    code: str
    text: str
    only: ConditionFor = ConditionFor.EVERYONE
    limit: Fraction | None = None
    of: str = ""
    evidence: str = ""

    @property
    def is_measurable(self) -> bool:
        """Whether a record can answer it, rather than a judgement."""
        return bool(self.evidence)


@dataclass(frozen=True)
class GradeDemand:
    """A grade: the points from and below which it lies, and its conditions.

    `any_one`: one condition is enough (the lowest grade); otherwise all of them must hold.
    """

    grade: str
    from_points: int | None = None
    below_points: int | None = None
    any_one: bool = False
    conditions: tuple[GradeCondition, ...] = ()


@dataclass(frozen=True)
class PointsPart:
    """A part of the points of a yearly grade."""

    title: str
    points: int


@dataclass(frozen=True)
class GradeConditions(Value):
    """The conditions of one regime, for the rating years it grades."""

    key: ClassVar[str] = "grade_conditions"
    regime: str
    first_year: int
    last_year: int | None
    demands: tuple[GradeDemand, ...] = ()
    parts: tuple[PointsPart, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.demands or self.parts), "phải có điều kiện của ít nhất một mức.")
        grades = [demand.grade for demand in self.demands]
        require(len(set(grades)) == len(grades), "một mức ghi hai lần trong “demands”.")
        if self.last_year is not None:
            require(self.first_year <= self.last_year, "“last_year” sớm hơn “first_year”.")

    def covers(self, year: int) -> bool:
        """Whether this regime grades the given rating year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def demand(self, grade: str) -> GradeDemand | None:
        """What a grade asks for; None when the text read does not say."""
        return next((one for one in self.demands if one.grade == grade), None)


@dataclass(frozen=True)
class OrganisationConditions(GradeConditions):
    """For organisations, cells and their leading collectives; `only` tells them apart."""

    key: ClassVar[str] = "grade_conditions.organisation"


@dataclass(frozen=True)
class MemberConditions(GradeConditions):
    """For members."""

    key: ClassVar[str] = "grade_conditions.member"


@dataclass(frozen=True)
class ExcellentQuota(Value):
    """At most `percent` of a base may have the best grade, within each group of similar ones."""

    key: ClassVar[str] = "grade_quota.excellent"
    percent: int
    base: QuotaBase
    groups: str

    def __post_init__(self) -> None:
        require(0 < self.percent <= 100, "“percent” phải từ 1 đến 100.")
