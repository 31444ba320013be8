"""Fill a supplied Excel template: the named cells, and nothing else.

The template must not be altered (domain.md §8.1, HN02: READ), so the archive is copied entry by
entry and only the bytes of filled cells change. Two things follow from filling and are the only
other changes: stored results of formulas are taken out and the workbook is told to count anew when
it is opened, for an old total beside new figures would be a false figure.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from vungmanh.core.errors import InputError
from vungmanh.outputs.forms.addresses import Cell, area_of
from vungmanh.outputs.forms.book import WORKBOOK, Book, headings_of_tables, read_book
from vungmanh.outputs.forms.check import Fill, check_fills, check_limits, format_of
from vungmanh.outputs.forms.mapping import Target
from vungmanh.outputs.forms.refusals import broken, place_of, refused
from vungmanh.outputs.forms.sheet import Sheet, StoredCell, StoredRow, read_sheet, stored, style_of
from vungmanh.outputs.forms.values import Value, inside
from vungmanh.outputs.workbooks.guard import FileKind, kind_of

_KIND = re.compile(rb"""\s+t\s*=\s*("[^"]*"|'[^']*')""")
_CALC = re.compile(rb"<((?:\w+:)?)calcPr\b[^>]*?(/?)>")
_FULL = re.compile(rb"""\s+fullCalcOnLoad\s*=\s*("[^"]*"|'[^']*')""")
_NAMES_END = re.compile(rb"</((?:\w+:)?)sheets\s*>|</((?:\w+:)?)definedNames\s*>")


_Change = tuple[int, int, bytes]  # from, to, what stands there instead


def fill_template(template: bytes, mapping: Sequence[Target], values: Mapping[str, Value]) -> bytes:
    """The template with the values in its cells. A value of None leaves its cell alone.

    Raises InputError (`form-…` or, for a file that may not be opened, `workbook-…`).
    """
    with opened(template) as archive:
        entries = archive.infolist()
        book = read_book(archive.read, {entry.filename for entry in entries})
        fills = fills_of(book, mapping, values)
        made = _changed(archive, book, fills)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as copy:
            for entry in entries:
                data = made.get(entry.filename)
                copy.writestr(entry, archive.read(entry) if data is None else data)
            copy.comment = archive.comment
    return target.getvalue()


def _not_xlsx() -> InputError:
    return refused("not-xlsx", "Mẫu phải là tệp .xlsx. Mở bằng Excel, lưu lại thành .xlsx.")


def opened(template: bytes) -> zipfile.ZipFile:
    try:
        kind = kind_of(template, "")
    except InputError as error:
        if error.code == "workbook-not-a-workbook":
            raise _not_xlsx() from None
        if error.code != "workbook-macros":
            raise
        raise refused(
            "macros",
            "Mẫu có macro nên không nhận, để giữ an toàn. Xin bản .xlsx không macro của nơi ban "
            "hành.",
        ) from None
    if kind is not FileKind.XLSX:
        raise _not_xlsx()
    archive = zipfile.ZipFile(io.BytesIO(template))
    names = archive.namelist()
    if len(set(names)) < len(names) or archive.testzip() is not None:
        raise broken()
    if "xl/_rels/workbook.xml.rels" not in names:
        raise broken()
    if any(name.startswith("_xmlsignatures/") for name in names):
        raise refused("signed", "Mẫu đã ký số: điền vào sẽ làm hỏng chữ ký. Xin bản mẫu chưa ký.")
    return archive


def fills_of(
    book: Book, mapping: Sequence[Target], values: Mapping[str, Value]
) -> dict[str, list[Fill]]:
    """What goes where, by sheet; every target is checked, also one that stays blank."""
    found: dict[str, list[Fill]] = {}
    seen: set[tuple[str, Cell]] = set()
    for target in mapping:
        sheet, reference = (
            book.cell_named(target.name) if target.name else (target.sheet, target.cell)
        )
        area = area_of(reference)
        if area is None:
            raise refused("cell-unknown", f"“{reference}” không phải địa chỉ ô. Ghi như C7.")
        place = place_of(sheet, area.first.address)
        book.file_of(sheet, place)
        if target.value not in values:
            raise refused(
                "value-missing", f"Chưa có giá trị “{target.value}” để điền vào {place}.", place
            )
        if (sheet, area.first) in seen:
            raise refused("cell-twice", f"Hai giá trị cùng điền vào {place}. Bỏ bớt một.", place)
        seen.add((sheet, area.first))
        found.setdefault(sheet, []).append(
            Fill(sheet, area, values[target.value], target.into_empty)
        )
    return found


def _changed(
    archive: zipfile.ZipFile, book: Book, fills: Mapping[str, Sequence[Fill]]
) -> dict[str, bytes]:
    """The entries that change, with their new content."""
    made, counts_anew = {}, False
    entries = set(archive.namelist())
    is_filled = any(fill.value is not None for said in fills.values() for fill in said)
    for name, file in book.sheets.items():
        said = fills.get(name, ())
        data = archive.read(file)
        if not said and not (is_filled and re.search(rb"<(?:\w+:)?f[\s>/]", data)):
            continue
        sheet = read_sheet(data)
        check_fills(sheet, book, said, headings_of_tables(archive.read, entries, file))
        changes = _cell_changes(data, sheet, book, [one for one in said if one.value is not None])
        if is_filled and sheet.formulas:
            counts_anew = True
            changes += _without_results(data, sheet)
        if changes:
            made[file] = _spliced(data, changes)
    if counts_anew:
        made[WORKBOOK] = _counting_anew(archive.read(WORKBOOK))
    return made


def _cell_changes(data: bytes, sheet: Sheet, book: Book, fills: Sequence[Fill]) -> list[_Change]:
    changes: list[_Change] = []
    added: dict[int, list[tuple[int, bytes]]] = {}
    for fill in fills:
        found = stored(sheet, fill.cell)
        made = element_of(sheet, book, fill, found)
        if found:
            changes.append((found.begin, found.end, made))
        else:
            added.setdefault(fill.cell.row, []).append((fill.cell.column, made))
    new_rows: dict[int, bytes] = {}
    for number, cells in added.items():
        row = sheet.rows.get(number)
        if row:
            changes += _added_to_row(data, sheet, row, sorted(cells))
        else:
            inner = b"".join(made for _column, made in sorted(cells))
            tag = f"{sheet.prefix}row".encode()
            new_rows[number] = b'<%s r="%d">%s</%s>' % (tag, number, inner, tag)
    for number, made in sorted(new_rows.items()):
        later = [row.begin for row in sheet.rows.values() if row.number > number]
        at = min(later, default=sheet.rows_end)
        changes.append((at, at, made))
    return changes


def element_of(sheet: Sheet, book: Book, fill: Fill, found: StoredCell | None) -> bytes:
    """A whole cell: its address and look as they were, the value new."""
    kind, content = inside(
        fill.value,
        fill.place,
        sheet.prefix,
        holds_days=format_of(sheet, book, fill.cell).holds_days,
        since_1904=book.since_1904,
    )
    check_limits(sheet, fill)
    kept = {"r": fill.cell.address}
    if found:
        kept |= {key: said for key, said in found.attributes.items() if key in {"r", "s", "ph"}}
    elif style := style_of(sheet, fill.cell):
        kept["s"] = str(style)
    if kind:
        kept["t"] = kind
    tag = f"{sheet.prefix}c"
    attributes = "".join(f" {key}={quoteattr(said)}" for key, said in kept.items())
    return f"<{tag}{attributes}>{content}</{tag}>".encode()


def _added_to_row(
    data: bytes, sheet: Sheet, row: StoredRow, cells: Sequence[tuple[int, bytes]]
) -> list[_Change]:
    """Cells that the template left out because they were empty and plain."""
    tag = f"{sheet.prefix}row".encode()
    if row.end == row.tag_end:  # <row/> has no inside yet
        inner = b"".join(made for _column, made in cells)
        opened = data[row.begin : row.tag_end - 2].rstrip() + b">"
        return [(row.begin, row.end, opened + inner + b"</" + tag + b">")]
    changes = []
    for column, made in cells:
        later = [cell.begin for number, cell in row.cells.items() if number > column]
        at = min(later, default=data.rindex(b"<", 0, row.end))
        changes.append((at, at, made))
    return changes


def _without_results(data: bytes, sheet: Sheet) -> list[_Change]:
    """Formulas stay, what they came to is taken out."""
    changes = []
    for cell in sheet.formulas:
        tag = data[cell.begin : cell.tag_end]
        bare = _KIND.sub(b"", tag)
        if bare != tag:
            changes.append((cell.begin, cell.tag_end, bare))
        if cell.result:
            changes.append((cell.result.begin, cell.result.end, b""))
    return changes


def _counting_anew(workbook: bytes) -> bytes:
    """The workbook told to count when it is opened."""
    found = _CALC.search(workbook)
    if found:
        tag = _FULL.sub(b"", found[0])
        close = b"/>" if found[2] else b">"
        told = tag[: -len(close)].rstrip() + b' fullCalcOnLoad="1"' + close
        return workbook[: found.start()] + told + workbook[found.end() :]
    # Its place in the order of a workbook is after the sheets and the names.
    ends = list(_NAMES_END.finditer(workbook))
    if not ends:
        raise broken()
    prefix = ends[-1][1] or ends[-1][2] or b""
    at = ends[-1].end()
    return workbook[:at] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + workbook[at:]


def _spliced(data: bytes, changes: list[_Change]) -> bytes:
    """The bytes with each change in its place; changes do not overlap."""
    pieces, at = [], 0
    for begin, end, made in sorted(changes, key=lambda change: (change[0], change[1])):
        pieces += [data[at:begin], made]
        at = end
    return b"".join([*pieces, data[at:]])
