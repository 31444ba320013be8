"""What a yearly grade asks for beside the points, and how many may have the best one."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from vungmanh.rulebook.values.base import Value, require
from vungmanh.rulebook.values.words import (
    ConditionFor,
    CriterionLevel,
    FactCompare,
    FactName,
    QuotaBase,
    RecordPower,
    SheetPart,
)


@dataclass(frozen=True)
class FactCheck:
    """One comparison of one fact of the year. `none_is_met`: where nothing was to be done at all,
    all of it is done; without it a share of nothing stays unknown."""

    fact: FactName
    compare: FactCompare
    limit: Fraction | None = None
    none_is_met: bool = False

    def __post_init__(self) -> None:
        limitless = self.compare is FactCompare.IS_TRUE
        require((self.limit is None) == limitless, "mọi phép so, trừ “is_true”, đi với “limit”.")


@dataclass(frozen=True)
class LevelCheck:
    """What the levels chosen on the sheet must be, for the criteria of `parts` (none named: all).

    Every criterion at least `least`, or more than the share `more_than` of them; with `some_poor`
    instead: at least one of them is "Kém".
    """

    least: CriterionLevel = CriterionLevel.KEM
    parts: tuple[SheetPart, ...] = ()
    more_than: Fraction | None = None
    some_poor: bool = False

    def __post_init__(self) -> None:
        says_something = self.some_poor or self.least is not CriterionLevel.KEM
        require(says_something, "“least” phải cao hơn “kem”, hoặc ghi “some_poor”.")


@dataclass(frozen=True)
class GradeCondition:
    """One condition in words; `limit` and `of` where it can be counted, `evidence` by what.

    `checks` and `levels` say the same to the machine; all of them must hold. `records` says how
    far they reach: a text that asks for more than records know leaves the rest to a person.
    """

    code: str
    text: str
    only: ConditionFor = ConditionFor.EVERYONE
    limit: Fraction | None = None
    of: str = ""
    evidence: str = ""
    checks: tuple[FactCheck, ...] = ()
    levels: tuple[LevelCheck, ...] = ()
    records: RecordPower = RecordPower.DECIDES

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
