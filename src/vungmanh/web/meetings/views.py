"""*Sinh hoạt*: the first page of meetings, another for each role."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.queue import MEETINGS, Below, Pile, pile_of, standing_below
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import cells_visible, versions_visible
from vungmanh.web.access import needs
from vungmanh.web.meetings import home
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50
#: How far back a missing month is still asked for.
MISSING_MONTHS = 12
YEARS_OFFERED = 3


@require_safe
@needs("meetings.meeting.view", ahead=True)
def meetings(request: ViewerRequest) -> HttpResponse:
    """What this role must do about meetings, first."""
    match request.viewer.role:
        case Role.CELL_SECRETARY:
            return _cell(request)
        case Role.COMMITTEE_OFFICE:
            return _office(request)
        case Role.OVERSEER:
            return _overseer(request)
    return _analyst(request)


def _cell(request: ViewerRequest) -> HttpResponse:
    """The year of the secretary's cell and the one thing to do now."""
    today = request.viewer.on
    cells = list(cells_visible(request.viewer, today)[:ON_A_PAGE])
    cell = next((one for one in cells if str(one.unit_id) == request.GET.get("chi-bo")), None)
    cell = cell or next(iter(cells), None)
    if cell is None:
        return render(request, "meetings/home_none.html")
    year = _year(request, today)
    rows = home.year_of_cell(cell.unit_id, cell.name, year, today)
    todo = home.todo_of(cell.unit_id, today)
    context = {
        "cell": cell,
        "cells": cells if len(cells) > 1 else [],
        "finding": home.finding_of_cell(cell.name, todo),
        "todo": todo,
        "rows": rows,
        "strip": [home.strip_of(rows, year, today)] if rows else [],
        "years": _years(today, year, {"chi-bo": str(cell.unit_id)}),
        "year": year,
        "this_month": month_of(today),
    }
    return render(request, "meetings/home_cell.html", context)


def _year(request: ViewerRequest, today: dt.date) -> int:
    asked = request.GET.get("nam", "")
    known = {str(year): year for year in range(today.year - YEARS_OFFERED, today.year + 1)}
    return known.get(asked, today.year)


def _years(today: dt.date, shown: int, keep: dict[str, str]) -> list[tuple[str, str, bool]]:
    years = range(today.year, today.year - YEARS_OFFERED - 1, -1)
    return [(str(one), f"?{urlencode(keep | {'nam': one})}", one == shown) for one in years]


def _office(request: ViewerRequest) -> HttpResponse:
    """The piles of an office: what waits for confirmation first."""
    viewer, today = request.viewer, request.viewer.on
    text = " ".join(request.GET.get("q", "")[:120].split())
    kind = request.GET.get("loai", "")
    kind = kind if kind in MEETINGS else ""
    first = add_months(month_of(today), -MISSING_MONTHS)
    told = {"first": first, "text": text, "kind": kind}
    piles = {pile: pile_of(viewer, pile, today, **told) for pile in Pile}
    counts = {pile: found.count() for pile, found in piles.items()}
    asked = request.GET.get("xem", "")
    pile = Pile(asked) if asked in set(Pile) else _first_with_work(counts)
    page = Paginator(piles[pile], ON_A_PAGE).get_page(request.GET.get("trang"))
    keep = {name: value for name, value in (("q", text), ("loai", kind)) if value}
    context = {
        "finding": _office_finding(counts),
        "pile": pile,
        "tabs": _tabs(counts, pile, keep),
        "page": page,
        "rows": [_pile_row(one) for one in page.object_list],
        "text": text,
        "kind": kind,
        "kinds": [("", _("Mọi loại")), *((one, str(home.kind_words(one))) for one in MEETINGS)],
    }
    return render(request, "meetings/home_office.html", context)


def _tabs(counts: dict[Pile, int], shown: Pile, keep: dict[str, str]
          ) -> list[tuple[str, str, bool]]:  # fmt: skip
    """(words, address, is current) of each pile."""
    return [
        (
            f"{_(one.label)} {number_vi(counts[one])}",
            f"?{urlencode({'xem': one.value, **keep})}",
            one is shown,
        )
        for one in Pile
    ]


def _first_with_work(counts: dict[Pile, int]) -> Pile:
    return next((pile for pile in Pile if counts[pile]), Pile.WAITING)


def _office_finding(counts: dict[Pile, int]) -> str:
    told = {
        "waiting": number_vi(counts[Pile.WAITING]),
        "missing": number_vi(counts[Pile.MISSING]),
    }
    if counts[Pile.WAITING] or counts[Pile.MISSING]:
        return _("%(waiting)s bản ghi chờ xác nhận; %(missing)s kỳ quá hạn chưa nộp.") % told
    return _("Không còn bản ghi nào chờ xác nhận, không kỳ nào quá hạn chưa nộp.")


@dataclass(frozen=True)
class PileRow:
    """One month in a pile."""

    name: str
    href: str
    label: str
    kind: str
    due_by: dt.date | None
    changed_at: dt.datetime | None


def _pile_row(one: Any) -> PileRow:
    return PileRow(
        one.name or "",
        home.href_of(one.unit_id, one.kind, one.month),
        home.month_of_kind(home.ObligationKind(one.kind), one.month),
        home.kind_words(one.kind),
        getattr(one, "due_by", None),
        timezone.localtime(one.changed_at) if hasattr(one, "changed_at") else None,
    )


def _overseer(request: ViewerRequest) -> HttpResponse:
    """The cells in charge: which meeting to attend, which to score."""
    today = request.viewer.on
    cells = list(cells_visible(request.viewer, today)[:ON_A_PAGE])
    found = home.charges(request.viewer, cells, today)
    context = {"finding": home.finding_of_charges(found), "charges": found}
    return render(request, "meetings/home_overseer.html", context)


@dataclass(frozen=True)
class StandingRow:
    """One unit directly below with how its months stand."""

    version: UnitVersion
    told: Below


def _analyst(request: ViewerRequest) -> HttpResponse:
    """How the months of the period stand, by the units directly below."""
    viewer, as_of, month = request.viewer, request.as_of, request.period
    told = standing_below(viewer, viewer.unit_id, as_of, month, month) if viewer.unit_id else {}
    names = versions_visible(viewer, as_of).filter(unit_id__in=told)
    rows = [StandingRow(one, told[one.unit_id]) for one in names.order_by("name_key", "unit_id")]
    rows.sort(key=lambda row: -row.told.missing)
    context = {
        "finding": home.finding_of_standing(rows, month),
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang")),
        "month": month,
    }
    return render(request, "meetings/home_analyst.html", context)
