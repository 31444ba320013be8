"""The procedure of a rating year, who decides in it, and its deadlines, in plain Vietnamese."""

from __future__ import annotations

from vungmanh.rulebook.values.cycles import (
    CycleProcedure,
    GradeDeadlines,
    GradeDeciders,
    ProcedureStep,
)
from vungmanh.rulebook.values.words import RatedLevel

_NOT_SAID = "văn bản không nêu"


def procedure_lines(value: CycleProcedure) -> list[tuple[str, str]]:
    """Who is rated, each step, the order and the forms."""
    years = f"{value.first_year} đến {'nay' if value.last_year is None else value.last_year}"
    subjects = "; ".join(one.label for one in value.subjects)
    lines = [
        ("Ký hiệu thang", value.regime),
        ("Năm xếp loại", years),
        ("Xếp loại ai", f"{subjects}; đảng viên: chương trình chỉ giữ số đếm"),
        ("Tập thể lãnh đạo nào", value.leadership or _NOT_SAID),
    ]
    for n, step in enumerate(value.steps, start=1):
        lines.append((f"Bước {n}. {step.step.label}", _step(step)))
    order = "; ".join(one.label for one in value.order or ())
    forms = "; ".join(f"{one.number}: {one.title}" for one in value.forms or ())
    lines.append(("Thứ tự", _NOT_SAID if value.order is None else order or "không có"))
    lines.append(("Mẫu giấy", _NOT_SAID if value.forms is None else forms or "không có"))
    if value.review_days is not None:
        lines.append(("Kiểm điểm ít nhất", f"{value.review_days} ngày"))
    if value.review_days_province is not None:
        days = f"{value.review_days_province} ngày"
        lines.append(("Kiểm điểm ít nhất, ban thường vụ tỉnh ủy", days))
    return lines


def _step(step: ProcedureStep) -> str:
    parts = [step.text] if step.text else []
    if not step.stated:
        parts.append("văn bản đọc được không nêu; chương trình vẫn ghi")
    for level in RatedLevel:
        said = [one.name for one in step.givers or () if one.about is level]
        if said:
            parts.append(f"{level.label}: {', '.join(said)}")
    if step.blind is not None:
        parts.append("chưa xem ý kiến của nhau" if step.blind else "xem được ý kiến của nhau")
    return ". ".join(parts) or "có"


def decider_lines(value: GradeDeciders) -> list[tuple[str, str]]:
    """Who decides for what stands where."""
    lines = []
    for one in value.deciders:
        kinds = ", ".join(kind.label for kind in one.kinds)
        under = ", ".join(kind.label for kind in one.under)
        lines.append((f"{kinds}{f' dưới {under}' if under else ''}", f"{one.name} quyết định"))
    return lines


def deadline_lines(value: GradeDeadlines) -> list[tuple[str, str]]:
    """The last day of each step."""
    return [(one.step.label, f"chậm nhất {one.text}") for one in value.deadlines]
