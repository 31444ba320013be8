"""Sheets as rows of cells, whichever format they came in. Addresses are those the reader sees."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vungmanh.outputs.workbooks.cells import Cell, legible
from vungmanh.outputs.workbooks.guard import (
    MAX_COLUMNS,
    MAX_ROWS,
    FileKind,
    broken,
    is_bare_utf16,
    kind_of,
    refusal,
    too_large,
)
from vungmanh.outputs.workbooks.old_excel import scan_old_excel
from vungmanh.outputs.workbooks.scan import Errors, Scan, scan_archive

#: A merged rectangle: first row, first column, last row, last column, all from zero.
Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Sheet:
    """One sheet. `rows` gives (row number from zero, cells from column A) of the rows that hold
    anything, once."""

    name: str
    is_hidden: bool
    merges: tuple[Merge, ...]
    rows: Callable[[], Iterator[tuple[int, list[Cell]]]]


def open_sheets(data: bytes, name: str) -> list[Sheet]:
    """All sheets of a file. Raises InputError, one sentence, when the file may not be read."""
    kind = kind_of(data, name)
    if kind is FileKind.CSV:
        return [_csv_sheet(data, name)]
    scan = scan_old_excel(data) if kind is FileKind.XLS else scan_archive(data, kind)
    return _calamine_sheets(data, scan)


def address(row: int, column: int) -> str:
    """The address a reader sees: (13, 3) → "D14"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _calamine_sheets(data: bytes, scan: Scan) -> list[Sheet]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        for meta in book.sheets_metadata:
            if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
            found.append(_calamine_sheet(sheet, hidden, scan.errors.get(meta.name, {})))
    except calamine.PasswordError:
        raise refusal(
            "protected",
            "Tệp đặt mật khẩu nên không đọc được: mở bằng Excel, bỏ mật khẩu, lưu lại rồi nạp lại.",
        ) from None
    except (calamine.CalamineError, OSError, ValueError):
        raise broken() from None
    if sum(sheet_height for _, sheet_height in found) > MAX_ROWS:
        raise too_large()
    return [sheet for sheet, _ in found]


def _calamine_sheet(sheet, is_hidden: bool, errors: Errors) -> tuple[Sheet, int]:  # type: ignore[no-untyped-def]
    left = sheet.start[1] if sheet.start else 0
    merges = tuple(
        (top, first, bottom, last)
        for (top, first), (bottom, last) in (sheet.merged_cell_ranges or [])
    )
    failed: dict[int, list[int]] = {}
    for row, column in errors:
        failed.setdefault(row, []).append(column)

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        last = -1
        for number, given in enumerate(sheet.iter_rows()):
            last = number
            cells = [""] * left + given
            for column in failed.get(number, ()):
                cells += [""] * (column + 1 - len(cells))
                cells[column] = errors[number, column]
            if any(cell != "" for cell in cells):
                yield number, cells
        # Rows below the last filled one that hold only failed formulas are unknown to calamine.
        for number in sorted(row for row in failed if row > last):
            cells = [""] * (max(failed[number]) + 1)
            for column in failed[number]:
                cells[column] = errors[number, column]
            yield number, cells

    return Sheet(legible(sheet.name), is_hidden, merges, rows), sheet.height


# --- text files ------------------------------------------------------------------------------


def _csv_sheet(data: bytes, name: str) -> Sheet:
    text = decode(data)
    delimiter = _delimiter(text)

    def rows() -> Iterator[tuple[int, list[Cell]]]:
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter)):
                if number >= MAX_ROWS or len(cells) > MAX_COLUMNS:
                    raise too_large()
                if any(cells):
                    yield number, list(cells)
        except csv.Error:
            raise broken() from None

    return Sheet(name.rsplit(".", 1)[0], False, (), rows)


def decode(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 or windows-1258, NFC.

    Raises InputError when it is none of them, or shows the marks of a wrong conversion.
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1258" and not _looks_vietnamese(text):
            continue
        return unicodedata.normalize("NFC", text)
    raise wrong_encoding()


def wrong_encoding() -> Exception:
    return refusal(
        "encoding",
        "Chữ tiếng Việt trong tệp bị sai bảng mã: mở tệp gốc bằng Excel, chọn Lưu thành "
        "“CSV UTF-8” hoặc .xlsx rồi nạp lại.",
    )


def _encodings(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    if is_bare_utf16(data):
        even = data[:4096:2].count(0)
        return ["utf-16-be" if even > data[1:4096:2].count(0) else "utf-16-le"]
    return ["utf-8-sig", "cp1258"]


def _looks_vietnamese(text: str) -> bool:
    """Whether text decoded as windows-1258 holds Vietnamese: its combining tones give it away."""
    letters = [c for c in text if ord(c) > 127]
    tones = sum(1 for c in letters if unicodedata.combining(c))
    known = sum(1 for c in letters if c in "ăâđêôơưĂÂĐÊÔƠƯ") + tones
    odd = sum(1 for c in letters if not c.isalpha() and not unicodedata.combining(c))
    return known > 0 and odd * 4 <= len(letters)


def _delimiter(text: str) -> str:
    lines = text[:20_000].splitlines()[:40]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in ";\t,"}
    # A comma also parts decimals and words, so it wins only when the others are absent.
    if counts[";"] >= len(lines) // 2 and counts[";"] > counts["\t"]:
        return ";"
    return "\t" if counts["\t"] >= max(len(lines) // 2, 1) else ","
