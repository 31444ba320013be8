"""A first pass over the XML of a workbook: how far it reaches, and which formulas failed.

calamine lays each sheet out as a full rectangle and gives failed formulas as empty cells. So before
it opens a file, this pass refuses a sheet that reaches too far and notes where errors stand. It
streams: memory stays small whatever the file declares.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from vungmanh.outputs.workbooks.cells import FormulaError, legible
from vungmanh.outputs.workbooks.guard import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    FileKind,
    broken,
    too_large,
)

#: Failed formulas by (row, column), both from zero.
Errors = dict[tuple[int, int], FormulaError]


@dataclass
class Scan:
    """Failed formulas of each sheet, by the sheet's name."""

    errors: dict[str, Errors] = field(default_factory=dict)


def scan_archive(data: bytes, kind: FileKind) -> Scan:
    """Read the sheets' XML once. Raises InputError when broken or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _scan_ods(archive) if kind is FileKind.ODS else _scan_xlsx(archive)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, OSError, KeyError, EOFError):
        raise broken() from None
    except (NotImplementedError, UnicodeDecodeError, ValueError, RuntimeError):
        raise broken() from None


class Extent:
    """How far the filled cells of a sheet reach; refuses as soon as it is too far.

    `before` is what the sheets before it take: all sheets of a file are laid out together.
    """

    def __init__(self, before: int = 0) -> None:
        self.top: int | None = None
        self.bottom = self.right = 0
        self.left = MAX_COLUMNS * 1000
        self.laid_out = self._before = before

    def add(self, row: int, column: int, *, rows: int = 1, columns: int = 1) -> None:
        self.top = row if self.top is None else min(self.top, row)
        self.left = min(self.left, column)
        self.bottom = max(self.bottom, row + rows - 1)
        self.right = max(self.right, column + columns - 1)
        height, width = self.bottom - self.top + 1, self.right - self.left + 1
        self.laid_out = self._before + height * width
        if height > MAX_ROWS or width > MAX_COLUMNS or self.laid_out > MAX_CELLS:
            raise too_large()

    def next_sheet(self) -> Extent:
        return Extent(self.laid_out)


# --- xlsx ------------------------------------------------------------------------------------

_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)>(?:\s*<(?:\w+:)?(f|v|is)\b)?")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s>/])")
_REF = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ERROR = re.compile(rb'\bt="e"')
_TEXT_RESULT = re.compile(rb'\bt="str"')
_END_OF_CELL = b"</c>"
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_CHUNK = 1 << 20
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _scan_xlsx(archive: zipfile.ZipFile) -> Scan:
    scan, extent = Scan(), Extent()
    for name, part in _parts(archive):
        errors: Errors = {}
        extent = extent.next_sheet()
        for piece in _pieces(archive, part):
            _scan_piece(piece, extent, errors)
        scan.errors[name] = errors
    if "xl/sharedStrings.xml" in archive.namelist():
        for _ in _pieces(archive, "xl/sharedStrings.xml"):
            pass  # read to the end, so that a lying directory shows itself here
    return scan


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Names of the sheets and where their XML stands."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    known = set(archive.namelist())
    for sheet in book.iter():
        if not sheet.tag.endswith("}sheet"):
            continue
        target = targets.get(sheet.get(_REL) or sheet.get("id"), "")
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        if part in known and "/worksheets/" in f"/{part}":
            yield sheet.get("name", ""), part


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML in pieces that never part a cell from its value."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = max(rest.rfind(b"<c "), rest.rfind(b":c "))
            cut = rest.rfind(b"<", 0, cut + 1) if cut > 0 else 0
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > 8 * _CHUNK:
                rest = rest[-_CHUNK:]  # no cell within 8 MB: not a part that holds cells
    yield rest


def _scan_piece(piece: bytes, extent: Extent, errors: Errors) -> None:
    for match in _CELL.finditer(piece):
        attributes, inside = match[1], match[2]
        if inside is None or attributes.endswith(b"/"):
            continue
        ref = _REF.search(attributes)
        if ref is None:
            raise broken()  # legal but unheard of; Excel writes the address when it saves again
        row, column = int(ref[2]) - 1, _column_number(ref[1])
        extent.add(row, column)
        failed = _ERROR.search(attributes)
        if not failed and (inside != b"f" or _TEXT_RESULT.search(attributes)):
            continue
        end = piece.find(b"</", match.end() - 3)  # of the formula, or of the value itself
        value = _VALUE.search(piece, match.end() - 3, end + 4000)
        if failed or value is None or piece.find(_END_OF_CELL, end, value.start()) >= 0:
            # A formula whose result was never stored is unknown, which is not blank either.
            text = value[1].decode("utf-8", "replace") if failed and value else ""
            errors[row, column] = FormulaError(legible(text))


_COLUMN_NUMBERS: dict[bytes, int] = {}


def _column_number(letters: bytes) -> int:
    """A, B, … Z, AA … as 0, 1, …"""
    if letters not in _COLUMN_NUMBERS:
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        _COLUMN_NUMBERS[letters] = number - 1
    return _COLUMN_NUMBERS[letters]


# --- ods -------------------------------------------------------------------------------------

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


def _scan_ods(archive: zipfile.ZipFile) -> Scan:
    scan = Scan()
    sheet, row = "", 0
    extent, errors = Extent(), Errors()
    with archive.open("content.xml") as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    sheet, row = element.get(f"{_TABLE}name", ""), 0
                    extent, errors = extent.next_sheet(), {}
                continue
            if element.tag == f"{_TABLE}table-row":
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                _scan_ods_row(element, row, repeated, extent, errors)
                row += repeated
                element.clear()
            elif element.tag == f"{_TABLE}table":
                scan.errors[sheet] = errors
                element.clear()
    return scan


def _scan_ods_row(
    element: ElementTree.Element, row: int, repeated: int, extent: Extent, errors: Errors
) -> None:
    column = 0
    for cell in element:
        width = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell.get(_OFFICE) is not None or len(cell):
            extent.add(row, column, rows=repeated, columns=width)
            text = "".join(cell.itertext())
            if cell.get(_CALCEXT) == "error":
                for offset in range(width):
                    errors[row, column + offset] = FormulaError(text)
        column += width
