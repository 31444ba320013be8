"""A session: its days, who came of many units in one table, by post or name, taking back."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.cadre.actions.sessions import (
    RECORD,
    CountRow,
    change_session,
    hold_session,
    take_back_session,
    write_counts,
    write_members,
)
from vungmanh.cadre.models import Course, CourseSession
from vungmanh.cadre.training import course_visible, session_visible
from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.training import table
from vungmanh.web.training.acts import METHODS, Act, acted, course_address
from vungmanh.web.training.forms import SessionForm
from vungmanh.web.training.views import check_holds


@require_http_methods(METHODS)
@needs(RECORD, ahead=True)
def session_new(request: ViewerRequest, course_id: UUID) -> HttpResponse:
    """Days and place, and who came of the units directly below, in one form."""
    viewer, now = request.viewer, timezone.now()
    course = course_visible(viewer, course_id, timezone.localdate())
    check_holds(viewer, course.plan, RECORD)
    form = SessionForm(request.POST or None)
    bad: list[str] = []
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: _marking(
                bad,
                lambda: hold_session(
                    course_id=course.pk, wish=form.wish(), by=viewer, at=now,
                    counts=_counts(request, viewer.on),
                ),
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Đã ghi buổi học. Có thể nêu đích danh ai đã dự."))
            return redirect("training_session", made.pk)
    return _table_page(request, form, course=course, one=None, day=viewer.on, bad=bad)


@require_http_methods(METHODS)
@needs(RECORD, ahead=True)
def session(request: ViewerRequest, session_id: UUID) -> HttpResponse:
    """One session: who came of each unit, to be added to and corrected. `trong`: of which unit."""
    viewer, now = request.viewer, timezone.now()
    one = session_visible(viewer, session_id, timezone.localdate())
    check_holds(viewer, one.course.plan, RECORD)
    form = forms.Form(request.POST or None)
    bad: list[str] = []
    if request.method == "POST" and form.is_valid():
        made = tried(
            form,
            lambda: _marking(
                bad,
                lambda: write_counts(
                    session_id=one.pk,
                    by=viewer,
                    at=now,
                    rows=_counts(request, one.began_on, one),
                ),
            ),
        )
        if made is not None:
            messages.success(request, _("Đã ghi số người dự."))
            return redirect(request.get_full_path())
    return _table_page(request, form, course=one.course, one=one, day=one.began_on, bad=bad)


def _counts(
    request: ViewerRequest, day: dt.date, one: CourseSession | None = None
) -> list[CountRow]:
    """What was typed of each unit, asked about once where more were called than there are."""
    rows = table.counts_in(request.viewer, day, request.POST)
    table.check_called(request.viewer, rows, day, request.POST, one)
    return rows


def _marking(bad: list[str], act: Any) -> Any:
    """As the act; the row that was refused is remembered, to be marked in the table."""
    try:
        return act()
    except InputError as error:
        bad.append(error.field)
        raise


def _table_page(
    request: ViewerRequest, form: forms.Form, *, course: Course, one: CourseSession | None,
    day: dt.date, bad: list[str],
) -> HttpResponse:  # fmt: skip
    viewer = request.viewer
    with answering(request, ahead=True):
        top = course.plan.unit_id
        asked = uuid_of(request.GET.get("trong")) if one is not None else None
        group = table.group_of(viewer, top, asked, day)
        text = request.GET.get("q", "") if one is not None else ""
        page = table.unit_page(viewer, group, day, request.GET.get("trang"), text)
        data = request.POST if request.method == "POST" else None
        context = {
            "form": form, "course": course, "session": one, "page": page, "group": group,
            "top": top, "text": text, "asks_guests": table.GUESTS in bad,
            "group_name": unit_names({group}).get(group, ""),
            "rows": table.unit_rows(
                viewer, page, day, group=group, session=one, data=data, bad=bad[0] if bad else ""
            ),
            "named": one.members.count() if one is not None else 0,
        }  # fmt: skip
        return render(request, "training/session.html", context, status=_status(request))


@require_http_methods(METHODS)
@needs(RECORD, ahead=True)
def session_edit(request: ViewerRequest, session_id: UUID) -> HttpResponse:
    """Correct the days, the place or the note."""
    viewer, now = request.viewer, timezone.now()
    one = session_visible(viewer, session_id, timezone.localdate())
    check_holds(viewer, one.course.plan, RECORD)
    said = {"began_on": one.began_on, "ended_on": one.ended_on, "place": one.place,
            "note": one.note}  # fmt: skip
    form = SessionForm(request.POST or None, initial=said)
    act = Act(
        _("Sửa buổi học"), _("Sửa buổi học ngày %s.") % date_vi(one.began_on),
        _("Ai đã ghi dự thì vào ngày mới cũng phải thuộc đơn vị, giữ chức danh ấy."),
        _("Ghi lại"), course_address(one.course),
        _("Đã sửa buổi học; nhật ký giữ cả bản trước."),
    )  # fmt: skip
    return acted(
        request, form, act,
        lambda _told: change_session(session_id=one.pk, wish=form.wish(), by=viewer, at=now),
        lambda made: course_address(made.course),
    )  # fmt: skip


@require_http_methods(METHODS)
@needs(RECORD, ahead=True)
def session_members(request: ViewerRequest, session_id: UUID) -> HttpResponse:
    """Who came, by post; in a unit with names also by name."""
    viewer, now = request.viewer, timezone.now()
    one = session_visible(viewer, session_id, timezone.localdate())
    check_holds(viewer, one.course.plan, RECORD)
    form = forms.Form(request.POST or None)
    group = table.group_of(
        viewer, one.course.plan.unit_id, uuid_of(request.GET.get("trong")), one.began_on
    )
    if request.method == "POST" and form.is_valid():
        rows = table.members_in(request.POST, table.candidates(viewer, one, group))
        made = tried(form, lambda: write_members(session_id=one.pk, rows=rows, by=viewer, at=now))
        if made is not None:
            messages.success(request, _("Đã ghi người dự."))
            return redirect(request.get_full_path())
    with answering(request, ahead=True):
        page = table.unit_page(viewer, group, one.began_on, None)
        known = table.candidates(viewer, one, group)
        sent = request.POST if request.method == "POST" else None
        context = {
            "form": form, "session": one, "course": one.course, "group": group,
            "top": one.course.plan.unit_id,
            "group_name": unit_names({group}).get(group, ""),
            "rows": [(each, sent.get(each.key, "") if sent is not None else each.state)
                     for each in known],
            "others": [each for each in page.object_list if each.unit_id != group],
            "choices": [("", "–"), ("du", _("Đã dự")), ("dat", _("Đã dự, đạt")),
                        ("chua-dat", _("Đã dự, chưa đạt"))],
        }  # fmt: skip
        return render(request, "training/members.html", context, status=_status(request))


@require_http_methods(METHODS)
@needs(RECORD, ahead=True)
def session_back(request: ViewerRequest, session_id: UUID) -> HttpResponse:
    """The session was recorded by mistake."""
    viewer, now = request.viewer, timezone.now()
    one = session_visible(viewer, session_id, timezone.localdate())
    check_holds(viewer, one.course.plan, RECORD)
    act = Act(
        _("Rút buổi học ghi nhầm"), _("Rút buổi học ngày %s.") % date_vi(one.began_on),
        _("Số người và tên đã ghi của buổi này mất theo; nhật ký vẫn giữ. Sửa ngày, nơi học thì"
          " không cần rút."),
        _("Rút"), course_address(one.course), _("Đã rút buổi học; nhật ký vẫn giữ."),
    )  # fmt: skip
    return acted(
        request, ReasonForm(request.POST or None), act,
        lambda told: take_back_session(session_id=one.pk, by=viewer, at=now, **told),
        course_address,
    )  # fmt: skip


def _status(request: ViewerRequest) -> int:
    return 422 if request.method == "POST" else 200
