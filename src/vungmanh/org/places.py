"""Villages, enterprises and cooperatives on a day: who looks after them, who counts members."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.access import wall
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import MembershipStatus, Sector
from vungmanh.org.models import (
    Ancestry,
    MembershipCount,
    Place,
    PlaceMembers,
    PlaceUnit,
    UnitVersion,
)
from vungmanh.org.queries import ended_units_visible, units_visible

#: Sectors of which a place may be without an organisation of its own.
PLACE_SECTORS = (Sector.VILLAGE, Sector.ENTERPRISE)


@dataclass(frozen=True)
class Reported:
    """What one unit says of a place: so many official members, on a day."""

    unit: UUID
    official: int
    on: dt.date


@dataclass(frozen=True)
class PlaceSeen:
    """A place on a day: the committee that looks after it, its own unit, what is reported of it.

    `under` is None where no committee of it lives. `stale` counts reports that cannot hold any
    more: by units that have ended, until each heir has reported since, and of more members than
    the unit now counts.
    """

    place: Place
    under: UUID | None
    own: UUID | None
    reports: tuple[Reported, ...]
    stale: int

    @property
    def official(self) -> int | None:
        """None: nobody has reported, which is not zero; nor is a report that holds no more."""
        if self.stale or not self.reports:
            return None
        return sum(one.official for one in self.reports)


def places_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Place]:
    """Places that stand on a day under committees in sight, or under what became one of them."""
    seen, gone = units_visible(viewer, on), ended_units_visible(viewer, on)
    standing = Q(began_on__lte=on) & (Q(ended_on=None) | Q(ended_on__gt=on))
    return Place.objects.filter(standing, Q(under__in=seen) | Q(under__in=gone))


def places_seen(
    viewer: Viewer, on: dt.date, places: Iterable[Place] | None = None
) -> list[PlaceSeen]:
    """The places with all that is known of them on a day, in seven queries."""
    found = list(places_visible(viewer, on) if places is None else places)
    ids = [one.pk for one in found]
    own = PlaceUnit.objects.filter(place__in=ids).order_by("-pk").values_list("place_id", "unit_id")
    said = list(own)
    # How many members a place has, its committee must know, wherever they are counted: a number
    # and the name of the unit that gave it, no fact of that unit.
    with wall.lowered():
        reports = _reports(ids, on)
        asked = {one.under_id for one in found} | {unit for _, unit in said}
        asked |= {one.unit_id for rows in reports.values() for one in rows}
        alive = set(_alive(asked, on))
        gone = asked - alive
        heirs, ended = _heirs(gone, on), _ended(gone)
        alive |= {heir for found_heirs in heirs.values() for heir in found_heirs}
        counted = _officials(alive, on)
    owned = {place: unit for place, unit in reversed(said) if unit in alive}

    def holds(row: PlaceMembers, since: Mapping[UUID, dt.date]) -> bool:
        """Whether a report may still be true: of an ended unit, once nobody is left to report."""
        if not row.official:
            return True
        if row.unit_id in alive:
            return row.official <= counted.get(row.unit_id, row.official)
        told = (since.get(heir, dt.date.min) for heir in heirs.get(row.unit_id, ()))
        return all(day >= ended[row.unit_id] for day in told)

    result = []
    for one in found:
        rows = reports.get(one.pk, [])
        living = tuple(Reported(r.unit_id, r.official, r.on) for r in rows if r.unit_id in alive)
        under = next((u for u in (one.under_id, *heirs.get(one.under_id, ())) if u in alive), None)
        since = {r.unit: r.on for r in living}
        stale = sum(1 for r in rows if not holds(r, since))
        result.append(PlaceSeen(one, under, owned.get(one.pk), living, stale))
    return result


def _reports(places: list[UUID], on: dt.date) -> dict[UUID, list[PlaceMembers]]:
    """The latest report of each unit about each place."""
    rows = PlaceMembers.objects.filter(place__in=places, on__lte=on, undone_at=None)
    found: dict[UUID, list[PlaceMembers]] = defaultdict(list)
    latest = rows.order_by("place_id", "unit_id", "-on").distinct("place_id", "unit_id")
    for one in latest:
        found[one.place_id].append(one)
    return found


def _alive(units: Iterable[UUID], on: dt.date) -> list[UUID]:
    rows = UnitVersion.objects.filter(unit__in=list(units), valid__contains=on).order_by()
    return list(rows.values_list("unit_id", flat=True))


def _heirs(units: Iterable[UUID], on: dt.date) -> dict[UUID, list[UUID]]:
    """The heirs that live of each unit that ended, the one with the largest share first."""
    living = UnitVersion.objects.filter(unit_id=OuterRef("successor_id"), valid__contains=on)
    rows = Ancestry.objects.filter(Exists(living), predecessor__in=list(units))
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for unit, heir in rows.order_by("-share", "-pk").values_list("predecessor_id", "successor_id"):
        found[unit].append(heir)
    return found


def _ended(units: Iterable[UUID]) -> dict[UUID, dt.date]:
    """The first day without each unit, by its last version."""
    rows = UnitVersion.objects.filter(unit__in=list(units)).order_by("valid")
    spans = rows.values_list("unit_id", "valid")
    return {unit: span.upper or dt.date.max for unit, span in spans}


def _officials(units: Iterable[UUID], on: dt.date) -> dict[UUID, int]:
    """Official members of each unit that counts them."""
    rows = MembershipCount.objects.filter(
        unit__in=list(units), status=MembershipStatus.OFFICIAL, valid__contains=on
    )
    return dict(rows.order_by().values_list("unit_id", "count"))


def place_visible(viewer: Viewer | None, place_id: UUID, on: dt.date) -> Place:
    """One place, ended or not. Raises NotFound alike for absent and out of sight."""
    seen, gone = units_visible(viewer, on), ended_units_visible(viewer, on)
    found = Place.objects.filter(Q(under__in=seen) | Q(under__in=gone), pk=place_id).first()
    if found is None:
        raise NotFound("Không tìm thấy nơi này trong phạm vi của đồng chí.")
    return found


def names_of_units(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Units that report of a place, or look after it, as they were last called; no other fact."""
    # A committee must know whom to ask about the members of its place.
    with wall.lowered():
        rows = UnitVersion.objects.filter(unit_id__in=list(ids)).order_by("valid")
        return dict(rows.values_list("unit_id", "name"))
