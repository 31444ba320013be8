"""What one written value says: numbers, days, yes and no, as people and programs write them.

Each function takes the text of a cell, stripped, and gives its value, None for *not recorded*, or
BAD. A column of millions has few different values, and each is read here once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

from vungmanh.analysis.layout import OpenType
from vungmanh.core.text import fold, same_words_key
from vungmanh.outputs.workbooks.cells import legible

BAD: Final = object()

#: What programs write where nothing is recorded.
_BLANK = {"", "-", "--", "–", "—", "na", "n/a", "nan", "nat", "<na>", "null", "none"}
_WHOLE = re.compile(r"([+-]?\d{1,10})(?:[.,]0{1,2})?", re.ASCII)
_SHARE = re.compile(r"(\d*)[.,]?(\d*) ?(%?)", re.ASCII)
_TIME = r"(?:[ T][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?"
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: [\d:]+)?", re.ASCII)
_MONTH = re.compile(r"(?:thang|t|m)? ?0*(\d{1,2})(?:[.,]0)?", re.ASCII)
_YEAR = re.compile(r"(?:nam )?(\d{4})(?:[.,]0)?", re.ASCII)

_YES = {"co", "x", "1", "true", "t", "yes", "y", "dung", "v", "r", "roi"}
_NO = {"khong", "ko", "k", "kg", "0", "false", "f", "no", "n", "sai", "chua"}
_STATES = {
    "held": ("held", "h", "da hop", "hop", "co hop", "da sinh hoat", "sinh hoat"),
    "not_held": ("not held", "khong hop", "ko hop", "khong sinh hoat", "chua hop"),
    "no_report": ("no report", "chua bao cao", "khong bao cao", "chua co bao cao", "chua gui"),
    "excused": ("excused", "e", "mien", "duoc mien", "mien hop", "duoc mien hop", "hoan"),
    "not_due": ("not due", "chua den han", "khong phai hop", "khong den han"),
}  # fmt: skip
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}
_STATE_OF |= dict.fromkeys(_YES, "held") | dict.fromkeys(_NO - {"chua"}, "not_held")
_TICKS = {"✓", "✔", "☑", "●"}


def text(written: str) -> Any:
    """A name or id: NFC, inner spaces squashed, nothing invisible; blank is not recorded."""
    return legible(written) or None


def count(written: str) -> Any:
    """A whole number, possibly negative (which the checks refuse with its row)."""
    if written.lower() in _BLANK:
        return None
    found = _WHOLE.fullmatch(written)
    return BAD if found is None or abs(int(found[1])) > 10**8 else int(found[1])


def year(written: str) -> Any:
    if written.lower() in _BLANK:
        return None
    found = _YEAR.fullmatch(fold(written))
    return BAD if found is None else int(found[1])


def month(written: str) -> Any:
    """The number of the month as written: 13 is given back, for the checks to name."""
    if written.lower() in _BLANK:
        return None
    found = _MONTH.fullmatch(fold(written))
    return BAD if found is None else int(found[1])


def yes_no(written: str) -> Any:
    if written in _TICKS:
        return True
    if written.lower() in _BLANK:
        return None
    key = _key(written)
    return True if key in _YES else False if key in _NO else BAD


def held(written: str) -> Any:
    """The state of a month: a word of core.vocabulary.MonthState, None where nothing is said."""
    if written in _TICKS:
        return "held"
    if written.lower() in _BLANK:
        return None
    return _STATE_OF.get(_key(written), BAD)


def date(written: str) -> Any:
    """A day: 2020-03-05, 5/3/2020 (day first, as Vietnamese write), with or without a time."""
    if written.lower() in _BLANK:
        return None
    if iso := _ISO.fullmatch(written):
        parts = iso[1], iso[2], iso[3]
    elif day_first := _DAY_FIRST.fullmatch(written):
        parts = day_first[3], day_first[2], day_first[1]
    else:
        return BAD
    try:
        return dt.date(*(int(part) for part in parts))
    except ValueError:
        return BAD


def share(written: str) -> Any:
    """A part of one: 0.5, 0,5 or 50 %."""
    if written.lower() in _BLANK:
        return None
    found = _SHARE.fullmatch(written)
    if found is None or not (found[1] or found[2]):
        return BAD
    value = float(f"{found[1] or 0}.{found[2] or 0}")
    return value / 100 if found[3] else value


def _key(written: str) -> str:
    return same_words_key(written.removesuffix(".0"))


READERS: dict[OpenType, Callable[[str], Any]] = {
    "text": text, "count": count, "year": year, "month": month, "yes_no": yes_no, "held": held,
    "date": date, "share": share,
}  # fmt: skip

#: How to write a value of each type: the remedy where one cannot be read.
REMEDIES: dict[OpenType, str] = {
    "text": "ghi bằng chữ",
    "count": "ghi số nguyên, không có dấu tách hàng nghìn (1000, không phải 1.000); chưa rõ thì để "
    "trống",
    "year": "ghi năm bằng bốn chữ số, ví dụ 2020",
    "month": "ghi tháng bằng số từ 1 đến 12",
    "yes_no": "ghi có hoặc không (x, 1, 0 cũng được); chưa rõ thì để trống",
    "held": "ghi có (x, 1) nếu đã họp, không (0) nếu không họp, để trống nếu chưa có báo cáo",
    "date": "ghi ngày/tháng/năm, ví dụ 05/03/2020 hoặc 2020-03-05",
    "share": "ghi một phần từ 0 đến 1, ví dụ 0,5",
}
