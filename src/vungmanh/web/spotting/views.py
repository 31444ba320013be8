"""*Nhận diện*: who needs help, and why."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from vungmanh.access.viewer import Viewer
from vungmanh.analysis.facts import FactRules
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Status
from vungmanh.outputs.assessment_export import assessment_workbook
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.queries import (
    Grain,
    Wanted,
    cells_of,
    counts_by_status,
    last_month_reports,
    listed,
    ranked_positions,
    run_of,
    sees_rank,
    worst_cells_of,
)
from vungmanh.strengthening.rules import fact_rules, probability_rules
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.spotting.filters import Filters, choices, filters_of, tabs
from vungmanh.web.spotting.rows import Row, books_of, row_of
from vungmanh.web.strength import strength_of

PER_PAGE = 25
CELLS_SHOWN = 12


@require_safe
@vary_on_headers("HX-Request")  # one address, two answers: no cache may mix them up
@needs("strengthening.assessment.list")
def spotting(request: ViewerRequest) -> HttpResponse:
    """The list, and for htmx the one row that was opened (?mo=)."""
    run = run_of(request.period)
    if run is None:
        return render(request, "spotting/empty.html")
    filters = filters_of(request, run)
    opened = _opened(request)
    if request.htmx and opened:
        detail = _detail(request, run, opened, filters)
        if detail is None:
            raise NotFound(_("Không tìm thấy tổ chức này trong phạm vi của đồng chí."))
        return render(request, "spotting/detail.html", detail)
    context = _list(request, run, filters)
    if opened:  # a row that is not there (another month, another list) stays closed
        context |= _detail(request, run, opened, filters) or {}
    return render(request, "spotting/list.html", context)


def _opened(request: ViewerRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("mo", ""))
    except ValueError:
        return None


def _counts(request: ViewerRequest, run: AssessmentRun, filters: Filters) -> dict[Status, int]:
    """How many stand in each tab under the other filters."""
    return counts_by_status(listed(request.viewer, run, filters.grain, filters.every_status))


def _list(request: ViewerRequest, run: AssessmentRun, filters: Filters) -> dict[str, Any]:
    viewer, wanted = request.viewer, filters.wanted
    counts = _counts(request, run, filters)
    got, due = last_month_reports(viewer, run)
    found = listed(viewer, run, filters.grain, wanted)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    rules = fact_rules(load_rulebook(), request.as_of)
    rows = rows_of(viewer, list(page.object_list), filters, rules, run)
    return {
        "run": run,
        "last_month_got": got,
        "last_month_due": due,
        "finding": finding(counts, filters.grain, total=_total(request, run, filters)),
        "filters": filters,
        "tabs": tabs(filters, counts),
        "page": page,
        "rows": rows,
        "shown_status": wanted.status,
        "is_filtered": filters.every_status != Wanted(),
        "noun": noun(filters.grain),
        "first_month": add_months(run.month, -11),
        "export_address": filters.address(),
        **choices(filters),
    }


def rows_of(
    viewer: Viewer,
    found: list[Assessment],
    filters: Filters,
    rules: FactRules,
    run: AssessmentRun,
) -> list[Row]:
    """Rows of a page, each with its place among all that the viewer sees and may rank."""
    ranked = ranked_positions(viewer, run, filters.grain)
    worst = worst_cells_of(viewer, run, found)
    odds = probability_rules(load_rulebook(), last_day(run.month))
    return [
        row_of(
            one,
            rules,
            position=bisect_left(ranked, getattr(one, filters.grain.order)) + 1,
            worst=worst.get(one.unit_id),
            open_address=filters.open_address(one.unit_id),
            strength=strength_of(one, odds, ranked=sees_rank(viewer, one.unit_id)),
        )
        for one in found
    ]


def noun(grain: Grain) -> str:
    return _("chi bộ") if grain is Grain.CELLS else _("tổ chức cơ sở đảng")


def _total(request: ViewerRequest, run: AssessmentRun, filters: Filters) -> int:
    """What the weak are out of: everybody in the area and sector, whatever their reasons."""
    place = Wanted(area=filters.wanted.area, sector=filters.wanted.sector)
    return listed(request.viewer, run, filters.grain, place).count()


def finding(counts: dict[Status, int], grain: Grain, *, total: int) -> str:
    """The sentence that opens the page."""
    figures = {
        "weak": number_vi(counts[Status.WEAK]),
        "all": number_vi(total),
        "noun": noun(grain),
        "silent": number_vi(counts[Status.MUST_VERIFY]),
    }
    if not sum(counts.values()):
        return _("Không có %(noun)s nào khớp với bộ lọc này.") % figures
    if counts[Status.WEAK]:
        text = _("%(weak)s trong %(all)s %(noun)s cần củng cố") % figures
    else:
        text = _("Chưa có nơi nào trong %(all)s %(noun)s cần củng cố") % figures
    if counts[Status.MUST_VERIFY]:
        text += _("; %(silent)s nơi báo cáo quá thiếu, phải xác minh trước") % figures
    return text + "."


def _detail(
    request: ViewerRequest, run: AssessmentRun, unit_id: UUID, filters: Filters
) -> dict[str, Any] | None:
    """What stands behind one row: the months of a cell, or the cells of an organisation.

    None where the viewer sees no such row in this list.
    """
    everything = listed(request.viewer, run, filters.grain)
    assessment = everything.filter(unit_id=unit_id).first()
    if assessment is None:
        return None
    rules = fact_rules(load_rulebook(), request.as_of)
    (row,) = rows_of(request.viewer, [assessment], filters, rules, run)
    is_cell = assessment.cell_position is not None
    cells = [] if is_cell else cells_of(request.viewer, run, unit_id)
    return {
        "opened": unit_id,
        "close_address": filters.open_address(None),
        "row": row,
        "run": run,
        "books": books_of(assessment, run.month, _("Chức bí thư")) if is_cell else [],
        "cells": [row_of(cell, rules) for cell in cells[:CELLS_SHOWN]],
        "cells_left": max(len(cells) - CELLS_SHOWN, 0),
        "first_month": add_months(run.month, -11),
    }


@require_safe
@needs("strengthening.assessment.export")
def export(request: ViewerRequest) -> HttpResponse:
    """The list as it is filtered, whole, as a workbook with the same figures."""
    run = run_of(request.period)
    if run is None:
        raise NotFound("Chưa có kỳ nào được tính, nên chưa có gì để xuất.")
    filters = filters_of(request, run)
    found = list(listed(request.viewer, run, filters.grain, filters.wanted))
    rules = fact_rules(load_rulebook(), request.as_of)
    rows = rows_of(request.viewer, found, filters, rules, run)
    content = assessment_workbook(
        rows,
        run,
        finding=finding(
            _counts(request, run, filters), filters.grain, total=_total(request, run, filters)
        ),
        chosen=filters.words(),
        is_cells=filters.grain is Grain.CELLS,
    )
    name = f"nhan-dien-{filters.grain_code}-{run.month:%Y-%m}.xlsx"
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
