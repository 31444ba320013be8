"""One cell of a list of members to one value. A value, None for blank, or `Unreadable`."""

from __future__ import annotations

import datetime as dt
import re

from vungmanh.core.text import date_vi, same_words_key
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.personal import HIDDEN
from vungmanh.outputs.workbooks.cells import Cell, Unreadable, is_blank, shown, text_of

OLDEST = 1900
MOST_KEY = 40
MOST_EXACT = 10**15  # a workbook keeps fifteen digits of a number
_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_STATUSES = {
    MembershipStatus.OFFICIAL: ("chinh thuc", "dang vien chinh thuc", "ct"),
    MembershipStatus.PROBATIONARY: ("du bi", "dang vien du bi", "db"),
    MembershipStatus.EXEMPT: (
        "mien", "mien sinh hoat", "duoc mien sinh hoat", "mien cong tac va sinh hoat",
        "duoc mien cong tac va sinh hoat", "mien cong tac sinh hoat dang",
    ),
    MembershipStatus.TEMPORARY_IN: (
        "sinh hoat tam thoi chuyen den", "tam thoi den", "sinh hoat tam thoi den",
    ),
    MembershipStatus.TEMPORARY_OUT: (
        "sinh hoat tam thoi chuyen di", "tam thoi di", "sinh hoat tam thoi di",
    ),
    MembershipStatus.SUSPENDED: ("dinh chi sinh hoat", "dinh chi", "bi dinh chi sinh hoat"),
}  # fmt: skip
_BY_WORDS = {words: status for status, said in _STATUSES.items() for words in said}


class YearOnly(ValueError):
    """Only a year is written where a day is meant; nothing is made of it."""


def says_nothing(cell: Cell | None) -> bool:
    """Blank, or masked by an export of ours."""
    return is_blank(cell) or (isinstance(cell, str) and text_of(cell).startswith(HIDDEN[0]))


def day_of(cell: Cell | None, today: dt.date, what: str) -> dt.date | None:
    """A day as people write it. Raises YearOnly, Unreadable with the remedy."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    found = cell if isinstance(cell, dt.date) else _written(text_of(cell), cell, what)
    if found.year < OLDEST:
        raise Unreadable(f"{what} là {date_vi(found)}, quá xa. Xem lại năm.")
    if found > today:
        raise Unreadable(f"{what} là {date_vi(found)}, chưa đến. Xem lại ngày.")
    return found


def _written(text: str, cell: Cell | None, what: str) -> dt.date:
    if re.fullmatch(r"(19|20)\d\d", text):
        raise YearOnly
    day, iso = _DAY.fullmatch(text), _ISO.fullmatch(text)
    parts = (
        (int(day[3]), int(day[2]), int(day[1])) if day
        else (int(iso[1]), int(iso[2]), int(iso[3])) if iso
        else None
    )  # fmt: skip
    try:
        return dt.date(*parts) if parts else _no_day(cell, what)
    except ValueError as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(
            f"{what} “{shown(cell)}” không có trong lịch. Ghi ngày/tháng/năm, ví dụ 03/02/1980."
        ) from None


def _no_day(cell: Cell | None, what: str) -> dt.date:
    raise Unreadable(
        f"{what} “{shown(cell)}” không phải ngày. Ghi ngày/tháng/năm đủ bốn chữ số của năm,"
        " ví dụ 03/02/1980."
    )


def status_of(cell: Cell | None) -> MembershipStatus:
    """A standing by the words people use. Raises Unreadable."""
    key = same_words_key(text_of(cell))
    found = _BY_WORDS.get(key)
    if found is None:
        words = "; ".join(one.label for one in MembershipStatus)
        raise Unreadable(f"Diện “{shown(cell)}” chưa rõ. Ghi một trong: {words}.")
    return found


def key_of(cell: Cell | None) -> str:
    """A key letter by letter, as the member database writes it. Raises Unreadable."""
    if isinstance(cell, int | float) and abs(cell) >= MOST_EXACT:
        raise Unreadable(
            "Mã dài mà ô là số: Excel đã làm tròn các chữ số cuối. Xuất lại với cột mã là chữ."
        )
    key = text_of(cell).replace(" ", "")
    if len(key) > MOST_KEY:
        raise Unreadable(f"Mã dài {len(key)} ký tự, nhiều nhất {MOST_KEY}. Xem lại cột mã.")
    return key
