"""From columnar tables to the arrays of `facts`: places, counts and days of whole columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.facts import MARKS, NOT_DUE, OPEN, UNKNOWN, Ints
from vungmanh.core.periods import months_between

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = dt.date(1970, 1, 1).toordinal()


def places(column: pa.ChunkedArray, words: Sequence[str]) -> Ints:
    """The place of each value among `words`; UNKNOWN for null and for what is not among them.

    A word is looked up once, not once a row: a country has fifteen million rows.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks = column.dictionary_encode().unify_dictionaries().chunks
    if not chunks:
        return np.zeros(0, dtype=np.int64)
    told = chunks[0].dictionary  # the same for every chunk
    found = pc.fill_null(pc.index_in(told, pa.array(words, told.type)), UNKNOWN)
    place = np.append(found.to_numpy(zero_copy_only=False), UNKNOWN).astype(np.int64)
    rows = [pc.fill_null(one.indices, len(told)).to_numpy(zero_copy_only=False) for one in chunks]
    return np.asarray(place[np.concatenate(rows)])


def counts(column: pa.ChunkedArray) -> Ints:
    """Whole numbers; UNKNOWN where null."""
    import pyarrow.compute as pc

    return np.asarray(pc.fill_null(column, UNKNOWN).to_numpy(), dtype=np.int64)


def ordinals(column: pa.ChunkedArray) -> Ints:
    """Days as ordinals; OPEN where null: an end that has not come."""
    import pyarrow as pa
    import pyarrow.compute as pc

    days = pc.fill_null(column.cast(pa.int32()), OPEN - _EPOCH).to_numpy()
    return np.asarray(days, dtype=np.int64) + _EPOCH


def months_from(column: pa.ChunkedArray, first: dt.date) -> Ints:
    """How many months after `first` each day lies; no value may be null."""
    months = column.to_numpy().astype("datetime64[M]") - np.datetime64(first, "M")
    return np.asarray(months.astype(np.int64))


@dataclass(frozen=True)
class MonthMarks:
    """Marks and carried counts of shape (n, months), rows in the order of the units asked for."""

    first_month: dt.date
    marks: NDArray[np.uint8]
    carried: Ints


def marks_of(
    cell_months: pa.Table, units: Sequence[str], first: dt.date, last: dt.date
) -> MonthMarks:
    """The cell-months of `first` to `last` as one character a month; other units are left out."""
    shape = len(units), months_between(first, last) + 1
    marks = np.full(shape, NOT_DUE, dtype=np.uint8)
    carried = np.full(shape, UNKNOWN, dtype=np.int64)
    unit, month = places(cell_months["unit"], units), months_from(cell_months["month"], first)
    wanted = (unit != UNKNOWN) & (month >= 0) & (month < shape[1])
    where = unit[wanted], month[wanted]
    letters = np.frombuffer("".join(MARKS).encode("ascii"), dtype=np.uint8)
    marks[where] = letters[places(cell_months["state"], list(MARKS.values()))[wanted]]
    carried[where] = counts(cell_months["longest_carried"])[wanted]
    return MonthMarks(first, marks, carried)
