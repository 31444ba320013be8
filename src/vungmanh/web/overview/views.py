"""*Tổng quan*, and where each role starts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.queries import run_of
from vungmanh.web.access import needs
from vungmanh.web.overview.view_model import overview as overview_of
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.series.view_model import structure_named


@require_safe
@login_required
def home(request: ViewerRequest) -> HttpResponse:
    """The page a role starts its day with; without any role, a page that says whom to ask."""
    match request.viewer.role:
        case (
            Role.PROVINCIAL_ANALYST
            | Role.COMMITTEE_OFFICE
            | Role.STANDING_COMMITTEE
            | Role.OVERSEER
        ):
            return redirect("overview")
        case Role.CELL_SECRETARY:
            return redirect("unit", request.viewer.unit_id)
        case Role.ADMINISTRATOR:
            return redirect("accounts")
    return render(request, "overview/no_role.html")


@require_safe
@needs("strengthening.overview.view")
def overview(request: ViewerRequest) -> HttpResponse:
    """Where the viewer's units stand at the end of the period."""
    run = run_of(request.period)
    if run is None:
        return render(request, "spotting/empty.html")
    context = overview_of(request.viewer, run, structure_named(request.GET.get("co-cau", "")))
    context |= {"run": run, "first_month": add_months(run.month, -11)}
    return render(request, "overview/overview.html", context)
