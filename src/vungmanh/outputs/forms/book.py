"""What a workbook says of its sheets, names and formats: read only, never written back."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from vungmanh.core.text import fold, nfc
from vungmanh.outputs.forms.addresses import Area, Cell, area_of
from vungmanh.outputs.forms.refusals import broken, check_utf8, refused

WORKBOOK = "xl/workbook.xml"
_MAIN = ("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
         "{http://purl.oclc.org/ooxml/spreadsheetml/main}")  # fmt: skip
_ID = ("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
       "{http://purl.oclc.org/ooxml/officeDocument/relationships}id")  # fmt: skip
_DAYS = {
    str(one) for one in (*range(14, 18), 22, *range(27, 37), *range(50, 59))
}  # Excel's own formats of days
_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!(.+)", re.DOTALL)


@dataclass(frozen=True)
class Format:
    """What the look of a cell (`s`) means for filling it."""

    is_locked: bool = True
    holds_days: bool = False


@dataclass(frozen=True)
class Book:
    sheets: dict[str, str]  # the name of a sheet → its file in the archive
    names: dict[str, list[str]]  # a defined name → what it refers to
    formats: list[Format] = field(default_factory=list)
    since_1904: bool = False

    def file_of(self, sheet: str, place: str = "") -> str:
        """The file of a sheet. Raises InputError naming the sheets that there are."""
        if sheet in self.sheets:
            return self.sheets[sheet]
        near = [name for name in self.sheets if fold(name).split() == fold(sheet).split()]
        hint = f"có lẽ là “{near[0]}”" if near else f"tệp có: {', '.join(self.sheets)}"
        raise refused(
            "sheet-missing",
            f"Mẫu không có trang “{sheet}” ({hint}). Trang đã bị đổi tên hoặc bị xóa: lấy lại mẫu "
            "gốc, hoặc sửa tên trang trong tệp khai báo ô.",
            place,
        )

    def cell_named(self, name: str) -> tuple[str, str]:
        """Sheet and area of a name of the template. Raises InputError where it is not one."""
        found = self.names.get(name, []) or [
            said
            for other, refers in self.names.items()
            if other.lower() == name.lower()
            for said in refers
        ]  # Excel does not tell capitals of names apart
        if not found:
            raise refused(
                "name-missing",
                f"Mẫu không có ô nào tên “{name}”. Lấy lại mẫu gốc, hoặc chỉ ô ấy bằng trang và "
                "địa chỉ.",
                f"tên {name}",
            )
        reference = _REFERENCE.fullmatch(found[0]) if len(found) == 1 else None
        if reference is None or area_of(reference[3]) is None:
            raise refused(
                "name-unclear",
                f"Tên “{name}” trong mẫu không chỉ đúng một ô ({'; '.join(found)}). Chỉ ô ấy bằng "
                "trang và địa chỉ.",
                f"tên {name}",
            )
        sheet = (reference[1] or reference[2]).replace("''", "'")
        return nfc(sheet), reference[3].replace("$", "")


def read_book(read: Callable[[str], bytes], entries: set[str]) -> Book:
    """The sheets, names and formats of an archive. Raises InputError for a broken one."""
    root = _tree(read(WORKBOOK))
    files = _files(_tree(read("xl/_rels/workbook.xml.rels")))
    sheets = {}
    for sheet in _all(root, "sheets/sheet"):
        file = files.get(next((sheet.get(key, "") for key in _ID if sheet.get(key)), ""), "")
        if file in entries and "/worksheets/" in file:
            sheets[nfc(sheet.get("name", ""))] = file
    names: dict[str, list[str]] = {}
    for one in _all(root, "definedNames/definedName"):
        names.setdefault(nfc(one.get("name", "")), []).append((one.text or "").strip())
    properties = _all(root, "workbookPr")
    styles = "xl/styles.xml"
    return Book(
        sheets,
        names,
        _formats(_tree(read(styles))) if styles in entries else [],
        bool(properties) and properties[0].get("date1904") in {"1", "true"},
    )


def headings_of_tables(read: Callable[[str], bytes], entries: set[str], file: str) -> list[Area]:
    """Where a sheet's tables have their headings: Excel takes a table for damaged whose headings
    are not those that it keeps."""
    folder, name = posixpath.split(file)
    relations = f"{folder}/_rels/{name}.rels"
    found: list[Area] = []
    if relations not in entries:
        return found
    for one in _tree(read(relations)):
        target = one.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        if not one.get("Type", "").endswith("/table") or path not in entries:
            continue
        table = _tree(read(path))
        area = area_of(table.get("ref", ""))
        if area is not None and table.get("headerRowCount", "1") != "0":
            found.append(Area(area.first, Cell(area.first.row, area.last.column)))
    return found


def _files(relations: ElementTree.Element) -> dict[str, str]:
    found = {}
    for one in relations:
        target = one.get("Target", "")
        path = target[1:] if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[one.get("Id", "")] = path
    return found


def _formats(styles: ElementTree.Element) -> list[Format]:
    own = {
        one.get("numFmtId", ""): one.get("formatCode", "") for one in _all(styles, "numFmts/numFmt")
    }
    found = []
    for form in _all(styles, "cellXfs/xf"):
        locks = _all(form, "protection")
        number = form.get("numFmtId", "0")
        found.append(
            Format(
                is_locked=not (locks and locks[0].get("locked") in {"0", "false"}),
                holds_days=_shows_days(own[number]) if number in own else number in _DAYS,
            )
        )
    return found


def _shows_days(code: str) -> bool:
    """Whether a format shows a day: d or y outside quotes, colours and escapes."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.', "", code.split(";", maxsplit=1)[0]).lower()
    return "d" in bare or "y" in bare


def _all(root: ElementTree.Element, path: str) -> list[ElementTree.Element]:
    steps = path.split("/")
    return [
        one for space in _MAIN for one in root.findall("/".join(f"{space}{step}" for step in steps))
    ]


def _tree(data: bytes) -> ElementTree.Element:
    check_utf8(data)
    # A declaration of entities has no place in a workbook and is how small files grow huge.
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise broken()
    try:
        return ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError):
        raise broken() from None
