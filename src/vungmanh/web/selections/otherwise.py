"""Deciding otherwise than the rule on one unit: only what changes the list is offered."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import SelectionState
from vungmanh.strengthening import selection_reads as reads
from vungmanh.strengthening.actions.choosing import DECIDE, override
from vungmanh.strengthening.actions.choosing_checks import kept_out
from vungmanh.strengthening.models import Selection
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes.acts import REFUSED, refused
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.selections import forms as sheets
from vungmanh.web.selections import table
from vungmanh.web.selections.acts import barred
from vungmanh.web.selections.views import read_table
from vungmanh.web.tasks.asking import uuid_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE)
def selection_override(request: ViewerRequest, selection_id: UUID) -> HttpResponse:
    """Take one unit (?don-vi=) in or leave it out against the rule, with a reason."""
    with answering(request):
        one = reads.selection_visible(request.viewer, selection_id)
        row = _row(one, uuid_of(request.GET.get("don-vi")))
    data = request.POST if request.method == "POST" else None
    form = sheets.OverrideForm(data, is_in=bool(row and row.is_in))
    if row and request.method == "POST" and form.is_valid():
        try:
            override(
                selection_id=one.pk, unit_id=row.unit,
                is_in=form.cleaned_data["way"] == sheets.IN,
                reason=form.cleaned_data["reason"], by=request.viewer, at=timezone.now(),
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã ghi quyết định khác tiêu chí, kèm tên và lý do."))
            return redirect("selection", one.pk)
    with answering(request):
        shut = barred(request, one, frozenset({SelectionState.SUBMITTED}))
        if not shut and row and not row.is_in and not form.errors:
            shut = "".join(
                error.message for error in kept_out(one, [row.unit], request.viewer.on).values()
            )
        context = {"one": one, "form": form, "row": row, "barred": shut}
        status = 422 if form.errors else 200
        return render(request, "selections/override.html", context, status=status)


def _row(one: Selection, unit_id: UUID | None) -> table.Row | None:
    """The row of a unit; None without one asked for. NotFound where it is not in the table."""
    if unit_id is None:
        return None
    _inputs, rows = read_table(one)
    found = next((row for row in rows if row.unit == unit_id), None)
    if found is None:
        raise NotFound(_("Đơn vị này không có trong bảng lựa chọn."))
    return found
