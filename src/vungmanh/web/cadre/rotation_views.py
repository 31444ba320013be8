"""Rotations: the list, one with both its units, a new decision, its end, taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.cadre.actions.rotations import (
    RECORD,
    cancel_rotation,
    decide_rotation,
    end_rotation,
    judge_wish,
    take_back_end_of_rotation,
)
from vungmanh.cadre.models import Rotation
from vungmanh.cadre.posts import posts_of_unit
from vungmanh.cadre.rotations import left_post, rotation_visible, rotations_visible
from vungmanh.core.errors import InputError
from vungmanh.core.people_words import RotationState
from vungmanh.core.text import number_vi
from vungmanh.org.models import Appointment
from vungmanh.org.queries import search_units, visible_unit
from vungmanh.rulebook.people.findings import PeopleFinding
from vungmanh.strengthening.rotations import sides_of
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre import present
from vungmanh.web.cadre.asking import exceptions_in, rows_of, status_of, tried
from vungmanh.web.cadre.forms import RotationEndForm, RotationForm
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

VIEW = "cadre.rotation.view"
ON_A_PAGE, FOUND = 50, 12
OPEN = ("decided", "away")


@require_safe
@needs(VIEW, ahead=True)
def rotations(request: ViewerRequest) -> HttpResponse:
    """Rotations in sight, the latest first; `tt=dang` those that go on."""
    viewer, today = request.viewer, timezone.localdate()
    state = request.GET.get("tt", "")
    found = rotations_visible(viewer, today)
    going = found.filter(state__in=OPEN).count()
    if state == "dang":
        found = found.filter(state__in=OPEN)
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    names = _names(page.object_list)
    context = {
        "finding": _("%s quyết định luân chuyển đang thực hiện.") % number_vi(going)
        if going
        else _("Không có quyết định luân chuyển nào đang thực hiện."),
        "rows": [present.rotation_row(one, names, today) for one in page.object_list],
        "page": page,
        "states": [("", _("Tất cả")), ("dang", _("Đang thực hiện"))],
        "state": state,
    }
    return render(request, "cadre/rotations.html", context)


@require_safe
@needs(VIEW, ahead=True)
def rotation(request: ViewerRequest, rotation_id: UUID) -> HttpResponse:
    """One rotation: who, from where to where, why, and both units at start and end."""
    viewer, today = request.viewer, timezone.localdate()
    one = rotation_visible(viewer, rotation_id, today)
    names = _names([one])
    context = {
        "row": present.rotation_row(one, names, today),
        "one": one,
        "sides": [present.side(side) for side in sides_of(one, names, today)],
        "may_record": can(viewer, RECORD),
        "is_open": one.state in OPEN,
        "is_ended": one.state in {RotationState.RETURNED, RotationState.STAYED},
    }
    return render(request, "cadre/rotation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD)
def rotation_new(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """A decision on a rotation into this unit. `di` is the unit left; `ngoai` outside the register;
    before that the unit left is looked for by name."""
    viewer = request.viewer
    version = visible_unit(viewer, unit_id, viewer.on)
    left_id = uuid_of(request.GET.get("di"))
    left = visible_unit(viewer, left_id, viewer.on) if left_id else None
    text = request.GET.get("tim", "")
    if left is None and "ngoai" not in request.GET:
        found = search_units(viewer, text, viewer.on, limit=FOUND) if text else []
        context = {"version": version, "text": text, "found": found}
        return render(request, "cadre/rotation_from.html", context)
    posts = [one.post for one in posts_of_unit(viewer, unit_id, viewer.on)]
    held = None if left is None else _held(request, left.unit_id)
    form = RotationForm(request.POST or None, posts=posts, left=held)
    findings, made = _decided(request, form, unit_id)
    if made is not None:
        both = _("Đã ghi quyết định luân chuyển; cả hai nơi được theo dõi.")
        one = _("Đã ghi quyết định luân chuyển; nơi đến được theo dõi, nơi đi ở ngoài sổ.")
        messages.success(request, both if made.from_unit_id else one)
        return redirect("rotation", made.pk)
    with answering(request, ahead=True):
        rows = None if findings is None else rows_of(findings, request.POST)
        context = {"form": form, "version": version, "left": left, "rows": rows}
        return render(request, "cadre/rotation_new.html", context, status=status_of(form))


def _decided(
    request: ViewerRequest, form: RotationForm, unit_id: UUID
) -> tuple[tuple[PeopleFinding, ...] | None, Rotation | None]:
    """What the rules say of a form that was sent; and once it was confirmed, what was kept."""
    if request.method != "POST" or not form.is_valid():
        return None, None
    wish = form.wish(unit_id)
    left = left_post(wish.from_unit, wish.from_post, wish.holder, wish.began_on)
    findings = tried(form, lambda: judge_wish(wish, left, timezone.localdate()))
    if findings is None or "xac-nhan" not in request.POST:
        return findings, None
    said = exceptions_in(request.POST, findings)
    viewer, now = request.viewer, timezone.now()
    made = tried(form, lambda: decide_rotation(wish=wish, exceptions=said, by=viewer, at=now))
    return findings, made


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD, ahead=True)
def rotation_end(request: ViewerRequest, rotation_id: UUID) -> HttpResponse:
    """A return, or a stay."""
    viewer, now = request.viewer, timezone.now()
    one = rotation_visible(viewer, rotation_id, timezone.localdate())
    form = RotationEndForm(request.POST or None, initial={"on": viewer.on})
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        stays = told.pop("how") == "o-lai"
        done = tried(
            form,
            lambda: end_rotation(rotation_id=one.pk, stays=stays, by=viewer, at=now, **told),
        )
        if done is not None:
            messages.success(request, _("Đã ghi kết thúc luân chuyển."))
            return redirect("rotation", one.pk)
    return _about(request, one, form, "cadre/rotation_end.html")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD, ahead=True)
def rotation_back(request: ViewerRequest, rotation_id: UUID) -> HttpResponse:
    """Call a decision off; of one that has ended, take the end back."""
    viewer, now = request.viewer, timezone.now()
    one = rotation_visible(viewer, rotation_id, timezone.localdate())
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = cancel_rotation if one.state in OPEN else take_back_end_of_rotation
        why = form.cleaned_data["reason"]
        done = tried(form, lambda: act(rotation_id=one.pk, reason=why, by=viewer, at=now))
        if done is not None:
            off = one.state in OPEN  # as it was before
            messages.success(
                request, _("Đã hủy quyết định.") if off else _("Đã rút phần kết thúc.")
            )
            return redirect("rotation", one.pk)
    return _about(request, one, form, "cadre/rotation_back.html")


def _about(request: ViewerRequest, one: Rotation, form: Any, template: str) -> HttpResponse:
    with answering(request, ahead=True):
        row = present.rotation_row(one, _names([one]), timezone.localdate())
        context = {"one": one, "row": row, "form": form, "is_open": one.state in OPEN}
        return render(request, template, context, status=status_of(form))


def _held(request: ViewerRequest, unit_id: UUID) -> list[Appointment]:
    lines = posts_of_unit(request.viewer, unit_id, request.viewer.on)
    held = [row for one in lines for row in one.holders if row.valid.upper is None]
    if not held:
        raise InputError("Nơi này chưa ghi ai đang giữ chức; ghi người giữ chức trước.")
    return held


def _names(found: Any) -> dict[UUID, str]:
    """The names of units in sight, behind the wall: of the others there is none."""
    ids = {one.from_unit_id for one in found} | {one.to_unit_id for one in found}
    return unit_names(ids - {None})
