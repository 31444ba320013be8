"""Nghị quyết, kế hoạch: the list, and one with its tasks and what became of it below."""

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
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import ResolutionState
from vungmanh.meetings.actions.resolution_ends import end_resolution, resume_resolution
from vungmanh.meetings.actions.resolutions import (
    receive,
)
from vungmanh.meetings.actions.tasks import GIVE, REPORT
from vungmanh.meetings.models import Resolution
from vungmanh.meetings.resolutions import (
    receipts_visible,
    resolution_visible,
    resolutions_visible,
    roll_up,
    senders_of,
)
from vungmanh.meetings.task_listing import carried_out
from vungmanh.meetings.tasks import answers_for, carried_by, reported_by, tasks_visible
from vungmanh.org.queries import units_visible, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks import present
from vungmanh.web.tasks import resolution_present as told_of
from vungmanh.web.tasks.asking import VIEW, done, uuid_of
from vungmanh.web.tasks.forms import (
    EndForm,
)

ON_A_PAGE, TASKS_SHOWN, APPLIED_SHOWN, RECEIPTS_SHOWN = 50, 60, 30, 60


@require_safe
@needs(VIEW)
def resolutions(request: ViewerRequest) -> HttpResponse:
    """The resolutions, plans and guidance in sight, the latest first."""
    viewer, today = request.viewer, timezone.localdate()
    words, state = request.GET.get("q", "")[:100], request.GET.get("tt", "")
    found = resolutions_visible(viewer, today)
    for word in fold(words).split():
        found = found.filter(title_fold__contains=word)
    running = found.filter(state=ResolutionState.IN_FORCE).count()
    if state in set(ResolutionState):
        found = found.filter(state=state)
    ordered = found.order_by("-adopted_on", "-id")
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("trang"))
    shown = list(page.object_list)
    context = {
        "running": running,
        "words": words,
        "state": state,
        "states": [("", _("Mọi tình trạng")), *((s.value, _(s.label)) for s in ResolutionState)],
        "page": page,
        "rows": told_of.resolution_rows(shown, carried_out(viewer, shown, today)),
        "may_give": can(viewer, GIVE),
    }
    return render(request, "tasks/resolutions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def resolution(request: ViewerRequest, resolution_id: UUID) -> HttpResponse:
    """One resolution: its vote, its tasks, who was sent it, and what became of it."""
    viewer, now = request.viewer, timezone.now()
    one = resolution_visible(viewer, resolution_id, timezone.localdate(now))
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = EndForm(request.POST) if act in _ACTS else None
    if form is not None:
        if act in ("done", "receive"):
            form.fields["reason"].required = False
        does, told = _ACTS[act]
        if form.is_valid() and done(form, lambda: does(one, form, request, now)) is not None:
            messages.success(request, told())
            return redirect("resolution", one.pk)
    return _resolution_page(request, one, act, form, status=422 if act else 200)


def _resolution_page(
    request: ViewerRequest, one: Resolution, act: str, form: forms.Form | None, *, status: int
) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    with answering(request):
        one.refresh_from_db()
        told = carried_out(viewer, [one], today)[one.pk]
        below = _below(request, one, today)
        rolled = told_of.pressing_first(roll_up(viewer, one.pk, below, today)) if below else []
        own = tasks_visible(viewer, today).filter(resolution=one).select_related("resolution")
        sees_its = units_visible(viewer, today).filter(descendant_id=one.unit_id).exists()
        own = own.filter(unit_id__in=[one.unit_id] if sees_its else carried_by(viewer, today))
        mine = can(viewer, GIVE) and answers_for(viewer, one.unit_id, today)
        offered = "end" if one.state == ResolutionState.IN_FORCE else "resume"
        context: dict[str, Any] = {
            "resolution": one,
            "row": told_of.resolution_rows([one], {one.pk: told})[0],
            "finding": told_of.finding_of_resolution(one, told),
            "vote": present.share_words(one.vote_for or 0, one.vote_base) if one.vote_base else "",
            "tasks": present.task_rows(own.order_by("due_on", "id")[:TASKS_SHOWN], today),
            "rolled": Paginator(rolled, ON_A_PAGE).get_page(request.GET.get("noi")),
            "sum": told_of.sum_of(rolled),
            "below": visible_unit(viewer, below, today) if below else None,
            "deeper": below is not None and below != _top(one, viewer, today),
            "above": _above(one, viewer, today),
            "applied": _applied(one, viewer, today),
            **_receivable(one, viewer, today),
            "may_send": can(viewer, GIVE)
            and one.state == ResolutionState.IN_FORCE
            and bool(senders_of(viewer, one, today)),
            "may_apply": can(viewer, GIVE) and not mine and one.state == ResolutionState.IN_FORCE,
            "mine": mine,
            "is_running": one.state == ResolutionState.IN_FORCE,
            "forms": {name: form if name == act else EndForm() for name in ("end", "resume")},
            "problem": None if mine and act == offered else form,
        }
        return render(request, "tasks/resolution.html", context, status=status)


def _receivable(one: Resolution, viewer: Viewer, on: dt.date) -> dict[str, Any]:
    """What waits to be received by the viewer's own units, and by others for whom he may."""
    if not can(viewer, REPORT):
        return {"receivable": [], "for_others": []}
    waiting = receipts_visible(viewer, on).filter(resolution=one, received_at=None)
    rows = told_of.waiting_rows(waiting.select_related("resolution")[:RECEIPTS_SHOWN])
    units = [row.receipt.unit_id for row in rows]
    may, own = reported_by(viewer, units, on), carried_by(viewer, on)
    return {
        "receivable": [row for row in rows if row.receipt.unit_id in own],
        "for_others": [row for row in rows if row.receipt.unit_id in may - own],
    }


def _top(one: Resolution, viewer: Viewer, on: dt.date) -> UUID | None:
    """The unit below which the viewer looks: the one that adopted it, else the own."""
    if units_visible(viewer, on).filter(descendant_id=one.unit_id).exists():
        return one.unit_id
    own = one.receipts.filter(unit_id__in=[grant.unit_id for grant in viewer.grants])
    return own.values_list("unit_id", flat=True).first()


def _below(request: ViewerRequest, one: Resolution, on: dt.date) -> UUID | None:
    asked = uuid_of(request.GET.get("duoi"))
    if asked is not None:
        return visible_unit(request.viewer, asked, on).unit_id
    return _top(one, request.viewer, on)


def _above(one: Resolution, viewer: Viewer, on: dt.date) -> tuple[Resolution, str] | None:
    """The higher one that it applies, with its unit, where the viewer sees it."""
    if one.origin_id is None:
        return None
    found = resolutions_visible(viewer, on).filter(pk=one.origin_id).first()
    if found is None:
        return None
    return found, present.names_of([found.unit_id]).get(found.unit_id, "")


def _applied(one: Resolution, viewer: Viewer, on: dt.date) -> list[told_of.ResolutionRow]:
    """Those that apply it, in sight."""
    found = list(
        resolutions_visible(viewer, on).filter(origin=one).order_by("adopted_on")[:APPLIED_SHOWN]
    )
    return told_of.resolution_rows(found, carried_out(viewer, found, on))


def _end(one: Resolution, form: Any, request: ViewerRequest, at: dt.datetime) -> Resolution:
    state = ResolutionState.DONE if request.POST["act"] == "done" else ResolutionState.ENDED
    reason = form.cleaned_data["reason"]
    return end_resolution(
        resolution_id=one.pk, state=state, reason=reason, by=request.viewer, at=at
    )


def _resume(one: Resolution, form: Any, request: ViewerRequest, at: dt.datetime) -> Resolution:
    return resume_resolution(
        resolution_id=one.pk, reason=form.cleaned_data["reason"], by=request.viewer, at=at
    )


def _receive(one: Resolution, form: Any, request: ViewerRequest, at: dt.datetime) -> Any:
    receipt_id = uuid_of(request.POST.get("receipt")) or one.pk  # no receipt has that id: not found
    return receive(receipt_id=receipt_id, by=request.viewer, at=at)


_ACTS: dict[str, tuple[Callable[..., Any], Callable[[], str]]] = {
    "receive": (_receive, lambda: _("Đã ghi là đã nhận. Việc được giao nằm trong danh sách.")),
    "done": (_end, lambda: _("Đã ghi là thực hiện xong.")),
    "end": (_end, lambda: _("Đã cho thôi thực hiện; các việc còn dở đã bỏ theo, có lý do.")),
    "resume": (_resume, lambda: _("Đã cho thực hiện tiếp. Việc đã bỏ thì mở lại từng việc.")),
}
