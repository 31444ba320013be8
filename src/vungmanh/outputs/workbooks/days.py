"""Days and months as offices write them: day first, year short or left out, Excel serials."""

from __future__ import annotations

import datetime as dt
import re

from vungmanh.core.periods import add_months, last_day, month_label, month_of
from vungmanh.core.text import date_vi, fold
from vungmanh.outputs.workbooks.cells import (
    Cell,
    FormulaError,
    Unreadable,
    is_blank,
    number_of,
    refuse_error,
    shown,
    text_of,
)

EARLY_DAYS = 15
_EPOCH = dt.date(1899, 12, 30)  # day 0 of Excel's serial numbers, for dates after February 1900
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050  # 1/1/2000 and 31/12/2099

_DATE = re.compile(
    r"(?<!\d)(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:\s*[/.\-]\s*(\d{4}|\d{2}))?(?![\d/.\-])"
)
_WORDED = re.compile(r"ngay\s+(\d{1,2})\s+thang\s+(\d{1,2})(?:\s+nam\s+(\d{4}))?")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_CLOCK = re.compile(r"\d{1,2}\s*(?:h|g(?:io)?(?!\w)|:)\s*\d{0,2}")
_MONTH = re.compile(r"(?<![\d/.\-\w])(?:thang|ky|t)?\s*(\d{1,2})\s*(?:/|-|\.|nam)\s*(\d{4})(?!\d)")
_ISO_MONTH = re.compile(r"(?<![\d\w])(\d{4})-(\d{1,2})(?:-\d{1,2})?(?!\d)")
_MONTH_ALONE = re.compile(r"(?<!\w)(?:thang|t)\s*\.?\s*(\d{1,2})(?![\d/.\-])")
_YEAR_ALONE = re.compile(r"(?<!\w)nam\s*(\d{4})(?!\d)")


def held_on(cell: Cell | None, month: dt.date) -> tuple[dt.date | None, str]:
    """The day of a meeting of `month`, and a warning or "".

    Accepted from 15 days before the month to the end of the next one: a meeting put off. A date
    that Excel swapped (month first) is refused with both readings, never turned silently.
    """
    refuse_error(cell)
    if is_blank(cell):
        return None, ""
    day, warning = _day(cell, month)
    earliest = month - dt.timedelta(days=EARLY_DAYS)
    if not earliest <= day <= last_day(add_months(month, 1)):
        raise Unreadable(_far(day, month))
    if month_of(day) != month:
        moved = (
            f"Ngày họp {date_vi(day)} nằm ngoài {month_label(month)}: tính là họp bù cho tháng này."
        )
        warning = f"{warning} {moved}".strip()
    return day, warning


def has_date(cell: Cell | None) -> bool:
    """Whether a cell of the date column holds a date in some spelling, right or wrong."""
    if isinstance(cell, str):
        folded = fold(cell)
        return any(p.search(folded) for p in (_DATE, _WORDED, _ISO)) or folded.isdecimal()
    return cell is not None and not isinstance(cell, FormulaError | bool)


def month_of_cell(cell: Cell | None) -> dt.date | None:
    """The month of a cell: a date, "11/2026", "Tháng 11 năm 2026", "2026-11"; None for blank."""
    refuse_error(cell)
    if is_blank(cell):
        return None
    if isinstance(cell, dt.date):
        return month_of(cell)
    found = month_in(text_of(cell))
    if found is None:
        raise Unreadable(f"“{shown(cell)}” không phải tháng. Ghi như 11/2026.")
    return found


def month_in(text: str, *, year: int | None = None) -> dt.date | None:
    """The first month named in a text ("Biểu tổng hợp tháng 10/2026"), or None.

    With `year`, a month alone will do ("T10").
    """
    folded = fold(text)
    if match := _ISO_MONTH.search(folded):
        return _month(int(match[1]), int(match[2]))
    if match := _MONTH.search(folded):
        return _month(int(match[2]), int(match[1]))
    if year and (match := _MONTH_ALONE.search(folded)):
        return _month(year, int(match[1]))
    return None


def year_in(text: str) -> int | None:
    """The year named in a text ("năm 2026"), or None."""
    match = _YEAR_ALONE.search(fold(text))
    return int(match[1]) if match else None


def _month(year: int, number: int) -> dt.date | None:
    return dt.date(year, number, 1) if 1 <= number <= 12 and 1990 <= year <= 2100 else None


def _day(cell: Cell | None, month: dt.date) -> tuple[dt.date, str]:
    if isinstance(cell, dt.datetime):
        return cell.date(), ""
    if isinstance(cell, dt.date):
        return cell, ""
    if isinstance(cell, int | float) or (isinstance(cell, str) and text_of(cell).isdecimal()):
        return _numbered(cell, month)
    if isinstance(cell, str):
        return _written(text_of(cell), month), ""
    raise Unreadable(_not_a_day(cell, month))


def _numbered(cell: Cell, month: dt.date) -> tuple[dt.date, str]:
    """A bare number is an Excel day, or a day of the month as practice sheets write it."""
    number = number_of(cell, grouped=False)
    if number is not None and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _EPOCH + dt.timedelta(days=int(number)), ""
    if number is not None and number in range(1, last_day(month).day + 1):
        day = month.replace(day=int(number))
        return day, f"“{shown(cell)}” được hiểu là ngày {date_vi(day)}."
    raise Unreadable(_not_a_day(cell, month))


def _written(text: str, month: dt.date) -> dt.date:
    folded = _CLOCK.sub(" ", fold(text))
    if match := _ISO.search(folded):
        found = [(match[3], match[2], match[1])]
    elif match := _WORDED.search(folded):
        found = [(match[1], match[2], match[3] or "")]
    else:
        found = _DATE.findall(folded)
    if not found:
        raise Unreadable(_not_a_day(text, month))
    if len(found) > 1:
        raise Unreadable(f"“{shown(text)}” có nhiều ngày. Chỉ ghi một ngày họp thường kỳ.")
    day, number, year = found[0]
    try:
        return dt.date(_year(year, int(number), month), int(number), int(day))
    except ValueError:
        raise Unreadable(_not_a_day(text, month)) from None


def _year(text: str, number: int, month: dt.date) -> int:
    if text:
        return int(text) if len(text) == 4 else 2000 + int(text)
    # No year: the one that puts the day nearest to the month reported.
    away = number - month.month
    return month.year + (1 if away < -6 else -1 if away > 6 else 0)


def _not_a_day(cell: Cell | None, month: dt.date) -> str:
    example = date_vi(month.replace(day=5))
    return (
        f"“{shown(cell)}” không phải ngày họp. Ghi ngày/tháng/năm, ví dụ {example}, "
        "hoặc ghi “không họp”."
    )


def _far(day: dt.date, month: dt.date) -> str:
    sentence = f"Ngày họp {date_vi(day)} không thuộc {month_label(month)}."
    if (day.year, day.day) == (month.year, month.month):
        turned = date_vi(month.replace(day=day.month))
        return (
            f"{sentence} Có thể máy đã đảo ngày và tháng của {turned}: "
            "gõ lại theo ngày/tháng/năm, hoặc định dạng cột là Văn bản."
        )
    return f"{sentence} Ghi lại ngày đúng, hoặc chuyển dòng này sang tháng của nó."
