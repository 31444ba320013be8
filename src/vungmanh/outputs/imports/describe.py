"""A line of an import in words: what it says, and what it would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import ReportState
from vungmanh.outputs.imports.records import COMPARED

_NAMES = {
    "state": "tình trạng",
    "held_on": "ngày họp",
    "members": "đảng viên",
    "present": "có mặt",
    "excused": "vắng có lý do",
    "unexcused": "vắng không lý do",
    "exempt": "được miễn",
    "duration_minutes": "số phút",
    "score": "điểm",
    "longest_carried": "nghị quyết kéo dài",
    "admitted": "kết nạp",
    "tasks_due": "việc đến hạn",
    "tasks_on_time": "việc xong đúng hạn",
    "note": "ghi chú",
}


def report_words(report: Mapping[str, Any] | None) -> str:
    """A report in one line: "Đã họp 05/11/2026; có mặt 8/9; 95 phút; điểm 92,5"."""
    if not report:
        return ""
    parts = [ReportState(report["state"]).label]
    if report.get("held_on"):
        parts[0] += f" {_shown('held_on', report['held_on'])}"
    if report.get("present") is not None:
        of = "" if report.get("members") is None else f"/{report['members']}"
        parts.append(f"có mặt {report['present']}{of}")
    elif report.get("members") is not None:
        parts.append(f"{report['members']} đảng viên")
    if report.get("duration_minutes") is not None:
        parts.append(f"{report['duration_minutes']} phút")
    if report.get("score") is not None:
        parts.append(f"điểm {_shown('score', report['score'])}")
    if report.get("tasks_due"):
        done = report.get("tasks_on_time")
        parts.append(
            f"{report['tasks_due']} việc đến hạn"
            if done is None
            else f"xong đúng hạn {done}/{report['tasks_due']} việc"
        )
    return "; ".join(parts)


def change_words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Each field that differs: "có mặt 8 thành 7"."""
    return [
        f"{_NAMES[name]} {_shown(name, before.get(name))} thành {_shown(name, after.get(name))}"
        for name in COMPARED
        if before.get(name) != after.get(name)
    ]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each field that differs: its name, what stood, what is said now."""
    return [
        (_NAMES[name], _shown(name, before.get(name)), _shown(name, after.get(name)))
        for name in COMPARED
        if before.get(name) != after.get(name)
    ]


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return "trống"
    if name == "state":
        return f"“{ReportState(value).label}”"
    if name == "held_on":
        return date_vi(dt.date.fromisoformat(value))
    if name == "score":
        return number_vi(Decimal(str(value)), decimals=2)
    return f"“{value}”" if name == "note" else str(value)
