"""What is reported of a task: its fields as JSON values, and what can be wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import TaskState
from vungmanh.meetings.models import Task
from vungmanh.meetings.models.tasks import OWNER
from vungmanh.meetings.wishes import line, note_line

#: What may be reported of a task, and what a reader calls it.
REPORTED = {
    "owner": "ai làm",
    "percent": "phần trăm",
    "note": "tiến độ",
    "proof": "kết quả đã có",
    "state": "tình trạng",
    "done_on": "ngày xong",
}


def task_facts(task: Task) -> dict[str, Any]:
    """What was reported of a task, as JSON; what was not said is absent."""
    said = {
        "owner": task.owner,
        "percent": task.percent,
        "note": task.note,
        "proof": task.proof,
        "state": task.state,
        "done_on": task.ended_on.isoformat()
        if task.ended_on and task.state == TaskState.DONE
        else None,
    }
    return said_only(said)


def said_only(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing: null and empty text are the same."""
    return {name: value for name, value in said.items() if value not in (None, "")}


def clean_report(said: Mapping[str, Any], task: Task, today: dt.date) -> dict[str, Any]:
    """The values as they are kept. Raises InputError naming the field."""
    clean: dict[str, Any] = {}
    for name, value in said.items():
        match name:
            case "owner":
                clean[name] = line(str(value or ""), name, OWNER, REPORTED[name])
            case "note" | "proof":
                clean[name] = note_line(None if value is None else str(value), name) or None
            case "percent":
                clean[name] = _percent(value)
            case "state":
                clean[name] = _state(value)
            case "done_on":
                clean[name] = _done_on(value, task, today)
            case _:
                raise InputError(
                    f"Mẫu báo việc không có mục “{name}”: mẫu đã đổi. Tải lại trang rồi báo lại.",
                    code="unknown-field",
                )
    return clean


def _percent(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise InputError("Phần trăm là số từ 0 đến 100.", field="percent", code="bad-percent")
    return value


def _state(value: Any) -> str:
    if value not in (TaskState.OPEN, TaskState.DONE):
        raise InputError("Chọn “đang làm” hoặc “đã xong”.", field="state", code="bad-state")
    return TaskState(value).value


def _done_on(value: Any, task: Task, today: dt.date) -> str | None:
    if value is None or value == "":
        return None
    try:
        day = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(
            "Không đọc được ngày xong; chọn lại ngày.", field="done_on", code="bad-day"
        ) from None
    if not task.given_on <= day <= today:
        raise InputError(
            f"Ngày xong phải từ ngày giao {date_vi(task.given_on)} đến hôm nay; xem lại ngày.",
            field="done_on",
            code="bad-day",
        )
    return day.isoformat()
