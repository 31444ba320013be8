"""Members by sex, age and the like: the sums of a committee, and the report of one unit."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.models import Event
from vungmanh.access.permissions import can
from vungmanh.core.aggregate_words import VALUES
from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind
from vungmanh.org.actions.aggregates import (
    REPORT,
    VERBS,
    report_aggregates,
    reported_last,
    undo_aggregates,
)
from vungmanh.org.actions.statistics import losses_of, record_loss, undo_loss
from vungmanh.org.aggregates import (
    RollUp,
    ages_by_names,
    last_reported,
    may_report,
    members_on,
    reporting_days,
    reports_of,
    roll_up,
)
from vungmanh.org.named import names_on
from vungmanh.org.queries import held_unit, units_held, visible_unit
from vungmanh.org.structure import check_in_register, first_day_of_register
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.statistics.asked import day_of, unit_of
from vungmanh.web.statistics.forms import AggregatesForm, LossForm

VIEW, COUNT = "org.aggregate.view", "org.member.count"
ON_A_PAGE = 60


def _days() -> list[dt.date]:
    first = first_day_of_register()
    today = timezone.localdate()
    found = reporting_days(today, max(first.year if first else today.year, today.year - 14))
    return [day for day in found if first and day >= first]


def _day(request: ViewerRequest) -> dt.date:
    """The day asked for; the latest one by default."""
    days = _days()
    asked = day_of(request.GET.get("ngay", ""), "ngay")
    if asked is None and not days:
        raise NotFound(_("Chưa có ngày 30/6 hoặc 31/12 nào để báo cáo."), code="before-register")
    day = asked or days[0]
    if day > timezone.localdate():
        raise InputError(_("Ngày %s chưa đến.") % date_vi(day), field="ngay", code="day-to-come")
    check_in_register(day)
    return day


@require_safe
@needs(VIEW)
def aggregates(request: ViewerRequest) -> HttpResponse:
    """What is known of a committee on a day, how much of it is covered, who has not reported."""
    viewer, on = request.viewer, _day(request)
    unit_id, now = unit_of(request), timezone.now()
    version = visible_unit(viewer, unit_id, on)
    found = roll_up(viewer, unit_id, on, now, now=now)
    page = Paginator(found.silent, ON_A_PAGE).get_page(request.GET.get("trang"))
    reported = found.cells - len(found.silent)
    context = {
        "version": version,
        "on": on,
        "days": [(day.isoformat(), date_vi(day)) for day in _days()],
        "found": found,
        "finding": _("%(unit)s, ngày %(day)s: %(n)s trong %(all)s chi bộ đã có báo cáo cơ cấu.") % {
            "unit": version.name, "day": date_vi(on), "n": number_vi(reported),
            "all": number_vi(found.cells),
        },
        "sums": _sums(found),
        "page": page,
        "may_report": can(viewer, REPORT),
        "own": may_report(version),
    }  # fmt: skip
    return render(request, "statistics/aggregates.html", context)


def _sums(found: RollUp) -> list[dict[str, Any]]:
    shown = []
    for dimension, one in found.sums.items():
        rows = [(_(value.label), one.counts.get(value)) for value in VALUES[dimension]]
        shown.append({"label": _(dimension.label), "one": one, "rows": rows})
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@needs(REPORT)
def aggregate_report(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """One unit tells its members of a day by their kinds; the last report is taken back."""
    viewer, on, act = request.viewer, _day(request), request.POST.get("act", "")
    version = visible_unit(viewer, unit_id, on)
    stands = reports_of([unit_id], on).get(unit_id, {})
    known = last_reported(unit_id, on) | stands
    proposed = {band.value: n for band, n in ages_by_names(unit_id, on).items()}
    given: dict[str, forms.Form] = {
        "report": AggregatesForm(
            request.POST if act == "report" else None, known=known, proposed=proposed
        ),
        "back": ReasonForm(request.POST if act == "back" else None),
    }
    form = given.get(act)
    if (
        form is not None
        and form.is_valid()
        and tried(form, lambda: _act(request, unit_id, on, form))
    ):
        messages.success(request, _("Đã ghi."))
        return redirect(f"{reverse('aggregate_report', args=[unit_id])}?ngay={on.isoformat()}")
    with answering(request):
        context = {
            "version": version,
            "on": on,
            "days": [(day.isoformat(), date_vi(day)) for day in _days()],
            "forms": given,
            "act": act,
            "members": members_on(viewer, unit_id, on, timezone.now()),
            "may": may_report(version) and _held(request, unit_id),
            "is_first": not stands,
            "is_prefilled": not stands and bool(known),
            "history": _history(unit_id, on),
            "last": reported_last(unit_id, on),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "statistics/aggregate_report.html", context, status=status)


def _held(request: ViewerRequest, unit_id: UUID) -> bool:
    return units_held(request.viewer, request.viewer.on).filter(descendant_id=unit_id).exists()


def _act(request: ViewerRequest, unit_id: UUID, on: dt.date, form: forms.Form) -> Any:
    told: dict[str, Any] = {
        "unit_id": unit_id, "on": on, "by": request.viewer, "at": timezone.now(),
    }  # fmt: skip
    if isinstance(form, AggregatesForm):
        return report_aggregates(counts=form.counts(), **told)
    return undo_aggregates(reason=form.cleaned_data["reason"], **told)


def _history(unit_id: UUID, on: dt.date) -> list[Event]:
    said = Event.objects.filter(subject=f"unit:{unit_id}", verb__in=VERBS, data__on=on.isoformat())
    return list(said.select_related("by").order_by("-pk")[:20])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(COUNT)
def member_losses(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Members that a cell lost, by number and cause; the last record is taken back."""
    viewer, act = request.viewer, request.POST.get("act", "")
    version = held_unit(viewer, unit_id, viewer.on)
    given: dict[str, forms.Form] = {
        "loss": LossForm(request.POST if act == "loss" else None),
        "back": ReasonForm(request.POST if act == "back" else None),
    }
    form = given.get(act)
    if form is not None and form.is_valid() and tried(form, lambda: _lose(request, unit_id, form)):
        messages.success(request, _("Đã ghi."))
        return redirect("member_losses", unit_id)
    with answering(request):
        context = {
            "version": version,
            "forms": given,
            "act": act,
            "is_cell": UnitKind(version.kind) in CELL_KINDS,
            "named": names_on(unit_id, viewer.on),
            "losses": losses_of(unit_id)[:20],
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "statistics/losses.html", context, status=status)


def _lose(request: ViewerRequest, unit_id: UUID, form: forms.Form) -> Any:
    told: dict[str, Any] = {"unit_id": unit_id, "by": request.viewer, "at": timezone.now()}
    if isinstance(form, LossForm):
        return record_loss(**form.values(), **told)
    return undo_loss(reason=form.cleaned_data["reason"], **told)
