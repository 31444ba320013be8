"""What the page of a file tells of its course: months, terms of leaving, like units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.access import wall
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.programme_words import FileState
from vungmanh.rulebook.programmes.exit import ExitFinding
from vungmanh.strengthening.comparison import Comparison, compare
from vungmanh.strengthening.following import YEAR, Course, course_of, last_whole
from vungmanh.strengthening.leaving import exit_finding
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.models.files import OVER

_LEAVING = (FileState.ACTING, FileState.EXIT_ASKED, FileState.HOLDING)


@dataclass(frozen=True)
class CourseTold:
    """`leaving` while leaving is near; `is_over`: the year after entry, so that like units may be
    looked at (`beside_told`)."""

    course: Course
    leaving: ExitFinding | None
    is_over: bool
    is_open: bool = True  # nothing is asked for once the file ended


def course_told(file: SupportFile, until: dt.date) -> CourseTold:
    """The course until a day, or until the file ended.

    Sums over all cells of a unit whose file is in sight, as its assessments are: who sees only some
    of the cells must not read another share than the others. So it is read past the wall.
    """
    last = min(until, file.ended_on or until)
    with wall.lowered():
        course = course_of(file, last)
        leaving = exit_finding(file, last) if file.state in _LEAVING else None
    return CourseTold(course, leaving, _is_over(file, last), file.state not in OVER)


def beside_told(file: SupportFile, until: dt.date) -> Comparison | None:
    """Like units and what comes by itself; None before the year after entry is over.

    It counts two years of every like unit: a page fetches it after itself.
    """
    last = min(until, file.ended_on or until)
    return compare(file, last) if _is_over(file, last) else None


def _is_over(file: SupportFile, last: dt.date) -> bool:
    # A file that was carried over has no year before of its own unit.
    return not file.line and last_whole(last) >= add_months(month_of(file.entered_on), YEAR)
