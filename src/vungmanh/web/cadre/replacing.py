"""Replacing a secretary as one path: who leaves, who acts, who comes, what is handed over, after.

Each step is an act of its own with its own way back; this page says which comes now.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.cadre.actions.appointments import RECORD
from vungmanh.cadre.handed_over import hand_over_of
from vungmanh.cadre.replacing import replacing_of
from vungmanh.core.vocabulary import Post
from vungmanh.org.queries import visible_unit
from vungmanh.strengthening.actions.handing_over import confirm_hand_over, take_back_hand_over
from vungmanh.strengthening.handing_over import open_items
from vungmanh.web.access import answering, needs
from vungmanh.web.cadre.asking import status_of, tried
from vungmanh.web.cadre.forms import HandOverForm
from vungmanh.web.cadre.replacing_steps import item_rows, steps_of
from vungmanh.web.cadre.views import VIEW, seen
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest


@require_safe
@needs(VIEW)
def replacing(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The path in one unit: what is done, what comes now, what waits."""
    viewer, today = request.viewer, timezone.localdate()
    version = visible_unit(viewer, unit_id, today)
    stands = replacing_of(unit_id, today)
    told = hand_over_of(stands.holder) if stands.holder else None
    finding, steps = steps_of(version, stands, told, today)
    items = open_items(viewer, unit_id, today)
    context = {
        "version": version,
        "finding": finding,
        "steps": steps,
        "stands": stands,
        "open": len(items),
        "handed": sum(one.key in told.keys for one in items) if told else 0,
        "may_record": can(viewer, RECORD),
        "may_check": can(viewer, "cadre.post.check"),
    }
    return render(request, "cadre/replacing.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(RECORD, ahead=True)
def hand_over(request: ViewerRequest, appointment_id: int) -> HttpResponse:
    """The list of what lies open, confirmed as handed to the holder; and taken back."""
    viewer, now = request.viewer, timezone.now()
    row = seen(request, appointment_id)
    told = hand_over_of(row)
    items = open_items(viewer, row.unit_id, viewer.on)
    sent = request.POST if request.method == "POST" else None
    form: Any = ReasonForm(sent) if told else HandOverForm(sent, items=items)
    if sent is not None and form.is_valid():
        asked = {"appointment_id": row.pk, "by": viewer, "at": now, **form.cleaned_data}
        act = take_back_hand_over if told else confirm_hand_over
        if tried(form, lambda: (act(**asked), True)) is not None:
            said = _("Đã rút lần bàn giao.") if told else _("Đã ghi bàn giao.")
            messages.success(request, said)
            return redirect(f"{reverse('replacing', args=[row.unit_id])}#ban-giao")
    with answering(request, ahead=True):
        context = {
            "row": row,
            "post": _(Post(row.post).label),
            "name": unit_names({row.unit_id}).get(row.unit_id, ""),
            "told": told,
            "items": item_rows(items, told),
            "form": form,
        }
        return render(request, "cadre/hand_over.html", context, status=status_of(form))
