"""Whether what a line says of its tasks can be true together."""

from __future__ import annotations

from collections.abc import Mapping

from vungmanh.core.text import number_vi


def task_problems(values: Mapping[str, object]) -> list[tuple[str, str]]:
    """(field, sentence) for counts of tasks that cannot be true together."""
    due, on_time = values.get("tasks_due"), values.get("tasks_on_time")
    if isinstance(due, int) and isinstance(on_time, int) and on_time > due:
        return [
            (
                "tasks_on_time",
                f"Xong đúng hạn {number_vi(on_time)} việc, nhiều hơn số việc đến hạn "
                f"({number_vi(due)}). Sửa một trong hai số.",
            )
        ]
    return []
