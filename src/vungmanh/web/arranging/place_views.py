"""Places of an area: which have no organisation of their own, and who counts members there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError
from vungmanh.core.text import fold, number_vi, sort_key
from vungmanh.core.vocabulary import CELL_KINDS, Sector, UnitKind
from vungmanh.org.actions import places as acts
from vungmanh.org.models import Place, PlaceMembers, PlaceUnit
from vungmanh.org.places import (
    PLACE_SECTORS,
    PlaceSeen,
    names_of_units,
    place_visible,
    places_seen,
)
from vungmanh.org.queries import search_units, units_held, versions_visible
from vungmanh.org.reform.queries import DRAFT, VIEW
from vungmanh.web.access import answering, needs
from vungmanh.web.arranging.forms import EndPlaceForm, OwnUnitForm, PlaceForm, ReportForm
from vungmanh.web.members.forms import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

ON_A_PAGE = 40
MOST = 500
WITHOUT = "chua"
_CELLS = [kind.value for kind in CELL_KINDS]


@require_safe
@needs(VIEW)
def places(request: ViewerRequest) -> HttpResponse:
    """The places in sight with their organisation or without, and their members."""
    viewer, on = request.viewer, request.viewer.on
    sector, state = request.GET.get("la", ""), request.GET.get("to-chuc", "")
    above, words = uuid_of(request.GET.get("don-vi")), request.GET.get("q", "")[:200]
    every = places_seen(viewer, on)
    wanted = fold(words).split()
    shown = [
        one for one in every
        if sector in ("", one.place.sector) and (state != WITHOUT or one.own is None)
        and above in (None, one.under) and all(word in one.place.name_fold for word in wanted)
    ]  # fmt: skip
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("trang"))
    names = names_of_units({i for one in every for i in (one.under, one.own) if i})
    context = {
        "finding": _finding(len(every), sum(1 for one in every if one.own is None)),
        "rows": [_row(one, names) for one in page.object_list],
        "page": page,
        "has_any": bool(every),
        "sectors": [("", _("Mọi nơi")), *((s.value, _(s.label)) for s in PLACE_SECTORS)],
        "sector": sector,
        "states": [("", _("Có và chưa có")), (WITHOUT, _("Chưa có tổ chức riêng"))],
        "state": state,
        "committees": [("", _("Mọi đảng bộ")), *_of_places(every, names)],
        "above": str(above or ""),
        "words": words,
        "may_keep": can(viewer, DRAFT),
    }
    return render(request, "arranging/places.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def place_new(request: ViewerRequest) -> HttpResponse:
    """Add a village, an enterprise or a cooperative."""
    viewer = request.viewer
    form = PlaceForm(request.POST or None, committees=_committees(request))
    made: list[Place] = []
    if request.method == "POST" and form.is_valid() and tried(
        form,
        lambda: made.append(acts.add_place(**form.values(), by=viewer, at=timezone.now())),
    ):  # fmt: skip
        messages.success(request, _("Đã thêm. Nay báo số đảng viên chính thức ở đây."))
        return redirect("place", made[0].pk)
    with answering(request):
        status = 422 if request.method == "POST" else 200
        return render(request, "arranging/place_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def place(request: ViewerRequest, place_id: UUID) -> HttpResponse:
    """One place: its organisation, what is reported of it; report, take back, end."""
    viewer, act = request.viewer, request.POST.get("act", "")
    one = place_visible(viewer, place_id, viewer.on)
    [seen] = places_seen(viewer, viewer.on, [one])
    keeps = can(viewer, DRAFT) and _held(request, seen)
    given = _forms(request, seen, act) if keeps else {}
    if request.method == "POST":
        form = given.get(act)
        if form is None:
            raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
        if form.is_valid() and tried(form, lambda: _act(request, one, act, form)):
            messages.success(request, _("Đã ghi."))
            return redirect("place", one.pk)
    with answering(request):
        status = 422 if request.method == "POST" else 200
        context = _context(request, seen) | {"forms": given}
        return render(request, "arranging/place.html", context, status=status)


def _forms(request: ViewerRequest, seen: PlaceSeen, act: str) -> dict[str, forms.Form]:
    def said(name: str) -> Any:
        return request.POST if act == name else None

    cells, units = _below(request, seen, cells=True), _below(request, seen, cells=False)
    if seen.place.ended_on is not None:
        return {"reopen": ReasonForm(said("reopen"))}
    found: dict[str, forms.Form] = {
        "report": ReportForm(said("report"), units=cells),
        "take-back": ReasonForm(said("take-back")),
        "own": OwnUnitForm(said("own"), units=units),
        "forget": ReasonForm(said("forget")),
        "end": EndPlaceForm(said("end")),
    }
    return found


def _act(request: ViewerRequest, one: Place, act: str, form: forms.Form) -> Any:
    told: dict[str, Any] = {"by": request.viewer, "at": timezone.now()}
    said, place_id = form.cleaned_data, one.pk
    if act == "report":
        return acts.report_members(
            place_id=place_id, unit_id=_unit(request, said), official=said["official"],
            on=said["on"], **told,
        )  # fmt: skip
    if act == "take-back":
        number = request.POST.get("report", "")
        report = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
        return acts.take_back_report(report_id=report, reason=said["reason"], **told)
    if act == "own":
        return acts.name_own_unit(place_id=place_id, unit_id=_unit(request, said), **told)
    if act == "forget":
        unit = uuid_of(request.POST.get("unit")) or place_id
        return acts.forget_own_unit(
            place_id=place_id, unit_id=unit, reason=said["reason"], **told
        )  # fmt: skip
    if act == "reopen":
        return acts.reopen_place(place_id=place_id, reason=said["reason"], **told)
    return acts.end_place(place_id=place_id, **said, **told)


def _unit(request: ViewerRequest, said: dict[str, Any]) -> UUID:
    """The unit chosen, or the one that the words name. Raises InputError."""
    chosen = uuid_of(said["unit"])
    if chosen is not None:
        return chosen
    found = search_units(request.viewer, said["other"], request.viewer.on, limit=3)
    exact = [one for one in found if said["other"].strip() in (one.name, one.official_code)]
    found = exact or found
    if len(found) != 1:
        text = _("Có nhiều tổ chức như thế: ghi mã, hoặc tên đầy đủ.") if found else _(
            "Không có tổ chức nào như thế trong phạm vi của đồng chí."
        )  # fmt: skip
        raise InputError(text, field="other", code="not-one")
    return found[0].unit_id


def _held(request: ViewerRequest, seen: PlaceSeen) -> bool:
    held = units_held(request.viewer, request.viewer.on)
    return seen.under is not None and held.filter(descendant_id=seen.under).exists()


def _below(request: ViewerRequest, seen: PlaceSeen, *, cells: bool) -> list[tuple[str, str]]:
    """Units below the committee of a place, in Vietnamese order."""
    viewer = request.viewer
    rows = versions_visible(viewer, viewer.on).filter(
        unit__above__ancestor_id=seen.under, unit__above__depth__gt=0,
        unit__above__valid__contains=viewer.on,
    )  # fmt: skip
    if cells:
        rows = rows.filter(kind__in=_CELLS)
    return [(str(one.unit_id), one.name) for one in rows[:MOST]]


def _committees(request: ViewerRequest) -> list[tuple[str, str]]:
    rows = versions_visible(request.viewer, request.viewer.on).exclude(kind__in=_CELLS)
    rows = rows.exclude(kind=UnitKind.DANG_BO_TINH)
    return [(str(one.unit_id), one.name) for one in rows[:MOST]]


def _of_places(every: list[PlaceSeen], names: dict[UUID, str]) -> list[tuple[str, str]]:
    """The committees of the places, in Vietnamese order."""
    ids = {one.under for one in every if one.under in names}
    pairs = [(str(unit), names[unit]) for unit in ids if unit is not None]
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))


def _finding(every: int, without: int) -> str:
    if not every:
        return _("Chưa ghi thôn, doanh nghiệp, hợp tác xã nào.")
    words = {"n": number_vi(every), "without": number_vi(without)}
    return _("%(n)s nơi đã ghi, %(without)s nơi chưa có tổ chức đảng riêng.") % words


def _row(one: PlaceSeen, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "one": one,
        "sector": _(Sector(one.place.sector).label),
        "under": names.get(one.under, "") if one.under else "",
        "own": names.get(one.own, "") if one.own else "",
    }


def _context(request: ViewerRequest, seen: PlaceSeen) -> dict[str, Any]:
    reports = PlaceMembers.objects.filter(place=seen.place).select_related("by")
    own = list(PlaceUnit.objects.filter(place=seen.place).order_by("-pk"))
    ids = {one.unit_id for one in (*reports, *own)} | {i for i in (seen.under, seen.own) if i}
    names = names_of_units(ids)
    living = {one.unit for one in seen.reports}
    held = set(
        units_held(request.viewer, request.viewer.on)
        .filter(descendant_id__in=ids)
        .values_list("descendant_id", flat=True)
    )
    return {
        "row": _row(seen, names),
        "place": seen.place,
        "seen": seen,
        "reports": [
            (one, names.get(one.unit_id, ""), one.unit_id in living, one.unit_id in held)
            for one in reports
        ],
        "own_units": [(one, names.get(one.unit_id, "")) for one in own],
    }
