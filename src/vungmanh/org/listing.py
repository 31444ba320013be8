"""Reads for lists of units: where a viewer's view begins, what lies below, and how much of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import path_above, units_visible, versions_visible


def tops_visible(viewer: Viewer | None, as_of: dt.date) -> QuerySet[UnitVersion]:
    """The units at which the viewer's view begins: those with no visible unit above them."""
    seen = units_visible(viewer, as_of)
    below_another = UnitClosure.objects.filter(
        depth=1, valid__contains=as_of, ancestor_id__in=seen
    ).values("descendant_id")
    return versions_visible(viewer, as_of).exclude(unit_id__in=below_another)


def units_at(
    viewer: Viewer | None, unit_id: UUID, as_of: dt.date, *, every_level: bool
) -> QuerySet[UnitVersion]:
    """The visible units below a unit: directly, or at every level."""
    depth = {"depth__gt": 0} if every_level else {"depth": 1}
    inside = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=as_of, **depth)
    return versions_visible(viewer, as_of).filter(unit_id__in=inside.values("descendant_id"))


def path_visible(viewer: Viewer | None, unit_id: UUID, as_of: dt.date) -> list[UnitVersion]:
    """The visible units above a unit, from the top down, the unit itself left out."""
    seen = set(units_visible(viewer, as_of).filter(descendant_id__in=_above(unit_id, as_of)))
    return [version for version in path_above(unit_id, as_of) if version.unit_id in seen]


def _above(unit_id: UUID, as_of: dt.date) -> QuerySet[UnitClosure, UUID]:
    links = UnitClosure.objects.filter(descendant_id=unit_id, depth__gt=0, valid__contains=as_of)
    return links.values_list("ancestor_id", flat=True)


def areas_and_sectors(found: QuerySet[UnitVersion]) -> tuple[list[str], list[str]]:
    """Which areas occur in a list, in Vietnamese order, and which sectors."""
    pairs = set(found.order_by().values_list("area", "sector").distinct())
    areas = sorted({area for area, _ in pairs if area}, key=sort_key)
    return areas, sorted({sector for _, sector in pairs})


@dataclass(frozen=True)
class Size:
    """Cells of a unit, itself included, and official members on their registers."""

    cells: int = 0
    official: int | None = None  # None: no cell has given a count, which is not zero


def sizes_of(viewer: Viewer | None, unit_ids: Sequence[UUID], as_of: dt.date) -> dict[UUID, Size]:
    """How large each unit is, counted over the visible cells in and below it, in one query."""
    cells = versions_visible(viewer, as_of).filter(kind__in=[kind.value for kind in CELL_KINDS])
    try:
        seen, parameters = cells.order_by().values("unit_id").query.sql_with_params()
    except EmptyResultSet:
        return {unit: Size() for unit in unit_ids}
    with connection.cursor() as cursor:
        # "IS TRUE" keeps the cells a list, worked out once: PostgreSQL takes them to be a few
        # and would look for each alone.
        cursor.execute(
            f"""
            SELECT link.ancestor_id, count(*), sum(members.count)
            FROM org_unitclosure link
            LEFT JOIN org_membershipcount members
              ON members.unit_id = link.descendant_id AND members.status = %s
             AND members.valid @> %s::date
            WHERE link.ancestor_id = ANY (%s) AND link.valid @> %s::date
              AND (link.descendant_id IN ({seen})) IS TRUE
            GROUP BY 1
            """,
            [MembershipStatus.OFFICIAL, as_of, list(unit_ids), as_of, *parameters],
        )
        sizes = {unit: Size(count, official) for unit, count, official in cursor.fetchall()}
    return {unit: sizes.get(unit, Size()) for unit in unit_ids}


def names_above(unit_ids: Iterable[UUID], as_of: dt.date) -> dict[UUID, str]:
    """The name of the unit directly above each: tells two cells of the same name apart."""
    links = UnitClosure.objects.filter(
        descendant_id__in=list(unit_ids),
        depth=1,
        valid__contains=as_of,
        ancestor__versions__valid__contains=as_of,
    )
    return dict(links.values_list("descendant_id", "ancestor__versions__name"))
