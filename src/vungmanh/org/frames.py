"""The register as arrays for `analysis`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db import connection

from vungmanh.analysis.facts import OPEN, Ints, Spans
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Post

#: Days as `datetime.date.toordinal` counts them; an end that has not come is OPEN.
_START = "lower(valid) - DATE '0001-01-01' + 1"
_END = f"coalesce(upper(valid) - DATE '0001-01-01' + 1, {OPEN})"


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


def _spans(index: dict[UUID, int], table: str, count: str, where: str, value: str) -> Spans:
    """Dated rows by unit and date. A unit's rows come as arrays of numbers: fewer objects."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT unit_id, array_agg({_START} ORDER BY valid), array_agg({_END} ORDER BY valid),
                   array_agg({count} ORDER BY valid)
            FROM {table} WHERE {where} = %s GROUP BY unit_id ORDER BY unit_id
            """,
            [value],
        )
        rows = cursor.fetchall()
    units = np.array([index[row[0]] for row in rows], dtype=np.int64)
    starts, ends, counts = (
        np.array([number for row in rows for number in row[column]], dtype=np.int64)
        for column in (1, 2, 3)
    )
    return Spans(np.repeat(units, [len(row[1]) for row in rows]), starts, ends, counts)


def secretary_spans(index: dict[UUID, int]) -> Spans:
    """When each unit had a secretary."""
    return _spans(index, "org_appointment", "1", "post", Post.SECRETARY)


def official_spans(index: dict[UUID, int]) -> Spans:
    """Official members of each unit over time."""
    return _spans(index, "org_membershipcount", "count", "status", MembershipStatus.OFFICIAL)


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
