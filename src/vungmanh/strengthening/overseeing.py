"""What overseers were to attend in a year, and what they attended: facts of a duty, by name.

Nobody is ranked. The quota is that of the lowest committee which stands above every unit in one's
charge (rulebook `oversight.attendance`). Of a cell in focused support, or below an organisation
that is, each meeting held while the file is open and the charge lasts is one to be attended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access import wall
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind, ReportState, Role, UnitKind
from vungmanh.meetings.models import MeetingReport, Visit
from vungmanh.meetings.visits import charges_on, listed_visits
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible, versions_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import OversightAttendance
from vungmanh.strengthening.models import SupportFile

Span = tuple[dt.date, dt.date]
Above = Mapping[UUID, Mapping[UUID, int]]  # unit → what stands above it, and how far
MEETINGS = (ObligationKind.REGULAR.value, ObligationKind.THEMATIC.value)


@dataclass(frozen=True)
class UnitYear:
    """One unit in somebody's charge, over a year. `held` is told of cells in focused support only:
    the meetings held meanwhile, and how many of them were attended."""

    unit_id: UUID
    name: str
    since: dt.date
    visits: int
    attended: int
    last_on: dt.date | None
    held: int | None = None
    held_attended: int | None = None

    @property
    def missed(self) -> int:
        return (self.held or 0) - (self.held_attended or 0)


@dataclass(frozen=True)
class OverseerYear:
    """One overseer's year, cut to the units that the viewer sees. `quota` None: no rule says."""

    user_id: UUID
    name: str
    units: tuple[UnitYear, ...]
    visits: int
    attended: int
    quota: int | None
    committee: str

    @property
    def left(self) -> int | None:
        return None if self.quota is None else max(0, self.quota - self.attended)

    @property
    def missed(self) -> int:
        """Meetings of units in focused support that were held without this overseer."""
        return sum(one.missed for one in self.units)


def overseers_visible(viewer: Viewer | None, on: dt.date) -> list[tuple[UUID, str]]:
    """Who is in charge of a unit in sight on a day, by name in Vietnamese order."""
    grants = RoleGrant.objects.filter(
        role=Role.OVERSEER, valid__contains=on, unit_id__in=units_visible(viewer, on)
    )
    people = User.objects.filter(pk__in=grants.values("user_id"))
    return sorted(
        ((one.pk, str(one)) for one in people), key=lambda one: (sort_key(one[1]), one[0])
    )


def years_of_overseers(
    viewer: Viewer, people: Iterable[tuple[UUID, str]], year: int, on: dt.date
) -> list[OverseerYear]:
    """The year of each of these people up to a day: a fixed number of queries for any number."""
    wanted = list(people)
    ids = [user for user, _name in wanted]
    charges = charges_on(ids, on)
    seen = versions_visible(viewer, on).filter(unit_id__in={u for c in charges.values() for u in c})
    named = list(seen.order_by("name_key", "unit_id"))
    names = {one.unit_id: one.name for one in named}
    cells = [one.unit_id for one in named if UnitKind(one.kind) in CELL_KINDS]
    visits: dict[tuple[UUID, UUID], list[Visit]] = {}
    for one in listed_visits(viewer, on, year=year).filter(overseer_id__in=ids, on__lte=on):
        visits.setdefault((one.overseer_id, one.unit_id), []).append(one)
    above = _above({unit for own in charges.values() for unit in own}, on)
    support = _supported(cells, above, year, on)
    held = _held(support)
    quotas = _quotas(charges, above, on)
    found = []
    for user, name in wanted:
        own = charges.get(user, {})
        units = tuple(
            _unit_year(unit, label, own[unit], visits.get((user, unit), []),
                       _within(held.get(unit), support.get(unit), own[unit]))
            for unit, label in names.items() if unit in own
        )  # fmt: skip
        mine = [one for (who, _unit), some in visits.items() if who == user for one in some]
        quota, committee = quotas.get(user, (None, ""))
        found.append(
            OverseerYear(
                user_id=user, name=name, units=units, visits=len(mine),
                attended=sum(one.attended for one in mine), quota=quota, committee=committee,
            )
        )  # fmt: skip
    return found


Sitting = tuple[dt.date, dt.date | None]  # the month, and the day where it is known


def _unit_year(
    unit_id: UUID, name: str, since: dt.date, visits: list[Visit], held: list[Sitting] | None
) -> UnitYear:
    attended = [one.on for one in visits if one.attended]
    return UnitYear(
        unit_id=unit_id,
        name=name,
        since=since,
        visits=len(visits),
        attended=len(attended),
        last_on=max((one.on for one in visits), default=None),
        held=None if held is None else len(held),
        held_attended=None if held is None else sum(_is_among(one, attended) for one in held),
    )


def _is_among(sitting: Sitting, days: list[dt.date]) -> bool:
    """Whether a meeting was attended: that very day; that month where its day is not known."""
    month, day = sitting
    return day in days if day else any((one.year, one.month) == (month.year, month.month)
                                       for one in days)  # fmt: skip


def _above(units: Iterable[UUID], on: dt.date) -> dict[UUID, dict[UUID, int]]:
    """Each of these units with itself and what stands above it."""
    found: dict[UUID, dict[UUID, int]] = {}
    # Of units above the viewer nothing is shown but the kind of committee whose quota holds, and
    # whether its cells are to be attended for a file that is open.
    with wall.lowered():
        links = UnitClosure.objects.filter(descendant_id__in=list(units), valid__contains=on)
        for unit, above, depth in links.values_list("descendant_id", "ancestor_id", "depth"):
            found.setdefault(unit, {})[above] = depth
    return found


def _supported(cells: Iterable[UUID], above: Above, year: int, on: dt.date) -> dict[UUID, Span]:
    """The cells in focused support in the year, each with the days of the latest file."""
    first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), on)
    lines = {cell: above.get(cell, {cell: 0}) for cell in cells}
    days: dict[UUID, Span] = {}
    with wall.lowered():  # as above
        files = SupportFile.objects.filter(
            unit_id__in={one for line in lines.values() for one in line}, entered_on__lte=last
        ).order_by("entered_on")
        for one in files:
            ends = min(day for day in (one.exited_on, one.ended_on, last) if day is not None)
            if ends >= first:
                days[one.unit_id] = (max(one.entered_on, first), ends)
    found = {}
    for cell, line in lines.items():
        nearest = min((one for one in line if one in days), key=line.__getitem__, default=None)
        if nearest is not None:
            found[cell] = days[nearest]
    return found


def _held(support: Mapping[UUID, Span]) -> dict[UUID, list[Sitting]]:
    """The meetings that these units reported as held in their days."""
    if not support:
        return {}
    months = [day.replace(day=1) for span in support.values() for day in span]
    found: dict[UUID, list[Sitting]] = {unit: [] for unit in support}
    reports = MeetingReport.objects.filter(
        unit_id__in=list(support), kind__in=MEETINGS, state=ReportState.HELD,
        month__range=(min(months), max(months)),
    ).values_list("unit_id", "month", "held_on")  # fmt: skip
    for unit, month, day in reports:
        found[unit].append((month, day))
    return found


def _within(held: list[Sitting] | None, span: Span | None, since: dt.date) -> list[Sitting] | None:
    """Those of the days of the file in which the charge lasted."""
    if held is None or span is None:
        return None
    first, last = max(span[0], since), span[1]
    return [one for one in held if first <= (one[1] or one[0]) <= last]


def _quotas(
    charges: Mapping[UUID, Mapping[UUID, dt.date]], above: Above, on: dt.date
) -> dict[UUID, tuple[int, str]]:
    """How many attendances a year each person owes, and by which kind of committee."""
    view = load_rulebook().on(on)
    if not charges or not view.has(OversightAttendance.key):
        return {}
    rule = view.of(OversightAttendance)
    a_year = {one.committee.value: one for one in rule.quotas}
    with wall.lowered():  # as above
        kinds = dict(
            UnitVersion.objects.filter(
                unit_id__in={one for line in above.values() for one in line},
                valid__contains=on, kind__in=list(a_year),
            ).values_list("unit_id", "kind")
        )  # fmt: skip
    found: dict[UUID, tuple[int, str]] = {}
    for user, own in charges.items():
        lines = [{one: far for one, far in above.get(unit, {}).items() if far} for unit in own]
        common = [one for one in lines[0] if all(one in line for line in lines)] if own else []
        lowest = min(
            (one for one in common if one in kinds), key=lines[0].__getitem__, default=None
        )
        if lowest is not None:
            quota = a_year[kinds[lowest]]
            found[user] = quota.a_year, quota.committee.label
    return found
