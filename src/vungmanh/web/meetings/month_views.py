"""The month of a cell: prepare, record, file, confirm, return, seal, correct, on one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vungmanh.access.permissions import can
from vungmanh.core.errors import InputError, NotFound, NotNow, VungManhError
from vungmanh.core.periods import month_slug, parse_month
from vungmanh.core.vocabulary import FiledVia, MeetingAct
from vungmanh.meetings.actions.meeting import (
    announce_meeting,
    confirm_meeting,
    correct_meeting,
    file_meeting,
    plan_meeting,
    retract_meeting,
    return_meeting,
    seal_meeting,
    write_meeting,
)
from vungmanh.meetings.merging import FactsRefused, FieldConflict
from vungmanh.meetings.models import AttachmentSubject
from vungmanh.web.access import answering, needs
from vungmanh.web.attachments.present import Files, files_of
from vungmanh.web.meetings import history, present
from vungmanh.web.meetings.forms import PlanForm, RecordForm
from vungmanh.web.meetings.links import links_of
from vungmanh.web.meetings.month import Month, month_seen
from vungmanh.web.meetings.tally import tally_of, tally_of_version
from vungmanh.web.meetings.words import BUTTONS
from vungmanh.web.people.forms import ReasonForm
from vungmanh.web.requests import ViewerRequest

VIEW = "meetings.meeting.view"


class Desk:
    """The page with its forms, one of them filled in by what was posted."""

    def __init__(self, request: ViewerRequest, page: Month) -> None:
        self.request, self.page = request, page
        self.act = request.POST.get("act", "")
        writing = self.act in (MeetingAct.WRITE, MeetingAct.FILE)
        self.record = RecordForm(
            page.facts, request.POST if writing else None,
            roll=page.roll, has_names=page.has_names,
        )  # fmt: skip
        planning = request.POST if self.act == MeetingAct.PLAN else None
        self.plan = PlanForm(page.plan, planning, thematic=page.kind == "thematic")
        giving = request.POST if self.act in (MeetingAct.RETURN, MeetingAct.CORRECT) else None
        self.reason = ReasonForm(giving, prefix=None)
        self.said_above = ""

    @property
    def form(self) -> forms.Form:
        if self.act == MeetingAct.PLAN:
            return self.plan
        return self.record if self.record.is_bound else self.reason

    def look_again(self) -> None:
        """The page as it stands after a part was kept."""
        page = self.page
        self.page = month_seen(page.viewer, page.unit_id, page.kind, page.month)
        self.record.was = self.record.stored = self.page.facts

    def try_(self, action: Callable[[], Any]) -> bool:
        """Whether the action went through; its refusal is put where the reader looks."""
        try:
            action()
        except FieldConflict as error:
            self.form.show_conflict(error)  # type: ignore[attr-defined]
        except FactsRefused as error:
            self.record.refuse(error.problems)
        except (InputError, NotNow) as error:
            if self.form.is_bound:
                field = getattr(error, "field", "")
                self.form.add_error(field if field in self.form.fields else None, error.message)
            else:
                self.said_above = error.message
        else:
            return True
        return False


def _plan(desk: Desk, told: dict[str, Any]) -> bool:
    page = desk.page
    if not desk.plan.is_valid():
        return False
    set_, was = desk.plan.changes()
    return desk.try_(lambda: plan_meeting(
        unit_id=page.unit_id, kind=page.kind, month=page.month, set=set_, was=was,
        via=page.via, **told,
    ))  # fmt: skip


def _write(desk: Desk, told: dict[str, Any]) -> bool:
    page = desk.page
    set_, was = desk.record.changes()
    return desk.record.is_valid() and desk.try_(lambda: write_meeting(
        unit_id=page.unit_id, kind=page.kind, month=page.month, set=set_, was=was,
        via=page.via, **told,
    ))  # fmt: skip


def _file(desk: Desk, told: dict[str, Any]) -> bool:
    page = desk.page
    if not _write(desk, told):
        return False
    if desk.try_(lambda: file_meeting(meeting_id=page.id, via=page.via, **told)):
        return True
    desk.look_again()  # the draft was kept: the page must know it
    return False


def _with_reason(action: Callable[..., Any]) -> Callable[[Desk, dict[str, Any]], bool]:
    def act(desk: Desk, told: dict[str, Any]) -> bool:
        if not desk.reason.is_valid():
            return False
        reason = desk.reason.cleaned_data["reason"]
        return desk.try_(lambda: action(meeting_id=desk.page.id, reason=reason, **told))

    return act


def _plain(action: Callable[..., Any]) -> Callable[[Desk, dict[str, Any]], bool]:
    def act(desk: Desk, told: dict[str, Any]) -> bool:
        return desk.try_(lambda: action(meeting_id=desk.page.id, **told))

    return act


ACTS: dict[str, Callable[[Desk, dict[str, Any]], bool]] = {
    MeetingAct.PLAN: _plan,
    MeetingAct.ANNOUNCE: _plain(announce_meeting),
    MeetingAct.WRITE: _write,
    MeetingAct.FILE: _file,
    MeetingAct.RETRACT: _plain(retract_meeting),
    MeetingAct.CONFIRM: _plain(confirm_meeting),
    MeetingAct.RETURN: _with_reason(return_meeting),
    MeetingAct.SEAL: _plain(seal_meeting),
    MeetingAct.CORRECT: _with_reason(correct_meeting),
}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW, ahead=True)
def meeting(request: ViewerRequest, unit_id: UUID, kind: str, month: str) -> HttpResponse:
    """One month of one cell, whatever its state, with what this role may do now."""
    page = month_seen(request.viewer, unit_id, kind, _month(month))
    if request.method == "POST":
        desk = Desk(request, page)
        if desk.act not in ACTS:
            raise InputError(_("Không rõ phải làm gì. Tải lại trang rồi bấm lại."), code="no-act")
        told = {"by": request.viewer, "at": timezone.now()}
        if ACTS[desk.act](desk, told):
            messages.success(request, str(BUTTONS[MeetingAct(desk.act)][1]))
            return redirect("meeting", page.unit_id, page.kind.value, month_slug(page.month))
        with answering(request, ahead=True):
            return render(request, "meetings/meeting.html", context_of(desk), status=422)
    return render(request, "meetings/meeting.html", context_of(Desk(request, page)))


@require_POST
@needs(VIEW, ahead=True)
def meeting_tally(request: ViewerRequest, unit_id: UUID, kind: str, month: str) -> HttpResponse:
    """What the numbers typed so far amount to: the same part as in the page, nothing is kept."""
    page = month_seen(request.viewer, unit_id, kind, _month(month))
    form = RecordForm(page.facts, request.POST, roll=page.roll, has_names=page.has_names)
    with answering(request, ahead=True):
        context = {"tally": tally_of(page, form.sound())}
        return render(request, "meetings/tally.html", context)


def _month(slug: str) -> dt.date:
    try:
        return parse_month(slug)
    except VungManhError:
        raise NotFound(_("Không có tháng này."), code="no-month") from None


def _files(page: Month) -> Files | None:
    """The files of the record, once there is one."""
    if page.meeting is None:
        return None
    return files_of(page.viewer, AttachmentSubject.MEETING, page.id, page.viewer.on)


def context_of(desk: Desk) -> dict[str, Any]:
    """Everything the page shows. A draft is for those who write it; others read what was filed."""
    page, version = desk.page, desk.page.standing
    writes = can(page.viewer, "meetings.meeting.write")
    facts = desk.record.sound() if desk.record.is_bound else page.facts if writes else {}
    shows_version = version is not None and not page.can(MeetingAct.WRITE)
    if shows_version and version is not None:
        tally = tally_of_version(page, version.facts, version.membership)
    else:
        tally = tally_of(page, facts)
    return {
        "page": page,
        "finding": present.finding(page),
        "lead": present.lead(page),
        "stages": present.stages(page),
        "buttons": present.buttons(page),
        "plan": desk.plan if page.can(MeetingAct.PLAN) else None,
        "record": desk.record if page.can(MeetingAct.WRITE) else None,
        "reason": desk.reason,
        "open_reason": desk.act if desk.reason.is_bound else "",
        "said_above": desk.said_above,
        "tally": tally,
        "groups": present.record_groups(version.facts if shows_version and version else facts),
        "leads": present.leads(page),
        "files": _files(page),
        "is_paper": page.via is FiledVia.PAPER and page.can(MeetingAct.WRITE),
        "filed_by_paper": version is not None and version.filed_via == FiledVia.PAPER,
        "changes": history.changes(page) if writes else [],
        "versions": history.version_rows(page),
        "links": links_of(page),
        "may_keep_roll": page.keeps_names and writes,
    }
