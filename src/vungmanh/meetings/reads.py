"""Reads about the records of meetings: which one sees, what they are judged against."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import Min, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.vocabulary import MembershipStatus, ObligationKind
from vungmanh.meetings.facts import Facts, Setting
from vungmanh.meetings.ledger import countable_members
from vungmanh.meetings.models import Meeting, MeetingVersion, Obligation
from vungmanh.meetings.roll import names_on, roll_of
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import ended_units_visible, members_of, units_held, units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import ThematicMeeting


def meetings_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Meeting]:
    """The meetings of units in sight on a day, and of those gone by then whose past one sees."""
    gone = ended_units_visible(viewer, on)
    return Meeting.objects.filter(Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone))


def meeting_visible(viewer: Viewer | None, meeting_id: UUID, on: dt.date) -> Meeting:
    """One meeting. Raises NotFound alike for absent and out of sight."""
    found = meetings_visible(viewer, on).filter(pk=meeting_id).first()
    if found is None:
        raise NotFound("Không tìm thấy buổi họp này trong phạm vi của đồng chí.", code="no-meeting")
    return found


def standing_version(meeting: Meeting) -> MeetingVersion | None:
    """The last version that was neither returned nor taken back: what the ledger counts."""
    return meeting.versions.filter(returned_at=None, retracted_at=None).order_by("filing").last()


def may_write_for(viewer: Viewer, unit_id: UUID, month: dt.date) -> bool:
    """Whether the viewer answers for the cell's records: he holds it now, or held it at its end."""
    if units_held(viewer, viewer.on).filter(descendant_id=unit_id).exists():
        return True
    if _lives(unit_id).filter(valid__contains=viewer.on).exists():
        return False
    spans = [span for span in _lives(unit_id).values_list("valid", flat=True) if span.upper]
    last = max((span.upper for span in spans), default=None)
    if last is None:
        return False
    return units_held(viewer, last - dt.timedelta(days=1)).filter(descendant_id=unit_id).exists()


def setting_of(
    unit_id: UUID, kind: str, month: dt.date, facts: Facts, *, today: dt.date
) -> Setting:
    """What a record of this month is judged against: the life of the cell, members of the day."""
    spans = list(_lives(unit_id).order_by("valid").values_list("valid", flat=True))
    due = Obligation.objects.filter(unit_id=unit_id, kind=kind, month=month).first()
    day = _day_of(facts) or min(last_day(month), today)
    counts = members_of(unit_id, day)
    return Setting(
        month=month,
        today=today,
        lived_from=spans[0].lower if spans else None,
        lived_to=spans[-1].upper if spans else None,
        members=expected_at(unit_id, day),
        exempt=counts.get(MembershipStatus.EXEMPT, 0) if counts else None,
        first_month=first_month_for(kind, month),
        last_month=month_of(due.postponed_until) if due and due.postponed_until else None,
        names={str(one.id): one.name for one in roll_of(unit_id, day)}
        if names_on(unit_id, day)
        else None,
    )


#: Who is expected where no rule of the day says it: all but the exempt and those away.
_ATTENDING = (
    MembershipStatus.OFFICIAL,
    MembershipStatus.PROBATIONARY,
    MembershipStatus.TEMPORARY_IN,
)


def expected_at(unit_id: UUID, day: dt.date) -> int | None:
    """How many members a meeting of that day may expect; None where the register says nothing."""
    by_rule = countable_members(unit_id, day)
    if by_rule is not None:
        return by_rule.attendance
    counts = members_of(unit_id, day)
    return sum(counts.get(status, 0) for status in _ATTENDING) if counts else None


def _day_of(facts: Facts) -> dt.date | None:
    return dt.date.fromisoformat(facts["held_on"]) if facts.get("held_on") else None


def first_month_for(kind: str, month: dt.date) -> dt.date | None:
    """A meeting owed every so many months may be held in any of them."""
    if kind != ObligationKind.THEMATIC:
        return None
    view = load_rulebook().on(last_day(month))
    every = view.of(ThematicMeeting).every_months if view.has(ThematicMeeting.key) else 1
    return add_months(month, 1 - every)


def first_day_of(unit_id: UUID) -> dt.date | None:
    """The first day of the unit; None for one that never lived."""
    first: dt.date | None = _lives(unit_id).aggregate(first=Min("valid__startswith"))["first"]
    return first


def _lives(unit_id: UUID) -> QuerySet[UnitClosure]:
    return UnitClosure.objects.filter(ancestor_id=unit_id, descendant_id=unit_id, depth=0)
