"""Which units' records count for a rated unit in a year, month by month.

What stood below a unit at the end of a month counts for it (docs/decisions/0008). A unit that ended
counts with its heir, the successor of the largest share, the whole year: its own records, and those
of the cells that stood below it, of which it answered until it ended. A committee above the
grassroots hands on nothing: its cells went with their organisations.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.core.vocabulary import UnitKind
from vungmanh.meetings.tasks import answering_for
from vungmanh.org.models import UnitClosure, UnitVersion

_ABOVE_GRASSROOTS = (
    UnitKind.DANG_BO_TINH, UnitKind.DANG_BO_HUYEN, UnitKind.DANG_BO_CAP_TREN,
)  # fmt: skip

Span = tuple[dt.date, dt.date | None]


@dataclass(frozen=True)
class Placing:
    """`homes` maps each unit to the rated units it counts for with the days it does; `own` each
    rated unit to itself and the ended ones it carries on; `lived` to its own days; `below` to the
    units directly below it on the last day."""

    homes: Mapping[UUID, list[tuple[UUID, Span]]]
    own: Mapping[UUID, frozenset[UUID]]
    lived: Mapping[UUID, list[Span]]
    below: Mapping[UUID, list[UUID]]

    @property
    def units(self) -> list[UUID]:
        """Everybody whose records matter."""
        return list(self.homes)

    def rated_of(self, unit_id: UUID, day: dt.date) -> list[UUID]:
        """The rated units for which a record of a unit and day counts, each once."""
        spans = self.homes.get(unit_id, ())
        return list(
            dict.fromkeys(
                rated
                for rated, (start, end) in spans
                if start <= day and (end is None or day < end)
            )
        )


def placing(unit_ids: Iterable[UUID], first: dt.date, day: dt.date) -> Placing:
    """Who counts for each of these units from `first` to `day`; three queries."""
    rated = list(dict.fromkeys(unit_ids))
    carried = answering_for(rated, day)
    upper = UnitVersion.objects.filter(
        unit_id__in=[one for one, heir in carried.items() if one != heir],
        kind__in=_ABOVE_GRASSROOTS,
    )
    for one in upper.order_by().values_list("unit_id", flat=True):
        carried.pop(one, None)
    rows = UnitClosure.objects.filter(
        ancestor_id__in=list(carried),
        valid__overlap=DateRange(first, day + dt.timedelta(days=1)),
    ).order_by("ancestor_id", "descendant_id", "valid")
    homes: dict[UUID, list[tuple[UUID, Span]]] = defaultdict(list)
    lived: dict[UUID, list[Span]] = defaultdict(list)
    below: dict[UUID, list[UUID]] = defaultdict(list)
    for above, unit, depth, valid in rows.values_list(
        "ancestor_id", "descendant_id", "depth", "valid"
    ):
        span = (valid.lower, valid.upper)
        homes[unit].append((carried[above], span))
        if depth == 0 and carried[above] == above:
            lived[above].append(span)
        if depth == 1 and carried[above] == above and (span[1] is None or day < span[1]):
            below[above].append(unit)
    own: dict[UUID, set[UUID]] = {one: {one} for one in rated}
    for one, heir in carried.items():
        own[heir].add(one)
    return Placing(homes, {one: frozenset(own[one]) for one in rated}, lived, below)
