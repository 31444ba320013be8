"""The month of a cell, gathered: its record, who may do what now, and what it is judged against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.vocabulary import (
    CELL_KINDS,
    FiledVia,
    MeetingAct,
    MeetingState,
    MembershipStatus,
    ObligationKind,
    Role,
    UnitKind,
)
from vungmanh.meetings.actions.meeting import MEETINGS, MONTHS_AHEAD
from vungmanh.meetings.agenda import Agenda, agenda_of
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport, MeetingVersion, Obligation
from vungmanh.meetings.quorum import Majorities, majorities_on
from vungmanh.meetings.reads import may_write_for, standing_version
from vungmanh.meetings.roll import RollEntry, kept_for, names_on, roll_of
from vungmanh.meetings.states import acts_for
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import members_of, visible_unit
from vungmanh.rulebook import load_rulebook


@dataclass(frozen=True)
class Month:
    """One month of one cell as one viewer meets it."""

    viewer: Viewer
    version: UnitVersion  # of the unit, as it is called then
    kind: ObligationKind
    month: dt.date
    meeting: Meeting | None
    due: Obligation | None
    acts: tuple[MeetingAct, ...] = field(default=())

    @property
    def unit_id(self) -> UUID:
        return self.version.unit_id

    @property
    def id(self) -> UUID:
        return meeting_id(self.unit_id, self.kind, self.month)

    @property
    def state(self) -> MeetingState | None:
        return MeetingState(self.meeting.state) if self.meeting else None

    @property
    def plan(self) -> dict[str, Any]:
        return dict(self.meeting.plan) if self.meeting else {}

    @property
    def facts(self) -> dict[str, Any]:
        """What the record says; a mark of an entry that was merged stands at the one kept."""
        facts = dict(self.meeting.facts) if self.meeting else {}
        if facts.get("roll"):
            facts["roll"] = {self._kept.get(who, who): mark for who, mark in facts["roll"].items()}
        return facts

    @cached_property
    def _kept(self) -> dict[str, str]:
        return kept_for(self.meeting.facts["roll"]) if self.meeting else {}

    @property
    def via(self) -> FiledVia:
        """An office writes what a cell handed in on paper; it is marked so wherever it is shown."""
        return FiledVia.PAPER if self.viewer.role is Role.COMMITTEE_OFFICE else FiledVia.WEB

    def can(self, act: MeetingAct) -> bool:
        return act in self.acts

    def day_of(self, facts: Mapping[str, Any]) -> dt.date:
        """The day that membership is taken from: of the meeting, else the end of the month."""
        if facts.get("held_on"):
            return dt.date.fromisoformat(facts["held_on"])
        return min(last_day(self.month), max(self.viewer.on, self.month))

    @cached_property
    def report(self) -> MeetingReport | None:
        """What the ledger counts, whichever way it came."""
        return MeetingReport.objects.filter(
            unit_id=self.unit_id, kind=self.kind, month=self.month
        ).first()

    @cached_property
    def versions(self) -> list[MeetingVersion]:
        if self.meeting is None:
            return []
        people = ("filed_by", "confirmed_by", "returned_by", "sealed_by")
        return list(self.meeting.versions.select_related(*people).order_by("filing"))

    @cached_property
    def standing(self) -> MeetingVersion | None:
        return standing_version(self.meeting) if self.meeting else None

    @cached_property
    def agenda(self) -> Agenda:
        on = min(max(self.viewer.on, self.month), last_day(self.month))
        return agenda_of(self.unit_id, self.kind, self.month, on, self.plan)

    @cached_property
    def keeps_names(self) -> bool:
        return names_on(self.unit_id, self.day_of(self.facts))

    @cached_property
    def roll(self) -> list[RollEntry]:
        return roll_of(self.unit_id, self.day_of(self.facts)) if self.keeps_names else []

    @property
    def has_names(self) -> bool:
        """Whether the record goes by names; an empty roll cannot be marked, so there it counts."""
        return bool(self.roll)

    def members(self, facts: Mapping[str, Any]) -> dict[MembershipStatus, int]:
        return members_of(self.unit_id, self.day_of(facts))

    def majorities(self, facts: Mapping[str, Any]) -> Majorities | None:
        return majorities_on(load_rulebook(), self.day_of(facts))


def month_seen(viewer: Viewer, unit_id: UUID, kind: str, month: dt.date) -> Month:
    """The month of a cell in sight. Raises NotFound alike for hidden, absent and no meeting."""
    if kind not in MEETINGS:
        raise NotFound("Không có loại sinh hoạt này.", code="no-meeting-kind")
    duty, month = ObligationKind(kind), month_of(month)
    version = _version(viewer, unit_id, month)
    meeting = Meeting.objects.filter(pk=meeting_id(unit_id, duty, month)).first()
    due = Obligation.objects.filter(unit_id=unit_id, kind=duty, month=month).first()
    meets = UnitKind(version.kind) in CELL_KINDS
    acts = _acts(viewer, unit_id, month, meeting) if meets else ()
    return Month(viewer, version, duty, month, meeting, due, acts)


def _version(viewer: Viewer, unit_id: UUID, month: dt.date) -> UnitVersion:
    """As the cell was called at the end of the month, or on its first day if it ended within."""
    try:
        return visible_unit(viewer, unit_id, min(last_day(month), max(viewer.on, month)))
    except NotFound:
        return visible_unit(viewer, unit_id, min(month, viewer.on))


def _acts(
    viewer: Viewer, unit_id: UUID, month: dt.date, meeting: Meeting | None
) -> tuple[MeetingAct, ...]:
    """What this viewer may do with this month now; the table of states decides."""
    acts = acts_for(viewer.role, MeetingState(meeting.state) if meeting else None)
    this = month_of(viewer.on)
    if not acts or month > add_months(this, MONTHS_AHEAD):
        return ()
    if not may_write_for(viewer, unit_id, month):
        return ()
    if month > this:
        return tuple(act for act in acts if act is not MeetingAct.WRITE)
    return tuple(acts)
