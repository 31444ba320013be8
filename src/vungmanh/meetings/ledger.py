"""Reads of the ledger: what a unit owed in a year and why, and how much of it was excused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.members_due import Base, Expected, expected_members
from vungmanh.core.periods import last_day, month_range
from vungmanh.core.vocabulary import (
    DutyReason,
    MembershipStatus,
    ObligationKind,
    ReportState,
)
from vungmanh.meetings.duties import MEETINGS, YEARLY, duties_of
from vungmanh.meetings.models import Excuse, FrozenMonth, MeetingReport, Obligation
from vungmanh.meetings.queries import happened, verified_of, with_verified
from vungmanh.org.models import MembershipCount
from vungmanh.org.queries import units_visible
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.rulebook.values import AttendanceBase


@dataclass(frozen=True)
class DutyLine:
    """One duty of one unit in one month, due or not, with all that is known of it."""

    month: dt.date
    duty: ObligationKind
    why: DutyReason
    rule_id: str
    due_by: dt.date
    obligation: Obligation | None = None  # None: it was not due
    report: MeetingReport | None = None
    excuse: Excuse | None = None
    expected: Expected | None = None
    verified: ReportState | None = None  # what an inspection saw; it wins over the report

    @property
    def told(self) -> ReportState | None:
        """Held or not, as an inspection saw it, else as it was reported; None: not known."""
        return happened(self.report, self.verified)

    @property
    def is_held(self) -> bool:
        return self.told is ReportState.HELD


@dataclass(frozen=True)
class Year:
    """A unit's year in the ledger, oldest line first, and which of its months are settled."""

    lines: list[DutyLine]
    frozen: set[dt.date] = field(default_factory=set)


def year_of(unit_id: UUID, *, year: int, until: dt.date) -> Year:
    """What a unit owed in the months of a calendar year up to the month of `until`, and why.

    Only months the ledger has reached are told; what was not due comes with its reason. A month
    in which a duty had no rule at all has no line.
    """
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 1), until.replace(day=1))
    span = {"unit_id": unit_id, "month__range": (first, last)}
    stored = {(o.kind, o.month): o for o in with_verified(Obligation.objects.filter(**span))}
    reports = {(r.kind, r.month): r for r in MeetingReport.objects.filter(**span)}
    excuses = list(Excuse.objects.filter(unit_id=unit_id, withdrawn_at=None).order_by("granted_on"))
    counts = list(MembershipCount.objects.filter(unit_id=unit_id, valid__overlap=(first, until)))
    reach = Obligation.objects.aggregate(first=Min("month"), last=Max("month"))
    months = (
        month_range(max(first, reach["first"]), min(last, reach["last"])) if reach["first"] else []
    )
    duties, lines = duties_of([unit_id]), []
    for kind in ObligationKind:
        for month in months:
            due, report = stored.get((kind, month)), reports.get((kind, month))
            if due is not None:
                lines.append(_due_line(due, report, excuses, counts))
            elif (
                (line := duties.explain(unit_id, kind, month)) and line.rule_id and not line.is_due
            ):
                lines.append(DutyLine(month, kind, line.reason, line.rule_id, line.due_by))
    frozen = FrozenMonth.objects.filter(month__range=(first, last))
    return Year(lines, set(frozen.values_list("month", flat=True)))


def _due_line(
    due: Obligation,
    report: MeetingReport | None,
    excuses: list[Excuse],
    counts: list[MembershipCount],
) -> DutyLine:
    kind, held = ObligationKind(due.kind), report.held_on if report else None
    standing = [
        one
        for one in excuses
        if one.duty == kind
        and one.first_month <= due.month <= one.last_month
        and (one.until, one.document if one.until is None else "")
        == (due.postponed_until, due.excuse_document)
    ]
    expected = None
    if kind is ObligationKind.REGULAR:
        expected = _expected(counts, held or last_day(due.month))
    return DutyLine(
        due.month,
        kind,
        DutyReason(due.why),
        due.rule_id,
        due.due_by or last_day(due.month),
        due,
        report,
        standing[-1] if standing else None,
        expected,
        verified_of(due),
    )


def countable_members(unit_id: UUID, on: dt.date) -> Expected | None:
    """Members expected at a meeting on a day; None without a count or a rule of that day."""
    return _expected(list(MembershipCount.objects.filter(unit_id=unit_id, valid__contains=on)), on)


def _expected(counts: Iterable[MembershipCount], on: dt.date) -> Expected | None:
    view = load_rulebook().on(on)
    if not view.has(AttendanceBase.key):
        return None
    rule = view.of(AttendanceBase)
    by_status = {
        MembershipStatus(one.status): one.count
        for one in counts
        if one.valid.lower <= on and (one.valid.upper is None or on < one.valid.upper)
    }
    return expected_members(by_status, Base(rule.expected, rule.if_present, rule.voting))


@dataclass(frozen=True)
class Relieved:
    """How much of what was due was excused or postponed. `late`: by a document after the term."""

    due: int
    excused: int
    postponed: int
    late: int

    @property
    def relieved(self) -> int:
        return self.excused + self.postponed

    @property
    def share(self) -> float:
        return self.relieved / self.due if self.due else 0.0


_COUNTS = """
  count(*), count(*) FILTER (WHERE due.excuse_document <> ''),
  count(*) FILTER (WHERE due.postponed_until IS NOT NULL),
  count(*) FILTER (WHERE due.excused_on > due.due_by)
"""


def relieved_by_duty(
    viewer: Viewer | None, as_of: dt.date, first: dt.date, last: dt.date
) -> dict[ObligationKind, Relieved]:
    """What the units in sight owed in the months `first` to `last`, by duty."""
    sight, parameters = units_visible(viewer, as_of).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT due.kind, {_COUNTS}
            FROM meetings_obligation due
            WHERE due.month BETWEEN %s AND %s AND due.unit_id IN ({sight})
            GROUP BY due.kind
            """,
            [first, last, *parameters],
        )
        found = {ObligationKind(kind): Relieved(*counts) for kind, *counts in cursor}
    return {kind: found[kind] for kind in ObligationKind if kind in found}


def relieved_below(
    viewer: Viewer | None, unit_id: UUID, as_of: dt.date, first: dt.date, last: dt.date
) -> dict[UUID, Relieved]:
    """Regular meetings owed by each visible unit directly below and by all below it."""
    sight, parameters = units_visible(viewer, as_of).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH child AS (
              SELECT descendant_id AS id FROM org_unitclosure
              WHERE ancestor_id = %s AND depth = 1 AND valid @> %s::date
                AND descendant_id IN ({sight})
            ), inside AS (
              SELECT child.id AS child, below.descendant_id AS unit
              FROM child JOIN org_unitclosure below
                ON below.ancestor_id = child.id AND below.valid @> %s::date
            )
            SELECT inside.child, {_COUNTS}
            FROM inside JOIN meetings_obligation due ON due.unit_id = inside.unit
            WHERE due.kind = %s AND due.month BETWEEN %s AND %s
            GROUP BY inside.child
            """,
            [unit_id, as_of, *parameters, as_of, ObligationKind.REGULAR, first, last],
        )
        return {child: Relieved(*counts) for child, *counts in cursor}


def excuses_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[Excuse]:
    """Every excuse and postponement of the units in sight, the latest document first."""
    found = Excuse.objects.filter(unit_id__in=units_visible(viewer, as_of))
    return found.select_related("granted_by", "withdrawn_by").order_by("-granted_on", "-id")


def frozen_months(*, limit: int) -> list[dt.date]:
    """The latest settled months, the latest first."""
    months = FrozenMonth.objects.order_by("-month").values_list("month", flat=True)
    return list(months[:limit])


def rules_of_duties(on: dt.date) -> dict[ObligationKind, Rule]:
    """The rule that makes each duty due on a day; a duty without one is absent."""
    view = load_rulebook().on(on)
    keys = {duty: value.key for duty, value in (MEETINGS | YEARLY).items()}
    return {duty: view.rule(key) for duty, key in keys.items() if view.has(key)}
