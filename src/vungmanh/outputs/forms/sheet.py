"""Where the cells of a sheet stand in its file, byte by byte.

A library that reads a workbook and writes it anew loses what it does not know (openpyxl: small
charts in cells, text boxes and other shapes, the stored order of things; a test shows it). So
nothing is written anew: the file is read once for the places of its cells, and only the bytes of
filled cells are replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from vungmanh.outputs.forms.addresses import MAX_ROW, Area, Cell, area_of, cell_of
from vungmanh.outputs.forms.limits import CellLimit, limit_of
from vungmanh.outputs.forms.refusals import broken, check_utf8, whole

MAX_STYLE = 100_000


@dataclass
class Span:
    """An element: where it begins, where its start tag ends, where it ends."""

    begin: int
    attributes: dict[str, str]
    tag_end: int = 0
    end: int = 0


@dataclass
class StoredCell(Span):
    style: int = 0
    has_formula: bool = False
    has_content: bool = False  # a value or words of its own
    result: Span | None = None  # the stored result of its formula, or its value


@dataclass
class StoredRow(Span):
    number: int = 0
    style: int | None = None  # of its cells that the file leaves out
    cells: dict[int, StoredCell] = field(default_factory=dict)


@dataclass
class Sheet:
    """What of a sheet matters for filling it."""

    prefix: str = ""
    rows: dict[int, StoredRow] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    arrays: list[Area] = field(default_factory=list)
    limits: list[CellLimit] = field(default_factory=list)
    looks: list[tuple[int, int, int]] = field(default_factory=list)  # columns from, to, style
    is_protected: bool = False
    rows_end: int = 0  # where the rows end

    @property
    def last_column(self) -> int:
        return max((max(row.cells, default=0) for row in self.rows.values()), default=0)

    @property
    def formulas(self) -> list[StoredCell]:
        return [
            cell for row in self.rows.values() for cell in row.cells.values() if cell.has_formula
        ]


def read_sheet(data: bytes) -> Sheet:
    """The places of a sheet's rows and cells. Raises InputError for what is not a plain sheet."""
    check_utf8(data)
    reader = _Reader(data)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError:
        raise broken() from None
    return reader.sheet


class _Reader:
    """Follows the tags of a sheet; positions are those of the file's bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.sheet = data, Sheet()
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.CharacterDataHandler = self._text
        self._path: list[tuple[str, Span | None]] = []
        self._row: StoredRow | None = None
        self._cell: StoredCell | None = None
        self._bound: list[str] | None = None  # the text of a bound that is being read
        self._last_row = 0

    def _doctype(self, *_said: Any) -> None:
        raise broken()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rsplit(":", 1)[-1]
        at = self.parser.CurrentByteIndex
        span: Span | None = None
        parent = self._path[-1][0] if self._path else ""
        if local == "worksheet":
            self.sheet.prefix = name[: -len(local)]
        elif local == "row" and parent == "sheetData":
            self._last_row = whole(attributes.get("r", str(self._last_row + 1)), MAX_ROW)
            span = self._row = StoredRow(at, attributes, number=self._last_row)
            if "s" in attributes:
                self._row.style = whole(attributes["s"], MAX_STYLE)
            self.sheet.rows[self._last_row] = self._row
        elif local == "c" and parent == "row" and self._row is not None:
            span = self._cell = self._stored_cell(at, attributes)
        elif parent == "c" and self._cell is not None:
            span = self._inside_cell(local, at, attributes)
        else:
            self._aside(local, attributes)
        if span is not None:
            span.tag_end = self._tag_end(at)
        self._path.append((local, span))

    def _stored_cell(self, at: int, attributes: dict[str, str]) -> StoredCell:
        assert self._row is not None
        where = cell_of(attributes.get("r", ""))
        column = where.column if where else max(self._row.cells, default=0) + 1
        made = StoredCell(at, attributes, style=whole(attributes.get("s", "0"), MAX_STYLE))
        self._row.cells[column] = made
        return made

    def _inside_cell(self, local: str, at: int, attributes: dict[str, str]) -> Span | None:
        assert self._cell is not None
        if local == "f":
            self._cell.has_formula = True
            if attributes.get("t") in {"array", "dataTable"}:
                self._keep(self.sheet.arrays, attributes.get("ref", ""))
        elif local == "is":
            self._cell.has_content = True
        elif local == "v":
            self._cell.has_content = True
            self._cell.result = Span(at, attributes)
            return self._cell.result
        return None

    def _aside(self, local: str, attributes: dict[str, str]) -> None:
        if local == "mergeCell":
            self._keep(self.sheet.merged, attributes.get("ref", ""))
        elif local == "sheetProtection":
            self.sheet.is_protected = attributes.get("sheet") in {"1", "true"}
        elif local == "col" and "style" in attributes:
            first, last = (whole(attributes.get(key, "0"), MAX_ROW) for key in ("min", "max"))
            self.sheet.looks.append((first, last, whole(attributes["style"], MAX_STYLE)))
        elif local == "dataValidation":
            self.sheet.limits.append(limit_of(attributes))
        elif local in {"formula1", "formula2"} and self._path[-1][0] == "dataValidation":
            self._bound = []

    def _text(self, text: str) -> None:
        if self._bound is not None:
            self._bound.append(text)

    def _keep(self, areas: list[Area], reference: str) -> None:
        area = area_of(reference)
        if area is not None:
            areas.append(area)

    def _end(self, _name: str) -> None:
        local, span = self._path.pop()
        if self._bound is not None and local in {"formula1", "formula2"}:
            self.sheet.limits[-1].bounds.append("".join(self._bound))
            self._bound = None
        at = self.parser.CurrentByteIndex
        if local == "sheetData":
            self.sheet.rows_end = at
        if span is None:
            return
        # An empty element <c/> ends where its only tag does.
        is_empty = self.data[span.tag_end - 2 : span.tag_end] == b"/>"
        span.end = span.tag_end if is_empty else self.data.index(b">", at) + 1
        if span is self._cell:
            self._cell = None

    def _tag_end(self, at: int) -> int:
        """Where a start tag ends: a ">" may also stand within quotes."""
        quote = 0
        for position in range(at, len(self.data)):
            byte = self.data[position]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return position + 1
        return len(self.data)


def stored(sheet: Sheet, cell: Cell) -> StoredCell | None:
    row = sheet.rows.get(cell.row)
    return row.cells.get(cell.column) if row else None


def style_of(sheet: Sheet, cell: Cell) -> int:
    """The look of a cell; one that the file leaves out looks as its row or its column does."""
    found, row = stored(sheet, cell), sheet.rows.get(cell.row)
    if found is not None:
        return found.style
    if row is not None and row.style is not None:
        return row.style
    return next((s for first, last, s in sheet.looks if first <= cell.column <= last), 0)
