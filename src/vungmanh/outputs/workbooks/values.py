"""One cell to one count, score or length. A value, None for blank, or `Unreadable`."""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal

from vungmanh.core.text import fold, number_vi
from vungmanh.outputs.workbooks.cells import (
    Cell,
    Unreadable,
    is_blank,
    number_of,
    refuse_error,
    shown,
    text_of,
)

MAX_PEOPLE = 2_000  # a cell larger than this is a slip of the keyboard
MAX_PERIODS = 120
MAX_TASKS = 500
MAX_MINUTES = 360
MAX_NOTE = 500

_CLOCK = re.compile(r"(\d{1,2})\s*(?:h|g(?:io)?|:)\s*(\d{1,2})?(?:\s*(?:'|phut|p))?")
_POINTS = re.compile(r"\s*(/\s*100|đ(?:iểm)?\.?)$", re.IGNORECASE)
_MINUTES = re.compile(r"\s*(phut|p|')\.?$")


def whole_number(cell: Cell | None, *, most: int, what: str) -> int | None:
    """A count. `what` names it in the sentence ("số đảng viên")."""
    refuse_error(cell)
    if is_blank(cell):
        return None
    number = number_of(cell, grouped=True)
    if number is None or number != number.to_integral_value():
        raise Unreadable(f"“{shown(cell)}” không phải {what}. Ghi một số nguyên, ví dụ 12.")
    if number < 0:
        raise Unreadable(f"{_capital(what)} là {shown(cell)}, không thể âm. Ghi lại số đúng.")
    if number > most:
        raise Unreadable(
            f"{_capital(what)} là {shown(cell)}, quá lớn (nhiều nhất {number_vi(most)}). "
            "Xem lại có gõ thừa chữ số không."
        )
    return int(number)


def score(cell: Cell | None) -> Decimal | None:
    """A score from 0 to 100, two decimals; "92,5", "92.5", "92/100", "92 điểm"."""
    refuse_error(cell)
    if is_blank(cell):
        return None
    bare = _POINTS.sub("", text_of(cell)) if isinstance(cell, str) else cell
    number = number_of(bare, grouped=False)
    if number is None:
        raise Unreadable(
            f"“{shown(cell)}” không phải điểm. Ghi một số từ 0 đến 100, ví dụ 92 hoặc 92,5."
        )
    if not 0 <= number <= 100:
        raise Unreadable(f"Điểm {shown(cell)} nằm ngoài thang 0 đến 100. Ghi lại điểm đúng.")
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


def minutes(cell: Cell | None) -> int | None:
    """A length in minutes: 95, "95 phút", "1h35", 1:35, "8h30 - 10h05"."""
    refuse_error(cell)
    if is_blank(cell):
        return None
    length = _from_text(text_of(cell)) if isinstance(cell, str) else _from_time(cell)
    if length is None:
        raise Unreadable(f"“{shown(cell)}” không phải thời lượng. Ghi số phút, ví dụ 95.")
    if not 0 < length <= MAX_MINUTES:
        raise Unreadable(
            f"Thời lượng bằng {number_vi(length)} phút, không hợp lý. "
            "Ghi số phút họp, không ghi giờ bắt đầu."
        )
    return length


def note(cell: Cell | None) -> str | None:
    """A note of at most 500 characters."""
    refuse_error(cell)
    if is_blank(cell):
        return None
    text = text_of(cell)
    if len(text) > MAX_NOTE:
        raise Unreadable(f"Ghi chú dài {len(text)} ký tự. Rút gọn còn tối đa {MAX_NOTE} ký tự.")
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _from_time(cell: Cell | None) -> int | None:
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds() / 60)
    if isinstance(cell, dt.time | dt.datetime):
        return cell.hour * 60 + cell.minute
    return _whole(cell)


def _from_text(text: str) -> int | None:
    folded = fold(text)
    clocks = [int(hours) * 60 + int(rest or 0) for hours, rest in _CLOCK.findall(folded)]
    if len(clocks) == 2:
        return clocks[1] - clocks[0]
    if clocks:
        return clocks[0] if _CLOCK.fullmatch(folded) else None
    return _whole(_MINUTES.sub("", folded))


def _whole(cell: Cell | None) -> int | None:
    number = number_of(cell, grouped=False)
    return int(number) if number is not None and number == number.to_integral_value() else None
