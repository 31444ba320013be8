"""Báo cáo: a report of a committee about a month, a quarter, half a year or a year."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.core.errors import NotFound
from vungmanh.core.periods import add_months, month_label, month_slug, parse_month
from vungmanh.core.text import fold
from vungmanh.org.queries import visible_unit
from vungmanh.org.structure import check_in_register, first_day_of_register
from vungmanh.outputs.papers.layout import layout_of
from vungmanh.outputs.papers.numbers import take_number
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.papers.register import issue_of
from vungmanh.outputs.papers.word import as_word
from vungmanh.outputs.reporting.figures import gather
from vungmanh.outputs.reporting.paper import Opens, report_paper, report_wish, subject_of
from vungmanh.outputs.reporting.periods import ReportKind, period_of
from vungmanh.strengthening.year_addresses import Address
from vungmanh.web.access import answering, needs
from vungmanh.web.papers.forms import IssueForm, done
from vungmanh.web.requests import ViewerRequest

VIEW = "outputs.report.view"
MOST_MONTHS = 120  # to choose from
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Asked:
    """Which report: its kind and a month of its period."""

    kind: ReportKind
    month: dt.date

    @property
    def query(self) -> str:
        return urlencode({"loai": self.kind.value, "thang": month_slug(self.month)})


def _asked(request: ViewerRequest) -> Asked:
    """By ?loai= and ?thang=; without them the month that is looked at."""
    kinds = {kind.value: kind for kind in ReportKind}
    kind = kinds.get(request.GET.get("loai", ""), ReportKind.MONTH)
    said = request.GET.get("thang", "")
    month = parse_month(said) if said else request.period
    latest = request.viewer.on.replace(day=1)
    if period_of(kind, month).first > latest:
        month = latest
    check_in_register(period_of(kind, month).ends_on)
    return Asked(kind, month)


@require_safe
@needs(VIEW)
def reports(request: ViewerRequest) -> HttpResponse:
    """The reports of one's own committee."""
    if request.viewer.unit_id is None:
        raise NotFound("Đồng chí chưa giữ vai trò ở tổ chức nào.", code="no-unit")
    return _page(request, request.viewer.unit_id)


@require_safe
@needs(VIEW)
def report(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The figures of a period, each opened by one click, and the report as a file."""
    return _page(request, unit_id)


def _page(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    viewer, asked = request.viewer, _asked(request)
    version = visible_unit(viewer, unit_id, viewer.on)
    period = period_of(asked.kind, asked.month)
    found = gather(unit_id, period, viewer)
    issue = issue_of(unit_id, subject_of(unit_id, asked.kind, period))
    chapters = [
        (chapter.title, [(one, address(one.source)) for one in chapter.figures])
        for chapter in found.chapters
    ]
    context: dict[str, Any] = {
        "version": version,
        "finding": _("%(name)s: %(kind)s, %(period)s.") % {
            "name": version.name, "kind": _(asked.kind.label).lower(), "period": period.words},
        "chapters": chapters,
        "counted_on": found.counted_on,
        "kinds": [(kind.value, _(kind.label)) for kind in ReportKind],
        "months": _months(viewer.on.replace(day=1)),
        "asked": asked,
        "month": month_slug(asked.month),
        "issue": issue,
        "is_running": viewer.on < period.ends_on,
    }  # fmt: skip
    return render(request, "reports/report.html", context)


@require_safe
@needs(VIEW)
def report_docx(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The report as a Word file; ?dang=pdf for a PDF."""
    asked = _asked(request)
    paper = report_paper(
        unit_id, asked.kind, asked.month, request.viewer,
        opens=Opens(request.build_absolute_uri("/").rstrip("/"), address),
    )  # fmt: skip
    layout_of(paper)  # a paper nobody can lay out is refused before it is drawn
    is_pdf = request.GET.get("dang") == "pdf"
    data = as_pdf(paper) if is_pdf else as_word(paper)
    name = f"bao-cao {asked.kind.value} {paper.issuer} {month_slug(asked.month)}"
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(name)))
    media, ending = ("application/pdf", "pdf") if is_pdf else (_DOCX, "docx")
    headers = {"Content-Disposition": f'attachment; filename="{slug}.{ending}"'}
    return HttpResponse(data, content_type=media, headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def report_number(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """Take the number of a report, with its day and signer."""
    viewer, now, asked = request.viewer, timezone.now(), _asked(request)
    version = visible_unit(viewer, unit_id, viewer.on)
    form = IssueForm(request.POST or None, today=timezone.localdate(now))
    back = f"{reverse('report', args=[unit_id])}?{asked.query}"
    if request.method == "POST" and form.is_valid():
        on, signer = form.cleaned_data["on"], form.signer()

        def take() -> Any:
            wish = report_wish(unit_id, asked.kind, asked.month, on=on, signer=signer, by=viewer)
            return take_number(unit_id=unit_id, wish=wish, by=viewer, at=now)

        made = done(form, take)
        if made is not None:
            messages.success(request, _("Văn bản mang số %s.") % made.document)
            return redirect(back)
    with answering(request):
        context = {
            "form": form,
            "version": version,
            "name": f"{_(asked.kind.label)}, {period_of(asked.kind, asked.month).words}",
            "back": back,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "reports/take.html", context, status=status)


def address(one: Address) -> str:
    """Where a figure is opened, in the month it was counted to."""
    path = reverse(one.page, kwargs=one.ids)
    return f"{path}?ky={month_slug(one.period)}" if one.period else path


def _months(latest: dt.date) -> list[tuple[str, str]]:
    """The months of the register, the latest first."""
    first = first_day_of_register() or latest
    found = []
    for back in range(MOST_MONTHS):
        month = add_months(latest, -back)
        if month < first.replace(day=1):
            break
        found.append((month_slug(month), month_label(month)))
    return found
