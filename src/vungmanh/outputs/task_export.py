"""The list of tasks as a workbook: the same rows, the same words."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext as _

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import TaskState, Vocabulary
from vungmanh.meetings.models import Task


class ListedTask(Protocol):
    """What the export needs of a row of the page."""

    @property
    def task(self) -> Task: ...

    @property
    def unit(self) -> str: ...

    @property
    def carried(self) -> int: ...

    @property
    def resolution(self) -> str: ...

    @property
    def term(self) -> str: ...

    @property
    def stage(self) -> Vocabulary: ...


def _headings() -> list[tuple[str, int]]:
    return [
        (_("Việc phải làm"), 50),
        (_("Đơn vị"), 34),
        (_("Ai làm"), 20),
        (_("Hạn xong"), 12),
        (_("Giai đoạn"), 18),
        (_("Tình trạng"), 26),
        (_("Chuyển tiếp (lần)"), 11),
        (_("Phần trăm"), 10),
        (_("Tiến độ, vướng mắc"), 40),
        (_("Kết quả phải có"), 40),
        (_("Kết quả đã có"), 40),
        (_("Nghị quyết, kế hoạch"), 24),
        (_("Ngày giao"), 12),
        (_("Do cấp trên giao"), 12),
    ]


def tasks_workbook(rows: Iterable[ListedTask], *, finding: str, on: dt.date) -> bytes:
    """An xlsx: what it is, a heading row, one row a task."""
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"title": finding})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = workbook.add_format({"text_wrap": True, "valign": "top"})
    day = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
    sheet = workbook.add_worksheet(_("Việc"))
    sheet.write_string(0, 0, finding, workbook.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, _("Tính đến ngày %(day)s.") % {"day": date_vi(on)})
    top, last = 3, 3
    headings = _headings()
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, bold)
    for last, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(_values(row)):
            if isinstance(value, dt.date):
                sheet.write_datetime(last, column, _noon(value), day)
            elif isinstance(value, int):
                sheet.write_number(last, column, value, plain)
            else:
                sheet.write_string(last, column, value, plain)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, max(last, top + 1), len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    workbook.close()
    return target.getvalue()


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell knows no zone


def _values(row: ListedTask) -> list[str | int | dt.date]:
    one = row.task
    return [
        one.title,
        row.unit,
        one.owner,
        one.due_on,
        _(row.stage.label),
        row.term,
        row.carried,
        "" if one.percent is None else one.percent,
        one.note,
        one.output,
        one.proof if one.state == TaskState.DONE else "",
        row.resolution,
        one.given_on,
        _("có") if one.origin_id else _("không"),
    ]
