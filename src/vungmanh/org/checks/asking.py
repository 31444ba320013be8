"""Ask one check of the database. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from vungmanh.org.checks.catalogue import Check
from vungmanh.rulebook import Rule, load_rulebook
from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.values import FewOfficialMembers
from vungmanh.rulebook.values.structure import StructurePlacement

#: So many findings of one check are kept; the rest is counted. Whoever has more has one cause.
MOST = 2000


@dataclass(frozen=True)
class Found:
    """What a check found: how much, and the first `MOST` of it."""

    count: int
    rows: tuple[tuple[UUID | None, str, str], ...]  # unit, subject, what


def values_on(day: dt.date) -> dict[str, Any]:
    """What queries may use: `day`, and the numbers and words of the rules in force on it.

    A rule that is not in force leaves nothing to compare with: its values are null, and the
    comparison finds nothing.
    """
    least = _rule(FewOfficialMembers, day)
    placement = _rule(StructurePlacement, day)
    pairs = (
        [(one.kind, under) for one in placement.placements for under in one.under or ("",)]
        if (placement)
        else []
    )
    stands = _found(StructurePlacement, day)
    return {
        "day": day,
        "placed_since": stands.valid_from if stands else None,
        "least_official": least.minimum if least else None,
        "kinds": [one.kind.value for one in placement.placements] if placement else None,
        "placements": [f"{kind}<{under}" for kind, under in pairs] if placement else None,
    }


def ask(check: Check, values: dict[str, Any]) -> Found:
    """What the check finds, in a stable order."""
    counted = (
        f"SELECT count(*) OVER (), unit_id, subject, what FROM ({check.query}) found "
        f"ORDER BY unit_id, subject LIMIT {MOST}"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(counted, values)
        rows = cursor.fetchall()
    return Found(rows[0][0] if rows else 0, tuple((row[1], row[2], row[3]) for row in rows))


def last_days(units: Iterable[UUID], day: dt.date) -> dict[UUID, dt.date]:
    """The last day of those units that had ended by `day`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT unit_id, max(upper(valid)) - 1 FROM org_unitversion
            WHERE unit_id = ANY (%(units)s) GROUP BY unit_id
            HAVING NOT bool_or(upper_inf(valid)) AND max(upper(valid)) <= %(day)s
            """,
            {"units": list(units), "day": day},
        )
        return dict(cursor.fetchall())


def _rule(value: type[Any], day: dt.date) -> Any:
    rule = _found(value, day)
    return rule.value if rule else None


def _found(value: type[Any], day: dt.date) -> Rule | None:
    try:
        return load_rulebook().on(day).rule(value.key)
    except RulebookError:
        return None
