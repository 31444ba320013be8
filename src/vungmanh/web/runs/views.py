"""*Lần tính*: every assessment with its hashes; assessing months on demand; computing one anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_label, month_range, month_slug, parse_month
from vungmanh.core.text import date_vi, number_vi
from vungmanh.strengthening.actions.runs import (
    check_may_make,
    make_run,
    may_make,
    recomputed,
)
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.recompute import Recomputed
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest

PER_PAGE = 24
MOST = 36  # months asked for at once
#: The months still to assess wait in the session: no address may start them.
WAITING = "runs_waiting"


@require_http_methods(["GET", "HEAD", "POST"])
@needs("strengthening.run.list")
def runs(request: ViewerRequest) -> HttpResponse:
    """The runs, the latest month first; the acts come here too."""
    act = request.POST.get("act")
    if act == "make":
        return _start(request)
    if act == "continue":
        return _continue(request)
    if act == "stop":
        request.session.pop(WAITING, None)
        return redirect("runs")
    if act == "recompute":
        return _recompute(request)
    return _page(request)


def _start(request: ViewerRequest) -> HttpResponse:
    """Note which months are to be assessed; the page that answers asks for them one by one."""
    check_may_make(request.viewer)
    try:
        months = _months(request.POST.get("tu", ""), request.POST.get("den", ""))
    except InputError as error:
        return _page(request, error=error.message)
    request.session[WAITING] = {"left": [month_slug(one) for one in months], "of": len(months)}
    return redirect("runs")


def _months(first: str, last: str) -> list[dt.date]:
    """The months from `first` to `last`, the oldest first. Raises InputError."""
    start, end = parse_month(first), parse_month(last)
    months = month_range(min(start, end), max(start, end))
    if len(months) > MOST:
        raise InputError(
            f"Mỗi lần tính nhiều nhất {MOST} kỳ. Chọn khoảng ngắn hơn rồi tính tiếp.", field="den"
        )
    return months


def _continue(request: ViewerRequest) -> HttpResponse:
    """Assess the next of the months that wait."""
    waiting = request.session.get(WAITING)
    if not waiting or not waiting["left"]:
        request.session.pop(WAITING, None)
        return redirect("runs")
    month = parse_month(waiting["left"][0])
    try:
        make_run(month=month, by=request.viewer, at=timezone.now())
    except NotNow as error:
        request.session.pop(WAITING, None)
        messages.error(request, error.message)
        return redirect("runs")
    left = waiting["left"][1:]
    if left:
        request.session[WAITING] = {"left": left, "of": waiting["of"]}
    else:
        request.session.pop(WAITING, None)
        text = _("Đã tính xong %(n)s kỳ, đến hết %(month)s.")
        messages.success(request, text % {"n": waiting["of"], "month": month_label(month)})
    return redirect("runs")


def _recompute(request: ViewerRequest) -> HttpResponse:
    """Compare one run with what its kept inputs give."""
    asked = request.POST.get("run", "")
    try:
        found = recomputed(run_id=int(asked) if asked.isascii() and asked.isdigit() else 0,
                           by=request.viewer)  # fmt: skip
    except NotNow as error:
        return _page(request, error=error.message)
    return _page(request, compared=found)


def _page(
    request: ViewerRequest,
    *,
    error: str = "",
    compared: tuple[AssessmentRun, Recomputed] | None = None,
) -> HttpResponse:
    with answering(request):
        found = AssessmentRun.objects.defer("references").select_related("by").order_by("-month")
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
        waiting = request.session.get(WAITING)
        context: dict[str, Any] = {
            "page": page,
            "finding": _finding(page.paginator.count, found.first()),
            "may_make": may_make(request.viewer),
            "months": list(reversed(request.period_options)),
            "error": error,
            "waiting": waiting,
            "done": waiting["of"] - len(waiting["left"]) if waiting else 0,
            "next": month_label(parse_month(waiting["left"][0])) if waiting else "",
            "compared": compared[1] if compared else None,
            "compared_run": compared[0] if compared else None,
        }
        return render(request, "runs/runs.html", context, status=422 if error else 200)


def _finding(count: int, latest: AssessmentRun | None) -> str:
    if latest is None:
        return _("Chưa có lần tính nào. Nhập báo cáo tháng đầu tiên thì máy tự tính.")
    when = timezone.localtime(latest.at)
    return _("%(n)s kỳ đã tính; kỳ mới nhất là %(month)s, tính lúc %(time)s ngày %(day)s.") % {
        "n": number_vi(count),
        "month": month_label(latest.month),
        "time": f"{when:%H:%M}",
        "day": date_vi(when.date()),
    }
