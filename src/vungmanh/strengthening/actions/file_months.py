"""The state of every open file at the end of each month, kept after each assessment.

Nobody types it: it follows from reports, visits, measures and terms. It is written anew from entry
on each time, since reports come late and are corrected.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from uuid import UUID

from django.db import transaction

from vungmanh.core.periods import last_day
from vungmanh.core.programme_words import CourseState, FileState, MeasureState
from vungmanh.strengthening.actions.flags import latest_told
from vungmanh.strengthening.attending import Missed, missed_meetings
from vungmanh.strengthening.following import Course, CourseMonth, courses_of
from vungmanh.strengthening.leaving import exit_finding
from vungmanh.strengthening.models import FileMeasure, FileMonth, SupportFile
from vungmanh.strengthening.models.files import OVER


@transaction.atomic
def keep_file_months(*, at: dt.datetime) -> int:
    """Write the months of every open file up to the latest told month. Returns how many months."""
    run = latest_told()
    if run is None:
        return 0
    until = last_day(run.month)
    files = list(SupportFile.objects.exclude(state__in=OVER).filter(entered_on__lt=until))
    if not files:
        return 0
    courses, missed = courses_of(files, until), missed_meetings(files, until)
    measures: dict[UUID, list[FileMeasure]] = {}
    for one in FileMeasure.objects.filter(file__in=files).exclude(state=MeasureState.DROPPED):
        measures.setdefault(one.file_id, []).append(one)
    rows = [
        row
        for file in files
        if file.pk in courses
        for row in _rows(file, courses[file.pk], missed, measures.get(file.pk, []), at)
    ]
    FileMonth.objects.filter(file__in=files).delete()
    FileMonth.objects.bulk_create(rows)
    return len(rows)


def _rows(
    file: SupportFile, course: Course, missed: Missed, measures: list[FileMeasure], at: dt.datetime
) -> list[FileMonth]:
    periods = file.path.get("periods", 0)
    rows = []
    for place, one in enumerate(course.months, start=1):
        tail = course.months[max(0, place - periods) : place] if periods else ()
        not_there = missed.get((file.pk, one.month), Counter())
        rows.append(
            FileMonth(
                file=file, month=one.month, course=_state(one),
                actual=_number(one.actual), expected=_number(one.expected),
                is_slow=len(tail) == periods > 0 and all(each.is_below for each in tail),
                missed=sum(not_there.values()),
                missed_by=[
                    {"user": str(user), "unit": str(unit), "n": n}
                    for (user, unit), n in sorted(not_there.items(), key=lambda each: str(each[0]))
                ],
                late=_late(measures, last_day(one.month)), at=at,
            )
        )  # fmt: skip
    if rows and file.state == FileState.ACTING:
        rows[-1].leaving = exit_finding(file, last_day(rows[-1].month)).state.value
    return rows


def _state(one: CourseMonth) -> CourseState:
    if one.actual is None or one.expected is None:
        return CourseState.UNKNOWN
    return CourseState.BELOW if one.is_below else CourseState.MET


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def _late(measures: list[FileMeasure], day: dt.date) -> int:
    """Measures past their day and not ended by a day."""
    return sum(one.due_on < day and (one.ended_on is None or one.ended_on > day)
               for one in measures)  # fmt: skip
