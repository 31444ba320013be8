"""Choosing whom to strengthen: the selections of a programme, and the score table of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, F, Func, IntegerField, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.analysis import lots
from vungmanh.analysis.choosing import Why
from vungmanh.core.periods import last_day, month_slug
from vungmanh.core.programme_words import SelectionState
from vungmanh.core.text import number_vi
from vungmanh.outputs.selection_export import selection_workbook
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.values.programmes import SelectionRule
from vungmanh.strengthening import selection_reads as reads
from vungmanh.strengthening.actions.choosing import DECIDE, RUN
from vungmanh.strengthening.actions.choosing_checks import kept_out
from vungmanh.strengthening.choosing import named, recompute_selection
from vungmanh.strengthening.models import Selection
from vungmanh.strengthening.programme_reads import is_of_committee, programme_visible
from vungmanh.strengthening.rules import probability_rules
from vungmanh.web.access import needs
from vungmanh.web.components import Stat
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.selections import table, told

ON_A_PAGE, SELECTIONS_ON_A_PAGE = 25, 40


@require_safe
@needs(reads.VIEW)
def selections(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Who chose for which year, the newest first; what was taken back stays readable."""
    viewer = request.viewer
    one = programme_visible(viewer, programme_id)
    found = reads.selections_visible(viewer).filter(programme=one).defer("result")
    years = sorted(set(found.order_by().values_list("year", flat=True)), reverse=True)
    asked, told = request.GET.get("nam", ""), years
    if asked in {str(year) for year in years}:
        found, told = found.filter(year=int(asked)), [int(asked)]
    found = found.annotate(
        proposed=Func(F("result__chosen"), function="jsonb_array_length",
                      output_field=IntegerField()),
        kept=Count("choices", filter=Q(choices__withdrawn_at=None)),
    ).order_by("-year", "-made_at", "pk")  # fmt: skip
    page = Paginator(found, SELECTIONS_ON_A_PAGE).get_page(request.GET.get("trang"))
    names = named((each.unit_id for each in page.object_list), viewer.on)
    context = {
        "one": one,
        "page": page,
        "finding": _finding_of_list(page.paginator.count, told),
        "rows": [(each, names.get(each.unit_id, ""), *_told(each)) for each in page.object_list],
        "years": [("", _("Mọi năm")), *((str(year), str(year)) for year in years)],
        "year": asked,
        "may_run": can(viewer, RUN) and one.state == "running",
    }
    return render(request, "selections/list.html", context)


def _finding_of_list(count: int, years: list[int]) -> str:
    if not count:
        return _("Chưa có lần lựa chọn nào của đề án này.")
    return _("%(n)s lần lựa chọn trong %(years)s năm.") % {
        "n": number_vi(count), "years": number_vi(len(years)),
    }  # fmt: skip


def _told(each: Any) -> tuple[str, str]:
    """The state in words, and how many: chosen once it is decided, proposed before."""
    state = SelectionState(each.state)
    if state is SelectionState.DECIDED:
        return _(state.label), _("đã chọn %(n)s nơi") % {"n": number_vi(each.kept)}
    return _(state.label), _("đề nghị %(n)s nơi") % {"n": number_vi(each.proposed)}


@require_safe
@needs(reads.VIEW)
def selection(request: ViewerRequest, selection_id: UUID) -> HttpResponse:
    """The score table: who is chosen and why, near misses, the grey zone and its lots."""
    viewer = request.viewer
    one = reads.selection_visible(viewer, selection_id)
    inputs, rows = read_table(one)
    part = request.GET.get("phan", table.CHOSEN)
    asked = request.GET.get("q", "")[:100]
    kept = table.shown(rows, part, asked)
    page = Paginator(kept, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "one": one,
        "name": named([one.unit_id], viewer.on).get(one.unit_id, ""),
        "state": _(SelectionState(one.state).label),
        "finding": _finding(rows),
        "stats": _stats(rows, inputs),
        "page": page,
        "parts": table.parts(rows, inputs.rule),
        "obstacles": table.obstacles(rows, inputs.rule),
        "files": told.files_of(viewer, one),
        "returned": told.returned(one),
        "part": part,
        "asked": asked,
        "why_query": f"?ky={month_slug(one.month)}",
        "inputs": inputs,
        "rule": rule_of(one.rules[SelectionRule.key]),
        "grey": [row for row in rows if row.is_grey],
        "drawn": _drawn(one, rows),
        "way": table.way_words(one.result["way"], inputs.asked["grey"]),
        "check_command": _check_command(one),
        "spread": _spread(one, rows),
        "overrides": _overrides(one, rows),
        "appeals": _appeals(one, rows),
        "again": recompute_selection(one) if "tinh-lai" in request.GET else None,
        "acts": _acts(request, one),
        "grounds": told.grounds_of(one),
        "verifying": told.verifying(one, rows),
        "beside": told.beside(viewer, rows),
        **_otherwise(request, one, page.object_list),
        "earlier": _earlier(request, one),
    }
    return render(request, "selections/selection.html", context)


def rule_of(rule_id: str) -> Rule | None:
    """The rule a selection was made by; None where this installation no longer has it."""
    return next((rule for rule in load_rulebook().rules if rule.id == rule_id), None)


def read_table(one: Selection) -> tuple[reads.Inputs, list[table.Row]]:
    """What was asked, and every row of the table in words."""
    inputs = reads.inputs_of(one)
    units = [UUID(row["unit"]) for row in one.result["table"]]
    odds = probability_rules(load_rulebook(), last_day(one.month))
    names, overrides = named(units, last_day(one.month)), reads.last_words(one)
    context = table.Context(one.result, inputs, names, overrides, odds, one.year)
    return inputs, table.rows_of(context)


def _finding(rows: list[table.Row]) -> str:
    near = sum(row.belongs(table.NEAR) for row in rows)
    words = _("%(n)s trong %(of)s nơi được xét nằm trong danh sách") % {
        "n": number_vi(sum(row.is_in for row in rows)), "of": number_vi(len(rows)),
    }  # fmt: skip
    if near:
        words += _("; %(n)s nơi đủ điều kiện mà hết chỗ") % {"n": number_vi(near)}
    return words + "."


def _stats(rows: list[table.Row], inputs: reads.Inputs) -> list[Stat]:
    def count(part: str) -> str:
        return number_vi(sum(row.belongs(part) for row in rows))

    noun = _("nơi được xét")
    verified = sum(row.why is Why.VERIFY for row in rows)
    places = _("%(n)s chỗ để chọn, %(verify)s chỗ để xác minh") % {
        "n": number_vi(inputs.asked["capacity"] - verified), "verify": number_vi(verified),
    }  # fmt: skip
    later = sum(row.why is Why.VERIFY_LATER for row in rows)
    to_verify = _("%(now)s nơi có chỗ năm nay, %(later)s nơi chưa đến lượt") % {
        "now": number_vi(verified), "later": number_vi(later),
    }  # fmt: skip
    of = number_vi(len(rows))
    return [
        Stat(_("Được chọn"), count(table.CHOSEN), of, noun, places),
        Stat(_("Phải xác minh"), count(table.VERIFY), of, noun, to_verify),
        Stat(_("Vùng sát ngưỡng"), count(table.GREY), of, noun),
        Stat(_("Đủ điều kiện, hết chỗ"), count(table.NEAR), of, noun),
    ]


def _drawn(one: Selection, rows: list[table.Row]) -> list[tuple[table.Row, str]]:
    """The lots in their order, each with the hash that placed it."""
    drawn = sorted((row for row in rows if row.lot), key=lambda row: row.lot)
    return [(row, lots.lot(one.seed, str(row.unit))) for row in drawn]


def _check_command(one: Selection) -> str:
    """One line that draws the lots again in any shell: the smallest hash comes first."""
    units = " ".join(sorted(one.result["lots"]))
    return (
        f"for u in {units}; do printf '%s' \"{one.seed}:$u\" | sha256sum | "
        'sed "s/-/$u/"; done | sort'
    )


def _spread(one: Selection, rows: list[table.Row]) -> dict[str, list[str]] | None:
    """Whom the spreading over areas took in and kept out; None where the rule does not spread."""
    cost = one.result["spread_cost"]
    names = {str(row.unit): row.name for row in rows}
    return cost and {side: [names[unit] for unit in units] for side, units in cost.items()}


def _overrides(one: Selection, rows: list[table.Row]) -> list[tuple[Any, str]]:
    names = {row.unit: row.name for row in rows}
    said = one.overrides.select_related("by").order_by("at", "id")
    return [(each, names.get(each.unit_id, "")) for each in said]


def _appeals(one: Selection, rows: list[table.Row]) -> list[tuple[Any, str]]:
    names = {row.unit: row.name for row in rows}
    said = one.appeals.select_related("by", "answered_by").order_by("at", "pk")
    return [(each, names.get(each.unit_id, "")) for each in said]


def _earlier(request: ViewerRequest, one: Selection) -> list[tuple[UUID, dt.date]]:
    """Earlier runs for the same year: a new one draws new lots, so none may be hidden."""
    others = reads.selections_visible(request.viewer).filter(
        programme_id=one.programme_id, unit_id=one.unit_id, year=one.year, made_at__lt=one.made_at
    )
    rows = others.order_by("made_at").values_list("pk", "made_at")
    return [(pk, timezone.localdate(at)) for pk, at in rows]


def _acts(request: ViewerRequest, one: Selection) -> list[tuple[str, str, bool]]:
    """What this person may do now: words, address, whether it is the main one."""
    viewer, state = request.viewer, SelectionState(one.state)
    if not is_of_committee(viewer, one.unit_id):
        return []
    draft, asked = SelectionState.DRAFT, SelectionState.SUBMITTED

    def act(name: str) -> str:
        return reverse("selection_act", args=[one.pk, name])

    found = [
        (_("Trình danh sách"), act("trinh"), True, RUN, {draft}),
        (_("Quyết định"), act("quyet-dinh"), True, DECIDE, {asked}),
        (_("Trả lại"), act("tra-lai"), False, DECIDE, {asked}),
        (_("Rút lại"), act("rut"), False, RUN, {draft, asked}),
    ]
    return [
        (words, href, is_main)
        for words, href, is_main, permission, states in found
        if can(viewer, permission) and state in states
    ]


def _otherwise(
    request: ViewerRequest, one: Selection, shown: Iterable[table.Row]
) -> dict[str, Any]:
    """Whether this person may decide otherwise, and of whom on this page that is not possible."""
    if not _may_override(request, one):
        return {"may_override": False}
    out = [row.unit for row in shown if not row.is_in]
    return {"may_override": True, "shut": set(kept_out(one, out, request.viewer.on))}


def _may_override(request: ViewerRequest, one: Selection) -> bool:
    return (
        can(request.viewer, DECIDE)
        and is_of_committee(request.viewer, one.unit_id)
        and one.state == SelectionState.SUBMITTED
    )


@require_safe
@needs(reads.VIEW)
def selection_export(request: ViewerRequest, selection_id: UUID) -> HttpResponse:
    """The whole table as a workbook with the same words."""
    one = reads.selection_visible(request.viewer, selection_id)
    _inputs, rows = read_table(one)
    name = named([one.unit_id], request.viewer.on).get(one.unit_id, "")
    content = selection_workbook(
        rows,
        one,
        title=_("Lựa chọn năm %(year)s, %(name)s") % {"year": one.year, "name": name},
        finding=_finding(rows),
    )
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f'attachment; filename="lua-chon-{one.year}-{one.pk}.xlsx"'
        },
    )
