"""Numbers, days and signers of the papers of a yearly rating, for the committee that decides."""

from __future__ import annotations

from collections.abc import Callable
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

from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.reads import cycle_visible, decisions_visible, dossier_visible
from vungmanh.evaluation.sides import decides
from vungmanh.outputs.gradings.issuing import (
    RatingPaper,
    cycle_subject,
    cycle_wish,
    decision_numbers,
    dossier_subject,
    dossier_wish,
    issues_of,
    type_of,
)
from vungmanh.outputs.gradings.matter import standing_decision
from vungmanh.outputs.models import PaperNumber
from vungmanh.outputs.papers.numbers import Wish, take_number
from vungmanh.rulebook.values.papers import PaperType
from vungmanh.web.access import answering, needs
from vungmanh.web.evaluation.cycle_forms import name_of
from vungmanh.web.papers.forms import IssueForm, done
from vungmanh.web.requests import ViewerRequest

DECIDE = "evaluation.dossier.decide"
R = RatingPaper
#: As addresses name them, with the url of the file.
OF_CYCLE = {
    "bang-tong-hop": (R.SUMMARY, "cycle_summary_docx"),
    "to-trinh": (R.SUBMISSION, "cycle_submission_docx"),
    "quyet-dinh": (R.DECISION, "cycle_decision_docx"),
    "phieu-y-kien": (R.SHEET, "cycle_sheet_docx"),
}
OF_DOSSIER = {
    "ho-so": (R.DOSSIER, "dossier_docx"),
    "thong-bao": (R.NOTICE, "dossier_result_docx"),
}


@dataclass(frozen=True)
class PaperRow:
    """One paper: how it was issued, its file, and where a number is taken."""

    name: str
    issue: PaperNumber | None
    word: str
    take: str
    has_number: bool

    @property
    def pdf(self) -> str:
        return f"{self.word}{'&' if '?' in self.word else '?'}dang=pdf"


@require_safe
@needs(DECIDE)
def cycle_numbers(request: ViewerRequest, cycle_id: UUID) -> HttpResponse:
    """Every paper of a cycle with its number, day and signer."""
    cycle = _cycle(request, cycle_id)
    return _listed(request, cycle, _cycle_rows(cycle), None)


@require_safe
@needs(DECIDE)
def dossier_numbers(request: ViewerRequest, dossier_id: UUID) -> HttpResponse:
    """The same of one dossier."""
    dossier = _dossier(request, dossier_id)
    issues = issues_of(_subject(request, dossier, paper) for paper, _url in OF_DOSSIER.values())
    rows = [
        PaperRow(
            _(paper.label),
            issues.get(_subject(request, dossier, paper)),
            reverse(url, args=[dossier.pk]),
            reverse("dossier_number", args=[dossier.pk, slug]),
            type_of(paper) is not PaperType.FORM,
        )
        for slug, (paper, url) in OF_DOSSIER.items()
    ]
    return _listed(request, dossier.cycle, rows, dossier)


def _cycle_rows(cycle: Cycle) -> list[PaperRow]:
    wanted = [
        (slug, paper, part)
        for slug, (paper, _url) in OF_CYCLE.items()
        for part in (cycle.bodies if paper is R.SHEET else [""])
    ]
    issues = issues_of(cycle_subject(cycle, paper, part) for _slug, paper, part in wanted)
    rows = []
    for slug, paper, part in wanted:
        query = f"?{urlencode({'noi': part})}" if part else ""
        name = f"{_(paper.label)}: {part}" if part else _(paper.label)
        word = reverse(OF_CYCLE[slug][1], args=[cycle.pk])
        take = reverse("cycle_number", args=[cycle.pk, slug]) + query
        issue = issues.get(cycle_subject(cycle, paper, part))
        if issue and paper is R.DECISION:
            query = f"?{urlencode({'so': issue.pk})}"
        numbered = type_of(paper) is not PaperType.FORM
        rows.append(PaperRow(name, issue, word + query, take, numbered))
        if paper is R.DECISION:
            rows += _further(cycle, issue, word)
    return rows


def _further(cycle: Cycle, first: PaperNumber | None, word: str) -> list[PaperRow]:
    """Decisions of the cycle beside the first: taken one after the other when they were made."""
    return [
        PaperRow(_("Quyết định bổ sung"), one, f"{word}?{urlencode({'so': one.pk})}", "", True)
        for one in decision_numbers(cycle)
        if first is None or one.pk != first.pk
    ]


def _listed(
    request: ViewerRequest, cycle: Cycle, rows: list[PaperRow], dossier: Dossier | None
) -> HttpResponse:
    left = sum(row.has_number and row.issue is None for row in rows)
    finding = _("Các văn bản đã có số.")
    if left:
        finding = _("%s văn bản chưa lấy số.") % left
    context = {
        "cycle": cycle,
        "dossier": dossier,
        "name": name_of(dossier) if dossier else "",
        "rows": rows,
        "finding": finding,
    }
    return render(request, "papers/rating.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE)
def cycle_number(request: ViewerRequest, cycle_id: UUID, paper: str) -> HttpResponse:
    """Take the number of a paper of the cycle, with its day and signer."""
    cycle = _cycle(request, cycle_id)
    if paper not in OF_CYCLE:
        raise _no_paper()
    kind, part = OF_CYCLE[paper][0], ""
    if kind is R.SHEET:
        part = request.GET.get("noi", "")
        if part not in cycle.bodies:
            raise _no_paper()
    back = reverse("cycle_numbers", args=[cycle.pk])

    def wish(form: IssueForm) -> Wish:
        on = form.cleaned_data["on"]
        return cycle_wish(cycle, kind, on=on, signer=form.signer(), part=part)

    name = f"{_(kind.label)}: {part}" if part else _(kind.label)
    return _take(request, cycle, _Asked(kind, name, back, wish))


@require_http_methods(["GET", "HEAD", "POST"])
@needs(DECIDE)
def dossier_number(request: ViewerRequest, dossier_id: UUID, dossier_paper: str) -> HttpResponse:
    """The same for a paper of a dossier. A notice waits for its decision."""
    dossier = _dossier(request, dossier_id)
    if dossier_paper not in OF_DOSSIER:
        raise _no_paper()
    kind = OF_DOSSIER[dossier_paper][0]
    decision = _decision(request, dossier)
    back = reverse("dossier_numbers", args=[dossier.pk])

    def wish(form: IssueForm) -> Wish:
        on = form.cleaned_data["on"]
        return dossier_wish(dossier, kind, on=on, signer=form.signer(), decision=decision)

    name = f"{_(kind.label)}, {name_of(dossier)}"
    return _take(request, dossier.cycle, _Asked(kind, name, back, wish))


@dataclass(frozen=True)
class _Asked:
    kind: RatingPaper
    name: str
    back: str
    wish: Callable[[IssueForm], Wish]


def _take(request: ViewerRequest, cycle: Cycle, asked: _Asked) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    signs = asked.kind is not R.SHEET  # whoever is asked signs the sheet
    form = IssueForm(request.POST or None, today=timezone.localdate(now), with_signer=signs)
    if request.method == "POST" and form.is_valid():
        made = done(
            form,
            lambda: take_number(unit_id=cycle.unit_id, wish=asked.wish(form), by=viewer, at=now),
        )
        if made is not None:
            told = _("Văn bản mang số %s.") % made.document
            messages.success(request, told if made.document else _("Đã ghi ngày và người ký."))
            return redirect(asked.back)
    with answering(request):
        context: dict[str, Any] = {
            "form": form,
            "cycle": cycle,
            "name": asked.name,
            "back": asked.back,
            "has_number": type_of(asked.kind) is not PaperType.FORM,
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "papers/take.html", context, status=status)


def _cycle(request: ViewerRequest, cycle_id: UUID) -> Cycle:
    """A cycle of one's own committee: nobody else gives its papers a number."""
    cycle = cycle_visible(request.viewer, cycle_id)
    _check_own(request, cycle)
    return cycle


def _dossier(request: ViewerRequest, dossier_id: UUID) -> Dossier:
    dossier = dossier_visible(request.viewer, dossier_id)
    _check_own(request, dossier.cycle)
    return dossier


def _check_own(request: ViewerRequest, cycle: Cycle) -> None:
    if not decides(request.viewer, cycle):
        raise NotAllowed(
            "Số văn bản của kỳ xếp loại do cấp quyết định lấy trong sổ của mình.", code="other-side"
        )


def _decision(request: ViewerRequest, dossier: Dossier) -> int:
    """The number of the decision that stands; 0 before the first."""
    standing = standing_decision(dossier, decisions_visible(request.viewer, dossier))
    return standing.number if standing else 0


def _subject(request: ViewerRequest, dossier: Dossier, paper: RatingPaper) -> str:
    return dossier_subject(dossier, paper, _decision(request, dossier))


def _no_paper() -> NotFound:
    return NotFound("Kỳ này không có văn bản ấy. Chọn ở danh sách văn bản.", code="no-paper")
