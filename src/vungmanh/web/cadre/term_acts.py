"""A new term, the report and approval of a congress, taking a term back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.cadre.actions.appointments import RECORD
from vungmanh.cadre.actions.terms import (
    begin_term,
    check_congress,
    record_congress_papers,
    take_back_term,
)
from vungmanh.cadre.models import Term
from vungmanh.cadre.terms import judge_congress, next_ordinal
from vungmanh.core.errors import NotFound
from vungmanh.org.queries import units_visible, visible_unit
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import exceptions_in, rows_of, status_of, tried
from vungmanh.web.cadre.forms import TermForm, TermPapersForm
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def term_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """A congress and the term it begins: what the rules say, then, once confirmed, the record."""
    viewer, now = request.viewer, timezone.now()
    version = visible_unit(viewer, unit_id, viewer.on)
    form, findings = TermForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        findings = tried(form, lambda: _said_of_congress(unit_id, told, timezone.localdate(now)))
        if findings is not None and "xac-nhan" in request.POST:
            act = {**told, "unit_id": unit_id, "exceptions": exceptions_in(request.POST, findings)}
            if tried(form, lambda: begin_term(**act, by=viewer, at=now)) is not None:
                messages.success(request, _("Đã ghi nhiệm kỳ."))
                return redirect("unit_posts", unit_id)
    with answering(request):
        context = {
            "form": form,
            "version": version,
            "next": next_ordinal(unit_id, viewer.on),
            "rows": None if findings is None else rows_of(findings, request.POST),
        }
        return render(request, "cadre/term_new.html", context, status=status_of(form))


def _said_of_congress(
    unit_id: UUID, told: Mapping[str, Any], today: dt.date
) -> tuple[PeopleFinding, ...]:
    """What the rules say of a congress, once nothing else is amiss."""
    asked = {name: told[name] for name in ("began_on", "due_on", "is_appointed")}
    check_congress(unit_id=unit_id, ordinal=told["ordinal"], today=today, **asked)
    return judge_congress(unit_id=unit_id, seats=told["seats"], **asked)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def term_papers(request: ViewerRequest, term_id: UUID) -> HttpResponse:
    """When the congress was reported, and when its result was approved."""
    viewer, now = request.viewer, timezone.now()
    term = _seen(request, term_id)
    first = {name: getattr(term, name) for name in ("reported_on", "approved_on", "revision")}
    form = TermPapersForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        done = tried(
            form, lambda: record_congress_papers(term_id=term.pk, by=viewer, at=now, **told)
        )
        if done is not None:
            messages.success(request, _("Đã ghi ngày báo cáo, chuẩn y."))
            return redirect("unit_posts", term.unit_id)
    return _about(request, term, form, "cadre/term_papers.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def term_back(request: ViewerRequest, term_id: UUID) -> HttpResponse:
    """Take back a term recorded by mistake."""
    viewer, now = request.viewer, timezone.now()
    term = _seen(request, term_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["reason"]
        done = tried(
            form, lambda: (take_back_term(term_id=term.pk, reason=why, by=viewer, at=now), True)
        )
        if done is not None:
            messages.success(request, _("Đã rút nhiệm kỳ ghi nhầm."))
            return redirect("unit_posts", term.unit_id)
    return _about(request, term, form, "cadre/term_back.html")


def _seen(request: ViewerRequest, term_id: UUID) -> Term:
    seen = units_visible(request.viewer, timezone.localdate())
    term = Term.objects.filter(pk=term_id, unit_id__in=seen).first()
    if term is None:
        raise NotFound("Không tìm thấy nhiệm kỳ này trong phạm vi của đồng chí.", code="no-term")
    return term


def _about(request: ViewerRequest, term: Term, form: Form, template: str) -> HttpResponse:
    with answering(request):
        name = unit_names({term.unit_id}).get(term.unit_id, "")
        context = {"term": term, "form": form, "name": name}
        return render(request, template, context, status=status_of(form))
