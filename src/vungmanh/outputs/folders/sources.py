"""One file (or sheet) of one table, opened: its headings, and its columns in batches.

A batch holds only the columns asked for, as Arrow arrays: text from CSV and Excel, whatever the
file declares from Parquet. Nothing is laid out as Python objects except Excel, which is small.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vungmanh.core.errors import InputError
from vungmanh.outputs.folders.csv_files import CsvFile
from vungmanh.outputs.workbooks.cells import Cell, FormulaError, legible

if TYPE_CHECKING:
    import pyarrow as pa

CSV_SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
BOOK_SUFFIXES = (".xlsx", ".xls", ".ods")
SUFFIXES = (*CSV_SUFFIXES, ".parquet", *BOOK_SUFFIXES)
BATCH = 1 << 18
LOOK_FOR_HEADING = 10

Refuse = Callable[[int, str], None]  # (line, text): one row that cannot be taken


@dataclass(frozen=True)
class Source:
    """`batches(columns, refuse)` gives, in order, the arrays of those columns of each batch.

    `lines` turns row indexes (from zero, over all batches) into numbers a reader sees.
    """

    place: str
    headings: list[str]
    batches: Callable[[Sequence[int], Refuse], Iterator[list[pa.Array]]]
    lines: Callable[[Iterable[int]], list[int]]


def open_file(path: Path, is_heading: Callable[[list[str]], bool]) -> Source:
    """A CSV or Parquet file. `is_heading` tells the heading row from titles above it.

    Raises InputError when the file is empty, not what its name says, or in another encoding.
    """
    if not path.is_file():  # a folder called like a file, a link that leads nowhere
        raise InputError(
            f"{path.name}: không phải tệp, hoặc là đường tắt không dẫn tới tệp nào. Chép tệp thật "
            "vào đây, hoặc xóa đi.",
            place=path.name,
            code="file-unreadable",
        )
    if path.stat().st_size == 0:
        raise InputError(
            f"{path.name}: tệp rỗng. Xuất lại tệp, hoặc xóa đi nếu không có bảng này.",
            place=path.name,
            code="file-empty",
        )
    if path.suffix == ".parquet":
        return _parquet(path)
    file = CsvFile(path, is_heading)
    return Source(path.name, file.headings, file.batches, file.lines)


def _parquet(path: Path) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path, memory_map=True)
        words = [one.name for one in file.schema_arrow if pa.types.is_string(one.type)]
        file = pq.ParquetFile(path, memory_map=True, read_dictionary=words)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path.name}: không phải tệp Parquet, hoặc tệp đã hỏng. Chép lại tệp từ nơi gửi.",
            place=path.name,
            code="file-unreadable",
        ) from error
    names = list(file.schema_arrow.names)

    def batches(columns: Sequence[int], refuse: Refuse) -> Iterator[list[pa.Array]]:
        wanted = [names[column] for column in columns]
        for batch in file.iter_batches(batch_size=BATCH, columns=wanted):
            yield [batch.column(name) for name in wanted]

    return Source(path.name, names, batches, lambda rows: [int(row) + 1 for row in rows])


def open_book(
    path: Path, wanted: Callable[[str], bool], is_heading: Callable[[list[str]], bool]
) -> Source:
    """The sheet of a workbook that `wanted` names, else its first visible one."""
    from vungmanh.outputs.workbooks.grid import open_sheets

    try:
        sheets = open_sheets(path.read_bytes(), path.name)
    except InputError as error:
        raise InputError(
            f"{path.name}: {error.message} Bảng lớn thì lưu dạng CSV (UTF-8) hoặc Parquet.",
            place=path.name,
            code=error.code,
        ) from error
    shown = [sheet for sheet in sheets if not sheet.is_hidden]
    named = [sheet for sheet in shown if wanted(sheet.name)]
    if not shown:
        raise _empty_sheet(path.name)
    sheet = (named or shown)[0]
    place = path.name if len(shown) == 1 else f"{path.name}, trang {sheet.name}"
    rows = list(sheet.rows())
    top = _heading_at([[_written(cell) for cell in cells] for _, cells in rows[:10]], is_heading)
    if not rows:
        raise _empty_sheet(place)
    headings = [_written(cell) for cell in rows[top][1]]
    body = rows[top + 1 :]

    def batches(columns: Sequence[int], refuse: Refuse) -> Iterator[list[pa.Array]]:
        import pyarrow as pa

        if body:
            yield [pa.array([_at(cells, column) for _, cells in body]) for column in columns]

    return Source(place, headings, batches, lambda rows: [body[int(row)][0] + 1 for row in rows])


def sheet_names(path: Path) -> list[str]:
    """The visible sheets of a workbook; none where it cannot be opened (its reader will say)."""
    from vungmanh.outputs.workbooks.grid import open_sheets

    try:
        sheets = open_sheets(path.read_bytes(), path.name)
    except InputError:
        return []
    return [sheet.name for sheet in sheets if not sheet.is_hidden]


def _heading_at(rows: list[list[str]], is_heading: Callable[[list[str]], bool]) -> int:
    return next((place for place, row in enumerate(rows) if is_heading(row)), 0)


def _empty_sheet(place: str) -> InputError:
    return InputError(
        f"{place}: trang tính trống. Kiểm tra lại tệp đã lưu.", place=place, code="file-empty"
    )


def _at(cells: list[Cell], column: int) -> str:
    return _written(cells[column]) if column < len(cells) else ""


def _written(cell: Cell) -> str:
    """The text of a cell as it would stand in a CSV; a failed formula stays visible as one."""
    if isinstance(cell, FormulaError):
        return cell.text or "#REF!"
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return legible(str(cell))
