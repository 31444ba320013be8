"""What the reports of many cells say together: attendance, tasks, filing, what was verified.

Each sum counts a month as `strengthening.figures.months` counts it for one unit; a month that does
not tell both parts counts in neither. Split cells weigh by their share.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from vungmanh.analysis.structure import Stretch
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import ObligationKind, ReportedThen, ReportState
from vungmanh.meetings.frames import MARK_SQL

#: Part and whole by the code of the figure, over the lines `one` of the query below.
_SUMS = {
    "du-hop": ("present", "members - coalesce(exempt, 0)", """mark = 'H' AND present IS NOT NULL
               AND members - coalesce(exempt, 0) > 0"""),
    "viec-dung-han": ("tasks_on_time", "tasks_due", """tasks_due IS NOT NULL
               AND tasks_on_time IS NOT NULL"""),
    "nop-thang-12": ("(filed_on >= make_date(extract(year FROM month)::int, 12, 1))::int", "1",
                     "filed_on IS NOT NULL AND extract(month FROM month) <= 10"),
    "he-so-xac-minh": ("(seen = %(held)s)::int", "1",
                       "reported = %(then)s AND seen IN (%(held)s, %(not_held)s)"),
}  # fmt: skip
#: The figures that are given here.
SUMMED = frozenset(_SUMS)
_CELLS = """
  counted AS (
    SELECT * FROM unnest(%(units)s::uuid[], %(starts)s::date[], %(stops)s::date[],
                         %(shares)s::float8[]) AS given (unit_id, start, stop, share)
  )
"""


def report_sums(
    stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date
) -> dict[str, tuple[float, float]]:
    """Part and whole of each of SUMMED over the months `first` to `last`; one query."""
    columns = ", ".join(
        f"coalesce(sum(share * ({value})) FILTER (WHERE {counts}), 0)"
        for part, whole, counts in _SUMS.values()
        for value in (part, whole)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {_CELLS}, line AS (
              SELECT counted.share, due.month, {MARK_SQL} AS mark, report.present, report.members,
                     report.exempt, report.tasks_due, report.tasks_on_time, report.filed_on,
                     known.verified AS seen, known.reported
              FROM counted
              JOIN meetings_obligation due ON due.unit_id = counted.unit_id
               AND due.kind = %(kind)s AND due.month BETWEEN %(first)s AND %(until)s
               AND due.month >= counted.start AND due.month < counted.stop
              LEFT JOIN meetings_meetingreport report
                ON (report.unit_id, report.kind, report.month) = (due.unit_id, due.kind, due.month)
              LEFT JOIN meetings_inspectionmonth known
                ON (known.unit_id, known.kind, known.month) = (due.unit_id, due.kind, due.month)
               AND known.stands
              CROSS JOIN LATERAL (SELECT known.verified AS state) verified
            )
            SELECT {columns} FROM line
            """,
            {
                **_spans(stretches, first, last),
                "kind": ObligationKind.REGULAR,
                "held": ReportState.HELD,
                "not_held": ReportState.NOT_HELD,
                "then": ReportedThen.HELD,
            },
        )
        row = [float(value) for value in cursor.fetchone()]
    return {code: (row[2 * place], row[2 * place + 1]) for place, code in enumerate(_SUMS)}


def admitted_in(stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date) -> float:
    """How many members the register says were admitted in these months; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {_CELLS}
            SELECT coalesce(sum(share * one.count), 0) FROM counted
            JOIN org_admissioncount one ON one.unit_id = counted.unit_id
             AND one.month BETWEEN %(first)s AND %(until)s
             AND one.month >= counted.start AND one.month < counted.stop
            """,
            _spans(stretches, first, last),
        )
        return float(cursor.fetchone()[0])


def _spans(stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date) -> dict[str, object]:
    shown = [one for one in stretches if one.months_within(first, last)]
    return {
        "units": [one.unit for one in shown],
        "starts": [max(one.first_month, first) for one in shown],
        "stops": [min(one.stop_month, add_months(last, 1)) for one in shown],
        "shares": [one.share for one in shown],
        "first": first,
        "until": last,
    }
