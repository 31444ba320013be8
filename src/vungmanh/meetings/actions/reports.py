"""Recording and withdrawing meeting reports, one or a hundred thousand at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.org.bulk import copy_rows

#: What a report says, in the names of analysis.schema `meeting_reports`.
REPORT_FIELDS = (
    "state", "held_on", "filed_on", "members", "present", "excused", "unexcused", "exempt",
    "duration_minutes", "score", "longest_carried", "admitted", "tasks_due", "tasks_on_time",
    "note",
)  # fmt: skip

_TYPES = {
    "state": "text", "held_on": "date", "filed_on": "date", "score": "numeric", "note": "text",
}  # fmt: skip


@transaction.atomic
def record_reports(
    *,
    reports: Iterable[Mapping[str, Any]],
    source: UUID | None,
    by: User | None,
    at: dt.datetime,
    kind: str = ObligationKind.REGULAR,
) -> int:
    """Write reports; a report of the same cell and month is replaced. Returns how many.

    Each report maps `unit` (UUID), `month` (first day) and REPORT_FIELDS; a missing or null field
    is *not recorded*. Writes one event. Raises the database's IntegrityError for a report that
    breaks a constraint; callers check before.
    """
    fields = ", ".join(REPORT_FIELDS)
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} {_TYPES.get(name, 'int')}" for name in REPORT_FIELDS)
        cursor.execute(
            f"CREATE TEMP TABLE said (unit_id uuid, month date, {columns}) ON COMMIT DROP"
        )
        copy_rows(
            "said",
            ("unit_id", "month", *REPORT_FIELDS),
            (
                [report["unit"], report["month"], *(report.get(name) for name in REPORT_FIELDS)]
                for report in reports
            ),
        )
        changes = ", ".join(f"{name} = excluded.{name}" for name in REPORT_FIELDS)
        cursor.execute(
            f"""
            INSERT INTO meetings_meetingreport (unit_id, month, kind, source, {fields})
            SELECT unit_id, month, %s, %s, {fields.replace("note", "coalesce(note, '')")}
            FROM said ORDER BY unit_id, month
            ON CONFLICT (unit_id, kind, month)
            DO UPDATE SET {changes}, source = excluded.source, recorded_at = now()
            """,
            [kind, source],
        )
        written: int = cursor.rowcount
        cursor.execute("DROP TABLE said")
    record("reports.recorded", by=by, at=at, subject=f"source:{source}", data={"reports": written})
    return written


@transaction.atomic
def withdraw_reports(
    *,
    keys: Iterable[tuple[UUID, dt.date]],
    by: User | None,
    at: dt.datetime,
    kind: str = ObligationKind.REGULAR,
) -> int:
    """Take back reports by (unit, month): the months become *no report*. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE gone (unit_id uuid, month date) ON COMMIT DROP")
        copy_rows("gone", ("unit_id", "month"), keys)
        cursor.execute(
            """
            DELETE FROM meetings_meetingreport report USING gone
            WHERE report.unit_id = gone.unit_id AND report.month = gone.month AND report.kind = %s
            """,
            [kind],
        )
        withdrawn: int = cursor.rowcount
        cursor.execute("DROP TABLE gone")
    record("reports.withdrawn", by=by, at=at, subject="reports", data={"reports": withdrawn})
    return withdrawn
