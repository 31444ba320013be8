"""What the pages of training say, in words. Nobody is ranked: lists go by units, years, days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vungmanh.access.viewer import Viewer
from vungmanh.cadre.models import Course, CourseCount, TrainingPlan
from vungmanh.cadre.training import (
    Attended,
    PlanFigures,
    attended_by,
    courses_visible,
    obligatory_on,
    words_of_cause,
)
from vungmanh.cadre.training_due import DueLine, HolderDays, UnitDues, is_expired, is_never
from vungmanh.core.people_words import CourseKind, LessonState, TrainingPlanState
from vungmanh.core.text import date_vi, number_vi, percent_vi
from vungmanh.core.vocabulary import Post
from vungmanh.rulebook.people.training import CourseDue


def finding_of_plans(count: int, year: int | None) -> str:
    if not count:
        return _("Chưa có kế hoạch bồi dưỡng nào theo bộ lọc này.")
    if year is None:
        return _("%s kế hoạch bồi dưỡng, giáo dục chính trị.") % number_vi(count)
    said = {"n": number_vi(count), "year": year}
    return _("%(n)s kế hoạch bồi dưỡng, giáo dục chính trị năm %(year)s.") % said


def plan_row(plan: TrainingPlan, names: Mapping[UUID, str], told: PlanFigures) -> dict[str, Any]:
    return {
        "plan": plan,
        "unit": names.get(plan.unit_id, ""),
        "state": _(TrainingPlanState(plan.state).label),
        "is_draft": plan.state == TrainingPlanState.DRAFT,
        "lessons": _("%(held)s/%(planned)s lớp đã mở")
        % {"held": number_vi(told.held), "planned": number_vi(told.planned)},
        "came": came_words(told.came, told.called, told.units),
    }


def came_words(came: int, called: int, units: int = 1) -> str:
    """So many of so many, with the share; no unit recorded is said as such, and so is nobody."""
    if not units:
        return _("chưa ghi người dự")
    if not called:
        return _("không triệu tập ai")
    return _("%(came)s/%(called)s người dự (%(share)s)") % {
        "came": number_vi(came), "called": number_vi(called), "share": percent_vi(came / called),
    }  # fmt: skip


def figures_rows(told: PlanFigures) -> list[tuple[str, str]]:
    """Planned beside held and come."""
    dropped = _("; không mở %s") % number_vi(told.dropped) if told.dropped else ""
    rows = [
        (_("Lớp"), _("kế hoạch %(planned)s, đã mở %(held)s") % {
            "planned": number_vi(told.planned), "held": number_vi(told.held)} + dropped),
        (_("Số ngày theo kế hoạch"), number_vi(float(told.days))),
        (_("Buổi đã ghi"), number_vi(told.sessions)),
        (_("Lượt người"), came_words(told.came, told.called, told.units)),
        (_("Đơn vị đã dự"), number_vi(told.units)),
    ]  # fmt: skip
    if told.passed is not None:
        rows.append((_("Lượt đạt, nơi có kiểm tra"), number_vi(told.passed)))
    return rows


def course_row(one: Course, today: dt.date, unit: str = "") -> dict[str, Any]:
    is_late = one.state == LessonState.PLANNED and one.planned_on < today
    return {
        "one": one,
        "unit": unit,
        "kind": _(CourseKind(one.kind).label),
        "state": _("quá ngày dự kiến, chưa ghi buổi nào")
        if is_late
        else _(LessonState(one.state).label),
        "is_late": is_late,
        "cause": words_of_cause(one.cause, one.planned_on) if one.cause else "",
        "days": ngettext("%s ngày", "%s ngày", 1 if one.days == 1 else 2)
        % number_vi(float(one.days)),
    }


def obligatory_row(one: Course) -> dict[str, Any] | None:
    """Which obligatory course it is, for how long it counts, and where that is written."""
    if not one.code:
        return None
    courses, cite = obligatory_on(one.planned_on)
    known = next((each for each in courses if each.code == one.code), None)
    if known is None:
        return {"text": one.code, "valid": "", "citation": None}
    valid = (
        _("học lại sau %s tháng") % known.valid_months
        if known.valid_months is not None
        else _("học một lần")
    )
    return {"text": known.text, "valid": valid, "citation": cite}


def count_rows(counts: Iterable[CourseCount], names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    return [
        {
            "unit": names.get(one.unit_id, "–"),
            "unit_id": one.unit_id,
            "called": one.called,
            "came": one.came,
            "passed": one.passed,
        }
        for one in counts
    ]


def due_row(line: DueLine) -> dict[str, Any]:
    """One course of one holder: to be gone to by when, or valid until when."""
    row, due = line.appointment, line.due
    return {
        "unit": line.version.name,
        "unit_id": line.version.unit_id,
        "who": row.holder_name or "–",
        "post": _(Post(row.post).label),
        "since": row.valid.lower,
        "course": due.course.text if due.course else _("Lớp bắt buộc"),
        "words": due_words(due),
        "overdue": due.overdue,
        "citation": due.citation,
    }


def due_words(due: CourseDue) -> str:
    if due.course is None:
        return _("chưa có quy định cho ngày này trong Căn cứ")
    said = {
        "due": date_vi(due.due_on) if due.due_on else "",
        "last": date_vi(due.last_on) if due.last_on else "",
        "until": date_vi(due.valid_until) if due.valid_until else "",
    }
    if due.last_on is None:
        return (
            _("chưa ghi lần nào; hạn %(due)s đã qua") if due.overdue
            else _("chưa ghi lần nào; hạn %(due)s")
        ) % said  # fmt: skip
    if due.valid_until is None:
        return _("đã học %(last)s, không phải học lại") % said
    if due.overdue:
        return _("học %(last)s, có giá trị đến %(until)s; hạn học lại %(due)s đã qua") % said
    return _("học %(last)s, có giá trị đến %(until)s") % said


def unit_due_row(one: UnitDues) -> dict[str, Any]:
    """One course in a unit, counted over whoever holds a post that asks for it."""
    return {
        "unit": one.version.name,
        "unit_id": one.version.unit_id,
        "course": one.due.course.text if one.due.course else _("Lớp bắt buộc"),
        "posts": one.posts,
        "expired": one.expired,
        "never": one.never,
    }


def finding_of_dues(lines: list[DueLine]) -> str:
    """Run out and never recorded are two things: of the second nobody knows whether it is late."""
    if not lines:
        return _("Không có ai đến hạn theo bộ lọc này.")
    said = _(
        "%(expired)s lượt học bắt buộc đã hết hạn, chưa học lại; %(never)s lượt chưa ghi lần nào,"
        " ở %(units)s đơn vị."
    )
    return said % {
        "expired": number_vi(sum(is_expired(one.due) for one in lines)),
        "never": number_vi(sum(is_never(one.due) for one in lines)),
        "units": number_vi(len({one.version.unit_id for one in lines})),
    }


def attended_rows(viewer: Viewer, unit_id: UUID, on: dt.date, limit: int) -> list[dict[str, Any]]:
    """What a unit took part in, with links to the courses that the viewer reads."""
    found = attended_by(viewer, unit_id, on, limit=limit)
    asked = [one.course.pk for one in found]
    seen = (
        set(courses_visible(viewer, on).filter(pk__in=asked).values_list("pk", flat=True))
        if asked
        else set()
    )
    return [attended_row(one, one.course.pk in seen) for one in found]


def attended_row(one: Attended, seen: bool) -> dict[str, Any]:
    return {
        "day": one.session.began_on,
        "title": one.course.title,
        "kind": _(CourseKind(one.course.kind).label),
        "course_id": one.course.pk if seen else None,
        "words": came_words(one.count.came, one.count.called),
        "passed": one.count.passed,
    }


def days_row(one: HolderDays) -> dict[str, Any]:
    asked = dict(one.finding.figures).get("Cần")
    said = {"days": number_vi(float(one.days)), "asked": number_vi(int(str(asked or 0)))}
    words = (
        _("%(days)s ngày, cần %(asked)s ngày") % said if asked is not None
        else _(one.finding.text) if not one.days
        else _("%(days)s ngày") % said
    )  # fmt: skip
    return {
        "who": one.appointment.holder_name or "–",
        "post": _(Post(one.appointment.post).label),
        "words": words,
        "citation": one.finding.citation,
    }
