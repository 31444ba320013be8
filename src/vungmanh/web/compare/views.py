"""Two pictures beside the list of *Nhận diện*: the funnel of a like kind, and two periods."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months, month_label, month_slug, parse_month
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.core.vocabulary import Sector
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.strengthening.queries import Grain, Wanted, listed, run_of
from vungmanh.web.access import needs
from vungmanh.web.compare.funnel import NARROW, Drawing, Unit, draw
from vungmanh.web.compare.periods import BETTER, CHANCE, WORSE, Move, moves
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.spotting.filters import GRAINS
from vungmanh.web.spotting.views import noun

PER_PAGE = 50
HELD, REPORTED = "hop", "bao-cao"


def _grain(request: ViewerRequest, run: AssessmentRun) -> Grain:
    """The grain asked for; organisations where the viewer sees any."""
    asked = GRAINS.get(request.GET.get("cap", ""))
    if asked is not None:
        return asked
    seen = listed(request.viewer, run, Grain.ORGANISATIONS).exists()
    return Grain.ORGANISATIONS if seen else Grain.CELLS


# --- the funnel ----------------------------------------------------------------------------------


@require_safe
@needs("strengthening.assessment.list")
def funnel(request: ViewerRequest) -> HttpResponse:
    """Shares of one like kind against their denominators, with the limits of chance."""
    run = run_of(request.period)
    if run is None:
        return render(request, "spotting/empty.html")
    grain = _grain(request, run)
    measure = REPORTED if request.GET.get("so") == REPORTED else HELD
    counts = Counter(listed(request.viewer, run, grain).order_by().values_list("sector", flat=True))
    asked = request.GET.get("loai", "")
    sector = (
        asked if asked in counts else max(counts, key=lambda one: (counts[one], one), default="")
    )
    units = _units(request.viewer, run, grain, sector, measure) if sector else []
    drawing = draw(units)
    page = Paginator(drawing.below if drawing else [], PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "run": run,
        "grain": next(code for code, one in GRAINS.items() if one is grain),
        "measure": measure,
        "sector": sector,
        "sectors": [(one, _(Sector(one).label)) for one in sorted(counts)],
        "measures": [(HELD, _("Họp đủ kỳ")), (REPORTED, _("Đầy đủ báo cáo"))],
        "drawing": drawing,
        "narrow": draw(units, NARROW),
        "page": page,
        "target": percent_vi(drawing.target) if drawing else "",
        "finding": _funnel_finding(drawing, grain, sector, measure),
        "figure": "day-du-bao-cao" if measure == REPORTED else "hop-du-ky",
        "month": request.period,
    }
    return render(request, "compare/funnel.html", context)


def _units(
    viewer: Viewer, run: AssessmentRun, grain: Grain, sector: str, measure: str
) -> list[Unit]:
    found = listed(viewer, run, grain, Wanted(sector=sector))
    rows = found.values_list("unit_id", "name", "held", "not_held", "due")
    if measure == REPORTED:
        return [Unit(unit, name, held + missed, due) for unit, name, held, missed, due in rows]
    return [Unit(unit, name, held, held + missed) for unit, name, held, missed, _due in rows]


def _funnel_finding(drawing: Drawing | None, grain: Grain, sector: str, measure: str) -> str:
    if drawing is None:
        return _("Chưa có gì để vẽ: không có %(noun)s nào có số liệu ở kỳ này.") % {
            "noun": noun(grain)
        }
    said = {
        "far": number_vi(drawing.count(-2)),
        "all": number_vi(drawing.units),
        "noun": noun(grain),
        "kind": _(Sector(sector).label).lower(),
        "target": percent_vi(drawing.target),
        "chance": drawing.by_chance,
    }
    if measure == REPORTED:
        return (
            _(
                "%(far)s trong %(all)s %(noun)s loại %(kind)s báo cáo thiếu hơn hẳn mức chung"
                " %(target)s; may rủi thôi thì chừng %(chance)s nơi."
            )
            % said
        )
    return (
        _(
            "%(far)s trong %(all)s %(noun)s loại %(kind)s họp ít hơn hẳn mức chung %(target)s;"
            " may rủi thôi thì chừng %(chance)s nơi."
        )
        % said
    )


# --- two periods ---------------------------------------------------------------------------------


@require_safe
@needs("strengthening.assessment.list")
def compare(request: ViewerRequest) -> HttpResponse:
    """What moved between two periods, and whether by more than chance."""
    run, earlier = run_of(request.period), _earlier(request)
    before = run_of(earlier)
    if run is None:
        return render(request, "spotting/empty.html")
    grain = _grain(request, run)
    found: list[Move] = []
    if before is not None:
        now, was = (
            listed(request.viewer, one, grain).defer("reasons", "name_key") for one in (run, before)
        )
        found = moves(now, was, earlier, run.month)
    counts = Counter(move.kind for move in found)
    kind = request.GET.get("huong", "")
    kind = kind if kind in {WORSE, BETTER, CHANCE} else WORSE
    chosen = [move for move in found if move.kind == kind]
    if kind == BETTER:
        chosen.reverse()
    context: dict[str, Any] = {
        "run": run,
        "before": before,
        "earlier": earlier,
        "earlier_slug": month_slug(earlier),
        "grain": next(code for code, one in GRAINS.items() if one is grain),
        "kind": kind,
        "options": [one for one in request.period_options if one[0] < month_slug(request.period)],
        "tabs": _tabs(request, counts, kind),
        "page": Paginator(chosen, PER_PAGE).get_page(request.GET.get("trang")),
        "broken": sum(move.is_broken for move in found),
        "finding": _compare_finding(counts, grain, earlier, has_before=before is not None),
        "by_chance": number_vi(round(0.05 * len(found))),
        "noun": noun(grain),
        "overlaps": add_months(earlier, 12) > request.period,
    }
    return render(request, "compare/periods.html", context)


def _earlier(request: ViewerRequest) -> dt.date:
    """The period to compare with: a year before unless ?voi= names another that lies before."""
    asked = request.GET.get("voi", "")
    try:
        month = parse_month(asked) if asked else add_months(request.period, -12)
    except (InputError, ValueError):
        month = add_months(request.period, -12)
    return month if month < request.period else add_months(request.period, -12)


def _tabs(request: ViewerRequest, counts: Counter[str], kind: str) -> list[tuple[str, str, bool]]:
    labels = {
        WORSE: _("Kém đi hơn dao động thường"),
        BETTER: _("Khá lên hơn dao động thường"),
        CHANCE: _("Chưa hơn dao động thường"),
    }
    tabs = []
    for code, label in labels.items():
        query = request.GET.copy()
        query.pop("trang", None)
        query["huong"] = code
        words = f"{label} ({number_vi(counts[code])})"
        tabs.append((words, f"?{query.urlencode()}", code == kind))
    return tabs


def _compare_finding(
    counts: Counter[str], grain: Grain, earlier: dt.date, *, has_before: bool
) -> str:
    said = {
        "month": month_label(earlier),
        "noun": noun(grain),
        "worse": number_vi(counts[WORSE]),
        "better": number_vi(counts[BETTER]),
        "chance": number_vi(counts[CHANCE]),
    }
    if not has_before:
        return _("Kỳ %(month)s chưa có đánh giá, nên chưa so được. Chọn kỳ khác.") % said
    return (
        _(
            "So với kỳ %(month)s: %(worse)s %(noun)s kém đi và %(better)s khá lên hơn dao động"
            " thường; %(chance)s nơi chưa hơn."
        )
        % said
    )
