"""The slow twin of `counting` and `inheriting`: row by row, to be read beside the rule.

Rows are mappings with the columns of cell-months; a key that is missing is unknown, like None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from vungmanh.analysis.counts import FIELDS
from vungmanh.core.periods import months_between

Row: TypeAlias = Mapping[str, Any]
Counted: TypeAlias = dict[tuple[str, dt.date], dict[str, int | None]]


def count(cell_months: Iterable[Row], ends: Iterable[dt.date], *, months: int = 12) -> Counted:
    """The counts of each unit and period; the extremes None where nothing is known."""
    counted: Counted = {}
    periods = sorted(set(ends))
    for row in cell_months:
        for end in periods:
            if 0 <= months_between(row["month"], end) < months:
                key = row["unit"], end
                if key not in counted:
                    counted[key] = _nothing()
                _add(counted[key], row)
    return counted


def _nothing() -> dict[str, int | None]:
    return {name: None if name.endswith(("_min", "_max")) else 0 for name in FIELDS}


def _add(counts: dict[str, Any], row: Row) -> None:
    state = row["state"]
    if state == "held" and row.get("set_aside"):
        counts["set_aside"] += 1
    elif state == "held":
        counts["held"] += 1
        _add_attendance(counts, row)
    elif state in {"not_held", "no_report", "excused"}:
        counts[state] += 1
    due, on_time = row.get("tasks_due"), row.get("tasks_on_time")
    if due is not None and on_time is not None:
        counts["tasked"] += 1
        counts["tasks_due"] += due
        counts["tasks_on_time"] += on_time
    month, filed_on = row["month"], row.get("filed_on")
    if state in {"held", "not_held"} and filed_on is not None:
        counts["filed"] += 1
        if month.month <= 10 and filed_on >= dt.date(month.year, 12, 1):
            counts["filed_in_december"] += 1


def _add_attendance(counts: dict[str, Any], row: Row) -> None:
    members, present = row.get("members"), row.get("present")
    if members is None or present is None:
        return
    owing = members - (row.get("exempt") or 0)
    if owing <= 0:  # nobody owed attendance: it says nothing
        return
    counts["attended"] += 1
    for name, value in (("owing", owing), ("present", present)):
        counts[name] += value
        for extreme, chosen in ((f"{name}_min", min), (f"{name}_max", max)):
            before = counts[extreme]
            counts[extreme] = value if before is None else chosen(before, value)
    counts["present_square"] += present * present


def count_years(cell_years: Iterable[Row], counted: Counted, *, owed: int = 12) -> Counted:
    """`counted` and the yearly totals of the units and years it knows no month of."""
    both = dict(counted)
    for row in cell_years:
        key = row["unit"], dt.date(row["year"], 12, 1)
        if key not in counted:
            both[key] = _of_a_year(row, owed)
    return both


def _of_a_year(row: Row, owed: int) -> dict[str, int | None]:
    counts: dict[str, Any] = {**_nothing(), "present_square": None}
    counts["excused"] = row.get("excused") or 0
    due = row.get("due")
    if due is None:
        due = max(owed - counts["excused"], 0)
    held, not_held, silent = row.get("held"), row.get("not_held"), row.get("no_report") or 0
    rest = max(due - (held or 0) - silent, 0)
    if not_held is None:  # a total speaks for the whole year
        not_held = 0 if held is None else rest
    counts["held"], counts["not_held"] = held or 0, not_held
    counts["no_report"] = silent + max(rest - not_held, 0)
    owing, present = row.get("owing"), row.get("present")
    if present is not None and owing is not None and owing > 0:
        counts |= {"attended": 1 if held is None else held, "owing": owing, "present": present}
    tasks_due, on_time = row.get("tasks_due"), row.get("tasks_on_time")
    if tasks_due is not None and on_time is not None:
        counts |= {"tasked": due, "tasks_due": tasks_due, "tasks_on_time": on_time}
    return counts


def share_in(unit: str, heir: str, lineage: Iterable[tuple[str, str, dt.date, float]]) -> float:
    """How much of `unit` belongs to `heir` at last: its lineage followed step by step."""
    rows = list(lineage)
    last = max((on for gone, _, on, _ in rows if gone == unit), default=None)
    went = [(to, share) for gone, to, on, share in rows if gone == unit and on == last]
    kept = 1.0 - sum(share for _, share in went)
    return (kept if unit == heir else 0.0) + sum(
        share * share_in(successor, heir, rows) for successor, share in went
    )
