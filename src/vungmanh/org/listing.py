"""Reads for lists of units: where a viewer's view begins, what lies below, and how much of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

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
    """How large each unit is, counted over the visible cells in and below it, in two queries."""
    cells = UnitVersion.objects.filter(
        kind__in=[kind.value for kind in CELL_KINDS],
        valid__contains=as_of,
        unit_id__in=units_visible(viewer, as_of),
    ).values("unit_id")
    inside = UnitClosure.objects.filter(
        ancestor_id__in=unit_ids, valid__contains=as_of, descendant_id__in=cells
    ).order_by()
    counted = dict(inside.values_list("ancestor_id").annotate(n=Count("id")))
    members = dict(
        inside.filter(
            descendant__membership_counts__status=MembershipStatus.OFFICIAL,
            descendant__membership_counts__valid__contains=as_of,
        )
        .values_list("ancestor_id")
        .annotate(n=Sum("descendant__membership_counts__count"))
    )
    return {unit: Size(counted.get(unit, 0), members.get(unit)) for unit in unit_ids}


def names_above(unit_ids: Iterable[UUID], as_of: dt.date) -> dict[UUID, str]:
    """The name of the unit directly above each: tells two cells of the same name apart."""
    links = UnitClosure.objects.filter(
        descendant_id__in=list(unit_ids),
        depth=1,
        valid__contains=as_of,
        ancestor__versions__valid__contains=as_of,
    )
    return dict(links.values_list("descendant_id", "ancestor__versions__name"))
