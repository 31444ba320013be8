"""Sổ nghĩa vụ: what was due, why, and what was excused by whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind, UnitKind
from vungmanh.meetings.actions.asking import ASK
from vungmanh.meetings.actions.excuses import GRANT, of_one_decision
from vungmanh.meetings.actions.reopening import REOPEN
from vungmanh.meetings.ledger import (
    excuses_visible,
    frozen_months,
    relieved_below,
    relieved_by_duty,
    rules_of_duties,
    year_of,
)
from vungmanh.org.queries import versions_visible, visible_unit
from vungmanh.strengthening.actions.ledger import (
    grant_and_assess,
    reopen_and_assess,
    withdraw_and_assess,
)
from vungmanh.web.access import needs
from vungmanh.web.ledger import present
from vungmanh.web.ledger.forms import ExcuseForm, ReopenForm, WithdrawForm
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50
REOPENABLE = 24  # the latest settled months offered


def _year_so_far(request: ViewerRequest) -> tuple[dt.date, dt.date]:
    return request.period.replace(month=1), request.period


@require_safe
@needs("meetings.ledger.view")
def ledger(request: ViewerRequest) -> HttpResponse:
    """Everything in sight this year by duty, and the excused share of each unit directly below."""
    viewer, as_of = request.viewer, request.as_of
    first, last = _year_so_far(request)
    totals = relieved_by_duty(viewer, as_of, first, last)
    shares = relieved_below(viewer, viewer.unit_id, as_of, first, last) if viewer.unit_id else {}
    rows = present.share_rows(viewer, shares, as_of)
    relieved = [row for row in rows if row.told.relieved]
    seen = versions_visible(viewer, as_of).order_by("name_key", "unit_id")
    context = {
        "finding": present.overview_finding(totals.get(ObligationKind.REGULAR), last),
        "totals": present.total_rows(totals, rules_of_duties(as_of)),
        "page": Paginator(relieved, ON_A_PAGE).get_page(request.GET.get("trang")),
        "others": [row for row in rows if not row.told.relieved],
        "own": [] if rows else seen[:ON_A_PAGE],
        "frozen": next(iter(frozen_months(limit=1)), None),
        "may_grant": can(viewer, GRANT),
        "may_reopen": can(viewer, REOPEN),
        "unit_id": viewer.unit_id,
        "month": last,
    }
    return render(request, "ledger/ledger.html", context)


@require_safe
@needs("meetings.ledger.view")
def unit_ledger(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """One unit's year: each line with its reason, its rule and what excused it."""
    viewer, as_of = request.viewer, request.as_of
    version = visible_unit(viewer, unit_id, as_of)
    first, last = _year_so_far(request)
    year = year_of(unit_id, year=first.year, until=as_of)
    rows, finding = [], present.unit_finding(version.name, first.year, year.lines)
    if UnitKind(version.kind) not in CELL_KINDS:
        shares = relieved_below(viewer, unit_id, as_of, first, last)
        rows = present.share_rows(viewer, shares, as_of)
        finding = present.below_finding(version.name, first.year, shares.values())
    context = {
        "version": version,
        "finding": finding,
        "duties": present.duty_rows(year, as_of),
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang")),
        "may_grant": can(viewer, GRANT),
        "may_ask": can(viewer, ASK) and not can(viewer, GRANT),
        "month": last,
    }
    return render(request, "ledger/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GRANT)
def excuse_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Excuse or postpone for a unit, or for every unit below a committee."""
    version = visible_unit(request.viewer, unit_id, request.as_of)
    form = ExcuseForm(request.POST or None, month=request.period)
    if request.method == "POST" and form.is_valid():
        granted = _try(
            form,
            lambda: grant_and_assess(
                unit_id=unit_id, wish=form.wish(), by=request.viewer, at=timezone.now()
            ),
        )
        if granted is not None:
            told = _("Đã ghi cho %(n)s đơn vị. Rút lại được ở danh sách này, có lý do.")
            told %= {"n": number_vi(len(granted.excuses))}
            messages.success(request, f"{told} {present.assessed_words(granted.assessed)}")
            return redirect("excuses")
    is_cell = UnitKind(version.kind) in CELL_KINDS
    return _form_page(
        request, form, "ledger/excuse_new.html", {"version": version, "is_cell": is_cell}
    )


@require_safe
@needs("meetings.ledger.view")
def excuses(request: ViewerRequest) -> HttpResponse:
    """Every excuse and postponement in sight, the latest document first."""
    found = excuses_visible(request.viewer, request.as_of)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page,
        "rows": present.excuse_rows(request.viewer, page.object_list, request.as_of),
        "standing": found.filter(withdrawn_at=None).count(),
        "may_grant": can(request.viewer, GRANT),
        "unit_id": request.viewer.unit_id,
    }
    return render(request, "ledger/excuses.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GRANT)
def excuse_withdraw(request: ViewerRequest, excuse_id: int) -> HttpResponse:
    """Take an excuse back, with a reason."""
    found = excuses_visible(request.viewer, request.as_of)
    excuse = found.filter(pk=excuse_id).first()
    if excuse is None:
        raise NotFound(_("Không tìm thấy lần miễn, hoãn này."), code="excuse-not-found")
    [row] = present.excuse_rows(request.viewer, [excuse], request.as_of)
    together = of_one_decision(excuse).filter(withdrawn_at=None)
    units = together.filter(pk__in=found.values("pk")).count()
    form = WithdrawForm(request.POST or None, name=row.name, units=units)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        gone = _try(
            form,
            lambda: withdraw_and_assess(
                excuse_id=excuse_id,
                reason=told["reason"],
                whole=bool(told.get("whole")),
                by=request.viewer,
                at=timezone.now(),
            ),
        )
        if gone is not None:
            words = _("Đã rút lại; các kỳ ấy lại phải làm như quy định.")
            messages.success(request, f"{words} {present.assessed_words(gone.assessed)}")
            return redirect("excuses")
    return _form_page(request, form, "ledger/excuse_withdraw.html", {"row": row})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(REOPEN)
def ledger_reopen(request: ViewerRequest) -> HttpResponse:
    """Open a settled month again, with a reason."""
    form = ReopenForm(request.POST or None, months=frozen_months(limit=REOPENABLE))
    if request.method == "POST" and form.is_valid():
        month, reason = parse_month(form.cleaned_data["month"]), form.cleaned_data["reason"]
        opened = _try(
            form,
            lambda: reopen_and_assess(
                month=month, reason=reason, by=request.viewer, at=timezone.now()
            ),
        )
        if opened is not None:
            told = _("Đã mở lại; %(n)s dòng được ghi lại theo sổ tổ chức. Lần nhập tới sẽ chốt.")
            told %= {"n": number_vi(opened[0])}
            messages.success(request, f"{told} {present.assessed_words(opened[1])}")
            return redirect("ledger")
    return _form_page(request, form, "ledger/reopen.html", {})


def _try(form: forms.Form, action: Callable[[], Any]) -> Any:
    """What the action returned; None when it refused, and the form says why."""
    try:
        return action()
    except InputError as error:
        form.add_error(error.field or None, error.message)
    except (NotNow, NotAllowed) as error:
        form.add_error(None, error.message)
    return None


def _form_page(
    request: ViewerRequest, form: forms.Form, template: str, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **context}, status=status)
