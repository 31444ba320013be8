"""What another threshold would change, before anybody adopts it. Nothing is stored.

The same analysis over the same inputs, twice: with the rules of the month, and with some of their
numbers moved. The move holds for the last period only, as a rule adopted within it would: what was
judged a year ago was judged by the rules of a year ago.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np
from django.utils.timezone import localdate

from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.facts import CODE, NOTHING, STATUSES, UNKNOWN, Bools, FactRules, Ints, Period
from vungmanh.analysis.standing import Standing, stand
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_label
from vungmanh.core.vocabulary import Role, Status
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.judging import Judged, judge
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.snapshots import Snapshot
from vungmanh.strengthening.thresholds import with_changes

EXPLORE = "rulebook.threshold.explore"


@dataclass(frozen=True)
class Moved:
    """A unit that would stand elsewhere."""

    unit_id: UUID
    name: str
    organisation_name: str  # of a cell that is not one itself
    area: str
    before: Status
    after: Status
    held: int
    due: int


@dataclass(frozen=True)
class AreaLoad:
    """Weak units of one area, before and after."""

    area: str
    before: int
    after: int


@dataclass(frozen=True)
class GrainChange:
    """One grain: how many stand where, and who moves."""

    before: dict[Status, int]
    after: dict[Status, int]
    moved: tuple[Moved, ...]
    areas: tuple[AreaLoad, ...]

    @property
    def entering(self) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if one.after is Status.WEAK)

    @property
    def leaving(self) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if one.before is Status.WEAK)

    @property
    def others(self) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if Status.WEAK not in {one.before, one.after})


@dataclass(frozen=True)
class Load:
    """How many weak cells each has: of overseers, or of committees. `without`: cells nobody has."""

    before: Counter[int]  # weak cells → how many overseers or committees have so many
    after: Counter[int]
    without_before: int = 0
    without_after: int = 0

    @property
    def most_before(self) -> int:
        return max(self.before, default=0)

    @property
    def most_after(self) -> int:
        return max(self.after, default=0)


@dataclass(frozen=True)
class Exploration:
    month: dt.date
    rules: FactRules  # of the month
    tried: FactRules
    organisations: GrainChange
    cells: GrainChange
    overseers: Load
    committees: Load


def explore(viewer: Viewer, run: AssessmentRun, changes: Mapping[str, int]) -> Exploration:
    """The month of `run` with the thresholds of `changes` (code → number) moved.

    Raises InputError for a number out of bounds, NotNow where nothing was due by then.
    """
    check_can(viewer, EXPLORE)
    base = _base(run)
    last = base.periods[-1]
    tried = with_changes(last.rules, dict(changes))
    before = after = base.cells, base.organisations
    if tried != last.rules:
        after = stand(
            base.data.inputs,
            [*base.periods[:-1], dataclasses.replace(last, rules=tried)],
            base.signs,
        )
    seen = _seen(viewer, base.data, last.day)
    cells, organisations = (
        _change(base, seen, old, new) for old, new in zip(before, after, strict=True)
    )
    weak = [_weak(standing[0], seen) for standing in (before, after)]
    return Exploration(
        month=run.month,
        rules=last.rules,
        tried=tried,
        organisations=organisations,
        cells=cells,
        overseers=_overseers(base.data, weak, last.day),
        committees=_committees(last, weak),
    )


# --- the inputs, kept between two moves ------------------------------------------------------


#: The latest base only: a province's inputs are some tens of megabytes.
_kept: dict[tuple[object, ...], Judged] = {}
_lock = Lock()


def _base(run: AssessmentRun) -> Judged:
    # A run is made anew whenever its inputs change, so its own hash names them.
    key = (run.pk, run.at, run.input_hash, load_rulebook().version)
    with _lock:
        if key not in _kept:
            data = snapshot(run.month)
            if data is None:
                raise NotNow(
                    f"Chưa có số liệu đến hết {month_label(run.month)}. Nhập báo cáo trước."
                )
            _kept.clear()
            _kept[key] = judge(data, run.month, localdate(run.at), run.references or None)
        return _kept[key]


# --- comparison ------------------------------------------------------------------------------


def _seen(viewer: Viewer, data: Snapshot, day: dt.date) -> Bools:
    ids = set(units_visible(viewer, day))
    return np.array([unit in ids for unit in data.units], dtype=np.bool_)


def _weak(standing: Standing, seen: Bools) -> Ints:
    places = standing.places[seen[standing.places]]
    return places[standing.status[places] == CODE[Status.WEAK]]


def _counts(standing: Standing, seen: Bools) -> dict[Status, int]:
    places = standing.places[seen[standing.places]]
    counted = Counter(standing.status[places].tolist())
    return {status: counted.get(code, 0) for status, code in CODE.items()}


def _change(base: Judged, seen: Bools, before: Standing, after: Standing) -> GrainChange:
    weak = [set(_weak(standing, seen).tolist()) for standing in (before, after)]
    differs = (before.status != after.status) & seen & (before.status != NOTHING)
    places = [place for place in before.places.tolist() if differs[place]]
    home = base.periods[-1].home
    wanted = {*places, *weak[0], *weak[1]}
    wanted |= {int(home[place]) for place in places if home[place] != UNKNOWN}
    versions = _versions(base, wanted)
    moved = [_moved(place, versions, int(home[place]), before, after) for place in places]
    areas = [Counter(versions[place].area for place in group) for group in weak]
    return GrainChange(
        _counts(before, seen),
        _counts(after, seen),
        tuple(sorted(moved, key=lambda one: (one.area, one.name))),
        tuple(
            AreaLoad(area, areas[0][area], areas[1][area]) for area in sorted(areas[0] | areas[1])
        ),
    )


def _versions(base: Judged, places: set[int]) -> dict[int, UnitVersion]:
    units = {base.data.units[place]: place for place in places}
    found = UnitVersion.objects.filter(unit_id__in=units, valid__contains=base.periods[-1].day)
    return {units[version.unit_id]: version for version in found}


def _moved(
    place: int, versions: dict[int, UnitVersion], home: int, before: Standing, after: Standing
) -> Moved:
    version, facts = versions[place], after.judged.facts
    above = versions[home].name if home not in {UNKNOWN, place} else ""
    return Moved(
        unit_id=version.unit_id,
        name=version.name,
        organisation_name=above,
        area=version.area,
        before=STATUSES[before.status[place]],
        after=STATUSES[after.status[place]],
        held=int(facts.held[place]),
        due=int(facts.due[place]),
    )


def _overseers(data: Snapshot, weak: list[Ints], day: dt.date) -> Load:
    """Weak cells per person in charge; a cell in nobody's charge is counted apart."""
    grants = RoleGrant.objects.filter(role=Role.OVERSEER, valid__contains=day)
    of_unit: dict[UUID, list[UUID]] = {}
    for unit, user in grants.values_list("unit_id", "user_id"):
        of_unit.setdefault(unit, []).append(user)
    loads, without = [], []
    for places in weak:
        charges = [of_unit.get(data.units[place], []) for place in places]
        loads.append(Counter(Counter(user for users in charges for user in users).values()))
        without.append(sum(not users for users in charges))
    return Load(loads[0], loads[1], without[0], without[1])


def _committees(last: Period, weak: list[Ints]) -> Load:
    """Weak cells per organisation they belong to."""
    before, after = (Counter(Counter(last.home[places].tolist()).values()) for places in weak)
    return Load(before, after)
