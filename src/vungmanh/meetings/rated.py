"""The meetings that two sides scored blind: one's own, and all in sight added up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.vocabulary import Role, Scorer
from vungmanh.meetings.models import SheetScore
from vungmanh.meetings.raters import Agreement, Pair, agreement
from vungmanh.meetings.reads import meetings_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import MeetingGrades

#: Sums over fewer persons would tell of one of them.
FEWEST_RATERS = 3
#: A criterion is told of from so many meetings on.
FEWEST_LINES = 5
#: To whom the sum is shown (decisions.md 6).
COMMITTEE = frozenset({Role.COMMITTEE_OFFICE, Role.PROVINCIAL_ANALYST})


@dataclass(frozen=True)
class RatedMeeting:
    """One meeting with both totals, and who gave them."""

    meeting_id: UUID
    unit_id: UUID
    month: dt.date
    kind: str
    own_by: UUID | int
    superior_by: UUID | int
    pair: Pair


@dataclass(frozen=True)
class CriterionGap:
    """One criterion over many meetings: how far apart the two sides were on it."""

    rule_id: str
    code: str
    text: str
    meetings: int
    mean: float  # own less superior
    apart: float  # the mean distance, whichever way
    most: float


@dataclass(frozen=True)
class Summed:
    """`raters`: superiors who scored. `agreement` is None for fewer than FEWEST_RATERS."""

    raters: int
    pairs: int
    agreement: Agreement | None
    gaps: tuple[CriterionGap, ...] = ()


def rated_meetings(
    viewer: Viewer | None, on: dt.date, first: dt.date, last: dt.date
) -> list[RatedMeeting]:
    """Every meeting in sight of these months that both sides scored blind and completely."""
    rows = (
        _open(viewer, on, first, last)
        .order_by("meeting_id", "scorer", "-id")
        .distinct("meeting_id", "scorer")
        .values_list(
            "meeting_id", "scorer", "total", "grade", "given_by_id", "is_blind",
            "meeting__unit_id", "meeting__month", "meeting__kind",
        )
    )  # fmt: skip
    by_meeting: dict[UUID, dict[str, tuple[float, str, UUID | int]]] = {}
    about: dict[UUID, tuple[UUID, dt.date, str]] = {}
    for meeting, scorer, total, grade, by, blind, unit, month, kind in rows:
        if blind and total is not None:
            by_meeting.setdefault(meeting, {})[scorer] = (float(total), grade, by)
            about[meeting] = (unit, month, kind)
    found = []
    for meeting, sides in by_meeting.items():
        if len(sides) < 2:
            continue
        own, superior = sides[Scorer.SELF], sides[Scorer.SUPERIOR]
        pair = Pair(own[0], superior[0], own[1], superior[1])
        found.append(RatedMeeting(meeting, *about[meeting], own[2], superior[2], pair))
    return sorted(found, key=lambda one: (one.month, str(one.meeting_id)), reverse=True)


def mine_of(viewer: Viewer, rated: Iterable[RatedMeeting]) -> list[RatedMeeting]:
    """Those this person scored, for whichever side."""
    me = viewer.user.pk
    return [one for one in rated if me in (one.own_by, one.superior_by)]


def agreement_of(rated: Sequence[RatedMeeting], on: dt.date) -> Agreement:
    return agreement([one.pair for one in rated], grades_on(on))


def grades_on(day: dt.date) -> list[str]:
    """Codes of the grades of a meeting, best first; empty where no rule names them."""
    view = load_rulebook().on(day)
    if not view.has(MeetingGrades.key):
        return []
    return [band.code for band in view.of(MeetingGrades).bands]


def summed(
    viewer: Viewer | None, rated: Sequence[RatedMeeting], on: dt.date, first: dt.date, last: dt.date
) -> Summed | None:
    """All in sight together, for the committee; None for anybody else. Names nobody."""
    if viewer is None or viewer.role not in COMMITTEE:
        return None
    raters = len({one.superior_by for one in rated})
    if raters < FEWEST_RATERS:
        return Summed(raters, len(rated), None)
    gaps = _gaps(viewer, on, first, last)
    return Summed(raters, len(rated), agreement_of(rated, on), tuple(gaps))


def _open(
    viewer: Viewer | None, on: dt.date, first: dt.date, last: dt.date
) -> QuerySet[SheetScore]:
    return SheetScore.objects.filter(
        opened_at__isnull=False,
        meeting__month__range=(first, last),
        meeting_id__in=meetings_visible(viewer, on).values("pk"),
    )


def _gaps(viewer: Viewer, on: dt.date, first: dt.date, last: dt.date) -> list[CriterionGap]:
    """Criteria that both sides typed, the farthest apart first, as a share of their points."""
    latest = (
        _open(viewer, on, first, last)
        .order_by("meeting_id", "scorer", "-id")
        .distinct("meeting_id", "scorer")
        .values("meeting_id", "scorer", "rule_id", "is_blind", "lines")
    )
    sql, parameters = latest.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH line AS (
              SELECT score.meeting_id, score.scorer, score.rule_id, one ->> 'code' AS code,
                     one ->> 'text' AS words, (one ->> 'points')::numeric AS points,
                     (one ->> 'most')::numeric AS most
              FROM ({sql}) score, jsonb_array_elements(score.lines) one
              WHERE score.is_blind AND one ->> 'source' = 'typed'
                AND one ->> 'points' ~ '^[0-9.]+$' AND one ->> 'most' ~ '^[0-9.]+$'
            )
            SELECT own.rule_id, own.code, max(own.words), count(*),
                   avg(own.points - superior.points), avg(abs(own.points - superior.points)),
                   max(own.most)
            FROM line own JOIN line superior
              ON superior.meeting_id = own.meeting_id AND superior.code = own.code
             AND superior.rule_id = own.rule_id
             AND own.scorer = %s AND superior.scorer = %s
            GROUP BY own.rule_id, own.code
            HAVING count(*) >= %s AND max(own.most) > 0
               AND avg(abs(own.points - superior.points)) > 0
            ORDER BY avg(abs(own.points - superior.points)) / max(own.most) DESC,
                     own.rule_id, own.code
            """,
            [*parameters, Scorer.SELF, Scorer.SUPERIOR, FEWEST_LINES],
        )
        return [
            CriterionGap(rule, code, words, n, float(mean), float(apart), float(most))
            for rule, code, words, n, mean, apart, most in cursor
        ]
