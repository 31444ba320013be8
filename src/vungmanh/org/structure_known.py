"""The structure as it was known at a moment: who stood below whom, as what, under which name.

What the register said before it was written anew is kept by the database (sql/known.sql), so that a
reform recorded later, or taken back, moves nothing that was already counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Q, UUIDField, Value

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import CELL_KINDS, Reach, Role, UnitKind
from vungmanh.org.models import Ancestry, Unit, UnitClosure, UnitVersion
from vungmanh.org.queries import IsAmong, units_visible, visible_unit
from vungmanh.org.reform.sql import ask

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """Where a unit stood below another, from a day until before another (None: no end).

    `line` is the unit directly below the top under which it stood; None for the top itself.
    """

    line: UUID | None
    unit: UUID
    parent: UUID | None
    depth: int
    kind: UnitKind
    sector: str
    is_organisation: bool
    start: dt.date
    end: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    @property
    def is_cell(self) -> bool:
        return self.kind in CELL_KINDS


def below_known(unit_id: UUID, first: dt.date, last: dt.date, known_at: dt.datetime) -> list[Place]:
    """Every unit below one, itself first, on the days from `first` to `last`. One query.

    Structure without content: whoever asks filters it by `seen_among`.
    """
    rows = ask(
        "SELECT line_id, unit_id, parent_id, depth, kind, sector, is_organisation, lower(valid),"
        " upper(valid) FROM org_below_known(%s, %s, %s, %s)"
        " ORDER BY depth, line_id, unit_id, lower(valid)",
        unit_id,
        known_at,
        first,
        last,
    )
    return [
        Place(line, unit, parent, depth, UnitKind(kind), sector, is_organisation, start, end)
        for line, unit, parent, depth, kind, sector, is_organisation, start, end in rows
    ]


def versions_known(
    unit_ids: Collection[UUID], first: dt.date, last: dt.date, known_at: dt.datetime
) -> dict[UUID, UnitVersion]:
    """What each was called last on the days from `first` to `last`."""
    rows = UnitVersion.objects.raw(
        "SELECT * FROM org_unitversion_known(%s)"
        " WHERE unit_id = ANY (%s) AND valid && daterange(%s, %s, '[]') ORDER BY lower(valid)",
        [known_at, list(unit_ids), first, last],
    )
    return {row.unit_id: row for row in rows}


def seen_among(
    viewer: Viewer, unit_ids: Collection[UUID], first: dt.date, last: dt.date, *, top: UUID
) -> set[UUID]:
    """Those of the units in sight on some day from `first` to `last`, by the register now.

    A unit that by the register now lived on none of these days is seen where it is seen on any; one
    taken out of it altogether by whoever holds `top`, below which it stood, with all below.
    """
    if viewer.role is None or viewer.role is Role.ADMINISTRATOR:
        return set()
    whole = viewer.units_with(Reach.UNIT_AND_BELOW)
    held = Q(ancestor_id__in=whole) | Q(ancestor_id__in=viewer.units_with(Reach.UNIT), depth=0)
    links = UnitClosure.objects.order_by().values_list("descendant_id", flat=True)
    # One array, not thousands of parameters; the forebears are asked of the few that are left.
    asked = Value(list(unit_ids), output_field=ArrayField(UUIDField()))
    these = links.filter(held, IsAmong(F("descendant_id"), asked))
    seen = set(these.filter(Q(valid__overlap=(first, last + DAY)) | Q(valid__contains=viewer.on)))
    rest = set(unit_ids) - seen
    if rest:
        heirs = units_visible(viewer, viewer.on)
        forebears = Ancestry.objects.filter(predecessor_id__in=rest, successor_id__in=heirs)
        seen |= set(forebears.values_list("predecessor_id", flat=True))
        rest -= seen
    if rest:
        lives = links.filter(depth=0, descendant_id__in=rest, valid__overlap=(first, last + DAY))
        gone = rest - set(lives)
        seen |= set(these.filter(descendant_id__in=gone))
        if links.filter(ancestor_id__in=whole, descendant_id=top).exists():
            seen |= gone - set(Unit.objects.filter(pk__in=gone).values_list("pk", flat=True))
    return seen


def unit_known(viewer: Viewer, unit_id: UUID, on: dt.date, known_at: dt.datetime) -> UnitVersion:
    """A unit in sight as it was called on a day. Raises NotFound; InputError where the register
    did not know of it at that moment."""
    if unit_id in seen_among(viewer, [unit_id], on, on, top=unit_id):
        version = versions_known([unit_id], on, on, known_at).get(unit_id)
        if version is not None:
            return version
    visible_unit(viewer, unit_id, on)
    raise InputError(
        "Đến hết ngày “Như đã biết”, máy chưa ghi gì về tổ chức này ở ngày cuối kỳ: chưa có số"
        " nào để xem lại. Chọn một ngày biết muộn hơn, hoặc để trống.",
        field="biet",
        code="not-known-then",
    )
