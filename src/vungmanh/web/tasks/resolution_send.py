"""Sending a resolution down: to whom, and what each of them is to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed
from vungmanh.core.text import date_vi, number_vi
from vungmanh.core.vocabulary import CELL_KINDS, TaskState
from vungmanh.meetings.actions.resolutions import send_down
from vungmanh.meetings.actions.tasks import GIVE
from vungmanh.meetings.models import Resolution
from vungmanh.meetings.resolutions import resolution_visible, senders_of, units_to_send
from vungmanh.org.models import UnitClosure
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks import resolution_present as told_of
from vungmanh.web.tasks.asking import done
from vungmanh.web.tasks.forms import SendForm


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def resolution_send(request: ViewerRequest, resolution_id: UUID) -> HttpResponse:
    """To whom it is sent, with which tasks. Who has it already is not offered."""
    viewer, now = request.viewer, timezone.now()
    one = resolution_visible(viewer, resolution_id, timezone.localdate(now))
    offer = _offer(viewer, one, timezone.localdate(now))
    form = SendForm(
        request.POST or None,
        directly=offer.directly,
        cells=len(offer.cells),
        tasks=offer.tasks,
    )
    if request.method == "POST" and form.is_valid():
        sent = done(form, lambda: _send(form, one, offer, viewer, now))
        if sent is not None:
            told = _("Đã gửi đến %(n)s nơi.") % {"n": number_vi(len(sent))}
            messages.success(request, told)
            return redirect("resolution", one.pk)
    context = {
        "form": form,
        "resolution": one,
        "name": told_of.resolution_name(one),
        "left": len(offer.directly) + len(offer.cells),
        "has": offer.has,
    }
    with answering(request):
        status = 422 if request.method == "POST" else 200
        return render(request, "tasks/send.html", context, status=status)


@dataclass(frozen=True)
class _Offer:
    """Who may be sent it from where, and the sender's tasks that can go along."""

    sender: UUID
    directly: list[tuple[str, str]]
    cells: list[UUID]
    tasks: list[tuple[str, str]]
    has: int


def _offer(viewer: Viewer, one: Resolution, on: dt.date) -> _Offer:
    senders = senders_of(viewer, one, on)
    if not senders:
        raise NotAllowed(
            _("Chỉ nơi ban hành, hoặc nơi đã nhận, mới gửi văn bản này xuống dưới."),
            code="not-the-sender",
        )
    has = set(one.receipts.values_list("unit_id", flat=True))
    below = units_to_send(viewer, senders[0], on).exclude(unit_id__in=has)
    kids = UnitClosure.objects.filter(ancestor_id=senders[0], depth=1, valid__contains=on)
    direct = below.filter(unit_id__in=kids.values("descendant_id"))
    cells = below.filter(kind__in=[kind.value for kind in CELL_KINDS])
    own = one.tasks.filter(unit_id=senders[0], state=TaskState.OPEN, due_on__gte=on)
    return _Offer(
        sender=senders[0],
        directly=[(str(version.unit_id), version.name) for version in direct],
        cells=list(cells.values_list("unit_id", flat=True)),
        tasks=[
            (str(task.pk), _("%(title)s, hạn %(day)s") % {
                "title": task.title, "day": date_vi(task.due_on),
            })
            for task in own.order_by("due_on", "id")
        ],
        has=len(has),
    )  # fmt: skip


def _send(form: SendForm, one: Resolution, offer: _Offer, by: Viewer, at: dt.datetime) -> Any:
    clean = form.cleaned_data
    chosen = {
        "cells": offer.cells,
        "directly": [UUID(unit) for unit, _name in offer.directly],
        "picked": [UUID(unit) for unit in clean["units"]],
    }
    return send_down(
        resolution_id=one.pk,
        from_unit=offer.sender,
        unit_ids=chosen[clean["to"]],
        task_ids=[UUID(task) for task in clean.get("tasks", [])],
        at_once=clean.get("when") == "at_once",
        by=by,
        at=at,
    )
