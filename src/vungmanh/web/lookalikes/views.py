"""Biên bản giống nhau: what asks for a look, both texts side by side, and what a person says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule
from vungmanh.meetings.actions.lookalikes import answer_likeness, say_outcome, take_outcome_back
from vungmanh.meetings.lookalikes import (
    REVIEW,
    answers,
    likeness_visible,
    likenesses_visible,
    precision_by_rule,
    reviews,
    same_scores,
)
from vungmanh.meetings.models import TextLikeness
from vungmanh.web.access import needs
from vungmanh.web.acting import went_through
from vungmanh.web.lookalikes.forms import AnswerForm, OutcomeForm, ReasonForm
from vungmanh.web.lookalikes.present import (
    REVIEWED,
    SCORES_SHOWN,
    STAGES,
    WAITING,
    finding_of_list,
    finding_of_pair,
    likeness_rows,
    precision_rows,
    rule_options,
    score_rows,
    sides,
    stage_tabs,
)
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50


@require_safe
@needs("meetings.text.view")
def lookalikes(request: ViewerRequest) -> HttpResponse:
    """Every record in sight that asks for a look, and how often each rule was right."""
    viewer, today = request.viewer, timezone.localdate()
    above = can(viewer, REVIEW)  # how often a rule is right is for those who judge by it
    seen = likenesses_visible(viewer, today)
    waits = Q(outcome="")
    counts = {WAITING: seen.filter(waits).count(), REVIEWED: seen.exclude(waits).count()}
    chosen = request.GET.get("gd", "")
    stage = chosen if chosen in STAGES else WAITING
    rule = request.GET.get("vi-sao", "")
    found = seen.filter(waits) if stage == WAITING else seen.exclude(waits)
    if rule in set(LikenessRule):
        found = found.filter(rule=rule)
    ordered = found.order_by("-month", "rule", "unit_id")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": finding_of_list(counts[WAITING], counts[REVIEWED]),
        "tabs": stage_tabs(counts, stage, rule),
        "stage": stage,
        "rule": rule,
        "rules": rule_options(),
        "page": page,
        "rows": likeness_rows(page.object_list, viewer, today),
        "precision": precision_rows(precision_by_rule(viewer, today)) if above else [],
        "scores": score_rows(same_scores(viewer, today)) if above else [],
        "scores_shown": SCORES_SHOWN,
    }
    return render(request, "lookalikes/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("meetings.text.view")
def lookalike(request: ViewerRequest, likeness_id: UUID) -> HttpResponse:
    """One record beside the other, the passages marked, and the form for whoever stands above."""
    viewer, now = request.viewer, timezone.now()
    one = likeness_visible(viewer, likeness_id, timezone.localdate(now))
    if request.method != "POST":
        return _page(request, one, OutcomeForm(one.rule))
    if request.POST.get("act") == "answer":
        return _answered(request, one)
    form = OutcomeForm(one.rule, request.POST)
    if form.is_valid() and went_through(
        form,
        lambda: say_outcome(
            likeness_id=one.pk,
            outcome=LikenessOutcome(form.cleaned_data["outcome"]),
            note=form.cleaned_data["note"],
            by=viewer,
            at=now,
        ),
    ):
        messages.success(request, _("Đã ghi. Mở lại được, có lý do."))
        return redirect("lookalike", one.pk)
    return _page(request, one, form, status=422)


def _answered(request: ViewerRequest, one: TextLikeness) -> HttpResponse:
    answer = AnswerForm(request.POST)
    if answer.is_valid() and went_through(
        answer,
        lambda: answer_likeness(
            likeness_id=one.pk,
            text=answer.cleaned_data["answer"],
            by=request.viewer,
            at=timezone.now(),
        ),
    ):
        messages.success(request, _("Đã gửi trả lời; cấp trên thấy ngay."))
        return redirect("lookalike", one.pk)
    return _page(request, one, OutcomeForm(one.rule), answer=answer, status=422)


@require_POST
@needs("meetings.text.review")
def lookalike_reopen(request: ViewerRequest, likeness_id: UUID) -> HttpResponse:
    """Let it wait for another look."""
    viewer, now = request.viewer, timezone.now()
    one = likeness_visible(viewer, likeness_id, timezone.localdate(now))
    form = ReasonForm(request.POST)
    if form.is_valid() and went_through(
        form,
        lambda: take_outcome_back(likeness_id=one.pk, by=viewer, at=now, **form.cleaned_data),
    ):
        messages.success(request, _("Đã mở lại; biên bản này chờ người xem."))
        return redirect("lookalike", one.pk)
    return _page(request, one, OutcomeForm(one.rule), reopening=form, status=422)


def _page(
    request: ViewerRequest,
    one: TextLikeness,
    form: OutcomeForm,
    *,
    answer: AnswerForm | None = None,
    reopening: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    [row] = likeness_rows([one], viewer, today)
    may = reviews(viewer, one)
    speaks = not one.outcome and answers(viewer, one)
    context: dict[str, Any] = {
        "row": row,
        "one": one,
        "finding": finding_of_pair(row),
        "sides": sides(row),
        "answer": (answer or AnswerForm(initial={"answer": one.answer})) if speaks else None,
        "form": form if may and not one.outcome else None,
        "reopening": (reopening or ReasonForm()) if may and one.outcome else None,
    }
    return render(request, "lookalikes/pair.html", context, status=status)
