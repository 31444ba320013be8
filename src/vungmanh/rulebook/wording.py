"""Rule values in plain Vietnamese, for pages and for the generated reference."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, cast

from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import Vocabulary, Weight
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.cycle_wording import deadline_lines, decider_lines, procedure_lines
from vungmanh.rulebook.paper_wording import layout_lines, limit_lines, term_lines
from vungmanh.rulebook.people_wording import people_lines
from vungmanh.rulebook.programme_wording import (
    attendance_lines,
    cause_lines,
    exit_lines,
    gate_lines,
    label_lines,
    measure_lines,
    path_lines,
    review_lines,
    selection_lines,
    visit_lines,
)
from vungmanh.rulebook.quota_wording import method_lines
from vungmanh.rulebook.sheet_wording import (
    condition_lines,
    quota_lines,
    sheet_lines,
    year_sheet_lines,
)
from vungmanh.rulebook.values import Band, Grade, IndexWeights, Placement, Value
from vungmanh.rulebook.values.conditions import ExcellentQuota, GradeConditions
from vungmanh.rulebook.values.cycles import CycleProcedure, GradeDeadlines, GradeDeciders
from vungmanh.rulebook.values.doubts import Doubtful
from vungmanh.rulebook.values.members import ExemptionRule
from vungmanh.rulebook.values.papers import CongressTerms, PaperLayout, PaperLimits
from vungmanh.rulebook.values.posts import ConcurrentPosts
from vungmanh.rulebook.values.programmes import (
    CauseCatalogue,
    ExitRule,
    ExpectedPaths,
    FileReviews,
    MeasureCatalogue,
    OversightAttendance,
    ProgrammeGates,
    SelectionRule,
    SupportLabel,
    VisitFrequency,
)
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.rulebook.values.training import ObligatoryTraining, TrainingDays
from vungmanh.rulebook.values.year_sheets import YearSheet

_LABELS = {
    "every_months": "Mấy tháng một lần",
    "minutes": "Số phút ít nhất",
    "with_thematic": "Số phút ít nhất khi kết hợp chuyên đề",
    "days_after_month": "Số ngày sau khi hết tháng",
    "kinds": "Loại tổ chức phải làm",
    "placements": "Loại tổ chức và nơi được đứng",
    "sectors": "Lĩnh vực",
    "due_month": "Tháng đến hạn",
    "due_day": "Ngày đến hạn",
    "expected": "Phải có mặt",
    "if_present": "Chỉ tính khi có mặt",
    "voting": "Có quyền biểu quyết",
    "bands": "Các mức",
    "regime": "Ký hiệu thang",
    "first_year": "Từ năm xếp loại",
    "last_year": "Đến năm xếp loại",
    "grades": "Các mức",
    "window_months": "Số tháng nhìn lại",
    "minimum": "Số tối thiểu",
    "of": "Trong số kỳ",
    "minimum_due": "Số kỳ phải họp tối thiểu để xét",
    "weight": "Mức lý do",
    "days": "Số ngày",
    "times": "Số lần",
    "light_from": "Lý do nhẹ từ mấy buổi",
    "heavy_from": "Lý do nặng từ mấy buổi",
    "years": "Số năm",
    "more_than_numerator": "Vượt quá phân số, tử số",
    "more_than_denominator": "Vượt quá phân số, mẫu số",
    "at_least_numerator": "Về tư cách đảng viên: ít nhất phân số, tử số",
    "at_least_denominator": "Về tư cách đảng viên: ít nhất phân số, mẫu số",
    "held": "Số kỳ đã họp",
    "attendance": "Tỷ lệ dự họp",
    "resolutions": "Nghị quyết và việc đúng hạn",
    "minimum_percent": "Tỷ lệ báo cáo tối thiểu (%)",
    "period_months": "Độ dài một lần xét (tháng)",
    "weak_periods": "Số lần xét liền nhau để kết luận",
    "weak_percent": "Xác suất để coi là cần củng cố (%)",
    "watch_percent": "Xác suất để theo dõi (%)",
    "reference_percent": "Mốc: phần yếu nhất của nhóm ở các kỳ gốc (%)",
    "base_periods": "Số kỳ gốc để lấy mốc",
    "interval_percent": "Mức tin cậy của khoảng (%)",
    "false_signals_a_month": "Số báo động giả chấp nhận mỗi tháng, cả tỉnh",
    "opens_month": "Mở từ tháng",
    "opens_day": "Mở từ ngày",
    "bodies": "Các nơi cho ý kiến, khi quy trình không nêu",
    "member": "Cột ý kiến luôn có",
    "runs": "Số năm liền để xét khen",
    "after_merger": "Sau sáp nhập, đếm tiếp khi",
    "across_scales": "Đếm qua hai thang xếp loại",
    "good_periods_to_clear": "Số lần xét tốt liền nhau để hết",
}

_AFTER_MERGER = {
    "every": "mọi tổ chức cũ đều đạt",
    "any": "có tổ chức cũ đạt",
    "none": "không đếm tiếp, đếm lại từ đầu",
}

#: Codes that only the program compares; a reader sees them as the break mark between two years.
_INTERNAL = frozenset({"comparable_group"})


#: Rules of posts, members, sizes and training.
_PEOPLE: tuple[type[Value], ...] = (
    Doubtful,
    ConcurrentPosts,
    ExemptionRule,
    ObligatoryTraining,
    TrainingDays,
)

#: Values told by lines of their own; all others field by field.
_TOLD: tuple[tuple[type[Value], Callable[[Any], list[tuple[str, str]]]], ...] = (
    (MeetingSheet, sheet_lines),
    (YearSheet, year_sheet_lines),
    (GradeConditions, condition_lines),
    (ExcellentQuota, quota_lines),
    (QuotaMethod, method_lines),
    (CycleProcedure, procedure_lines),
    (GradeDeciders, decider_lines),
    (GradeDeadlines, deadline_lines),
    (PaperLayout, layout_lines),
    (PaperLimits, limit_lines),
    (SelectionRule, selection_lines),
    (ProgrammeGates, gate_lines),
    (CauseCatalogue, cause_lines),
    (MeasureCatalogue, measure_lines),
    (ExpectedPaths, path_lines),
    (ExitRule, exit_lines),
    (FileReviews, review_lines),
    (OversightAttendance, attendance_lines),
    (VisitFrequency, visit_lines),
    (SupportLabel, label_lines),
    (CongressTerms, term_lines),
    *((kind, people_lines) for kind in _PEOPLE),
)


def value_lines(value: Value) -> list[tuple[str, str]]:
    """Each field a reader needs as (label, text), in the order of the class."""
    for kind, lines_of in _TOLD:
        if isinstance(value, kind):
            return lines_of(value)
    names = [field.name for field in dataclasses.fields(cast(Any, value))]
    return [
        (_LABELS[name], _text(value, name, getattr(value, name)))
        for name in names
        if name not in _INTERNAL
    ]


def validity_text(rule: Rule) -> str:
    """The days a rule holds, as a reader says it."""
    start = f"từ {date_vi(rule.valid_from)}"
    if rule.valid_to is None:
        return f"{start} đến nay"
    return f"{start} đến trước {date_vi(rule.valid_to)}"


def _text(value: Value, name: str, content: object) -> str:
    if content is None:
        return "đến nay" if name == "last_year" else "văn bản không nêu"
    if name == "after_merger":
        return _AFTER_MERGER[str(content)]
    if isinstance(content, tuple):
        everything = "mọi lĩnh vực" if name == "sectors" else "không có"
        return "; ".join(_step(step) for step in content) or everything
    if isinstance(content, bool | int | float):
        return _number(value, name, content)
    return content.label if isinstance(content, Weight) else str(content)


def _number(value: Value, name: str, content: bool | int | float) -> str:
    if isinstance(content, bool):
        return "có" if content else "không"
    if isinstance(content, float) and isinstance(value, IndexWeights):
        return percent_vi(content)
    is_a_year = isinstance(content, int) and "year" in name and name != "years"
    return str(content) if is_a_year else number_vi(content)


def _step(step: Band | Grade | Placement | Vocabulary | str | int) -> str:
    if isinstance(step, Placement):
        places = ", ".join(kind.label for kind in step.under)
        return f"{step.kind.label}: dưới {places}" if places else f"{step.kind.label}: trên cùng"
    if isinstance(step, Vocabulary):
        return step.label
    if isinstance(step, str | int):
        return str(step)
    if isinstance(step, Band):
        return f"{step.label}: từ {step.from_score} điểm"
    return f"{step.order}. {step.label}"
