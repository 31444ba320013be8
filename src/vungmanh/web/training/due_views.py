"""Đến hạn học: who is due for which obligatory course, in the order of units."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.cadre.training import obligatory_on
from vungmanh.cadre.training_due import DueKind, DueLine, dues_by_unit, dues_visible
from vungmanh.org.queries import visible_unit
from vungmanh.outputs.training_export import dues_workbook
from vungmanh.web.access import needs
from vungmanh.web.phone.queue_words import unit_names
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.tasks.views import XLSX
from vungmanh.web.training import present
from vungmanh.web.training.views import ON_A_PAGE, VIEW


@dataclass(frozen=True)
class _Asked:
    """What the list is asked for, and what it shows."""

    above: UUID | None
    kind: DueKind
    code: str
    lines: list[DueLine]


def _asked(request: ViewerRequest, today: dt.date) -> _Asked:
    above = uuid_of(request.GET.get("don-vi"))
    if above is not None:
        visible_unit(request.viewer, above, today)
    said, code = request.GET.get("han", DueKind.OPEN.value), request.GET.get("lop", "")
    kind = DueKind(said) if said in set(DueKind) else DueKind.OPEN
    lines = dues_visible(request.viewer, today, above=above, kind=kind, code=code)
    return _Asked(above, kind, code, lines)


@require_safe
@needs(VIEW)
def training_due(request: ViewerRequest) -> HttpResponse:
    """Obligatory courses by unit, counted; of one unit and those below it, by holder of a post."""
    today = timezone.localdate()
    asked = _asked(request, today)
    by_unit = asked.above is None
    shown = dues_by_unit(asked.lines) if by_unit else asked.lines
    row_of = present.unit_due_row if by_unit else present.due_row
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("trang"))
    known, cite = obligatory_on(today)
    context = {
        "finding": present.finding_of_dues(asked.lines),
        "rows": [row_of(one) for one in page.object_list],
        "by_unit": by_unit,
        "page": page,
        "kind": asked.kind.value,
        "kinds": [(one.value, _(one.label)) for one in DueKind],
        "code": asked.code,
        "codes": [("", _("Mọi lớp")), *((one.code, one.text) for one in known)],
        "citation": cite,
        "above": asked.above,
        "above_name": unit_names({asked.above}).get(asked.above, "") if asked.above else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "training/due.html", context)


@require_safe
@needs(VIEW)
def training_due_export(request: ViewerRequest) -> HttpResponse:
    """The list as it is filtered, by units and posts, without names."""
    today = timezone.localdate()
    lines = _asked(request, today).lines
    content = dues_workbook(lines, finding=present.finding_of_dues(lines), on=today)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="den-han-hoc-{today:%Y-%m-%d}.xlsx"'
    return response
