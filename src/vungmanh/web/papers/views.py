"""Minutes and notice as a page to print and as Word; the calendar entry; the form on paper."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_label, month_slug, parse_month
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind, Scorer, UnitKind
from vungmanh.meetings.models import Meeting
from vungmanh.meetings.reads import meeting_visible
from vungmanh.meetings.scores import scores_seen
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import cells_visible, visible_unit
from vungmanh.outputs.minutes.blank import blank_paper
from vungmanh.outputs.minutes.calendar import calendar_entry
from vungmanh.outputs.minutes.gather import minutes_paper
from vungmanh.outputs.minutes.notice import notice_paper
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.layout import date_line, layout_of, symbol_of
from vungmanh.outputs.papers.pdf import as_pdf
from vungmanh.outputs.papers.word import as_word
from vungmanh.web.access import needs
from vungmanh.web.requests import ViewerRequest

MOST_FORMS = 100
VIEW = "meetings.meeting.view"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _meeting(request: ViewerRequest, meeting_id: UUID) -> Meeting:
    return meeting_visible(request.viewer, meeting_id, request.viewer.on)


def _minutes(request: ViewerRequest, meeting: Meeting) -> Paper:
    """With the cell's own points where they may be read by all who see the meeting.

    The roll by name and the draft are for those who write the record. Raises NotNow for a draft.
    """
    score = scores_seen(request.viewer, meeting).open.get(Scorer.SELF)
    writes = can(request.viewer, "meetings.meeting.write")
    paper = minutes_paper(meeting, score=score, with_names=writes)
    if paper.is_draft and not writes:
        raise NotNow(
            _("Bản ghi tháng này chưa nộp nên chưa có biên bản để xem. Chờ chi bộ nộp."),
            code="not-filed",
        )
    return paper


@require_safe
@needs(VIEW)
def meeting_minutes(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes as they will be printed."""
    meeting = _meeting(request, meeting_id)
    paper = _minutes(request, meeting)
    finding = _("Biên bản của %(cell)s, %(month)s.")
    if paper.is_draft:
        finding = _("Biên bản của %(cell)s, %(month)s: bản nháp, chưa nộp.")
    words = {"name": _("Biên bản"), "finding": finding}
    return _page(request, meeting, paper, words, "meeting_minutes_docx")


@require_safe
@needs(VIEW)
def meeting_minutes_docx(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes as a Word file; ?dang=pdf for a PDF."""
    meeting = _meeting(request, meeting_id)
    return _download(request, _minutes(request, meeting), "bien-ban", meeting.month)


@require_safe
@needs(VIEW)
def meeting_notice(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The notice as it will be printed."""
    meeting = _meeting(request, meeting_id)
    paper = notice_paper(meeting, on=request.viewer.on)
    words = {"name": _("Thư mời"), "finding": _("Thư mời họp của %(cell)s, %(month)s.")}
    return _page(request, meeting, paper, words, "meeting_notice_docx")


@require_safe
@needs(VIEW)
def meeting_notice_docx(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The notice as a Word file; ?dang=pdf for a PDF."""
    meeting = _meeting(request, meeting_id)
    paper = notice_paper(meeting, on=request.viewer.on)
    return _download(request, paper, "thu-moi", meeting.month)


@require_safe
@needs(VIEW)
def meeting_ics(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The meeting as a calendar entry."""
    meeting = _meeting(request, meeting_id)
    entry = calendar_entry(meeting)
    return _file(entry, "text/calendar; charset=utf-8", f"hop-{month_slug(meeting.month)}.ics")


@require_safe
@needs(VIEW)
def blank_minutes(request: ViewerRequest, unit_id: UUID) -> HttpResponse:
    """The form to print for a cell that writes on paper, or those of all cells of a committee in
    one zip; ?thang= and ?loai= say for which meeting."""
    version = visible_unit(request.viewer, unit_id, request.viewer.on)
    month = _month_asked(request)
    if UnitKind(version.kind) in CELL_KINDS:
        return _download(request, _blank(request, unit_id, month), "mau-ghi", month)
    below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=request.viewer.on)
    cells = cells_visible(request.viewer, request.viewer.on).filter(
        unit_id__in=below.values("descendant_id")
    )[: MOST_FORMS + 1]
    if len(cells) > MOST_FORMS:
        words = _("Mỗi lần in nhiều nhất %s chi bộ. Mở trang của một xã hoặc một chi bộ rồi in.")
        raise InputError(words % MOST_FORMS)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for number, cell in enumerate(cells, start=1):
            paper = _blank(request, cell.unit_id, month)
            name = f"{number:03d}-{_slug(cell.name)}-{month_slug(month)}.docx"
            made.writestr(name, as_word(paper))
    name = f"mau-ghi-{_slug(version.name)}-{month_slug(month)}.zip"
    return _file(target.getvalue(), "application/zip", name)


def _month_asked(request: ViewerRequest) -> dt.date:
    asked = request.GET.get("thang", "")
    return parse_month(asked) if asked else request.viewer.on.replace(day=1)


def _blank(request: ViewerRequest, unit_id: UUID, month: dt.date) -> Paper:
    thematic = request.GET.get("loai") == ObligationKind.THEMATIC
    kind = ObligationKind.THEMATIC if thematic else ObligationKind.REGULAR
    with_names = can(request.viewer, "org.person.view")
    return blank_paper(unit_id, kind, month, on=request.viewer.on, with_names=with_names)


def _page(
    request: ViewerRequest, meeting: Meeting, paper: Paper, words: dict[str, str], word: str
) -> HttpResponse:
    said = {"cell": paper.issuer, "month": month_label(meeting.month)}
    context: dict[str, Any] = {
        "paper": paper,
        "symbol": symbol_of(paper),
        "dated": date_line(paper),
        "laid": layout_of(paper),
        "finding": words["finding"] % said,
        "name": words["name"],
        "meeting": meeting,
        "back": reverse("meeting", args=[meeting.unit_id, meeting.kind, month_slug(meeting.month)]),
        "word_href": reverse(word, args=[meeting.pk]),
        "ics_href": reverse("meeting_ics", args=[meeting.pk])
        if meeting.plan.get("planned_on")
        else "",
        "files_href": reverse("attachment_add", args=[meeting.pk]),
    }
    return render(request, "papers/paper.html", context)


def _download(request: ViewerRequest, paper: Paper, what: str, month: dt.date) -> HttpResponse:
    """Named so that a folder of a year stays in order: what, cell, month."""
    name = f"{what}-{_slug(paper.issuer)}-{month_slug(month)}"
    if request.GET.get("dang") == "pdf":
        return _file(as_pdf(paper), "application/pdf", f"{name}.pdf")
    return _file(as_word(paper), _DOCX, f"{name}.docx")


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(name)))


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
