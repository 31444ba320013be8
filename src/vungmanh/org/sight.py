"""Why a viewer sees a unit, and who else does: the grant that decided, and the way down from it.

`why_visible` answers with a reason exactly where `queries.units_visible` answers yes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

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
