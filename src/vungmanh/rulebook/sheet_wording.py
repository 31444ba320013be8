"""Scoring sheets, grade conditions and the quota in plain Vietnamese."""

from __future__ import annotations

from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.conditions import ExcellentQuota, GradeConditions, GradeDemand
from vungmanh.rulebook.values.sheets import SHARES, Criterion, MeetingSheet, SheetLevel
from vungmanh.rulebook.values.words import ConditionFor, CriterionMeasure, CriterionWhen
from vungmanh.rulebook.values.year_sheets import YearSheet

GRADES = {
    "trong_sach_vung_manh": "Trong sạch, vững mạnh",
    "hoan_thanh_tot": "Hoàn thành tốt nhiệm vụ",
    "xuat_sac": "Hoàn thành xuất sắc nhiệm vụ",
    "tot": "Hoàn thành tốt nhiệm vụ",
    "hoan_thanh": "Hoàn thành nhiệm vụ",
    "khong_hoan_thanh": "Không hoàn thành nhiệm vụ",
    "yeu_kem": "Yếu kém",
}


def sheet_lines(sheet: MeetingSheet) -> list[tuple[str, str]]:
    """A sheet in a few lines; its page shows the table."""
    lines = [
        ("Tổng điểm", "văn bản không đặt điểm" if sheet.total is None else plain(sheet.total)),
        ("Điểm không áp dụng", sheet.rescale.label),
    ]
    for group in sheet.groups:
        points = "" if group.points is None else f"{plain(group.points)} điểm"
        rows = "; ".join(criterion_text(one) for one in group.criteria)
        said = ": ".join(part for part in (points, rows) if part)
        lines.append((f"{group.code}. {group.title}", said or "văn bản không nêu"))
    for one in sheet.required:
        who = f", chi bộ từ {one.members} đảng viên" if one.members else ""
        when = ", tháng có chuyên đề" if one.thematic else ""
        lines.append((f"Thời gian phải họp{who}{when}", f"{one.minutes} phút"))
    if sheet.scorers:
        lines.append(("Người chấm", "; ".join(one.label for one in sheet.scorers)))
    lines += [("Điều phủ quyết", f"{veto.text}: mức {veto.grade}") for veto in sheet.vetoes]
    for rule in sheet.year:
        more = f", ít nhất {rule.best_times} buổi {rule.best}" if rule.best_times else ""
        lines.append((f"Cả năm {rule.grade}", f"mọi buổi ít nhất {rule.every_at_least}{more}"))
    return lines


def criterion_text(criterion: Criterion) -> str:
    """One row: its text, its points and its levels."""
    points = "" if criterion.points is None else f" ({plain(criterion.points)})"
    when = "" if criterion.applies is CriterionWhen.ALWAYS else f" — {criterion.applies.label}"
    levels = ", ".join(level_text(criterion, level) for level in criterion.levels)
    return f"{criterion.text}{points}{when}{f' [{levels}]' if levels else ''}"


def level_text(criterion: Criterion, level: SheetLevel) -> str:
    """One level: "từ 75% đến dưới 90%: 3 điểm"."""
    share = criterion.measure in SHARES
    ends = [
        f"{word} {end.text(share=share)}"
        for word, end in (
            ("từ", level.at_least),
            ("trên", level.more_than),
            ("đến", level.at_most),
            ("dưới", level.less_than),
        )
        if end is not None
    ]
    unit = " phút" if criterion.measure is CriterionMeasure.MINUTES and ends else ""
    said = f"{' '.join(ends)}{unit}" or level.label
    also = f"{' hoặc ' if said else ''}{level.or_when}" if level.or_when else ""
    return f"{said}{also}: {plain(level.points)} điểm"


def condition_lines(value: GradeConditions) -> list[tuple[str, str]]:
    """The conditions of each grade."""
    years = f"{value.first_year} đến {'nay' if value.last_year is None else value.last_year}"
    lines = [("Ký hiệu thang", value.regime), ("Năm xếp loại", years)]
    lines += [(part.title, f"{part.points} điểm") for part in value.parts]
    for demand in value.demands:
        rows = [_condition(one.text, one.only) for one in demand.conditions]
        joined = ("; hoặc " if demand.any_one else "; ").join(rows)
        said = ". ".join(part for part in (_points(demand), joined) if part)
        lines.append((GRADES.get(demand.grade, demand.grade), said))
    return lines


def _condition(text: str, only: ConditionFor) -> str:
    return text if only is ConditionFor.EVERYONE else f"{only.label}: {text[0].lower()}{text[1:]}"


def _points(demand: GradeDemand) -> str:
    ends = []
    if demand.from_points is not None:
        ends.append(f"từ {demand.from_points}")
    if demand.below_points is not None:
        ends.append(f"dưới {demand.below_points}")
    return f"{' đến '.join(ends)} điểm" if ends else ""


def quota_lines(value: ExcellentQuota) -> list[tuple[str, str]]:
    """How many may have the best grade."""
    return [
        ("Nhiều nhất", f"{value.percent}%"),
        ("Tính trên", value.base.label),
        ("Trong", value.groups),
    ]


def year_sheet_lines(sheet: YearSheet) -> list[tuple[str, str]]:
    """The sheet of a yearly grade, one line a group."""
    years = f"{sheet.first_year} đến {'nay' if sheet.last_year is None else sheet.last_year}"
    lines = [("Ký hiệu thang", sheet.regime), ("Năm xếp loại", years), ("Cách", sheet.way.label)]
    if sheet.total is not None:
        lines.append(("Tổng điểm", plain(sheet.total)))
    for group in sheet.groups:
        points = "" if group.points is None else f"{plain(group.points)} điểm"
        rows = "; ".join(
            one.text + ("" if one.points is None else f" ({plain(one.points)})")
            for one in group.criteria
        )
        said = ": ".join(part for part in (points, rows) if part)
        lines.append((f"{group.code}. {group.title}", said or "chưa có tiêu chí"))
    lines += [
        (GRADES.get(one.grade, one.grade), f"mốc của mẫu: từ {plain(one.from_points)} điểm")
        for one in sheet.cuts
    ]
    return lines
