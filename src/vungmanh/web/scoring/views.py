"""Chấm điểm: the sheet of one meeting, and both sides next to each other once both are in."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vungmanh.core.errors import Conflict, InputError, NotNow
from vungmanh.core.vocabulary import FiledVia, Role, Scorer
from vungmanh.meetings.actions.scoring import ScoreConflict, give_score
from vungmanh.meetings.evidence import evidence_of
from vungmanh.meetings.models import Meeting, SheetScore
from vungmanh.meetings.scores import Seen, meeting_to_score, scores_seen
from vungmanh.meetings.sheets import SheetInForce, sheet_in_force
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook.scoring import Answers, Measured, Scored, read_answers, score_sheet
from vungmanh.web.access import answering, needs
from vungmanh.web.requests import ViewerRequest
from vungmanh.web.scoring import present, side_by_side
from vungmanh.web.scoring.present import FIELD, Filled

VIEW = "meetings.meeting.view"


@dataclass
class Desk:
    """One meeting as one viewer meets it, and what was sent of its sheet."""

    request: ViewerRequest
    meeting: Meeting
    seen: Seen
    side: Scorer | None
    found: SheetInForce | None
    without: str = ""  # why there is no sheet
    above: str = ""

    @property
    def name(self) -> str:
        named = UnitVersion.objects.filter(unit_id=self.meeting.unit_id).order_by("-valid")
        return named.values_list("name", flat=True).first() or ""

    @property
    def may_score(self) -> bool:
        """Whether a form is shown at all; what it then refuses says why."""
        return self.side is not None and not self.seen.open and self.found is not None

    def scored(self, filled: Filled) -> Scored:
        assert self.found is not None
        try:
            answers = read_answers(self.found.sheet, filled.values)
        except InputError:
            answers = _readable(self.found, filled)
        return score_sheet(self.found.sheet, self.facts, answers, self.found.bands)

    @cached_property
    def facts(self) -> Measured:
        return evidence_of(self.meeting)

    @property
    def length(self) -> Fraction | None:
        """How long the meeting had to last; None where that is not certain."""
        if self.found is None or self.facts.members is None or self.facts.thematic is None:
            return None
        facts = self.facts
        return self.found.sheet.minutes(
            members=facts.members or 0, thematic=facts.thematic or False
        )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(VIEW)
def meeting_score(request: ViewerRequest, meeting_id: UUID) -> HttpResponse:
    """The sheet to fill in, or both sheets side by side."""
    desk = _desk(request, meeting_id)
    own = desk.seen.own.get(desk.side) if desk.side else None
    if request.method != "POST":
        return _page(desk, Filled(_stored(own)))
    filled = Filled(_sent(request))
    if request.POST.get("act") == "tally" and desk.may_score:
        with answering(request):
            context = {"tally": present.tally_of(desk.scored(filled))}
            return render(request, "scoring/tally.html", context)
    kept = _give(desk, filled)
    if kept is None:
        messages.success(request, _told(_desk(request, meeting_id)))
        return redirect(request.get_full_path())
    with answering(request):
        return _page(desk, kept, status=422)


def _desk(request: ViewerRequest, meeting_id: UUID) -> Desk:
    viewer = request.viewer
    meeting = meeting_to_score(viewer, meeting_id, today=timezone.localdate())
    seen = scores_seen(viewer, meeting)
    wanted = [side for side in seen.sides if side == request.GET.get("ben")]
    side = next(iter(wanted or seen.sides), None)
    try:
        found = sheet_in_force(meeting.unit_id, meeting.kind, meeting.month)
    except NotNow as error:
        return Desk(request, meeting, seen, side, None, error.message)
    return Desk(request, meeting, seen, side, found)


def _sent(request: ViewerRequest) -> dict[str, str]:
    return {
        name[len(FIELD) :]: str(value).strip()
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }


def _stored(own: SheetScore | None) -> dict[str, str]:
    """What this side gave before, as the form holds it."""
    kept = own.scores if own else {}
    return {
        code: str(said).lower() if said in (True, False) else said for code, said in kept.items()
    }


def _was(request: ViewerRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.POST.get("was") or "{}")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _give(desk: Desk, filled: Filled) -> Filled | None:
    """None when it was kept; else what was sent, with what stood in its way."""
    request = desk.request
    is_paper = request.viewer.role is Role.COMMITTEE_OFFICE and desk.side is Scorer.SELF
    try:
        give_score(
            meeting_id=desk.meeting.pk,
            scorer=desk.side or "",
            sheet=request.POST.get("sheet", ""),
            scores=filled.values,
            was=_was(request),
            by=request.viewer,
            at=timezone.now(),
            via=FiledVia.PAPER if is_paper else FiledVia.WEB,
            note=request.POST.get("note", ""),
        )
    except ScoreConflict as error:
        desk.above = error.message
        return Filled(filled.values, {}, error.fields)
    except InputError as error:
        if error.field in filled.values:
            return Filled(filled.values, {error.field: error.message})
        desk.above = error.message
        return filled
    except (NotNow, Conflict) as error:
        desk.above = error.message
        return filled
    return None


def _told(desk: Desk) -> str:
    if desk.seen.both:
        return _("Đã ghi. Cả hai bên đã chấm xong, điểm mở cho nhau xem và không sửa nữa.")
    own = desk.seen.own.get(desk.side) if desk.side else None
    if own is not None and own.is_complete:
        return _("Đã ghi. Sửa được cho đến khi bên kia chấm xong.")
    return _("Đã ghi phần đã chấm. Còn dòng trống nên chưa tính tổng.")


def _page(desk: Desk, filled: Filled, *, status: int = 200) -> HttpResponse:
    which = present.meeting_words(desk.meeting, desk.name)
    own = desk.seen.own.get(desk.side) if desk.side else None
    context: dict[str, Any] = {
        "meeting": desk.meeting,
        "which": which,
        "finding": _capital(present.finding(which, desk.seen, desk.side)),
        "rule": desk.found.rule if desk.found else None,
        "without": desk.without,
        "above": desk.above,
        "side": desk.side,
        "sides": desk.seen.sides if desk.may_score and len(desk.seen.sides) > 1 else (),
        "given": [side for side in Scorer if side in desk.seen.given],
        "alone": None if desk.seen.both else next(iter(desk.seen.open.values()), None),
    }
    if desk.may_score:
        scored = desk.scored(filled)
        context |= {
            "rows": present.rows_of(scored, filled, desk.length),
            "tally": present.tally_of(scored),
            "was": _was_now(desk, filled),
            "note": desk.request.POST.get("note", own.note if own else ""),
        }
    if desk.seen.both:
        context |= {
            "both": desk.seen.both,
            "compared": side_by_side.compared_rows(desk.seen.both),
            "stats": side_by_side.compared_stats(desk.seen.both),
        }
    return render(desk.request, "scoring/score.html", context, status=status)


def _was_now(desk: Desk, filled: Filled) -> str:
    """What the scorer has before their eyes: after a conflict, the other value too."""
    if filled.conflicts or desk.request.method != "POST":
        return present.was_json(desk.seen.own.get(desk.side) if desk.side else None)
    return desk.request.POST.get("was", "{}")


def _readable(found: SheetInForce, filled: Filled) -> Answers:
    """What can be read of a form with a fault in it, so that its total can still be told."""
    kept = {}
    for code, value in filled.values.items():
        with suppress(InputError):
            read_answers(found.sheet, {code: value})
            kept[code] = value
    return read_answers(found.sheet, kept)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
