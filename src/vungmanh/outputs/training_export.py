"""Who is due for which obligatory course, as a workbook: by units and by posts, without names.

A file travels further than a page: the post and its unit say whom to call.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.cadre.training_due import DueLine, UnitDues, dues_by_unit
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Post

Cell = str | int | dt.date | None


def dues_workbook(lines: Iterable[DueLine], *, finding: str, on: dt.date) -> bytes:
    """An xlsx of two sheets: how many posts of each unit, and each post with its course."""
    import xlsxwriter

    told = list(lines)
    caution = next((x.due.citation.caution for x in told if x.due.citation is not None), "")
    about = [
        finding,
        _("Tính đến ngày %(day)s.") % {"day": date_vi(on)},
        _("Theo chức danh, không ghi tên người. “Chưa ghi lần nào” là chưa ghi ở đây."),
    ]
    if caution:
        about.append(_("Danh mục lớp: %s.") % caution)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": finding})
    _sheet(book, _("Theo đơn vị"), about, _unit_headings(), _by_unit(told))
    _sheet(book, _("Theo chức danh"), about, _post_headings(), [_of_post(x) for x in told])
    book.close()
    return target.getvalue()


def _unit_headings() -> list[tuple[str, int]]:
    return [
        (_("Đơn vị"), 40), (_("Lớp"), 40), (_("Số chức danh"), 12),
        (_("Đã hết hạn, chưa học lại"), 12),
        (_("Chưa ghi lần nào"), 12),
    ]  # fmt: skip


def _post_headings() -> list[tuple[str, int]]:
    return [
        (_("Đơn vị"), 40), (_("Chức danh"), 24), (_("Giữ từ ngày"), 13), (_("Lớp"), 40),
        (_("Học lần cuối"), 13), (_("Có giá trị đến"), 13), (_("Hạn"), 13), (_("Đã quá hạn"), 11),
    ]  # fmt: skip


def _by_unit(lines: Sequence[DueLine]) -> list[list[Cell]]:
    """Units in the order of the lines, each with its courses."""
    return [
        [one.version.name, _course(one), one.posts, one.expired, one.never]
        for one in dues_by_unit(lines)
    ]


def _of_post(one: DueLine) -> list[Cell]:
    return [
        one.version.name, _(Post(one.appointment.post).label), one.appointment.valid.lower,
        _course(one), one.due.last_on, one.due.valid_until, one.due.due_on,
        _("có") if one.due.overdue else "",
    ]  # fmt: skip


def _course(one: DueLine | UnitDues) -> str:
    return (
        one.due.course.text if one.due.course else _("chưa có quy định cho ngày này trong Căn cứ")
    )


def _sheet(
    book: Any, name: str, about: Sequence[str], headings: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[Cell]],
) -> None:  # fmt: skip
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"})
    sheet = book.add_worksheet(name)
    for line, words in enumerate(about):
        sheet.write_string(line, 0, words, bold if line == 0 else None)
    top = len(about) + 1
    for column, (heading, width) in enumerate(headings):
        sheet.set_column(column, column, width)
        sheet.write_string(top, column, heading, bold)
    for line, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(line, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(line, column, value, plain)
            elif value:
                sheet.write_string(line, column, value, plain)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(len(rows), 1), len(headings) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
