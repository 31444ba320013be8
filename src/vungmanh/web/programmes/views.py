"""*Củng cố*: the programmes in sight, and the dashboard of one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.vocabulary import Structure
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import MeasureCatalogue
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions.programme_hand import APPROVE, DRAFT
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.models import Programme
from vungmanh.strengthening.programme_ending import last_gate_day, last_word
from vungmanh.strengthening.programme_figures import targets_now
from vungmanh.strengthening.selection_reads import APPEAL
from vungmanh.strengthening.selection_reads import VIEW as SEE_SELECTIONS
from vungmanh.web.access import needs
from vungmanh.web.programmes import present
from vungmanh.web.programmes.left_open import files_address
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.series.view_model import STRUCTURES, structure_named

ON_A_PAGE = 50


@require_safe
@needs(reads.VIEW)
def programmes(request: ViewerRequest) -> HttpResponse:
    """The programmes in sight, the newest first."""
    viewer = request.viewer
    every = reads.programmes_visible(viewer).order_by("-first_year", "title_fold", "pk")
    page = Paginator(every, ON_A_PAGE).get_page(request.GET.get("trang"))
    found = list(page.object_list)
    names = named((one.unit_id for one in found), viewer.on)
    states = Counter(every.order_by().values_list("state", flat=True))
    context = {
        "finding": present.finding_of_list(states),
        "page": page,
        "rows": [
            (one, names.get(one.unit_id, ""), present.state_words(one), present.years_words(one))
            for one in found
        ],
        "may_draft": can(viewer, DRAFT),
    }
    return render(request, "programmes/list.html", context)


@require_safe
@needs(reads.VIEW)
def programme(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """The dashboard: document, weaknesses, targets against actual, gates, choices, files."""
    viewer, today = request.viewer, timezone.localdate()
    one = reads.programme_visible(viewer, programme_id)
    is_whole = reads.sees_unit(viewer, one.unit_id)
    structure = structure_named(request.GET.get("co-cau", ""))
    targets = targets_now(
        one, one.unit_id if is_whole else None, structure, by=viewer, period=request.period,
        as_of=request.as_of, told_until=today, at_due=True,
    )  # fmt: skip
    gates = reads.gates_now(viewer, one, today)
    is_draft = one.state in (ProgrammeState.DRAFT, ProgrammeState.SUBMITTED)
    if is_draft:  # nobody reports, so nobody is late
        gates = [replace(gate, is_past=False) for gate in gates]
    context = {
        "one": one,
        "name": named([one.unit_id], viewer.on).get(one.unit_id, ""),
        **(course := _course(one)),
        "years": present.years_words(one),
        "finding": present.finding_of(one, targets, gates, is_returned=bool(course["returned"])),
        "levels": present.levels_words(one),
        "is_whole": is_whole,
        "month": request.period,
        "structures": _structures(one, structure),
        "targets": present.target_rows(targets, today, request.period, is_draft=is_draft),
        "is_draft": is_draft,
        "tells": can(viewer, DRAFT)
        and one.state == ProgrammeState.RUNNING
        and reads.is_of_committee(viewer, one.unit_id),
        "gates": present.gate_rows(gates),
        "chosen": present.chosen_rows(reads.chosen_by_level(viewer, one)),
        "files": [
            (_(state.label), n, files_address(one, state))
            for state, n in reads.files_by_state(viewer, one)
        ],
        "measures": _measures(one, request),
        **_acts(request, one, today),
        "own": reads.own_choices(viewer, one) if can(viewer, APPEAL) else [],
        "may_appeal": can(viewer, APPEAL),
        "sees_selections": can(viewer, SEE_SELECTIONS),
    }
    return render(request, "programmes/programme.html", context)


def _course(one: Programme) -> dict[str, Any]:
    """Where a programme stands in words, with who sent it back or summed it up, and why."""
    returned = closed = None
    if one.state == ProgrammeState.DRAFT:
        returned = last_word(one, "programme.returned", unless="programme.submitted")
    elif one.state == ProgrammeState.CLOSED:
        closed = last_word(one, "programme.closed", unless="programme.reopened")
    return {
        "state": _("Được trả lại để sửa") if returned else present.state_words(one),
        "returned": present.event_words(returned),
        "closed": present.event_words(closed),
    }


def _structures(one: Programme, shown: Structure) -> list[tuple[str, str, bool]]:
    page = reverse("programme", args=[one.pk])
    return [
        (_(which.label), f"{page}?co-cau={name}#chi-tieu", which is shown)
        for which, name in STRUCTURES.items()
    ]


def _measures(one: Programme, request: ViewerRequest) -> list[tuple[str, str]]:
    """The measures of a programme in words, with how well each is known to help."""
    catalogue = load_rulebook().on(one.decided_on or request.viewer.on).of(MeasureCatalogue)
    found = [catalogue.measure(code) for code in one.measures]
    return [(_(each.text), _(each.tier.label)) for each in found if each is not None]


def _acts(request: ViewerRequest, one: Programme, today: dt.date) -> dict[str, Any]:
    """What this person may do now: first, after the ways to look, and out of the way. Each in words
    with its address and whether it is the main one."""
    viewer = request.viewer
    if not reads.is_of_committee(viewer, one.unit_id):
        return {}
    last = last_gate_day(one)
    ending = "last_acts" if last is None or last <= today else "more_acts"

    def act(name: str) -> str:
        return reverse("programme_act", args=[one.pk, name])

    first, more = "acts", "more_acts"
    found: list[tuple[str, str, str, bool, str, str]] = [
        (first, _("Sửa bản thảo"), reverse("programme_edit", args=[one.pk]), False, DRAFT, "draft"),
        (first, _("Sửa mốc"), reverse("programme_gates", args=[one.pk]), False, DRAFT, "draft"),
        (first, _("Trình duyệt"), act("trinh"), True, DRAFT, "draft"),
        (first, _("Duyệt đề án"), act("duyet"), True, APPROVE, "submitted"),
        (first, _("Trả lại"), act("tra-lai"), False, APPROVE, "submitted"),
        (ending, _("Tổng kết đề án"), act("tong-ket"), False, APPROVE, "running"),
        (more, _("Mở lại đề án"), act("mo-lai"), False, APPROVE, "closed"),
        (more, _("Xóa bản thảo"), act("xoa"), False, DRAFT, "draft"),
    ]
    state = ProgrammeState(one.state)
    shown: dict[str, Any] = {"acts": [], "last_acts": [], "more_acts": []}
    for place, words, href, is_main, permission, when in found:
        if can(viewer, permission) and state == when:
            shown[place].append((words, href, is_main))
    return shown


def context_of(one: Programme, request: ViewerRequest) -> dict[str, Any]:
    """What every page about a programme shows above its own part."""
    return {
        "one": one,
        "state": present.state_words(one),
        "is_own": reads.is_of_committee(request.viewer, one.unit_id),
    }
