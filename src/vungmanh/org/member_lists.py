"""Review lists: where somebody should look, blaming nobody. Nothing follows by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Count

from vungmanh.access.viewer import Viewer
from vungmanh.core.people_words import AdmissionStepKind
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus
from vungmanh.org.admissions import OPEN, OnTheWay, admissions_visible, on_the_way
from vungmanh.org.counts import Counts, counts_as_of
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership, MemberTransfer, UnitClosure, UnitVersion
from vungmanh.org.named import units_with_names
from vungmanh.org.queries import versions_visible
from vungmanh.org.transfers import late_days, stays_past, waiting
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.findings import Citation, RulesOn, ruling
from vungmanh.rulebook.values.members import ScreeningRule


@dataclass(frozen=True)
class Mismatch:
    """A cell whose list of names and whose count differ."""

    unit: UnitVersion
    listed: int
    counted: int


@dataclass(frozen=True)
class Waiting:
    """A transfer begun and not finished; `late_days` past the term of its rule."""

    transfer: MemberTransfer
    days: int
    late_days: int


@dataclass(frozen=True)
class ReviewLists:
    """What to look at as of a day. `grounds` is what the rule of the day lets a cell consider."""

    exempt_past: list[Membership]
    waiting: list[Waiting]
    stays_past: list[MemberTransfer]
    mismatches: list[Mismatch]
    stale: list[OnTheWay]
    grounds: tuple[tuple[str, Citation], ...]


def review_lists(viewer: Viewer, on: dt.date) -> ReviewLists:
    """The lists of all cells in sight on a day."""
    cells = {one.unit_id: one for one in cells_below(viewer, None, on)}
    named = units_with_names(cells, on)
    exempt = Membership.objects.filter(
        unit_id__in=named, status=MembershipStatus.EXEMPT, valid__contains=on,
        planned_until__lt=on, person__erased_at=None,
    )  # fmt: skip
    ways = admissions_visible(viewer, on).filter(state__in=OPEN)
    resolution, rules_on = AdmissionStepKind.CELL_RESOLUTION, cache(load_rulebook().on)
    return ReviewLists(
        list(exempt.select_related("person").order_by("planned_until", "id")),
        [_waited(one, on, rules_on) for one in waiting(viewer, on)],
        list(stays_past(viewer, on)),
        _mismatches(viewer, cells, named, on),
        [row for row in on_the_way(ways, on) if row.is_behind and row.step is resolution],
        _grounds(on),
    )


def cells_below(viewer: Viewer, unit_id: UUID | None, on: dt.date) -> list[UnitVersion]:
    """The visible cells of a unit on a day, itself among them; of all in sight without one."""
    found = versions_visible(viewer, on).filter(kind__in=[kind.value for kind in CELL_KINDS])
    if unit_id is not None:
        inside = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=on)
        found = found.filter(unit_id__in=inside.values("descendant_id"))
    return list(found)


def total_of(counts: Iterable[Counts]) -> Counts:
    """Members by status together."""
    total: Counts = {}
    for one in counts:
        for status, number in one.items():
            total[status] = total.get(status, 0) + number
    return {status: total[status] for status in MembershipStatus if total.get(status)}


def members_counted(counts: Counts) -> int:
    """How many are members here: a guest for a while is counted at home."""
    return sum(number for status, number in counts.items() if status is not STAY)


def _grounds(on: dt.date) -> tuple[tuple[str, Citation], ...]:
    """What the rule of a day names, held against nobody; empty where no rule does."""
    rule = ruling(load_rulebook().on(on), ScreeningRule)
    return tuple((one.text, rule.cite("grounds")) for one in rule.value.grounds) if rule else ()


def _waited(one: MemberTransfer, on: dt.date, rules_on: RulesOn) -> Waiting:
    return Waiting(one, (on - one.decided_on).days, late_days(one, on, rules_on))


def _mismatches(
    viewer: Viewer, cells: dict[UUID, UnitVersion], named: set[UUID], on: dt.date
) -> list[Mismatch]:
    listed = dict(
        Membership.objects.filter(
            unit_id__in=named, valid__contains=on, person__erased_at=None
        )
        .exclude(status=STAY)
        .order_by()
        .values_list("unit_id")
        .annotate(number=Count("pk"))
    )  # fmt: skip
    counts = counts_as_of(viewer, named, on)
    found = []
    for unit_id, version in cells.items():
        names, counted = listed.get(unit_id, 0), members_counted(counts.get(unit_id, {}))
        if names and names != counted:  # an empty list has not been begun
            found.append(Mismatch(version, names, counted))
    return found
