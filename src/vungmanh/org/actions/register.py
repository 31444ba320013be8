"""Bringing in a whole register: units with everything dated about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from psycopg.types.range import DateRange

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.core.text import fold, name_key, nfc
from vungmanh.core.vocabulary import ReformState
from vungmanh.org.bulk import copy_rows
from vungmanh.org.models import Reform, Unit

Rows = Mapping[str, Sequence[Any]]  # columns of one table of analysis.schema, equally long


def rows_of(table: Rows, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a columnar table, the named columns only."""
    return zip(*(table[column] for column in columns), strict=True)


def _versions(table: Rows) -> Iterable[tuple[Any, ...]]:
    columns = ("unit", "valid_from", "valid_to", "name", "kind", "sector", "area")
    for unit, start, end, raw, kind, sector, area, code, is_organisation in rows_of(
        table, *columns, "official_code", "is_organisation"
    ):
        name = nfc(raw)
        yield (
            unit, DateRange(start, end), name, fold(name), name_key(name), kind, sector,
            nfc(area), code, is_organisation,
        )  # fmt: skip


def _lineage(table: Rows, *, by: User | None, at: dt.datetime) -> list[tuple[Any, ...]]:
    """Rows of lineage, each under the decision that made it: one Reform a document and day.

    Such a reform came with the register: it has no steps and no journal and cannot be undone.
    """
    rows = list(rows_of(table, "predecessor", "successor", "on", "kind", "share", "document"))
    decisions = sorted({(on, nfc(document)) for _, _, on, _, _, document in rows})
    reforms = {
        (on, document): Reform(
            title=document,
            document=document,
            effective_on=on,
            state=ReformState.COMMITTED,
            drafted_by=by,
            drafted_at=at,
            committed_by=by,
            committed_at=at,
        )
        for on, document in decisions
    }
    Reform.objects.bulk_create(reforms.values())
    return [
        (predecessor, successor, on, kind, share, nfc(document), reforms[on, nfc(document)].id)
        for predecessor, successor, on, kind, share, document in rows
    ]


@transaction.atomic
def load_register(
    *, tables: Mapping[str, Rows], by: User | None, at: dt.datetime
) -> dict[str, int]:
    """Write the register tables of `analysis.schema` and return the rows written to each.

    `lineage` may be left out by a register that has none; the others must be there.

    Nothing is written if any row breaks a promise of the database: an overlap, a date outside the
    life of its unit, a circle. One event is recorded.
    """
    written = {
        "units": copy_rows(
            "org_unit", ("id", "is_simulated"), rows_of(tables["units"], "unit", "is_simulated")
        ),
        "unit_versions": copy_rows(
            "org_unitversion",
            (
                "unit_id", "valid", "name", "name_fold", "name_key", "kind", "sector", "area",
                "official_code", "is_organisation",
            ),
            _versions(tables["unit_versions"]),
        ),
        "unit_parents": copy_rows(
            "org_unitparent",
            ("unit_id", "parent_id", "valid"),
            (
                (unit, parent, DateRange(start, end))
                for unit, parent, start, end in rows_of(
                    tables["unit_parents"], "unit", "parent", "valid_from", "valid_to"
                )
            ),
        ),
        "lineage": copy_rows(
            "org_lineage",
            (
                "predecessor_id", "successor_id", '"on"', "kind", "share", "document", "reform_id",
            ),
            _lineage(tables["lineage"], by=by, at=at) if "lineage" in tables else (),
        ),
        "membership_counts": copy_rows(
            "org_membershipcount",
            ("unit_id", "status", "valid", "count"),
            (
                (unit, status, DateRange(start, end), count)
                for unit, status, start, end, count in rows_of(
                    tables["membership_counts"], "unit", "status", "valid_from", "valid_to", "count"
                )
            ),
        ),
        "admissions": copy_rows(
            "org_admissioncount",
            ("unit_id", "month", "count"),
            rows_of(tables["admissions"], "unit", "month", "count"),
        ),
        "appointments": copy_rows(
            "org_appointment",
            ("unit_id", "post", "holder_name", "valid"),
            (
                (unit, post, nfc(holder), DateRange(start, end))
                for unit, post, holder, start, end in rows_of(
                    tables["appointments"], "unit", "post", "holder_name", "valid_from", "valid_to"
                )
            ),
        ),
    }  # fmt: skip
    record("register.loaded", by=by, at=at, subject=f"units:{Unit.objects.count()}", data=written)
    return written
