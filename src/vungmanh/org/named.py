"""Where names are switched on: of a unit or of a committee above it, by day.

Whoever asks has already shown that they may read the unit; a page stands behind the wall besides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from vungmanh.core.text import sort_key
from vungmanh.org.models import Membership, NamesSwitch, UnitClosure


def _standing(day: dt.date) -> Q:
    return Q(from_day__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def names_on(unit_id: UUID, day: dt.date) -> bool:
    """Whether the cell, or a committee above it on that day, works with names."""
    return unit_id in units_with_names([unit_id], day)


def units_with_names(unit_ids: Iterable[UUID], day: dt.date) -> set[UUID]:
    """Those of the units that work with names on a day, in one query."""
    switched = NamesSwitch.objects.filter(_standing(day), unit_id=OuterRef("ancestor_id"))
    found = UnitClosure.objects.filter(
        Exists(switched), descendant_id__in=list(unit_ids), valid__contains=day
    )
    return set(found.order_by().values_list("descendant_id", flat=True))


def people_by_name(
    people: Iterable[UUID], units: QuerySet[UnitClosure, UUID], day: dt.date
) -> set[UUID]:
    """Those who stand, or stood, on the list of one of the units that works with names."""
    rows = Membership.objects.filter(person__in=list(people), unit_id__in=units)
    stood = set(rows.order_by().values_list("person", "unit"))
    named = units_with_names({unit for _, unit in stood}, day)
    return {person for person, unit in stood if unit in named}


def switch_above(unit_id: UUID, day: dt.date) -> NamesSwitch | None:
    """The nearest switch under which a unit works with names; None where it counts only."""
    above = UnitClosure.objects.filter(
        descendant_id=unit_id, ancestor_id=OuterRef("unit_id"), valid__contains=day
    )
    found = NamesSwitch.objects.filter(_standing(day)).annotate(covers=Exists(above))
    return found.filter(covers=True).order_by("-from_day", "-id").first()


def given_name_key(name: str) -> tuple[bytes, bytes]:
    """As a Vietnamese list is ordered: by the given name, which comes last, then by the whole."""
    words = name.split()
    return sort_key(words[-1] if words else ""), sort_key(name)
