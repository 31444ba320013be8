"""A CSV file of any size: its separator and heading found, its rows streamed by pyarrow.

Memory holds one block and what is asked for, never the file. A row with too many or too few cells
is refused by its number, not guessed at; text that is not UTF-8 is named by its first line.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vungmanh.core.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

_SEPARATORS = ",;\t|"
_HEAD = 1 << 18
_BLOCK = 1 << 22
_COUNT_LINES_UNDER = 1 << 28  # above it a row's number counts records, not broken lines
_UTF8 = "lưu lại bằng bảng mã UTF-8 (Excel: Lưu thành “CSV UTF-8”)"


class CsvFile:
    """Made once for a file; `headings` are known at once, rows come with `batches`."""

    def __init__(self, path: Path, is_heading: Callable[[list[str]], bool]) -> None:
        self.path, self._skipped = path, list[int]()
        head = self._head()
        by_count = sorted(_SEPARATORS, key=_first_lines(head).count, reverse=True)
        tried = [(sign, *self._find_heading(head, sign, is_heading)) for sign in by_count]
        chosen = next((one for one in tried if is_heading(one[1])), tried[0])
        self._separator, self.headings, self._records, self._offset = chosen

    def batches(
        self, columns: Sequence[int], refuse: Callable[[int, str], None]
    ) -> Iterator[list[pa.Array]]:
        import pyarrow as pa

        reader: Any = None
        try:
            reader = self._open(columns, refuse)
            for batch in reader:
                yield list(batch.columns)
        except pa.ArrowInvalid as error:
            raise self._cannot_read(str(error)) from error
        finally:
            if reader is not None:
                reader.close()

    def lines(self, rows: Iterable[int]) -> list[int]:
        """Line numbers as an editor shows them: rows refused and quoted line ends are counted."""
        records = []
        for row in rows:
            record = int(row)
            while (before := bisect_right(self._skipped, record)) != record - int(row):
                record = int(row) + before
            records.append(record + self._records)
        return self._first_line_of(records)

    # --- opening -----------------------------------------------------------------------------

    def _head(self) -> str:
        import pyarrow as pa

        try:
            with pa.input_stream(self.path) as stream:
                data = stream.read(_HEAD)
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"{self.path.name}: không mở được, tệp nén đã hỏng. Chép lại tệp từ nơi gửi.",
                place=self.path.name,
                code="file-unreadable",
            ) from error
        if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
            raise self._encoding("bảng mã UTF-16 hoặc không phải văn bản")
        try:
            # The end may cut a letter in two.
            text = data.decode("utf-8") if len(data) < _HEAD else _cut(data)
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            raise self._encoding(f"dòng {line} không phải UTF-8") from error
        return text.removeprefix("\ufeff")

    def _find_heading(
        self, head: str, separator: str, is_heading: Callable[[list[str]], bool]
    ) -> tuple[list[str], int, int]:
        """The heading, how many records and how many bytes it ends after."""
        lines = head.splitlines(keepends=True)
        reader = csv.reader(lines, delimiter=separator)
        found: tuple[list[str], int, int] | None = None
        mark = 3 if self._has_mark() else 0
        for number, row in enumerate(reader, start=1):
            offset = mark + len("".join(lines[: reader.line_num]).encode())
            named = [" ".join(cell.split()) for cell in row]
            if found is None and any(named):
                found = named, number, offset
            if is_heading(named):
                return named, number, offset
            if number >= 10:
                break
        if found is None:
            raise InputError(
                f"{self.path.name}: tệp không có dòng nào. Xuất lại tệp từ nơi gửi.",
                place=self.path.name,
                code="file-empty",
            )
        return found

    def _has_mark(self) -> bool:
        import pyarrow as pa

        with pa.input_stream(self.path) as stream:
            return bool(stream.read(3) == b"\xef\xbb\xbf")

    def _open(self, columns: Sequence[int], refuse: Callable[[int, str], None]) -> Any:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        names = [str(place) for place in range(len(self.headings))]
        wanted = [names[column] for column in columns]
        self._skipped = []

        def refuse_row(row: Any) -> str:
            self._skipped.append(row.number - 1)
            text = str(row.text)
            if text.strip().strip(self._separator).strip():
                refuse(
                    self._first_line_of([row.number - 1 + self._records])[0],
                    f"có {row.actual_columns} ô, tiêu đề có {row.expected_columns} cột. Ô có dấu "
                    "phân cách thì đặt trong ngoặc kép; thiếu ô thì thêm dấu phân cách.",
                )
            return "skip"

        stream = pa.input_stream(self.path)
        stream.read(self._offset)
        text = pa.dictionary(pa.int32(), pa.string())
        try:
            return arrow_csv.open_csv(
                stream,
                read_options=arrow_csv.ReadOptions(
                    column_names=names, use_threads=False, block_size=_BLOCK
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self._separator,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=refuse_row,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(wanted, text),
                    include_columns=wanted,
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            if "Empty CSV" in str(error):
                return _Nothing()
            raise

    # --- telling what is wrong ---------------------------------------------------------------

    def _cannot_read(self, said: str) -> InputError:
        if "UTF8" in said or "UTF-8" in said:
            return self._encoding(f"dòng {self._first_foreign_line()} không phải UTF-8")
        return InputError(
            f"{self.path.name}: không đọc hết được, có dòng quá dài hoặc ngoặc kép không đóng. "
            "Mở tệp kiểm tra ngoặc kép, hoặc xuất lại.",
            place=self.path.name,
            code="file-unreadable",
        )

    def _encoding(self, what: str) -> InputError:
        return InputError(
            f"{self.path.name}: {what}, chữ Việt sẽ sai. Hãy {_UTF8}.",
            place=self.path.name,
            code="file-encoding",
        )

    def _first_foreign_line(self) -> int:
        import pyarrow as pa

        with pa.input_stream(self.path) as stream, io.BufferedReader(stream) as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    return number
        return 0

    def _first_line_of(self, records: list[int]) -> list[int]:
        """The line on which each record (from zero) starts."""
        if not records or self.path.suffix == ".gz":
            return [record + 1 for record in records]
        if self.path.stat().st_size > _COUNT_LINES_UNDER:
            return [record + 1 for record in records]
        starts: dict[int, int] = {}
        with self.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self._separator)
            line = 1
            for number, _ in enumerate(reader):
                if number in records:
                    starts[number] = line
                    if len(starts) == len(set(records)):
                        break
                line = reader.line_num + 1
        return [starts.get(record, record + 1) for record in records]


class _Nothing:
    """A reader of a file that ends with its heading."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def close(self) -> None:
        return None


def _cut(data: bytes) -> str:
    end = data.rfind(b"\n") + 1 or len(data) - 4
    return data[:end].decode("utf-8")


def _first_lines(head: str) -> str:
    return "\n".join(head.split("\n")[:10])
