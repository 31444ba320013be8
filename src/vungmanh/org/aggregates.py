"""Members by sex, age and the like, as units report them; summed with what is covered and what not.

A cell reports for itself, an organisation for all its cells at once: then its report counts and
theirs do not. What nobody reported is never filled in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from vungmanh.access.viewer import Viewer
from vungmanh.core.aggregate_words import VALUES, AgeBand, age_band
from vungmanh.core.people_words import Aggregate
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.memberships import STAY
from vungmanh.org.models import AggregateCount, Membership, UnitClosure, UnitVersion
from vungmanh.org.named import names_on
from vungmanh.org.queries import versions_visible
from vungmanh.org.statistics_known import CountsKnown
from vungmanh.org.structure_known import Place, below_known, seen_among, versions_known

Reported = dict[Aggregate, dict[str, int]]
#: The days of which aggregates are told: month and day.
DAYS = ((6, 30), (12, 31))


def reporting_days(today: dt.date, first_year: int) -> list[dt.date]:
    """The days one may report for, the latest first."""
    days = [dt.date(year, *day) for year in range(first_year, today.year + 1) for day in DAYS]
    return [day for day in reversed(days) if day <= today]


def reports_of(
    unit_ids: Collection[UUID], on: dt.date, known_at: dt.datetime | None = None
) -> dict[UUID, Reported]:
    """What each unit reported of a day, as known at a moment. Whoever asks sees the units."""
    rows = AggregateCount.objects.filter(on=on, dimension__in=[one.value for one in Aggregate])
    if known_at is None:
        rows = rows.filter(replaced_at=None)
    else:
        standing = Q(replaced_at=None) | Q(replaced_at__gt=known_at)
        rows = rows.filter(standing, at__lte=known_at)
    wanted, found = set(unit_ids), dict[UUID, Reported]()
    for unit, dimension, value, count in rows.order_by("at", "pk").values_list(
        "unit_id", "dimension", "value", "count"
    ):
        if unit in wanted:
            found.setdefault(unit, {}).setdefault(Aggregate(dimension), {})[value] = count
    return found


@dataclass
class Sum:
    """One dimension over a committee: `told` of so many members, `members` of those who reported.

    `units` of `all_units` cells are covered by a report of this dimension.
    """

    dimension: Aggregate
    counts: dict[str, int] = field(default_factory=dict)
    units: int = 0
    all_units: int = 0
    members: int = 0

    @property
    def told(self) -> int:
        return sum(self.counts.values())

    @property
    def unclear(self) -> int:
        """Members of units that reported, but of whom this dimension does not tell."""
        return max(0, self.members - self.told)


@dataclass
class RollUp:
    """All dimensions over a committee, and the cells of which nothing was reported.

    `hidden` cells stood there as well and are out of the viewer's sight: no sum holds them.
    """

    sums: dict[Aggregate, Sum]
    members: int
    cells: int
    silent: list[UnitVersion]
    reporters: list[UnitVersion]
    hidden: int = 0


def may_report(version: UnitVersion) -> bool:
    """A cell for itself, an organisation for all its cells."""
    return version.is_organisation or UnitKind(version.kind) in CELL_KINDS


def roll_up(
    viewer: Viewer, unit_id: UUID, on: dt.date, known_at: dt.datetime, *, now: dt.datetime
) -> RollUp:
    """The sums below a committee (itself included) in a fixed number of queries."""
    places = {one.unit: one for one in below_known(unit_id, on, on, known_at)}
    seen = seen_among(viewer, places, on, on, top=unit_id)
    named = versions_known(seen, on, on, known_at).values()
    versions = {one.unit_id: one for one in sorted(named, key=lambda one: name_key(one.name))}
    cells = {unit: one for unit, one in versions.items() if places[unit].is_cell}
    hidden = sum(place.is_cell for unit, place in places.items() if unit not in seen)
    counts = CountsKnown(cells, on, on, known_at)
    members = {cell: counts.members(cell, on) for cell in cells}
    reports = reports_of(versions, on, None if known_at >= now else known_at)
    above = {unit: _reporters_above(unit, places, reports) for unit in {*cells, *reports}}
    sums = {one: Sum(one, all_units=len(cells)) for one in Aggregate}
    covered: set[UUID] = set()
    for cell in cells:
        for dimension, one in sums.items():
            by = next((u for u in above[cell] if dimension in reports[u]), None)
            if by is not None:
                one.units += 1
                one.members += members[cell]
                covered.add(cell)
    for unit, said in reports.items():
        for dimension, values in said.items():
            if not _is_covered(unit, dimension, above[unit], reports):
                for value, count in values.items():
                    total = sums[dimension].counts
                    total[value] = total.get(value, 0) + count
    silent = [one for cell, one in cells.items() if cell not in covered]
    reporters = [versions[unit] for unit in reports]
    return RollUp(sums, sum(members.values()), len(cells), silent, reporters, hidden)


def _reporters_above(
    unit: UUID, places: Mapping[UUID, Place], reports: Mapping[UUID, Reported]
) -> list[UUID]:
    """The reporters above a unit (itself among them), the topmost first."""
    found: list[UUID] = []
    at: UUID | None = unit
    while at is not None and at in places:
        if at in reports:
            found.append(at)
        at = places[at].parent
    return found[::-1]


def _is_covered(
    unit: UUID, dimension: Aggregate, above: list[UUID], reports: Mapping[UUID, Reported]
) -> bool:
    """Whether a unit above has reported the same for all below it."""
    return next((one for one in above if dimension in reports[one]), unit) != unit


def last_reported(unit_id: UUID, before: dt.date) -> Reported:
    """What a unit reported the last time before a day: the next form begins with it."""
    rows = AggregateCount.objects.filter(
        unit_id=unit_id, on__lt=before, replaced_at=None,
        dimension__in=[one.value for one in Aggregate],
    )  # fmt: skip
    latest = rows.order_by("-on").values_list("on", flat=True).first()
    return reports_of([unit_id], latest).get(unit_id, {}) if latest else {}


def ages_by_names(unit_id: UUID, on: dt.date) -> dict[AgeBand, int]:
    """Age bands by the list of names, where names are on and days of birth are kept: a proposal."""
    if not names_on(unit_id, on):
        return {}
    rows = Membership.objects.filter(
        unit_id=unit_id, valid__contains=on, person__erased_at=None, person__born_on__isnull=False
    ).exclude(status=STAY)
    found: dict[AgeBand, int] = {}
    for born_on in rows.values_list("person__born_on", flat=True):
        assert born_on is not None
        band = age_band(born_on, on)
        found[band] = found.get(band, 0) + 1
    return found


def members_on(viewer: Viewer, unit_id: UUID, on: dt.date, now: dt.datetime) -> int | None:
    """Members of a unit that day, over all its cells; None where no cell has a count."""
    inside = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=on)
    cells = versions_visible(viewer, on).filter(
        kind__in=[kind.value for kind in CELL_KINDS],
        unit_id__in=inside.values("descendant_id"),
    )
    ids = set(cells.order_by().values_list("unit_id", flat=True))
    counts = CountsKnown(ids, on, on, now)
    if not any(counts.on(cell, on) for cell in ids):
        return None
    return sum(counts.members(cell, on) for cell in ids)


def label_of(dimension: Aggregate, value: str) -> str:
    return VALUES[dimension](value).label
