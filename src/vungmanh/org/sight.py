"""Why a viewer sees a unit, and who else does: the grant that decided, and the way down from it.

`why_visible` answers with a reason exactly where `queries.units_visible` answers yes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from psycopg.types.range import DateRange

from vungmanh.access.models import RoleGrant
from vungmanh.access.viewer import Grant, Viewer
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.org.models import Ancestry, UnitClosure, UnitVersion
from vungmanh.org.queries import visible_unit


@dataclass(frozen=True)
class Why:
    """The deciding grant; the day on which the unit (or its heir) stood below it; the way down.

    `heir_id` is the unit through which the past is seen: the unit itself where it only moved, one
    it became part of where it ended; None where it stood below the grant on the very day.
    """

    grant: Grant
    on: dt.date
    path: tuple[UnitVersion, ...]  # from the unit of the grant down, both ends included
    heir_id: UUID | None = None


def why_visible(viewer: Viewer | None, unit_id: UUID, as_of: dt.date) -> Why | None:
    """Why the viewer sees the unit in the structure of day `as_of`; None when it does not."""
    if viewer is None or viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return None
    then = _decided_by(viewer, [unit_id], as_of)
    if then:
        return Why(then[0], as_of, _way(then[0].unit_id, unit_id, as_of))
    lives = UnitClosure.objects.filter(descendant_id=unit_id, depth=0, valid__contains=as_of)
    if as_of >= viewer.on or not lives.exists():
        return None
    heirs = Ancestry.objects.filter(predecessor_id=unit_id).order_by("-share", "successor_id")
    now = _decided_by(viewer, [unit_id, *heirs.values_list("successor_id", flat=True)], viewer.on)
    if now is None:
        return None
    grant, heir = now
    return Why(grant, viewer.on, _way(grant.unit_id, heir, viewer.on), heir)


def _decided_by(viewer: Viewer, units: list[UUID], on: dt.date) -> tuple[Grant, UUID] | None:
    """The nearest grant above the first of `units` that stands below one on a day."""
    links = UnitClosure.objects.filter(descendant_id__in=units, valid__contains=on).filter(
        Q(ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW))
        | Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    )
    nearest = sorted(links, key=lambda link: (units.index(link.descendant_id), link.depth))
    for link in nearest[:1]:
        for grant in viewer.grants:
            reaches = grant.reach is Reach.UNIT_AND_BELOW or link.depth == 0
            if grant.unit_id == link.ancestor_id and reaches:
                return grant, link.descendant_id
    return None


def _way(top: UUID, unit_id: UUID, on: dt.date) -> tuple[UnitVersion, ...]:
    up = UnitClosure.objects.filter(descendant_id=unit_id, valid__contains=on)
    depth = dict(up.values_list("ancestor_id", "depth"))
    versions = UnitVersion.objects.filter(
        unit_id__in=[one for one, steps in depth.items() if steps <= depth[top]],
        valid__contains=on,
    )
    return tuple(sorted(versions, key=lambda version: -depth[version.unit_id]))


@dataclass
class Days:
    """The days on which a unit lives, and those on which it is in sight, as stretches."""

    lived: list[DateRange] = field(default_factory=list)
    seen: list[DateRange] = field(default_factory=list)

    def lives_on(self, day: dt.date) -> bool:
        return any(day in span for span in self.lived)

    def is_seen_on(self, day: dt.date) -> bool:
        return any(day in span for span in self.seen)

    @property
    def last(self) -> dt.date:
        """The last day of its life; the first of a stretch that has no end."""
        ends = [(one.lower, one.upper) for one in self.lived if one.lower]
        first, end = max(ends, key=lambda one: one[0])
        return end - dt.timedelta(days=1) if end else first


def days_visible(viewer: Viewer | None, units: Iterable[UUID]) -> Mapping[UUID, Days]:
    """On which days `queries.units_visible` shows each unit; absent: a unit that never lived.

    Three queries, whatever the units and however many days are asked about afterwards.
    """
    if viewer is None or viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return {}
    asked = list(units)
    links = UnitClosure.objects.order_by().values_list("descendant_id", "valid")
    held = links.filter(
        Q(ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW))
        | Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    )
    now = held.filter(valid__contains=viewer.on).values("descendant_id")
    found: dict[UUID, Days] = defaultdict(Days)
    for unit, span in held.filter(descendant_id__in=asked):
        found[unit].seen.append(span)
    known = {unit for unit, days in found.items() if days.is_seen_on(viewer.on)}
    heirs = Ancestry.objects.filter(predecessor_id__in=asked, successor_id__in=now).order_by()
    known.update(heirs.values_list("predecessor_id", flat=True))
    for unit, span in links.filter(descendant_id__in=asked, depth=0):
        found[unit].lived.append(span)
        if unit in known and span.lower < viewer.on:
            upper = min(span.upper or viewer.on, viewer.on)
            found[unit].seen.append(DateRange(span.lower, upper))
    return found


def is_analyst_of_the_root(viewer: Viewer | None) -> bool:
    """Whether the viewer is an analyst of a unit above which nothing stands, and of all below."""
    if viewer is None or viewer.role is not Role.PROVINCIAL_ANALYST:
        return False
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    up = UnitClosure.objects.filter(descendant_id__in=held, valid__contains=viewer.on)
    links = set(up.order_by().values_list("descendant_id", "depth"))
    standing, below = ({u for u, d in links if (d > 0) is deep} for deep in (False, True))
    return bool(standing - below)


def grant_of(viewer: Viewer, grant: Grant) -> RoleGrant | None:
    """What the register of roles says of a grant: since when, by whom, on whose behalf."""
    return (
        RoleGrant.objects.filter(
            user=viewer.user,
            role=grant.role,
            unit_id=grant.unit_id,
            on_behalf_of=viewer.on_behalf_of,
            valid__contains=viewer.on,
        )
        .select_related("granted_by", "on_behalf_of")
        .first()
    )


@dataclass(frozen=True)
class Watcher:
    """A role that sees the unit today, the unit it is held in, and who holds it.

    `names` is empty for those who need not know persons; `people` always counts them.
    """

    role: Role
    held_in: str
    people: int
    names: tuple[str, ...] = ()


def who_sees(viewer: Viewer, unit_id: UUID, as_of: dt.date) -> list[Watcher]:
    """Who sees a unit today by where it stands today. NotFound where the viewer does not.

    Only an analyst reads names: an office need not know who else serves.
    """
    visible_unit(viewer, unit_id, as_of)
    up = UnitClosure.objects.filter(descendant_id=unit_id, valid__contains=viewer.on)
    depth = dict(up.values_list("ancestor_id", "depth"))
    names = dict(
        UnitVersion.objects.filter(unit_id__in=depth, valid__contains=viewer.on).values_list(
            "unit_id", "name"
        )
    )
    grants = (
        RoleGrant.objects.filter(
            Q(reach=Reach.UNIT_AND_BELOW, unit_id__in=depth) | Q(unit_id=unit_id),
            valid__contains=viewer.on,
            user__is_active=True,
        )
        .exclude(role=Role.ADMINISTRATOR)
        .select_related("user")
    )
    held: dict[tuple[str, UUID], set[str]] = {}
    for grant in grants:
        if grant.unit_id in depth:
            held.setdefault((grant.role, grant.unit_id), set()).add(str(grant.user))
    named = viewer.role is Role.PROVINCIAL_ANALYST
    ordered = sorted(held.items(), key=lambda item: (-depth[item[0][1]], item[0][0]))
    return [
        Watcher(Role(role), names[unit], len(people), tuple(sorted(people)) if named else ())
        for (role, unit), people in ordered
    ]
