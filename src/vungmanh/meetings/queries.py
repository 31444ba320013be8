"""Reads about the ledger of one unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from vungmanh.core.vocabulary import MonthState, ObligationKind, ReportedThen, ReportState
from vungmanh.meetings.frames import MARK_SQL, VERIFIED_SQL
from vungmanh.meetings.models import InspectionMonth, MeetingReport, Obligation


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
            {VERIFIED_SQL}
            WHERE due.unit_id = %(unit)s AND due.kind = %(kind)s AND due.month <= %(until)s
            ORDER BY due.month
            """,
            {"unit": unit_id, "kind": ObligationKind.REGULAR, "until": until},
        )
        for month, mark in cursor.fetchall():
            years.setdefault(month.year, [" "] * 12)[month.month - 1] = mark
    if until.year in years:
        years[until.year][until.month :] = ["."] * (12 - until.month)
    return {year: "".join(marks) for year, marks in years.items()}


def excuses_of(unit_id: UUID, *, until: dt.date, limit: int) -> list[Obligation]:
    """The latest excused months of a unit with their documents."""
    found = Obligation.objects.filter(
        unit_id=unit_id, kind=ObligationKind.REGULAR, month__lte=until
    ).exclude(excuse_document="")
    return list(found.order_by("-month")[:limit])


@dataclass(frozen=True)
class MonthRecord:
    """One month that was due, with all that was recorded of it; `report` is None without one,
    `verified` where no inspection could tell. `state` follows what was verified where it was."""

    month: dt.date
    state: MonthState
    report: MeetingReport | None
    obligation: Obligation
    verified: ReportState | None = None
    reported_then: ReportedThen | None = None  # what the inspection found reported

    @property
    def days_to_file(self) -> int | None:
        """Days from the meeting to the filing of its report; None where either is unknown."""
        report = self.report
        if report is None or report.held_on is None or report.filed_on is None:
            return None
        return (report.filed_on - report.held_on).days


def month_records(unit_id: UUID, *, first: dt.date, last: dt.date) -> list[MonthRecord]:
    """The months `first` to `last` that were due, the latest first, each with its report."""
    return month_records_of([unit_id], first=first, last=last)[unit_id]


def month_records_of(
    unit_ids: Iterable[UUID], *, first: dt.date, last: dt.date
) -> dict[UUID, list[MonthRecord]]:
    """The same of many units; one that owed nothing has an empty list."""
    found: dict[UUID, list[MonthRecord]] = {unit_id: [] for unit_id in unit_ids}
    span = {
        "unit_id__in": list(found),
        "kind": ObligationKind.REGULAR,
        "month__range": (first, last),
    }
    reports = {
        (report.unit_id, report.month): report for report in MeetingReport.objects.filter(**span)
    }
    for due in with_verified(Obligation.objects.filter(**span)).order_by("-month"):
        report, seen = reports.get((due.unit_id, due.month)), verified_of(due)
        state = _state(due, report, seen, last)
        then = due.reported_then  # type: ignore[attr-defined]
        told = ReportedThen(then) if then else None
        found[due.unit_id].append(MonthRecord(due.month, state, report, due, seen, told))
    return found


def with_verified(found: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """The lines each with `verified`, what an inspection saw, and `reported_then`, what it found
    reported; None where none could tell."""
    seen = InspectionMonth.objects.order_by().filter(
        stands=True,
        unit_id=OuterRef("unit_id"),
        kind=OuterRef("kind"),
        month=OuterRef("month"),
    )
    return found.annotate(
        verified=Subquery(seen.values("verified")[:1]),
        reported_then=Subquery(seen.values("reported")[:1]),
    )


def verified_of(due: Obligation) -> ReportState | None:
    """What an inspection saw of a line that came by `with_verified`."""
    seen: str | None = due.verified  # type: ignore[attr-defined]
    return ReportState(seen) if seen else None


def _state(
    due: Obligation, report: MeetingReport | None, seen: ReportState | None, until: dt.date
) -> MonthState:
    """As MARK_SQL says it."""
    told = happened(report, seen)
    if told == ReportState.HELD:
        return MonthState.HELD
    if due.excuse_document or (due.postponed_until and due.postponed_until > until):
        return MonthState.EXCUSED
    return MonthState.NO_REPORT if told is None else MonthState.NOT_HELD


def happened(report: MeetingReport | None, seen: ReportState | None) -> ReportState | None:
    """Whether the meeting was held: as an inspection saw it, else as it was reported."""
    if seen is not None:
        return seen
    return ReportState(report.state) if report is not None else None


def tallies_below(
    unit_id: UUID, cells: Iterable[UUID], *, first: dt.date, last: dt.date, until: dt.date
) -> dict[dt.date, dict[str, int]]:
    """How many meetings of each month bore which mark (analysis.facts.MARKS), over those of `cells`
    that stood in or below the unit at the end of that month."""
    found: dict[dt.date, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT month, mark, count(*) FROM (
              SELECT due.month, {MARK_SQL} AS mark
              FROM meetings_obligation due
              JOIN org_unitclosure link ON link.descendant_id = due.unit_id
                AND link.ancestor_id = %(unit)s
                AND link.valid @> (due.month + interval '1 month - 1 day')::date
              LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
              {VERIFIED_SQL}
              WHERE due.unit_id = ANY(%(cells)s) AND due.kind = %(kind)s
                AND due.month BETWEEN %(first)s AND %(last)s
            ) lines GROUP BY month, mark
            """,
            {
                "unit": unit_id, "cells": list(cells), "kind": ObligationKind.REGULAR,
                "first": first, "last": last, "until": until,
            },
        )  # fmt: skip
        for month, mark, count in cursor.fetchall():
            found.setdefault(month, {})[mark] = count
    return found
