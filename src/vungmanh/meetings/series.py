"""The ledger as a series over months, for the cells that a structure gives (`org.structure`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from vungmanh.analysis.structure import Stretch
from vungmanh.core.periods import add_months, month_range
from vungmanh.core.vocabulary import MembershipStatus, ObligationKind
from vungmanh.meetings.frames import MARK_SQL, VERIFIED_SQL

#: As on the page of a cell: those on its register, whether or not they owe attendance.
_COUNTED = [MembershipStatus.OFFICIAL.value, MembershipStatus.PROBATIONARY.value]


@dataclass
class MonthTotal:
    """One month of one group. With split cells the figures need not be whole.

    Excused months are not among those due; `members` is None where no cell has given a count.
    """

    month: dt.date
    cells: float = 0.0
    members: float | None = None
    held: float = 0.0
    not_held: float = 0.0
    no_report: float = 0.0
    excused: float = 0.0

    @property
    def due(self) -> float:
        return self.held + self.not_held + self.no_report

    def __add__(self, other: MonthTotal) -> MonthTotal:
        """Both together; of the same month."""
        known = [one for one in (self.members, other.members) if one is not None]
        return MonthTotal(
            self.month,
            self.cells + other.cells,
            sum(known) if known else None,
            self.held + other.held,
            self.not_held + other.not_held,
            self.no_report + other.no_report,
            self.excused + other.excused,
        )


Series = dict[str, list[MonthTotal]]


def held_series(
    stretches: Sequence[Stretch[UUID]],
    first: dt.date,
    last: dt.date,
    *,
    with_members: bool = True,
) -> Series:
    """The months `first` to `last` by group, every month present; two queries, whatever the size.

    Months are counted by the cells that live on their last day.
    """
    shown = [one for one in stretches if one.months_within(first, last)]
    series = {
        group: [MonthTotal(month) for month in month_range(first, last)]
        for group in sorted({one.group for one in stretches})
    }
    if shown:
        _count_cells(series, shown, first, last)
        _count_marks(series, shown, first, last)
        if with_members:
            _count_members(series, shown, first, last)
    return series


def _place(first: dt.date, month: dt.date) -> int:
    return (month.year - first.year) * 12 + month.month - first.month


def _count_cells(
    series: Series, stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date
) -> None:
    for one in stretches:
        start, stop = max(one.first_month, first), min(one.stop_month, add_months(last, 1))
        for total in series[one.group][_place(first, start) : _place(first, stop)]:
            total.cells += one.share


_COUNTED_SQL = """
  WITH counted AS (
    SELECT * FROM unnest(%(units)s::uuid[], %(starts)s::date[], %(stops)s::date[],
                         %(shares)s::float8[], %(groups)s::text[])
      AS given (unit_id, start, stop, share, part)
  )
"""


def _parameters(
    stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date
) -> dict[str, Any]:
    return {
        "units": [one.unit for one in stretches],
        "starts": [max(one.first_month, first) for one in stretches],
        "stops": [min(one.stop_month, add_months(last, 1)) for one in stretches],
        "shares": [one.share for one in stretches],
        "groups": [one.group for one in stretches],
        "first": first,
        "last": last,
        "until": last,
        "kind": ObligationKind.REGULAR,
        "statuses": _COUNTED,
    }


def _count_marks(
    series: Series, stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {_COUNTED_SQL},
            marked AS MATERIALIZED (
              SELECT due.unit_id, due.month, {MARK_SQL} AS mark
              FROM meetings_obligation due
              LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
              {VERIFIED_SQL}
              WHERE due.kind = %(kind)s AND due.month BETWEEN %(first)s AND %(last)s
                AND due.unit_id = ANY (%(units)s)
            )
            SELECT counted.part, marked.month, marked.mark, sum(counted.share)
            FROM counted
            JOIN marked ON marked.unit_id = counted.unit_id
                       AND marked.month >= counted.start AND marked.month < counted.stop
            GROUP BY 1, 2, 3
            """,
            _parameters(stretches, first, last),
        )
        fields = {"H": "held", "N": "not_held", "-": "no_report", "E": "excused"}
        for group, month, mark, count in cursor.fetchall():
            setattr(series[group][_place(first, month)], fields[mark], count)


def _count_members(
    series: Series, stretches: Sequence[Stretch[UUID]], first: dt.date, last: dt.date
) -> None:
    """Counts hold over spans: what begins and ends together is added before it is spread."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            {_COUNTED_SQL}
            SELECT counted.part, greatest(counted.start, date_trunc('month', lower(valid))::date),
                   least(counted.stop, date_trunc('month', upper(valid))::date),
                   sum(counted.share * members.count)
            FROM counted
            JOIN org_membershipcount members
              ON members.unit_id = counted.unit_id AND members.status = ANY (%(statuses)s)
             AND members.valid && daterange(counted.start, counted.stop)
            GROUP BY 1, 2, 3
            """,
            _parameters(stretches, first, last),
        )
        for group, start, stop, count in cursor.fetchall():
            for total in series[group][_place(first, start) : _place(first, stop)]:
                total.members = (total.members or 0.0) + count


def marks_by_year_of(units: Sequence[UUID], *, until: dt.date) -> dict[UUID, dict[int, str]]:
    """Of each unit twelve characters a year as `queries.marks_by_year` has them. One query.

    For units that have ended: months after the end are a space, nothing was owed.
    """
    years: dict[UUID, dict[int, list[str]]] = {unit: {} for unit in units}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT due.unit_id, due.month, {MARK_SQL}
            FROM meetings_obligation due
            LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
            {VERIFIED_SQL}
            WHERE due.unit_id = ANY (%(units)s) AND due.kind = %(kind)s AND due.month <= %(until)s
            """,
            {"units": list(units), "kind": ObligationKind.REGULAR, "until": until},
        )
        for unit, month, mark in cursor.fetchall():
            years[unit].setdefault(month.year, [" "] * 12)[month.month - 1] = mark
    return {
        unit: {year: "".join(marks) for year, marks in sorted(found.items(), reverse=True)}
        for unit, found in years.items()
    }
