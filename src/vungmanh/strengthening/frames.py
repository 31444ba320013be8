"""The staging step: register, ledger and rulebook to the snapshot of an assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np

from vungmanh.analysis.facts import OPEN, Ints, Spans
from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import Verdict
from vungmanh.meetings.frames import (
    admissions_known_until,
    first_month_due,
    registered_admissions,
    verified_months,
)
from vungmanh.meetings.set_aside import months_in_doubt, months_set_aside
from vungmanh.org.frames import (
    UnitLives,
    lineage_rows,
    official_spans,
    placements,
    secretary_spans,
    unit_lives,
    version_rows,
)
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.cell_months import Ledger, ledger, setting_aside
from vungmanh.strengthening.rules_in_force import rules_until
from vungmanh.strengthening.snapshots import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = dt.date(1970, 1, 1).toordinal()


def snapshot(until: dt.date) -> Snapshot | None:
    """Everything known up to and including the month `until`; None when nothing was ever due."""
    first = first_month_due()
    if first is None or first > until:
        return None
    lives = unit_lives()
    told = ledger(list(lives.index), month_of(first), until)
    seen = verified_months(month_of(first), until)
    return Snapshot(
        first_month=month_of(first),
        until=until,
        admissions_known_until=admissions_known_until(),
        rules=rules_until(load_rulebook(), month_of(first), until),
        tables={
            **_register(lives),
            "admissions": _admissions(told, month_of(first), until),
            "cell_months": setting_aside(told.due, _not_believed(month_of(first), until, seen)),
            **_verifications(seen),
        },
    )


def _not_believed(
    first: dt.date, until: dt.date, seen: Sequence[tuple[str, dt.date, str, str]]
) -> set[tuple[UUID, dt.date]]:
    """Months set aside, but for those that an inspection saw to have been held; beside them the
    other reports of a cell of which one was refuted."""
    held = {(UUID(unit), month) for unit, month, _, verdict in seen if verdict == Verdict.HELD}
    return months_set_aside(first, until) - held | (
        months_in_doubt(first, until) if seen else set()
    )


def _verifications(seen: Sequence[tuple[str, dt.date, str, str]]) -> dict[str, pa.Table]:
    """What inspections saw; no table where there is nothing: what was kept before stays equal."""
    columns = {"unit": "text", "month": "date", "reported": "text", "verified": "text"}
    return {"verifications": _table(columns, seen)} if seen else {}


def _register(lives: UnitLives) -> dict[str, pa.Table]:
    """The units, what they were and where they stood; each table in an order of its own."""
    import pyarrow as pa

    words = pa.array([str(unit) for unit in lives.index], pa.string())
    placed = placements(lives.index)
    return {
        "units": pa.table(
            {"unit": words, "valid_from": _days(lives.start), "valid_to": _days(lives.end)}
        ),
        "versions": _table(
            {
                **dict.fromkeys(("unit", "name", "kind", "sector", "area"), "text"),
                **dict.fromkeys(("valid_from", "valid_to"), "date"),
            },
            version_rows(),
        ),
        "placements": pa.table(
            {
                "cell": words.take(pa.array(placed.cell)),
                "organisation": words.take(pa.array(placed.organisation)),
                "depth": pa.array(placed.depth, pa.int32()),
                "valid_from": _days(placed.start),
                "valid_to": _days(placed.end),
            }
        ),
        "secretaries": _spans(words, secretary_spans(lives.index)),
        "officials": _spans(words, official_spans(lives.index)),
        "lineage": _table(
            {"predecessor": "text", "successor": "text", "on": "date", "share": "float"},
            lineage_rows(),
        ),
    }


def _admissions(told: Ledger, first: dt.date, until: dt.date) -> pa.Table:
    """Admissions known otherwise than from the report of a month due: from the register, or from a
    report of a month in which no meeting was due. Where both speak, the report counts."""
    counts = {(unit, month): n for unit, month, n in registered_admissions(first, until)}
    reported = (told.beside[name].to_pylist() for name in ("unit", "month", "admitted"))
    counts |= {(unit, month): n for unit, month, n in zip(*reported, strict=True) if n is not None}
    rows = [(unit, month, n) for (unit, month), n in sorted(counts.items())]
    return _table({"unit": "text", "month": "date", "count": "int"}, rows)


def _table(columns: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows as a table; ids become text."""
    import pyarrow as pa

    types = {"text": pa.string(), "date": pa.date32(), "int": pa.int32(), "float": pa.float64()}
    values = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pa.table(
        {
            name: pa.array(map(str, column) if kind == "text" else column, types[kind])
            for (name, kind), column in zip(columns.items(), values, strict=True)
        }
    )


def _spans(words: pa.Array, spans: Spans) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            "unit": words.take(pa.array(spans.unit)),
            "valid_from": _days(spans.start),
            "valid_to": _days(spans.end),
            "count": pa.array(spans.count, pa.int32()),
        }
    )


def _days(ordinals: Ints) -> pa.Array:
    """Ordinals as days; an end that has not come is null."""
    import pyarrow as pa

    is_open = ordinals == OPEN
    days = np.where(is_open, 0, ordinals - _EPOCH).astype(np.int32)
    return pa.array(days, pa.int32(), mask=is_open).view(pa.date32())
