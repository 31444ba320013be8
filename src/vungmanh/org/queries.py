"""Reads about the tree. `units_visible` is the one rule of sight: everything else asks it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.periods import last_day, month_range
from vungmanh.core.text import fold, nfc
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Post, Reach, Role
from vungmanh.org.models import (
    AdmissionCount,
    Ancestry,
    Appointment,
    MembershipCount,
    UnitClosure,
    UnitVersion,
)


def units_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[UnitClosure, UUID]:
    """Ids of the units the viewer may see in the structure of day `as_of`. No grant: none.

    What stood below the grants on that day; and, on a day gone by, the past of what the viewer sees
    today: the same units and those they descend from, wherever they stood (decision 0010).
    """
    if viewer is None or viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return UnitClosure.objects.none().values_list("descendant_id", flat=True)
    reached = _reached(viewer, as_of)
    if as_of >= viewer.on:
        return reached
    return (
        UnitClosure.objects.filter(depth=0, valid__contains=as_of, descendant_id__in=reached)
        .order_by()
        .values_list("descendant_id", flat=True)
    )


def _reached(viewer: Viewer, as_of: dt.date) -> QuerySet[UnitClosure, UUID]:
    """Units in sight on day `as_of`, of a day gone by whether or not they lived on it.

    One scan of one table, whatever the day, so that PostgreSQL knows how many rows to expect: a
    small branch is listed and sorted, of a large one the list is walked until the page is full.
    """
    below = Q(ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW))
    itself = Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    links = UnitClosure.objects.order_by().values_list("descendant_id", flat=True)
    then, today = Q(valid__contains=as_of), Q(valid__contains=viewer.on)
    held = below | itself
    if as_of >= viewer.on:
        return links.filter(held, then)
    now = UnitClosure.objects.filter(held, today, descendant_id=OuterRef("successor_id"))
    forebears = Ancestry.objects.filter(Exists(now)).values("predecessor_id")
    is_forebear = IsAmong(F("descendant_id"), ArraySubquery(forebears))
    # The depth first: it is told by one look, the forebears by going through their list.
    return links.filter(Q(held, then | today) | Q(Q(depth=0), is_forebear))


class IsAmong(Func):
    """`column = ANY (array)`: the list is worked out, or sent, once, and an index asked for it."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()


def ended_units_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[Any, UUID]:
    """Ids of the units gone by day `as_of` that the viewer may still read of: those it stood above
    (or in) on their last day, and those that what it sees now descends from (decision 0010)."""
    self_rows = UnitClosure.objects.filter(depth=0, descendant_id=OuterRef("descendant_id"))
    longer = self_rows.filter(
        Q(valid__endswith__gt=OuterRef("valid__endswith")) | Q(valid__upper_inf=True)
    )
    last_held = _held(viewer).filter(~Exists(longer), valid__endswith__lte=as_of)
    alive = UnitClosure.objects.filter(
        depth=0, descendant_id=OuterRef("predecessor_id"), valid__contains=as_of
    )
    forebears = Ancestry.objects.filter(
        ~Exists(alive), successor_id__in=units_visible(viewer, as_of)
    )
    return last_held.values_list("descendant_id", flat=True).union(
        forebears.order_by().values_list("predecessor_id", flat=True)
    )


def units_held(viewer: Viewer | None, on: dt.date) -> QuerySet[UnitClosure, UUID]:
    """Ids of the units that stood below the grants on that very day: whose facts of it one writes.

    The past of what came later is read (`units_visible`), not written.
    """
    return _held(viewer).filter(valid__contains=on).values_list("descendant_id", flat=True)


def _held(viewer: Viewer | None) -> QuerySet[UnitClosure]:
    """What ever stood below the grants of the viewer. An administrator sees no unit."""
    if viewer is None or viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return UnitClosure.objects.none()
    below = Q(ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW))
    itself = Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    return UnitClosure.objects.filter(below | itself).order_by()


def versions_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[UnitVersion]:
    """The units a viewer may see, as they were called on day `as_of`, in Vietnamese order."""
    if viewer is None or viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return UnitVersion.objects.none()
    return UnitVersion.objects.filter(
        valid__contains=as_of,  # a version says that the unit lives
        unit_id__in=_reached(viewer, as_of),
    )


def visible_unit(viewer: Viewer | None, unit_id: UUID, as_of: dt.date) -> UnitVersion:
    """The version of one unit on day `as_of`.

    Raises `NotFound` alike for a unit that does not exist, did not exist then, or is out of sight.
    """
    version = versions_visible(viewer, as_of).select_related("unit").filter(unit_id=unit_id).first()
    if version is None:
        raise NotFound(
            "Không tìm thấy tổ chức này trong phạm vi của đồng chí ở thời điểm đang xem.",
            code="unit-not-found",
        )
    return version


def own_version(viewer: Viewer, as_of: dt.date) -> UnitVersion | None:
    """The unit in which the viewer's role is held, as on day `as_of`, if it lived then.

    Whoever holds a role in a unit sees it: no rule of sight need be worked out for the frame that
    stands round every page. An administrator sees no unit.
    """
    if viewer.unit_id is None or viewer.role is Role.ADMINISTRATOR:
        return None
    versions = UnitVersion.objects.select_related("unit").order_by()
    return versions.filter(unit_id=viewer.unit_id, valid__contains=as_of).first()


def held_unit(viewer: Viewer, unit_id: UUID, on: dt.date) -> UnitVersion:
    """The unit whose facts of that day one writes. Raises NotFound."""
    version = visible_unit(viewer, unit_id, on)
    if not units_held(viewer, on).filter(descendant_id=unit_id).exists():
        raise NotFound("Không tìm thấy tổ chức này trong phạm vi của đồng chí.")
    return version


def search_units(
    viewer: Viewer | None, text: str, as_of: dt.date, *, limit: int
) -> list[UnitVersion]:
    """Units whose name or code holds every word of `text`, with or without diacritics.

    Names that carry the text with its very diacritics come first, then those that hold the words
    side by side, then the rest; within each, Vietnamese order.
    """
    words = fold(text).split()
    if not words:
        return []
    found = versions_visible(viewer, as_of)
    for word in words:
        found = found.filter(Q(name_fold__contains=word) | Q(official_code__startswith=word))
    closeness = Case(
        When(name__icontains=nfc(text.strip()), then=Value(0)),
        When(name_fold__contains=" ".join(words), then=Value(1)),
        default=Value(2),
    )
    return list(found.order_by(closeness, "name_key", "unit_id")[:limit])


def path_above(unit_id: UUID, as_of: dt.date) -> list[UnitVersion]:
    """The units above, from the root down, the unit itself left out."""
    above = UnitClosure.objects.filter(
        descendant_id=unit_id, depth__gt=0, valid__contains=as_of
    ).values_list("ancestor_id", "depth")
    depth = dict(above)
    versions = UnitVersion.objects.filter(unit_id__in=depth, valid__contains=as_of)
    return sorted(versions, key=lambda version: -depth[version.unit_id])


def units_below(
    viewer: Viewer | None, unit_id: UUID, as_of: dt.date, *, depth: int = 1
) -> QuerySet[UnitVersion]:
    """The visible units `depth` levels below a unit on day `as_of`."""
    inside = UnitClosure.objects.filter(
        ancestor_id=unit_id, depth=depth, valid__contains=as_of
    ).values("descendant_id")
    return versions_visible(viewer, as_of).filter(unit_id__in=inside)


def cells_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[UnitVersion]:
    """The visible units that meet and report on day `as_of`."""
    return versions_visible(viewer, as_of).filter(kind__in=[kind.value for kind in CELL_KINDS])


@dataclass(frozen=True)
class SecretaryFact:
    """Whether a unit had a secretary on a day. `since` is the first day of that state.

    `since` is None where no appointment was ever recorded, which is not a vacancy. A post in which
    somebody acts is filled, and shown as such (decision 0031).
    """

    in_post: bool
    holder_name: str
    since: dt.date | None
    is_acting: bool = False

    def days_vacant(self, on: dt.date) -> int:
        """Days without secretary up to and including `on`; 0 if in post."""
        return 0 if self.in_post or self.since is None else (on - self.since).days + 1


def secretary_of(unit_id: UUID, on: dt.date) -> SecretaryFact:
    """Secretary in post or vacant on day `on`, derived from the dated appointments."""
    started = list(
        Appointment.objects.filter(
            unit_id=unit_id, post=Post.SECRETARY, valid__startswith__lte=on
        ).order_by("valid")
    )
    if started and (started[-1].valid.upper is None or started[-1].valid.upper > on):
        last = started[-1]
        acting = last.way == AppointmentWay.ACTING
        return SecretaryFact(True, last.holder_name, last.valid.lower, acting)
    if started:
        return SecretaryFact(False, "", started[-1].valid.upper)
    return SecretaryFact(False, "", None)


def members_of(unit_id: UUID, on: dt.date) -> dict[MembershipStatus, int]:
    """Members by status on day `on`. A status without a count is absent, not zero."""
    rows = MembershipCount.objects.filter(unit_id=unit_id, valid__contains=on)
    return {MembershipStatus(row.status): row.count for row in rows}


def admissions_of(unit_id: UUID, first: dt.date, last: dt.date) -> int:
    """Members admitted in the months `first` to `last`."""
    rows = AdmissionCount.objects.filter(unit_id=unit_id, month__range=(first, last))
    return sum(row.count for row in rows)


def closure_differences() -> list[str]:
    """Where the stored closure differs from what versions and links say; empty when sound."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH said AS (
              SELECT * FROM org_closure_of((SELECT array_agg(id) FROM org_unit))
            ), kept AS (
              SELECT ancestor_id, descendant_id, depth, valid FROM org_unitclosure
            )
            SELECT 'missing', d.* FROM (SELECT * FROM said EXCEPT SELECT * FROM kept) d
            UNION ALL
            SELECT 'stray', d.* FROM (SELECT * FROM kept EXCEPT SELECT * FROM said) d
            LIMIT 100
            """
        )
        return [
            f"{what}: {below} below {above} at depth {depth}, {valid}"
            for what, above, below, depth, valid in cursor.fetchall()
        ]


@dataclass(frozen=True)
class PostSpan:
    """So many months in a row with, or without, a secretary at the month's end."""

    months: int
    in_post: bool


def secretary_spans_of(unit_id: UUID, first: dt.date, last: dt.date) -> list[PostSpan]:
    """Runs of months from `first` to `last` in which the unit had a secretary on the last day."""
    held = [
        appointment.valid
        for appointment in Appointment.objects.filter(unit_id=unit_id, post=Post.SECRETARY)
    ]
    ends = [last_day(month) for month in month_range(first, last)]
    in_post = [
        any(span.lower <= day and (span.upper is None or day < span.upper) for span in held)
        for day in ends
    ]
    return [PostSpan(len(list(run)), state) for state, run in groupby(in_post)]
