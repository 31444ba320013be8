"""Recording who comes into a post, with the warnings first; the end of it; taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.cadre.actions.appointments import (
    RECORD,
    appoint,
    check_appointment,
    end_appointment,
    take_back_appointment,
    take_back_end,
)
from vungmanh.cadre.people import people_found
from vungmanh.cadre.posts import posts_of_unit
from vungmanh.cadre.staffing import judge_appointment, judge_move
from vungmanh.core.vocabulary import Post
from vungmanh.org.models import Appointment
from vungmanh.org.queries import visible_unit
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import exceptions_in, is_typing, rows_of, status_of, tried
from vungmanh.web.cadre.forms import PostEndForm, PostForm
from vungmanh.web.cadre.views import seen
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def post_record(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Who comes into a post: first what the rules say, then, once confirmed, the record."""
    viewer, now = request.viewer, timezone.now()
    version = visible_unit(viewer, unit_id, viewer.on)
    posts = [one.post for one in posts_of_unit(viewer, unit_id, viewer.on)]
    people = people_found(viewer, request.POST.get("holder", ""), viewer.on)
    form = PostForm(
        None if is_typing(request) else request.POST or None, posts=posts, people=people,
        initial={"from_day": viewer.on, "post": request.GET.get("chuc"),
                 "way": request.GET.get("cach")},
    )  # fmt: skip
    findings = None
    if form.is_bound and form.is_valid():
        act = form.act()
        planned = form.cleaned_data["planned_until"]
        findings = tried(form, lambda: _said_of_coming(unit_id, act, planned, localdate(now)))
        if findings is not None and "xac-nhan" in request.POST:
            act |= {"planned_until": planned, "document": form.cleaned_data["document"]}
            said = exceptions_in(request.POST, findings)
            act |= {"unit_id": unit_id, "exceptions": said, "by": viewer, "at": now}
            made = tried(form, lambda: appoint(**act))
            if made is not None:
                messages.success(request, _("Đã ghi người giữ chức."))
                return redirect("unit_posts", unit_id)
    with answering(request, ahead=True):
        context = {
            "form": form,
            "version": version,
            "rows": None if findings is None else rows_of(findings, request.POST),
        }
        return render(request, "cadre/record.html", context, status=status_of(form))


def _said_of_coming(
    unit_id: UUID, act: Mapping[str, Any], planned: dt.date | None, today: dt.date
) -> tuple[PeopleFinding, ...]:
    """What the rules say of who comes, once nothing else is amiss."""
    asked = {name: act[name] for name in ("post", "holder", "way", "from_day")}
    check_appointment(unit_id=unit_id, planned_until=planned, today=today, **asked)
    return judge_appointment(unit_id=unit_id, **act)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD, ahead=True)
def post_end(request: ViewerRequest, appointment_id: int) -> HttpResponse:
    """The day from which somebody no longer holds a post."""
    viewer, now = request.viewer, timezone.now()
    row = seen(request, appointment_id)
    form, findings = PostEndForm(request.POST or None, initial={"on": viewer.on}), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        findings = tried(form, lambda: _said_of_move(row, told))
        if findings is not None and ("xac-nhan" in request.POST or not findings):
            said = exceptions_in(request.POST, findings)
            act = {**told, "appointment_id": row.pk, "exceptions": said, "by": viewer, "at": now}
            if tried(form, lambda: end_appointment(**act)) is not None:
                messages.success(request, _("Đã ghi thôi giữ chức."))
                return redirect("unit_posts", row.unit_id)
    return _about(request, row, form, "cadre/end.html", findings)


def _said_of_move(row: Appointment, told: Mapping[str, Any]) -> tuple[PeopleFinding, ...]:
    """What the rules say of moving somebody elsewhere; of who simply leaves they say nothing."""
    if not told["is_moved"]:
        return ()
    return judge_move(row, told["on"], after_reform=told["after_reform"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD, ahead=True)
def post_back(request: ViewerRequest, appointment_id: int) -> HttpResponse:
    """Take back what was recorded by mistake: the end where there is one, else the appointment."""
    viewer, now = request.viewer, timezone.now()
    row = seen(request, appointment_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = take_back_end if row.ended_document else take_back_appointment
        asked = {"appointment_id": row.pk, "reason": form.cleaned_data["reason"]}
        done = tried(form, lambda: (act(**asked, by=viewer, at=now), True))
        if done is not None:
            messages.success(request, _("Đã rút; nhật ký vẫn giữ cả lần ghi và lần rút."))
            return redirect("unit_posts", row.unit_id)
    return _about(request, row, form, "cadre/back.html")


def _about(
    request: ViewerRequest, row: Appointment, form: Form, template: str,
    findings: Iterable[PeopleFinding] | None = None,
) -> HttpResponse:  # fmt: skip
    with answering(request, ahead=True):
        context = {
            "rows": rows_of(findings, request.POST) if findings else None,
            "row": row,
            "form": form,
            "post": _(Post(row.post).label),
            "name": unit_names({row.unit_id}).get(row.unit_id, ""),
        }
        return render(request, template, context, status=status_of(form))
