"""A scoring sheet and what the checker found in it, as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from django.utils.translation import gettext as _

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook.checking import Range, SheetFinding, SheetReport
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheets import SHARES, Criterion, MeetingSheet, SheetLevel
from vungmanh.rulebook.values.words import CriterionSource, CriterionWhen


@dataclass(frozen=True)
class CriterionRow:
    code: str
    text: str
    points: str
    measure: str
    levels: tuple[str, ...]
    notes: tuple[str, ...]
    is_group: bool = False


def criterion_rows(sheet: MeetingSheet) -> list[CriterionRow]:
    """Groups as headings, their criteria below them, in the order of the text."""
    rows = []
    for group in sheet.groups:
        rows.append(CriterionRow(group.code, group.title, _points(group.points), "", (), (), True))
        rows += [_row(criterion) for criterion in group.criteria]
    return rows


def _points(points: Fraction | None) -> str:
    return "–" if points is None else plain(points)


def _row(criterion: Criterion) -> CriterionRow:
    levels = tuple(level_words(level, criterion) for level in criterion.levels)
    return CriterionRow(
        criterion.code,
        criterion.text,
        _points(criterion.points),
        _(criterion.measure.label),
        levels,
        tuple(_notes(criterion)),
    )


def _notes(criterion: Criterion) -> Iterable[str]:
    if criterion.applies is CriterionWhen.MEMBERS_AT_LEAST:
        yield _("chỉ chi bộ từ %s đảng viên") % criterion.members
    elif criterion.applies is not CriterionWhen.ALWAYS:
        yield _(criterion.applies.label).lower()
    if criterion.network:
        yield _("cần có mạng")
    if criterion.bonus:
        yield _("điểm thưởng")
    if criterion.source is not CriterionSource.OBSERVED:
        yield _(criterion.source.label).lower()


def level_words(level: SheetLevel, criterion: Criterion) -> str:
    """One level in words: "trên 50%: 5 điểm"."""
    is_share = criterion.measure in SHARES
    ends = [
        f"{word} {bound.text(share=is_share)}"
        for word, bound in (
            (_("từ"), level.at_least),
            (_("trên"), level.more_than),
            (_("đến"), level.at_most),
            (_("dưới"), level.less_than),
        )
        if bound is not None
    ]
    words = [text for text in (" ".join(ends), level.label, level.or_when) if text]
    return f"{', '.join(words)}: {plain(level.points)}"


# --- the checker's report ----------------------------------------------------------------------


def report_finding(report: SheetReport) -> str:
    """The report in one sentence."""
    severe, warnings = len(report.of(Severity.SEVERE)), len(report.of(Severity.WARNING))
    if severe:
        return _("Có %(severe)s lỗi phải sửa và %(warnings)s điều cần lưu ý.") % {
            "severe": severe,
            "warnings": warnings,
        }
    if warnings:
        return _("Không có lỗi phải sửa; %s điều cần lưu ý.") % warnings
    return _("Không thấy lỗi.")


@dataclass(frozen=True)
class FindingRow:
    severity: str  # code, for the shape
    label: str
    place: str
    message: str
    remedy: str


def finding_rows(findings: Sequence[SheetFinding]) -> list[FindingRow]:
    return [
        FindingRow(one.severity.value, _(one.severity.label), one.place, one.message, one.remedy)
        for one in findings
    ]


@dataclass(frozen=True)
class RangeRow:
    """What is attainable, for the sizes of cell that share it."""

    month: str
    sizes: str
    lowest: str
    highest: str
    grade: str


def range_rows(report: SheetReport) -> list[RangeRow]:
    rows = []
    for (month, committee), of_month in groupby(
        report.ranges, key=lambda one: (one.month, one.committee)
    ):
        for same, group in groupby(of_month, key=lambda one: (one.lowest, one.highest, one.grade)):
            sizes = [one.members for one in group]
            rows.append(_range_row(month, committee, sizes, same, report.ranges))
    return rows


def _range_row(
    month: str,
    committee: bool,
    sizes: list[int],
    same: tuple[Fraction, Fraction, str],
    ranges: Sequence[Range],
) -> RangeRow:
    name = _(month).capitalize()
    if len({one.committee for one in ranges}) > 1:
        name += ", " + (_("có chi ủy") if committee else _("không có chi ủy"))
    return RangeRow(name, _span(sizes), plain(same[0]), plain(same[1]), same[2])


def _span(sizes: list[int]) -> str:
    return str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]}–{sizes[-1]}"


@dataclass(frozen=True)
class AbsenceBar:
    """One size of cell in the small chart of what one lawful absence costs."""

    members: int
    points: str
    height: str
    y: str
    x: str
    loses_top: bool


def absence_bars(report: SheetReport) -> list[AbsenceBar]:
    """Bars 60 high at most; geometry as attributes."""
    most = max((one.points for one in report.absences), default=Fraction(0))
    bars = []
    for place, one in enumerate(report.absences):
        height = float(60 * one.points / most) if most else 0.0
        bars.append(
            AbsenceBar(
                one.members, plain(one.points), f"{height:.1f}", f"{64 - height:.1f}",
                str(12 * place), one.loses_top,
            )
        )  # fmt: skip
    return bars
