"""Who may read which score. A side sees the other only when both are in; the database says it too.

The reader role of pages is shown no shut row (sql/scoring.sql), not even one's own: that one is
read past the wall here, and handed on to nobody but the side that gave it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import MeetingState, ObligationKind, Role, Scorer
from vungmanh.meetings.facts import FORM
from vungmanh.meetings.meeting_id import meeting_id as id_of
from vungmanh.meetings.models import Meeting, Obligation, SheetScore
from vungmanh.meetings.reads import may_write_for, meeting_visible
from vungmanh.org.queries import units_held
from vungmanh.rulebook.scoring import PointSource

SCORE = "meetings.meeting.score"
BEST_SCORE = 100  # of the scale that reports are told on
MONTHS_BACK = 24  # how long ago a meeting may be that no record has reached yet

#: Which sides a role may score for. The office enters the cell's own sheet from paper.
SIDES = {
    Role.CELL_SECRETARY: (Scorer.SELF,),
    Role.OVERSEER: (Scorer.SUPERIOR,),
    Role.COMMITTEE_OFFICE: (Scorer.SUPERIOR, Scorer.SELF),
}

Current = Mapping[Scorer, SheetScore]


@dataclass(frozen=True)
class ComparedLine:
    """One criterion as both sides gave it. None: that side has no points there."""

    code: str
    text: str
    group: str
    most: Fraction
    own: dict[str, Any]
    superior: dict[str, Any]

    @property
    def difference(self) -> Fraction | None:
        """What the cell gave itself above what the superior gave."""
        points = [read_points(side.get("points")) for side in (self.own, self.superior)]
        if points[0] is None or points[1] is None:
            return None
        return points[0] - points[1]

    @property
    def is_computed(self) -> bool:
        return self.own.get("source") == PointSource.COMPUTED == self.superior.get("source")


@dataclass(frozen=True)
class Seen:
    """What one viewer may know of the scores of one meeting.

    `sides`: for which he may score. `own`: what he gave or may read as his side's. `given`: which
    sides are done, which tells nobody any points. `open`: the rows that may be read by all.
    """

    sides: tuple[Scorer, ...] = ()
    own: Current = field(default_factory=dict)
    given: frozenset[Scorer] = frozenset()
    open: Current = field(default_factory=dict)

    @property
    def both(self) -> tuple[SheetScore, SheetScore] | None:
        if len(self.open) < 2:
            return None
        return self.open[Scorer.SELF], self.open[Scorer.SUPERIOR]


def current_scores(meetings: Iterable[UUID]) -> dict[UUID, dict[Scorer, SheetScore]]:
    """The last row of each side of each meeting, shut or open: for this room alone."""
    rows = (
        SheetScore.objects.filter(meeting_id__in=list(meetings))
        .select_related("given_by")
        .order_by("meeting_id", "scorer", "-id")
        .distinct("meeting_id", "scorer")
    )
    found: dict[UUID, dict[Scorer, SheetScore]] = {}
    for row in rows:
        found.setdefault(row.meeting_id, {})[Scorer(row.scorer)] = row
    return found


def is_open(score: SheetScore, meeting: Meeting) -> bool:
    """Whether a score may be read by all who see the meeting: both are in, nobody can give the
    other any more, or no superior was there to give it and the office has confirmed that."""
    return (
        score.opened_at is not None
        or meeting.state == MeetingState.SEALED
        or (
            meeting.state == MeetingState.CONFIRMED
            and meeting.facts.get("superior_present") is False
        )
    )


def sides_of(viewer: Viewer | None, meeting: Meeting) -> tuple[Scorer, ...]:
    """For which sides the viewer may score this meeting, whatever its state."""
    if viewer is None or viewer.role is None or not can(viewer, SCORE):
        return ()
    if not may_write_for(viewer, meeting.unit_id, meeting.month):
        return ()
    return SIDES.get(viewer.role, ())


def meeting_to_score(viewer: Viewer, meeting_id: UUID, *, today: dt.date) -> Meeting:
    """A meeting in sight; or, where its record may still be on somebody's phone, an empty one not
    kept yet, of a month that a cell in the viewer's hands owed. Raises NotFound."""
    try:
        return meeting_visible(viewer, meeting_id, viewer.on)
    except NotFound:
        empty = owed_meeting(viewer, meeting_id, today=today)
        if empty is None:
            raise
        return empty


def owed_meeting(viewer: Viewer, meeting_id: UUID, *, today: dt.date) -> Meeting | None:
    """The empty row of a meeting that a cell in the viewer's hands owed of late, not saved."""
    if viewer.role not in SIDES:
        return None
    this_month = month_of(today)
    owed = Obligation.objects.filter(
        unit_id__in=units_held(viewer, viewer.on),
        kind__in=[ObligationKind.REGULAR, ObligationKind.THEMATIC],
        month__range=(add_months(this_month, -MONTHS_BACK), this_month),
    )
    for unit, kind, month in owed.values_list("unit_id", "kind", "month"):
        if id_of(unit, kind, month) == meeting_id:
            return Meeting(
                pk=meeting_id,
                unit_id=unit,
                kind=kind,
                month=month,
                state=MeetingState.PREPARING,
                form=FORM,
            )
    return None


def scores_seen(viewer: Viewer | None, meeting: Meeting) -> Seen:
    """The scores of a meeting that is in the viewer's sight."""
    sides = sides_of(viewer, meeting)
    with lowered():  # one's own side is shut to the reader role; nothing else of it leaves here
        rows = current_scores([meeting.pk]).get(meeting.pk, {})
    own = {side: row for side, row in rows.items() if side in sides and _is_own(viewer, side, row)}
    return Seen(
        sides=sides,
        own=own,
        given=frozenset(side for side, row in rows.items() if row.is_complete),
        open={side: row for side, row in rows.items() if is_open(row, meeting)},
    )


def _is_own(viewer: Viewer | None, side: Scorer, row: SheetScore) -> bool:
    """One's own, or the cell's own for whoever is its secretary."""
    if viewer is None:
        return False
    if row.given_by_id == viewer.user.pk:
        return True
    return side is Scorer.SELF and viewer.role is Role.CELL_SECRETARY


def own_scores_of(viewer: Viewer, meetings: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """What this person typed for each meeting, last given: for the phone it was typed on."""
    with lowered():  # one's own and nobody else's, which the filter says
        rows = list(
            SheetScore.objects.filter(meeting_id__in=list(meetings), given_by=viewer.user)
            .order_by("meeting_id", "-id")
            .distinct("meeting_id")
        )
    return {row.meeting_id: row.scores for row in rows}


def report_score(meeting: Meeting) -> Decimal | None:
    """The score a report may tell: the cell's own, once it is open. None: nobody may know yet."""
    row = current_scores([meeting.pk]).get(meeting.pk, {}).get(Scorer.SELF)
    if row is None or row.total is None or not is_open(row, meeting):
        return None
    return row.total if row.total <= BEST_SCORE else None  # of a sheet of more points


def compared(own: SheetScore, superior: SheetScore) -> list[ComparedLine]:
    """The two sheets side by side, in the order of the sheet."""
    theirs = {line["code"]: line for line in superior.lines}
    mine = {line["code"]: line for line in own.lines}
    order = [*mine, *(code for code in theirs if code not in mine)]
    return [
        ComparedLine(
            code=code,
            text=(mine.get(code) or theirs[code])["text"],
            group=(mine.get(code) or theirs[code])["group"],
            most=read_points((mine.get(code) or theirs[code])["most"]) or Fraction(0),
            own=mine.get(code, {}),
            superior=theirs.get(code, {}),
        )
        for code in order
    ]


def read_points(kept: str | None) -> Fraction | None:
    """Points as a row keeps them."""
    return None if kept is None else Fraction(kept)
