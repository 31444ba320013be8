"""The ledger as arrays for `analysis`: one character a month, one row a cell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from vungmanh.analysis.facts import MARKS, NOT_DUE, UNKNOWN, Ints
from vungmanh.core.vocabulary import ObligationKind

#: The mark of one obligation. A meeting held counts even where the month had been excused. One
#: that was postponed beyond `until` (the month, or the day, looked at) is not missing yet.
MARK_SQL = """
  CASE WHEN report.state = 'held' THEN 'H' WHEN due.excuse_document <> '' THEN 'E'
       WHEN due.postponed_until > %(until)s THEN 'E'
       WHEN report.state = 'not_held' THEN 'N' ELSE '-' END
"""
_OFFSET = 34  # printable characters carry small counts: '"' is 0, '!' is not recorded


@dataclass(frozen=True)
class MonthMarks:
    """Marks and carried counts of shape (n, months), rows in the order of the units asked for."""

    first_month: dt.date
    marks: NDArray[np.uint8]
    carried: Ints


def first_month_due() -> dt.date | None:
    """The first month in the ledger; None when it is empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(month) FROM meetings_obligation WHERE kind = %s", [ObligationKind.REGULAR]
        )
        (month,) = cursor.fetchone()
        return month


def month_marks(index: dict[UUID, int], first: dt.date, last: dt.date) -> MonthMarks:
    """The ledger of the months `first` to `last` for the units of `index` (id → row)."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    marks = np.full((len(index), months), NOT_DUE, dtype=np.uint8)
    carried = np.full((len(index), months), UNKNOWN, dtype=np.int64)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH said AS (
              SELECT due.unit_id,
                     (extract(year FROM due.month)::int - %(year)s) * 12
                       + extract(month FROM due.month)::int - %(month)s AS place,
                     {MARK_SQL} AS mark,
                     chr(least(coalesce(report.longest_carried, -1), 90) + {_OFFSET}) AS carried
              FROM meetings_obligation due
              LEFT JOIN meetings_meetingreport report
                USING (unit_id, kind, month)
              WHERE due.kind = %(kind)s AND due.month BETWEEN %(first)s AND %(last)s
            )
            SELECT unit_id, min(place), string_agg(mark, '' ORDER BY place),
                   string_agg(carried, '' ORDER BY place),
                   CASE WHEN max(place) - min(place) + 1 <> count(*)
                        THEN array_agg(place ORDER BY place) END
            FROM said GROUP BY unit_id
            """,
            {
                "year": first.year,
                "month": first.month,
                "kind": ObligationKind.REGULAR,
                "first": first,
                "last": last,
                "until": last,
            },
        )
        for unit, start, letters, counts, gaps in cursor:
            row = index.get(unit)
            if row is None:
                continue
            places = gaps if gaps is not None else slice(start, start + len(letters))
            marks[row, places] = np.frombuffer(letters.encode("ascii"), dtype=np.uint8)
            counted = np.frombuffer(counts.encode("ascii"), dtype=np.uint8)
            carried[row, places] = counted.astype(np.int64) - _OFFSET
    return MonthMarks(first, marks, carried)


def admissions_known_until() -> dt.date | None:
    """The last month the register of admissions speaks of: up to it, no row means none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(month) FROM org_admissioncount")
        (month,) = cursor.fetchone()
        return month


def recorded_admissions(first: dt.date, last: dt.date) -> list[tuple[UUID, dt.date, int]]:
    """Admissions of each unit and month that somebody recorded: as reported, else as registered."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id, month, coalesce(report.admitted, register.count)
            FROM org_admissioncount register
            FULL JOIN (SELECT unit_id, month, admitted FROM meetings_meetingreport
                       WHERE admitted IS NOT NULL) report USING (unit_id, month)
            WHERE month BETWEEN %s AND %s
            """,
            [first, last],
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
