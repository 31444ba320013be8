"""Giải trình: what was held against whom, what they say to it, and what was concluded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vungmanh.core.vocabulary import FlagFate
from vungmanh.strengthening.actions.flags import conclude_flag, reopen_flag, reply_to_flag
from vungmanh.strengthening.flags import (
    Stage,
    at_stage,
    concludes_on,
    flag_visible,
    flags_visible,
    precision_by_reason,
    speaks_for,
)
from vungmanh.strengthening.models import Flag
from vungmanh.web.access import needs
from vungmanh.web.acting import went_through
from vungmanh.web.flags.forms import ConclusionForm, ReasonForm, ReplyForm
from vungmanh.web.flags.present import (
    finding_of_flag,
    finding_of_list,
    flag_rows,
    precision_rows,
    reason_options,
    stage_tabs,
)
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50


@require_safe
@needs("strengthening.flag.list")
def flags(request: ViewerRequest) -> HttpResponse:
    """Every flag in sight by stage: what waits for somebody first."""
    viewer, today = request.viewer, timezone.localdate()
    seen = flags_visible(viewer, today)
    counts = {stage: at_stage(seen, stage, today).count() for stage in Stage}
    chosen = request.GET.get("gd", "")
    stage = Stage(chosen) if chosen in set(Stage) else _first_with_work(counts)
    reason = request.GET.get("ly-do", "")
    found = at_stage(seen, stage, today)
    if reason:
        found = found.filter(reason=reason)
    ordered = found.order_by("reply_by", "unit_id", "reason")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "finding": finding_of_list(counts),
        "tabs": stage_tabs(counts, stage, reason),
        "stage": stage,
        "reason": reason,
        "reasons": reason_options(),
        "page": page,
        "rows": flag_rows(page.object_list, today),
        "precision": precision_rows(precision_by_reason(viewer, today)),
    }
    return render(request, "flags/flags.html", context)


def _first_with_work(counts: dict[Stage, int]) -> Stage:
    return next((stage for stage in Stage if counts[stage]), Stage.WAITING)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("strengthening.flag.list")
def flag(request: ViewerRequest, flag_id: UUID) -> HttpResponse:
    """One flag: its figures, what the unit said, what was concluded; and the form for whose turn
    it is.
    """
    viewer, now = request.viewer, timezone.now()
    one = flag_visible(viewer, flag_id, timezone.localdate(now))
    reply, conclusion = ReplyForm(), ConclusionForm()
    act = request.POST.get("act") if request.method == "POST" else None
    if act == "reply":
        reply = ReplyForm(request.POST)
        if reply.is_valid() and went_through(
            reply,
            lambda: reply_to_flag(flag_id=one.pk, by=viewer, at=now, **reply.cleaned_data),
        ):
            messages.success(request, _("Đã gửi giải trình; cấp trên thấy ngay."))
            return redirect("flag", one.pk)
    elif act == "conclude":
        conclusion = ConclusionForm(request.POST)
        if conclusion.is_valid() and went_through(
            conclusion,
            lambda: conclude_flag(
                flag_id=one.pk,
                fate=FlagFate(conclusion.cleaned_data["fate"]),
                note=conclusion.cleaned_data["note"],
                by=viewer,
                at=now,
            ),
        ):
            messages.success(request, _("Đã ghi kết luận. Mở lại được, có lý do."))
            return redirect("flag", one.pk)
    return _flag_page(request, one, reply, conclusion, status=422 if act else 200)


@require_POST
@needs("strengthening.flag.conclude")
def flag_reopen(request: ViewerRequest, flag_id: UUID) -> HttpResponse:
    """Take a conclusion back."""
    viewer, now = request.viewer, timezone.now()
    one = flag_visible(viewer, flag_id, timezone.localdate(now))
    form = ReasonForm(request.POST)
    if form.is_valid() and went_through(
        form, lambda: reopen_flag(flag_id=one.pk, by=viewer, at=now, **form.cleaned_data)
    ):
        messages.success(request, _("Đã mở lại; lý do này chờ kết luận mới."))
        return redirect("flag", one.pk)
    return _flag_page(request, one, ReplyForm(), ConclusionForm(), reopening=form, status=422)


def _flag_page(
    request: ViewerRequest,
    one: Flag,
    reply: ReplyForm,
    conclusion: ConclusionForm,
    *,
    reopening: forms.Form | None = None,
    status: int,
) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    [row] = flag_rows([one], today)
    is_open = not one.fate and one.cleared_month is None
    above = concludes_on(viewer, one, today)
    may_conclude = above and is_open and (one.is_answered or one.reply_by < today)
    context: dict[str, Any] = {
        "row": row,
        "flag": one,
        "finding": finding_of_flag(row),
        "replies": one.replies.select_related("by"),
        "reply": reply if is_open and speaks_for(viewer, one, today) else None,
        "conclusion": conclusion if may_conclude else None,
        "waits": above and is_open and not may_conclude,
        "reopening": (reopening or ReasonForm()) if above and one.fate else None,
    }
    return render(request, "flags/flag.html", context, status=status)
