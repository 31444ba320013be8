"""Recording a visit, changing and withdrawing it, and giving what it found as a task."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed
from vungmanh.core.vocabulary import FiledVia, Role
from vungmanh.meetings.actions.visits import (
    VisitConflict,
    task_from_visit,
    withdraw_visit,
    write_visit,
)
from vungmanh.meetings.models import Visit
from vungmanh.meetings.visits import overseers_of, visit_facts, visit_visible, writes_visit
from vungmanh.org.queries import visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import done
from vungmanh.web.tasks.forms import TaskForm
from vungmanh.web.visits.forms import VisitForm
from vungmanh.web.visits.present import clash_words

RECORD = "meetings.visit.record"
BACK = dt.timedelta(days=366)  # an office may still enter the paper of who left since


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def visit_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Record a visit to one unit: one's own, or from paper that of an overseer one names."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    version = visible_unit(viewer, unit_id, today)
    people = _people(viewer, unit_id, today)
    form = VisitForm(request.POST or None, overseers=people, first={"on": today})
    clashes: list[str] = []
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        given = {"visit_id": told["key"], "unit_id": unit_id, "on": told["on"]}
        made, clashes, form = _written(form, viewer, now, **given)
        if made is not None:
            messages.success(request, _("Đã ghi lần đi cơ sở."))
            return redirect("visit", made.pk)
    context = {"form": form, "version": version, "clashes": clashes, "one": None}
    with answering(request):
        return render(request, "visits/form.html", context, status=_status(request))


def _people(viewer: Viewer, unit_id: UUID, on: dt.date) -> list[tuple[UUID, str]] | None:
    """Whose visit an office may enter; None for an overseer, who enters the own."""
    if viewer.role is Role.OVERSEER:
        return None
    return overseers_of(unit_id, on, since=on - BACK)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def visit_change(request: ViewerRequest, visit_id: UUID) -> HttpResponse:
    """Say more, or otherwise, of a visit; its day stays."""
    viewer, now = request.viewer, timezone.now()
    one = _own(viewer, visit_id, timezone.localdate(now))
    form = VisitForm(request.POST or None, known=visit_facts(one))
    clashes: list[str] = []
    if request.method == "POST" and form.is_valid():
        given = {"visit_id": one.pk, "unit_id": one.unit_id, "on": one.on}
        made, clashes, form = _written(form, viewer, now, **given, overseer_id=one.overseer_id)
        if made is not None:
            messages.success(request, _("Đã sửa; giá trị trước còn trong lịch sử."))
            return redirect("visit", made.pk)
    with answering(request):
        version = visible_unit(viewer, one.unit_id, viewer.on)
        context = {"form": form, "version": version, "clashes": clashes, "one": one}
        return render(request, "visits/form.html", context, status=_status(request))


def _written(
    form: VisitForm, viewer: Viewer, now: dt.datetime, **given: Any
) -> tuple[Visit | None, list[str], VisitForm]:
    """What was written; else the form with its refusal, knowing now what another one wrote."""
    if "overseer" in form.cleaned_data:
        given["overseer_id"] = UUID(form.cleaned_data["overseer"])
    via = FiledVia.WEB if viewer.role is Role.OVERSEER else FiledVia.PAPER
    said = {"set": form.said(), "was": form.before()}
    try:
        made = done(form, lambda: write_visit(**given, **said, via=via, by=viewer, at=now))
        return made, [], form
    except VisitConflict as error:
        clashes = clash_words(error.fields)
        data = form.data.copy()
        theirs = {name: value for name, (value, _mine, _was) in error.fields.items()}
        data["was"] = json.dumps(form.before() | theirs, sort_keys=True)
        form.data = data
        form.add_error(None, error.message)
        return None, clashes, form


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def visit_withdraw(request: ViewerRequest, visit_id: UUID) -> HttpResponse:
    """Withdraw a record made by mistake, with a reason."""
    viewer, now = request.viewer, timezone.now()
    one = _own(viewer, visit_id, timezone.localdate(now))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        gone = done(
            form, lambda: withdraw_visit(visit_id=one.pk, reason=why, by=viewer, at=now)
        )  # fmt: skip
        if gone is not None:
            messages.success(request, _("Đã rút; lần này không còn được đếm."))
            return redirect("visit", one.pk)
    return _about(request, one, form, "visits/withdraw.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def visit_task(request: ViewerRequest, visit_id: UUID) -> HttpResponse:
    """Give the unit what must be put right."""
    viewer, now = request.viewer, timezone.now()
    one = _own(viewer, visit_id, timezone.localdate(now))
    form = TaskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = done(
            form, lambda: task_from_visit(visit_id=one.pk, wish=form.wish(), by=viewer, at=now)
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Đã giao việc; đơn vị thấy ngay."))
            return redirect("visit", one.pk)
    return _about(request, one, form, "visits/task.html")


def _about(request: ViewerRequest, one: Visit, form: forms.Form, template: str) -> HttpResponse:
    with answering(request):
        name = unit_names({one.unit_id}).get(one.unit_id, "")
        context = {"form": form, "one": one, "name": name}
        return render(request, template, context, status=_status(request))


def _own(viewer: Viewer, visit_id: UUID, today: dt.date) -> Visit:
    one = visit_visible(viewer, visit_id, today)
    if not writes_visit(viewer, one.unit_id, one.overseer_id):
        raise NotAllowed(
            "Chỉ người đã đi, hoặc văn phòng cấp trên của nơi đã đến, mới ghi tiếp được lần này.",
            code="not-own-visit",
        )
    return one


def _status(request: ViewerRequest) -> int:
    return 422 if request.method == "POST" else 200
