"""The gates of a draft, and the values of targets that are told by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import UnitKind
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions.programme_gates import set_gates
from vungmanh.strengthening.actions.programme_hand import DRAFT
from vungmanh.strengthening.actions.target_values import tell_target
from vungmanh.strengthening.kinds_standing import kinds_standing
from vungmanh.strengthening.models import Programme
from vungmanh.strengthening.programme_figures import is_by_hand
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes import gate_rows, present
from vungmanh.web.programmes.acts import REFUSED, refused, refused_line
from vungmanh.web.programmes.forms import ValueForm
from vungmanh.web.programmes.views import context_of
from vungmanh.web.requests import ViewerRequest


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def programme_gates(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Write the gates of a draft as lines: day, what is reported, by whom."""
    with answering(request):
        one = reads.programme_visible(request.viewer, programme_id)
    there = _there(one, timezone.localdate())
    rows = gate_rows.rows_of(one.gates.all(), there)
    if request.method == "POST":
        rows = gate_rows.GateRows(request.POST, form_kwargs={"there": there})
        if rows.is_valid() and _gates_kept(request, one, rows):
            return redirect("programme", one.pk)
    with answering(request):
        is_open = one.state == ProgrammeState.DRAFT
        context = {**context_of(one, request), "rows": rows, "is_open": is_open}
        status = 422 if request.method == "POST" else 200
        return render(request, "programmes/gates.html", context, status=status)


def _there(one: Programme, today: dt.date) -> set[UnitKind]:
    """The kinds that stand today, and those that a gate already asks."""
    asked = {UnitKind(level) for gate in one.gates.all() for level in gate.levels}
    return asked | kinds_standing(one.unit_id, today)


def _gates_kept(request: ViewerRequest, one: Programme, rows: Any) -> bool:
    """Keep the gates; what is refused of a line stands at its field."""
    said = gate_rows.gates_of(rows)
    try:
        set_gates(
            programme_id=one.pk, gates=[each for _place, each in said], by=request.viewer,
            at=timezone.now(),
        )  # fmt: skip
    except REFUSED as error:
        refused_line(rows, [place for place, _each in said], error)
        return False
    messages.success(request, _("Đã ghi các mốc."))
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DRAFT)
def target_value(request: ViewerRequest, programme_id: UUID, target_id: int) -> HttpResponse:
    """Tell by hand what a target stands at; what was told before stays below."""
    viewer, now = request.viewer, timezone.now()
    with answering(request):
        one = reads.programme_visible(viewer, programme_id)
        target = one.targets.filter(pk=target_id).first()
        if target is None:
            raise NotFound(_("Không tìm thấy chỉ tiêu này của đề án."))
    form = ValueForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            tell_target(programme_id=one.pk, target_id=target.pk, by=viewer, at=now,
                        **form.cleaned_data)  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã ghi giá trị cùng nguồn và ngày."))
            return redirect("programme", one.pk)
    with answering(request):
        told = target.values.select_related("by").order_by("-on", "-id")
        context = {
            **context_of(one, request),
            "target": target,
            "by_hand": is_by_hand(target.indicator),
            "is_open": one.state == ProgrammeState.RUNNING,
            "form": form,
            "told": [(number_vi(v.value, decimals=3), present.told_words(v), v.by) for v in told],
        }
        status = 422 if form.errors else 200
        return render(request, "programmes/target_value.html", context, status=status)
