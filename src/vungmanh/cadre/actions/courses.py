"""The courses of a plan: written, revised with a reason once it is issued, dropped, taken back.

An issued plan is not written over: what changes in it afterwards is a revision with a reason, and
the ledger keeps both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.cadre import placing
from vungmanh.cadre.actions.training import PLAN, keep_plan, own_plan
from vungmanh.cadre.models import Course, TrainingPlan
from vungmanh.cadre.training import causes_on, obligatory_on
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.people_words import CourseKind, LessonState, TrainingPlanState
from vungmanh.core.text import date_vi, nfc

_DAYS = (Decimal("0.5"), Decimal(400))


@dataclass(frozen=True)
class CourseWish:
    """A course as somebody wants it. `code`: of an obligatory course; `cause`: which it answers."""

    kind: CourseKind
    title: str
    audience: str
    asks: str
    planned_on: dt.date
    days: Decimal
    code: str = ""
    cause: str = ""
    materials: str = ""


@transaction.atomic
def write_course(
    *, plan_id: UUID, wish: CourseWish, by: Viewer, at: dt.datetime, course_id: UUID | None = None,
    revision: int | None = None, reason: str = "",
) -> Course:  # fmt: skip
    """Add a course, or change one (`revision` as it was read). In an issued plan with a reason."""
    plan = own_plan(by, plan_id, PLAN)
    is_issued = plan.state == TrainingPlanState.APPROVED
    why = checked_reason(reason) if is_issued else ""
    old = None if course_id is None else own_course(plan, course_id)
    if old is not None and revision not in {None, old.revision}:
        raise Conflict("Lớp này vừa có người khác sửa; tải lại trang rồi sửa lại.",
                       code="course-changed")  # fmt: skip
    if old is not None and old.state == LessonState.DROPPED:
        raise NotNow("Lớp này đã ghi không mở; khôi phục lớp trước.", code="course-dropped")
    kept = _checked(plan, wish, old)
    before = None if old is None else _facts(old)
    one = old or Course(plan=plan, state=LessonState.PLANNED)
    for name, value in kept.items():
        setattr(one, name, value)
    if old is not None:
        one.revision += 1
    one.save()
    if is_issued:
        keep_plan(plan)
    verb = "course.revised" if is_issued else "course.written"
    _tell_course(verb, one, by, at, before=before, reason=why)
    return one


@transaction.atomic
def drop_course(*, course_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Course:
    """The course will not be held, and why. One that was held is not dropped."""
    one, plan = held_course(by, course_id, PLAN)
    if one.state != LessonState.PLANNED:
        raise NotNow("Chỉ bỏ được lớp chưa mở; đã ghi buổi thì rút buổi trước.", code="not-planned")
    one.dropped_reason, one.state = checked_reason(reason), LessonState.DROPPED
    return _changed(one, plan, "course.dropped", by=by, at=at, why=one.dropped_reason)


@transaction.atomic
def restore_course(*, course_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Course:
    """The course will be held after all."""
    one, plan = held_course(by, course_id, PLAN)
    if one.state != LessonState.DROPPED:
        raise NotNow("Lớp này không ở tình trạng đã bỏ.", code="not-dropped")
    why = checked_reason(reason)
    one.dropped_reason, one.state = "", LessonState.PLANNED
    return _changed(one, plan, "course.restored", by=by, at=at, why=why)


@transaction.atomic
def take_back_course(*, course_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """A course written by mistake into a draft, while it was never held."""
    one, plan = held_course(by, course_id, PLAN)
    if plan.state != TrainingPlanState.DRAFT:
        raise NotNow("Kế hoạch đã ban hành: lớp không mở thì ghi không mở, có lý do.",
                     code="plan-issued")  # fmt: skip
    if one.sessions.exists():
        raise NotNow("Lớp đã có buổi học; rút các buổi trước.", code="has-sessions")
    _tell_course("course.taken_back", one, by, at, before=_facts(one),
                 reason=checked_reason(reason))  # fmt: skip
    one.delete()


def own_course(plan: TrainingPlan, course_id: UUID) -> Course:
    found = plan.courses.filter(pk=course_id).first()
    if found is None:
        raise NotFound("Không tìm thấy lớp này trong kế hoạch.", code="no-course")
    return found


def held_course(by: Viewer, course_id: UUID, permission: str) -> tuple[Course, TrainingPlan]:
    """The course and its plan, the committee locked. Raises NotAllowed, NotFound."""
    check_can(by, permission)
    plan_id = Course.objects.filter(pk=course_id).values_list("plan_id", flat=True).first()
    if plan_id is None:
        raise NotFound("Không tìm thấy lớp này trong phạm vi của đồng chí.", code="no-course")
    plan = own_plan(by, plan_id, permission)
    return own_course(plan, course_id), plan


def _checked(plan: TrainingPlan, wish: CourseWish, old: Course | None) -> dict[str, Any]:
    if wish.planned_on.year != plan.year:
        raise InputError(f"Ngày dự kiến phải trong năm {plan.year} của kế hoạch.",
                         field="planned_on", code="other-year")  # fmt: skip
    moved = old is None or old.planned_on != wish.planned_on
    if (plan.state == TrainingPlanState.APPROVED and moved and plan.signed_on is not None
            and wish.planned_on < plan.signed_on):  # fmt: skip
        raise InputError(
            f"Kế hoạch ban hành ngày {date_vi(plan.signed_on)}; lớp không thể mở trước ngày ấy.",
            field="planned_on", code="before-approval",
        )  # fmt: skip
    if not _DAYS[0] <= wish.days <= _DAYS[1] or wish.days % _DAYS[0]:
        raise InputError("Số ngày là 0,5; 1; 1,5; … không quá 400.", field="days", code="bad-days")
    obligatory, _ = obligatory_on(wish.planned_on)
    if wish.code and wish.code not in {one.code for one in obligatory}:
        raise InputError("Quy định của ngày ấy không có lớp bắt buộc này.", field="code",
                         code="no-such-course")  # fmt: skip
    if wish.cause and wish.cause not in {one.code for one in causes_on(wish.planned_on)}:
        raise InputError("Danh mục nguyên nhân không có mã này; chọn trong danh sách.",
                         field="cause", code="no-such-cause")  # fmt: skip
    say = placing.line
    return {
        **asdict(wish),
        "title": say(wish.title, field="title", message="Ghi tên lớp hoặc chuyên đề."),
        "audience": say(wish.audience, field="audience", message="Ghi lớp dành cho ai."),
        "asks": _long(wish.asks, "asks", "Ghi sau lớp này đơn vị phải khác đi ở điều gì."),
        "materials": " ".join(nfc(wish.materials).split())[:600],
    }


def _long(text: str, field: str, message: str) -> str:
    said = " ".join(nfc(text).split())
    if len(said) < 3:
        raise InputError(message, field=field, code="blank")
    return said[:600]


def _changed(
    one: Course, plan: TrainingPlan, verb: str, *, by: Viewer, at: dt.datetime, why: str
) -> Course:
    one.revision += 1
    one.save()
    if plan.state == TrainingPlanState.APPROVED:
        keep_plan(plan)
    _tell_course(verb, one, by, at, reason=why)
    return one


def _facts(one: Course) -> dict[str, Any]:
    names = ("kind", "title", "code", "cause", "audience", "asks", "materials", "state")
    said: dict[str, Any] = {name: str(getattr(one, name)) for name in names}
    return said | {"planned_on": one.planned_on.isoformat(), "days": str(one.days)}


def _tell_course(
    verb: str, one: Course, by: Viewer, at: dt.datetime, *, reason: str = "",
    before: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    data = {"plan": str(one.plan_id), "now": _facts(one)} | ({"before": before} if before else {})
    record(
        verb, by=by.user, at=at, subject=f"course:{one.pk}", data=data,
        personal={"reason": reason} if reason else {},
    )  # fmt: skip
