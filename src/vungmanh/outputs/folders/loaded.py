"""A table as read from its file or files, before it is believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.layout import OpenTable
from vungmanh.outputs.folders.convert import ROW
from vungmanh.outputs.folders.problems import Problems
from vungmanh.outputs.folders.sources import Source

if TYPE_CHECKING:
    import pyarrow as pa

PART = 40  # bits below which ROW counts within one part


@dataclass(frozen=True)
class Loaded:
    """`data` has the columns found and ROW, which tells the part and the row within it."""

    table: OpenTable
    parts: list[Source]
    data: pa.Table

    def has(self, *columns: str) -> bool:
        return all(column in self.data.column_names for column in columns)

    def codes(self, column: str) -> NDArray[np.int64]:
        """A text column as whole numbers, equal for equal texts; −1 for null."""
        import pyarrow.compute as pc

        words = self.data.column(column).combine_chunks()
        return np.asarray(pc.fill_null(words.indices, -1)).astype(np.int64)

    def words(self, column: str) -> list[str]:
        """What the codes stand for."""
        words = self.data.column(column).combine_chunks()
        return [str(word) for word in words.dictionary.to_pylist()]

    def numbers(self, column: str, unknown: int = -1) -> NDArray[np.int64]:
        """A column of whole numbers or days (since 1970); `unknown` for null or no such column."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.has(column):
            return np.full(self.data.num_rows, unknown, dtype=np.int64)
        values = self.data.column(column)
        if pa.types.is_date(values.type) or pa.types.is_boolean(values.type):
            values = values.cast(pa.int32())
        filled: NDArray[np.int64] = pc.fill_null(values, 0).to_numpy().astype(np.int64)
        if values.null_count:
            filled[~self.known(column)] = unknown
        return filled

    def known(self, column: str) -> NDArray[np.bool_]:
        """Where the column says something; nowhere when there is no such column."""
        import pyarrow.compute as pc

        if not self.has(column):
            return np.zeros(self.data.num_rows, dtype=np.bool_)
        valid: NDArray[np.bool_] = pc.is_valid(self.data.column(column)).to_numpy()
        return valid

    def value(self, column: str, place: int) -> Any:
        return self.data.column(column)[place].as_py()

    def refuse(
        self,
        problems: Problems,
        code: str,
        where: NDArray[np.bool_],
        say: Callable[[int], str],
        column: str,
    ) -> None:
        """A problem for each row of `where`; `say` words the one at a place in `data`."""
        places = np.flatnonzero(where)
        if not len(places):
            return
        rows = self.data.column(ROW).take(places).to_numpy()
        for part in np.unique(rows >> PART):
            here = rows >> PART == part
            source, inside = self.parts[part], rows[here] & ((1 << PART) - 1)
            place_of = dict(zip(inside.tolist(), places[here].tolist(), strict=True))
            problems.add_rows(
                source.place,
                code,
                inside.tolist(),
                source.lines,
                lambda row, place_of=place_of: say(place_of[row]),  # type: ignore[misc]
                column=column,
            )
