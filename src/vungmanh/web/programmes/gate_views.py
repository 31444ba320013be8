"""A gate of a programme: who reports, who has, how late; and one's own report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotFound
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.vocabulary import UnitKind
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.actions.gate_reports import REPORT, file_gate_report
from vungmanh.strengthening.models import GateReport, ProgrammeGate
from vungmanh.web.access import answering, needs
from vungmanh.web.programmes import present
from vungmanh.web.programmes.acts import REFUSED, refused
from vungmanh.web.programmes.forms import GateReportForm
from vungmanh.web.programmes.views import context_of
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 40
_TOLD = (ProgrammeState.RUNNING, ProgrammeState.CLOSED)  # states in which one reports


@dataclass(frozen=True)
class Row:
    """One committee that reports: its report, or that it is missing."""

    unit_id: UUID
    name: str
    report: GateReport | None
    figures: str
    late: str
    is_missing: bool


@require_http_methods(["GET", "HEAD", "POST"])
@needs(reads.VIEW)
def programme_gate(request: ViewerRequest, programme_id: UUID, gate_id: int) -> HttpResponse:
    """Every committee in sight that reports at this gate; one's own reports here."""
    viewer, now = request.viewer, timezone.now()
    with answering(request):
        one = reads.programme_visible(viewer, programme_id)
        gate = one.gates.filter(pk=gate_id).first()
        if gate is None:
            raise NotFound(_("Không tìm thấy mốc này của đề án."))
        rows = _rows(request, gate, timezone.localdate(now))
        own = _own(request, gate, rows)
    form = _form(request, own)
    if request.method == "POST" and own and form and form.is_valid():
        try:
            file_gate_report(gate_id=gate.pk, unit_id=own.unit_id, by=viewer, at=now,
                             **form.cleaned_data)  # fmt: skip
        except REFUSED as error:
            refused(form, error)
        else:
            messages.success(request, _("Đã ghi báo cáo cùng số liệu hôm nay."))
            return redirect("programme_gate", one.pk, gate.pk)
    with answering(request):
        context = {
            **context_of(one, request),
            "gate": gate,
            "label": _(GateKind(gate.kind).label),
            "levels": ", ".join(_(UnitKind(level).label) for level in gate.levels),
            "finding": _finding(rows, gate),
            "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("trang")),
            "form": form,
            "own": own,
        }
        status = 422 if form and form.errors else 200
        return render(request, "programmes/gate.html", context, status=status)


def _rows(request: ViewerRequest, gate: ProgrammeGate, today: dt.date) -> list[Row]:
    """Those missing first, then by name."""
    committees = reads.committees_due(request.viewer, gate.programme, gate.levels)
    due = reads.on_day(committees, gate.levels, min(gate.due_on, today))
    told = reads.reports_visible(request.viewer).filter(gate=gate).select_related("by")
    reports = {one.unit_id: one for one in told}
    rows = []
    for each in due:
        report = reports.get(each.unit_id)
        day = timezone.localdate(report.at) if report else None
        rows.append(
            Row(
                each.unit_id, each.name, report,
                present.figures_words(report.figures) if report else "",
                present.late_words(day, gate.due_on) if day else "",
                is_missing=report is None and _is_past(gate, today),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: not row.is_missing)


def _is_past(gate: ProgrammeGate, today: dt.date) -> bool:
    """A gate before the day of approval is missed by nobody."""
    approved = gate.programme.decided_on
    if gate.programme.state not in _TOLD:
        return False
    return gate.due_on < today and not (approved and gate.due_on < approved)


def _own(request: ViewerRequest, gate: ProgrammeGate, rows: list[Row]) -> Row | None:
    """The row of the committee in which the role is held, if it reports here."""
    if not can(request.viewer, REPORT) or gate.programme.state not in _TOLD:
        return None
    mine = (row for row in rows if reads.is_of_committee(request.viewer, row.unit_id))
    return next(mine, None)


def _form(request: ViewerRequest, own: Row | None) -> GateReportForm | None:
    if own is None:
        return None
    said = own.report
    initial = {"text": said.text, "document": said.document} if said else None
    data = request.POST if request.method == "POST" else None
    return GateReportForm(data, again=said is not None, initial=initial)


def _finding(rows: list[Row], gate: ProgrammeGate) -> str:
    if gate.programme.state not in _TOLD:
        return _("Đề án chưa được duyệt; chưa đến lúc báo cáo.")
    if not rows:
        return _("Không có nơi nào phải báo cáo ở mốc này trong phạm vi của đồng chí.")
    told = sum(row.report is not None for row in rows)
    late = sum(bool(row.late) for row in rows)
    words = _("%(n)s trong %(of)s nơi đã báo cáo") % {"n": told, "of": len(rows)}
    if late:
        words += _(", %(n)s nơi muộn") % {"n": late}
    return words + "."
