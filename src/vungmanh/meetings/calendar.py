"""Tết and public holidays, for a quiet note beside what is due.

From the library `holidays`: a calendar, no document of the Party or the State that was read, so
that whatever rests on it is labelled so. It says nothing of what is due: no obligation moves by it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from vungmanh.core.periods import last_day

#: Beside every note that rests on the library.
SOURCE = "theo thư viện holidays, cần kiểm tra"
_TET = "tết nguyên đán"
FIRST_YEAR, LAST_YEAR = 1990, 2090  # of the lunar calendar behind it


@dataclass(frozen=True)
class NotableDay:
    """One public holiday with its Vietnamese name."""

    day: dt.date
    name: str

    @property
    def is_tet(self) -> bool:
        return _TET in self.name.lower() or self.name.lower().endswith(" tết")


def notable_days(month: dt.date) -> list[NotableDay]:
    """The public holidays of a month, the earliest first; none of a year the library lacks."""
    return [one for one in _of_year(month.year) if month <= one.day <= last_day(month)]


def has_tet(month: dt.date) -> bool:
    """Whether a day of the lunar new year lies in the month."""
    return any(one.is_tet for one in notable_days(month))


@lru_cache(maxsize=32)
def _of_year(year: int) -> tuple[NotableDay, ...]:
    from holidays import country_holidays

    if not FIRST_YEAR <= year <= LAST_YEAR:
        return ()
    found = country_holidays("VN", years=[year], language="vi")
    return tuple(NotableDay(day, name) for day, name in sorted(found.items()))
