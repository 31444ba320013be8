"""Pages of Đối chiếu tệp."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.periods import add_months, month_label, month_range, month_slug, parse_month
from vungmanh.core.text import number_vi
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.obligations import first_month_of_ledger
from vungmanh.outputs.handbook.compare import (
    Difference,
    differences_of,
    missing_in,
    prepare_comparison,
    write_what_is_missing,
)
from vungmanh.outputs.handbook.export import handbook_workbook
from vungmanh.outputs.imports.actions.commit import discard_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, last_month_due
from vungmanh.outputs.imports.actions.reassess import undo_and_reassess
from vungmanh.outputs.imports.blanks import committees_of
from vungmanh.outputs.imports.queries import (
    Summary,
    batch_visible,
    file_sections,
    lines_of,
    summary_of,
)
from vungmanh.outputs.models import BatchState, LineState
from vungmanh.web.access import answering, needs
from vungmanh.web.imports.present import line_rows
from vungmanh.web.meetings.links import address
from vungmanh.web.requests import ViewerRequest

IMPORT = "meetings.report.import"
MONTHS_OFFERED = 13
NEW_SHOWN = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def handbook(request: ViewerRequest) -> HttpResponse:
    """Take the roll-up of a month, or give a file to compare."""
    problem = ""
    if request.method == "POST":
        sent = request.FILES.getlist("files")
        dropped = [DroppedFile(file.name or "tệp", file.read) for file in sent]
        try:
            batch = prepare_comparison(files=dropped, by=request.viewer, at=timezone.now())
        except InputError as error:
            problem = error.message
        else:
            return redirect("handbook_batch", batch.pk)
    with answering(request):
        months = _months()
        chosen = request.period if request.period in months else months[0]
        context = {
            "problem": problem,
            "months": [(month_slug(month), month_label(month)) for month in months],
            "month": month_slug(chosen),
            "committees": [
                (str(one.unit_id), one.name) for one in committees_of(request.viewer, chosen)
            ],
        }
        status = 422 if problem else 200
        return render(request, "handbook/handbook.html", context, status=status)


def _months() -> list[dt.date]:
    last = last_month_due(timezone.now())
    return month_range(add_months(last, 1 - MONTHS_OFFERED), last)[::-1]


@needs(IMPORT)
@require_safe
def handbook_export(request: ViewerRequest) -> HttpResponse:
    """The roll-up of one committee and month; without a choice the first committee's."""
    months = _months()
    try:
        month = parse_month(request.GET.get("thang", ""))
    except InputError:
        month = months[0]
    if not first_month_of_ledger() <= month <= months[0]:
        month = months[0]
    wanted = request.GET.get("don-vi", "")
    offered = committees_of(request.viewer, month)
    try:
        unit_id = UUID(wanted) if wanted else offered[0].unit_id
    except (ValueError, IndexError):
        raise NotFound(_("Không tìm thấy đảng ủy này trong phạm vi của đồng chí.")) from None
    name, data = handbook_workbook(request.viewer, unit_id, month)
    return HttpResponse(
        data, content_type=_XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@needs(IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def handbook_batch(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    """What file and system tell differently; write the months of which nothing is recorded."""
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
        return act(request, batch_id)
    batch = batch_visible(request.viewer, batch_id)
    summary, differences = summary_of(batch), differences_of(batch)
    unread = lines_of(batch, state=LineState.REFUSED).filter(before__isnull=True)
    context = {
        "batch": batch,
        "summary": summary,
        "finding": _finding(batch.state, summary, len({(d.unit_id, d.month) for d in differences})),
        "differences": [_row(one) for one in differences],
        "missing": missing_in(batch, request.viewer),
        "fresh": line_rows(lines_of(batch, state=LineState.NEW)[:NEW_SHOWN]),
        "unread": line_rows(unread[:NEW_SHOWN]),
        "troubled": [one for one in file_sections(batch) if one.file.refusal],
        "is_preview": batch.state == BatchState.PREVIEW,
        "is_committed": batch.state == BatchState.COMMITTED,
    }
    return render(request, "handbook/batch.html", context)


def _row(told: Difference) -> dict[str, object]:
    """A difference with where to look at the month."""
    month = month_slug(told.month)
    href = address("meeting", told.unit_id, ObligationKind.REGULAR.value, month)
    return {"told": told, "href": href or reverse("unit", args=[told.unit_id])}


def _finding(state: str, summary: Summary, differing: int) -> str:
    said = {
        "new": number_vi(summary.new),
        "differing": number_vi(differing),
        "same": number_vi(summary.same),
    }
    if state == BatchState.UNDONE:
        return _("Đã hoàn tác: các kỳ ghi từ tệp này trở lại chưa có báo cáo.")
    if state == BatchState.COMMITTED:
        return _("Đã ghi %(new)s kỳ còn trống; %(differing)s kỳ khác nhau giữ nguyên.") % said
    if not summary.new and not differing:
        return _("Tệp và hệ thống khớp nhau: %(same)s kỳ như nhau, không có gì để ghi.") % said
    return (
        _("%(differing)s kỳ khác nhau, %(new)s kỳ hệ thống còn trống, %(same)s kỳ như nhau.") % said
    )


def _commit(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    written = write_what_is_missing(batch_id=batch_id, by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã ghi %s kỳ còn trống.") % number_vi(written))
    return redirect("handbook_batch", batch_id)


def _undo(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    undo_and_reassess(batch_id=batch_id, by=request.viewer, at=timezone.now())
    return redirect("handbook_batch", batch_id)


def _discard(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    discard_import(batch_id=batch_id, by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã bỏ lần đối chiếu này, chưa ghi gì vào sổ."))
    return redirect("handbook")


_ACTS = {"commit": _commit, "undo": _undo, "discard": _discard}
