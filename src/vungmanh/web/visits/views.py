"""Đi cơ sở: whom one oversees and how often one was there; a committee's overseers by name."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.visits import listed_visits, sitting_of, visit_visible, writes_visit
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.overseeing import overseers_visible, years_of_overseers
from vungmanh.web.access import needs
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.visits import present

VIEW, RECORD = "meetings.visit.view", "meetings.visit.record"
ON_A_PAGE, YEARS = 30, 3


@require_safe
@needs(VIEW)
def visits(request: ViewerRequest) -> HttpResponse:
    """Three pages by who looks: an overseer's own year, a committee's overseers, a cell's visits.

    `nguoi` shows one overseer of a committee, `nam` another year.
    """
    viewer, today = request.viewer, timezone.localdate()
    if viewer.role is Role.CELL_SECRETARY and viewer.unit_id is not None:
        return redirect("unit_visits", viewer.unit_id)
    year = _year(request, today)
    on = min(today, dt.date(year, 12, 31))
    asked = uuid_of(request.GET.get("nguoi"))
    if viewer.role is Role.OVERSEER:
        return _one_overseer(request, (viewer.user.pk, str(viewer.user)), year, on)
    people = overseers_visible(viewer, on)
    if asked is not None:
        found = next((one for one in people if one[0] == asked), None)
        if found is None:
            raise NotFound("Không tìm thấy người phụ trách này trong phạm vi của đồng chí.")
        return _one_overseer(request, found, year, on)
    page = Paginator(people, ON_A_PAGE).get_page(request.GET.get("trang"))
    done = listed_visits(viewer, today, year=year).order_by().count()
    context = {
        "finding": present.finding_of_committee(len(people), done, year),
        "page": page,
        "rows": years_of_overseers(viewer, page.object_list, year, on),
        "may_plan": can(viewer, "strengthening.oversight.view"),
        **_frame(year, today, on),
    }
    return render(request, "visits/committee.html", context)


def _one_overseer(
    request: ViewerRequest, person: tuple[UUID, str], year: int, on: dt.date
) -> HttpResponse:
    viewer, today = request.viewer, timezone.localdate()
    [one] = years_of_overseers(viewer, [person], year, on)
    listed = listed_visits(viewer, today, year=year, overseer_id=one.user_id)
    own = viewer.role is Role.OVERSEER
    context = {
        "finding": present.finding_of_year(one, year, own=own),
        "one": one,
        "own": own,
        "page": Paginator(listed, ON_A_PAGE).get_page(request.GET.get("trang")),
        "may_record": can(viewer, RECORD) and year == today.year,
        **_frame(year, today, on, "" if own else f"&nguoi={one.user_id}"),
    }
    return render(request, "visits/overseer.html", context)


def _frame(year: int, today: dt.date, on: dt.date, keep: str = "") -> dict[str, Any]:
    """The years to choose from, and the rule of the quota."""
    years = range(today.year, today.year - YEARS, -1)
    return {
        "year": year,
        "tabs": [
            (_("Năm %(year)s") % {"year": one}, f"?nam={one}{keep}", one == year) for one in years
        ],
        "rule": present.quota_rule(on),
    }


def _year(request: ViewerRequest, today: dt.date) -> int:
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else today.year
    return year if 1945 <= year <= today.year else today.year


@require_safe
@needs(VIEW)
def unit_visits(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Every visit to one unit, the latest first."""
    viewer, today = request.viewer, timezone.localdate()
    version = visible_unit(viewer, unit_id, today)
    found = listed_visits(viewer, today, unit_id=unit_id)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    last = page.object_list[0] if page.number == 1 and page.object_list else found.first()
    context = {
        "finding": present.finding_of_unit(version.name, page.paginator.count, last),
        "version": version,
        "page": page,
        "may_record": can(viewer, RECORD),
    }
    return render(request, "visits/unit.html", context)


@require_safe
@needs(VIEW)
def visit(request: ViewerRequest, visit_id: UUID) -> HttpResponse:
    """One visit: attended, found, agreed, put right; its tasks, and what was changed."""
    viewer, today = request.viewer, timezone.localdate()
    one = visit_visible(viewer, visit_id, today)
    stands = one.withdrawn_at is None
    writes = can(viewer, RECORD) and writes_visit(viewer, one.unit_id, one.overseer_id) and stands
    context = {
        "one": one,
        "name": unit_names({one.unit_id}).get(one.unit_id, ""),
        "notes": present.note_rows(one),
        "sitting": sitting_of(one) if can(viewer, "meetings.meeting.view") else None,
        "tasks": one.tasks.all(),
        "changes": present.change_rows(one.changes.select_related("by").order_by("-revision")),
        "writes": writes,
    }
    return render(request, "visits/visit.html", context)
