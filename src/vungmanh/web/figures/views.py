"""*Số liệu*: what each figure is, and any figure of a unit opened to what it rests on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.figures.catalogue import Figure, figures_by_code, figures_with
from vungmanh.strengthening.figures.opened import opened
from vungmanh.strengthening.queries import assessment_of, run_of
from vungmanh.web.access import needs
from vungmanh.web.figures import present
from vungmanh.web.requests import ViewerRequest


@require_safe
@needs("strengthening.figure.view")
def figures(request: ViewerRequest) -> HttpResponse:
    """Every figure by group; ?q= looks for words, with or without diacritics."""
    asked = request.GET.get("q", "").strip()
    found = figures_with(asked)
    context = {
        "asked": asked,
        "count": len(found),
        "groups": present.by_group(found),
        "may_list_runs": can(request.viewer, "strengthening.run.list"),
    }
    return render(request, "figures/figures.html", context)


@require_safe
@needs("strengthening.figure.view")
def figure(request: ViewerRequest, figure_code: str) -> HttpResponse:
    """One figure; with ?don-vi= opened for that unit at the end of the period."""
    found = figures_by_code().get(figure_code)
    if found is None:
        raise NotFound(_("Không có số liệu này. Mở danh sách Số liệu để chọn."))
    context: dict[str, Any] = {
        "figure": found,
        "group": present.GROUP_TITLES[found.group],
        "rules": present.rules_of(found, request.as_of),
        "see": [figures_by_code()[code] for code in found.see],
        "month": request.period,
    }
    if "don-vi" in request.GET:
        context |= _opened(request, found)
        return render(request, "figures/opened.html", context)
    return render(request, "figures/figure.html", context)


def _opened(request: ViewerRequest, found: Figure) -> dict[str, Any]:
    """The figure for the unit asked for; out of sight and absent are the same 404."""
    viewer, as_of = request.viewer, request.as_of
    version = visible_unit(viewer, _unit_id(request), as_of)
    run = run_of(request.period)
    assessment = assessment_of(viewer, run, version.unit_id) if run else None
    context: dict[str, Any] = {"version": version, "run": run, "assessment": assessment}
    if run is None or assessment is None:
        words = {"name": version.name}
        return context | {"finding": _("%(name)s: kỳ này chưa có đánh giá.") % words}
    subject = present.subject(viewer, run, assessment, as_of)
    one = opened(found, subject)
    others = present.figures_of_unit(subject)
    return context | {
        "opened": one,
        "finding": present.finding(found, assessment, one),
        "lines": present.lines_of(one, subject) if one else [],
        "is_cell": subject.is_cell,
        "sum": present.share_words(one.sum) if one and one.sum else "",
        "others": [other for other in others if other.opened.figure is not found],
        "first_month": add_months(run.month, 1 - subject.rules.period_months),
    }


def _unit_id(request: ViewerRequest) -> UUID:
    """The unit of the address; what is no id leads to no unit."""
    try:
        return UUID(request.GET["don-vi"])
    except ValueError:
        return UUID(int=0)
