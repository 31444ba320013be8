"""Whether the counts of one held meeting can be true together."""

from __future__ import annotations

from collections.abc import Mapping

from vungmanh.core.text import number_vi


def attendance_problems(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """(field, sentence) for counts of a held meeting that cannot be true together."""
    members, present = values.get("members"), values.get("present")
    found = []
    if present == 0:
        found.append(("present", "Đã họp nhưng có mặt 0 người. Ghi số người có mặt."))
    if not isinstance(members, int):
        return found
    if isinstance(present, int) and present > members:
        found.append(
            (
                "present",
                f"Có mặt {number_vi(present)} người, nhiều hơn số đảng viên "
                f"({number_vi(members)}). Sửa một trong hai số.",
            )
        )
        return found
    counted = _sum(values, "present", "excused", "unexcused")
    if counted > members:
        found.append(
            (
                "present",
                f"Có mặt và vắng cộng lại {number_vi(counted)}, nhiều hơn số đảng viên "
                f"({number_vi(members)}). Đếm lại.",
            )
        )
    return found


def attendance_warning(values: Mapping[str, object]) -> str:
    """A sentence when a complete roll call leaves somebody out; else ""."""
    members = values.get("members")
    if not isinstance(members, int) or any(
        values.get(name) is None for name in ("present", "excused", "unexcused")
    ):
        return ""
    missing = members - _sum(values, "present", "excused", "unexcused", "exempt")
    return f"Còn {missing} đảng viên chưa rõ có mặt hay vắng." if missing > 0 else ""


def _sum(values: Mapping[str, object], *names: str) -> int:
    return sum(value for name in names if isinstance(value := values.get(name), int))
