"""One line of a scored sheet: does it apply, who or what decides it, and how much it brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.checking.scores import ZERO, Situation, attainable
from vungmanh.rulebook.scoring.answers import Answers
from vungmanh.rulebook.scoring.measured import Measured, reading
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheets import Criterion, MeetingSheet, SheetGroup
from vungmanh.rulebook.values.words import AbsentCriterion, CriterionMeasure, CriterionWhen


class PointSource(Vocabulary):
    """How one line of a scored sheet came to its points, or why it has none."""

    COMPUTED = "computed", "Tính từ số liệu"
    TYPED = "typed", "Người chấm ghi"
    BLANK = "blank", "Chưa chấm"
    GRANTED = "granted", "Không áp dụng, cho đủ điểm"
    ABSENT = "absent", "Không áp dụng kỳ này"
    HOLE = "hole", "Bảng điểm có chỗ hở"
    OVERLAP = "overlap", "Hai mức cùng nhận"
    NO_POINTS = "no_points", "Bảng không đặt điểm"


#: Decided: the line adds its points to the total.
DECIDED = frozenset(
    {PointSource.COMPUTED, PointSource.TYPED, PointSource.GRANTED, PointSource.ABSENT}
)


@dataclass(frozen=True)
class Line:
    """`most`: what it can bring at this meeting. `choices`: what may be typed, None for any number
    from 0 to `most`, empty where nothing may. `least`: what it brings at the very least."""

    criterion: Criterion
    group: SheetGroup
    source: PointSource
    points: Fraction | None
    least: Fraction
    most: Fraction
    why: str
    choices: tuple[Fraction, ...] | None = ()
    may_be_absent: bool = False  # whether it applies is unknown: the scorer may say it does not
    set_aside: Fraction | None = None  # typed, though the system can tell

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def is_decided(self) -> bool:
        return self.source in DECIDED

    @property
    def may_be_typed(self) -> bool:
        return self.source in {PointSource.TYPED, PointSource.BLANK}


def rows_of(sheet: MeetingSheet) -> Iterator[tuple[SheetGroup, Criterion]]:
    """What is scored: the criteria, and a group that its text has not divided, as one row."""
    for group in sheet.groups:
        for criterion in group.criteria:
            yield group, criterion
        if not group.criteria:
            yield group, Criterion(group.code, group.title, group.points, CriterionMeasure.JUDGED)


def line_of(
    group: SheetGroup,
    criterion: Criterion,
    sheet: MeetingSheet,
    facts: Measured,
    answers: Answers,
) -> Line:
    """One line, whatever the others are."""
    if criterion.points is None:
        why = "Văn bản không đặt điểm cho dòng này."
        return Line(criterion, group, PointSource.NO_POINTS, None, ZERO, ZERO, why)
    applying = applies_here(criterion, facts)
    may_be_absent = applying is None
    if applying is False or (may_be_absent and criterion.code in answers.not_here):
        return _absent(group, criterion, may_be_absent=may_be_absent)
    found = reading(criterion, sheet, facts)
    if len(found.outcomes) == 1 and not may_be_absent:
        return _measured(group, criterion, found.points, found.why, answers)
    most = _most(criterion, sheet, facts)
    choices = _choices(criterion, found.points)
    lowest, highest = (min(choices), max(choices)) if choices else (ZERO, most)
    points = answers.points.get(criterion.code)
    return Line(
        criterion,
        group,
        PointSource.BLANK if points is None else PointSource.TYPED,
        points,
        ZERO if may_be_absent else lowest,
        highest,
        _unless(criterion) if may_be_absent else found.why,
        choices,
        may_be_absent,
    )


def applies_here(criterion: Criterion, facts: Measured) -> bool | None:
    """Whether a criterion is scored at this meeting; None when what decides it is unknown."""
    when = criterion.applies
    if when is CriterionWhen.THEMATIC_MONTH:
        return facts.thematic
    if when is CriterionWhen.ORDINARY_MONTH:
        return None if facts.thematic is None else not facts.thematic
    if when is CriterionWhen.HAS_COMMITTEE:
        return facts.committee
    if when is CriterionWhen.MEMBERS_AT_LEAST:
        return None if facts.members is None else facts.members >= (criterion.members or 0)
    return True


def _absent(group: SheetGroup, criterion: Criterion, *, may_be_absent: bool) -> Line:
    granted = criterion.otherwise is AbsentCriterion.GRANTED
    points = (criterion.points or ZERO) if granted else ZERO
    source = PointSource.GRANTED if granted else PointSource.ABSENT
    why = f"{_when(criterion)}, nên buổi này không chấm"
    why += f"; bảng cho đủ {plain(points)} điểm." if granted else "."
    return Line(
        criterion, group, source, points, points, points, why, (), may_be_absent=may_be_absent
    )


def _measured(
    group: SheetGroup,
    criterion: Criterion,
    points: frozenset[Fraction],
    why: str,
    answers: Answers,
) -> Line:
    """Decided by the facts, or by nobody where the levels have a hole or overlap."""
    levels = [level.points for level in criterion.levels]
    aside = answers.points.get(criterion.code)
    if len(points) == 1:
        (only,) = points
        return Line(
            criterion, group, PointSource.COMPUTED, only, only, max(levels), why, set_aside=aside
        )
    source = PointSource.OVERLAP if points else PointSource.HOLE
    said = "hai mức cùng nhận con số này" if points else "không mức nào nhận con số này"
    why = f"{why} Trong bảng, {said}: báo nơi ban hành bảng điểm để sửa."
    return Line(criterion, group, source, None, min(levels), max(levels), why, set_aside=aside)


def _most(criterion: Criterion, sheet: MeetingSheet, facts: Measured) -> Fraction:
    situation = Situation(
        bool(facts.thematic) or criterion.applies is CriterionWhen.THEMATIC_MONTH,
        committee=True,
        members=facts.members or max(criterion.members or 0, 1),
    )
    return max(attainable(criterion, sheet, situation))


def _choices(criterion: Criterion, possible: frozenset[Fraction]) -> tuple[Fraction, ...] | None:
    """Best first; what the facts leave open where they tell something, else every level."""
    if criterion.measure is CriterionMeasure.JUDGED:
        return None
    if criterion.measure is CriterionMeasure.YES_NO or not criterion.levels:
        return tuple(sorted({criterion.points or ZERO, ZERO}, reverse=True))
    levels = {level.points for level in criterion.levels}
    return tuple(sorted(possible or levels, reverse=True))


def _when(criterion: Criterion) -> str:
    if criterion.applies is CriterionWhen.MEMBERS_AT_LEAST:
        return f"Chỉ chấm chi bộ từ {criterion.members} đảng viên"
    return criterion.applies.label.replace("Chỉ", "Chỉ chấm", 1)


def _unless(criterion: Criterion) -> str:
    return f"{_when(criterion)}. Hệ thống chưa biết điều này: nếu không phải, chọn “không áp dụng”."
