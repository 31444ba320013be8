"""`check_sheet`: every finding about a scoring sheet, and the numbers they rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook.checking.findings import Absence, Range, SheetFinding, SheetReport
from vungmanh.rulebook.checking.levels import level_findings
from vungmanh.rulebook.checking.limits import limit_findings
from vungmanh.rulebook.checking.scores import ZERO, Situation, points_at, share, totals
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.grades import MeetingGrades
from vungmanh.rulebook.values.sheets import Criterion, MeetingSheet
from vungmanh.rulebook.values.words import CriterionMeasure, CriterionSource, CriterionWhen

SIZES = range(3, 31)
_ORDER = (Severity.SEVERE, Severity.WARNING, Severity.NOTE)


def check_sheet(
    sheet: MeetingSheet, bands: MeetingGrades | None, *, sizes: Iterable[int] = SIZES
) -> SheetReport:
    """All that can be said of a sheet, for cells of the given sizes and both kinds of month."""
    sizes = tuple(sizes)
    pointed = all(criterion.points is not None for criterion in sheet.criteria)
    complete = pointed and all(group.criteria for group in sheet.groups)
    ranges = _ranges(sheet, bands, sizes) if complete else ()
    absences = tuple(_absence(sheet, size) for size in sizes) if complete else ()
    findings = [
        *_sums(sheet, bands),
        *_unsaid(sheet),
        *(one for criterion in sheet.criteria for one in level_findings(sheet, criterion, sizes)),
        *limit_findings(sheet, bands, ranges, absences),
        *_no_grades(sheet, bands),
    ]
    return SheetReport(
        findings=tuple(sorted(findings, key=lambda one: _ORDER.index(one.severity))),
        ranges=ranges,
        absences=absences,
        network_points=_points(one for one in sheet.criteria if one.network),
        self_declared_points=_points(
            one for one in sheet.criteria if one.source is CriterionSource.SELF_DECLARED
        ),
    )


def _points(criteria: Iterable[Criterion]) -> Fraction:
    return sum((one.points or ZERO for one in criteria), ZERO)


# --- weights -----------------------------------------------------------------------------------


def _sums(sheet: MeetingSheet, bands: MeetingGrades | None) -> Iterator[SheetFinding]:
    codes = [group.code for group in sheet.groups] + [one.code for one in sheet.criteria]
    for code, times in Counter(codes).items():
        if times > 1:
            yield SheetFinding(
                "same_code",
                Severity.SEVERE,
                code,
                f"Mã “{code}” dùng {times} lần.",
                "Đặt mỗi nhóm và mỗi tiêu chí một mã riêng.",
            )
    for group in sheet.groups:
        if group.points is not None and group.criteria and None not in _given(group.criteria):
            yield from _sum(group.code, f"nhóm “{group.title}”", group.points, group.criteria)
    if sheet.total is None:
        return
    weights = [
        _points(group.criteria) if group.points is None else group.points for group in sheet.groups
    ]
    found = sum(weights, ZERO)
    if found != sheet.total:
        yield _wrong_sum("", "bảng điểm", found, sheet.total)
    if bands is not None and sheet.total != 100:
        yield SheetFinding(
            "total_not_100",
            Severity.SEVERE,
            "",
            f"Bảng điểm ghi tổng {plain(sheet.total)}, còn các mức chất lượng tính trên 100.",
            "Chia lại điểm cho tổng bằng 100.",
            {"total": sheet.total},
        )


def _given(criteria: Sequence[Criterion]) -> list[Fraction | None]:
    return [one.points for one in criteria]


def _sum(
    code: str, name: str, points: Fraction, criteria: Sequence[Criterion]
) -> Iterator[SheetFinding]:
    found = _points(criteria)
    if found != points:
        yield _wrong_sum(code, name, found, points)


def _wrong_sum(code: str, name: str, found: Fraction, wanted: Fraction) -> SheetFinding:
    difference = abs(found - wanted)
    way = "thiếu" if found < wanted else "thừa"
    return SheetFinding(
        "sum",
        Severity.SEVERE,
        code,
        f"Điểm trong {name} cộng lại là {plain(found)}, phải là {plain(wanted)}:"
        f" {way} {plain(difference)}.",
        "Sửa điểm của một dòng cho tổng khớp.",
        {"found": found, "wanted": wanted},
    )


def _unsaid(sheet: MeetingSheet) -> Iterator[SheetFinding]:
    """What the text leaves to somebody else."""
    if sheet.total is None:
        yield SheetFinding(
            "no_points",
            Severity.WARNING,
            "",
            "Văn bản nêu tiêu chí mà không đặt điểm: điểm và mức do tỉnh quy định.",
            "Tỉnh ghi điểm cho từng tiêu chí trong bảng của mình.",
        )
    for group in sheet.groups:
        if group.points is not None and not group.criteria:
            yield SheetFinding(
                "no_criteria",
                Severity.WARNING,
                group.code,
                f"Nhóm “{group.title}” có {plain(group.points)} điểm mà chưa chia thành tiêu chí.",
                "Ghi từng tiêu chí với điểm và cách đo.",
                {"points": group.points},
            )
        elif sheet.total is not None and None in _given(group.criteria):
            yield SheetFinding(
                "no_criterion_points",
                Severity.WARNING,
                group.code,
                f"Nhóm “{group.title}” có tiêu chí chưa có điểm.",
                "Ghi điểm cho từng tiêu chí của nhóm.",
            )
    if sheet.partial:
        yield SheetFinding(
            "partial",
            Severity.NOTE,
            "",
            "Mới biết một phần của văn bản này; kết quả kiểm tra chỉ nói về phần ấy.",
            "Đối chiếu nguyên văn rồi bổ sung.",
        )


def _no_grades(sheet: MeetingSheet, bands: MeetingGrades | None) -> Iterator[SheetFinding]:
    """Vetoes and rules of the year that lead to a grade there is none of."""
    if bands is None:
        return
    known = {said.lower() for band in bands.bands for said in (band.code, band.label)}
    named = [(veto.code, veto.grade) for veto in sheet.vetoes]
    for rule in sheet.year:
        named += [("", said) for said in (rule.grade, rule.every_at_least, rule.best) if said]
    for place, said in dict.fromkeys(named):
        if " ".join(said.lower().split()) not in known:
            yield SheetFinding(
                "no_such_grade",
                Severity.SEVERE,
                place,
                f"“{said}” không phải một mức chất lượng của buổi sinh hoạt.",
                f"Ghi một trong các mức: {', '.join(band.label for band in bands.bands)}.",
            )


# --- numbers -----------------------------------------------------------------------------------


def _ranges(
    sheet: MeetingSheet, bands: MeetingGrades | None, sizes: Sequence[int]
) -> tuple[Range, ...]:
    whens = {criterion.applies for criterion in sheet.criteria}
    monthly = whens & {CriterionWhen.THEMATIC_MONTH, CriterionWhen.ORDINARY_MONTH}
    themed = monthly or any(one.thematic for one in sheet.required)
    months = (False, True) if themed else (False,)
    committees = (False, True) if CriterionWhen.HAS_COMMITTEE in whens else (True,)
    return tuple(
        _range(sheet, bands, Situation(thematic, committee, size))
        for thematic in months
        for committee in committees
        for size in sizes
    )


def _range(sheet: MeetingSheet, bands: MeetingGrades | None, situation: Situation) -> Range:
    reached = totals(sheet, situation)
    best = ""
    if bands is not None and 0 <= reached[-1] <= 100:
        best = bands.band_of(float(reached[-1])).label
    return Range(
        situation.thematic,
        situation.committee,
        situation.members,
        lowest=reached[0],
        highest=reached[-1],
        grade=best,
        totals=reached,
    )


def _absence(sheet: MeetingSheet, members: int) -> Absence:
    """One member away with reason, everything else as good as it can be."""
    lost = [
        _lost(criterion, members)
        for criterion in sheet.criteria
        if criterion.measure is CriterionMeasure.ATTENDANCE and criterion.levels
    ]
    return reduce(
        lambda sum_, one: Absence(
            members, sum_.points + one.points, sum_.loses_top or one.loses_top
        ),
        lost,
        Absence(members, ZERO, loses_top=False),
    )


def _lost(criterion: Criterion, members: int) -> Absence:
    def best(present: int) -> Fraction:
        return max(points_at(criterion, share(criterion, present, members), ZERO), default=ZERO)

    full, one_away = best(members), best(members - 1)
    return Absence(members, full - one_away, loses_top=one_away < full)
