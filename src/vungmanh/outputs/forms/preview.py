"""What would be filled, cell by cell, before anything is: what stands beside, and why not."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from vungmanh.core.errors import InputError
from vungmanh.outputs.forms.addresses import Cell
from vungmanh.outputs.forms.book import Book, headings_of_tables, read_book
from vungmanh.outputs.forms.check import Fill, check_fills
from vungmanh.outputs.forms.fill import element_of, fills_of, opened
from vungmanh.outputs.forms.mapping import Target
from vungmanh.outputs.forms.refusals import refused
from vungmanh.outputs.forms.sheet import Sheet, StoredCell, read_sheet, stored
from vungmanh.outputs.forms.values import Value

_STRINGS = "xl/sharedStrings.xml"
_ITEM = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_WORDS = re.compile(rb"<(?:\w+:)?t\b[^>]*?>(.*?)</(?:\w+:)?t>", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*?>(.*?)</(?:\w+:)?v>", re.DOTALL)
LONGEST_BESIDE = 120


@dataclass(frozen=True)
class Seen:
    """One target: where it lies, the words at its left or above, and why it cannot be filled."""

    target: Target
    sheet: str
    cell: str
    beside: str
    refusal: InputError | None = None


def book_of(template: bytes) -> Book:
    """Sheets and names of a template. Raises InputError for a file that cannot be filled."""
    with opened(template) as archive:
        book = read_book(archive.read, set(archive.namelist()))
        for file in book.sheets.values():
            read_sheet(archive.read(file))
    if not book.sheets:
        raise refused("broken", "Mẫu không có trang nào để điền. Lấy lại mẫu gốc.")
    return book


def look_over(
    template: bytes, mapping: Sequence[Target], values: Mapping[str, Value]
) -> list[Seen]:
    """Every target by itself, so that one that cannot be filled does not hide the others."""
    with opened(template) as archive:
        over = _Over(archive)
        return [over.seen(target, values) for target in mapping]


class _Over:
    """A template opened once, its sheets read when they are asked for."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.entries = archive, set(archive.namelist())
        self.book = read_book(archive.read, self.entries)
        self.sheets: dict[str, tuple[bytes, Sheet]] = {}
        self.taken: set[tuple[str, Cell]] = set()
        self.words: list[str] | None = None

    def seen(self, target: Target, values: Mapping[str, Value]) -> Seen:
        place, beside = (target.sheet, target.cell or target.name), ""
        try:
            ((sheet, (fill,)),) = fills_of(self.book, [target], values).items()
            place = (sheet, fill.cell.address)
            beside = self._beside(sheet, fill.cell)
            self._check(fill)
        except InputError as error:
            return Seen(target, *place, beside, error)
        return Seen(target, *place, beside)

    def _check(self, fill: Fill) -> None:
        file = self.book.file_of(fill.sheet, fill.place)
        _data, sheet = self._sheet(fill.sheet)
        check_fills(
            sheet, self.book, [fill], headings_of_tables(self.archive.read, self.entries, file)
        )
        if (fill.sheet, fill.cell) in self.taken:
            raise refused(
                "cell-twice", f"Hai giá trị cùng điền vào {fill.place}. Bỏ bớt một.", fill.place
            )
        self.taken.add((fill.sheet, fill.cell))
        if fill.value is not None:
            element_of(sheet, self.book, fill, stored(sheet, fill.cell))

    def _sheet(self, name: str) -> tuple[bytes, Sheet]:
        if name not in self.sheets:
            data = self.archive.read(self.book.file_of(name))
            self.sheets[name] = data, read_sheet(data)
        return self.sheets[name]

    def _beside(self, name: str, cell: Cell) -> str:
        """The nearest words at the left in its row, else above in its column."""
        data, sheet = self._sheet(name)
        row = sheet.rows.get(cell.row)
        left = sorted((row.cells if row else {}).items(), reverse=True)
        above = sorted(sheet.rows.items(), reverse=True)
        nearest = [one for column, one in left if column < cell.column]
        nearest += [
            one.cells[cell.column]
            for number, one in above
            if number < cell.row and cell.column in one.cells
        ]
        found = (self._said(data, one) for one in nearest)
        return next((said for said in found if said), "")

    def _said(self, data: bytes, one: StoredCell) -> str:
        """The words of a cell; "" for a number, which names nothing."""
        inside = data[one.begin : one.end]
        kind = one.attributes.get("t", "")
        if kind == "inlineStr":
            return _joined(inside)
        found = _VALUE.search(inside)
        if kind != "s" or found is None or not found[1].isdigit():
            return ""
        if self.words is None:
            shared = self.archive.read(_STRINGS) if _STRINGS in self.entries else b""
            self.words = [_joined(item[1] or b"") for item in _ITEM.finditer(shared)]
        number = int(found[1])
        return self.words[number] if number < len(self.words) else ""


def _joined(markup: bytes) -> str:
    said = b"".join(_WORDS.findall(markup)).decode("utf-8", "replace")
    return " ".join(unescape(said).split())[:LONGEST_BESIDE]
