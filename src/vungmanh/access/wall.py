"""The second wall: while a page is made, PostgreSQL itself shows no unit out of sight.

`behind(viewer, as_of)` opens a transaction in which the connection reads as the role
`vungmanh_reader` and says who looks; the policies of `org/sql/wall.sql` do the rest. All is local
to the transaction, so that nothing is left behind in a pooled connection (PgBouncer too). The first
wall, `org.queries.units_visible`, stays the rule; this one stops what forgets to ask it.

It is no defence against SQL of somebody else's making, which could set these settings as well.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from vungmanh.access.viewer import Viewer

READER = "vungmanh_reader"
EVER = dt.date.min
FOREVER = dt.date.max

_NAMES = ("role", "vungmanh.role", "vungmanh.grants", "vungmanh.on", "vungmanh.since",
          "vungmanh.as_of", "vungmanh.seen", "vungmanh.named")  # fmt: skip
_SET = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in _NAMES)
_OUTSIDE = ("none", *[""] * (len(_NAMES) - 1))


@contextmanager
def behind(viewer: Viewer, as_of: dt.date, *, since: dt.date | None = None) -> Iterator[None]:
    """Read what the viewer may see on day `as_of`, or on any day from `since` to it.

    Nothing can be written meanwhile. May be nested: the inner one counts until it ends.
    """
    grants = [{"unit": str(grant.unit_id), "reach": grant.reach.value} for grant in viewer.grants]
    role = viewer.role.value if viewer.role else ""
    days = (viewer.on, since or as_of, as_of)
    said = (READER, role, json.dumps(grants), *[day.isoformat() for day in days], "", "")
    with _standing(said):
        yield


@contextmanager
def lowered() -> Iterator[None]:
    """Read as the owner meanwhile: for a sum that takes the whole province as its measure and shows
    nothing of a single unit out of sight. Whoever uses it says why beside it."""
    with _standing(_OUTSIDE):
        yield


@contextmanager
def _standing(said: tuple[str, ...]) -> Iterator[None]:
    before: tuple[str, ...] = getattr(connection, "vungmanh_wall", _OUTSIDE)
    is_outermost = not connection.in_atomic_block
    try:
        with transaction.atomic():
            _say(said)
            yield
            if not is_outermost and not connection.needs_rollback:
                _say(before)  # the end of an outermost transaction forgets by itself
    finally:
        connection.vungmanh_wall = before  # type: ignore[attr-defined]


def _say(said: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, said)
    connection.vungmanh_wall = said  # type: ignore[attr-defined]
