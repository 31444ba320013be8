"""Phân công phụ trách: who oversees what today, the plans, one plan."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.models import User
from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.programme_words import PlanState
from vungmanh.strengthening.actions.oversight import APPROVE, PLAN
from vungmanh.strengthening.actions.oversight_hand import askers_of, is_overseer_in, line_names
from vungmanh.strengthening.assigning import Price, price_of, recompute_plan, told_of
from vungmanh.strengthening.assigning_reads import (
    READ,
    VIEW,
    answers_for,
    charged_cells,
    plan_visible,
    plans_visible,
)
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.decisions_waiting import plans_returned, plans_to_decide
from vungmanh.strengthening.models import OversightPlan
from vungmanh.strengthening.persons import is_one_of
from vungmanh.strengthening.programme_reads import is_of_committee
from vungmanh.web.access import needs
from vungmanh.web.oversight import present
from vungmanh.web.oversight.filtering import Chosen
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.visits.present import quota_rule

ON_A_PAGE = 25
MOST_PLANS = 100


@require_safe
@needs(VIEW)
def oversight(request: ViewerRequest) -> HttpResponse:
    """Who is in charge of which cell today, and the plans of the committees in sight."""
    viewer, today = request.viewer, timezone.localdate()
    cells = charged_cells(viewer, today)
    chosen = Chosen.of(request.GET)
    shown = [one for one in cells if chosen.keeps_cell(one)]
    plans = list(plans_visible(viewer)[:MOST_PLANS])
    waiting = {*plans_to_decide(viewer, today), *plans_returned(viewer)}
    names = named((one.unit_id for one in plans), today)
    may_plan = can(viewer, PLAN) and viewer.unit_id is not None
    context = {
        "finding": present.finding_of_today(cells),
        "page": Paginator(shown, ON_A_PAGE).get_page(request.GET.get("trang")),
        "filters": chosen.filters_of_cells(cells),
        "kept": chosen.is_set,
        "plans": [(one, names.get(one.unit_id, ""), present.state_words(one)) for one in plans],
        "waiting": [
            (one, names.get(one.unit_id, ""), present.state_words(one))
            for one in plans
            if one in waiting
        ],
        "may_plan": may_plan and is_of_committee(viewer, viewer.unit_id),  # type: ignore[arg-type]
        "today": today,
    }
    return render(request, "oversight/list.html", context)


@require_safe
@needs(READ, ahead=True)
def oversight_plan(request: ViewerRequest, plan_id: UUID) -> HttpResponse:
    """One plan: goals and what a better plan could save, every cell, everybody's load, its basis.

    `tinh-lai` computes it anew from what it kept.
    """
    one = plan_visible(request.viewer, plan_id)
    lines = list(one.lines.select_related("overseer", "planned", "before", "changed_by"))
    given = {line.unit_id: line.overseer_id for line in lines}
    price, names = price_of(one, given), names_of(one)
    stands = told_of(price.stands)
    chosen = Chosen.of(request.GET)
    shown = [line for line in lines if chosen.keeps_line(line)]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("trang"))
    computed = one.result["computed"]
    context = {
        **head_of(one, request.viewer),
        "finding": present.finding_of(one, lines),
        "page": page,
        "filters": chosen.filters_of_lines(lines),
        "kept": chosen.is_set,
        "rows": present.line_rows(list(page.object_list), stands, one.inputs, names),
        "relaxing": present.relaxing_rows(computed["relaxing"], names)
        if computed["relaxing"] else [],
        "still": computed["relaxing"]["still"] if computed["relaxing"] else 0,
        "loads": present.load_rows(one, given, names),
        "may_change": _may_change(request.viewer, one),
        "rule": quota_rule(one.valid_from),
        "again": recompute_plan(one) if request.GET.get("tinh-lai") else None,
        **price_words(price, names),
    }  # fmt: skip
    return render(request, "oversight/plan.html", context)


def head_of(one: OversightPlan, viewer: Viewer) -> dict[str, Any]:
    """What every page about a plan shows above its own part."""
    return {
        "one": one,
        "name": named([one.unit_id], viewer.on).get(one.unit_id, ""),
        "state": present.state_words(one),
        "last_day": one.valid_until - dt.timedelta(days=1),
        "acts": _acts(viewer, one),
    }


def price_words(price: Price, names: present.Names) -> dict[str, Any]:
    """Goals as the plan stands beside the planner's own, and the rules it breaks."""
    stands = price.stands
    return {
        "goals": present.goal_rows(
            price.goals, unknown=stands.unknown_ways, charges=len(stands.charges)
        ),
        "breaches": present.breach_rows(price.breaches, names),
        "is_changed": any(one.lost for one in price.goals),
        "unknown": stands.unknown_ways,
    }


def names_of(one: OversightPlan) -> dict[str, str]:
    """The names of the people and cells of a plan, by id: three queries."""
    people = User.objects.filter(pk__in=[each["id"] for each in one.inputs["overseers"]])
    cells = {str(unit): name for unit, name in line_names(one).items()}
    return {str(each.pk): str(each) for each in people} | cells


def _may_change(viewer: Viewer, one: OversightPlan) -> bool:
    own = can(viewer, PLAN) and is_of_committee(viewer, one.unit_id)
    return own and one.state == PlanState.DRAFT


def _acts(viewer: Viewer, one: OversightPlan) -> list[tuple[str, str, bool]]:
    """What this person may do now: words, address, whether it is the main one."""
    office = can(viewer, PLAN) and is_of_committee(viewer, one.unit_id)
    board = can(viewer, APPROVE) and answers_for(viewer, one.unit_id)
    state = PlanState(one.state)
    found = []
    if office and state is PlanState.DRAFT:
        found.append((_("Trình duyệt"), "trinh", True))
    if board and state is PlanState.SUBMITTED and not is_one_of(viewer, *askers_of(one)):
        found.append((_("Trả lại"), "tra-lai", False))
        if not is_overseer_in(one, viewer):
            found.insert(0, (_("Duyệt"), "duyet", True))
    open_ = state in (PlanState.DRAFT, PlanState.SUBMITTED)
    if (office and open_) or (board and state is PlanState.APPROVED):
        found.append((_("Rút kế hoạch"), "rut", False))
    return [
        (words, reverse("oversight_act", args=[one.pk, doing]), is_main)
        for words, doing, is_main in found
    ]
