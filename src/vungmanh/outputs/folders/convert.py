"""From a file's columns to canonical ones: each different value is read once, in Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vungmanh.analysis.layout import OpenColumn, OpenTable, OpenType
from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi
from vungmanh.outputs.folders.columns import Matched
from vungmanh.outputs.folders.problems import Problems
from vungmanh.outputs.folders.sources import Source
from vungmanh.outputs.folders.values import BAD, READERS, REMEDIES

if TYPE_CHECKING:
    import pyarrow as pa

#: Rows of one table that are held at once: the country over eight years and more.
MAX_ROWS = 40_000_000
WORDS = ("text", "held")  # kept as codes of words
ROW = "row"  # the column that remembers where a row stood in its source


def arrow_type(kind: OpenType) -> pa.DataType:
    import pyarrow as pa

    words = pa.dictionary(pa.int32(), pa.string())
    return {
        "text": words, "held": words, "year": pa.int32(), "month": pa.int32(), "count": pa.int32(),
        "yes_no": pa.bool_(), "date": pa.date32(), "share": pa.float64(),
    }[kind]  # fmt: skip


class Reader:
    """Reads one table from one source; values met before are not read again."""

    def __init__(self, table: OpenTable, source: Source, problems: Problems) -> None:
        self.table, self.source, self.problems = table, source, problems
        self._read: dict[str, dict[str, Any]] = {column.name: {} for column in table.columns}
        self._codes: dict[str, dict[str, int]] = {
            column.name: {} for column in table.columns if column.type in WORDS
        }

    def read(self, matched: Matched) -> pa.Table:
        """All rows that hold anything, with the columns found, typed, and ROW.

        Values that cannot be read go to `problems` and are null here.
        """
        import pyarrow as pa

        columns = [column for column in self.table.columns if column.name in matched.places]
        fields = [pa.field(column.name, _plain(column.type)) for column in columns]
        schema = pa.schema([*fields, pa.field(ROW, pa.int64())])
        parts, first = [], 0
        places = [matched.places[column.name] for column in columns]
        for arrays in self.source.batches(places, self._refuse):
            count = len(arrays[0])
            typed = [
                self._typed(column, array, first)
                for column, array in zip(columns, arrays, strict=True)
            ]
            rows = pa.array(np.arange(first, first + count))
            parts.append(_filled(pa.Table.from_arrays([*typed, rows], schema=schema)))
            first += count
            if first > MAX_ROWS:
                raise self._too_many()
        whole = pa.concat_tables(parts) if parts else schema.empty_table()
        for place, column in enumerate(columns):
            if column.name in self._codes:
                words = pa.array(list(self._codes[column.name]), pa.string())
                codes = whole.column(place).combine_chunks()
                named = pa.DictionaryArray.from_arrays(codes, words)
                whole = whole.set_column(place, column.name, named)
        return whole

    def _refuse(self, line: int, text: str) -> None:
        self.problems.add(self.source.place, "row-uneven", text, line=line)

    def _typed(self, column: OpenColumn, given: pa.Array, first: int) -> pa.Array:
        import pyarrow as pa

        ready = _without_reading(column.type, given)
        if ready is not None:
            return ready
        words = _as_words(given)
        values = self._values(column, words.dictionary.to_pylist())
        wrong = [place for place, value in enumerate(values) if value is BAD]
        if wrong:
            self._tell(column, words, wrong, first)
        known = [None if value is BAD else value for value in values]
        if column.type in WORDS:
            codes = self._codes[column.name]
            known = [None if one is None else codes.setdefault(one, len(codes)) for one in known]
        return pa.array(known, _plain(column.type)).take(words.indices)

    def _values(self, column: OpenColumn, written: list[str | None]) -> list[Any]:
        read, reader = self._read[column.name], READERS[column.type]
        for one in written:
            if one is not None and one not in read:
                read[one] = reader(one.strip())
        return [None if one is None else read[one] for one in written]

    def _tell(self, column: OpenColumn, words: pa.Array, wrong: list[int], first: int) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        is_wrong = pc.is_in(words.indices, value_set=pa.array(wrong, words.indices.type))
        rows = pc.indices_nonzero(is_wrong).to_pylist()
        self.problems.add_rows(
            self.source.place,
            "value-unreadable",
            [first + row for row in rows],
            self.source.lines,
            lambda row: (
                f"không đọc được “{str(words[row - first])[:40]}”; {REMEDIES[column.type]}."
            ),
            column=column.name,
        )

    def _too_many(self) -> InputError:
        return InputError(
            f"{self.source.place}: hơn {number_vi(MAX_ROWS)} dòng, quá mức một lần tính. Chỉ giữ "
            "các năm cần tính, hoặc tách theo tỉnh thành từng thư mục.",
            place=self.source.place,
            code="too-many-rows",
        )


def _plain(kind: OpenType) -> pa.DataType:
    """The type while reading: words are codes, put into words at the end."""
    import pyarrow as pa

    return pa.int32() if kind in WORDS else arrow_type(kind)


def _without_reading(kind: OpenType, given: pa.Array) -> pa.Array | None:
    """The array as it is where the file itself declares a fitting type, else None."""
    import pyarrow as pa

    types, wanted = pa.types, arrow_type(kind)
    fits = {
        "date": types.is_date(given.type) or types.is_timestamp(given.type),
        "share": types.is_floating(given.type),
        "yes_no": types.is_boolean(given.type),
        "count": types.is_integer(given.type),
        "year": types.is_integer(given.type),
        "month": types.is_integer(given.type),
    }.get(kind, False)
    if types.is_null(given.type):
        return pa.nulls(len(given), _plain(kind))
    if not fits:
        return None
    try:
        return given.cast(wanted, safe=not types.is_timestamp(given.type))
    except pa.ArrowInvalid:  # a number too large: read as words, it is refused with its row
        return None


def _as_words(given: pa.Array) -> pa.Array:
    """The array as text, dictionary-encoded."""
    import pyarrow as pa

    if pa.types.is_dictionary(given.type):
        if pa.types.is_string(given.type.value_type):
            return given
        given = given.dictionary_decode()
    try:
        return given.cast(pa.string()).dictionary_encode()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        written = [None if one is None else str(one) for one in given.to_pylist()]
        return pa.array(written, pa.string()).dictionary_encode()


def _filled(table: pa.Table) -> pa.Table:
    """Without the rows of which nothing was read: separators at the end of a sheet."""
    import pyarrow.compute as pc

    columns: Sequence[str] = [name for name in table.column_names if name != ROW]
    filled = None
    for name in columns:
        valid = pc.is_valid(table.column(name))
        filled = valid if filled is None else pc.or_(filled, valid)
    return table if filled is None or pc.all(filled).as_py() else table.filter(filled)
