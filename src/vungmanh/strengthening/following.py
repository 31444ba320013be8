"""How a chosen unit goes on, month by month, without anybody typing anything again.

The course is the share of meetings held, of the last three months, beside what the diagnosis lets
expect. What was not reported is not known: it is never taken for held, nor for not held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from vungmanh.access import wall
from vungmanh.core.periods import add_months, last_day, month_of, month_range
from vungmanh.core.vocabulary import (
    Structure,
)
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.structure import Roots, cells_below_each, cells_of_series
from vungmanh.strengthening.models import SupportFile

RECENT = 3  # months that tell how a unit goes on now
YEAR = 12
LEAST_REPORTED = Fraction(7, 10)  # below that nothing is said of a month (decisions.md 5)


@dataclass(frozen=True)
class CourseMonth:
    """One month since entry. `actual` (percent held of what was due in the last three months) is
    None where too little was reported; `expected` where no diagnosis is approved yet."""

    month: dt.date
    held: float
    due: float
    no_report: float
    actual: Fraction | None
    expected: Fraction | None
    is_below: bool


@dataclass(frozen=True)
class Course:
    """`base` is the percent held in the year before entry. `is_slow`: below the path in so many of
    the latest months that a named person must review it."""

    base: Fraction | None
    months: tuple[CourseMonth, ...]
    is_slow: bool


def course_of(file: SupportFile, until: dt.date) -> Course:
    """The months from entry to the last whole month before `until`. Four queries."""
    entry, last = month_of(file.begun_on), last_whole(until)
    return _course(file, totals_of(file.unit_id, add_months(entry, -YEAR), last), last)


def courses_of(files: Sequence[SupportFile], until: dt.date) -> dict[UUID, Course]:
    """The course of each file by its id, as `course_of`; a few queries for any number.

    Read past the wall, as the course of one file is (`file_course`): sums of units whose files are
    in sight.
    """
    last = last_whole(until)
    begun = [one for one in files if month_of(one.begun_on) <= last]
    if not begun:
        return {}
    first = add_months(min(month_of(one.begun_on) for one in begun), -YEAR)
    units = sorted({one.unit_id for one in begun})
    with wall.lowered():
        stretches = cells_below_each(units, last_day(last))
        series = held_series(stretches, first, last, with_members=False)
    blank = {month: MonthTotal(month) for month in month_range(first, last)}
    totals = {unit: blank | {one.month: one for one in series.get(str(unit), ())} for unit in units}
    return {one.pk: _course(one, totals[one.unit_id], last) for one in begun}


def _course(file: SupportFile, totals: Mapping[dt.date, MonthTotal], last: dt.date) -> Course:
    entry = month_of(file.begun_on)
    base = percent_of(
        [totals[month] for month in month_range(add_months(entry, -YEAR), add_months(entry, -1))]
    )
    months = []
    for month in month_range(add_months(entry, 1), last) if last > entry else []:
        recent = [
            totals[one] for one in month_range(max(entry, add_months(month, 1 - RECENT)), month)
        ]
        actual = percent_of(recent)
        expected = _expected(file.path, base, month)
        one = totals[month]
        below = _is_below(file.path, base, actual, expected)
        months.append(CourseMonth(month, one.held, one.due, one.no_report, actual, expected, below))
    periods = file.path.get("periods", 0)
    tail = months[-periods:] if periods else []
    slow = bool(tail) and len(tail) == periods and all(one.is_below for one in tail)
    return Course(base, tuple(months), slow)


def last_whole(until: dt.date) -> dt.date:
    """The last month that is over on a day."""
    this = month_of(until)
    return this if until == last_day(this) else add_months(this, -1)


def totals_of(unit_id: UUID, first: dt.date, last: dt.date) -> dict[dt.date, MonthTotal]:
    """Every month of the cells in and below a unit, where each stood then. Two queries."""
    stretches = cells_of_series(Roots(whole=(unit_id,)), Structure.THEN, last_day(last))
    series = held_series(stretches, first, last, with_members=False)
    found = {month: MonthTotal(month) for month in month_range(first, last)}
    for months in series.values():
        for one in months:
            found[one.month] += one
    return found


def percent_of(months: Sequence[MonthTotal]) -> Fraction | None:
    """Percent held of what was reported; None where too little was."""
    due = sum((exact(one.due) for one in months), Fraction(0))
    silent = sum((exact(one.no_report) for one in months), Fraction(0))
    held = sum((exact(one.held) for one in months), Fraction(0))
    if not due or (due - silent) / due < LEAST_REPORTED:
        return None
    return 100 * held / (due - silent)


def exact(value: float) -> Fraction:
    """A count that may be a share of a split cell, as a fraction."""
    return Fraction(value).limit_denominator(1000)


def _expected(path: Mapping[str, Any], base: Fraction | None, month: dt.date) -> Fraction | None:
    """What the path lets expect at the end of a month: straight lines between its points."""
    if not path or base is None:
        return None
    start = dt.date.fromisoformat(path["from"])
    gone = (month.year - start.year) * 12 + month.month - start.month
    before = (0, 0)
    share = Fraction(path["points"][-1][1])
    for months, percent in path["points"]:
        if gone <= months:
            steps = Fraction(max(gone, 0) - before[0], months - before[0])
            share = before[1] + steps * (percent - before[1])
            break
        before = (months, percent)
    return base + max(Fraction(path["aim"]) - base, Fraction(0)) * share / 100


def _is_below(
    path: Mapping[str, Any], base: Fraction | None, actual: Fraction | None,
    expected: Fraction | None,
) -> bool:  # fmt: skip
    if base is None or actual is None or expected is None:
        return False
    slack = max(Fraction(path["aim"]) - base, Fraction(0)) * path["slack"] / 100
    return actual < expected - slack
