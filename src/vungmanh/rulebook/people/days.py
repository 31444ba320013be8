"""Terms: working days by a calendar with holidays, and whole months.

The day of the event is not counted; a Saturday that is worked to make up for a day off counts as
free. Both are this program's reading (coverage.yaml). A year the calendar lacks gives no answer.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

_SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 1990, 2090  # of the lunar calendar behind the library
SOURCE = "ngày nghỉ theo thư viện holidays, cần kiểm tra"


@dataclass(frozen=True)
class WorkingDays:
    """`holidays_of(year)` are the public holidays of a year; None: the calendar lacks the year."""

    holidays_of: Callable[[int], frozenset[dt.date] | None]
    source: str = SOURCE

    def is_working(self, day: dt.date) -> bool | None:
        """None where the holidays of the year are not known."""
        free = self.holidays_of(day.year)
        if free is None:
            return None
        return day.weekday() < _SATURDAY and day not in free

    def after(self, start: dt.date, count: int) -> dt.date | None:
        """The last day of a term of `count` working days that begins the day after `start`."""
        day, left = start, count
        while left > 0:
            day += dt.timedelta(days=1)
            working = self.is_working(day)
            if working is None:
                return None
            left -= working
        return day

    def between(self, start: dt.date, end: dt.date) -> int | None:
        """How many working days lie after `start` up to `end`, included."""
        count, day = 0, start
        while day < end:
            day += dt.timedelta(days=1)
            working = self.is_working(day)
            if working is None:
                return None
            count += working
        return count


def vietnamese_working_days() -> WorkingDays:
    """The calendar of the library `holidays`, from 1990 to 2090."""
    return WorkingDays(_holidays_of)


@lru_cache(maxsize=64)
def _holidays_of(year: int) -> frozenset[dt.date] | None:
    from holidays import country_holidays

    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return frozenset(country_holidays("VN", years=[year]))


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; the last day of a month that is too short for it."""
    years, index = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, index + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def whole_months(first: dt.date, last: dt.date) -> int:
    """How many whole months lie between two days; negative when `last` is earlier."""
    if last < first:
        return -whole_months(last, first)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if months_after(first, months) <= last else months - 1


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Years of age; who was born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
