"""The register as arrays for `analysis`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection

from vungmanh.analysis.facts import OPEN, Ints, Spans
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


@dataclass(frozen=True)
class Placements:
    """Which organisations stood `depth` levels above each cell (0: itself), over day ordinals."""

    cell: Ints
    organisation: Ints
    depth: Ints
    start: Ints
    end: Ints


def placements(index: dict[UUID, int]) -> Placements:
    """Every organisation above a cell, over time; of several on a day the nearest is its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT cell_id, organisation_id, depth, lower(days), upper(days)
            FROM (SELECT above.descendant_id AS cell_id, above.ancestor_id AS organisation_id,
                         above.depth, above.valid * organisation.valid * cell.valid AS days
                  FROM org_unitclosure above
                  JOIN org_unitversion organisation
                    ON organisation.unit_id = above.ancestor_id AND organisation.is_organisation
                   AND organisation.valid && above.valid
                  JOIN org_unitversion cell
                    ON cell.unit_id = above.descendant_id AND cell.kind = ANY (%s)
                   AND cell.valid && above.valid) spans
            WHERE NOT isempty(days)
            ORDER BY cell_id, lower(days), depth, organisation_id
            """,
            [[kind.value for kind in CELL_KINDS]],
        )
        rows = cursor.fetchall()
    cells, organisations, depths, starts, ends = (
        zip(*rows, strict=True) if rows else ((), (), (), (), ())
    )
    return Placements(
        np.array([index[unit] for unit in cells], dtype=np.int64),
        np.array([index[unit] for unit in organisations], dtype=np.int64),
        np.array(depths, dtype=np.int64),
        _ordinals(list(starts)),
        _ordinals(list(ends)),
    )


def version_rows() -> list[tuple[UUID, str, str, str, str, dt.date, dt.date | None]]:
    """What each unit was called and was, over time: unit, name, kind, sector, area, from, to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_id, name, kind, sector, area, lower(valid), upper(valid)"
            " FROM org_unitversion ORDER BY unit_id, valid"
        )
        return list(cursor.fetchall())


def lineage_rows() -> list[tuple[UUID, UUID, dt.date, float]]:
    """What became of ended units: predecessor, successor, day, share."""
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT predecessor_id, successor_id, "on", share FROM org_lineage'
            " ORDER BY predecessor_id, successor_id"
        )
        return list(cursor.fetchall())
