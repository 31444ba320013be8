"""Đến hạn học: who is due for which obligatory course, in the order of units."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.cadre.training import obligatory_on
from vungmanh.cadre.training_due import DueKind, dues_visible
from vungmanh.org.queries import visible_unit
from vungmanh.web.access import needs
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.training import present
from vungmanh.web.training.views import ON_A_PAGE, VIEW


@require_safe
@needs(VIEW)
def training_due(request: ViewerRequest) -> HttpResponse:
    """Holders of posts in sight with their obligatory courses; first what is overdue."""
    viewer, today = request.viewer, timezone.localdate()
    above = uuid_of(request.GET.get("don-vi"))
    if above is not None:
        visible_unit(viewer, above, today)
    asked, code = request.GET.get("han", DueKind.OVERDUE.value), request.GET.get("lop", "")
    kind = DueKind(asked) if asked in set(DueKind) else DueKind.OVERDUE
    lines = dues_visible(viewer, today, above=above, kind=kind, code=code)
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("trang"))
    known, cite = obligatory_on(today)
    context = {
        "finding": present.finding_of_dues(lines),
        "rows": [present.due_row(one) for one in page.object_list],
        "page": page,
        "kind": kind.value,
        "kinds": [(one.value, _(one.label)) for one in DueKind],
        "code": code,
        "codes": [("", _("Mọi lớp")), *((one.code, one.text) for one in known)],
        "citation": cite,
        "above": above,
        "above_name": unit_names({above}).get(above, "") if above else "",
    }
    return render(request, "training/due.html", context)
