"""Tổ chức: the visible units level by level, and the search by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.core.vocabulary import Sector
from vungmanh.org.listing import (
    Size,
    areas_and_sectors,
    names_above,
    path_visible,
    sizes_of,
    tops_visible,
    units_at,
)
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import search_units, visible_unit
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.units.rows import unit_rows

ON_A_PAGE = 50
SUGGESTIONS = 8
MOST_RESULTS = 100


@require_safe
@needs("org.unit.list")
def units(request: ViewerRequest, unit_id: UUID | None = None) -> HttpResponse:
    """What lies below a unit; without one, below the viewer's own, or the units in their charge."""
    viewer, as_of = request.viewer, request.as_of
    top = visible_unit(viewer, unit_id, as_of) if unit_id else _only_top(request)
    every_level = top is not None and request.GET.get("cap") == "moi-cap"
    found = (
        units_at(viewer, top.unit_id, as_of, every_level=every_level)
        if top
        else tops_visible(viewer, as_of)
    )
    filters = _filters(request, found)
    page = Paginator(_filtered(found, filters), ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "top": top,
        "path": path_visible(viewer, top.unit_id, as_of) if top else [],
        "size": sizes_of(viewer, [top.unit_id], as_of)[top.unit_id] if top else Size(),
        "direct": units_at(viewer, top.unit_id, as_of, every_level=False).count() if top else 0,
        "levels": _levels(every_level, filters),
        "every_level": every_level,
        "page": page,
        "rows": unit_rows(request, list(page.object_list)),
        **filters,
    }
    return render(request, "units/units.html", context)


def _only_top(request: ViewerRequest) -> UnitVersion | None:
    """The viewer's own unit when all they see hangs below it; else their units are listed."""
    tops = list(tops_visible(request.viewer, request.as_of)[:2])
    if len(tops) != 1:
        return None
    below = units_at(request.viewer, tops[0].unit_id, request.as_of, every_level=False)
    return tops[0] if below.exists() else None


def _filters(request: ViewerRequest, found: QuerySet[UnitVersion]) -> dict[str, Any]:
    """The drop-downs offer only what occurs; a value that does not occur counts as none."""
    areas, sectors = areas_and_sectors(found)
    area, sector = request.GET.get("dia-ban", ""), request.GET.get("loai", "")
    every_area, every_sector = _("Mọi địa bàn"), _("Mọi loại đơn vị")
    return {
        "area": area if area in areas else "",
        "sector": sector if sector in sectors else "",
        "areas": [("", every_area), *((one, one) for one in areas)],
        "sectors": [("", every_sector), *((one, _(Sector(one).label)) for one in sectors)],
    }


def _filtered(found: QuerySet[UnitVersion], filters: dict[str, Any]) -> QuerySet[UnitVersion]:
    if filters["area"]:
        found = found.filter(area=filters["area"])
    if filters["sector"]:
        found = found.filter(sector=filters["sector"])
    return found.order_by("name_key", "unit_id")


def _levels(every_level: bool, filters: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The two tabs; the filters stay."""
    kept = {"dia-ban": filters["area"], "loai": filters["sector"]}
    kept = {name: value for name, value in kept.items() if value}
    return [
        (_("Cấp dưới trực tiếp"), f"?{urlencode(kept)}", not every_level),
        (_("Mọi cấp bên dưới"), f"?{urlencode({'cap': 'moi-cap', **kept})}", every_level),
    ]


@require_safe
@needs("org.unit.list")
def search(request: ViewerRequest) -> HttpResponse:
    """Units by name or code, with or without diacritics. The search box asks for suggestions."""
    query = " ".join(request.GET.get("q", "")[:200].split())
    if request.htmx:
        return _suggestions(request, query)
    found = search_units(request.viewer, query, request.as_of, limit=MOST_RESULTS + 1)
    shown = found[:MOST_RESULTS]
    context = {
        "query": query,
        "rows": unit_rows(request, shown),
        "count": len(shown),
        "more": len(found) > MOST_RESULTS,
    }
    return render(request, "units/search.html", context)


def _suggestions(request: ViewerRequest, query: str) -> HttpResponse:
    found = search_units(request.viewer, query, request.as_of, limit=SUGGESTIONS)
    above = names_above([one.unit_id for one in found], request.as_of)
    suggestions = [
        {
            "name": one.name,
            "place": above.get(one.unit_id, ""),
            "url": reverse("unit", args=[one.unit_id]),
        }
        for one in found
    ]
    context = {
        "suggestions": suggestions,
        "query": query,
        "all_url": f"{reverse('search')}?{urlencode({'q': query})}",
    }
    return render(request, "components/suggestions.html", context)
