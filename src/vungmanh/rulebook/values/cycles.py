"""How a year is rated: who, in which steps and order, who decides, and by which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar, Final

from vungmanh.core.vocabulary import DossierAct, DossierSubject, UnitKind
from vungmanh.rulebook.values.base import Value, require, require_positive
from vungmanh.rulebook.values.words import DecidingBody, GradeOrder, RatedLevel

#: The steps a rule may speak of, in the order in which they follow one another.
CYCLE_STEPS: Final = (
    DossierAct.RATE_SELF,
    DossierAct.GIVE_OPINION,
    DossierAct.VERIFY,
    DossierAct.PROPOSE,
    DossierAct.DECIDE,
    DossierAct.NOTIFY,
)
_A_COMMON_YEAR = 2001


@dataclass(frozen=True)
class OpinionGiver:
    """Who gives an opinion, in words, and about organisations of which level."""

    name: str
    about: RatedLevel


@dataclass(frozen=True)
class ProcedureStep:
    """One step. `stated` false: the texts read do not name it, the program keeps it all the same.

    `blind` and `givers` null: the texts read do not say.
    """

    step: DossierAct
    stated: bool = True
    blind: bool | None = None
    givers: tuple[OpinionGiver, ...] | None = None
    text: str = ""


@dataclass(frozen=True)
class CycleForm:
    """A printed form by its number, and what it is for."""

    number: str
    title: str


@dataclass(frozen=True)
class CycleProcedure(Value):
    """How the years of one regime are rated. Of members the program keeps counts only.

    `leadership`, `order` and `forms` null: the texts read do not say. `review_days` is how long a
    review takes at least, `review_days_province` for the standing committee of a province.
    """

    key: ClassVar[str] = "grade_procedure"
    regime: str
    first_year: int
    last_year: int | None
    subjects: tuple[DossierSubject, ...]
    leadership: str | None
    steps: tuple[ProcedureStep, ...]
    order: tuple[GradeOrder, ...] | None
    forms: tuple[CycleForm, ...] | None
    review_days: int | None
    review_days_province: int | None

    def __post_init__(self) -> None:
        if self.last_year is not None:
            require(self.first_year <= self.last_year, "“last_year” sớm hơn “first_year”.")
        require(bool(self.subjects), "“subjects” phải có ít nhất một đối tượng.")
        _check_steps(one.step for one in self.steps)
        acts = {one.step for one in self.steps}
        for needed in (DossierAct.RATE_SELF, DossierAct.DECIDE):
            require(needed in acts, f"“steps” còn thiếu bước “{needed.label}”.")
        order = self.order or ()
        require(len(set(order)) == len(order), "“order” ghi một điều hai lần.")
        require_positive(
            review_days=self.review_days, review_days_province=self.review_days_province
        )

    def covers(self, year: int) -> bool:
        """Whether this regime rates the given year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def step(self, act: DossierAct) -> ProcedureStep | None:
        """What is ruled of a step; None when it is not listed."""
        return next((one for one in self.steps if one.step is act), None)

    def givers(self, level: RatedLevel) -> tuple[OpinionGiver, ...] | None:
        """Who gives opinions about an organisation of this level; None: the texts do not say."""
        opinions = self.step(DossierAct.GIVE_OPINION)
        if opinions is None or opinions.givers is None:
            return None
        return tuple(one for one in opinions.givers if one.about is level)

    def asks(self, order: GradeOrder) -> bool | None:
        """Whether one thing is rated before another; None: the texts do not say."""
        return None if self.order is None else order in self.order


# --- who decides -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decider:
    """Who decides for the kinds directly under these kinds; none above: the top of a province."""

    kinds: tuple[UnitKind, ...]
    under: tuple[UnitKind, ...]
    body: DecidingBody
    name: str

    def pairs(self) -> Iterable[tuple[UnitKind, UnitKind | None]]:
        above: tuple[UnitKind | None, ...] = self.under or (None,)
        return ((kind, one) for kind in self.kinds for one in above)


@dataclass(frozen=True)
class GradeDeciders(Value):
    """Who decides the grade of what, on the days the rule holds: it follows the structure."""

    key: ClassVar[str] = "grade_deciders"
    deciders: tuple[Decider, ...]

    def __post_init__(self) -> None:
        require(bool(self.deciders), "“deciders” phải có ít nhất một cấp quyết định.")
        pairs = [pair for one in self.deciders for pair in one.pairs()]
        twice = next((pair for pair in pairs if pairs.count(pair) > 1), None)
        if twice is not None:
            kind, under = twice
            place = f"dưới {under.label}" if under else "trên cùng"
            raise ValueError(f"“deciders” ghi hai cấp quyết định cho {kind.label} {place}.")


def deciding_level(
    deciders: GradeDeciders, unit_kind: UnitKind, parent_kind: UnitKind | None
) -> Decider | None:
    """Who decides the grade of a unit standing under its parent; None: no text says.

    The committee that decides is always the one directly above, so its unit is the parent's.
    """
    pair = (unit_kind, parent_kind)
    return next((one for one in deciders.deciders if pair in one.pairs()), None)


# --- by which days -----------------------------------------------------------------------------


@dataclass(frozen=True)
class StepDeadline:
    """The last day of a step, in the rating year or (`next_year`) the one after it."""

    step: DossierAct
    month: int
    day: int
    next_year: bool = False

    def __post_init__(self) -> None:
        try:
            date(_A_COMMON_YEAR, self.month, self.day)
        except ValueError:
            raise ValueError(
                f"bước “{self.step.label}”: không năm nào cũng có ngày {self.day}/{self.month}. "
                "Chọn một ngày có thật trong mọi năm."
            ) from None

    def last_day(self, year: int) -> date:
        """The last day for a rating year."""
        return date(year + self.next_year, self.month, self.day)

    @property
    def text(self) -> str:
        return f"{self.day}/{self.month}{' năm sau' if self.next_year else ''}"


@dataclass(frozen=True)
class GradeDeadlines(Value):
    """The last day of each step; a step may not end before the one it follows."""

    key: ClassVar[str] = "grade_deadlines"
    deadlines: tuple[StepDeadline, ...]

    def __post_init__(self) -> None:
        require(bool(self.deadlines), "“deadlines” phải có hạn của ít nhất một bước.")
        _check_steps(one.step for one in self.deadlines)
        for before, after in pairwise(self.deadlines):
            late = after.last_day(_A_COMMON_YEAR) < before.last_day(_A_COMMON_YEAR)
            require(
                not late,
                f"hạn “{after.step.label}” ({after.text}) sớm hơn hạn “{before.step.label}” "
                f"({before.text}). Lùi hạn sau, hoặc đưa hạn trước lên sớm hơn.",
            )

    def last_days(self, year: int) -> dict[DossierAct, date]:
        """The last day of each step for a rating year, in the order of the steps."""
        return {one.step: one.last_day(year) for one in self.deadlines}


def _check_steps(steps: Iterable[DossierAct]) -> None:
    """Only steps of a cycle, each once, in their order."""
    told = list(steps)
    for step in told:
        allowed = ", ".join(one.value for one in CYCLE_STEPS)
        require(step in CYCLE_STEPS, f"“{step.value}” không phải một bước của kỳ; dùng: {allowed}.")
    places = [CYCLE_STEPS.index(step) for step in told]
    for before, after in pairwise(places):
        require(
            before < after,
            f"“{CYCLE_STEPS[after].label}” phải đứng trước “{CYCLE_STEPS[before].label}”"
            " và mỗi bước chỉ ghi một lần.",
        )
