"""Kế hoạch đi cơ sở: how often each cell is to be visited this year, and how often it was."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotNow
from vungmanh.strengthening.actions.visiting import PLAN, plan_visits
from vungmanh.strengthening.models import VisitPlan
from vungmanh.strengthening.visiting import visit_plans_visible, visited_so_far
from vungmanh.web.access import answering, needs
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.visits import present

ON_A_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@needs("strengthening.oversight.view")
def visit_plan(request: ViewerRequest) -> HttpResponse:
    """The plan of one's own committee for this year; whoever may, draws it, once. `ke-hoach` shows
    another committee's in sight."""
    viewer, now = request.viewer, timezone.now()
    today = timezone.localdate(now)
    refusal = ""
    if request.method == "POST" and viewer.unit_id is not None:
        try:
            plan_visits(unit_id=viewer.unit_id, year=today.year, by=viewer, at=now)
            messages.success(request, _("Đã lập kế hoạch; mầm bốc thăm được giữ lại."))
            return redirect("visit_plan")
        except NotNow as error:
            refusal = error.message
    with answering(request):
        context = {"refusal": refusal, **_shown(request, viewer, today)}
        status = 422 if request.method == "POST" else 200
        return render(request, "visits/plan.html", context, status=status)


def _shown(request: ViewerRequest, viewer: Viewer, today: dt.date) -> dict[str, object]:
    plans = list(visit_plans_visible(viewer, today))
    plan = _chosen(request, viewer, plans, today)
    names = unit_names({one.unit_id for one in plans})
    own = any((one.unit_id, one.year) == (viewer.unit_id, today.year) for one in plans)
    shown: dict[str, object] = {
        "plan": plan,
        "year": today.year,
        "may_plan": can(viewer, PLAN) and not own,
        "others": [(one, names.get(one.unit_id, "")) for one in plans if one != plan],
    }
    if plan is None:
        return shown
    lines = visited_so_far(viewer, plan, today)
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("trang"))
    return shown | {
        "finding": present.finding_of_plan(lines, plan.year),
        "page": page,
        "name": names.get(plan.unit_id, ""),
    }


def _chosen(
    request: ViewerRequest, viewer: Viewer, plans: list[VisitPlan], today: dt.date
) -> VisitPlan | None:
    asked = uuid_of(request.GET.get("ke-hoach"))
    wanted = [one for one in plans if one.pk == asked]
    own = [one for one in plans if (one.unit_id, one.year) == (viewer.unit_id, today.year)]
    return next(iter(wanted or own), None)
