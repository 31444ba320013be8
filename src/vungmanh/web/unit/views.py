"""The page of one unit: facts, months over years, reasons, grades."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.core.periods import add_months, month_slug
from vungmanh.meetings.queries import excuses_of, month_records
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.queries import assessment_of, run_of, worst_cells_of
from vungmanh.web.access import needs
from vungmanh.web.figures.present import figures_of_unit, subject
from vungmanh.web.reforms.acts import acts_on
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.spotting.rows import books_of, row_of
from vungmanh.web.strength import explained
from vungmanh.web.unit import view_model as model
from vungmanh.web.unit.history import history_of

EXCUSES_SHOWN = 5


@require_safe
@needs("org.unit.view")
def unit(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Everything about a unit up to the end of the period looked at; out of sight is 404."""
    viewer, as_of = request.viewer, request.as_of
    version = visible_unit(viewer, unit_id, as_of)
    run = run_of(request.period)
    assessment = assessment_of(viewer, run, unit_id) if run else None
    reasons = model.reasons_with_rules(viewer, assessment, as_of)
    is_cell = model.is_cell(version)
    years = model.years_of(unit_id, as_of) if is_cell else []
    history = history_of(viewer, unit_id, dict(request.period_options))
    first_month = add_months(request.period, -11)
    context = {
        "version": version,
        "above": model.above(viewer, unit_id, as_of),
        "assessment": assessment,
        "finding": model.finding(version, assessment, reasons),
        "lead": model.second_sentence(assessment),
        "facts": model.facts(version, as_of),
        "reasons": reasons,
        "years": years[: model.YEARS_OPEN],
        "earlier_years": years[model.YEARS_OPEN :],
        "excuses": excuses_of(unit_id, until=as_of, limit=EXCUSES_SHOWN) if is_cell else [],
        "grades": model.grade_table(unit_id, as_of),
        "first_month": first_month,
        "month": request.period,
        "is_cell": is_cell,
        "history": history,
        "acts": acts_on(viewer, unit_id),
        **model.around(viewer, version, as_of),
    }
    if is_cell:
        context["earlier"] = model.earlier_cells(viewer, history, unit_id, as_of)
    if run and assessment:
        found = subject(viewer, run, assessment, as_of)
        context |= {"figures": figures_of_unit(found), "records": found.records.get(unit_id, [])}
        context["explained"] = explained(assessment, found.odds, run.month, ranked=found.shows_rank)
        context["figure_query"] = f"?don-vi={unit_id}&ky={month_slug(run.month)}"
    elif is_cell:
        context["records"] = month_records(unit_id, first=first_month, last=request.period)
    if run and assessment and not is_cell:
        context["worst"] = worst_cells_of(viewer, run, [assessment]).get(unit_id)
        context["cells"] = [row_of(cell, found.rules) for cell in found.cells]
    elif run and assessment:
        context["books"] = books_of(assessment, run.month, _("Chức bí thư"))
    return render(request, "unit/unit.html", context)
