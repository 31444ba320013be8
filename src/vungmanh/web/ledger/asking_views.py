"""Excuses asked for: the form of the cell, what waits for whom, and the answer."""

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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import AskingState
from vungmanh.meetings.actions.asking import (
    ASK,
    ask_excuse,
    decline_asked,
    grant_asked,
    withdraw_asked,
)
from vungmanh.meetings.actions.excuses import GRANT, Wish
from vungmanh.meetings.asking import is_own, request_visible, requests_visible, to_decide
from vungmanh.meetings.inspections import stands_above
from vungmanh.meetings.models import ExcuseRequest
from vungmanh.org.queries import units_held, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.ledger import present
from vungmanh.web.ledger.forms import ExcuseForm
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import done

VIEW = "meetings.ledger.view"
ON_A_PAGE = 50


class AskForm(ExcuseForm):
    """What a cell asks for; the document of the superior comes with the answer."""

    document = forms.CharField(
        label=gettext_lazy("Số, ngày giấy tờ của chi bộ, nếu có"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Ví dụ: biên bản họp chi ủy ngày 3/9. Chưa có thì bỏ trống."),
    )
    granted_on = None  # type: ignore[assignment]

    def wish(self, today: dt.date) -> Wish:  # type: ignore[override]
        self.cleaned_data["granted_on"] = today
        return super().wish()


class GrantForm(forms.Form):
    """The document by which it is granted."""

    document = forms.CharField(label=gettext_lazy("Số, ngày văn bản của cấp trên"), max_length=200)
    granted_on = forms.DateField(
        label=gettext_lazy("Ngày văn bản"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
    )


@require_safe
@needs(VIEW)
def excuse_requests(request: ViewerRequest) -> HttpResponse:
    """What was asked for in sight, what waits first."""
    viewer = request.viewer
    page = Paginator(requests_visible(viewer, viewer.on), ON_A_PAGE).get_page(
        request.GET.get("trang")
    )
    waiting = to_decide(viewer, viewer.on).count() if can(viewer, GRANT) else 0
    context = {
        "finding": _finding(viewer, waiting),
        "page": page,
        "rows": [(one, present.asked_words(one)) for one in page.object_list],
        "ask_for": viewer.unit_id if can(viewer, ASK) and not can(viewer, GRANT) else None,
    }
    return render(request, "ledger/requests.html", context)


def _finding(viewer: Viewer, waiting: int) -> str:
    if can(viewer, GRANT):
        if not waiting:
            return _("Không có lời xin nào chờ đồng chí trả lời.")
        return _("%(n)s lời xin chờ đồng chí trả lời.") % {"n": number_vi(waiting)}
    mine = requests_visible(viewer, viewer.on).filter(state=AskingState.WAITING).count()
    if not mine:
        return _("Không có lời xin nào đang chờ.")
    return _("%(n)s lời xin của đồng chí đang chờ cấp trên.") % {"n": number_vi(mine)}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(ASK)
def excuse_ask(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Ask for one's own cell."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    version = visible_unit(viewer, unit_id, today)
    form = AskForm(request.POST or None, month=today.replace(day=1))
    if request.method == "POST" and form.is_valid():
        wish = form.wish(today)
        made = done(form, lambda: ask_excuse(unit_id=unit_id, wish=wish, by=viewer, at=now))
        if made is not None:
            messages.success(request, _("Đã gửi lời xin. Câu trả lời hiện ở trang này."))
            return redirect("excuse_request", made.pk)
    with answering(request):
        return render(
            request,
            "ledger/ask.html",
            {"form": form, "version": version},
            status=422 if request.method == "POST" else 200,
        )


_Answer = Callable[[UUID, dict[str, Any], Viewer, dt.datetime], Any]
#: By the name of the button: the form, what it does, what is said then.
_ACTS: dict[str, tuple[type[forms.Form], _Answer, Any]] = {
    "grant": (
        GrantForm,
        lambda key, said, by, at: grant_asked(request_id=key, **said, by=by, at=at),
        gettext_lazy("Đã cho; sổ nghĩa vụ đã ghi, số liệu tính lại sau ít phút."),
    ),
    "decline": (
        ReasonForm,
        lambda key, said, by, at: decline_asked(request_id=key, **said, by=by, at=at),
        gettext_lazy("Đã trả lời không cho; chi bộ đọc được lý do."),
    ),
    "withdraw": (
        ReasonForm,
        lambda key, said, by, at: withdraw_asked(request_id=key, **said, by=by, at=at),
        gettext_lazy("Đã rút lời xin."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def excuse_request(request: ViewerRequest, request_id: UUID) -> HttpResponse:
    """One request: what was asked, and the answer or the forms for it."""
    viewer, now = request.viewer, timezone.now()
    one = request_visible(viewer, request_id, viewer.on)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act not in _ACTS:
        return _page(request, one, {}, status=422 if act else 200)
    make, does, told = _ACTS[act]
    form = make(request.POST)
    if form.is_valid() and done(form, lambda: does(one.pk, form.cleaned_data, viewer, now)):
        messages.success(request, told)
        return redirect("excuse_request", one.pk)
    return _page(request, one, {act: form}, status=422)


def _page(
    request: ViewerRequest, one: ExcuseRequest, sent: dict[str, forms.Form], *, status: int
) -> HttpResponse:
    viewer = request.viewer
    with answering(request):
        waits = one.state == AskingState.WAITING
        above = waits and can(viewer, GRANT) and stands_above(viewer, one.unit_id, viewer.on)
        decides = above and not is_own(viewer, one)
        held = units_held(viewer, viewer.on).filter(descendant_id=one.unit_id)
        withdraws = waits and can(viewer, ASK) and (one.asked_by == viewer.user or not above)
        context = {
            "one": one,
            "words": present.asked_words(one),
            "problem": next(iter(sent.values()), None),
            "is_mine": above and not decides,
            "grant": (sent.get("grant") or GrantForm()) if decides else None,
            "decline": (sent.get("decline") or ReasonForm()) if decides else None,
            "withdraw": (sent.get("withdraw") or ReasonForm())
            if withdraws and held.exists()
            else None,
        }
        return render(request, "ledger/request.html", context, status=status)
