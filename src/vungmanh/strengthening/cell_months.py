"""The ledger as the columnar table that `analysis.counting` counts: one row a month due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from vungmanh.analysis.facts import MARKS
from vungmanh.core.vocabulary import MonthState
from vungmanh.meetings.frames import DAYS, REPORTED, month_lines

if TYPE_CHECKING:
    import pyarrow as pa

_NOT_DUE = "."
_EPOCH, _DAYS_APART = dt.date(1970, 1, 1), 1_000_000  # days between two units in one number


@dataclass(frozen=True)
class Ledger:
    """`due`: one row per unit and month due, with what was reported. `beside`: reports of months in
    which nothing was due, in the same columns.

    Rows stand in the order of the units asked for and of months: `unit` (text), `month`, `state`
    (core.vocabulary.MonthState) and REPORTED, null where the report says nothing.
    """

    due: pa.Table
    beside: pa.Table


def ledger(units: Sequence[UUID], first: dt.date, last: dt.date) -> Ledger:
    """The regular meetings of `units` in the months `first` to `last`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    index = {unit: place for place, unit in enumerate(units)}
    lines = [line for line in month_lines(first, last) if line[0] in index]
    places = np.array([index[unit] for unit, _, _ in lines], dtype=np.int32)
    place = np.repeat(places, [count for _, count, _ in lines])
    said = _read_lines("\n".join(text for _, _, text in lines))
    order = np.lexsort((said["month"].to_numpy(), place))
    said = said.take(pa.array(order))
    state = pc.index_in(said["state"], pa.array(list(MARKS)))
    columns = {name: said[name].combine_chunks() for name in ("month", *REPORTED)}
    for name in ("month", *DAYS):
        columns[name] = columns[name].view(pa.date32())
    table = pa.table(
        {
            "unit": _worded(pa.array(place[order]), [str(unit) for unit in units]),
            "month": columns.pop("month"),
            "state": _worded(state.combine_chunks(), list(MARKS.values())),
            **columns,
        }
    )
    is_due = pc.not_equal(said["state"], _NOT_DUE)
    return Ledger(table.filter(is_due), table.filter(pc.invert(is_due)))


def setting_aside(due: pa.Table, aside: Collection[tuple[UUID, dt.date]]) -> pa.Table:
    """The months due with a column `set_aside`: those held whose record is not believed for now.

    Without any the table stays as it is: what was kept before stays equal to the byte.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not aside:
        return due
    unit = due["unit"].combine_chunks()
    known = {word: place for place, word in enumerate(unit.dictionary.to_pylist())}
    wanted = [
        known[str(one)] * _DAYS_APART + (month - _EPOCH).days
        for one, month in aside
        if str(one) in known
    ]
    key = unit.indices.to_numpy().astype(np.int64) * _DAYS_APART
    key += due["month"].cast(pa.int32()).to_numpy()
    is_held = pc.equal(due["state"].cast(pa.string()), MonthState.HELD.value)
    among = pa.array(np.isin(key, np.array(wanted, dtype=np.int64)))
    return due.append_column("set_aside", pc.and_(is_held, among))


def _read_lines(text: str) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    names = ["open", "month", "state", *REPORTED, "close"]
    types = {name: pa.string() if name == "state" else pa.int32() for name in names[1:-1]}
    if not text:
        return pa.schema(list(types.items())).empty_table()
    return csv.read_csv(
        pa.BufferReader(text.encode()),
        read_options=csv.ReadOptions(column_names=names),
        convert_options=csv.ConvertOptions(include_columns=list(types), column_types=types),
    )


def _worded(codes: pa.Array, words: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(codes.cast(pa.int32()), pa.array(words, pa.string()))
