"""Hồ sơ củng cố: the list of files, and the page of one with everything that concerns its unit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from vungmanh.access.permissions import can
from vungmanh.core.programme_words import FileAct
from vungmanh.strengthening.actions.files import findings_of
from vungmanh.strengthening.file_course import beside_told, course_told
from vungmanh.strengthening.file_grades import grades_beside, years_beside
from vungmanh.strengthening.file_list import ALL, choices_of_lists, listed_files
from vungmanh.strengthening.file_news import NEWS, news_of
from vungmanh.strengthening.file_reads import VIEW, file_acts, file_visible
from vungmanh.strengthening.file_shown import shown_of
from vungmanh.strengthening.models import SupportFile
from vungmanh.strengthening.selection_reads import APPEAL
from vungmanh.strengthening.timeline import timeline
from vungmanh.web.access import answering, needs
from vungmanh.web.files import course, followed, listing, present
from vungmanh.web.files.acts import DOINGS, went_through
from vungmanh.web.files.choices import Offer
from vungmanh.web.files.timeline_rows import rows_of
from vungmanh.web.requests import ViewerRequest

ON_A_PAGE = 50


@require_safe
@needs(VIEW)
def support_files(request: ViewerRequest) -> HttpResponse:
    """The files in sight, what waits for the viewer first."""
    viewer, today = request.viewer, timezone.localdate()
    chosen, kept = listing.filter_of(request.GET)
    news = request.GET.get("xem", "")
    found = listed_files(viewer, today, chosen)
    if news in NEWS:
        closed = replace(chosen, state=chosen.state or ALL)
        found = listed_files(viewer, today, closed).filter(news_of(viewer, today, news))
        kept.append(("xem", news))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("trang"))
    waiting = found.filter(waits=True).count()
    months = followed.latest_months(one.pk for one in page.object_list)
    context = {
        "rows": followed.list_rows(page.object_list, months),
        "finding": listing.finding_of(page.paginator.count, waiting, is_filtered=bool(kept)),
        "page": page,
        "chosen": chosen,
        "kept": kept,
        "filters": listing.filters_of(choices_of_lists(viewer, today), chosen, news),
    }
    return render(request, "files/list.html", context)


@require_safe
@needs(VIEW)
def support_beside(request: ViewerRequest, file_id: UUID) -> HttpResponse:
    """The unit beside like units not chosen: a page, and a part fetched after the file's page."""
    today = timezone.localdate()
    one = file_visible(request.viewer, file_id)
    found = beside_told(one, today)
    context = {
        "file": one,
        "name": present.names_of(one, today).get(one.unit_id, ""),
        "rows": course.beside(found) if found else [],
        "grades": followed.beside_words(grades_beside(one, today)),
    }
    page = "files/beside.html" if request.htmx else "files/beside_page.html"
    return render(request, page, context)


@dataclass(frozen=True)
class Came:
    """What came back of a form that was sent."""

    form: forms.Form | None = None
    act: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def support_file(request: ViewerRequest, file_id: UUID) -> HttpResponse:
    """One file: signals at entry, causes, measures, the word of the unit, and what happened."""
    viewer, now = request.viewer, timezone.now()
    one = file_visible(viewer, file_id)
    if request.method != "POST":
        return _page(request, one, now)
    act = request.POST.get("act", "")
    doing = next((doing for doing in DOINGS.values() if doing.act == act), None)
    if doing is None:
        return _page(request, one, now, status=422)
    with answering(request):
        offer = Offer(viewer, one, shown_of(viewer, one), timezone.localdate(now))
        form = doing.form(request.POST, offer)
        is_valid = form.is_valid()
    if is_valid and went_through(form, lambda: doing.does(one, form.cleaned_data, viewer, now)):
        messages.success(request, doing.told)
        return redirect("support_file", one.pk)
    return _page(request, one, now, Came(form, act), status=422)


def _page(
    request: ViewerRequest, one: SupportFile, now: dt.datetime, came: Came | None = None, *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    viewer, today, came = request.viewer, timezone.localdate(now), came or Came()
    with answering(request):
        one = file_visible(viewer, one.pk)
        shown = shown_of(viewer, one)
        acts = file_acts(viewer, one)
        offered = present.offered(acts, Offer(viewer, one, shown, today), came.form, came.act)
        names = present.names_of(one, today)
        papers = present.papers_of(viewer, one)
        context: dict[str, Any] = {
            "file": one,
            "name": names.get(one.unit_id, ""),
            "names": names,
            "shown": shown,
            "finding": present.finding_of(one, names, today),
            "lead": present.lead_of(one, names, today),
            "label": present.label_of(one, today),
            "label_term": present.label_term(one),
            "head": present.head_of(one, shown, names, papers["decision_href"]),
            "programme_href": papers["programme_href"],
            "signs": present.signs_of(one),
            "exit_words": present.exit_words(one),
            "causes": present.cause_rows(shown, one.unit_id, today),
            "measures": present.measure_rows(shown, one, today),
            "offered": offered,
            "choice_id": one.choice_id if can(viewer, APPEAL) else None,
            "works": FileAct.WRITE_CAUSE in acts,
            "ends": FileAct.END_MEASURE in acts or FileAct.WRITE_MEASURE in acts,
            "stray": None if any(act.form is came.form for act in offered) else came.form,
            "month_lines": followed.month_lines(one, shown, today),
            "lineage": followed.lineage_lines(one, names, today),
            "reviews": followed.review_rows(shown),
            "grades": followed.grade_rows(years_beside(one, today)),
            "course": course.shown(course_told(one, today)) if one.path else None,
            "findings": findings_of(one, today),
            "months": rows_of(viewer, timeline(viewer, one, shown, until=today)),
        }
        return render(request, "files/file.html", context, status=status)
