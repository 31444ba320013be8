"""Acts on a plan and on its courses: each a page with what it means, and a way to leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.cadre.actions.courses import (
    drop_course,
    restore_course,
    take_back_course,
    write_course,
)
from vungmanh.cadre.actions.training import (
    PLAN,
    approve_plan,
    make_plan,
    rename_plan,
    reopen_plan,
    take_back_plan,
)
from vungmanh.cadre.models import Course, TrainingPlan
from vungmanh.cadre.training import course_visible, obligatory_on, plan_visible
from vungmanh.core.people_words import LessonState, TrainingPlanState
from vungmanh.org.queries import visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.training.forms import ApproveForm, CourseForm, PlanForm, TitleForm

METHODS = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class Act:
    """What the page of an act says."""

    title: str
    finding: str
    lead: str
    button: str
    back: str  # the address to go back to
    done: str  # what is said once it went through


def acted(
    request: ViewerRequest, form: forms.Form, act: Act, do: Callable[[dict[str, Any]], Any],
    to: Callable[[Any], str],
) -> HttpResponse:  # fmt: skip
    """The page of an act; once it went through, on to where `to` says."""
    if request.method == "POST" and form.is_valid():
        missing = object()
        made = tried(form, lambda: (do(form.cleaned_data), missing))
        if made is not None:
            messages.success(request, act.done)
            return redirect(to(made[0]))
    status = 422 if request.method == "POST" else 200
    with answering(request, ahead=True):
        return render(request, "training/act.html", {"form": form, "act": act}, status=status)


def plan_address(one: TrainingPlan) -> str:
    return reverse("training_plan", args=[one.pk])


def course_address(one: Course) -> str:
    return reverse("training_course", args=[one.pk])


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def plan_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The plan of a committee for a year."""
    viewer, now = request.viewer, timezone.now()
    version = visible_unit(viewer, unit_id, viewer.on)
    form = PlanForm(request.POST or None, initial={"year": viewer.on.year})
    act = Act(
        _("Lập kế hoạch bồi dưỡng"), _("Kế hoạch bồi dưỡng của %s.") % version.name,
        _("Mỗi cấp ủy một kế hoạch một năm. Lập xong thì thêm lớp, rồi ghi văn bản ban hành."),
        _("Lập kế hoạch"), reverse("unit_training", args=[unit_id]),
        _("Đã lập kế hoạch. Thêm lớp, rồi ghi văn bản ban hành."),
    )  # fmt: skip
    return acted(
        request, form, act, lambda told: make_plan(unit_id=unit_id, by=viewer, at=now, **told),
        plan_address,
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def plan_rename(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    viewer, now, one = request.viewer, timezone.now(), _plan(request, training_id)
    form = TitleForm(request.POST or None, initial={"title": one.title})
    act = Act(_("Đổi tên kế hoạch"), _("Đổi tên “%s”.") % one.title,
              _("Chỉ đổi được khi đang soạn."), _("Ghi tên mới"), plan_address(one),
              _("Đã đổi tên kế hoạch."))  # fmt: skip
    return acted(
        request, form, act, lambda told: rename_plan(plan_id=one.pk, by=viewer, at=now, **told),
        plan_address,
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def plan_approve(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    viewer, now, one = request.viewer, timezone.now(), _plan(request, training_id)
    form = ApproveForm(request.POST or None, initial={"signed_on": viewer.on})
    act = Act(
        _("Ghi văn bản ban hành"), _("Ban hành “%s”.") % one.title,
        _("Từ đó mỗi lần sửa lớp phải có lý do và giữ bản trước. Ban hành nhầm thì mở lại được."),
        _("Ghi đã ban hành"), plan_address(one),
        _("Đã ghi ban hành. Cấp dưới đọc được kế hoạch; ghi được buổi học."),
    )  # fmt: skip
    return acted(
        request, form, act, lambda told: approve_plan(plan_id=one.pk, by=viewer, at=now, **told),
        plan_address,
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def plan_reopen(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    viewer, now, one = request.viewer, timezone.now(), _plan(request, training_id)
    act = Act(
        _("Mở lại kế hoạch"), _("Mở lại “%s”.") % one.title,
        _("Kế hoạch trở về đang soạn; buổi đã ghi vẫn còn. Cấp dưới không thấy bản đang soạn."),
        _("Mở lại"), plan_address(one),
        _("Đã mở lại: kế hoạch trở về đang soạn."),
    )  # fmt: skip
    return acted(
        request, ReasonForm(request.POST or None), act,
        lambda told: reopen_plan(plan_id=one.pk, by=viewer, at=now, **told), plan_address,
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def plan_back(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    viewer, now, one = request.viewer, timezone.now(), _plan(request, training_id)
    act = Act(_("Rút kế hoạch lập nhầm"), _("Rút “%s”.") % one.title,
              _("Chỉ rút được kế hoạch đang soạn, chưa có lớp nào. Nhật ký vẫn giữ."), _("Rút"),
              plan_address(one), _("Đã rút kế hoạch; nhật ký vẫn giữ."))  # fmt: skip
    return acted(
        request, ReasonForm(request.POST or None), act,
        lambda told: take_back_plan(plan_id=one.pk, by=viewer, at=now, **told),
        lambda _made: reverse("training"),
    )  # fmt: skip


# --- courses --------------------------------------------------------------------------------------


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def course_new(request: ViewerRequest, training_id: UUID) -> HttpResponse:
    return _course_page(request, _plan(request, training_id), None)


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def course_edit(request: ViewerRequest, course_id: UUID) -> HttpResponse:
    one = _course(request, course_id)
    return _course_page(request, one.plan, one)


def _course_page(request: ViewerRequest, plan: TrainingPlan, one: Course | None) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    is_issued = plan.state == TrainingPlanState.APPROVED
    day = one.planned_on if one else _day_in(plan.year, viewer.on)
    form = CourseForm(request.POST or None, on=day, is_issued=is_issued, course=one)
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: write_course(
                plan_id=plan.pk, wish=form.wish(), course_id=one.pk if one else None,
                revision=form.cleaned_data.get("revision"),
                reason=form.cleaned_data.get("reason", ""), by=viewer, at=now,
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Đã ghi lớp."))
            return redirect("training_course", made.pk)
    status = 422 if request.method == "POST" else 200
    with answering(request, ahead=True):
        context = {"form": form, "plan": plan, "one": one, "citation": obligatory_on(day)[1]}
        return render(request, "training/course_form.html", context, status=status)


def _day_in(year: int, today: dt.date) -> dt.date:
    """The day of a year nearest to today: a course is written by the rules of the year it is of."""
    return min(max(today, dt.date(year, 1, 1)), dt.date(year, 12, 31))


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def course_drop(request: ViewerRequest, course_id: UUID) -> HttpResponse:
    """The course will not be held; of one that was dropped: it will after all."""
    viewer, now, one = request.viewer, timezone.now(), _course(request, course_id)
    back = one.state == LessonState.DROPPED
    act = Act(
        _("Khôi phục lớp") if back else _("Ghi lớp không mở"),
        (_("Khôi phục lớp “%s”.") if back else _("Không mở lớp “%s”.")) % one.title,
        _("Lớp trở lại trong kế hoạch.")
        if back
        else _("Lớp vẫn đứng trong kế hoạch, ghi rõ vì sao không mở; khôi phục lại được."),
        _("Khôi phục") if back else _("Ghi không mở"), course_address(one),
        _("Đã khôi phục lớp.") if back else _("Đã ghi lớp không mở, kèm lý do."),
    )  # fmt: skip
    do = restore_course if back else drop_course
    return acted(
        request, ReasonForm(request.POST or None), act,
        lambda told: do(course_id=one.pk, by=viewer, at=now, **told), course_address,
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(PLAN, ahead=True)
def course_back(request: ViewerRequest, course_id: UUID) -> HttpResponse:
    viewer, now, one = request.viewer, timezone.now(), _course(request, course_id)
    act = Act(
        _("Rút lớp ghi nhầm"), _("Rút lớp “%s”.") % one.title,
        _("Chỉ rút được khi kế hoạch đang soạn và lớp chưa có buổi nào. Nhật ký vẫn giữ."),
        _("Rút"), course_address(one), _("Đã rút lớp; nhật ký vẫn giữ."),
    )  # fmt: skip
    return acted(
        request, ReasonForm(request.POST or None), act,
        lambda told: take_back_course(course_id=one.pk, by=viewer, at=now, **told),
        lambda _made: plan_address(one.plan),
    )  # fmt: skip


def _plan(request: ViewerRequest, training_id: UUID) -> TrainingPlan:
    return plan_visible(request.viewer, training_id, timezone.localdate())


def _course(request: ViewerRequest, course_id: UUID) -> Course:
    return course_visible(request.viewer, course_id, timezone.localdate())
