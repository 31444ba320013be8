"""Reads about visits of overseers: which one sees, who was in charge of what on which day.

Who is in charge is the dated grant of the role (`access.RoleGrant`), nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery

from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.meetings.models import Meeting, Visit
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_held, units_visible

#: What may be said of a visit, and what a reader calls it. The day and the unit are what it is.
SAID = {
    "attended": "có dự sinh hoạt",
    "found": "điều thấy được",
    "agreed": "điều đã thống nhất",
    "put_right": "điều đã khắc phục",
    "by_plan": "theo kế hoạch",
    "meeting": "buổi họp đã dự",
}
TEXTS = ("found", "agreed", "put_right")


def visit_facts(visit: Visit) -> dict[str, Any]:
    """What was said of a visit, as JSON; what was not said is absent."""
    facts: dict[str, Any] = {"attended": visit.attended, "by_plan": visit.by_plan}
    facts |= {name: getattr(visit, name) for name in TEXTS if getattr(visit, name)}
    if visit.meeting_id:
        facts["meeting"] = str(visit.meeting_id)
    return facts


# --- which visits one sees -----------------------------------------------------------------------


def visits_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Visit]:
    """The visits to units in sight on a day, and to those gone by then whose past one sees."""
    gone = ended_units_visible(viewer, on)
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)
    return Visit.objects.filter(seen).select_related("overseer", "by")


def visit_visible(viewer: Viewer | None, visit_id: UUID, on: dt.date) -> Visit:
    """One visit. Raises NotFound alike for absent and out of sight."""
    found = visits_visible(viewer, on).filter(pk=visit_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy lần đi cơ sở này trong phạm vi của đồng chí.", code="no-visit"
        )
    return found


def listed_visits(
    viewer: Viewer | None, on: dt.date, *, year: int | None = None, unit_id: UUID | None = None,
    overseer_id: UUID | None = None,
) -> QuerySet[Visit]:  # fmt: skip
    """The visits that stand, the latest first, each with the `name` of its unit."""
    named = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__startswith__lte=on
    ).order_by("-valid")
    found = visits_visible(viewer, on).filter(withdrawn_at=None)
    if year is not None:
        found = found.filter(on__year=year)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if overseer_id is not None:
        found = found.filter(overseer_id=overseer_id)
    return found.annotate(name=Subquery(named.values("name")[:1])).order_by("-on", "-id")


def sitting_of(visit: Visit) -> Meeting | None:
    """The record of the meeting attended: the one named, else the unit's meeting of that day."""
    if not visit.attended:
        return None
    if visit.meeting_id:
        return Meeting.objects.filter(pk=visit.meeting_id, unit_id=visit.unit_id).first()
    held = Meeting.objects.filter(unit_id=visit.unit_id, facts__held_on=visit.on.isoformat())
    return held.order_by("kind").first()


# --- who is in charge ----------------------------------------------------------------------------


def is_in_charge(user_id: UUID, unit_id: UUID, on: dt.date) -> bool:
    """Whether somebody oversaw a unit, or what stands above it with all below, on a day."""
    return unit_id in charges_on([user_id], on, unit_id=unit_id).get(user_id, {})


def charges_on(
    user_ids: Iterable[UUID], on: dt.date, *, unit_id: UUID | None = None
) -> dict[UUID, dict[UUID, dt.date]]:
    """The units that each of these people oversaw on a day, each with the first day of that charge:
    two queries for any number."""
    grants = list(
        RoleGrant.objects.filter(
            user_id__in=list(user_ids), role=Role.OVERSEER, valid__contains=on
        ).values_list("user_id", "unit_id", "reach", "valid__startswith")
    )
    if not grants:
        return {}
    links = UnitClosure.objects.filter(
        ancestor_id__in={unit for _user, unit, _reach, _since in grants}, valid__contains=on
    )
    if unit_id is not None:
        links = links.filter(descendant_id=unit_id)
    below: dict[UUID, list[tuple[UUID, int]]] = {}
    for above, unit, depth in links.values_list("ancestor_id", "descendant_id", "depth"):
        below.setdefault(above, []).append((unit, depth))
    found: dict[UUID, dict[UUID, dt.date]] = {}
    for user, above, reach, since in grants:
        whole, units = reach == Reach.UNIT_AND_BELOW, found.setdefault(user, {})
        for unit, depth in below.get(above, []):
            if whole or depth == 0:
                units[unit] = min(since, units.get(unit, since))
    return found


def first_charge(user_id: UUID, unit_id: UUID) -> dt.date | None:
    """The first day on which somebody was in charge of a unit; None: never."""
    above = UnitClosure.objects.filter(descendant_id=unit_id, ancestor_id=OuterRef("unit_id"))
    within = RoleGrant.objects.filter(user_id=user_id, role=Role.OVERSEER).filter(
        Q(Exists(above.filter(depth=0))) | Q(Exists(above), reach=Reach.UNIT_AND_BELOW)
    )
    first: dt.date | None = within.aggregate(first=Min("valid__startswith"))["first"]
    return first


def belongs_to(user_id: UUID, unit_id: UUID, on: dt.date) -> bool:
    """Whether the unit is somebody's own cell: a secretary's role of their own held there."""
    return RoleGrant.objects.filter(
        user_id=user_id, unit_id=unit_id, role=Role.CELL_SECRETARY, on_behalf_of=None,
        valid__contains=on,
    ).exists()  # fmt: skip


def overseers_of(
    unit_id: UUID, on: dt.date, *, since: dt.date | None = None
) -> list[tuple[UUID, str]]:
    """Who was in charge of a unit on a day, or on any day since, by name in Vietnamese order."""
    above = UnitClosure.objects.filter(descendant_id=unit_id, valid__contains=on).values_list(
        "ancestor_id", "depth"
    )
    depths = dict(above)
    grants = RoleGrant.objects.filter(
        role=Role.OVERSEER, unit_id__in=depths, valid__overlap=DateRange(since or on, on, "[]")
    ).select_related("user")
    found = {
        one.user_id: str(one.user)
        for one in grants
        if one.reach == Reach.UNIT_AND_BELOW or depths[one.unit_id] == 0
    }
    return sorted(found.items(), key=lambda one: (sort_key(one[1]), one[0]))


def writes_visit(viewer: Viewer, unit_id: UUID, overseer_id: UUID) -> bool:
    """Whether a record is the viewer's to change: the own visit, or of a unit the office holds."""
    if viewer.role is Role.OVERSEER:
        return overseer_id == viewer.user.pk
    return (
        viewer.role is Role.COMMITTEE_OFFICE
        and units_held(viewer, viewer.on).filter(descendant_id=unit_id).exists()
    )
