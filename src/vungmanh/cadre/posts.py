"""The posts of a unit on a day: who holds each, since when, by what way, and what is empty."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.staffing import single_posts
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post, UnitKind
from vungmanh.org.models import Appointment, UnitVersion
from vungmanh.org.queries import units_visible, visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.posts import PostsOfKind


@dataclass(frozen=True)
class PostLine:
    """One post of a unit. `vacant_since` is None where it is held, or never was."""

    post: Post
    holders: tuple[Appointment, ...]
    vacant_since: dt.date | None
    is_single: bool

    def days_vacant(self, on: dt.date) -> int:
        return 0 if self.vacant_since is None else (on - self.vacant_since).days + 1


def posts_of_unit(viewer: Viewer, unit_id: UUID, on: dt.date) -> list[PostLine]:
    """The posts of a unit in sight. Raises NotFound for a unit out of sight."""
    return posts_on(visible_unit(viewer, unit_id, on), on)


def posts_on(version: UnitVersion, on: dt.date) -> list[PostLine]:
    """The posts of a unit's kind by the rule of the day, and others that somebody holds. One query.

    The viewer was let see the unit.
    """
    view = load_rulebook().on(on)
    rule = view.of(PostsOfKind) if view.has(PostsOfKind.key) else None
    asked = rule.posts(UnitKind(version.kind)) if rule else (Post.SECRETARY,)
    rows = list(Appointment.objects.filter(unit_id=version.unit_id, valid__startswith__lte=on))
    held = [one for one in rows if one.valid.upper is None or one.valid.upper > on]
    posts = [*asked, *(post for post in Post if post not in asked)]
    single = single_posts(on)
    return [
        PostLine(
            post,
            tuple(sorted((one for one in held if one.post == post), key=lambda one: one.seat)),
            _vacant_since([one for one in rows if one.post == post], on),
            post in single,
        )
        for post in posts
        if post in asked or any(one.post == post for one in held)
    ]


def history_of_posts(viewer: Viewer, unit_id: UUID, on: dt.date) -> list[Appointment]:
    """Every appointment of a unit known on a day or decided for later, the latest first."""
    visible_unit(viewer, unit_id, on)
    found = Appointment.objects.filter(unit_id=unit_id).select_related("by")
    return list(found.order_by("-valid", "post", "seat"))


def appointment_visible(viewer: Viewer, appointment_id: int, on: dt.date) -> Appointment | None:
    """One appointment of a unit in sight; None alike for absent and out of sight."""
    found = Appointment.objects.filter(unit_id__in=units_visible(viewer, on), pk=appointment_id)
    return found.first()


def held_besides(viewer: Viewer, row: Appointment, on: dt.date) -> list[Appointment]:
    """What else the holder of a post holds at once, in sight; of a name alone nothing is known."""
    if row.person_id is None:
        return []
    seen = Appointment.objects.filter(unit_id__in=units_visible(viewer, on), valid__contains=on)
    return list(seen.filter(person_id=row.person_id).exclude(pk=row.pk).order_by("valid", "id"))


def is_acting(row: Appointment) -> bool:
    """Whether somebody acts in the post without holding it in full (decision 0031)."""
    return bool(row.way == AppointmentWay.ACTING)


def _vacant_since(rows: list[Appointment], on: dt.date) -> dt.date | None:
    """The first day without a holder; None where somebody holds it or nobody ever did."""
    ends = [one.valid.upper for one in rows]
    if not ends or any(end is None or end > on for end in ends):
        return None
    return max(end for end in ends if end is not None)
