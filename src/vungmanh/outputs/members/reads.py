"""Reads about lists of members. A list is seen by whoever brought it, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, QuerySet, Value, When

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.analysis.same_person import PersonRow, Stay, find_pairs
from vungmanh.core.errors import NotFound
from vungmanh.core.text import fold
from vungmanh.org.actions.exchange import EXCHANGE
from vungmanh.org.counts import counts_as_of
from vungmanh.org.duplicates import named_units
from vungmanh.org.member_lists import members_counted
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership
from vungmanh.org.queries import units_held
from vungmanh.outputs.members.comparing import COMPARED, standing
from vungmanh.outputs.members.models import MemberLine, MemberLineState, MemberList


@dataclass(frozen=True)
class CellTotals:
    """A cell of the file: rows that name members, names on its list, members counted."""

    unit_id: UUID
    rows: int
    listed: int
    counted: int


@dataclass(frozen=True)
class FieldShown:
    """A field in which file and register differ, as both say it."""

    name: str
    stands: str
    told: str
    is_taken: bool


def lists_of(viewer: Viewer) -> QuerySet[MemberList]:
    """The lists a user brought, latest first."""
    if not can(viewer, EXCHANGE):
        return MemberList.objects.none()
    return MemberList.objects.filter(by=viewer.user)


def list_of(viewer: Viewer, list_id: UUID, *, lock: bool = False) -> MemberList:
    """One of one's own lists. Raises NotFound alike for one absent or somebody else's."""
    found = lists_of(viewer).filter(pk=list_id)
    one = (found.select_for_update() if lock else found).first()
    if one is None:
        raise NotFound("Không tìm thấy lần nạp danh sách này.")
    return one


def state_counts(found: MemberList) -> dict[str, int]:
    """How many lines of each state."""
    counts = found.lines.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(counts)


def lines_seen(
    found: MemberList, viewer: Viewer, on: dt.date, state: str = ""
) -> QuerySet[MemberLine]:
    """The lines of one state, of cells the viewer still holds; of all, those to look at first."""
    held = units_held(viewer, on)
    lines = found.lines.filter(unit_id__in=held) | found.lines.filter(unit_id=None)
    if state:
        lines = lines.filter(state=state)
    places = [When(state=one, then=Value(place)) for place, one in enumerate(_TO_LOOK_AT)]
    order = Case(*places, default=Value(len(places)))
    return lines.select_related("person").order_by(order, "number", "id")


#: Rows in the order in which somebody looks at them; what is the same asks for nothing.
_TO_LOOK_AT = (
    MemberLineState.REFUSED, MemberLineState.DIFFERENT, MemberLineState.NEW,
    MemberLineState.MISSING, MemberLineState.SAME,
)  # fmt: skip


def may_be_known(lines: Iterable[MemberLine], viewer: Viewer, on: dt.date) -> dict[int, str]:
    """New rows that may name somebody on a list in sight, and the name there: a hint before they
    are written. Only the same letters without diacritics are looked for."""
    rows = {
        line.pk: PersonRow(
            line.pk, line.said["name"], _day(line.said.get("born_on")),
            _day(line.said.get("joined_on")), line.said.get("external_key", ""),
            (Stay(line.unit_id, on),),
        )
        for line in lines
        if line.state == MemberLineState.NEW and line.said.get("name")
    }  # fmt: skip
    names = {fold(row.name) for row in rows.values()}
    units = named_units(viewer, on) if rows else set()
    homes = Membership.objects.filter(
        unit_id__in=units, valid__contains=on, person__name_fold__in=names, person__erased_at=None
    ).select_related("person")
    known = {
        home.person_id: PersonRow(
            home.person_id, home.person.name, home.person.born_on, home.person.joined_on,
            home.person.external_key, (Stay(home.unit_id, on),),
        )
        for home in homes
    }  # fmt: skip
    pairs = find_pairs([*known.values(), *rows.values()])
    return {
        pair.second: known[pair.first].name
        for pair in reversed(pairs)
        if pair.first in known and pair.second in rows
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def fields_differing(found: MemberList, viewer: Viewer, on: dt.date) -> dict[str, tuple[int, int]]:
    """In how many rows each field differs, and in how many of these it was accepted."""
    lines = lines_seen(found, viewer, on, MemberLineState.DIFFERENT).order_by()
    rows = list(lines.values_list("differs", "taken"))
    differs = Counter(name for names, _taken in rows for name in names)
    taken = Counter(name for _names, names in rows for name in names)
    return {name: (differs[name], taken[name]) for name in COMPARED if differs[name]}


def fields_shown(lines: list[MemberLine]) -> dict[int, list[FieldShown]]:
    """What file and register say of each field in which a line differs, in full."""
    people = {line.person_id for line in lines if line.person_id}
    homes: dict[Any, Membership] = {
        (row.person_id, row.unit_id): row
        for row in Membership.objects.filter(person__in=people, valid__endswith=None)
    }
    found = {}
    for line in lines:
        if line.state != MemberLineState.DIFFERENT or line.person is None or not line.said:
            continue
        stands = standing(line.person, homes.get((line.person_id, line.unit_id)))
        found[line.pk] = [
            FieldShown(name, stands[name], line.said.get(name, ""), name in line.taken)
            for name in line.differs
        ]
    return found


def totals_of(found: MemberList, viewer: Viewer, on: dt.date) -> list[CellTotals]:
    """The cells of a list whose three numbers differ."""
    spoken = {
        MemberLineState.NEW.value, MemberLineState.SAME.value, MemberLineState.DIFFERENT.value
    }  # fmt: skip
    lines = lines_seen(found, viewer, on).exclude(unit_id=None)
    rows = Counter(unit for unit, state in lines.values_list("unit_id", "state") if state in spoken)
    listed = Counter(
        Membership.objects.filter(
            unit_id__in=list(rows), valid__contains=on, person__erased_at=None
        )
        .exclude(status=STAY)
        .order_by()
        .values_list("unit_id", flat=True)
    )
    counts = counts_as_of(viewer, list(rows), on)
    totals = [
        CellTotals(unit, number, listed[unit], members_counted(counts.get(unit, {})))
        for unit, number in rows.items()
    ]
    return [one for one in totals if not one.rows == one.listed == one.counted]
