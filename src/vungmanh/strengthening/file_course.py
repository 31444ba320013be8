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

_LEAVING = (FileState.ACTING, FileState.EXIT_ASKED, FileState.HOLDING)


@dataclass(frozen=True)
class CourseTold:
    """`leaving` while leaving is near, `beside` once the year after entry is over."""

    course: Course
    leaving: ExitFinding | None
    beside: Comparison | None


def course_told(file: SupportFile, until: dt.date) -> CourseTold:
    """The course until a day, or until the file ended.

    Sums over all cells of a unit whose file is in sight, as its assessments are: who sees only some
    of the cells must not read another share than the others. So it is read past the wall.
    """
    last = min(until, file.ended_on or until)
    with wall.lowered():
        course = course_of(file, last)
        leaving = exit_finding(file, last) if file.state in _LEAVING else None
        is_over = last_whole(last) >= add_months(month_of(file.entered_on), YEAR)
        beside = compare(file, last) if is_over else None
    return CourseTold(course, leaving, beside)
