"""Entries that may be one person, among those in sight, and what somebody said of them before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.same_person import (
    LikelyPair,
    PersonRow,
    Sign,
    Stay,
    find_pairs,
    signs_between,
)
from vungmanh.core.errors import NotFound
from vungmanh.core.people_words import PairOutcome
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership, Person, PersonPair, UnitClosure
from vungmanh.org.named import units_with_names
from vungmanh.org.queries import ended_units_visible, units_visible

MERGE = "org.person.merge"
#: More entries than this are not compared while somebody waits: about a second (analysis/README).
MOST_COMPARED = 20_000


@dataclass(frozen=True)
class Entry:
    """One of two entries, with where it stands."""

    person: Person
    rows: tuple[Membership, ...]


@dataclass(frozen=True)
class Compared:
    """Two entries side by side; `told` is what somebody said of them and has not taken back."""

    first: Entry
    second: Entry
    signs: tuple[Sign, ...]
    overlaps: tuple[tuple[Membership, Membership], ...]
    told: PersonPair | None


def named_units(viewer: Viewer, on: dt.date, below: UUID | None = None) -> set[UUID]:
    """The units in sight that work with names; of one branch only with `below`."""
    seen = units_visible(viewer, on)
    if below is not None:
        inside = UnitClosure.objects.filter(ancestor_id=below, valid__contains=on)
        seen = seen.filter(descendant_id__in=inside.values("descendant_id"))
    return units_with_names(seen, on)


def people_listed(units: Iterable[UUID]) -> QuerySet[Person]:
    """Who ever stood on the list of one of the units, erased and merged ones left out."""
    stood = Membership.objects.filter(unit_id__in=list(units))
    return Person.objects.filter(
        erased_at=None, merged_into=None, pk__in=stood.order_by().values("person")
    )


def likely_pairs(viewer: Viewer, on: dt.date, below: UUID | None = None) -> list[LikelyPair] | None:
    """Pairs in sight that nobody has spoken of yet, the surest first.

    None: too many entries to compare at once; ask of a branch. Nobody without the right to merge is
    told of any.
    """
    if not can(viewer, MERGE):
        return []
    units = named_units(viewer, on, below)
    people = people_listed(units)
    if people.count() > MOST_COMPARED:
        return None
    stays: dict[UUID, list[Stay]] = {}
    rows = Membership.objects.filter(unit_id__in=units).exclude(status=STAY)
    for person, unit, valid in rows.order_by().values_list("person", "unit", "valid"):
        stays.setdefault(person, []).append(Stay(unit, valid.lower, valid.upper))
    found = find_pairs(
        [_row(one, stays.get(one.pk, [])) for one in people.order_by("name_fold", "id")]
    )
    said = {
        frozenset(pair)
        for pair in PersonPair.objects.filter(undone_at=None).values_list("first", "second")
    }
    return [pair for pair in found if frozenset((pair.first, pair.second)) not in said]


def spoken_of(viewer: Viewer, on: dt.date) -> QuerySet[PersonPair]:
    """Pairs somebody has spoken of and not taken back, of people in sight; the latest first."""
    seen = people_listed(named_units(viewer, on)) if can(viewer, MERGE) else Person.objects.none()
    pairs = PersonPair.objects.filter(undone_at=None, first__in=seen.values("pk"))
    merged, two = Q(outcome=PairOutcome.MERGED), Q(second__in=seen.values("pk"))
    return pairs.filter(merged | two).select_related("first", "second", "by")


def compared(viewer: Viewer, first: UUID, second: UUID, on: dt.date) -> Compared:
    """Two entries side by side. Raises NotFound alike for one absent, erased or out of sight.

    Of a pair that was merged the second stands with whatever was moved from it.
    """
    either = Q(first=first, second=second) | Q(first=second, second=first)
    told = PersonPair.objects.filter(either, undone_at=None).first() if can(viewer, MERGE) else None
    merged = told is not None and told.outcome == PairOutcome.MERGED
    if merged and told is not None:
        first, second = told.first_id, told.second_id
    units = named_units(viewer, on)
    people = {one.pk: one for one in Person.objects.filter(pk__in=(first, second), erased_at=None)}
    wanted = {first} if merged else {first, second}
    seen = set(people_listed(units).filter(pk__in=wanted).values_list("pk", flat=True))
    if not can(viewer, MERGE) or seen != wanted or len(people) != 2 or first == second:
        raise NotFound("Không tìm thấy hai người này trong danh sách.")
    sides = [Entry(people[one], memberships_seen(viewer, one, on)) for one in (first, second)]
    one, other = sides
    return Compared(
        one,
        other,
        signs_between(_row(one.person, _stays(one)), _row(other.person, _stays(other))),
        tuple(overlaps_of(one.rows, other.rows)),
        told,
    )


def memberships_seen(viewer: Viewer, person: UUID, on: dt.date) -> tuple[Membership, ...]:
    """The memberships of somebody in units in sight, ended ones too, in order."""
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=ended_units_visible(viewer, on))
    return tuple(Membership.objects.filter(seen, person=person).order_by("valid", "id"))


def overlaps_of(
    one: Iterable[Membership], other: Iterable[Membership]
) -> list[tuple[Membership, Membership]]:
    """Memberships of the two that no person can have at once: two homes, or two stays."""
    return [
        (a, b)
        for a in one
        for b in other
        if (a.status == STAY) is (b.status == STAY) and _meets(a.valid, b.valid)
    ]


def _meets(one: Any, other: Any) -> bool:
    return (other.upper is None or one.lower < other.upper) and (
        one.upper is None or other.lower < one.upper
    )


def _stays(side: Entry) -> list[Stay]:
    return [Stay(row.unit_id, row.valid.lower, row.valid.upper) for row in side.rows]


def _row(person: Person, stays: list[Stay]) -> PersonRow:
    return PersonRow(
        person.pk, person.name, person.born_on, person.joined_on, person.external_key, tuple(stays)
    )
