"""How a report stands in a line: JSON whose keys are those of `meetings` reports, and SQL for it.

A line keeps the whole report as it would be written (`after`) and as it stood (`before`). A blank
cell keeps what stood there; turning a held meeting into one not held clears what only a meeting
can have.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from vungmanh.meetings.actions.reports import REPORT_FIELDS

#: What is compared to tell whether a report would change: everything but the day it was filed.
COMPARED = tuple(name for name in REPORT_FIELDS if name != "filed_on")
_DATES = {"held_on", "filed_on"}

#: What a line says of itself before it is compared with what stands in the database.
STAGED_COLUMNS = (
    "number", "place", "label", "unit_id", "month", "reason", "warning", *COMPARED,
)  # fmt: skip

STAGED_TABLE = """
CREATE TEMP TABLE staged (
  file_id bigint, number int, place text, label text, unit_id uuid, month date, reason text,
  warning text, state text, held_on date, members int, present int, excused int, unexcused int,
  exempt int, duration_minutes int, score numeric(5,2), longest_carried int, admitted int,
  tasks_due int, tasks_on_time int, note text
) ON COMMIT DROP
"""

_ONLY_HELD = ("held_on", "present", "excused", "unexcused", "duration_minutes", "score")


def as_json(alias: str) -> str:
    """SQL: the report in the columns of `alias` as jsonb, without the day it was filed."""
    pairs = ", ".join(f"'{name}', {alias}.{name}" for name in COMPARED)
    return f"jsonb_build_object({pairs})"


def merged(said: str, stood: str) -> str:
    """SQL: the columns of a report when line `said` meets the report `stood` (or none)."""
    columns = ["staged_state.state AS state"]
    for name in COMPARED:
        if name == "state":
            continue
        kept = f"coalesce({said}.{name}, {stood}.{name})"
        if name in _ONLY_HELD:
            kept = f"CASE WHEN {said}.state = 'held' THEN {kept} END"
        elif name == "note":
            # A note explains the state it was written for.
            kept = (
                f"coalesce({said}.note, CASE WHEN {said}.state = {stood}.state"
                f" THEN {stood}.note END, '')"
            )
        columns.append(f"{kept} AS {name}")
    return ", ".join(columns).replace("staged_state", said)


def report_of(
    unit: Any, month: dt.date, data: Mapping[str, Any], filed_on: dt.date | None
) -> dict[str, Any]:
    """A line's JSON as `record_reports` takes it. `filed_on` fills the day where none stands."""
    report: dict[str, Any] = {"unit": unit, "month": month}
    for name in REPORT_FIELDS:
        value = data.get(name)
        if value is not None and name in _DATES:
            value = dt.date.fromisoformat(value)
        elif value is not None and name == "score":
            value = Decimal(str(value))
        report[name] = value
    report["filed_on"] = report["filed_on"] or filed_on
    return report
