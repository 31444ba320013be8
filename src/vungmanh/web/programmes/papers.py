"""Papers of programmes as pages to print, as files, with their numbers: plan, selection, oversight,
visits. What each says is made in outputs; here is only who may open it and where it belongs."""

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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotAllowed, NotFound
from vungmanh.meetings.visits import visit_visible
from vungmanh.outputs.papers.layout import date_line, layout_of, symbol_of
from vungmanh.outputs.papers.numbers import take_number
from vungmanh.outputs.papers.register import issue_of
from vungmanh.outputs.papers.terms import NUMBER
from vungmanh.outputs.programmes.choosing_papers import decision_of, submission_of
from vungmanh.outputs.programmes.issuing import Issuable
from vungmanh.outputs.programmes.oversight_paper import assignment_of
from vungmanh.outputs.programmes.plan_paper import plan_of
from vungmanh.outputs.programmes.visit_paper import minutes_of
from vungmanh.strengthening import assigning_reads, programme_reads, selection_reads
from vungmanh.web.access import answering, needs
from vungmanh.web.papers.downloads import paper_file
from vungmanh.web.papers.forms import IssueForm, done
from vungmanh.web.requests import ViewerRequest

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class PaperPage:
    """A kind of paper: who opens it, how it is found, what it is called and where it belongs.

    `url` names its page; with `_docx` and `_number` added, its file and the form for its number.
    """

    permission: str
    find: Callable[..., Issuable]
    url: str
    name: str
    home: str  # the page of what the paper is of


def _plan(viewer: Viewer, programme_id: UUID) -> Issuable:
    return plan_of(programme_reads.programme_visible(viewer, programme_id))


_OF_SELECTION = {"to-trinh": submission_of, "quyet-dinh": decision_of}


def _of_selection(viewer: Viewer, selection_id: UUID, paper: str) -> Issuable:
    if paper not in _OF_SELECTION:
        raise NotFound("Lần lựa chọn không có văn bản ấy. Lấy tờ trình hoặc quyết định.")
    return _OF_SELECTION[paper](selection_reads.selection_visible(viewer, selection_id))


def _assignment(viewer: Viewer, plan_id: UUID) -> Issuable:
    return assignment_of(assigning_reads.plan_visible(viewer, plan_id))


def _minutes(viewer: Viewer, visit_id: UUID) -> Issuable:
    return minutes_of(visit_visible(viewer, visit_id, viewer.on))


PLAN = PaperPage(programme_reads.VIEW, _plan, "programme_plan",
                 gettext_noop("Kế hoạch thực hiện đề án"), "programme")  # fmt: skip
SELECTION = PaperPage(selection_reads.VIEW, _of_selection, "selection_paper",
                      gettext_noop("Văn bản của lần lựa chọn"), "selection")  # fmt: skip
ASSIGNMENT = PaperPage(assigning_reads.READ, _assignment, "oversight_paper",
                       gettext_noop("Quyết định phân công"), "oversight_plan")  # fmt: skip
VISIT = PaperPage("meetings.visit.view", _minutes, "visit_minutes",
                  gettext_noop("Biên bản đi cơ sở"), "visit")  # fmt: skip


def views_of(kind: PaperPage) -> tuple[View, View, View]:
    """The page, the file and the form for the number of one kind of paper."""

    @require_safe
    @needs(kind.permission)
    def page(request: ViewerRequest, **ids: Any) -> HttpResponse:
        return _page(request, kind, ids)

    @require_safe
    @needs(kind.permission)
    def file(request: ViewerRequest, **ids: Any) -> HttpResponse:
        found = kind.find(request.viewer, **ids)
        paper = found.paper(today=request.viewer.on)
        return paper_file(request, paper, f"{paper.title} {found.about}")

    @require_http_methods(["GET", "HEAD", "POST"])
    @needs(kind.permission)
    def number(request: ViewerRequest, **ids: Any) -> HttpResponse:
        return _number(request, kind, ids)

    return page, file, number


def _page(request: ViewerRequest, kind: PaperPage, ids: dict[str, Any]) -> HttpResponse:
    found = kind.find(request.viewer, **ids)
    paper = found.paper(today=request.viewer.on)
    context = {
        "paper": paper,
        "symbol": symbol_of(paper),
        "dated": date_line(paper),
        "laid": layout_of(paper),
        "name": f"{_(kind.name)}: {found.about}",
        "place": _(kind.name),
        "home": _home(kind, ids),
        "word_href": reverse(f"{kind.url}_docx", kwargs=ids),
        "issue": issue_of(found.unit_id, found.subject),
        "number_href": reverse(f"{kind.url}_number", kwargs=ids)
        if _may_number(request.viewer, found)
        else "",
        "has_number": found.has_number,
    }
    return render(request, "programmes/paper.html", context)


def _number(request: ViewerRequest, kind: PaperPage, ids: dict[str, Any]) -> HttpResponse:
    """Day, signer and, where the paper has one, the next number of the committee's register."""
    now = timezone.now()
    with answering(request):
        found = kind.find(request.viewer, **ids)
        if not _may_number(request.viewer, found):
            raise NotAllowed(
                "Số văn bản do văn phòng, ban tổ chức của chính cấp ủy ban hành lấy.",
                code="other-side",
            )
    form = IssueForm(request.POST or None, today=timezone.localdate(now))
    back = reverse(kind.url, kwargs=ids)
    if request.method == "POST" and form.is_valid():
        on, signer = form.cleaned_data["on"], form.signer()
        made = done(form, lambda: take_number(
            unit_id=found.unit_id, wish=found.wish(on, signer), by=request.viewer, at=now
        ))  # fmt: skip
        if made is not None:
            told = _("Văn bản mang số %s.") % made.document
            messages.success(request, told if made.document else _("Đã ghi ngày và người ký."))
            return redirect(back)
    with answering(request):
        name = f"{_(kind.name)}, {found.about}"
        context = {"form": form, "name": name, "back": back, "place": _(kind.name)}
        status = 422 if request.method == "POST" else 200
        return render(request, "reports/take.html", context, status=status)


def _may_number(viewer: Viewer, found: Issuable) -> bool:
    return can(viewer, NUMBER) and programme_reads.is_of_committee(viewer, found.unit_id)


def _home(kind: PaperPage, ids: dict[str, Any]) -> str:
    return reverse(kind.home, kwargs={name: one for name, one in ids.items() if name != "paper"})


programme_plan, programme_plan_docx, programme_plan_number = views_of(PLAN)
selection_paper, selection_paper_docx, selection_paper_number = views_of(SELECTION)
oversight_paper, oversight_paper_docx, oversight_paper_number = views_of(ASSIGNMENT)
visit_minutes, visit_minutes_docx, visit_minutes_number = views_of(VISIT)
