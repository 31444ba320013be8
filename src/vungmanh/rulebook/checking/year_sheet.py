"""`check_year_sheet`: what is wrong with the sheet of a yearly grade, in words with a remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook.checking.findings import SheetFinding, SheetReport
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.grades import GradeScale
from vungmanh.rulebook.values.words import SheetPart, SheetWay
from vungmanh.rulebook.values.year_sheets import YearCriterion, YearSheet

ZERO = Fraction(0)
TOTAL = Fraction(100)
_ORDER = (Severity.SEVERE, Severity.WARNING, Severity.NOTE)


def check_year_sheet(sheet: YearSheet, scale: GradeScale | None = None) -> SheetReport:
    """Every finding, worst first; with the `scale` of its years the cuts are checked against it."""
    findings = [
        *_codes(sheet),
        *_rows(sheet),
        *(_points(sheet) if sheet.way is SheetWay.POINTS else _levels(sheet)),
        *_cuts(sheet, scale),
        *_without_facts(sheet),
    ]
    ordered = tuple(sorted(findings, key=lambda one: _ORDER.index(one.severity)))
    return SheetReport(ordered, (), (), network_points=ZERO, self_declared_points=ZERO)


def _codes(sheet: YearSheet) -> Iterator[SheetFinding]:
    codes = [group.code for group in sheet.groups] + [one.code for one in sheet.criteria]
    for code, times in Counter(code.strip() for code in codes).items():
        if not code:
            yield _severe(
                "no_code", "", "Có nhóm hoặc tiêu chí chưa có mã.", "Đặt mã cho từng dòng."
            )
        elif times > 1:
            yield _severe(
                "same_code",
                code,
                f"Mã “{code}” dùng {times} lần.",
                "Đặt mỗi nhóm và mỗi tiêu chí một mã riêng.",
            )


def _rows(sheet: YearSheet) -> Iterator[SheetFinding]:
    if not sheet.groups:
        yield _severe(
            "no_groups", "", "Bảng chưa có nhóm tiêu chí nào.", "Ghi ít nhất một nhóm với tiêu chí."
        )
    for group in sheet.groups:
        if not group.criteria:
            yield _severe(
                "no_criteria",
                group.code,
                f"Nhóm “{group.title}” chưa có tiêu chí nào.",
                "Ghi tiêu chí cho nhóm, hoặc xóa nhóm.",
            )
    for one in sheet.criteria:
        if not one.text.strip():
            yield _severe(
                "no_text",
                one.code,
                f"Tiêu chí {one.code} chưa có lời.",
                "Ghi nội dung của tiêu chí.",
            )
    for text, times in Counter(
        " ".join(one.text.lower().split()) for one in sheet.criteria
    ).items():
        if text and times > 1:
            same = ", ".join(o.code for o in sheet.criteria if _words(o) == text)
            yield _finding(
                Severity.WARNING,
                "same_text",
                same,
                f"Các tiêu chí {same} ghi cùng một nội dung, nên một việc tính {times} lần.",
                "Gộp thành một tiêu chí, hoặc ghi rõ khác nhau ở đâu.",
            )
    if not any(group.part is SheetPart.TASK_RESULT for group in sheet.groups):
        yield _finding(
            Severity.SEVERE if sheet.way is SheetWay.LEVELS else Severity.WARNING,
            "no_task_result",
            "",
            "Không nhóm nào được ghi là kết quả nhiệm vụ; điều kiện xếp loại có thể hỏi nhóm ấy.",
            "Chọn nhóm nào là “Kết quả nhiệm vụ”.",
        )


def _words(one: YearCriterion) -> str:
    return " ".join(one.text.lower().split())


def _points(sheet: YearSheet) -> Iterator[SheetFinding]:
    if sheet.total != TOTAL:
        said = "chưa ghi tổng điểm" if sheet.total is None else f"ghi tổng {plain(sheet.total)}"
        yield _severe(
            "total_not_100",
            "",
            f"Bảng {said}, còn các mức xếp loại tính trên 100.",
            "Chia lại điểm cho tổng bằng 100.",
        )
    for one in sheet.criteria:
        if one.points is None:
            yield _severe(
                "no_criterion_points",
                one.code,
                f"Tiêu chí {one.code} “{one.text}” chưa có điểm.",
                "Ghi điểm cao nhất của tiêu chí.",
            )
        elif one.points <= 0:
            yield _severe(
                "not_positive",
                one.code,
                f"Tiêu chí {one.code} ghi {plain(one.points)} điểm, nên không thêm được điểm nào.",
                "Ghi điểm lớn hơn 0, hoặc xóa tiêu chí.",
            )
    yield from _sums(sheet)


def _sums(sheet: YearSheet) -> Iterator[SheetFinding]:
    """A group against its rows, the total against the groups; silent where a number is missing."""
    weights: list[Fraction | None] = []
    for group in sheet.groups:
        rows = _sum(one.points for one in group.criteria)
        weights.append(rows if group.points is None else group.points)
        if group.criteria and rows is not None and group.points not in (None, rows):
            assert group.points is not None
            yield _wrong_sum(group.code, f"nhóm “{group.title}”", rows, group.points)
    found = _sum(weights)
    if sheet.groups and found is not None and found != TOTAL:
        yield _wrong_sum("", "cả bảng", found, TOTAL)


def _sum(numbers: Iterable[Fraction | None]) -> Fraction | None:
    total = ZERO
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _wrong_sum(place: str, name: str, found: Fraction, wanted: Fraction) -> SheetFinding:
    way = "thiếu" if found < wanted else "thừa"
    return SheetFinding(
        "sum",
        Severity.SEVERE,
        place,
        f"Điểm trong {name} cộng lại là {plain(found)}, phải là {plain(wanted)}:"
        f" {way} {plain(abs(found - wanted))}.",
        "Sửa điểm của một dòng cho tổng khớp.",
        {"found": found, "wanted": wanted},
    )


def _levels(sheet: YearSheet) -> Iterator[SheetFinding]:
    given = [group.code for group in sheet.groups if group.points is not None]
    given += [one.code for one in sheet.criteria if one.points is not None]
    if given or sheet.total is not None:
        yield _severe(
            "points_in_levels",
            ", ".join(given),
            "Bảng này chọn mức Xuất sắc, Tốt, Trung bình, Kém, mà có dòng ghi điểm.",
            "Xóa điểm, hoặc đổi cách làm của bảng thành chấm điểm.",
        )


def _cuts(sheet: YearSheet, scale: GradeScale | None) -> Iterator[SheetFinding]:
    if sheet.cuts and sheet.way is SheetWay.LEVELS:
        yield _severe(
            "cuts_in_levels", "", "Bảng chọn mức mà lại có mốc điểm.", "Xóa các mốc điểm."
        )
    if any(above.from_points <= below.from_points for above, below in pairwise(sheet.cuts)):
        yield _severe(
            "cuts_not_falling",
            "",
            "Mốc điểm phải giảm dần từ mức cao xuống mức thấp.",
            "Xếp lại các mốc điểm.",
        )
    for one in sheet.cuts:
        if not 0 <= one.from_points <= TOTAL:
            yield _severe(
                "cut_out_of_reach",
                one.grade,
                f"Mốc {plain(one.from_points)} điểm nằm ngoài 0 đến 100.",
                "Ghi mốc từ 0 đến 100.",
            )
        if scale is not None and scale.grade(one.grade) is None:
            yield _severe(
                "no_such_grade",
                one.grade,
                f"“{one.grade}” không phải một mức của thang năm này.",
                f"Ghi một trong: {', '.join(grade.code for grade in scale.grades)}.",
            )


def _without_facts(sheet: YearSheet) -> Iterator[SheetFinding]:
    bare = [one.code for one in sheet.criteria if not one.facts]
    if bare:
        yield _finding(
            Severity.NOTE,
            "no_facts",
            ", ".join(bare),
            f"{len(bare)} tiêu chí không có số liệu nào của hệ thống bên cạnh.",
            "Người chấm tự ghi căn cứ cho những tiêu chí này.",
        )


def _finding(severity: Severity, code: str, place: str, message: str, remedy: str) -> SheetFinding:
    return SheetFinding(code, severity, place, message, remedy)


def _severe(code: str, place: str, message: str, remedy: str) -> SheetFinding:
    return _finding(Severity.SEVERE, code, place, message, remedy)
