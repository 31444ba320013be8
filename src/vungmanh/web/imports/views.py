"""Pages of Nhập: the drop and its history, one import, the pre-addressed workbooks."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import InputError, NotFound
from vungmanh.core.periods import add_months, month_label, month_range, month_slug, parse_month
from vungmanh.core.text import number_vi
from vungmanh.meetings.actions.obligations import first_month_of_ledger
from vungmanh.outputs.imports.actions.commit import discard_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, last_month_due, prepare_import
from vungmanh.outputs.imports.actions.reassess import commit_and_reassess, undo_and_reassess
from vungmanh.outputs.imports.blanks import all_blank_workbooks, blank_workbook, committees_of
from vungmanh.outputs.imports.queries import (
    batch_visible,
    batches_visible,
    file_sections,
    lines_of,
    months_written,
    state_counts,
    summary_of,
)
from vungmanh.outputs.models import BatchState, ImportBatch
from vungmanh.web.access import needs
from vungmanh.web.imports.present import STATES, finding, line_rows, months_words
from vungmanh.web.requests import ViewerRequest

LINES_PER_PAGE = 50
BATCHES_PER_PAGE = 12
MONTHS_OFFERED = 13
ALL = "tat-ca"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("meetings.report.import")
@require_http_methods(["GET", "POST"])
def import_files(request: ViewerRequest) -> HttpResponse:
    """Drop workbooks in; the history of one's imports."""
    if request.method == "GET":
        return _drop_page(request)
    dropped = [DroppedFile(_name_of(file), file.read) for file in request.FILES.getlist("files")]
    try:
        batch = prepare_import(files=dropped, by=request.viewer, at=timezone.now())
    except InputError as error:
        return _drop_page(request, problem=error.message)
    return redirect("import_batch", batch.pk)


def _name_of(file: UploadedFile) -> str:
    return file.name or "tệp"


def _drop_page(request: ViewerRequest, *, problem: str = "") -> HttpResponse:
    page = Paginator(batches_visible(request.viewer), BATCHES_PER_PAGE).get_page(
        request.GET.get("trang")
    )
    batches = list(page)
    counts = state_counts(batches)
    months = _months_offered()
    context = {
        "page": page,
        "history": [(batch, counts[batch.pk]) for batch in batches],
        "problem": problem,
        "months": [(month_slug(month), month_label(month)) for month in months],
        "month": month_slug(_month_wanted(request, months)),
        "committees": _committees(request, _month_wanted(request, months)),
    }
    return render(request, "imports/import.html", context, status=422 if problem else 200)


def _months_offered() -> list[dt.date]:
    last = last_month_due(timezone.now())
    return month_range(add_months(last, 1 - MONTHS_OFFERED), last)[::-1]


def _month_wanted(request: ViewerRequest, months: list[dt.date]) -> dt.date:
    """The month after the one looked at: what an office collects next."""
    following = add_months(request.period, 1)
    return following if following in months else months[0]


def _month_asked(request: ViewerRequest) -> dt.date:
    """The month of the address; the one offered first where it is none that can be reported on."""
    months = _months_offered()
    try:
        month = parse_month(request.GET.get("thang", ""))
    except InputError:
        return _month_wanted(request, months)
    known = first_month_of_ledger() <= month <= months[0]
    return month if known else _month_wanted(request, months)


def _committees(request: ViewerRequest, month: dt.date) -> list[tuple[str, str]]:
    found = committees_of(request.viewer, month)
    options = [(str(one.unit_id), one.name) for one in found]
    if len(options) > 1:
        every = _("Tất cả %s nơi, một tệp nén") % number_vi(len(options))
        options.insert(0, (ALL, every))
    return options


@needs("meetings.report.import")
@require_http_methods(["GET", "POST"])
def import_batch(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    """One import: what it would do or did, line by line; write it, take it back, throw it away."""
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise InputError(_("Không rõ việc cần làm. Tải lại trang rồi bấm lại."))
        return act(request, batch_id)
    batch = batch_visible(request.viewer, batch_id)
    files, summary = file_sections(batch), summary_of(batch)
    state, number = request.GET.get("dong", ""), request.GET.get("tep", "")
    if state not in dict(STATES):
        raise NotFound(_("Không có loại dòng này."))
    chosen = int(number) if number.isascii() and number.isdecimal() else None
    page = Paginator(lines_of(batch, state=state, file=chosen), LINES_PER_PAGE).get_page(
        request.GET.get("trang")
    )
    context = {
        "batch": batch,
        "summary": summary,
        "finding": finding(batch, summary, files),
        "months": months_words(summary),
        "written_label": _("Sẽ ghi") if batch.state == BatchState.PREVIEW else _("Đã ghi"),
        "spotting": _spotting_address(batch),
        "troubled": [one for one in files if one.file.refusal or one.written_before],
        "files": files,
        "file_options": [("", _("Mọi tệp"))]
        + [(str(one.file.number), one.file.name) for one in files],
        "chosen_file": number,
        "chosen_state": state,
        "tabs": _state_tabs(summary, state, number),
        "page": page,
        "rows": line_rows(page),
    }
    return render(request, "imports/batch.html", context)


def _state_tabs(summary: Any, state: str, file: str) -> list[tuple[str, str, bool]]:
    tabs = []
    for code, label in STATES:
        count = getattr(summary, code) if code else summary.lines
        query = urlencode({name: value for name, value in (("dong", code), ("tep", file)) if value})
        tabs.append((f"{label} {number_vi(count)}", f"?{query}", code == state))
    return tabs


def _spotting_address(batch: ImportBatch) -> tuple[str, str] | None:
    """Where the list that moved can be seen: words and address."""
    months = months_written(batch) if batch.state == BatchState.COMMITTED else []
    if not months:
        return None
    words = _("Xem Nhận diện kỳ %s") % month_label(months[-1])
    return words, f"{reverse('spotting')}?ky={month_slug(months[-1])}"


def _commit(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    commit_and_reassess(batch_id=batch_id, by=request.viewer, at=timezone.now())
    return redirect("import_batch", batch_id)


def _undo(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    undone = undo_and_reassess(batch_id=batch_id, by=request.viewer, at=timezone.now())
    if undone.kept:
        messages.warning(
            request,
            _("%s báo cáo đã được sửa sau lần nhập này nên giữ nguyên: xem các dòng có ghi chú.")
            % number_vi(undone.kept),
        )
    return redirect("import_batch", batch_id)


def _discard(request: ViewerRequest, batch_id: UUID) -> HttpResponse:
    discard_import(batch_id=batch_id, by=request.viewer, at=timezone.now())
    messages.success(request, _("Đã bỏ bản xem trước, chưa ghi gì vào sổ."))
    return redirect("import")


_ACTS = {"commit": _commit, "undo": _undo, "discard": _discard}


@needs("meetings.report.import")
@require_safe
def import_template(request: ViewerRequest) -> HttpResponse:
    """The pre-addressed workbook of one committee and month, or all of them in a zip."""
    month = _month_asked(request)
    wanted = request.GET.get("don-vi", "")
    if wanted == ALL:
        name, data = all_blank_workbooks(request.viewer, month)
        return _download(name, data, "application/zip")
    try:
        unit_id = UUID(wanted)
    except ValueError:
        raise NotFound(_("Không tìm thấy đảng ủy này trong phạm vi của đồng chí.")) from None
    name, data = blank_workbook(request.viewer, unit_id, month)
    return _download(name, data, _XLSX)


def _download(name: str, data: bytes, kind: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
