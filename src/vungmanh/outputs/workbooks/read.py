"""A file of monthly reports to rows. One door for both layouts, whichever format they came in.

The layout we write (`addressed`) is told by its hidden sheet; anything else with a heading that
names cells is the roll-up used in practice. Both go through the same headings and the same rules:
an office that rearranges our workbook, or adds our columns to its own, is understood all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vungmanh.core.text import fold
from vungmanh.outputs.workbooks.cells import Cell, number_of, text_of
from vungmanh.outputs.workbooks.columns import (
    FACTS,
    LAYOUT_SHEET,
    LAYOUT_VERSION,
    TITLES,
    Field,
)
from vungmanh.outputs.workbooks.days import month_in, year_in
from vungmanh.outputs.workbooks.grid import Sheet, open_sheets, wrong_encoding
from vungmanh.outputs.workbooks.guard import refusal
from vungmanh.outputs.workbooks.headers import (
    MAX_HEADING_ROWS,
    Heading,
    Row,
    field_named,
    find_heading,
    is_column_count,
)
from vungmanh.outputs.workbooks.interpret import Table, read_row
from vungmanh.outputs.workbooks.rows import Problem, ReadRow

ADDRESSED, ROLLUP = "addressed", "rollup"
_SECTIONS = 10_000  # tables of one sheet, told apart by the number of their section
_LOOK_FOR_HEADING = 80  # rows that hold anything, from the top of a sheet


@dataclass(frozen=True)
class _Plan:
    sheet: Sheet
    heading: Heading
    titles: tuple[str, ...]
    month: date | None
    where: str


@dataclass(frozen=True)
class ReadResult:
    """What a file holds: its layout and its rows, which stream."""

    layout: str
    plans: tuple[_Plan, ...]
    unread: tuple[str, ...]  # sheets that hold figures under no heading we know

    def titles_of(self, row: ReadRow) -> tuple[str, ...]:
        """The lines above the table a row stands in."""
        return self.plans[row.section // _SECTIONS].titles

    def rows(self) -> Iterator[ReadRow]:
        """Every line that speaks of a cell, in the order of the file."""
        for number, plan in enumerate(self.plans):
            yield from _rows_of(plan, number)
        for name in self.unread:
            message = (
                "Không thấy dòng tiêu đề có cột “Chi bộ” và “Ngày họp”, nên trang này chưa đọc."
            )
            place = f"trang “{name}”"
            yield ReadRow(place, name, problems=[Problem("sheet", place, message)])


def read_workbook(data: bytes, name: str) -> ReadResult:
    """Open a file and find its tables. `name` is the file's own, for its extension and month.

    Raises InputError (code `workbook-…`, one sentence) when the file as a whole cannot be read.
    """
    sheets = open_sheets(data, name)
    layout = _layout(sheets)
    seen: list[str] = []
    unread: list[str] = []
    found = []
    for sheet in sheets:
        if not sheet.is_hidden:
            top = _top(sheet)
            if located := _locate(top, sheet):
                found.append((sheet, *located))
            elif _holds_figures(top):
                unread.append(sheet.name)
            seen += [text for row in top for text in _texts(row)]
    if not found:
        raise _no_table(seen)
    plans = []
    for sheet, heading, above in found:
        where = f"trang “{sheet.name}”, " if len(found) > 1 else ""
        _refuse_doubled(heading, where)
        month = _month_of(heading, above, sheet.name, name)
        plans.append(_Plan(sheet, heading, above, month, where))
    return ReadResult(layout, tuple(plans), tuple(unread))


def _layout(sheets: list[Sheet]) -> str:
    for sheet in sheets:
        if sheet.name != LAYOUT_SHEET:
            continue
        for _, cells in sheet.rows():
            version = number_of(cells[1], grouped=False) if len(cells) > 1 else None
            if text_of(cells[0]) == "layout" and version and version > LAYOUT_VERSION:
                raise refusal(
                    "newer-layout",
                    "Tệp theo mẫu mới hơn chương trình này: tải lại mẫu từ trang Nhập rồi chép "
                    "số liệu sang.",
                )
        return ADDRESSED
    return ROLLUP


def _top(sheet: Sheet) -> list[Row]:
    top: list[Row] = []
    for row in sheet.rows():
        top.append(row)
        if len(top) >= _LOOK_FOR_HEADING + MAX_HEADING_ROWS:
            break
    return top


def _locate(top: list[Row], sheet: Sheet) -> tuple[Heading, tuple[str, ...]] | None:
    titles: list[str] = []
    for index, row in enumerate(top[:_LOOK_FOR_HEADING]):
        if heading := find_heading(top[index : index + MAX_HEADING_ROWS], sheet.merges):
            return heading, tuple(titles)
        titles += _texts(row)
    return None


def _holds_figures(top: list[Row]) -> bool:
    return sum(sum(not isinstance(cell, str) for cell in cells) >= 3 for _, cells in top) >= 2


def _texts(row: Row) -> list[str]:
    return [text_of(cell) for cell in row[1] if isinstance(cell, str) and cell.strip()]


def _month_of(heading: Heading, titles: tuple[str, ...], sheet: str, file: str) -> date | None:
    """The month that holds for a whole table: from its title, its sheet, or its file's name."""
    places = [*titles, sheet, file]
    for text in places:
        if month := month_in(text):
            return month
    years = {year for text in places if (year := year_in(text))}
    if len(years) == 1:
        year = years.pop()
        for text in places:
            if month := month_in(text, year=year):
                return month
    if {Field.MONTH, Field.MONTH_KEY} & heading.columns.keys():
        return None  # each row says its own
    raise refusal(
        "no-month",
        "Không thấy tháng báo cáo: ghi “Tháng 11/2026” (tháng và năm) vào dòng tiêu đề phía trên "
        "bảng rồi nạp lại.",
    )


def _refuse_doubled(heading: Heading, where: str) -> None:
    for field in heading.doubled:
        if field in FACTS or field is Field.NAME:
            raise refusal(
                "doubled-column",
                f"{where.capitalize()}bảng có hai cột “{TITLES[field]}”: giữ lại một cột rồi "
                "nạp lại.",
            )


def _no_table(seen: list[str]) -> Exception:
    text = " ".join(seen)
    if any(mark in text for mark in ("á»", "áº", "Ä‘", "Æ°", "\ufffd")):
        return wrong_encoding()
    if _is_old_font(text):
        return refusal(
            "old-font",
            "Tệp dùng phông chữ cũ (TCVN3, VNI): chuyển sang Unicode (phông Times New Roman) "
            "rồi nạp lại.",
        )
    return refusal(
        "no-heading",
        "Không thấy bảng số liệu: cần một dòng tiêu đề có cột “Chi bộ” và cột “Ngày họp” "
        "(hoặc dùng mẫu tải từ trang Nhập).",
    )


def _is_old_font(text: str) -> bool:
    """Vietnamese typed in a pre-Unicode font reads as Western letters and signs."""
    odd = sum(text.count(c) for c in "®¬­©ª«¨µ¸¶·¹Ö×ÞÝÜ§") + sum(
        text.lower().count(pair) for pair in ("ñaû", "chi boä", "ñoà", "thaùng")
    )
    return odd >= 3 and not any(c in text.lower() for c in "ạảấầẩẫậắằẳẵặẹẻẽếềểễệ")


# --- rows ------------------------------------------------------------------------------------


def _rows_of(plan: _Plan, number: int) -> Iterator[ReadRow]:
    """The rows under a heading; a heading met again (next page, next group) starts anew."""
    heading, month, section = plan.heading, plan.month, number * _SECTIONS
    is_first = True
    waiting: list[Row] = []
    source = iter(plan.sheet.rows())
    while True:
        while len(waiting) < MAX_HEADING_ROWS and (row := next(source, None)) is not None:
            if row[0] > heading.last or waiting:
                waiting.append(row)
        if not waiting:
            return
        row = waiting[0]
        if _may_be_heading(row, heading) and (again := find_heading(waiting, plan.sheet.merges)):
            heading, section, is_first = again, section + 1, True
            waiting = [row for row in waiting if row[0] > again.last]
            continue
        waiting.pop(0)
        if is_first and is_column_count(row, heading):
            continue
        is_first = False
        month = _new_month(row) or month
        if read := read_row(Table(heading, month, plan.where, section), *row):
            yield read


def _may_be_heading(row: Row, heading: Heading) -> bool:
    """A cheap look before the full one: the name column repeats its own heading."""
    column = heading.columns[Field.NAME]
    cell: Cell = row[1][column] if column < len(row[1]) else ""
    return isinstance(cell, str) and len(cell) <= 40 and field_named(cell) is Field.NAME


def _new_month(row: Row) -> date | None:
    """The month that a title between two tables of one sheet names, if this row is such a title."""
    texts = [cell for cell in row[1] if cell != ""]
    if len(texts) > 2 or not isinstance(texts[0], str):
        return None
    is_title = fold(texts[0]).startswith(("thang ", "bieu ", "bang ", "tong hop ", "ket qua "))
    return month_in(texts[0]) if is_title else None
