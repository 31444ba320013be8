"""Reviews of a file: in the middle and at the end of a year, and of whoever is slow.

The person who reviews is named, with a day; what the review concludes is kept with the figures and
the grades that it could look at. A review decides nothing: leaving and a new plan are asked for by
acts of their own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.programme_words import CourseState, FileAct, MeasureState, ReviewEnd, ReviewKind
from vungmanh.core.text import date_vi, fold
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import FileReviews
from vungmanh.strengthening.actions.file_hand import Hand, Said, done, locked_file
from vungmanh.strengthening.file_grades import years_beside
from vungmanh.strengthening.file_reads import is_named_reviewer
from vungmanh.strengthening.file_reviews import is_in_office, reviewers_of
from vungmanh.strengthening.following import CourseMonth, course_of
from vungmanh.strengthening.models import SupportFile

MOST_DAYS_AHEAD = 366


@transaction.atomic
def name_reviewer(
    *, file_id: UUID, kind: str, reviewer: User, due_on: dt.date | None = None, by: Viewer,
    at: dt.datetime,
) -> SupportFile:  # fmt: skip
    """Name who reviews the file, and until when (as the rule says where no day is given).

    Whoever was named before is replaced; the timeline keeps both. Raises NotFound, NotAllowed,
    NotNow, InputError (`kind`, `reviewer`, `due_on`).
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.NAME_REVIEWER, hand)
    _check_kind(kind)
    _check_slow(kind, file, hand.day)
    check_reviewer(file, reviewer, hand.day)
    due = due_on or hand.day + dt.timedelta(days=reviews_on(hand.day).due_days)
    if not hand.day <= due <= hand.day + dt.timedelta(days=MOST_DAYS_AHEAD):
        raise InputError(
            f"Hạn kiểm điểm từ hôm nay ({date_vi(hand.day)}), không quá một năm.", field="due_on",
            code="bad-day",
        )  # fmt: skip
    file.reviewer, file.review_kind, file.review_due = reviewer, kind, due
    said = {"kind": kind, "reviewer": str(reviewer.pk), "due": due.isoformat()}
    done(file, step, hand, Said(content=said))
    return file


@transaction.atomic
def review_file(
    *, file_id: UUID, kind: str, text: str, conclusion: str = ReviewEnd.CONTINUE,
    reviewer: User | None = None, by: Viewer, at: dt.datetime,
) -> SupportFile:  # fmt: skip
    """What a review found and concludes. Without `reviewer` it is by whoever was named.

    Raises NotFound, NotAllowed, NotNow, InputError (`kind`, `conclusion`, `reviewer`, `text`).
    """
    hand = Hand(by, at)
    file, step = locked_file(file_id, FileAct.REVIEW, hand)
    _check_kind(kind)
    _check_slow(kind, file, hand.day)
    if conclusion not in set(ReviewEnd):
        raise InputError("Chọn kết luận của kiểm điểm.", field="conclusion", code="bad-end")
    if file.review_due is not None and (reviewer is None or is_named_reviewer(by, file)):
        reviewer = file.reviewer
    if kind == ReviewKind.SLOW and reviewer is None:
        raise InputError(
            "Nơi chuyển biến chậm phải có người kiểm điểm cụ thể.", field="reviewer",
            code="needs-reviewer",
        )  # fmt: skip
    if reviewer is not None:
        check_reviewer(file, reviewer, hand.day)
        file.reviewer = reviewer
    file.review_due = None
    said = {
        "kind": str(kind), "conclusion": str(conclusion),
        "reviewer": str(reviewer.pk) if reviewer else None, **_figures(file, hand.day),
    }  # fmt: skip
    done(file, step, hand, Said(text, said))
    return file


def _figures(file: SupportFile, day: dt.date) -> dict[str, Any]:
    """What the review could look at: the latest months, and the grades with their regimes."""
    course = course_of(file, day)
    grades = [
        {"year": one.year, "grade": one.grade, "rule": one.rule, "comparable": one.is_comparable}
        for one in years_beside(file, day)
    ]
    months = [_told(one) for one in course.months[-3:]]
    return {"is_slow": course.is_slow, "months": months, "grades": grades}


def _told(one: CourseMonth) -> dict[str, str | None]:
    figures = {"actual": one.actual, "expected": one.expected}
    said = {name: None if value is None else str(value) for name, value in figures.items()}
    return {"month": f"{one.month:%Y-%m}", **said}


def _check_kind(kind: str) -> None:
    if kind not in set(ReviewKind):
        raise InputError("Chọn loại kiểm điểm.", field="kind", code="bad-kind")


def _check_slow(kind: str, file: SupportFile, day: dt.date) -> None:
    """A unit that was below its path in no month is not slow."""
    if kind != ReviewKind.SLOW or file.months.filter(course=CourseState.BELOW).exists():
        return
    if not any(one.is_below for one in course_of(file, day).months):
        raise InputError(
            "Chưa tháng nào dưới lộ trình nên chưa có gì để kiểm điểm vì chuyển biến chậm; chọn "
            "kiểm điểm giữa năm hoặc cuối năm.",
            field="kind", code="not-slow",
        )  # fmt: skip


def reviews_on(day: dt.date) -> FileReviews:
    """The rule on reviews in force on a day."""
    return load_rulebook().on(day).of(FileReviews)


def check_reviewer(file: SupportFile, reviewer: User, day: dt.date) -> None:
    """Raises InputError (`reviewer`) for somebody who left, is not of the file's committees, or
    answers for a measure of the file where the rule does not allow that."""
    if not is_in_office(reviewer, day):
        raise InputError(
            f"{reviewer} không còn giữ vai trò nào trong chương trình; chọn người đang làm việc.",
            field="reviewer", code="left",
        )  # fmt: skip
    if reviewer.pk not in dict(reviewers_of(file, day)):
        raise InputError(
            f"{reviewer} không làm việc ở nơi theo dõi hay cấp quyết định của hồ sơ; chọn người "
            "trong danh sách.",
            field="reviewer", code="elsewhere",
        )  # fmt: skip
    if reviews_on(day).owner_may_review:
        return
    name = fold(str(reviewer))
    owners = file.measures.filter(state=MeasureState.PLANNED).values_list("owner", flat=True)
    if any(name in fold(owner) for owner in owners):
        raise InputError(
            f"{reviewer} chịu trách nhiệm một biện pháp của hồ sơ này nên không tự kiểm điểm; "
            "chọn người khác.",
            field="reviewer", code="own-measure",
        )  # fmt: skip
