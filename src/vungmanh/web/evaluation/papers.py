"""Papers of the yearly rating as Word files; ?dang=pdf for a PDF."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from vungmanh.core.text import fold
from vungmanh.evaluation.models import Cycle
from vungmanh.evaluation.reads import VIEW, cycle_visible, dossier_visible
from vungmanh.outputs.gradings.cycle import (
    decision_paper,
    sheet_paper,
    submission_paper,
    summary_paper,
)
from vungmanh.outputs.gradings.dossier import paper_of_dossier, paper_of_result
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.papers.word import as_word
from vungmanh.web.access import needs
from vungmanh.web.evaluation.quota_views import SEE, check_committee
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks.asking import uuid_of

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@needs(VIEW)
def dossier_docx(request: ViewerRequest, dossier_id: UUID) -> HttpResponse:
    """The dossier as whoever asks may read it."""
    one = dossier_visible(request.viewer, dossier_id)
    paper = paper_of_dossier(one, request.viewer, at=timezone.now())
    return _download(request, paper, f"ho-so {one.name} {one.cycle.year}")


@require_safe
@needs(VIEW)
def dossier_result_docx(request: ViewerRequest, dossier_id: UUID) -> HttpResponse:
    """The notice of the result to the unit."""
    one = dossier_visible(request.viewer, dossier_id)
    paper = paper_of_result(one, request.viewer, at=timezone.now())
    return _download(request, paper, f"thong-bao {one.name} {one.cycle.year}")


@require_safe
@needs(SEE)
def cycle_summary_docx(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The summary table."""
    one = _cycle(request, cycle_id)
    paper = summary_paper(one, request.viewer, on=timezone.localdate())
    return _download(request, paper, f"bang-tong-hop {one.name} {one.year}")


@require_safe
@needs(SEE)
def cycle_submission_docx(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """What is proposed."""
    one = _cycle(request, cycle_id)
    paper = submission_paper(one, request.viewer, on=timezone.localdate())
    return _download(request, paper, f"to-trinh {one.name} {one.year}")


@require_safe
@needs(SEE)
def cycle_decision_docx(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The decision with its list; ?so= names one of several."""
    one = _cycle(request, cycle_id)
    number = uuid_of(request.GET.get("so"))
    paper = decision_paper(one, request.viewer, on=timezone.localdate(), number_id=number)
    return _download(request, paper, f"quyet-dinh {one.name} {one.year}")


@require_safe
@needs(SEE)
def cycle_sheet_docx(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """The blank opinion sheet; ?noi= names the body."""
    one = _cycle(request, cycle_id)
    body = request.GET.get("noi", "")
    paper = sheet_paper(one, request.viewer, body, on=timezone.localdate())
    return _download(request, paper, f"phieu-y-kien {body} {one.name} {one.year}")


def _cycle(request: ViewerRequest, cycle_id: UUID) -> Cycle:
    """A cycle in sight, for who decides in it: these papers name everybody's grade."""
    one = cycle_visible(request.viewer, cycle_id)
    check_committee(request.viewer, one)
    return one


def _download(request: ViewerRequest, paper: Paper, name: str) -> HttpResponse:
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(name)))
    is_pdf = request.GET.get("dang") == "pdf"
    data = as_pdf(paper) if is_pdf else as_word(paper)
    kind, ending = ("application/pdf", "pdf") if is_pdf else (_DOCX, "docx")
    headers = {"Content-Disposition": f'attachment; filename="{slug}.{ending}"'}
    return HttpResponse(data, content_type=kind, headers=headers)
