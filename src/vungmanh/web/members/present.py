"""What the pages of members draw from: names of units, counts by branch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from vungmanh.access import wall
from vungmanh.access.viewer import Viewer
from vungmanh.org.counts import Counts
from vungmanh.org.member_lists import members_counted, total_of
from vungmanh.org.models import MemberTransfer, UnitClosure, UnitVersion
from vungmanh.org.named import units_with_names
from vungmanh.org.queries import units_below, units_visible

MOST = 500


def unit_names(unit_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The latest name of each unit in sight."""
    found = UnitVersion.objects.filter(unit_id__in=list(unit_ids)).order_by("valid")
    return dict(found.values_list("unit_id", "name"))


def by_name(viewer: Viewer, unit_ids: Iterable[UUID | None]) -> set[UUID]:
    """Those of the units that are in sight and work with names today."""
    ids = [one for one in unit_ids if one]
    seen = units_visible(viewer, viewer.on).filter(descendant_id__in=ids)
    return units_with_names(seen, viewer.on)


def ends_of(transfers: Iterable[MemberTransfer]) -> dict[UUID, str]:
    """The names of both ends of transfers in sight."""
    ids = {one for row in transfers for one in (row.from_unit_id, row.to_unit_id) if one}
    # Each end of a transfer is told who the other is, and no more than its name.
    with wall.lowered():
        return unit_names(ids)


def by_branch(
    viewer: Viewer, unit_id: UUID, on: dt.date, counts: Mapping[UUID, Counts]
) -> list[tuple[UnitVersion, int]]:
    """The units directly below with the members of all their cells."""
    branches = list(units_below(viewer, unit_id, on)[:MOST])
    links = UnitClosure.objects.filter(
        ancestor_id__in=[one.unit_id for one in branches],
        descendant_id__in=list(counts),
        valid__contains=on,
    ).values_list("ancestor_id", "descendant_id")
    inside: dict[UUID, list[Counts]] = {}
    for ancestor, descendant in links:
        inside.setdefault(ancestor, []).append(counts[descendant])
    return [(one, members_counted(total_of(inside.get(one.unit_id, [])))) for one in branches]
