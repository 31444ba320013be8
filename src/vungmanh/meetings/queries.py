"""Reads about the ledger of one unit."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import connection

from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.frames import MARK_SQL
from vungmanh.meetings.models import Obligation


def marks_by_year(unit_id: UUID, *, until: dt.date) -> dict[int, str]:
    """Twelve characters a year (analysis.facts.MARKS), a space where nothing was owed.

    Months after `until` are not yet due: "." to the end of that year.
    """
    years: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT due.month, {MARK_SQL}
            FROM meetings_obligation due
            LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
            WHERE due.unit_id = %s AND due.kind = %s AND due.month <= %s
            ORDER BY due.month
            """,
            [unit_id, ObligationKind.REGULAR, until],
        )
        for month, mark in cursor.fetchall():
            years.setdefault(month.year, [" "] * 12)[month.month - 1] = mark
    if until.year in years:
        years[until.year][until.month :] = ["."] * (12 - until.month)
    return {year: "".join(marks) for year, marks in years.items()}


def excuses_of(unit_id: UUID, *, until: dt.date, limit: int) -> list[Obligation]:
    """The latest excused months of a unit with their documents."""
    found = Obligation.objects.filter(unit_id=unit_id, month__lte=until).exclude(excuse_document="")
    return list(found.order_by("-month")[:limit])
