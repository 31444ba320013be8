"""The grade that points and conditions support, or why none can be named yet.

It is a proposal to people who decide. Nothing unknown is taken for the better or the worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.grading.conditions import ConditionFinding, Outcome, check_conditions
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.grading.points import YearPoints
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.conditions import GradeConditions, GradeDemand
from vungmanh.rulebook.values.grades import Grade, GradeScale
from vungmanh.rulebook.values.words import ConditionFor
from vungmanh.rulebook.values.year_sheets import YearSheet


class ProposalState(Vocabulary):
    """How far a grade can be named."""

    PROPOSED = "proposed", "Đủ căn cứ đề nghị"
    NOT_ENOUGH = "not_enough", "Chưa đủ căn cứ"
    NONE_FITS = "none_fits", "Không mức nào khớp"


class _Fits(Enum):
    """Whether a grade is proven, out, or still open; or the text read does not say."""

    YES = auto()
    NO = auto()
    OPEN = auto()
    NO_TEXT = auto()


@dataclass(frozen=True)
class GradeFinding:
    """`grade` is None unless proven. `possible`: the grades not ruled out, best first.

    `reasons` say why better grades are out or the lowest applies; `missing` what is still needed.
    """

    state: ProposalState
    grade: str | None
    possible: tuple[str, ...]
    conditions: tuple[ConditionFinding, ...]
    points: YearPoints
    reasons: tuple[str, ...]
    missing: tuple[str, ...]

    def of(self, grade: str) -> tuple[ConditionFinding, ...]:
        """The conditions of one grade."""
        return tuple(one for one in self.conditions if one.grade == grade)

    @property
    def contradictions(self) -> tuple[ConditionFinding, ...]:
        return tuple(one for one in self.conditions if one.contradiction)


def proposed_grade(
    conditions: GradeConditions | None,
    *,
    scale: GradeScale,
    sheet: YearSheet,
    points: YearPoints,
    subject: ConditionFor,
    facts: Mapping[FactName, Fact],
    said: Mapping[str, bool | None],
) -> GradeFinding:
    """The best grade whose points and conditions are all met, unless a knock-out strikes.

    Points above the band of a grade do not bar it: who misses a condition of the better grade
    falls to the next one. Where the text of a grade is not in the rulebook (`conditions` None: of
    no grade), the cuts of the sheet serve; without them it is never proposed and never ruled out.
    """
    found = (
        ()
        if conditions is None
        else check_conditions(conditions, subject=subject, facts=facts, said=said, points=points)
    )
    weighing = _Weighing(conditions, sheet, points, found)
    for grade in scale.grades:
        demand = conditions.demand(grade.code) if conditions else None
        if demand is not None and demand.any_one and weighing.says_something(demand):
            weighing.knock_out(grade, demand)
    for grade in scale.grades:
        if grade.code not in weighing.knock_outs:
            weighing.weigh(grade)
    return weighing.finding(scale)


class _Weighing:
    """One walk over the grades, best first."""

    def __init__(
        self,
        conditions: GradeConditions | None,
        sheet: YearSheet,
        points: YearPoints,
        found: tuple[ConditionFinding, ...],
    ) -> None:
        self._conditions, self._sheet, self._points = conditions, sheet, points
        self._found = found
        self._proven: Grade | None = None
        self._struck: Grade | None = None
        self.knock_outs: set[str] = set()
        self._possible: set[str] = set()
        self._reasons: list[str] = []
        self._missing: list[str] = []

    def says_something(self, demand: GradeDemand) -> bool:
        """Whether the text of a lowest grade has anything on this kind of subject."""
        return demand.below_points is not None or bool(self._of(demand.grade))

    def knock_out(self, grade: Grade, demand: GradeDemand) -> None:
        self.knock_outs.add(grade.code)
        total, below = self._points.total, demand.below_points
        struck = [one for one in self._of(grade.code) if one.outcome is Outcome.MET]
        low = total is not None and below is not None and total < below
        if low:
            self._reasons.append(f"{grade.label}: tổng điểm dưới {below}.")
        self._reasons += [f"{grade.label}: vướng “{one.text}”." for one in struck]
        if low or struck:
            self._struck = self._struck or grade
            self._possible.add(grade.code)
            return
        unknown = [one for one in self._of(grade.code) if one.outcome is Outcome.UNKNOWN]
        self._missing += [f"{grade.label}: chưa rõ có vướng “{one.text}” không." for one in unknown]
        if unknown or (below is not None and total is None and not self._surely(below)):
            self._possible.add(grade.code)
        if below is not None and total is None:
            self._needs_total(grade)

    def weigh(self, grade: Grade) -> None:
        if self._struck or self._proven:
            return
        fits = self._fits(grade)
        if fits is _Fits.YES:
            self._proven = grade
        if fits is not _Fits.NO:
            self._possible.add(grade.code)
        if fits is _Fits.NO_TEXT:
            self._missing.append(
                f"{grade.label}: điều kiện của mức này chưa có trong bộ quy định; cấp ủy xem"
                " văn bản gốc rồi ghi mức và lý do."
            )

    def finding(self, scale: GradeScale) -> GradeFinding:
        points = self._points
        missing = list(dict.fromkeys(self._missing))
        if not points.is_complete:
            missing.insert(0, _blanks(points))
        possible = tuple(one.code for one in scale.grades if one.code in self._possible)
        chosen = self._struck or self._proven
        if chosen is not None and possible == (chosen.code,) and points.is_complete:
            state, grade, missing = ProposalState.PROPOSED, chosen.code, []
        else:
            state = ProposalState.NOT_ENOUGH if missing else ProposalState.NONE_FITS
            grade = None
        if state is ProposalState.NONE_FITS:
            self._reasons.append(
                "Không mức nào có đủ điểm và điều kiện như văn bản: cấp có thẩm quyền xem xét và"
                " ghi lý do."
            )
        return GradeFinding(
            state,
            grade,
            possible,
            self._found,
            points,
            tuple(dict.fromkeys(self._reasons)),
            tuple(missing),
        )

    # --- one grade -----------------------------------------------------------------------------

    def _of(self, grade: str) -> list[ConditionFinding]:
        return [one for one in self._found if one.grade == grade]

    def _needs_total(self, grade: Grade) -> None:
        if self._points.is_complete:  # blanks are told elsewhere
            self._missing.append(
                f"{grade.label}: tính theo tổng điểm, mà bảng của năm chưa cho tổng điểm; hãy hoàn"
                " thiện bảng."
            )

    def _surely(self, below: int) -> bool:
        """Whether the total cannot fall under `below` any more."""
        return self._points.lowest is not None and self._points.lowest >= below

    def _fits(self, grade: Grade) -> _Fits:
        demand = self._conditions.demand(grade.code) if self._conditions else None
        cut = self._cut(grade, demand)
        own = [] if demand is not None and demand.any_one else self._of(grade.code)
        if cut is None and not own:
            return _Fits.NO_TEXT
        reached = self._reached(cut)
        broken = [one for one in own if one.outcome is Outcome.BROKEN]
        unknown = [one for one in own if one.outcome is Outcome.UNKNOWN]
        if reached is False:
            assert cut is not None
            self._reasons.append(f"{grade.label}: tổng điểm không tới {plain(cut)}.")
        self._reasons += [f"{grade.label}: không đạt “{one.text}”." for one in broken]
        if reached is False or broken:
            return _Fits.NO
        self._missing += [f"{grade.label}: chưa rõ “{one.text}”." for one in unknown]
        if reached is None:
            self._needs_total(grade)
        return _Fits.OPEN if unknown or reached is None else _Fits.YES

    def _cut(self, grade: Grade, demand: GradeDemand | None) -> Fraction | None:
        if demand is not None and demand.from_points is not None:
            return Fraction(demand.from_points)
        return self._sheet.cut(grade.code)

    def _reached(self, cut: Fraction | None) -> bool | None:
        if cut is None:
            return True
        points = self._points
        if points.lowest is not None and points.lowest >= cut:
            return True
        if points.highest is not None and points.highest < cut:
            return False
        return None


def _blanks(points: YearPoints) -> str:
    if not points.lines:
        return "Bảng của năm chưa có tiêu chí nào."
    codes = [line.code for line in points.lines if line.is_blank]
    shown = ", ".join(codes[:8]) + ("…" if len(codes) > 8 else "")
    return f"Còn {len(codes)} tiêu chí chưa ghi: {shown}."
