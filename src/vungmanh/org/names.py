"""Names of units for those who give roles or send members. No fact of a unit leaves through here.

An administrator sees no unit (`queries.units_visible`), but must say in which unit a role is held;
whoever sends a member must say to which cell, which mostly lies in another commune.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length

from vungmanh.access import wall
from vungmanh.access.models import RoleGrant
from vungmanh.access.permissions import check_can
from vungmanh.access.queries import MANAGE
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.listing import names_above
from vungmanh.org.models import UnitClosure, UnitVersion

SEND = "org.transfer.send"


@dataclass(frozen=True)
class UnitName:
    """What a unit is called and is, and which unit stands directly above it ("" at the top)."""

    unit_id: UUID
    name: str
    kind: UnitKind
    above: str


def names_for_roles(viewer: Viewer, text: str, on: dt.date, *, limit: int) -> list[UnitName]:
    """Units existing on a day whose name or code holds every word; the whole name first.

    Names that hold the words side by side come before others, short ones before long ones: a
    commune before all that is named after it.

    Raises NotAllowed for whoever may not give roles.
    """
    check_can(viewer, MANAGE)
    return _found(UnitVersion.objects.filter(valid__contains=on), text, on, limit)


def cells_to_send_to(viewer: Viewer, text: str, on: dt.date, *, limit: int) -> list[UnitName]:
    """Cells of the whole province to which members may be sent, by words of their own name, of the
    committee above it, or the code; those of one's own name first. Where none lives, those gone:
    sending there tells what they became.

    Raises NotAllowed for whoever may not send members.
    """
    check_can(viewer, SEND)
    # Two communes that deal with each other must know what the other's cells are called.
    with wall.lowered():
        cells = UnitVersion.objects.filter(kind__in=[kind.value for kind in CELL_KINDS])
        later = UnitVersion.objects.filter(
            unit_id=OuterRef("unit_id"), valid__startswith__gte=OuterRef("valid__endswith")
        )
        gone = cells.filter(~Exists(later), valid__endswith__lte=on)
        living = cells.filter(valid__contains=on)
        return _found(living, text, on, limit, with_above=True) or _found(gone, text, on, limit)


def _found(
    versions: QuerySet[UnitVersion], text: str, on: dt.date, limit: int, *, with_above: bool = False
) -> list[UnitName]:
    words = fold(text).split()
    if not words:
        return []
    found = versions
    for word in words:
        named = Q(name_fold__contains=word) | Q(official_code__istartswith=word)
        if with_above:
            named |= Q(unit_id__in=_below_named(word, on))
        found = found.filter(named)
    is_apart = Case(When(name_fold__contains=" ".join(words), then=Value(0)), default=Value(1))
    ordered = found.order_by(is_apart, Length("name"), "name_key", "unit_id")
    return _named(ordered[:limit], on)


def _below_named(word: str, on: dt.date) -> QuerySet[UnitClosure, UUID]:
    """Units that stand below one whose name holds the word."""
    above = UnitVersion.objects.filter(valid__contains=on, name_fold__contains=word)
    inside = UnitClosure.objects.filter(
        ancestor_id__in=above.values("unit_id"), depth__gt=0, valid__contains=on
    )
    return inside.order_by().values_list("descendant_id", flat=True)


def names_held(viewer: Viewer, unit_ids: Iterable[UUID], on: dt.date) -> dict[UUID, str]:
    """Names of units in which roles are held: as on a day, else as they were last called."""
    check_can(viewer, MANAGE)
    versions = UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=on)
    ordered = versions.order_by("valid").values_list("unit_id", "name")
    return dict(ordered)  # the latest version of each comes last


def names_of_roles(viewer: Viewer, on: dt.date) -> dict[UUID, str]:
    """Names of the units in which the viewer holds, lent or borrowed a role, whatever the hat."""
    mine = RoleGrant.objects.filter(Q(user=viewer.user) | Q(on_behalf_of=viewer.user))
    versions = UnitVersion.objects.filter(
        unit_id__in=mine.values("unit_id"), valid__startswith__lte=on
    )
    return dict(versions.order_by("valid").values_list("unit_id", "name"))


def _named(versions: Iterable[UnitVersion], on: dt.date) -> list[UnitName]:
    found = list(versions)
    above = names_above([one.unit_id for one in found], on)
    return [
        UnitName(one.unit_id, one.name, UnitKind(one.kind), above.get(one.unit_id, ""))
        for one in found
    ]
