"""Vì sao tôi thấy được? One sentence on the grant that decided, and who else sees the unit."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vungmanh.org.queries import visible_unit
from vungmanh.org.sight import grant_of, who_sees, why_visible
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest


@require_safe
@needs("org.unit.view")
def why(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The whole page, or to htmx the part that the page of the unit unfolds."""
    viewer, as_of = request.viewer, request.as_of
    version = visible_unit(viewer, unit_id, as_of)
    reason = why_visible(viewer, unit_id, as_of)
    context = {
        "version": version,
        "why": reason,
        "given": grant_of(viewer, reason.grant) if reason else None,
        "watchers": who_sees(viewer, unit_id, as_of),
    }
    return render(request, "why/answer.html" if request.htmx else "why/page.html", context)
