"""How one month of one cell counts in each figure that divides months by months.

A month gives a pair (numerator, denominator), or None where it counts in neither: excused, or not
known. Unknown is never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from vungmanh.core.vocabulary import MonthState
from vungmanh.meetings.queries import MonthRecord

Share: TypeAlias = tuple[int, int]
Counting: TypeAlias = Callable[[MonthRecord], Share | None]

LAST_EARLY_MONTH = 10  # October: what is due later may well be filed in December


def held(record: MonthRecord) -> Share | None:
    """Held, of the months whose result is known."""
    known = {MonthState.HELD: (1, 1), MonthState.NOT_HELD: (0, 1)}
    return known.get(record.state)


def reported(record: MonthRecord) -> Share | None:
    """Reported, of the months due."""
    if record.state is MonthState.EXCUSED:
        return None
    return (0 if record.state is MonthState.NO_REPORT else 1, 1)


def excused(record: MonthRecord) -> Share | None:
    """Excused, of all months that would have been due."""
    return (1 if record.state is MonthState.EXCUSED else 0, 1)


def attended(record: MonthRecord) -> Share | None:
    """Present, of the members who had to be, in a meeting that tells both."""
    report = record.report
    if record.state is not MonthState.HELD or report is None:
        return None
    if report.present is None or report.members is None:
        return None
    owing = report.members - (report.exempt or 0)
    return (report.present, owing) if owing > 0 else None


def on_time(record: MonthRecord) -> Share | None:
    """Done on time, of the tasks due in a month that tells both."""
    report = record.report
    if report is None or report.tasks_due is None or report.tasks_on_time is None:
        return None
    return (report.tasks_on_time, report.tasks_due)


def filed_late(record: MonthRecord) -> Share | None:
    """Filed in December or later, of the reports of January to October with a day of filing."""
    filed = record.report.filed_on if record.report else None
    if filed is None or record.month.month > LAST_EARLY_MONTH:
        return None
    return (int((filed.year, filed.month) >= (record.month.year, 12)), 1)


#: By the code of the figure.
COUNTED: dict[str, Counting] = {
    "hop-du-ky": held,
    "day-du-bao-cao": reported,
    "ty-le-mien": excused,
    "du-hop": attended,
    "viec-dung-han": on_time,
    "nop-thang-12": filed_late,
}


def total(shares: Iterable[Share | None]) -> Share:
    """The sum of what counts; (0, 0) where nothing does."""
    counted = [share for share in shares if share is not None]
    return sum(part for part, _ in counted), sum(whole for _, whole in counted)
