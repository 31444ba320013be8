"""People on the lists of cells who may be named in a post: found by typing, accents or none.

Only where a committee switched names on, and only for whoever may read them (decisions.md 14).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import CourseMember
from vungmanh.core.text import fold
from vungmanh.org.models import Membership, UnitVersion
from vungmanh.org.named import given_name_key, units_with_names
from vungmanh.org.queries import units_visible

READ = "org.person.view"
FEWEST, MOST = 2, 12  # letters typed, people shown


@dataclass(frozen=True)
class Listed:
    """Somebody on the list of a cell in sight."""

    person_id: UUID
    name: str
    unit: str


def people_found(viewer: Viewer, text: str, on: dt.date) -> list[Listed]:
    """People in sight whose name holds what was typed, by given name; nobody where names are off.

    A guest for a while stands on two lists and is told once, at home.
    """
    wanted = fold(" ".join(text.split()))
    if len(wanted) < FEWEST or not can(viewer, READ):
        return []
    return _listed(viewer, on, person__name_fold__contains=wanted)[:MOST]


def person_listed(viewer: Viewer, person_id: UUID, on: dt.date) -> Listed | None:
    """One of them by id; None alike for absent, out of sight and where names are off."""
    found = _listed(viewer, on, person_id=person_id) if can(viewer, READ) else []
    return found[0] if found else None


def course_days(person_id: UUID, since: dt.date) -> list[dt.date]:
    """The last days of course sessions, from one on, to which somebody is said to have come.

    Whoever asks keeps the person's list."""
    came = CourseMember.objects.filter(person_id=person_id, session__ended_on__gte=since)
    return sorted(came.values_list("session__ended_on", flat=True))


def _listed(viewer: Viewer, on: dt.date, **asked: object) -> list[Listed]:
    rows = Membership.objects.filter(
        unit_id__in=units_visible(viewer, on), valid__contains=on, person__erased_at=None,
        person__merged_into=None, **asked,
    ).select_related("person")  # fmt: skip
    # At home before a stay: the first of each person is kept.
    kept: dict[UUID, Membership] = {}
    for row in sorted(rows, key=lambda one: one.status == "temporary_in"):
        kept.setdefault(row.person_id, row)
    named = units_with_names({row.unit_id for row in kept.values()}, on)
    versions = UnitVersion.objects.filter(unit_id__in=named, valid__contains=on)
    units = dict(versions.values_list("unit_id", "name"))
    found = [
        Listed(row.person_id, row.person.name, units[row.unit_id])
        for row in kept.values()
        if row.unit_id in units
    ]
    return sorted(found, key=lambda one: (given_name_key(one.name), one.unit, one.person_id))
