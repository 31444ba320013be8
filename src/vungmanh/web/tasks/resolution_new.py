"""A new resolution with its tasks, on one page; rows are added without JavaScript."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotNow
from vungmanh.meetings.actions.resolutions import TaskRefused, adopt_resolution
from vungmanh.meetings.actions.tasks import GIVE
from vungmanh.meetings.models import Meeting, Resolution
from vungmanh.meetings.quorum import electorate_by_count, majorities_on
from vungmanh.meetings.reads import meeting_visible
from vungmanh.meetings.resolutions import resolution_visible
from vungmanh.org.queries import members_of, visible_unit
from vungmanh.rulebook import load_rulebook
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.tasks import resolution_present as told_of
from vungmanh.web.tasks.asking import uuid_of
from vungmanh.web.tasks.forms import (
    ResolutionForm,
    blank_rows,
    more_rows,
    sent_rows,
    wishes_of,
)


@dataclass(frozen=True)
class _Source:
    """Whose it is, which sitting voted it, which higher one it applies."""

    unit_id: UUID
    meeting: Meeting | None
    origin: Resolution | None


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GIVE)
def resolution_new(request: ViewerRequest) -> HttpResponse:
    """A new resolution with its tasks: of the own unit, of one below (`don-vi`), of a meeting
    (`buoi`), applying a higher one (`thuc-hien`)."""
    viewer, now = request.viewer, timezone.now()
    source = _source(request, timezone.localdate(now))
    version = visible_unit(viewer, source.unit_id, timezone.localdate(now))
    form, rows = ResolutionForm(initial=_told_by(source.meeting)), blank_rows()
    if request.method == "POST" and request.POST.get("act") == "more":
        form, rows = ResolutionForm(initial=request.POST.dict()), more_rows(request.POST)
    elif request.method == "POST":
        form, rows = ResolutionForm(request.POST), sent_rows(request.POST)
        made = None
        if form.is_valid() and rows.is_valid():
            made = _adopt(form, rows, source, viewer, now)
        if made is not None:
            messages.success(request, _("Đã ghi. Việc đã giao nằm trong danh sách việc."))
            return redirect("resolution", made.pk)
    context = {
        "form": form,
        "rows": rows,
        "version": version,
        "meeting": source.meeting,
        "origin": told_of.resolution_name(source.origin) if source.origin else "",
    }
    with answering(request):
        status = 422 if form.is_bound else 200
        return render(request, "tasks/resolution_new.html", context, status=status)


def _source(request: ViewerRequest, on: dt.date) -> _Source:
    viewer, asked = request.viewer, request.GET
    meeting_id, origin_id = uuid_of(asked.get("buoi")), uuid_of(asked.get("thuc-hien"))
    meeting = meeting_visible(viewer, meeting_id, on) if meeting_id else None
    unit_id = meeting.unit_id if meeting else uuid_of(asked.get("don-vi")) or viewer.unit_id
    assert unit_id is not None, "whoever gives tasks holds a role in a unit"
    return _Source(
        unit_id, meeting, resolution_visible(viewer, origin_id, on) if origin_id else None
    )


def _told_by(meeting: Meeting | None) -> dict[str, Any]:
    """What record and register say already of a vote at that meeting: nobody types it twice."""
    if meeting is None or not meeting.facts.get("held_on"):
        return {}
    facts, day = meeting.facts, dt.date.fromisoformat(meeting.facts["held_on"])
    told = {"adopted_on": day}
    rule = majorities_on(load_rulebook(), day)
    if rule is None or facts.get("vote_for") is None:
        return told
    voters = electorate_by_count(
        members_of(meeting.unit_id, day), rule.base, exempt_present=facts.get("exempt_present")
    )
    if voters is None or voters.base < facts["vote_for"]:
        return told
    return {**told, "vote_for": facts["vote_for"], "vote_base": voters.base}


def _adopt(
    form: ResolutionForm, rows: Any, source: _Source, by: Viewer, at: dt.datetime
) -> Resolution | None:
    wishes = wishes_of(rows)
    wish = form.wish(
        meeting_id=source.meeting.pk if source.meeting else None,
        origin_id=source.origin.pk if source.origin else None,
    )
    tasks = [one for _place, one in wishes]
    try:
        return adopt_resolution(unit_id=source.unit_id, wish=wish, tasks=tasks, by=by, at=at)
    except TaskRefused as error:
        rows[wishes[error.number - 1][0]].add_error(error.field or None, error.message)
    except InputError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except (NotNow, NotAllowed) as error:
        form.add_error(None, error.message)
    return None
