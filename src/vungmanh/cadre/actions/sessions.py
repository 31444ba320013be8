"""The times a course was held, who came by counts, and by name or post where that is allowed.

A name is one of the count: so many came, some of them are known. Both are of the day the session
began, as the register stood on it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.courses import held_course
from vungmanh.cadre.attending import MemberRow, check_members, check_units, valid_until
from vungmanh.cadre.models import Course, CourseCount, CourseMember, CourseSession, TrainingPlan
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import LessonState, TrainingPlanState
from vungmanh.core.text import date_vi, nfc
from vungmanh.org.models import UnitVersion

RECORD = "cadre.training.record"


@dataclass(frozen=True)
class SessionWish:
    """One time a course was held."""

    began_on: dt.date
    ended_on: dt.date
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class CountRow:
    """What was typed of one unit; `called` None: nothing, and what stood there is taken away."""

    unit_id: UUID
    called: int | None
    came: int | None = None
    passed: int | None = None


@transaction.atomic
def hold_session(
    *, course_id: UUID, wish: SessionWish, counts: Sequence[CountRow] = (), by: Viewer,
    at: dt.datetime,
) -> CourseSession:  # fmt: skip
    """Record that a course was held, with who came of each unit. Raises InputError, NotNow."""
    course, plan = held_course(by, course_id, RECORD)
    if plan.state != TrainingPlanState.APPROVED:
        raise NotNow("Kế hoạch chưa ban hành; ghi văn bản ban hành rồi mới ghi buổi học.",
                     code="plan-draft")  # fmt: skip
    if course.state == LessonState.DROPPED:
        raise NotNow("Lớp này đã ghi không mở; khôi phục lớp trước.", code="course-dropped")
    _check_days(wish, plan, localdate(at))
    _check_alone(course, wish)
    one = CourseSession.objects.create(
        course=course, began_on=wish.began_on, ended_on=wish.ended_on, place=_words(wish.place),
        note=_words(wish.note, 600), by=by.user,
    )  # fmt: skip
    _write_counts(one, plan, counts)
    _state(course)
    _tell("course_session.held", one, by, at, counts=_counted(one))
    return one


@transaction.atomic
def change_session(
    *, session_id: UUID, wish: SessionWish, by: Viewer, at: dt.datetime
) -> CourseSession:
    """Correct days, place or note; who came must have been there on the new days too."""
    one, course, plan = _own(by, session_id)
    _check_days(wish, plan, localdate(at), one)
    _check_alone(course, wish, one)
    before = _facts(one)
    one.began_on, one.ended_on = wish.began_on, wish.ended_on
    one.place, one.note = _words(wish.place), _words(wish.note, 600)
    check_units(plan, one.began_on, [each.unit_id for each in one.counts.all()])
    members = list(one.members.all())
    check_members(
        plan, one.began_on,
        [MemberRow(m.unit_id, m.person_id, m.appointment_id, True, m.has_passed) for m in members],
    )  # fmt: skip
    one.save()
    for each in members:
        each.valid_until = valid_until(one.course.code, one.ended_on, each.has_passed)
        each.save(update_fields=["valid_until"])
    _tell("course_session.changed", one, by, at, before=before)
    return one


@transaction.atomic
def write_counts(
    *, session_id: UUID, rows: Sequence[CountRow], by: Viewer, at: dt.datetime
) -> CourseSession:
    """Who came of these units, by counts; units not named stay as they are. Raises InputError."""
    one, _, plan = _own(by, session_id)
    before = _counted(one)
    _write_counts(one, plan, rows)
    _check_enough(one)
    _tell("course_session.counted", one, by, at, before=before, counts=_counted(one))
    return one


@transaction.atomic
def write_members(
    *, session_id: UUID, rows: Sequence[MemberRow], by: Viewer, at: dt.datetime
) -> CourseSession:
    """Who came, by post or by name. Rows that say nobody came take away what stood there.

    Raises InputError for somebody who could not have come, or who stands there twice.
    """
    one, course, plan = _own(by, session_id)
    if any(row.person_id is not None for row in rows):
        check_can(by, "org.person.view")
    keys = [(row.person_id, row.appointment_id) for row in rows]
    if len(set(keys)) != len(keys):
        raise InputError("Một người đứng hai lần trong danh sách; bỏ một lần.", code="twice")
    check_members(plan, one.began_on, [row for row in rows if row.came])
    for row in rows:
        who: dict[str, Any] = {"person_id": row.person_id, "appointment_id": row.appointment_id}
        if not row.came:
            one.members.filter(**who).delete()
            continue
        CourseMember.objects.update_or_create(
            session=one, **who, defaults={
                "unit_id": row.unit_id, "has_passed": row.has_passed,
                "valid_until": valid_until(course.code, one.ended_on, row.has_passed),
            },
        )  # fmt: skip
    _check_once(one)
    _check_enough(one)
    _tell("course_session.named", one, by, at, members=one.members.count(), who=[
        [str(each.person_id or ""), each.appointment_id, each.has_passed]
        for each in one.members.all()
    ])  # fmt: skip
    return one


@transaction.atomic
def take_back_session(*, session_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Course:
    """The session was recorded by mistake: it goes with its counts and names; the ledger keeps."""
    one, course, _ = _own(by, session_id)
    why = checked_reason(reason)
    _tell("course_session.taken_back", one, by, at, counts=_counted(one), reason=why)
    one.delete()
    _state(course)
    return course


def _own(by: Viewer, session_id: UUID) -> tuple[CourseSession, Course, TrainingPlan]:
    check_can(by, RECORD)
    found = CourseSession.objects.filter(pk=session_id).values_list("course_id", flat=True).first()
    if found is None:
        raise NotFound("Không tìm thấy buổi học này trong phạm vi của đồng chí.", code="no-session")
    course, plan = held_course(by, found, RECORD)
    one = course.sessions.filter(pk=session_id).first()
    if one is None:
        raise NotFound("Buổi học này vừa được rút.", code="no-session")
    return one, course, plan


def _check_days(
    wish: SessionWish, plan: TrainingPlan, today: dt.date, old: CourseSession | None = None
) -> None:
    """A session held before the plan was issued anew keeps its day; no other lies before it."""
    if wish.ended_on < wish.began_on:
        raise InputError("Ngày kết thúc không được trước ngày mở.", field="ended_on",
                         code="bad-days")  # fmt: skip
    if wish.ended_on > today:
        raise InputError("Chỉ ghi buổi đã học xong; ngày này chưa tới.", field="ended_on",
                         code="in-future")  # fmt: skip
    if wish.began_on.year != plan.year or wish.ended_on.year != plan.year:
        raise InputError(
            f"Buổi học phải trong năm {plan.year}; năm khác thì ghi ở kế hoạch của năm ấy.",
            field="began_on", code="other-year",
        )  # fmt: skip
    is_moved = old is None or old.began_on != wish.began_on
    if is_moved and plan.signed_on is not None and wish.began_on < plan.signed_on:
        raise InputError(
            f"Kế hoạch ban hành ngày {date_vi(plan.signed_on)}; buổi học không thể trước ngày ấy.",
            field="began_on", code="before-approval",
        )  # fmt: skip


def _check_alone(course: Course, wish: SessionWish, old: CourseSession | None = None) -> None:
    """No other session of the course on these days in this place."""
    same = course.sessions.filter(
        began_on__lte=wish.ended_on, ended_on__gte=wish.began_on, place=_words(wish.place)
    )
    others = same if old is None else same.exclude(pk=old.pk)
    if others.exists():
        raise InputError("Lớp này đã ghi một buổi những ngày ấy, ở nơi ấy; mở buổi đã ghi.",
                         field="began_on", code="session-exists")  # fmt: skip


def _write_counts(one: CourseSession, plan: TrainingPlan, rows: Sequence[CountRow]) -> None:
    units = [row.unit_id for row in rows]
    if len(set(units)) != len(units):
        raise InputError("Một đơn vị đứng hai lần trong bảng; bỏ một dòng.", code="unit-twice")
    said = [row for row in rows if {row.called, row.came, row.passed} != {None}]
    check_units(plan, one.began_on, [row.unit_id for row in said])
    for row in rows:
        if row.called is None:
            if row.came is not None or row.passed is not None:
                _refuse(row, "triệu tập", "Ghi số người được triệu tập, hoặc xóa cả dòng.")
            CourseCount.objects.filter(session=one, unit_id=row.unit_id).delete()
            continue
        came = _came(row, row.called)
        CourseCount.objects.update_or_create(
            session=one, unit_id=row.unit_id,
            defaults={"called": row.called, "came": came, "passed": row.passed},
        )  # fmt: skip


def _came(row: CountRow, called: int) -> int:
    if row.came is None:
        _refuse(row, "có mặt", "Ghi số người dự; không ai dự thì ghi 0.")
    came = row.came or 0
    if min(called, came, row.passed or 0) < 0:
        _refuse(row, "triệu tập", "Số người không được âm.")
    if came > called:
        _refuse(row, "có mặt", f"{came} người dự, nhiều hơn {called} người được triệu tập.")
    if row.passed is not None and row.passed > came:
        _refuse(row, "đạt", f"{row.passed} người đạt, nhiều hơn {came} người dự.")
    return came


def _refuse(row: CountRow, column: str, words: str) -> None:
    name = _name(row.unit_id)
    raise InputError(
        f"{name}, ô {column}: {words}", field=f"hang-{row.unit_id}", place=f"{name}, ô {column}",
        code="bad-count",
    )  # fmt: skip


def _check_once(one: CourseSession) -> None:
    """The same person is not told by post and by name, nor by two posts."""
    seen: set[UUID] = set()
    for row in one.members.select_related("appointment", "person"):
        post, person = row.appointment, row.person
        who = row.person_id or (post.person_id if post is not None else None)
        if who is None:
            continue
        if who in seen:
            name = person.name if person is not None else post.holder_name if post else ""
            raise InputError(
                f"{name} đã được ghi ở buổi này, theo tên hoặc theo chức danh khác; chỉ ghi một"
                " lần.", code="twice",
            )  # fmt: skip
        seen.add(who)


def _check_enough(one: CourseSession) -> None:
    """Whoever is told by name or post is one of those who came; so with those who passed."""
    members = list(one.members.values_list("unit_id", "has_passed"))
    counts = {row.unit_id: row for row in one.counts.all()}
    for unit_id, named in Counter(unit for unit, _ in members).items():
        row = counts.get(unit_id)
        came = row.came if row is not None else 0
        if named > came:
            raise InputError(
                f"{_name(unit_id)}: nêu đích danh {named} người nhưng số người dự là {came}; ghi số"
                " người dự trước.", field=f"hang-{unit_id}", code="more-names-than-came",
            )  # fmt: skip
        if row is not None and row.passed is not None:
            _check_passed(row, [said for unit, said in members if unit == unit_id])


def _check_passed(row: CourseCount, named: list[bool | None]) -> None:
    """So many passed, so many did not: neither less than those who are named as such."""
    passed, failed = named.count(True), named.count(False)
    if passed > (row.passed or 0):
        words = f"nêu đích danh {passed} người đạt nhưng số người đạt là {row.passed}"
    elif failed > row.came - (row.passed or 0):
        words = f"nêu đích danh {failed} người chưa đạt, nhiều hơn số người dự mà chưa đạt"
    else:
        return
    raise InputError(
        f"{_name(row.unit_id)}: {words}; sửa số người đạt, hoặc sửa người đã nêu.",
        field=f"hang-{row.unit_id}", code="more-passed-than-counted",
    )  # fmt: skip


def _name(unit_id: UUID) -> str:
    rows = UnitVersion.objects.filter(unit_id=unit_id).order_by("valid")
    return rows.values_list("name", flat=True).last() or "Đơn vị"


def _state(course: Course) -> None:
    course.state = LessonState.HELD if course.sessions.exists() else LessonState.PLANNED
    course.save(update_fields=["state"])


def _words(text: str, most: int = 200) -> str:
    return " ".join(nfc(text).split())[:most]


def _facts(one: CourseSession) -> dict[str, Any]:
    days = {"began_on": one.began_on.isoformat(), "ended_on": one.ended_on.isoformat()}
    return days | {"place": one.place, "note": one.note}


def _counted(one: CourseSession) -> dict[str, list[int | None]]:
    return {
        str(each.unit_id): [each.called, each.came, each.passed]
        for each in CourseCount.objects.filter(session=one)
    }


def _tell(
    verb: str, one: CourseSession, by: Viewer, at: dt.datetime, *, reason: str = "",
    who: object = None, **more: Any,
) -> None:  # fmt: skip
    data = {"course": str(one.course_id), **_facts(one), **more}
    personal = {"reason": reason} if reason else {}
    record(
        verb, by=by.user, at=at, subject=f"course_session:{one.pk}", data=data,
        personal=personal | ({"who": who} if who else {}),
    )  # fmt: skip
