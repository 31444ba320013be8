"""What the register already says of somebody, for the conditions of a post. Nothing is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import CourseMember
from vungmanh.core.text import same_name_key
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.org.queries import units_visible
from vungmanh.rulebook.people.days import whole_months

Rows = tuple[Appointment, ...]
Courses = tuple[tuple[str, dt.date], ...]


@dataclass(frozen=True)
class KnownOf:
    """Posts in sight held on a day by somebody of that name, and those that ended before
    (`earlier`, told and never counted). Of several people nothing is added up.

    `courses` is None where no course was ever recorded: not known, which is not "none".
    """

    rows: tuple[Appointment, ...]
    is_one: bool
    months_in_post: int | None = None
    posts_held: int | None = None
    as_secretary: int | None = None
    courses: Courses | None = None
    earlier: tuple[Appointment, ...] = ()


def known_of(viewer: Viewer, name: str, on: dt.date, *, person_id: UUID | None = None) -> KnownOf:
    """What appointments in sight say of the holder of a name on a day, or of one person.

    Of a person of the lists it is their own posts and courses, whatever else bears their name.
    """
    begun = Appointment.objects.filter(
        unit_id__in=units_visible(viewer, on), valid__startswith__lte=on
    ).order_by("valid", "id")
    if person_id is not None:
        rows, earlier = _parted(begun.filter(person_id=person_id), on)
        return _of_one(rows, earlier, on, {person_id})
    key = same_name_key(name)
    if not key:
        return KnownOf((), is_one=False)
    same = begun.exclude(holder_name="").filter(holder_name__iexact=name.strip())
    rows, earlier = _parted((one for one in same if same_name_key(one.holder_name) == key), on)
    people = {one.person_id for one in rows}
    is_one = len(rows) == 1 or (len(people) == 1 and None not in people)
    if not is_one:
        return KnownOf(rows, is_one=False, earlier=earlier)
    return _of_one(rows, earlier, on, {one for one in people if one is not None})


def _parted(found: Iterable[Appointment], on: dt.date) -> tuple[Rows, Rows]:
    """What is held on a day, and what ended before."""
    rows = list(found)
    is_held = [one.valid.upper is None or one.valid.upper > on for one in rows]
    held = tuple(one for one, is_now in zip(rows, is_held, strict=True) if is_now)
    return held, tuple(one for one, is_now in zip(rows, is_held, strict=True) if not is_now)


def _of_one(rows: Rows, earlier: Rows, on: dt.date, people: set[UUID]) -> KnownOf:
    return KnownOf(
        rows,
        earlier=earlier,
        is_one=True,
        months_in_post=whole_months(rows[-1].valid.lower, on) if rows else None,
        posts_held=len(rows),
        as_secretary=sum(one.post == Post.SECRETARY for one in rows),
        courses=_courses(rows, on, people),
    )


def _courses(rows: tuple[Appointment, ...], on: dt.date, people: set[UUID]) -> Courses | None:
    came = CourseMember.objects.filter(
        Q(appointment_id__in=[one.pk for one in rows]) | Q(person_id__in=people),
        session__ended_on__lte=on,
    ).exclude(has_passed=False)
    found = came.exclude(session__course__code="").order_by("session__ended_on", "id")
    pairs = tuple(found.values_list("session__course__code", "session__ended_on"))
    return pairs or None
