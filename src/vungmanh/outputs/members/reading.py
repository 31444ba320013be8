"""A file to rows that each say something of one member, with what is wrong in a reader's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi
from vungmanh.outputs.members.cells import YearOnly, day_of, key_of, says_nothing, status_of
from vungmanh.outputs.members.columns import column_of, columns_of, what_is_missing
from vungmanh.outputs.members.models import MemberColumn as C
from vungmanh.outputs.workbooks.cells import Cell, FormulaError, Unreadable, text_of
from vungmanh.outputs.workbooks.grid import Sheet, address, open_sheets

MOST_ROWS = 20_000  # the list of a large province's bloc; more is read branch by branch
HEAD_ROWS = 30
LONGEST_NAME = 120


@dataclass
class MemberRow:
    """A row that names somebody, or seems to."""

    place: str
    unit: str = ""  # as the file names it
    code: str = ""
    above: str = ""
    row: str = ""  # our own id of somebody, in a file that we wrote
    said: dict[str, str] = field(default_factory=dict)  # days as ISO text
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass
class ReadList:
    """A whole file. `columns` pairs each heading with what it was taken for."""

    columns: list[tuple[str, str]]
    titles: list[str]
    rows: list[MemberRow]
    problem: str = ""


def read_list(data: bytes, name: str, known: Mapping[str, str], today: dt.date) -> ReadList:
    """The rows of the one sheet that is a list. Raises InputError for the whole file."""
    sheets = [sheet for sheet in open_sheets(data, name) if not sheet.is_hidden]
    for place, sheet in enumerate(sheets):
        grid = dict(sheet.rows())
        head = _head_row(grid, known)
        if head is None:
            continue
        if len(grid) > MOST_ROWS:
            raise InputError(
                f"Tệp có hơn {number_vi(MOST_ROWS)} dòng. Chia theo đảng bộ rồi nạp từng tệp.",
                field="file", code="too-many-rows",
            )  # fmt: skip
        _check_alone(sheet, sheets[place + 1 :], known)
        return _read(sheet, grid, head, known, today)
    raise InputError(
        "Không thấy dòng tiêu đề. Dòng ấy cần có cột Họ và tên và cột Chi bộ.",
        field="file",
        code="no-headings",
    )


def _check_alone(sheet: Sheet, later: list[Sheet], known: Mapping[str, str]) -> None:
    """Raise InputError where another sheet lists people too: none of them is passed over."""
    for other in later:
        for _number, cells in islice(other.rows(), HEAD_ROWS):
            columns = {column_of(text, known) for text in _texts(cells) if text}
            if columns & {C.NAME, C.GIVEN} and columns & {C.UNIT, C.CODE, C.KEY, C.BORN}:
                raise InputError(
                    f"Tệp có nhiều trang danh sách: “{sheet.name}”, “{other.name}”. Để mỗi trang"
                    " một tệp, hoặc ẩn trang không dùng.",
                    field="file",
                    code="two-lists",
                )


def _head_row(grid: dict[int, list[Cell]], known: Mapping[str, str]) -> int | None:
    """The row most of whose texts are known headings; else the first with three plain texts."""
    best, most, plain = None, 0, None
    for number in sorted(grid)[:HEAD_ROWS]:
        texts = _texts(grid[number])
        found = len({column_of(text, known) for text in texts if text} - {None})
        if found > most:
            best, most = number, found
        if plain is None and sum(bool(t) and not any(c.isdigit() for c in t) for t in texts) >= 3:
            plain = number
    return best if most >= 2 else plain


def _texts(cells: list[Cell]) -> list[str]:
    return ["" if isinstance(one, FormulaError) else text_of(one)[:120] for one in cells]


def _read(
    sheet: Sheet, grid: dict[int, list[Cell]], head: int, known: Mapping[str, str], today: dt.date
) -> ReadList:
    headings = _texts(grid[head])
    columns = columns_of(headings, known)
    titles = [text for number in grid if number < head for text in _texts(grid[number]) if text]
    shown = [(text, column.value if column else "") for text, column in
             zip(headings, columns, strict=True) if text]  # fmt: skip
    problem = what_is_missing(columns)
    if problem:
        return ReadList(shown, titles, [], problem)
    at = {column: place for place, column in enumerate(columns) if column is not None}
    below = {number: cells for number, cells in grid.items() if number > head}
    spread = _spread(sheet, below, at)
    rows = list(_rows(sheet, below, at, spread, today))
    return ReadList(shown, titles, rows)


def _spread(sheet: Sheet, below: dict[int, list[Cell]], at: dict[C, int]) -> set[tuple[int, int]]:
    """A cell merged over rows speaks for each of them where it names a place; elsewhere it is a
    problem of each: the cells (row, column) that are hidden by such a merge."""
    hidden = set()
    places = {at[one] for one in (C.UNIT, C.CODE, C.ABOVE) if one in at}
    for top, first, bottom, last in sheet.merges:
        for number in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            for column in range(first, last + 1):
                if number not in below or column not in at.values():
                    continue
                if column in places and top in below and column < len(below[top]):
                    cells = below[number]
                    cells += [""] * (column + 1 - len(cells))
                    cells[column] = below[top][column]
                elif column not in places:
                    hidden.add((number, column))
    return hidden


def _rows(
    sheet: Sheet,
    below: dict[int, list[Cell]],
    at: dict[C, int],
    hidden: set[tuple[int, int]],
    today: dt.date,
) -> Iterator[MemberRow]:
    section = ""
    for number in sorted(below):
        cells = below[number]
        filled = [one for one in cells if not says_nothing(one)]
        if not filled:
            continue
        if len(filled) == 1 and isinstance(filled[0], str):
            section = text_of(filled[0])  # a line between groups: “Chi bộ thôn …”
            continue
        given = {one: cells[place] for one, place in at.items() if place < len(cells)}
        row = MemberRow(f"{sheet.name}!{number + 1}"[:80])
        merged = [one for one, place in at.items() if (number, place) in hidden]
        for one in merged:
            where = address(number, at[one])
            row.problems.append(f"Ô {where} gộp với dòng trên. Bỏ gộp ô rồi ghi từng dòng.")
        _fill(row, given, number, at, today)
        row.unit = row.unit or ("" if row.code else section)
        if row.said.get("name") or row.problems:
            yield row


def _fill(
    row: MemberRow, given: dict[C, Any], number: int, at: dict[C, int], today: dt.date
) -> None:
    def read(column: C, how: Any) -> Any:
        cell = given.get(column)
        if says_nothing(cell):
            return None
        try:
            return how(cell)
        except YearOnly:
            row.warnings.append(f"{column.label} chỉ ghi năm nên không lấy.")
        except Unreadable as told:
            row.problems.append(f"Ô {address(number, at[column])}: {told}")
        return None

    row.unit, row.code = read(C.UNIT, text_of) or "", read(C.CODE, text_of) or ""
    row.above, row.row = read(C.ABOVE, text_of) or "", read(C.ROW, text_of) or ""
    name = read(C.NAME, text_of)
    if name is None:
        name = " ".join(filter(None, (read(C.FAMILY, text_of), read(C.GIVEN, text_of))))
    born = read(C.BORN, lambda cell: day_of(cell, today, "Ngày sinh"))
    joined = read(C.JOINED, lambda cell: day_of(cell, today, "Ngày vào Đảng"))
    status, key = read(C.STATUS, status_of), read(C.KEY, key_of)
    said = {
        "name": name, "external_key": key, "status": status.value if status else None,
        "born_on": born.isoformat() if born else None,
        "joined_on": joined.isoformat() if joined else None,
    }  # fmt: skip
    row.said = {field: text for field, text in said.items() if text}
    if not name and (key or born or joined):
        row.problems.append("Dòng này chưa có họ tên. Ghi họ tên, hoặc xóa dòng.")
    elif name and (len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name)):
        row.problems.append(f"Họ tên phải là chữ, nhiều nhất {LONGEST_NAME} ký tự.")
