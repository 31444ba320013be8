"""Lists of months: a cell's own year, what waits for an office, counts below a committee.

Each answers in a fixed number of queries, whatever the number of cells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from vungmanh.access.viewer import Viewer
from vungmanh.core.periods import last_day
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import (
    FiledVia,
    MeetingState,
    ObligationKind,
    ReportState,
    Vocabulary,
)
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport, MeetingVersion, Obligation
from vungmanh.meetings.reads import meetings_visible
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import units_visible

MEETINGS = (ObligationKind.REGULAR.value, ObligationKind.THEMATIC.value)


class Pile(Vocabulary):
    """What an office works through, what waits for it first."""

    WAITING = "waiting", "Chờ xác nhận"
    MISSING = "missing", "Chưa nộp"
    RETURNED = "returned", "Trả lại, chờ sửa"
    WRITING = "writing", "Đang ghi"
    CONFIRMED = "confirmed", "Đã xác nhận, chưa khóa"


_STATES = {
    Pile.WAITING: (MeetingState.FILED,),
    Pile.RETURNED: (MeetingState.RETURNED,),
    Pile.WRITING: (MeetingState.RECORDING,),
    Pile.CONFIRMED: (MeetingState.CONFIRMED,),
}


@dataclass(frozen=True)
class MonthLine:
    """One month of one cell: what was owed, what is recorded, how far the record is."""

    unit_id: UUID
    kind: ObligationKind
    month: dt.date
    due_by: dt.date | None
    is_excused: bool
    state: MeetingState | None
    report: ReportState | None
    filed_by_paper: bool
    planned_on: dt.date | None
    superior_came: bool

    @property
    def meeting_id(self) -> UUID:
        return meeting_id(self.unit_id, self.kind.value, self.month)

    @property
    def is_open(self) -> bool:
        """Somebody of the cell must still do something."""
        if self.state in (MeetingState.RETURNED, MeetingState.RECORDING):
            return True
        return self.report is None and not self.is_excused


def lines_of(unit_ids: Iterable[UUID], first: dt.date, last: dt.date) -> list[MonthLine]:
    """Every month owed or recorded by the units from `first` to `last`, the earliest first."""
    span = {"unit_id__in": list(unit_ids), "month__range": (first, last), "kind__in": MEETINGS}
    owed = {(one.unit_id, one.kind, one.month): one for one in Obligation.objects.filter(**span)}
    met = {(one.unit_id, one.kind, one.month): one for one in Meeting.objects.filter(**span)}
    told = {(one.unit_id, one.kind, one.month): one for one in MeetingReport.objects.filter(**span)}
    paper = _filed_by_paper(met.values())
    return [
        _line(key, owed.get(key), met.get(key), told.get(key), paper)
        for key in sorted(
            owed.keys() | met.keys() | told.keys(), key=lambda key: (key[2], key[1], key[0])
        )
    ]


def _filed_by_paper(meetings: Iterable[Meeting]) -> set[UUID]:
    last = MeetingVersion.objects.filter(
        meeting__in=list(meetings), returned_at=None, retracted_at=None
    ).order_by("meeting", "-filing")
    rows = last.distinct("meeting").values_list("meeting_id", "filed_via")
    return {meeting for meeting, via in rows if via == FiledVia.PAPER}


def _line(
    key: tuple[UUID, str, dt.date],
    due: Obligation | None,
    meeting: Meeting | None,
    report: MeetingReport | None,
    paper: set[UUID],
) -> MonthLine:
    unit_id, kind, month = key
    planned = meeting.plan.get("planned_on") if meeting else None
    postponed = due is not None and due.postponed_until is not None
    return MonthLine(
        unit_id=unit_id,
        kind=ObligationKind(kind),
        month=month,
        due_by=due.due_by if due else None,
        is_excused=bool(due and due.excuse_document and not postponed),
        state=MeetingState(meeting.state) if meeting else None,
        report=ReportState(report.state) if report else None,
        filed_by_paper=meeting is not None and meeting.pk in paper,
        planned_on=dt.date.fromisoformat(planned) if planned else None,
        superior_came=bool(meeting and meeting.facts.get("superior_present")),
    )


# --- an office ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """One month in a pile, with the name of its cell."""

    unit_id: UUID
    name: str
    kind: ObligationKind
    month: dt.date
    due_by: dt.date | None
    since: dt.datetime | None


def pile_of(
    viewer: Viewer | None,
    pile: Pile,
    on: dt.date,
    *,
    first: dt.date,
    text: str = "",
    kind: str = "",
) -> QuerySet[Meeting] | QuerySet[Obligation]:
    """What lies in a pile, each row with `name` of its cell: the oldest month first, of what is
    missing the latest.

    `text` are words of the name, with or without diacritics. Of what is missing only the months
    from `first` on whose term is over.
    """
    found: QuerySet[Meeting] | QuerySet[Obligation]
    if pile is Pile.MISSING:
        found = _missing(viewer, on, first)
    else:
        found = meetings_visible(viewer, on).filter(state__in=_STATES[pile])
    named = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__startswith__lte=on
    ).order_by("-valid")
    found = found.annotate(
        name=Subquery(named.values("name")[:1]),
        name_key=Subquery(named.values("name_key")[:1]),
        name_fold=Subquery(named.values("name_fold")[:1]),
    )
    for word in fold(text).split():
        found = found.filter(name_fold__contains=word)
    if kind:
        found = found.filter(kind=kind)
    by_month = "-month" if pile is Pile.MISSING else "month"
    return found.order_by(by_month, "kind", "name_key", "unit_id")


def _missing(viewer: Viewer | None, on: dt.date, first: dt.date) -> QuerySet[Obligation]:
    same = {"unit_id": OuterRef("unit_id"), "kind": OuterRef("kind"), "month": OuterRef("month")}
    begun = Meeting.objects.filter(
        **same, state__in=(MeetingState.RECORDING, MeetingState.RETURNED)
    )
    return Obligation.objects.filter(
        Q(postponed_until=None) | Q(postponed_until__lt=on.replace(day=1)),
        ~Exists(MeetingReport.objects.filter(**same)),
        ~Exists(begun),
        unit_id__in=units_visible(viewer, on),
        kind__in=MEETINGS,
        month__gte=first,
        due_by__lt=on,
        excuse_document="",
    )


# --- below a committee -------------------------------------------------------------------------


@dataclass(frozen=True)
class Below:
    """How the months owed by one unit and all below it stand."""

    due: int
    reported: int
    waiting: int
    returned: int
    confirmed: int

    @property
    def missing(self) -> int:
        return self.due - self.reported


def standing_below(
    viewer: Viewer | None, unit_id: UUID, on: dt.date, first: dt.date, last: dt.date
) -> dict[UUID, Below]:
    """Regular meetings of each visible unit directly below, by the structure of day `on`."""
    sight, parameters = units_visible(viewer, on).query.sql_with_params()
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
            SELECT inside.child, count(*) FILTER (WHERE due.excuse_document = ''),
              count(report.unit_id) FILTER (WHERE due.excuse_document = ''),
              count(*) FILTER (WHERE met.state = 'filed'),
              count(*) FILTER (WHERE met.state = 'returned'),
              count(*) FILTER (WHERE met.state IN ('confirmed', 'sealed'))
            FROM inside JOIN meetings_obligation due ON due.unit_id = inside.unit
            LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
            LEFT JOIN meetings_meeting met USING (unit_id, kind, month)
            WHERE due.kind = %s AND due.month BETWEEN %s AND %s
            GROUP BY inside.child
            """,
            [unit_id, on, *parameters, on, ObligationKind.REGULAR, first, last_day(last)],
        )
        return {child: Below(*counts) for child, *counts in cursor}
