"""What a unit may read of the lists in which it stands, chosen or left out, and its appeal."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.strengthening import selection_reads as reads
from vungmanh.strengthening.actions.choosing_appeals import APPEAL, appeal
from vungmanh.strengthening.choosing import named
from vungmanh.strengthening.programme_reads import VIEW as SEE_PROGRAMMES
from vungmanh.strengthening.programme_reads import programme_visible
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes.acts import REFUSED, refused
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.selections import table
from vungmanh.web.selections.forms import AppealForm
from vungmanh.web.tasks.asking import uuid_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs(APPEAL)
def own_lists(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """The decided lists in which one's own unit stands; what it says goes to who decided."""
    viewer = request.viewer
    with answering(request):
        lists = reads.own_lists(viewer, programme_id)
        # A cell's secretary does not see programmes, but the lists in which the cell stands.
        is_seen = can(viewer, SEE_PROGRAMMES)
        if is_seen or not lists:
            programme_visible(viewer, programme_id)
    form = AppealForm(request.POST if request.method == "POST" else None)
    asked = uuid_of(request.POST.get("danh-sach", ""))
    if request.method == "POST" and form.is_valid():
        about = next((each for each in lists if each.selection_id == asked), None)
        if about is None:
            raise NotFound(_("Không tìm thấy lần lựa chọn này."))
        try:
            appeal(
                selection_id=about.selection_id, unit_id=about.unit_id,
                text=form.cleaned_data["text"], by=viewer, at=timezone.now(),
            )  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã gửi kiến nghị; nơi quyết định sẽ trả lời ở đây."))
            return redirect("own_lists", programme_id)
    with answering(request):
        names = named((each.unit_id for each in lists), viewer.on)
        rows = [_row(each, names, request, form if each.selection_id == asked else None)
                for each in lists]  # fmt: skip
        status = 422 if form.errors else 200
        context = {"programme_id": programme_id, "is_seen": is_seen, "rows": rows}
        return render(request, "selections/own.html", context, status=status)


def _row(
    each: reads.OwnList, names: dict[UUID, str], request: ViewerRequest, form: AppealForm | None
) -> dict[str, object]:
    """One list in words: what was decided of the unit, why, and whether it may still say so."""
    is_in = each.choice is not None and each.choice.withdrawn_at is None
    may = each.may_appeal_after and request.viewer.on <= each.until
    reason = each.choice.reason if each.choice else ""
    return {
        "list": each,
        "name": names.get(each.unit_id, ""),
        "is_in": is_in,
        "sentence": reason
        or table.own_sentence(each.row, each.rule, each.choice.way if each.choice else ""),
        "form": (form or AppealForm()) if may else None,
    }
