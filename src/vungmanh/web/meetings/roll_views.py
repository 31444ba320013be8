"""The list of a cell for the roll call, and the switch that lets a committee work with names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vungmanh.access.permissions import can
from vungmanh.cadre.people import course_days
from vungmanh.core.errors import NotFound
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.meetings.actions.roll import (
    KEEP,
    MANAGE,
    add_member,
    change_member,
    end_member,
    erase_member,
    switch_names_off,
    switch_names_on,
)
from vungmanh.meetings.roll import (
    RollEntry,
    roll_of,
    rolls_of,
    switch_above,
    switches_visible,
)
from vungmanh.org.actions.people import KEEP as KEEP_PERSON
from vungmanh.org.actions.people import undo_last_change
from vungmanh.org.models import NamesSwitch, UnitVersion
from vungmanh.org.queries import members_of, units_below, visible_unit
from vungmanh.web.access import answering, needs
from vungmanh.web.meetings.roll_forms import ChangeForm, EndForm, MemberForm, OffForm, SwitchForm
from vungmanh.web.members.forms import tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

CELLS_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def roll(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The list of a cell, and of a committee the lists below it."""
    viewer, today = request.viewer, request.viewer.on
    version = visible_unit(viewer, unit_id, today)
    form = MemberForm(request.POST or None, initial={"from_day": today, "status": "official"})
    if request.method == "POST" and form.is_valid() and tried(form, lambda: add_member(
        unit_id=unit_id, by=viewer, at=timezone.now(), **form.values()
    )):  # fmt: skip
        messages.success(request, _("Đã thêm vào danh sách."))
        return redirect("roll", unit_id)
    with answering(request):
        context = _roll_context(request, version) | {"form": form}
        status = 422 if request.method == "POST" else 200
        return render(request, "meetings/roll.html", context, status=status)


def _roll_context(request: ViewerRequest, version: UnitVersion) -> dict[str, Any]:
    viewer, today = request.viewer, request.viewer.on
    is_cell = UnitKind(version.kind) in CELL_KINDS
    switch = switch_above(version.unit_id, today)
    people = roll_of(version.unit_id, today) if is_cell else []
    cells = [] if is_cell else list(units_below(viewer, version.unit_id, today)[:CELLS_SHOWN])
    rolls = rolls_of([cell.unit_id for cell in cells], today)
    members = members_of(version.unit_id, today)
    return {
        "version": version,
        "is_cell": is_cell,
        "switch": switch,
        "finding": _finding(version, switch, people, is_cell=is_cell),
        "people": people,
        "differences": _differences(people, members) if switch else [],
        "cells": [(cell, len(rolls[cell.unit_id]) if cell.unit_id in rolls else None)
                  for cell in cells],
        "may_manage": can(viewer, MANAGE),
    }  # fmt: skip


def _finding(
    version: UnitVersion, switch: NamesSwitch | None, people: list[RollEntry], *, is_cell: bool
) -> str:
    if switch is None:
        return _("%(unit)s điểm danh theo số, không ghi tên.") % {"unit": version.name}
    if not is_cell:
        return _("Các chi bộ thuộc %(unit)s điểm danh theo tên.") % {"unit": version.name}
    return _("Danh sách điểm danh của %(unit)s có %(n)s người.") % {
        "unit": version.name, "n": number_vi(len(people)),
    }  # fmt: skip


def _differences(
    people: list[RollEntry], members: dict[MembershipStatus, int]
) -> list[tuple[str, int, int]]:
    """Where the list and the register count differently: (standing, on the list, registered)."""
    found = []
    for status in MembershipStatus:
        listed = sum(one.status is status for one in people)
        if status in members and members[status] != listed:
            found.append((_(status.label), listed, members[status]))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@needs(KEEP)
def roll_member(request: ViewerRequest, unit_id: UUID, member_id: UUID) -> HttpResponse:
    """One member of the list: another name or standing, off the list, erased; what was recorded
    last taken back, as after a name added by mistake."""
    viewer, today = request.viewer, request.viewer.on
    version = visible_unit(viewer, unit_id, today)
    one = next((one for one in roll_of(unit_id, today) if one.id == member_id), None)
    if one is None:
        raise NotFound(_("Không tìm thấy người này trong danh sách."))
    act = request.POST.get("act", "")
    change = ChangeForm(
        request.POST if act == "change" else None,
        initial={"name": one.name, "status": one.status.value, "from_day": today},
    )
    end = EndForm(request.POST if act == "end" else None, today=today)
    erase = ReasonForm(request.POST if act == "erase" else None)
    back = ReasonForm(request.POST if act == "back" else None)
    told = {"member": member_id, "by": viewer, "at": timezone.now()}
    done = {
        "change": lambda: change_member(**change.values(), **told),
        "end": lambda: end_member(
            **end.values(), also_came=course_days(member_id, end.cleaned_data["on"]), **told
        ),
        "erase": lambda: erase_member(reason=erase.cleaned_data["reason"], **told),
        "back": lambda: undo_last_change(
            person=member_id, reason=back.cleaned_data["reason"], by=viewer, at=timezone.now()
        ),
    }
    form = {"change": change, "end": end, "erase": erase, "back": back}.get(act)
    if form is not None and form.is_valid() and tried(form, done[act]):
        messages.success(request, _done(act))
        return redirect("roll", unit_id)
    forms_ = {
        "change": change, "end": end, "erase": erase if can(viewer, MANAGE) else None,
        "back": back if can(viewer, KEEP_PERSON) else None,
    }  # fmt: skip
    with answering(request):
        context = {"version": version, "one": one, "act": act, **forms_}
        status = 422 if request.method == "POST" else 200
        return render(request, "meetings/roll_member.html", context, status=status)


def _done(act: str) -> str:
    if act == "back":
        return _("Đã rút; danh sách và số đảng viên như trước.")
    return _("Đã xóa tên.") if act == "erase" else _("Đã ghi; danh sách đổi từ ngày ấy.")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(MANAGE)
def names_switches(request: ViewerRequest) -> HttpResponse:
    """Where names are on, since when, by which document; and switching them on for one's own."""
    viewer = request.viewer
    form = SwitchForm(request.POST or None, initial={"from_day": viewer.on})
    unit_id = viewer.unit_id
    if request.method == "POST" and unit_id and form.is_valid() and tried(
        form,
        lambda: switch_names_on(
            unit_id=unit_id, by=viewer, at=timezone.now(), **form.cleaned_data
        ),
    ):  # fmt: skip
        messages.success(request, _("Đã bật. Mở từng chi bộ để lập danh sách."))
        return redirect("roll", unit_id)
    return _switches_page(request, form, OffForm())


@require_POST
@needs(MANAGE)
def names_switch_off(request: ViewerRequest, switch_id: int) -> HttpResponse:
    """Go back to counts, with a reason."""
    form = OffForm(request.POST)
    if form.is_valid() and tried(
        form,
        lambda: switch_names_off(
            switch_id=switch_id, by=request.viewer, at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Đã tắt. Từ nay ghi theo số."))
        return redirect("names_switches")
    return _switches_page(request, SwitchForm(initial={"from_day": request.viewer.on}), form)


def _switches_page(request: ViewerRequest, form: SwitchForm, off: OffForm) -> HttpResponse:
    viewer = request.viewer
    with answering(request):
        switches = list(switches_visible(viewer, viewer.on))
        context = {
            "form": form,
            "off": off,
            "switches": switches,
            "names": _names(viewer, switches),
            "is_on": any(
                one.ended_on is None and one.unit_id == viewer.unit_id for one in switches
            ),
            "unit_id": viewer.unit_id,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "meetings/names_switches.html", context, status=status)


def _names(viewer: Any, switches: list[NamesSwitch]) -> dict[UUID, str]:
    return {one.unit_id: visible_unit(viewer, one.unit_id, viewer.on).name for one in switches}
