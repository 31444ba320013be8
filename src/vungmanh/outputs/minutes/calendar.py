"""A meeting as a calendar entry. Time and place only: what is discussed goes into no calendar, for
calendars of phones are often kept abroad (domain.md §10.1)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import MeetingAct, MeetingState, ReportState
from vungmanh.meetings.models import Meeting
from vungmanh.outputs.minutes.gather import about_of, heading_of
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import RegularMeetingMinutes

_PRODUCT = "-//Vung Manh//Sinh hoat chi bo//VI"


def calendar_entry(meeting: Meeting) -> bytes:
    """An .ics file. The same meeting keeps its UID; each change of the plan raises the sequence, so
    that a calendar moves the entry instead of adding another. Raises NotNow without a day."""
    from icalendar import Calendar, Event

    day = meeting.facts.get("held_on") or meeting.plan.get("planned_on")
    if not day:
        raise NotNow("Chưa ghi ngày họp nên chưa ghi vào lịch được. Ghi ngày họp trước.")
    entry = Event()
    entry.add("uid", f"{meeting.pk}@vungmanh")
    entry.add("sequence", sequence_of(meeting))
    entry.add("dtstamp", meeting.changed_at.astimezone(dt.UTC))
    entry.add("last-modified", meeting.changed_at.astimezone(dt.UTC))
    on = dt.date.fromisoformat(day)
    begins, ends = _span(meeting, on)
    entry.add("dtstart", begins)
    if ends is not None:
        entry.add("dtend", ends)
    cell = heading_of(meeting.unit_id, on)["issuer"]
    entry.add("summary", f"{about_of(meeting.kind, meeting.month)}, {cell}")
    place = meeting.facts.get("place") or meeting.plan.get("place")
    if place:
        entry.add("location", place)
    entry.add("status", _status(meeting))
    entry.add("class", "PRIVATE")
    made = Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(entry)
    return bytes(made.to_ical())


def sequence_of(meeting: Meeting) -> int:
    """How often what a calendar shows may have changed: the plan, the announcement, the record."""
    acts = [MeetingAct.PLAN, MeetingAct.ANNOUNCE, MeetingAct.WRITE]
    return max(meeting.changes.filter(act__in=acts).count() - 1, 0)


def _span(meeting: Meeting, day: dt.date) -> tuple[dt.date, dt.date | None]:
    """From the hour on for as long as the rule of the day asks, open where none is known; without
    an hour, the whole day."""
    time = meeting.facts.get("starts") or meeting.plan.get("planned_at")
    if not time:
        return day, day + dt.timedelta(days=1)
    zone = ZoneInfo(settings.TIME_ZONE)
    begins = dt.datetime.combine(day, dt.time.fromisoformat(time), zone).astimezone(dt.UTC)
    view = load_rulebook().on(day)
    if not view.has(RegularMeetingMinutes.key):
        return begins, None
    return begins, begins + dt.timedelta(minutes=view.of(RegularMeetingMinutes).minutes)


def _status(meeting: Meeting) -> str:
    if meeting.facts.get("outcome") == ReportState.NOT_HELD:
        return "CANCELLED"
    return "TENTATIVE" if meeting.state == MeetingState.PREPARING else "CONFIRMED"
