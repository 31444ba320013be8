"""Where the records behind a fact of a year are opened: the kind of page and what it is of.

A record is kept as text, "task:task_id=…", so that a frozen fact still opens. The words before the
colon are the name of a page; what follows are what it needs. `period` is the month to look at.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Address:
    """One page: its name, its ids by name, and the month it is to show, where that matters."""

    page: str
    ids: dict[str, str]
    period: dt.date | None = None


def ledger_record(unit_id: UUID, month: dt.date) -> str:
    return f"unit_ledger:unit_id={unit_id};period={month:%Y-%m}"


def task_record(task_id: UUID) -> str:
    return f"task:task_id={task_id}"


def inspection_record(inspection_id: UUID) -> str:
    return f"inspection:inspection_id={inspection_id}"


def flag_record(flag_id: UUID) -> str:
    return f"flag:flag_id={flag_id}"


def unit_record(unit_id: UUID, month: dt.date) -> str:
    return f"unit:unit_id={unit_id};period={month:%Y-%m}"


def outcomes_record(dossier_id: UUID) -> str:
    return f"dossier_outcomes:dossier_id={dossier_id}"


def rule_record(rule_id: str) -> str:
    return f"rule:rule_id={rule_id}"


def address_of(record: str) -> Address:
    """What a record of a fact opens. Raises ValueError for text that is none."""
    page, colon, rest = record.partition(":")
    said = [part.partition("=") for part in rest.split(";")]
    if not colon or not all(name and value for name, _, value in said):
        raise ValueError(f"no record of a fact: {record}")
    ids = {name: value for name, _, value in said}
    period = ids.pop("period", None)
    return Address(page, ids, dt.date.fromisoformat(f"{period}-01") if period else None)
