"""Diễn biến: a series of one unit, or of all that one sees, as a page and as a part of others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vungmanh.org.queries import visible_unit
from vungmanh.org.structure import check_in_register
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.series.view_model import Wanted, series_view


@require_safe
@needs("org.unit.view")
def series(request: ViewerRequest, unit_id: UUID | None = None) -> HttpResponse:
    """Meetings held of those due, cells and members, by months or years and either structure."""
    viewer, as_of = request.viewer, request.as_of
    check_in_register(as_of)
    wanted = Wanted.of(unit_id, request.GET.get("co-cau", ""), request.GET.get("theo", ""))
    context: dict[str, Any] = {"series": series_view(viewer, wanted, request.period, as_of)}
    if request.htmx:
        return render(request, "series/series.html", context)
    context["version"] = visible_unit(viewer, unit_id, as_of) if unit_id else None
    return render(request, "series/page.html", context)
