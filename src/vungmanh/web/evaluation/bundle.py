"""All dossiers of a cycle as one zip, made turn by turn in sight, and its tables as Excel."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import Conflict
from vungmanh.core.text import number_vi, slug
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.reads import cycle_visible
from vungmanh.outputs.gradings.bundle import (
    Bundle,
    begin_bundle,
    bundle_of,
    drop_bundle,
    go_on,
)
from vungmanh.outputs.gradings.tables import cycle_tables
from vungmanh.outputs.gradings.workbook import cycle_workbook
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.quota_views import SEE, check_committee
from vungmanh.web.requests import ViewerRequest

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SEE)
def cycle_bundle(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """How far the zip has come; the acts come here too, and ?tai=1 downloads it."""
    one = _cycle(request, cycle_id)
    found = bundle_of(_base(), one, request.viewer, at=timezone.now())
    if request.method == "POST":
        return _act(request, one, found)
    if request.GET.get("tai") and found is not None and found.is_ready:
        return _file(found.zip.read_bytes(), "application/zip", f"ho-so {one.name} {one.year}.zip")
    return _page(request, one, found)


@require_safe
@needs(SEE)
def cycle_tables_xlsx(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The tables of a cycle as a workbook."""
    one = _cycle(request, cycle_id)
    data = cycle_workbook(cycle_tables(one, request.viewer, at=timezone.now()))
    return _file(data, _XLSX, f"bang-xep-loai {one.name} {one.year}.xlsx")


def _act(request: ViewerRequest, cycle: Cycle, found: Bundle | None) -> HttpResponse:
    act = request.POST.get("act")
    with answering(request):
        if act == "make":
            begin_bundle(_base(), cycle, request.viewer, at=timezone.now())
        elif act == "stop" and found is not None:
            drop_bundle(found)
        elif act == "continue" and found is not None:
            try:
                go_on(found, cycle, request.viewer)
            except Conflict as error:
                messages.error(request, error.message)
    return redirect("cycle_bundle", cycle.pk)


def _page(request: ViewerRequest, cycle: Cycle, found: Bundle | None) -> HttpResponse:
    size = found.zip.stat().st_size / 2**20 if found is not None and found.is_ready else 0
    context = {
        "cycle": cycle,
        "bundle": found,
        "done": found.done if found else 0,
        "size": number_vi(max(size, 0.1)),
        "finding": _finding(found),
    }
    return render(request, "evaluation/cycle_bundle.html", context)


def _finding(found: Bundle | None) -> str:
    if found is None:
        return _("Chưa tạo tệp nén nào của kỳ này.")
    total = number_vi(found.total)
    if found.is_ready:
        return _("Đã xong %s hồ sơ trong một tệp nén.") % total
    said = _("Đang tạo: xong %(done)s trong %(of)s hồ sơ.")
    return said % {"done": number_vi(found.done), "of": total}


def _cycle(request: ViewerRequest, cycle_id: UUID) -> Cycle:
    one = cycle_visible(request.viewer, cycle_id)
    check_committee(request.viewer, one)
    return one


def _base() -> Path:
    return Path(settings.DATA) / "papers"


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    stem, _dot, ending = name.rpartition(".")
    headers = {"Content-Disposition": f'attachment; filename="{slug(stem, most=120)}.{ending}"'}
    return HttpResponse(data, content_type=kind, headers=headers)
