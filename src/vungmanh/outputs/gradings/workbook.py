"""The tables of a cycle as Excel: a sheet of totals, one for each group, one of complaints.

Numbers are numbers and days are days, the heading stays in sight, every sheet prints on A4 across.
What is not said is an empty cell, never a zero.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from vungmanh.core.text import date_vi
from vungmanh.outputs.gradings.tables import HELD, CycleTables, Figure, TableGroup, TableRow
from vungmanh.outputs.workbooks.write import CREATED

TOTALS, OBJECTIONS = "Tổng hợp", "Kiến nghị"
_LONGEST_SHEET, _LONGEST_CELL = 31, 32_000
_LINE_PT, _TALLEST_PT = 16, 400
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")

_Value = Figure | int | dt.date
_Column = tuple[str, int]


def cycle_workbook(tables: CycleTables) -> bytes:
    """The .xlsx: equal tables are equal bytes."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        title = f"Xếp loại năm {tables.year}, {tables.committee}"
        book.set_properties({"title": title[:255], "author": "Vững Mạnh", "created": CREATED})
        look = _look(book)
        taken: set[str] = set()
        _totals(book.add_worksheet(_sheet_name(TOTALS, taken)), look, tables, title)
        for group in tables.groups:
            _group(book.add_worksheet(_sheet_name(group.name, taken)), look, tables, group)
        _objections(book.add_worksheet(_sheet_name(OBJECTIONS, taken)), look, tables)
    return target.getvalue()


def _look(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    ruled = {**base, "border": 1, "border_color": "#867F73", "text_wrap": True}
    shaded = {**ruled, "bold": True, "bg_color": "#F2EEE5"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "plain": book.add_format(base),
        "heading": book.add_format({**shaded, "align": "center", "valign": "vcenter"}),
        "text": book.add_format(ruled),
        "number": book.add_format({**ruled, "align": "right"}),
        "order": book.add_format({**ruled, "align": "center"}),
        "day": book.add_format({**ruled, "align": "center", "num_format": "dd/mm/yyyy"}),
        "total": book.add_format({**shaded, "align": "right"}),
        "total_text": book.add_format(shaded),
    }


def _totals(sheet: Any, look: dict[str, Any], tables: CycleTables, title: str) -> None:
    columns: list[_Column] = [
        ("TT", 5), ("Nhóm", 44), ("Số hồ sơ", 9), *((grade, 15) for grade in tables.grades),
        ("Chưa quyết định", 13), ("Bị giữ lại do tỷ lệ", 14),
    ]  # fmt: skip
    rows: list[Sequence[_Value]] = []
    for number, group in enumerate(tables.groups, start=1):
        counts = Counter(row.grade for row in group.rows)
        held = sum(row.cap == HELD for row in group.rows)
        told = [counts[grade] for grade in tables.grades]
        rows.append([number, group.name, len(group.rows), *told, counts[""], held])
    lines = [f"Số liệu đến ngày {date_vi(tables.on)}."]
    if tables.caution:
        lines.append(f"Điểm theo: {tables.caution}.")
    top = _head(sheet, look, tables, title, lines)
    last = _table(sheet, look, columns, rows, top)
    if rows:
        last = _sums(sheet, look, rows, top, len(columns))
    _settle(sheet, top, last, len(columns))


def _sums(
    sheet: Any, look: dict[str, Any], rows: Sequence[Sequence[_Value]], top: int, width: int
) -> int:
    """The line of sums, as formulas with their results; the row it stands in."""
    from xlsxwriter.utility import xl_range

    at = top + len(rows) + 1
    sheet.write_blank(at, 0, None, look["total_text"])
    sheet.write_string(at, 1, "Cộng", look["total_text"])
    for column in range(2, width):
        cells = xl_range(top + 1, column, at - 1, column)
        whole = sum(row[column] for row in rows if isinstance(row[column], int))  # type: ignore[misc]
        sheet.write_formula(at, column, f"=SUM({cells})", look["total"], whole)
    return at


def _group(sheet: Any, look: dict[str, Any], tables: CycleTables, group: TableGroup) -> None:
    before = f"Năm {tables.year - 1}"
    if tables.is_break:
        before += " (quy định khác, không so sánh)"
    columns: list[_Column] = [
        ("TT", 4), ("Tổ chức, tập thể", 30), ("Loại hình", 13), *((one, 12) for one in group.parts),
        ("Tổng điểm", 7), ("Tự xếp loại", 14), ("Mức đề xuất", 14), ("Mức quyết định", 14),
        (before, 14), ("Tỷ lệ xuất sắc", 9), ("Số quyết định", 13), ("Ngày quyết định", 11),
        ("Ghi chú", 8),
    ]  # fmt: skip
    rows = [_values(number, row) for number, row in enumerate(group.rows, start=1)]
    lines = ["Ô trống là chưa ghi đủ tiêu chí hoặc chưa có mức."]
    top = _head(sheet, look, tables, f"{group.name}, năm {tables.year}", lines)
    _settle(sheet, top, _table(sheet, look, columns, rows, top), len(columns))


def _values(number: int, row: TableRow) -> list[_Value]:
    return [
        number, row.name, row.kind, *row.parts, row.total, row.own, row.proposed, row.grade,
        row.before, row.cap, row.document, row.document_date, row.note,
    ]  # fmt: skip


def _objections(sheet: Any, look: dict[str, Any], tables: CycleTables) -> None:
    columns: list[_Column] = [
        ("TT", 5), ("Tổ chức, tập thể", 34), ("Của", 15), ("Việc", 22), ("Ngày", 12),
        ("Nội dung, lý do", 50), ("Mức sau khi trả lời", 16), ("Số văn bản", 16),
        ("Ngày văn bản", 12),
    ]  # fmt: skip
    rows: list[Sequence[_Value]] = [
        [number, one.name, one.whose, one.act, one.on, one.reason, one.grade, one.document,
         one.document_date]
        for number, one in enumerate(tables.objections, start=1)
    ]  # fmt: skip
    lines = [] if rows else ["Không có kiến nghị nào trong kỳ."]
    top = _head(sheet, look, tables, f"Kiến nghị về xếp loại năm {tables.year}", lines)
    _settle(sheet, top, _table(sheet, look, columns, rows, top), len(columns))


def _head(
    sheet: Any, look: dict[str, Any], tables: CycleTables, title: str, lines: Sequence[str]
) -> int:
    """What the sheet is; the row in which its table begins."""
    sheet.write_string(0, 0, title, look["title"])
    said = [tables.committee, *lines]
    if tables.is_simulated:
        said.append("Dữ liệu mô phỏng: tên và số liệu do máy tạo ra.")
    for at, text in enumerate(said, start=1):
        sheet.write_string(at, 0, text, look["plain"])
    return len(said) + 2


def _table(
    sheet: Any,
    look: dict[str, Any],
    columns: Sequence[_Column],
    rows: Sequence[Sequence[_Value]],
    top: int,
) -> int:
    """The heading in row `top` and the rows below; the last row written."""
    widths = [width for _heading, width in columns]
    for column, (heading, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, look["heading"])
    sheet.set_row(top, _tall([heading for heading, _width in columns], widths))
    for at, row in enumerate(rows, start=top + 1):
        sheet.set_row(at, _tall(row, widths))
        for column, value in enumerate(row):
            _write(sheet, look, at, column, value)
    return top + len(rows)


def _tall(row: Sequence[_Value], widths: Sequence[int]) -> int:
    """The height in which every cell is read whole: programs differ in whether they find it."""
    lines = 1
    for value, width in zip(row, widths, strict=True):
        if isinstance(value, str):
            rows = (textwrap.wrap(line, max(width - 1, 4)) for line in value.splitlines())
            lines = max(lines, sum(max(len(one), 1) for one in rows))
    return min(_LINE_PT * lines + 3, _TALLEST_PT)


def _write(sheet: Any, look: dict[str, Any], at: int, column: int, value: _Value) -> None:
    if value is None or value == "":
        sheet.write_blank(at, column, None, look["text"])
    elif isinstance(value, dt.date):
        noon = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell knows no zone
        sheet.write_datetime(at, column, noon, look["day"])
    elif isinstance(value, (int, Fraction)):
        sheet.write_number(at, column, float(value), look["number" if column else "order"])
    else:
        sheet.write_string(at, column, value[:_LONGEST_CELL], look["text"])


def _settle(sheet: Any, top: int, last: int, width: int) -> None:
    sheet.freeze_panes(top + 1, 2)
    sheet.print_area(0, 0, last, width - 1)
    sheet.repeat_rows(top)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")


def _sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: short, without its signs, every one once."""
    plain = _FORBIDDEN.sub(",", name).replace(",,", ",").strip("' ") or "Nhóm"
    short, number = plain[:_LONGEST_SHEET].strip("' "), 1
    while short.casefold() in taken:
        number += 1
        short = f"{plain[: _LONGEST_SHEET - len(str(number)) - 1].strip()} {number}"
    taken.add(short.casefold())
    return short
