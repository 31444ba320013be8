"""A cell by counts: its numbers from a day on, what was recorded, the yearly target."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.models import Event
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.actions.admission_targets import set_target
from vungmanh.org.actions.counts import COUNT, record_counts, undo_counts
from vungmanh.org.queries import held_unit, members_of
from vungmanh.web.access import answering, needs
from vungmanh.web.members.forms import CountsForm, TargetForm, tried
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(COUNT)
def unit_counts(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Record the counts of a cell or the target of a unit; take the last record back."""
    viewer, act = request.viewer, request.POST.get("act", "")
    version = held_unit(viewer, unit_id, viewer.on)
    given: dict[str, forms.Form] = {
        "counts": CountsForm(
            request.POST if act == "counts" else None, known=members_of(unit_id, viewer.on)
        ),
        "target": TargetForm(request.POST if act == "target" else None),
        "back": ReasonForm(request.POST if act == "back" else None),
    }
    form = given.get(act)
    if form is not None and form.is_valid() and tried(form, lambda: _act(request, unit_id, form)):
        messages.success(request, _("Đã ghi."))
        return redirect("unit_members", unit_id)
    with answering(request):
        context = {
            "version": version,
            "forms": given,
            "is_cell": UnitKind(version.kind) in CELL_KINDS,
            "recorded": _recorded(unit_id),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "members/counts.html", context, status=status)


def _act(request: ViewerRequest, unit_id: UUID, form: forms.Form) -> Any:
    told: dict[str, Any] = {"by": request.viewer, "at": timezone.now()}
    said = form.cleaned_data
    if isinstance(form, CountsForm):
        counts: dict[MembershipStatus, int] = form.counts()
        return record_counts(
            unit_id=unit_id, counts=counts, from_day=said["from_day"], document=said["document"],
            **told,
        )  # fmt: skip
    if isinstance(form, TargetForm):
        return set_target(unit_id=unit_id, year=said["year"], count=said["count"], **told)
    last = _recorded(unit_id)
    return undo_counts(event_id=last[0].pk if last else 0, reason=said["reason"], **told)


def _recorded(unit_id: UUID) -> list[Event]:
    """What was recorded by counts and stands, the latest first."""
    said = Event.objects.filter(subject=f"unit:{unit_id}")
    undone = said.filter(verb="counts.undone").values_list("data__of", flat=True)
    found = said.filter(verb="counts.recorded").exclude(pk__in=list(undone)).select_related("by")
    return list(found.order_by("-pk")[:SHOWN])
