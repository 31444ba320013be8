"""The monthly roll-up as offices keep it (domain.md §2.4 g): title block, two-row heading, groups,
blank rows, a total, a place to sign. No ids: what a reader must cope with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from vungmanh.core.vocabulary import ReportState
from vungmanh.outputs.workbooks.columns import MARKS, TITLES, Field
from vungmanh.outputs.workbooks.write import CREATED, SheetRow

Bands = Callable[[float], str]
_BANDS = {"tot": 5, "kha": 6, "trung_binh": 7, "kem": 8}
_LAST = 9
_ROMAN = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
    (1, "I"),
)  # fmt: skip


def write_rollup_workbook(
    target: Path | IO[bytes],
    committee_name: str,
    month: dt.date,
    rows: Iterable[SheetRow],
    *,
    bands: Bands | None = None,
) -> None:
    """Write the roll-up of a month. `bands` gives a score's mark: tot, kha, trung_binh, kem."""
    import xlsxwriter

    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": "Tổng hợp sinh hoạt chi bộ", "created": CREATED})
        look = _look(book)
        sheet = book.add_worksheet(f"Tháng {month.month}")
        _write_head(sheet, look, committee_name, month)
        at, number, members = 7, 0, 0
        groups = groupby(rows, key=lambda row: row.organisation)
        for index, (organisation, group) in enumerate(groups):
            if organisation:
                sheet.write_row(at, 0, [_roman(index + 1), organisation], look["bold"])
                at += 1
            for row in group:
                number += 1
                members += int(row.values.get("members") or 0)
                _write_row(sheet, look, row, bands, at=at, number=number)
                at += 1
            at += 1  # offices leave a blank row between groups
        sheet.merge_range(at, 0, at, 1, "Tổng cộng", look["bold"])
        sheet.write_number(at, 2, members, look["bold"])
        _write_foot(sheet, look, at + 2, month)


def _roman(number: int) -> str:
    """The ordinal of a group. In digits it would be read back as a line of a cell."""
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _look(book: Any) -> dict[str, Any]:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
    ruled = {**base, "border": 1}
    return {
        "plain": book.add_format(base),
        "title": book.add_format({**base, "bold": True, "align": "center"}),
        "heading": book.add_format({**ruled, "bold": True, "align": "center", "text_wrap": True}),
        "cell": book.add_format({**ruled, "text_wrap": True}),
        "center": book.add_format({**ruled, "align": "center"}),
        "date": book.add_format({**ruled, "align": "center", "num_format": "dd/mm/yyyy"}),
        "bold": book.add_format({**ruled, "bold": True}),
    }


def _write_head(sheet: Any, look: dict[str, Any], committee_name: str, month: dt.date) -> None:
    sheet.merge_range(0, 0, 0, 3, committee_name.upper(), look["title"])
    sheet.merge_range(0, 5, 0, _LAST, "ĐẢNG CỘNG SẢN VIỆT NAM", look["title"])
    title = f"TỔNG HỢP CHẤT LƯỢNG SINH HOẠT CHI BỘ THÁNG {month.month} NĂM {month.year}"
    sheet.merge_range(2, 0, 2, _LAST, title, look["title"])
    tall = (Field.NUMBER, Field.NAME, Field.MEMBERS, Field.HELD_ON, Field.SCORE)
    for column, name in enumerate(tall):
        sheet.merge_range(4, column, 5, column, TITLES[name], look["heading"])
    sheet.merge_range(4, 5, 4, 8, "Xếp loại kỳ họp", look["heading"])
    for column, word in enumerate(MARKS.values(), start=5):
        sheet.write(5, column, word, look["heading"])
    sheet.merge_range(4, _LAST, 5, _LAST, "Ghi chú (lý do trừ điểm)", look["heading"])
    for column in range(_LAST + 1):
        sheet.write_number(6, column, column + 1, look["center"])
    for column, width in enumerate((5, 36, 9, 12, 8, 6, 6, 8, 6, 40)):
        sheet.set_column(column, column, width)


def _write_row(
    sheet: Any, look: dict[str, Any], row: SheetRow, bands: Bands | None, *, at: int, number: int
) -> None:
    values = row.values
    sheet.write_number(at, 0, number, look["center"])
    sheet.write_string(at, 1, row.name, look["cell"])
    for column in range(2, _LAST + 1):
        sheet.write_blank(at, column, None, look["center"])
    if values.get("members") is not None:
        sheet.write_number(at, 2, values["members"], look["center"])
    if values.get("state") == ReportState.NOT_HELD:
        sheet.write_string(at, 3, "Không họp", look["center"])
    elif values.get("held_on") is not None:
        sheet.write_datetime(at, 3, values["held_on"], look["date"])
    if values.get("score") is not None:
        sheet.write_number(at, 4, float(values["score"]), look["center"])
        if bands is not None:
            sheet.write_string(at, _BANDS[bands(float(values["score"]))], "x", look["center"])
    if values.get("note"):
        sheet.write_string(at, _LAST, values["note"], look["cell"])


def _write_foot(sheet: Any, look: dict[str, Any], at: int, month: dt.date) -> None:
    sheet.write(at, 1, "Ghi chú: chi bộ chưa gửi báo cáo thì để trống.", look["plain"])
    sheet.write(at + 2, 1, "NGƯỜI LẬP BIỂU", look["title"])
    place = f"Ngày      tháng {month.month} năm {month.year}"
    sheet.merge_range(at + 1, 5, at + 1, _LAST, place, look["plain"])
    sheet.merge_range(at + 2, 5, at + 2, _LAST, "T/M ĐẢNG ỦY", look["title"])
