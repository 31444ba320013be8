"""The way the quota of the best grade is counted, in plain Vietnamese."""

from __future__ import annotations

from vungmanh.rulebook.grading.tiebreaks import criterion_label
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaRounding

_PASSES = " (có thể vượt tỷ lệ)"


def method_lines(value: QuotaMethod) -> list[tuple[str, str]]:
    """Rounding, equals, groups and pooling."""
    passes = "" if value.rounding is QuotaRounding.DOWN else _PASSES
    pooled = f"nhóm dưới {value.minimum_group} nơi thì gộp thành “{value.pool}”"
    lines = [
        ("Số lẻ", f"{value.rounding.label}{passes}"),
        ("Bằng điểm", value.ties.label),
    ]
    if value.criteria:
        criteria = "; ".join(criterion_label(one) for one in value.criteria)
        lines.append(("Tiêu chí phụ, theo thứ tự", criteria))
    lines.append(("Nhóm tương đồng", value.grouping.label))
    lines.append(("Nhóm nhỏ", pooled if value.pool else "không gộp"))
    if value.pool:
        lines.append(("Trong nhóm gộp", value.sharing.label))
    lines.append(("Trả lời kiến nghị", value.on_complaint.label))
    return lines
