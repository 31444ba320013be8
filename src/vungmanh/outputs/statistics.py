"""A statistic of members as Excel: what it says, as of when it was known, and its fingerprint.

Equal contents are equal bytes, so that what was reported can be sent again to the letter.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from django.utils.timezone import localtime

from vungmanh.core.people_words import MemberChange
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.statistics import digest_of
from vungmanh.org.statistics_balance import DOWNS, UPS
from vungmanh.org.statistics_changed import words_of_period
from vungmanh.outputs.workbooks.write import CREATED

SHEET = "Đảng viên"


def columns() -> list[tuple[str, str]]:
    """The figure and the words of each column, from opening to closing."""

    def of(side: str, words: str, changes: Sequence[MemberChange]) -> list[tuple[str, str]]:
        return [(f"{side}.{one}", f"{words}: {one.label.lower()}") for one in changes]

    standing = [(f"closing.{one}", f"Cuối kỳ: {one.label.lower()}") for one in MembershipStatus]
    return [
        ("opening", "Đầu kỳ"),
        *of("up", "Tăng", UPS),
        *of("down", "Giảm", DOWNS),
        ("closing", "Cuối kỳ"),
        *standing,
        ("made_official", "Chuyển chính thức trong kỳ"),
        ("cells", "Số chi bộ"),
        ("uncounted", "Chi bộ chưa có số"),
    ]


def statistic_workbook(content: dict[str, Any], *, document: str = "") -> bytes:
    """The .xlsx of what `org.statistics.content_of` told; `document` it was reported with."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        period = words_of_period(_day(content["first"]), _day(content["last"]))
        title = f"Đảng viên {period}, {content['name']}"
        book.set_properties({"title": title[:255], "author": "Vững Mạnh", "created": CREATED})
        _sheet(book, content, title, _said(content, document))
    return target.getvalue()


def _said(content: dict[str, Any], document: str) -> list[str]:
    known = localtime(dt.datetime.fromisoformat(content["known_at"]))
    lines = [
        f"Từ {date_vi(_day(content['first']))} đến {date_vi(_day(content['last']))}; số liệu như đã"
        f" biết lúc {known:%H:%M} ngày {date_vi(known.date())}.",
        "Không tính người sinh hoạt tạm thời chuyển đến: họ được tính ở nơi chính thức. Chuyển giữa"
        " hai chi bộ cùng dòng không tính là chuyển đi, chuyển đến.",
        f"Mã đối chiếu: {digest_of(content)}",
    ]
    return [f"Đã báo cáo theo {document}.", *lines] if document else lines


def _sheet(book: Any, content: dict[str, Any], title: str, said: Sequence[str]) -> None:
    base = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    ruled = {**base, "border": 1, "border_color": "#867F73"}
    shaded = {**ruled, "bold": True, "bg_color": "#F2EEE5"}
    sheet = book.add_worksheet(SHEET)
    sheet.write_string(0, 0, title, book.add_format({**base, "bold": True, "font_size": 14}))
    plain = book.add_format(base)
    for row, words in enumerate(said, start=1):
        sheet.write_string(row, 0, words, plain)
    top = len(said) + 2
    heading = book.add_format({**shaded, "text_wrap": True, "align": "center"})
    figures = columns()
    sheet.write_string(top, 0, "Tổ chức", heading)
    for column, (_key, words) in enumerate(figures, start=1):
        sheet.write_string(top, column, words, heading)
    text, number = book.add_format(ruled), book.add_format(ruled)
    strong = book.add_format(shaded)
    lines = [(line, text, number) for line in content["lines"]]
    total = {**content["total"], "name": content["name"], "is_ended": False}
    for row, (line, of_name, of_number) in enumerate([*lines, (total, strong, strong)], top + 1):
        name = f"{line['name']} (đã kết thúc)" if line["is_ended"] else line["name"]
        sheet.write_string(row, 0, name, of_name)
        for column, (key, _words) in enumerate(figures, start=1):
            sheet.write_number(row, column, line[key], of_number)
    sheet.set_column(0, 0, 38)
    sheet.set_column(1, len(figures), 11)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
