"""What units owe, from the register and the rulebook: the staging for `analysis.obligations`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from vungmanh.analysis.obligations import OPEN, Clause, Duties, Span, heirs_of
from vungmanh.core.vocabulary import ObligationKind, Sector, UnitKind
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.rulebook.values import (
    RegularMeeting,
    ReportDeadline,
    ThematicMeeting,
    WhoMeets,
    YearlyDuty,
    YearlyPlan,
    YearlyReview,
    YearlyScreening,
)

MEETINGS: dict[ObligationKind, type[RegularMeeting] | type[ThematicMeeting]] = {
    ObligationKind.REGULAR: RegularMeeting,
    ObligationKind.THEMATIC: ThematicMeeting,
}
YEARLY: dict[ObligationKind, type[YearlyDuty]] = {
    ObligationKind.PLAN: YearlyPlan,
    ObligationKind.REVIEW: YearlyReview,
    ObligationKind.SCREENING: YearlyScreening,
}


def duties_of(units: Collection[UUID] | None = None) -> Duties:
    """What these units (None: all) owe by the register as it stands and the rules of each day."""
    near = None if units is None else _with_predecessors(units)
    return Duties(_lives(near), clauses(load_rulebook()), heirs_of(_lineage(near)))


@lru_cache(maxsize=8)
def clauses(book: Rulebook) -> tuple[Clause, ...]:
    """Every duty of the rulebook over dates, cut wherever one of its rules changes."""
    found = []
    for duty, meeting in MEETINGS.items():
        for start, end in _between_changes(book, meeting.key, WhoMeets.key, ReportDeadline.key):
            view = book.on(start)
            if view.has(meeting.key) and view.has(WhoMeets.key):
                who, every = view.of(WhoMeets), view.of(meeting).every_months
                found.append(
                    Clause(
                        duty,
                        view.rule(meeting.key).id,
                        start,
                        end,
                        frozenset(month for month in range(1, 13) if month % every == 0),
                        frozenset(who.kinds),
                        frozenset(who.sectors),
                        days_after=view.of(ReportDeadline).days_after_month
                        if view.has(ReportDeadline.key)
                        else 0,
                    )
                )
    for duty, yearly in YEARLY.items():
        for start, end in _between_changes(book, yearly.key):
            view = book.on(start)
            if view.has(yearly.key):
                value = view.of(yearly)
                found.append(
                    Clause(
                        duty,
                        view.rule(yearly.key).id,
                        start,
                        end,
                        frozenset({value.due_month}),
                        frozenset(value.kinds),
                        frozenset(value.sectors),
                        due_day=value.due_day,
                    )
                )
    return tuple(found)


def _between_changes(book: Rulebook, *keys: str) -> list[tuple[dt.date, dt.date]]:
    days = {
        day
        for key in keys
        for rule in book.history(key)
        for day in (rule.valid_from, rule.valid_to)
        if day is not None
    }
    ordered = [*sorted(days), OPEN]
    return list(pairwise(ordered))


def _with_predecessors(units: Collection[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT predecessor_id FROM org_ancestry WHERE successor_id = ANY (%s)", [list(units)]
        )
        return [*units, *(row[0] for row in cursor)]


def _lives(units: list[UUID] | None) -> dict[Any, list[Span]]:
    """What each unit was over time, adjacent versions of one kind and sector joined."""
    lives: dict[Any, list[Span]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id, lower(span), coalesce(upper(span), %(open)s), kind, sector
            FROM (SELECT unit_id, kind, sector, range_agg(valid) AS spans FROM org_unitversion
                  WHERE %(units)s::uuid[] IS NULL OR unit_id = ANY (%(units)s)
                  GROUP BY unit_id, kind, sector) lived, unnest(spans) span
            ORDER BY unit_id, lower(span)
            """,
            {"units": units, "open": OPEN},
        )
        for unit, start, end, kind, sector in cursor:
            lives.setdefault(unit, []).append(Span(start, end, UnitKind(kind), Sector(sector)))
    return lives


def _lineage(units: list[UUID] | None) -> list[tuple[Any, Any, dt.date, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT predecessor_id, successor_id, "on", share FROM org_lineage
            WHERE %(units)s::uuid[] IS NULL OR predecessor_id = ANY (%(units)s)
            """,
            {"units": units},
        )
        return list(cursor.fetchall())
