"""The report of a programme: every figure opens to its records; as a file, with a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import NotAllowed
from vungmanh.core.periods import month_label, month_of, month_range, month_slug
from vungmanh.outputs.papers.numbers import take_number
from vungmanh.outputs.papers.register import issue_of
from vungmanh.outputs.papers.terms import NUMBER
from vungmanh.outputs.programmes.asked import Asked
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid, Record
from vungmanh.outputs.programmes.periods import ProgrammeReport, first_month, period_asked
from vungmanh.outputs.programmes.report import (
    Page,
    chapters_of,
    figure_of,
    issuer_of,
    report_paper,
    report_wish,
    subject_of,
)
from vungmanh.strengthening import programme_reads as reads
from vungmanh.strengthening.year_addresses import Address
from vungmanh.web.access import answering, needs
from vungmanh.web.papers.downloads import paper_file
from vungmanh.web.papers.forms import IssueForm, done
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50
_FIRST = "ho-so.tat-ca"  # where no figure is asked for


def _asked(request: ViewerRequest, programme_id: UUID) -> Asked:
    """By ?loai= and ?thang=; without them the report of this month."""
    one = reads.programme_visible(request.viewer, programme_id)
    kind, month = request.GET.get("loai", ""), request.GET.get("thang", "")
    return Asked(one, period_asked(one, kind, month, today=request.viewer.on), request.viewer)


def _query(asked: Asked, **more: str) -> str:
    said = {"loai": asked.said.kind.value, "thang": month_slug(asked.said.month), **more}
    return urlencode(said)


def _may_number(asked: Asked) -> bool:
    return can(asked.viewer, NUMBER) and reads.is_of_committee(asked.viewer, issuer_of(asked))


@require_safe
@needs(reads.VIEW)
def programme_report(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """The report as its reader may see it; each figure leads to what it counted."""
    asked = _asked(request, programme_id)
    period = asked.said.period
    context: dict[str, Any] = {
        "one": asked.programme,
        "finding": _("%(kind)s của đề án, %(period)s.") % {
            "kind": _(asked.said.kind.label), "period": period.words},
        "counted_on": asked.on,
        "is_whole": asked.is_whole,
        "is_running": request.viewer.on < period.ends_on,
        "chapters": [_shown(one, asked) for one in chapters_of(asked)],
        "kinds": [(kind.value, _(kind.label)) for kind in ProgrammeReport],
        "kind": asked.said.kind.value,
        "months": _months(asked),
        "month": month_slug(asked.said.month),
        "query": _query(asked),
        "issue": issue_of(issuer_of(asked), subject_of(asked)),
        "may_number": _may_number(asked),
    }  # fmt: skip
    return render(request, "programmes/report.html", context)


@dataclass(frozen=True)
class GridShown:
    """A grid with an address for each figure: cells are (heading, text, address or "")."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, str, list[tuple[str, str, str]]]]
    empty: str


def _shown(chapter: Chapter, asked: Asked) -> tuple[Chapter, list[GridShown]]:
    page = reverse("programme_records", args=[asked.programme.pk])

    def cell(heading: str, one: Figure | str) -> tuple[str, str, str]:
        if isinstance(one, str):
            return heading, one, ""
        return heading, one.value, f"{page}?{_query(asked, so=one.code)}"

    def shown(grid: Grid) -> GridShown:
        rows = [
            (
                row.label,
                _href(row.address) if row.address else "",
                [cell(*pair) for pair in zip(grid.headings[1:], row.cells, strict=True)],
            )
            for row in grid.rows
        ]
        return GridShown(grid.title, grid.headings, rows, grid.empty)

    return chapter, [shown(grid) for grid in chapter.grids]


def _months(asked: Asked) -> list[tuple[str, str]]:
    """The months of the programme so far, the latest first."""
    months = month_range(first_month(asked.programme), month_of(asked.viewer.on))
    return [(month_slug(one), month_label(one)) for one in reversed(months)]


@require_safe
@needs(reads.VIEW)
def programme_records(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """What one figure of the report counted, each with its own page."""
    asked = _asked(request, programme_id)
    label, figure = figure_of(asked, request.GET.get("so", _FIRST))
    page = Paginator(figure.records, ON_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "one": asked.programme,
        "label": label,
        "figure": figure,
        "counted_on": asked.on,
        "period": asked.said.period.words,
        "page": page,
        "rows": [(one, _link(one)) for one in page.object_list],
        "is_weighed": any(one.amount != 1 for one in figure.records),
        "is_whole": asked.is_whole,
        "back": f"{reverse('programme_report', args=[asked.programme.pk])}?{_query(asked)}",
    }
    return render(request, "programmes/records.html", context)


def _link(one: Record) -> str:
    return _href(one.address, dict(one.query)) if one.address else ""


def _href(address: Address, query: dict[str, str] | None = None) -> str:
    said = dict(query or {})
    if address.period:
        said["ky"] = month_slug(address.period)
    path = reverse(address.page, kwargs=address.ids)
    return f"{path}?{urlencode(said)}" if said else path


@require_safe
@needs(reads.VIEW)
def programme_report_docx(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """The report as a Word file; ?dang=pdf for a PDF."""
    asked = _asked(request, programme_id)
    site = request.build_absolute_uri("/").rstrip("/")
    path = f"{reverse('programme_report', args=[asked.programme.pk])}?{_query(asked)}"
    paper = report_paper(asked, Page(site, path))
    return paper_file(request, paper, f"bao-cao {_file_words(asked, paper.issuer)}")


def _file_words(asked: Asked, issuer: str) -> str:
    """What a file is called: its kind, who sends it, and what it is about until when."""
    last = asked.said.period.last
    match asked.said.kind:
        case ProgrammeReport.MONTH:
            return f"thang {issuer} {month_slug(last)}"
        case ProgrammeReport.YEAR:
            return f"nam {issuer} {last.year}"
        case ProgrammeReport.MID_TERM:
            return f"so-ket {issuer} {month_slug(last)}"
        case _:
            return f"tong-ket {issuer} {last.year}"


@require_http_methods(["GET", "HEAD", "POST"])
@needs(reads.VIEW)
def programme_report_number(request: ViewerRequest, programme_id: UUID) -> HttpResponse:
    """Take the number of the report, with its day and signer."""
    now = timezone.now()
    with answering(request):
        asked = _asked(request, programme_id)
        if not _may_number(asked):
            raise NotAllowed(
                "Số của báo cáo do văn phòng, ban tổ chức của chính cấp ủy ấy lấy.",
                code="other-side",
            )
    form = IssueForm(request.POST or None, today=timezone.localdate(now))
    back = f"{reverse('programme_report', args=[programme_id])}?{_query(asked)}"
    if request.method == "POST" and form.is_valid():
        on, signer = form.cleaned_data["on"], form.signer()
        unit = issuer_of(asked)
        made = done(form, lambda: take_number(
            unit_id=unit, wish=report_wish(asked, on, signer), by=request.viewer, at=now,
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _("Văn bản mang số %s.") % made.document)
            return redirect(back)
    with answering(request):
        name = f"{_(asked.said.kind.label)}, {asked.said.period.words}"
        status = 422 if request.method == "POST" else 200
        context = {"form": form, "name": name, "back": back}
        return render(request, "reports/take.html", context, status=status)
