"""Meetings of chosen units that were held without an overseer who was to attend them.

In focused support an overseer attends every meeting (rulebook `oversight.attendance`). What nobody
reported as held is not counted, nor a cell that is in nobody's charge.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from vungmanh.access.models import RoleGrant
from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import ReportState, Role
from vungmanh.meetings.models import MeetingReport, Visit
from vungmanh.org.models import UnitClosure
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import OversightAttendance
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.overseeing import MEETINGS

Missed = Mapping[tuple[UUID, dt.date], Counter[tuple[UUID, UUID]]]


def missed_meetings(files: Sequence[SupportFile], until: dt.date) -> Missed:
    """By file and month: how many held meetings of which unit each overseer did not attend.

    Four queries for any number of files.
    """
    view = load_rulebook().on(until)
    if not files or not (
        view.has(OversightAttendance.key) and view.of(OversightAttendance).every_in_support
    ):
        return {}
    by_unit = {one.unit_id: one for one in files}
    links = UnitClosure.objects.filter(ancestor_id__in=by_unit, valid__contains=until)
    file_of = {
        unit: by_unit[top] for unit, top in links.values_list("descendant_id", "ancestor_id")
    }
    grants: dict[UUID, list[RoleGrant]] = {}
    for one in RoleGrant.objects.filter(role=Role.OVERSEER, unit_id__in=file_of):
        grants.setdefault(one.unit_id, []).append(one)
    if not grants:
        return {}
    first = month_of(min(one.begun_on for one in files))
    went: dict[tuple[UUID, UUID], list[dt.date]] = {}
    visits = Visit.objects.filter(
        unit_id__in=list(grants), attended=True, withdrawn_at=None, on__range=(first, until)
    )
    for unit, user, on in visits.values_list("unit_id", "overseer_id", "on"):
        went.setdefault((unit, user), []).append(on)
    held = MeetingReport.objects.filter(
        unit_id__in=list(grants), kind__in=MEETINGS, state=ReportState.HELD,
        month__range=(first, until),
    )  # fmt: skip
    found: dict[tuple[UUID, dt.date], Counter[tuple[UUID, UUID]]] = {}
    for unit, month, day in held.values_list("unit_id", "month", "held_on"):
        file, on = file_of[unit], day or last_day(month)
        if not file.begun_on <= on <= min(until, file.exited_on or until):
            continue
        for grant in grants[unit]:
            if on in grant.valid and not _was_there(
                went.get((unit, grant.user_id), []), month, day
            ):
                missed = found.setdefault((file.pk, month_of(on)), Counter())
                missed[grant.user_id, unit] += 1
    return found


def _was_there(days: Sequence[dt.date], month: dt.date, day: dt.date | None) -> bool:
    """That very day; some day of the month where the day of the meeting is not known."""
    if day is not None:
        return day in days
    return any((one.year, one.month) == (month.year, month.month) for one in days)
