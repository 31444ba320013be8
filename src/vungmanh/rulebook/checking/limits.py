"""What follows from attainable points: tops out of reach, floors, small cells, the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook.checking.findings import Absence, Range, SheetFinding
from vungmanh.rulebook.checking.scores import ZERO, Situation, attainable
from vungmanh.rulebook.values.bounds import percent, plain
from vungmanh.rulebook.values.grades import MeetingGrades
from vungmanh.rulebook.values.sheets import Criterion, MeetingSheet
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionSource,
    CriterionWhen,
    SheetRescale,
)


def limit_findings(
    sheet: MeetingSheet,
    bands: MeetingGrades | None,
    ranges: Sequence[Range],
    absences: Sequence[Absence],
) -> Iterator[SheetFinding]:
    """`ranges` and `absences` are empty when the sheet has no points to reckon with."""
    yield from _sometimes(sheet, bands, ranges)
    yield from _floor(sheet, ranges)
    yield from _grades(bands, ranges)
    yield from _small_cells(absences)
    yield from _network(sheet)
    yield from _self_declared(sheet)
    yield from _vetoes(sheet)


def _sometimes(
    sheet: MeetingSheet, bands: MeetingGrades | None, ranges: Sequence[Range]
) -> Iterator[SheetFinding]:
    """Criteria that do not always apply, and what they leave of the best grade."""
    some = [
        one
        for one in sheet.criteria
        if one.applies is not CriterionWhen.ALWAYS and one.otherwise is AbsentCriterion.LOST
    ]
    if some and sheet.rescale is SheetRescale.NOT_STATED:
        yield SheetFinding(
            "rescale_not_stated",
            Severity.WARNING,
            _codes(some),
            "Có tiêu chí không phải kỳ nào cũng chấm, mà bảng không nói điểm ấy tính thế nào khi"
            " không chấm.",
            "Ghi rõ: không quy đổi, quy đổi theo tỷ lệ, hoặc cho đủ điểm.",
        )
    seen: set[tuple[bool, Fraction]] = set()
    for one in ranges:
        if sheet.total is None or one.highest >= sheet.total or (one.thematic, one.highest) in seen:
            continue
        seen.add((one.thematic, one.highest))
        yield SheetFinding(
            "maximum",
            Severity.WARNING,
            _codes(some),
            f"{one.month.capitalize()} nhiều nhất được {plain(one.highest)}/{plain(sheet.total)}"
            f" điểm.{_room(bands, one.highest)}",
            "Cho quy đổi theo tỷ lệ, hoặc hạ mức cao nhất trong những kỳ ấy.",
            {"highest": one.highest, "members": Fraction(one.members)},
        )


def _room(bands: MeetingGrades | None, highest: Fraction) -> str:
    if bands is None:
        return ""
    top = bands.bands[0]
    left = highest - top.from_score
    if left < 0:
        return f" Không nơi nào đạt mức {top.label}, từ {top.from_score} điểm."
    return f" Mức {top.label} từ {top.from_score} điểm, nên chỉ còn được mất {plain(left)} điểm."


def _floor(sheet: MeetingSheet, ranges: Sequence[Range]) -> Iterator[SheetFinding]:
    if not ranges:
        return
    least = min(ranges, key=lambda one: one.lowest)
    if not least.lowest:
        return
    situation = Situation(least.thematic, least.committee, least.members)
    free = [one.code for one in sheet.criteria if min(attainable(one, sheet, situation))]
    most = max(one.lowest for one in ranges)
    more = f" Có nơi {plain(most)} điểm, vì được cho sẵn điểm." if most > least.lowest else ""
    yield SheetFinding(
        "floor",
        Severity.WARNING,
        ", ".join(free),
        f"Trả lời kém nhất ở mọi tiêu chí vẫn được {plain(least.lowest)} điểm.{more}",
        "Đặt mức thấp nhất là 0 điểm, hoặc chấp nhận và ghi lý do.",
        {"lowest": least.lowest, "highest_floor": most},
    )


def _grades(bands: MeetingGrades | None, ranges: Sequence[Range]) -> Iterator[SheetFinding]:
    """Grades that no meeting can get, whatever it does."""
    if bands is None or not ranges:
        return
    found: dict[str, Range] = {}
    above = Fraction(101)
    for band in bands.bands:
        for one in ranges:
            if not any(band.from_score <= number < above for number in one.totals):
                found.setdefault(band.label, one)
        above = Fraction(band.from_score)
    for label, one in found.items():
        yield SheetFinding(
            "grade_unreachable",
            Severity.SEVERE if label == bands.bands[0].label else Severity.WARNING,
            "",
            f"Có nơi không bao giờ vào được mức {label}: ví dụ chi bộ {one.members} đảng viên,"
            f" {one.month}, từ {plain(one.lowest)} đến {plain(one.highest)} điểm.",
            "Xem lại điểm các tiêu chí hoặc mốc của mức này.",
            {"lowest": one.lowest, "highest": one.highest},
        )


def _small_cells(absences: Sequence[Absence]) -> Iterator[SheetFinding]:
    unfair = [one for one in absences if one.loses_top]
    if not unfair:
        return
    worst = max(unfair, key=lambda one: one.points)
    largest = max(one.members for one in unfair)
    fair = [one.members for one in absences if one.members > largest]
    until = f" Từ {fair[0]} đảng viên mới hết." if fair else ""
    yield SheetFinding(
        "small_cells",
        Severity.WARNING,
        "",
        f"Chỉ một người vắng có lý do, chi bộ {unfair[0].members} đến {largest} đảng viên đã mất"
        f" mức dự họp cao nhất, nhiều nhất {plain(worst.points)} điểm.{until}",
        "Bỏ qua một người vắng có lý do ở chi bộ ít người, hoặc hạ mức.",
        {"largest": Fraction(largest), "points": worst.points},
    )


def _network(sheet: MeetingSheet) -> Iterator[SheetFinding]:
    found = [one for one in sheet.criteria if one.network]
    if found:
        yield SheetFinding(
            "network",
            Severity.WARNING,
            _codes(found),
            f"{plain(_sum(found))} điểm chỉ có được khi có mạng; nơi không có sóng mất số điểm ấy.",
            "Nhận cả bản giấy nộp muộn có lý do, hoặc cho đủ điểm nơi không có sóng.",
            {"points": _sum(found)},
        )


def _self_declared(sheet: MeetingSheet) -> Iterator[SheetFinding]:
    found = [one for one in sheet.criteria if one.source is CriterionSource.SELF_DECLARED]
    if not found:
        return
    points = _sum(found)
    share = f", bằng {percent(points / sheet.total)} tổng điểm" if sheet.total else ""
    yield SheetFinding(
        "self_declared",
        Severity.WARNING,
        _codes(found),
        f"{plain(points)} điểm do chi bộ tự khai{share}; không tính từ sổ việc.",
        "Tính từ sổ nghị quyết và việc được giao, hoặc để người dự họp đối chiếu.",
        {"points": points},
    )


def _vetoes(sheet: MeetingSheet) -> Iterator[SheetFinding]:
    for veto in sheet.vetoes:
        yield SheetFinding(
            "veto",
            Severity.NOTE,
            veto.code,
            f"{veto.text}: xếp thẳng mức {veto.grade}, dù được bao nhiêu điểm.",
            "Ghi điểm riêng, mức riêng, để vẫn thấy buổi họp thế nào.",
        )


def _sum(criteria: Sequence[Criterion]) -> Fraction:
    return sum((one.points or ZERO for one in criteria), ZERO)


def _codes(criteria: Sequence[Criterion]) -> str:
    return ", ".join(one.code for one in criteria)
