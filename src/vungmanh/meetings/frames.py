"""The ledger as columns for `analysis`: one row for each month that was due."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from vungmanh.analysis.facts import MARKS
from vungmanh.core.vocabulary import ObligationKind

#: The mark of one obligation. A meeting held counts even where the month had been excused. One
#: that was postponed beyond `until` (the month, or the day, looked at) is not missing yet.
MARK_SQL = """
  CASE WHEN report.state = 'held' THEN 'H' WHEN due.excuse_document <> '' THEN 'E'
       WHEN due.postponed_until > %(until)s THEN 'E'
       WHEN report.state = 'not_held' THEN 'N' ELSE '-' END
"""
#: What a report says beside its state.
REPORTED = (
    "members", "exempt", "present", "tasks_due", "tasks_on_time", "held_on", "filed_on",
    "longest_carried", "admitted",
)  # fmt: skip
DAYS = frozenset({"held_on", "filed_on"})
_EPOCH = "DATE '1970-01-01'"  # days are handed over as numbers, as columnar tables keep them
_SAID = ", ".join(
    f"report.{name} - {_EPOCH}" if name in DAYS else f"report.{name}" for name in REPORTED
)
#: The lines of one unit as one text: half a million rows one by one would take twice as long. The
#: zeros only hold the brackets in which PostgreSQL writes a row.
_LINES_SQL = f"""
  SELECT due.unit_id, count(*),
         string_agg(ROW(0, due.month - {_EPOCH}, {MARK_SQL}, {_SAID}, 0)::text, chr(10))
  FROM meetings_obligation due
  LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
  WHERE due.kind = %(kind)s AND due.month BETWEEN %(first)s AND %(until)s
  GROUP BY due.unit_id
"""


def first_month_due() -> dt.date | None:
    """The first month in the ledger; None when it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(month) FROM meetings_obligation WHERE kind = %s", [ObligationKind.REGULAR]
        )
        (month,) = cursor.fetchone()
        return month


def month_lines(first: dt.date, last: dt.date) -> list[tuple[UUID, int, str]]:
    """The regular meetings due in the months `first` to `last`, with what was reported.

    For each unit how many lines, and the lines, one a month in no order: month, mark (MARK_SQL) and
    REPORTED in brackets with a 0 at both ends. Days are numbers from 1970 on; nothing is null.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES_SQL, {"kind": ObligationKind.REGULAR, "first": first, "until": last})
        return list(cursor.fetchall())


def admissions_known_until() -> dt.date | None:
    """The last month the register of admissions speaks of: up to it, no row means none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(month) FROM org_admissioncount")
        (month,) = cursor.fetchone()
        return month


def admissions_beside(first: dt.date, last: dt.date) -> list[tuple[UUID, dt.date, int]]:
    """Admissions known otherwise than from the report of a month due: from the register, or from a
    report of a month in which no meeting was due. Where both speak, the report counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id, month, coalesce(report.admitted, register.count)
            FROM org_admissioncount register
            FULL JOIN (
              SELECT unit_id, month, admitted FROM meetings_meetingreport said
              WHERE kind = %(kind)s AND admitted IS NOT NULL AND NOT EXISTS (
                SELECT FROM meetings_obligation due
                WHERE due.unit_id = said.unit_id AND due.month = said.month
                  AND due.kind = said.kind)
            ) report USING (unit_id, month)
            WHERE month BETWEEN %(first)s AND %(last)s
            ORDER BY unit_id, month
            """,
            {"kind": ObligationKind.REGULAR, "first": first, "last": last},
        )
        return list(cursor.fetchall())


def month_totals(month: dt.date) -> tuple[int, int]:
    """(reports received, regular meetings due and neither excused nor postponed) of one month."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(report.id), count(*)
            FROM meetings_obligation due
            LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
            WHERE due.kind = %(kind)s AND due.month = %(month)s AND due.excuse_document = ''
              AND (due.postponed_until IS NULL OR due.postponed_until <= due.month)
            """,
            {"kind": ObligationKind.REGULAR, "month": month},
        )
        reported, due = cursor.fetchone()
        return reported, due


assert set(MARKS) == set("HNE-."), "MARK_SQL writes the marks of analysis.facts"
