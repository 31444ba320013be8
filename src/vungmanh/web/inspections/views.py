"""Kiểm tra, giám sát: what was verified against what was reported, recorded by who stands above."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months, month_of, months_between, parse_month
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import InspectionState
from vungmanh.meetings.actions.inspections import (
    RECORD,
    correct_inspection,
    record_inspection,
    withdraw_inspection,
)
from vungmanh.meetings.inspections import (
    MonthToInspect,
    agreement_visible,
    inspection_visible,
    listed_inspections,
    months_to_inspect,
    stands_above,
)
from vungmanh.meetings.models import Inspection
from vungmanh.org.queries import cells_visible, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.attachments.present import files_of
from vungmanh.web.inspections import present
from vungmanh.web.inspections.forms import InspectionForm
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import done

VIEW = "meetings.inspection.view"
ON_A_PAGE, SHOWN = 50, 30
MONTHS = 12  # rows of the form


@require_safe
@needs(VIEW)
def inspections(request: ViewerRequest) -> HttpResponse:
    """Every inspection in sight, the latest first, and how far reports were true."""
    viewer, today = request.viewer, timezone.localdate()
    text = request.GET.get("q", "")[:100]
    found = listed_inspections(viewer, today, text=text)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    agreed = agreement_visible(viewer, today)
    context = {
        "finding": present.finding_of_list(agreed, page.paginator.count if not text else 1),
        "page": page,
        "text": text,
        "may_record": can(viewer, RECORD),
    }
    return render(request, "inspections/list.html", context)


@require_safe
@needs(RECORD)
def inspection_choose(request: ViewerRequest) -> HttpResponse:
    """Which cell was inspected: found by its name."""
    viewer, today = request.viewer, timezone.localdate()
    text = request.GET.get("q", "")[:100]
    cells = cells_visible(viewer, today).exclude(unit_id=viewer.unit_id)
    for word in fold(text).split():
        cells = cells.filter(name_fold__contains=word)
    found = list(cells.order_by("name_key", "unit_id")[: SHOWN + 1])
    context = {"cells": found[:SHOWN], "more": len(found) > SHOWN, "text": text}
    return render(request, "inspections/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def inspection_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Record one inspection: twelve months as rows, each as reported beside what was seen."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    version = visible_unit(viewer, unit_id, today)
    last = _last_month(request, today)
    form = InspectionForm(
        request.POST or None,
        months=months_to_inspect(unit_id, add_months(last, 1 - MONTHS), last),
    )
    if request.method == "POST" and form.is_valid():
        made = done(
            form,
            lambda: record_inspection(unit_id=unit_id, wish=form.wish(), by=viewer, at=now),
        )
        if made is not None:
            messages.success(request, _("Đã ghi. Số liệu được tính lại sau ít phút."))
            return redirect("inspection", made.pk)
    context = {
        "form": form,
        "version": version,
        "may": stands_above(viewer, unit_id, today),
        "earlier": add_months(last, -MONTHS),
    }
    with answering(request):
        return render(request, "inspections/form.html", context, status=_status(request))


@require_safe
@needs(VIEW)
def inspection(request: ViewerRequest, inspection_id: UUID) -> HttpResponse:
    """One inspection: month by month, its conclusion by pointer, what was changed and why."""
    viewer, today = request.viewer, timezone.localdate()
    one = inspection_visible(viewer, inspection_id, today)
    rows = present.month_rows(one)
    name = listed_inspections(viewer, today).get(pk=one.pk).name  # type: ignore[attr-defined]
    writes = can(viewer, RECORD) and stands_above(viewer, one.unit_id, today)
    context = {
        "one": one,
        "name": name,
        "finding": present.finding_of(rows, one),
        "rows": rows,
        "head": present.head_of(one),
        "changes": present.change_rows(one.changes.select_related("by").order_by("-revision")),
        "writes": writes and one.state != InspectionState.WITHDRAWN,
        "may_give": writes and can(viewer, "meetings.task.give"),
        "tasks": one.tasks.all(),
        "files": files_of(viewer, "inspection", one.pk, today),
    }
    return render(request, "inspections/inspection.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def inspection_correct(request: ViewerRequest, inspection_id: UUID) -> HttpResponse:
    """Correct a record, with a reason."""
    viewer, now = request.viewer, timezone.now()
    one = inspection_visible(viewer, inspection_id, timezone.localdate(now))
    form = InspectionForm(request.POST or None, months=_months_of(one), known=one)
    if request.method == "POST" and form.is_valid():
        revision = request.POST.get("revision", "")
        made = done(
            form,
            lambda: correct_inspection(
                inspection_id=one.pk,
                revision=int(revision) if revision.isdecimal() else 0,
                wish=form.wish(),
                reason=form.cleaned_data["reason"],
                by=viewer,
                at=now,
            ),
        )
        if made is not None:
            messages.success(request, _("Đã sửa; bản trước còn trong lịch sử."))
            return redirect("inspection", one.pk)
    context = {
        "form": form,
        "one": one,
        "version": visible_unit(viewer, one.unit_id, viewer.on),
        "may": stands_above(viewer, one.unit_id, viewer.on),
    }
    with answering(request):
        return render(request, "inspections/form.html", context, status=_status(request))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def inspection_withdraw(request: ViewerRequest, inspection_id: UUID) -> HttpResponse:
    """Withdraw a record made by mistake, with a reason."""
    viewer, now = request.viewer, timezone.now()
    one = inspection_visible(viewer, inspection_id, timezone.localdate(now))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        gone = done(
            form,
            lambda: withdraw_inspection(inspection_id=one.pk, reason=why, by=viewer, at=now),
        )
        if gone is not None:
            messages.success(request, _("Đã rút; số liệu lại theo báo cáo."))
            return redirect("inspection", one.pk)
    with answering(request):
        return render(
            request,
            "inspections/withdraw.html",
            {"form": form, "one": one},
            status=_status(request),
        )


def _last_month(request: ViewerRequest, today: dt.date) -> dt.date:
    """The last of the twelve months: the one asked for (`den`), else the running month."""
    try:
        return min(parse_month(request.GET.get("den", "")), month_of(today))
    except InputError:
        return month_of(today)


def _months_of(one: Inspection) -> list[MonthToInspect]:
    """The months of a record, and those before them that fill the form."""
    length = max(MONTHS, months_between(one.first_month, one.last_month) + 1)
    return months_to_inspect(one.unit_id, add_months(one.last_month, 1 - length), one.last_month)


def _status(request: ViewerRequest) -> int:
    return 422 if request.method == "POST" else 200
