"""What the system knows of one meeting, gathered for its scoring sheet."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from vungmanh.core.periods import add_months, last_day
from vungmanh.core.vocabulary import MeetingState, MembershipStatus, ObligationKind, ReportState
from vungmanh.meetings.facts import Facts, counts_of_roll, minutes_of
from vungmanh.meetings.ledger import countable_members
from vungmanh.meetings.models import Meeting, MeetingReport, Obligation
from vungmanh.meetings.reads import standing_version
from vungmanh.meetings.tasks import reviewed_share
from vungmanh.org.queries import members_of
from vungmanh.rulebook.scoring import Measured

#: While the record is in one of these, what was filed is what it says.
_FILED = (MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED)


def evidence_of(meeting: Meeting) -> Measured:
    """The facts of a meeting as its record stands now; members as frozen once it was filed."""
    version = standing_version(meeting) if meeting.state in _FILED else None
    if version is None:
        return evidence_for(meeting.unit_id, meeting.kind, meeting.month, meeting.facts)
    return evidence_for(
        meeting.unit_id,
        meeting.kind,
        meeting.month,
        version.facts,
        members=_frozen_members(version.facts, version.membership),
    )


def evidence_for(
    unit_id: UUID, kind: str, month: dt.date, facts: Facts, *, members: int | None = None
) -> Measured:
    """The same for facts not kept yet."""
    said = {**counts_of_roll(facts), **facts}
    held_on = dt.date.fromisoformat(said["held_on"]) if said.get("held_on") else None
    known = members if members is not None else _members(unit_id, held_on or last_day(month), said)
    tasks = reviewed_share(unit_id, held_on) if held_on else None
    return Measured(
        members=known,
        thematic=_is_thematic(unit_id, kind, held_on, month),
        minutes=minutes_of(said),
        present=said.get("present"),
        excused=said.get("excused"),
        unexcused=said.get("unexcused"),
        speakers=said.get("speakers"),
        tasks_due=tasks.due if tasks else None,
        tasks_done=tasks.done if tasks else None,
        tasks_on_time=tasks.on_time if tasks else None,
    )


def _members(unit_id: UUID, day: dt.date, facts: Facts) -> int | None:
    """Those expected; an exempt member who came is expected from then on."""
    expected = countable_members(unit_id, day)
    if expected is None:
        return None
    exempt = members_of(unit_id, day).get(MembershipStatus.EXEMPT, 0)
    return expected.attendance + min(facts.get("exempt_present") or 0, exempt)


def _frozen_members(facts: Facts, membership: dict[str, Any]) -> int | None:
    if "expected" not in membership:
        return None
    exempt = membership["counts"].get(MembershipStatus.EXEMPT.value, 0)
    expected: int = membership["expected"]
    return expected + min(facts.get("exempt_present") or 0, exempt)


def _is_thematic(unit_id: UUID, kind: str, held_on: dt.date | None, month: dt.date) -> bool | None:
    """Whether the cell also took up a theme in this month; None where it still may have."""
    if kind == ObligationKind.THEMATIC:
        return True
    first = (held_on or month).replace(day=1)
    quarter = (first, add_months(first, 2))  # a theme is owed at a quarter's end, held before
    owed = Obligation.objects.filter(
        unit_id=unit_id, kind=ObligationKind.THEMATIC, month__range=quarter
    )
    answered = MeetingReport.objects.filter(
        unit_id=unit_id, kind=ObligationKind.THEMATIC, month__range=quarter
    ).values_list("state", "held_on", "month")
    for state, day, due in answered:
        if state == ReportState.HELD and (day or due).replace(day=1) == first:
            return True
    if owed.filter(month=first).exists() and not any(due == first for _, _, due in answered):
        return None
    return False
