"""The pre-addressed workbook: one committee, its cells and months filled in, answers to be typed.

Same input, same bytes: the creation date is fixed. Structure is locked without a password, so that
nobody breaks it by accident and anybody may unlock it. Nothing evaluative is ever pre-filled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from vungmanh.core.periods import add_months, last_day, month_label, month_slug
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import ReportState
from vungmanh.outputs.workbooks import values as limits
from vungmanh.outputs.workbooks.columns import LAYOUT_SHEET, LAYOUT_VERSION, TITLES, Field
from vungmanh.outputs.workbooks.days import EARLY_DAYS

REPORT_SHEET = "Báo cáo"
HELP_SHEET = "Hướng dẫn"
CREATED = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - written into the file without a zone
_HEADING_ROW = 5

#: Columns in order, with their width; 0 hides a column.
_COLUMNS: tuple[tuple[Field, int], ...] = (
    (Field.UNIT_ID, 0),
    (Field.MONTH_KEY, 0),
    (Field.NUMBER, 5),
    (Field.NAME, 34),
    (Field.ORGANISATION, 30),
    (Field.MONTH, 9),
    (Field.STATE, 12),
    (Field.HELD_ON, 12),
    (Field.MEMBERS, 9),
    (Field.PRESENT, 8),
    (Field.EXCUSED, 9),
    (Field.UNEXCUSED, 9),
    (Field.EXEMPT, 9),
    (Field.DURATION, 10),
    (Field.SCORE, 8),
    (Field.CARRIED, 11),
    (Field.ADMITTED, 9),
    (Field.NOTE, 36),
    # Behind the note: whoever pastes a block from an older sheet keeps every column in its place.
    (Field.TASKS_DUE, 10),
    (Field.TASKS_ON_TIME, 10),
)
_AT = {field: index for index, (field, _) in enumerate(_COLUMNS)}

_HELP = (
    "Cách ghi",
    "1. Mỗi dòng là một chi bộ trong một tháng. Tên chi bộ và tháng đã điền sẵn, không sửa.",
    "2. Cột “Đã họp hay không”: chọn “Đã họp” hoặc “Không họp”. ĐỂ TRỐNG nếu chưa có báo cáo của "
    "chi bộ. Để trống không có nghĩa là không họp, và không xóa số liệu đã ghi trước đây.",
    "3. “Đã họp”: ghi ngày họp (ngày/tháng/năm, ví dụ {example}) và các số đếm được. Ô nào không "
    "có số liệu thì để trống, không ghi 0.",
    "4. “Không họp”: không ghi ngày họp, số có mặt, thời lượng. Lý do ghi vào cột Ghi chú. "
    "Miễn kỳ họp phải có văn bản của cấp trên, không ghi qua bảng này.",
    "5. Họp bù sang tháng sau: vẫn ghi ở dòng của tháng phải họp, với ngày họp thật.",
    "6. Điểm theo thang 100, chỉ ghi điểm đã chấm; chưa chấm thì để trống.",
    "7. “Nghị quyết kéo dài (số kỳ)”: nghị quyết chưa xong lâu nhất đã chuyển sang kỳ sau mấy lần.",
    "8. “Việc đến hạn trong tháng”: số việc, nghị quyết phải xong trong tháng; cột sau ghi trong "
    "số đó bao nhiêu việc xong đúng hạn. Tháng không có việc nào đến hạn thì ghi 0 ở cột đầu; "
    "không theo dõi thì để trống cả hai cột.",
    "9. Lưu tệp (giữ đuôi .xlsx) và gửi lại. Nạp lại một tệp hai lần không làm thay đổi gì.",
)


@dataclass(frozen=True)
class SheetRow:
    """One line to print. `values` are columns of analysis.schema `meeting_reports`; a missing or
    null value is a blank cell, and no `state` at all is *no report*."""

    unit: str
    name: str
    organisation: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


def write_filled_workbook(
    target: Path | IO[bytes], committee_name: str, month: dt.date, rows: Iterable[SheetRow]
) -> None:
    """The pre-addressed workbook of one month as an office sends it back."""
    _write(target, committee_name, [(month, list(rows))])


def write_blank_workbook(
    target: Path | IO[bytes],
    committee_name: str,
    months: Sequence[dt.date],
    rows: Iterable[SheetRow] | Mapping[dt.date, Sequence[SheetRow]],
) -> None:
    """The pre-addressed workbook of the months, every answer empty.

    `rows` is one list for all months, or a list for each month where the structure changed between.
    """
    if not isinstance(rows, Mapping):
        same = list(rows)
        rows = dict.fromkeys(months, same)
    empty = {
        month: [SheetRow(row.unit, row.name, row.organisation) for row in rows[month]]
        for month in months
    }
    _write(target, committee_name, list(empty.items()))


def _write(
    target: Path | IO[bytes],
    committee_name: str,
    blocks: Sequence[tuple[dt.date, Sequence[SheetRow]]],
) -> None:
    import xlsxwriter

    months = [month for month, _ in blocks]
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"title": "Báo cáo sinh hoạt chi bộ", "created": CREATED})
        look = _Look(book)
        sheet = book.add_worksheet(REPORT_SHEET)
        _write_head(sheet, look, committee_name, months)
        top = _HEADING_ROW + 1
        for month, rows in blocks:
            for offset, row in enumerate(rows):
                _write_row(sheet, look, row, month, at=top + offset, number=offset + 1)
            if rows:
                _validate(sheet, top, top + len(rows) - 1, month)
            top += len(rows)
        _settle(sheet, top)
        _write_help(book.add_worksheet(HELP_SHEET), look, months[0])
        _write_layout(book.add_worksheet(LAYOUT_SHEET), committee_name, months)


class _Look:
    """The few formats of the workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
        ruled = {**base, "border": 1, "border_color": "#867F73"}
        free = {**ruled, "locked": False}
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.plain = book.add_format(base)
        self.wrapped = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.heading = book.add_format(
            {**ruled, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#F2EEE5"}
        )
        self.fixed = book.add_format({**ruled, "text_wrap": True})
        self.number = book.add_format({**ruled, "align": "center"})
        self.answer = book.add_format({**free, "align": "center"})
        self.date = book.add_format({**free, "align": "center", "num_format": "dd/mm/yyyy"})
        self.score = book.add_format({**free, "align": "center", "num_format": "0.##"})
        self.note = book.add_format({**free, "text_wrap": True})


def _write_head(sheet: Any, look: _Look, committee_name: str, months: Sequence[dt.date]) -> None:
    label = month_label(months[0])
    if len(months) > 1:
        label = f"{label} đến {month_label(months[-1])}"
    sheet.write_string(0, _AT[Field.NUMBER], committee_name, look.title)
    sheet.write_string(1, _AT[Field.NUMBER], f"Báo cáo sinh hoạt chi bộ {label}", look.title)
    sheet.write(
        2,
        _AT[Field.NUMBER],
        "Để trống nếu chưa có báo cáo của chi bộ. Cách ghi từng cột ở trang “Hướng dẫn”.",
        look.plain,
    )
    for index, (name, _) in enumerate(_COLUMNS):
        sheet.write(_HEADING_ROW, index, TITLES[name], look.heading)
    sheet.set_row(_HEADING_ROW, 50)


def _write_row(
    sheet: Any, look: _Look, row: SheetRow, month: dt.date, *, at: int, number: int
) -> None:
    sheet.write_string(at, _AT[Field.UNIT_ID], row.unit, look.fixed)
    sheet.write_string(at, _AT[Field.MONTH_KEY], month_slug(month), look.fixed)
    sheet.write_number(at, _AT[Field.NUMBER], number, look.number)
    sheet.write_string(at, _AT[Field.NAME], row.name, look.fixed)
    sheet.write_string(at, _AT[Field.ORGANISATION], row.organisation, look.fixed)
    sheet.write_string(at, _AT[Field.MONTH], f"{month.month}/{month.year}", look.number)
    formats = {Field.HELD_ON: look.date, Field.SCORE: look.score, Field.NOTE: look.note}
    for name, _ in _COLUMNS[_AT[Field.STATE] :]:
        value = row.values.get(name.value)
        shape = formats.get(name, look.answer)
        if value is None or value == "":
            sheet.write_blank(at, _AT[name], None, shape)
        elif name is Field.STATE:
            sheet.write_string(at, _AT[name], ReportState(value).label, shape)
        elif isinstance(value, dt.date):
            sheet.write_datetime(at, _AT[name], value, shape)
        elif name is Field.NOTE:
            sheet.write_string(at, _AT[name], str(value), shape)
        else:
            sheet.write_number(at, _AT[name], float(value), shape)


def _validate(sheet: Any, top: int, bottom: int, month: dt.date) -> None:
    """Drop-downs and limits for the rows of one month; the import checks everything again."""

    def check(name: Field, **rule: Any) -> None:
        column = _AT[name]
        sheet.data_validation(top, column, bottom, column, {"ignore_blank": True, **rule})

    check(
        Field.STATE,
        validate="list",
        source=[state.label for state in ReportState],
        input_title="Đã họp hay không",
        input_message="Chọn trong danh sách. Để trống nếu chưa có báo cáo.",
        error_title="Chọn trong danh sách",
        error_message="Chọn “Đã họp” hoặc “Không họp”, hoặc xóa ô này nếu chưa có báo cáo.",
    )
    first, final = month - dt.timedelta(days=EARLY_DAYS), last_day(add_months(month, 1))
    check(
        Field.HELD_ON,
        validate="date",
        criteria="between",
        minimum=first,
        maximum=final,
        error_title="Ngày họp",
        error_message=f"Ghi ngày họp của {month_label(month)}, ví dụ "
        f"{date_vi(month.replace(day=5))}. Họp bù: muộn nhất {date_vi(final)}.",
    )
    counts = (Field.MEMBERS, Field.PRESENT, Field.EXCUSED, Field.UNEXCUSED, Field.EXEMPT)
    most = dict.fromkeys((*counts, Field.ADMITTED), limits.MAX_PEOPLE)
    most |= dict.fromkeys((Field.TASKS_DUE, Field.TASKS_ON_TIME), limits.MAX_TASKS)
    most |= {Field.DURATION: limits.MAX_MINUTES, Field.CARRIED: limits.MAX_PERIODS}
    for name, limit in most.items():
        check(
            name,
            validate="integer",
            criteria="between",
            minimum=0,
            maximum=limit,
            error_title="Ghi số nguyên",
            error_message=f"Ghi một số nguyên từ 0 đến {limit}, hoặc để trống nếu không có số.",
        )
    check(
        Field.SCORE,
        validate="decimal",
        criteria="between",
        minimum=0,
        maximum=100,
        error_title="Điểm",
        error_message="Ghi điểm từ 0 đến 100, hoặc để trống nếu chưa chấm.",
    )


def _settle(sheet: Any, below: int) -> None:
    """Widths, frozen panes, print settings, and the lock without a password."""
    for index, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(index, index, width or 10, None, {"hidden": width == 0})
    sheet.freeze_panes(_HEADING_ROW + 1, _AT[Field.ORGANISATION])
    sheet.autofilter(
        _HEADING_ROW, _AT[Field.NUMBER], max(below - 1, _HEADING_ROW), len(_COLUMNS) - 1
    )
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.protect(
        "", {"autofilter": True, "format_columns": True, "format_rows": True, "format_cells": True}
    )


def _write_help(sheet: Any, look: _Look, month: dt.date) -> None:
    sheet.set_column(0, 0, 100)
    example = date_vi(month.replace(day=5))
    for row, text in enumerate(_HELP):
        sheet.write(row, 0, text.format(example=example), look.wrapped if row else look.title)
    sheet.protect("")


def _write_layout(sheet: Any, committee_name: str, months: Sequence[dt.date]) -> None:
    sheet.write_row(0, 0, ["layout", LAYOUT_VERSION])
    sheet.write_row(1, 0, ["committee", committee_name])
    sheet.write_row(2, 0, ["months", *(month_slug(month) for month in months)])
    sheet.very_hidden()
