"""Who acts for a committee that ended, so that no file or programme is left to nobody.

A district that was abolished follows and decides nothing any more. Its matter is then that of its
heir by lineage (of its own kind or an upper committee), or, where it has none, of the committee it
stood under at the end. It is worked out from the register for each day and nothing is rewritten:
when a reform is taken back the committee is there again, and so is its matter.

The register is read past the wall: which committee took over from another is no secret, and
whoever looks may see neither of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection

from vungmanh.access import wall
from vungmanh.access.viewer import Grant, Viewer
from vungmanh.core.vocabulary import Reach, UnitKind
from vungmanh.org.models import UnitVersion

#: An heir of any of these may take over from any committee.
_UPPER = [
    kind.value
    for kind in (UnitKind.DANG_BO_TINH, UnitKind.DANG_BO_HUYEN, UnitKind.DANG_BO_CAP_TREN)
]
_MOST_STEPS = 20  # from one committee that ended to the next
_NAMED = """
    SELECT handler_id FROM strengthening_supportfile
    UNION SELECT approver_id FROM strengthening_supportfile
    UNION SELECT unit_id FROM strengthening_handover WHERE answered_at IS NULL
    UNION SELECT unit_id FROM strengthening_programme
"""
_PLACES = """
    WITH RECURSIVE passed (origin, unit_id, steps) AS (
      SELECT given.id, given.id, 0 FROM ({given}) AS given (id)
      UNION ALL
      SELECT passed.origin, coalesce(heir.id, above.id), passed.steps + 1
      FROM passed
      LEFT JOIN LATERAL (
        SELECT came.successor_id AS id
        FROM org_lineage came
        JOIN org_unitversion later
          ON later.unit_id = came.successor_id AND later.valid @> came.on
        JOIN org_unitversion earlier
          ON earlier.unit_id = came.predecessor_id AND earlier.valid @> (came.on - 1)
        WHERE came.predecessor_id = passed.unit_id AND came.on <= %(on)s::date
          AND (later.kind = earlier.kind OR later.kind = ANY (%(upper)s))
        ORDER BY came.share DESC, came.successor_id LIMIT 1
      ) heir ON true
      LEFT JOIN LATERAL (
        SELECT link.parent_id AS id FROM org_unitparent link
        WHERE link.unit_id = passed.unit_id ORDER BY lower(link.valid) DESC LIMIT 1
      ) above ON true
      WHERE passed.steps < %(most)s AND coalesce(heir.id, above.id) IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM org_unitversion lives
                        WHERE lives.unit_id = passed.unit_id AND lives.valid @> %(on)s::date)
    )
    SELECT passed.origin, passed.unit_id FROM passed
    JOIN org_unitversion lives ON lives.unit_id = passed.unit_id AND lives.valid @> %(on)s::date
"""


def places_now(units: Iterable[UUID], on: dt.date) -> dict[UUID, UUID]:
    """The committee that acts for each on a day: itself while it is there. One query, and one more
    where any is not in sight or has ended."""
    asked = set(units)
    living = UnitVersion.objects.filter(unit_id__in=asked, valid__contains=on)
    found = {unit: unit for unit in living.values_list("unit_id", flat=True)}
    gone = sorted(asked - found.keys())
    return found | (_places("SELECT unnest(%(units)s::uuid[])", on, gone) if gone else {})


def place_now(unit_id: UUID, on: dt.date) -> UUID:
    """As `places_now`, of one; itself where nobody took over."""
    return places_now([unit_id], on).get(unit_id, unit_id)


def is_held(viewer: Viewer, unit_id: UUID) -> bool:
    """Whether the role is held in that very committee, or in the one that acts for it."""
    held = viewer.units_with(Reach.UNIT_AND_BELOW)
    return unit_id in held or (bool(held) and place_now(unit_id, viewer.on) in held)


def acting_for(viewer: Viewer) -> Viewer:
    """The viewer with the committees that ended and for which its own act, as if they were held:
    for asking whose turn it is, never for what is in sight. One query."""
    held = {one.unit_id: one for one in viewer.grants if one.reach is Reach.UNIT_AND_BELOW}
    if not held:
        return viewer
    more = tuple(
        Grant(held[place].role, ended, Reach.UNIT_AND_BELOW)
        for ended, place in _places(_NAMED, viewer.on, []).items()
        if ended != place and place in held and ended not in held
    )
    return replace(viewer, grants=viewer.grants + more) if more else viewer


def _places(given: str, on: dt.date, units: list[UUID]) -> dict[UUID, UUID]:
    said: dict[str, Any] = {"units": units, "on": on, "upper": _UPPER, "most": _MOST_STEPS}
    with wall.lowered(), connection.cursor() as cursor:
        cursor.execute(_PLACES.format(given=given), said)
        return dict(cursor.fetchall())
