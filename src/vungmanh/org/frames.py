"""The register as arrays for `analysis`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection

from vungmanh.analysis.facts import OPEN, UNKNOWN, Ints, Spans
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Post


@dataclass(frozen=True)
class UnitLives:
    """Every unit there ever was, with its life in day ordinals (`end` exclusive)."""

    index: dict[UUID, int]
    start: Ints
    end: Ints


def _ordinals(days: list[dt.date | None]) -> Ints:
    return np.array([OPEN if day is None else day.toordinal() for day in days], dtype=np.int64)


def unit_lives() -> UnitLives:
    """All units in the order of their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id, lower(life), upper(life)
            FROM (SELECT unit_id, range_merge(range_agg(valid)) AS life
                  FROM org_unitversion GROUP BY unit_id) lives
            ORDER BY unit_id
            """
        )
        rows = cursor.fetchall()
    units, starts, ends = zip(*rows, strict=True) if rows else ((), (), ())
    index = {unit: place for place, unit in enumerate(units)}
    return UnitLives(index, _ordinals(list(starts)), _ordinals(list(ends)))


def _spans(index: dict[UUID, int], sql: str, parameters: list[str]) -> Spans:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    units, starts, ends, counts = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Spans(
        np.array([index[unit] for unit in units], dtype=np.int64),
        _ordinals(list(starts)),
        _ordinals(list(ends)),
        np.array(counts, dtype=np.int64),
    )


def secretary_spans(index: dict[UUID, int]) -> Spans:
    """When each unit had a secretary."""
    return _spans(
        index,
        "SELECT unit_id, lower(valid), upper(valid), 1 FROM org_appointment WHERE post = %s"
        " ORDER BY unit_id, valid",
        [Post.SECRETARY],
    )


def official_spans(index: dict[UUID, int]) -> Spans:
    """Official members of each unit over time."""
    return _spans(
        index,
        "SELECT unit_id, lower(valid), upper(valid), count FROM org_membershipcount"
        " WHERE status = %s ORDER BY unit_id, valid",
        [MembershipStatus.OFFICIAL],
    )


def days_of_change() -> list[dt.date]:
    """Every day on which some version or parent link began or ended, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT day
            FROM (SELECT valid FROM org_unitversion UNION SELECT valid FROM org_unitparent) spans,
                 LATERAL (VALUES (lower(valid)), (upper(valid))) ends (day)
            WHERE day IS NOT NULL ORDER BY day
            """
        )
        return [day for (day,) in cursor.fetchall()]


def homes(index: dict[UUID, int], on: dt.date) -> Ints:
    """The organisation of each cell on a day: the nearest unit above or itself that is one.

    UNKNOWN for units that are no cell that day, or whose cell belongs to no organisation.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (above.descendant_id) above.descendant_id, above.ancestor_id
            FROM org_unitclosure above
            JOIN org_unitversion organisation
              ON organisation.unit_id = above.ancestor_id AND organisation.valid @> %(on)s::date
             AND organisation.is_organisation
            JOIN org_unitversion cell
              ON cell.unit_id = above.descendant_id AND cell.valid @> %(on)s::date
             AND cell.kind = ANY (%(kinds)s)
            WHERE above.valid @> %(on)s::date
            ORDER BY above.descendant_id, above.depth
            """,
            {"on": on, "kinds": [kind.value for kind in CELL_KINDS]},
        )
        rows = cursor.fetchall()
    home = np.full(len(index), UNKNOWN, dtype=np.int64)
    for cell, organisation in rows:
        home[index[cell]] = index[organisation]
    return home
