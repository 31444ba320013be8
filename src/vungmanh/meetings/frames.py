"""The ledger as columns for `analysis`: one row for each month that was due."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from vungmanh.analysis.facts import MARKS
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.models import InspectionMonth

#: What an inspection saw of a month, where it could tell; joined wherever MARK_SQL is read.
VERIFIED_SQL = """
  LEFT JOIN (SELECT unit_id, kind, month, verified AS state FROM meetings_inspectionmonth
             WHERE stands) verified USING (unit_id, kind, month)
"""
#: The mark of one obligation. What was verified wins over what was reported; a meeting held counts
#: even where the month had been excused. One that was postponed beyond `until` (the month, or the
#: day, looked at) is not missing yet.
MARK_SQL = """
  CASE WHEN coalesce(verified.state, report.state) = 'held' THEN 'H'
       WHEN due.excuse_document <> '' THEN 'E' WHEN due.postponed_until > %(until)s THEN 'E'
       WHEN coalesce(verified.state, report.state) = 'not_held' THEN 'N' ELSE '-' END
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
  SELECT unit_id, count(*), string_agg(
    ROW(0, month - {_EPOCH}, CASE WHEN due.id IS NULL THEN '.' ELSE {MARK_SQL} END,
        {_SAID}, 0)::text, chr(10))
  FROM meetings_obligation due FULL JOIN meetings_meetingreport report USING (unit_id, kind, month)
  {VERIFIED_SQL}
  WHERE kind = %(kind)s AND month BETWEEN %(first)s AND %(until)s
  GROUP BY unit_id
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
    """The regular meetings due or reported in the months `first` to `last`.

    For each unit how many lines, and the lines, one a month in no order: month, mark (MARK_SQL; "."
    where something was reported and nothing due) and REPORTED, in brackets with a 0 at both ends.
    Days are numbers from 1970 on; what was not reported is empty.
    """
    with connection.cursor() as cursor:
        # For the rest of the transaction; both tables fit: nothing goes to disk and back.
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        cursor.execute(_LINES_SQL, {"kind": ObligationKind.REGULAR, "first": first, "until": last})
        return list(cursor.fetchall())


def admissions_known_until() -> dt.date | None:
    """The last month the register of admissions speaks of: up to it, no row means none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(month) FROM org_admissioncount")
        (month,) = cursor.fetchone()
        return month


def registered_admissions(first: dt.date, last: dt.date) -> list[tuple[str, dt.date, int]]:
    """Members admitted by unit (its id as text) and month, as the register of admissions says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id::text, month, count FROM org_admissioncount"
            " WHERE month BETWEEN %s AND %s ORDER BY unit_id, month",
            [first, last],
        )
        return list(cursor.fetchall())


def verified_months(first: dt.date, last: dt.date) -> list[tuple[str, dt.date, str, str]]:
    """Unit (its id as text), month, what was reported when it was inspected (`ReportedThen`), what
    was seen (`Verdict`, never unknown): of the regular meetings in the months `first` to `last`."""
    found = InspectionMonth.objects.filter(
        stands=True, kind=ObligationKind.REGULAR, month__range=(first, last)
    ).order_by("unit_id", "month")
    rows = found.values_list("unit_id", "month", "reported", "verified")
    return [(str(unit), month, reported, seen) for unit, month, reported, seen in rows]


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
