"""Cells for a series, by the structure of each month or by that of one day.

Both take what the viewer sees and give stretches of cells (`analysis.structure.Stretch`): which
months of which cell count, with which share, in which group (its area, or none). The number of
queries is the same for one unit and for a province.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Min, OuterRef, Q

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.structure import OPEN, Heirs, Stretch, stretches_now
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import month_of
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import CELL_KINDS, Reach, ReformState, Structure
from vungmanh.org.models import Lineage, Reform, UnitClosure, UnitVersion
from vungmanh.org.queries import units_visible, visible_unit

_CELLS = [kind.value for kind in CELL_KINDS]


def first_day_of_register() -> dt.date | None:
    """The first day of which the register knows anything; None while it is empty."""
    first: dt.date | None = UnitVersion.objects.aggregate(first=Min("valid__startswith"))["first"]
    return first


def check_in_register(as_of: dt.date) -> None:
    """Raise `NotFound` for a day of which the register does not speak: no figure is made up."""
    first = first_day_of_register()
    if first is None or as_of < first:
        since = f": sổ bắt đầu từ ngày {date_vi(first)}. Chọn kỳ từ ngày ấy" if first else ""
        raise NotFound(f"Chưa có dữ liệu cho ngày {date_vi(as_of)}{since}.", code="before-register")


@dataclass(frozen=True)
class Roots:
    """Where a view begins: units seen with all below them, and units seen alone.

    `only`, where given, are the cells that may be counted: below a unit that is seen as the past of
    another, the viewer need not see everything.
    """

    whole: tuple[UUID, ...] = ()
    alone: tuple[UUID, ...] = ()
    only: frozenset[UUID] | None = None


def roots_of(viewer: Viewer, unit_id: UUID | None, as_of: dt.date) -> Roots:
    """The roots of one unit's series, or of all that the viewer sees. NotFound out of sight."""
    whole, alone = viewer.units_with(Reach.UNIT_AND_BELOW), viewer.units_with(Reach.UNIT)
    if unit_id is None:
        return Roots(tuple(whole), tuple(alone))
    visible_unit(viewer, unit_id, as_of)
    if not whole:
        return Roots(alone=(unit_id,))
    above = UnitClosure.objects.filter(descendant_id=unit_id, ancestor_id__in=whole)
    days = Q(valid__contains=as_of) | Q(valid__contains=viewer.on)
    if above.filter(days).exists():
        return Roots(whole=(unit_id,))
    return Roots(whole=(unit_id,), only=frozenset(units_visible(viewer, as_of)))


def cells_of_series(
    roots: Roots, structure: Structure, as_of: dt.date, *, by_area: bool = False
) -> list[Stretch[UUID]]:
    """The cells that count below `roots`: THEN where each stood month by month; NOW those that
    stand there on day `as_of`, with all that went into them before."""
    gather = _then if structure is Structure.THEN else _now
    found = gather(roots, as_of, by_area=by_area)
    return found if roots.only is None else [one for one in found if one.unit in roots.only]


def cells_below_each(units: Sequence[UUID], as_of: dt.date) -> list[Stretch[UUID]]:
    """The cells in and below each of many units, where each stood then; the group is the unit's id.

    One query. Whoever asks has decided what may be seen of it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT below.ancestor_id, below.unit_id, lower(span), upper(span)
            FROM (SELECT closure.ancestor_id, version.unit_id,
                         range_agg(version.valid * closure.valid) AS spans
                  FROM org_unitclosure closure
                  JOIN org_unitversion version
                    ON version.unit_id = closure.descendant_id AND version.valid && closure.valid
                   AND version.kind = ANY (%s)
                  WHERE closure.ancestor_id = ANY (%s)
                  GROUP BY 1, 2) below, unnest(below.spans) span
            WHERE lower(span) <= %s
            """,
            [_CELLS, list(units), as_of],
        )
        return [
            Stretch(unit, start, end or OPEN, 1.0, str(top))
            for top, unit, start, end in cursor.fetchall()
        ]


def _then(roots: Roots, as_of: dt.date, *, by_area: bool) -> list[Stretch[UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT below.unit_id, lower(span), upper(span), below.area
            FROM (SELECT version.unit_id,
                         CASE WHEN %(by_area)s THEN version.area ELSE '' END AS area,
                         range_agg(version.valid * closure.valid) AS spans
                  FROM org_unitclosure closure
                  JOIN org_unitversion version
                    ON version.unit_id = closure.descendant_id AND version.valid && closure.valid
                   AND version.kind = ANY (%(kinds)s)
                  WHERE closure.ancestor_id = ANY (%(whole)s)
                     OR (closure.ancestor_id = ANY (%(alone)s) AND closure.depth = 0)
                  GROUP BY 1, 2) below, unnest(below.spans) span
            WHERE lower(span) <= %(as_of)s
            """,
            _parameters(roots, as_of, by_area=by_area),
        )
        return [
            Stretch(unit, start, end or OPEN, 1.0, area)
            for unit, start, end, area in cursor.fetchall()
        ]


def _parameters(roots: Roots, as_of: dt.date, *, by_area: bool) -> dict[str, Any]:
    return {
        "kinds": _CELLS,
        "whole": list(roots.whole),
        "alone": list(roots.alone),
        "as_of": as_of,
        "by_area": by_area,
    }


def _now(roots: Roots, as_of: dt.date, *, by_area: bool) -> list[Stretch[UUID]]:
    places = _places(roots, as_of, by_area=by_area)
    heirs: Heirs[UUID] = Heirs(places, _ended(as_of), _successors(as_of))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT lives.unit_id, lower(span), upper(span)
            FROM (SELECT unit_id, range_agg(valid) AS spans FROM org_unitversion
                  WHERE kind = ANY (%s) GROUP BY unit_id) lives, unnest(lives.spans) span
            WHERE lower(span) <= %s
            """,
            [_CELLS, as_of],
        )
        lives = [(unit, start, end or OPEN) for unit, start, end in cursor.fetchall()]
    return stretches_now(lives, heirs)


def _places(roots: Roots, as_of: dt.date, *, by_area: bool) -> dict[UUID, str]:
    """Every unit below the roots on a day, cells or not, with its group."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT version.unit_id, CASE WHEN %(by_area)s THEN version.area ELSE '' END
            FROM org_unitclosure closure
            JOIN org_unitversion version
              ON version.unit_id = closure.descendant_id AND version.valid @> %(as_of)s::date
            WHERE closure.valid @> %(as_of)s::date
              AND (closure.ancestor_id = ANY (%(whole)s)
                   OR (closure.ancestor_id = ANY (%(alone)s) AND closure.depth = 0))
            """,
            _parameters(roots, as_of, by_area=by_area),
        )
        return dict(cursor.fetchall())


def _ended(as_of: dt.date) -> dict[UUID, UUID | None]:
    """Units that had ended by a day, with the unit each stood under on its last day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT lives.unit_id, link.parent_id
            FROM (SELECT unit_id, max(upper(valid)) AS stop FROM org_unitversion
                  GROUP BY unit_id
                  HAVING bool_and(NOT upper_inf(valid) AND upper(valid) <= %(as_of)s)) lives
            LEFT JOIN org_unitparent link
              ON link.unit_id = lives.unit_id AND link.valid @> (lives.stop - 1)
            """,
            {"as_of": as_of},
        )
        return dict(cursor.fetchall())


def _successors(as_of: dt.date) -> dict[UUID, list[tuple[UUID, float]]]:
    found: dict[UUID, list[tuple[UUID, float]]] = {}
    rows = Lineage.objects.filter(on__lte=as_of).order_by("predecessor_id", "successor_id")
    for old, new, share in rows.values_list("predecessor_id", "successor_id", "share"):
        found.setdefault(old, []).append((new, share))
    return found


@dataclass(frozen=True)
class ReformDay:
    """A day on which units below some roots were re-arranged, with the decision."""

    on: dt.date
    document: str


def reform_days(
    units: list[UUID], first: dt.date, last: dt.date, *, below: Sequence[UUID] = ()
) -> list[ReformDay]:
    """The decisions in force from `first` to `last` (days) that made or ended one of `units`, or
    anything that ever stood at or under one of `below`."""
    inside = UnitClosure.objects.filter(ancestor_id__in=below).order_by().values("descendant_id")
    touching = Lineage.objects.filter(
        Q(predecessor_id__in=units)
        | Q(successor_id__in=units)
        | Q(predecessor_id__in=inside)
        | Q(successor_id__in=inside)
    )
    reforms = Reform.objects.filter(
        state=ReformState.COMMITTED,
        effective_on__range=(first, last),
        id__in=touching.values("reform_id"),
    )
    rows = reforms.order_by("effective_on", "document").values_list("effective_on", "document")
    return [ReformDay(on, document) for on, document in rows]


@dataclass(frozen=True)
class Forebear:
    """A unit that went into another, under the name it had on its last day."""

    unit_id: UUID
    name: str
    share: float
    until: dt.date  # its last day
    document: str


def predecessors_of(unit_id: UUID, as_of: dt.date) -> list[Forebear]:
    """All that went into a unit by a day, over any number of reforms, the latest first.

    Through a chain of reforms the shares multiply; the document is that of the unit's own end.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE back AS (
              SELECT predecessor_id, share, "on", document, 1 AS steps FROM org_lineage
              WHERE successor_id = %(unit)s AND "on" <= %(as_of)s
              UNION ALL
              SELECT one.predecessor_id, one.share * back.share, one."on", one.document,
                     back.steps + 1
              FROM back JOIN org_lineage one ON one.successor_id = back.predecessor_id
              WHERE back.steps < 64
            )
            SELECT back.predecessor_id, version.name, sum(back.share), back."on" - 1,
                   min(back.document)
            FROM back
            JOIN org_unitversion version
              ON version.unit_id = back.predecessor_id AND version.valid @> (back."on" - 1)
            GROUP BY 1, 2, back."on", version.name_key
            ORDER BY back."on" DESC, version.name_key, 1
            """,
            {"unit": unit_id, "as_of": as_of},
        )
        return [Forebear(*row) for row in cursor.fetchall()]


def months_of_change(*, since: dt.date, after: dt.date) -> list[dt.date]:
    """The months around each change of structure from `since` on: the last before it, and its own.

    Up to the day `after` only changes that left lineage count (a new name is no new structure);
    later ones all do: nothing else shows yet what they did.
    """
    left_lineage = Exists(Lineage.objects.filter(reform=OuterRef("pk")))
    changed = Reform.objects.filter(state=ReformState.COMMITTED, effective_on__gte=since)
    changed = changed.filter(Q(effective_on__gt=after) | left_lineage)
    days = changed.order_by("effective_on").values_list("effective_on", flat=True).distinct()
    months = {month_of(day) for day in days}
    return sorted(months | {month_of(day - dt.timedelta(days=1)) for day in days})
