"""The one way to write the record of a meeting, whether on a page, on a phone or from paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.periods import add_months, month_label, month_of
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import (
    FiledVia,
    MeetingAct,
    MeetingState,
    ObligationKind,
    Scorer,
)
from vungmanh.meetings.actions.filing import file_version, tell_ledger, tell_score
from vungmanh.meetings.actions.scoring import refresh_scores
from vungmanh.meetings.duties import duties_of
from vungmanh.meetings.facts import FORM, plan_problem, problems
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.merging import FactsRefused, Values, cleaned, merged
from vungmanh.meetings.models import Meeting, MeetingChange, Obligation
from vungmanh.meetings.reads import (
    first_day_of,
    may_write_for,
    meeting_visible,
    setting_of,
    standing_version,
)
from vungmanh.meetings.scores import current_scores
from vungmanh.meetings.states import check_role, check_step
from vungmanh.org.turns import beside_register

MEETINGS = (ObligationKind.REGULAR, ObligationKind.THEMATIC)
MONTHS_AHEAD = 3  # how far ahead a meeting may be prepared
LONGEST_REASON = 300


@dataclass(frozen=True)
class _Hand:
    """Who does it, when, and by which way."""

    by: Viewer
    at: dt.datetime
    via: FiledVia = FiledVia.WEB


@transaction.atomic
def plan_meeting(
    *, unit_id: UUID, kind: str, month: dt.date, set: Values, was: Values, by: Viewer,
    at: dt.datetime, via: FiledVia = FiledVia.WEB,
) -> Meeting:  # fmt: skip
    """Prepare: when, where, what about. `set` and `was` as in `write_meeting`, of the plan."""
    meeting = _begin(unit_id, kind, month, MeetingAct.PLAN, _Hand(by, at, via))
    plan, changed = merged(meeting.plan, dict(set), was)
    if not changed and meeting.state:
        return meeting
    _check_plan(meeting, plan, localdate(at))
    meeting.plan = plan
    return _done(meeting, MeetingAct.PLAN, _Hand(by, at, via), changed)


@transaction.atomic
def announce_meeting(*, meeting_id: UUID, by: Viewer, at: dt.datetime) -> Meeting:
    """Tell members and the overseer. Raises InputError (`planned_on`) without a day."""
    meeting = _locked(meeting_id, MeetingAct.ANNOUNCE, by)
    if not meeting.plan.get("planned_on"):
        raise InputError("Ghi ngày họp trước khi báo.", field="planned_on", code="not-said")
    meeting.plan = {**meeting.plan, "announced": meeting.plan.get("announced", 0) + 1}
    return _done(meeting, MeetingAct.ANNOUNCE, _Hand(by, at))


@transaction.atomic
def write_meeting(
    *, unit_id: UUID, kind: str, month: dt.date, set: Values, was: Values, by: Viewer,
    at: dt.datetime, via: FiledVia = FiledVia.WEB, form: int = FORM,
) -> Meeting:  # fmt: skip
    """Write fields of the record; the others stay as they are.

    `set` maps names of `facts.FIELDS` to new values (null: not said), `was` to those the writer
    had before. A field that somebody else has changed meanwhile is a FieldConflict unless both
    wrote the same; nothing is written then. Raises FactsRefused for values that cannot be so,
    NotNow outside the months and states of a record, NotFound out of reach.
    """
    meeting = _begin(unit_id, kind, month, MeetingAct.WRITE, _Hand(by, at, via))
    facts, changed = merged(meeting.facts, cleaned(set), was)
    setting = setting_of(unit_id, kind, meeting.month, facts, today=localdate(at))
    found = problems(facts, setting)
    if found:
        raise FactsRefused(found)
    if not changed and meeting.state == MeetingState.RECORDING:
        return meeting
    meeting.facts, meeting.form = facts, form
    return _done(meeting, MeetingAct.WRITE, _Hand(by, at, via), changed)


@transaction.atomic
def file_meeting(
    *, meeting_id: UUID, by: Viewer, at: dt.datetime, via: FiledVia = FiledVia.WEB
) -> Meeting:
    """File the record: it is frozen with the membership of the day, and the ledger counts it.

    Raises FactsRefused where what must be said is missing.
    """
    meeting = _locked(meeting_id, MeetingAct.FILE, by)
    setting = setting_of(
        meeting.unit_id, meeting.kind, meeting.month, meeting.facts, today=localdate(at)
    )
    found = problems(meeting.facts, setting, filing=True)
    if found:
        raise FactsRefused(found)
    file_version(meeting, by=by, at=at, via=via)
    return _done(meeting, MeetingAct.FILE, _Hand(by, at, via), ledger=True)


@transaction.atomic
def retract_meeting(*, meeting_id: UUID, by: Viewer, at: dt.datetime) -> Meeting:
    """Take back what waits for confirmation, to change it."""
    meeting = _locked(meeting_id, MeetingAct.RETRACT, by)
    meeting.versions.filter(pk=_filed(meeting)).update(retracted_at=at)
    return _done(meeting, MeetingAct.RETRACT, _Hand(by, at), ledger=True)


@transaction.atomic
def confirm_meeting(*, meeting_id: UUID, by: Viewer, at: dt.datetime) -> Meeting:
    """The office confirms the facts (decisions.md 11); not whoever scored them as the superior."""
    meeting = _locked(meeting_id, MeetingAct.CONFIRM, by)
    theirs = current_scores([meeting.pk]).get(meeting.pk, {}).get(Scorer.SUPERIOR)
    if theirs is not None and theirs.given_by_id == by.user.pk:
        raise NotNow(
            "Đồng chí đã chấm điểm buổi này với tư cách cấp trên nên không xác nhận số liệu; nhờ "
            "đồng chí khác trong văn phòng.",
            code="scored-it",
        )
    meeting.versions.filter(pk=_filed(meeting)).update(confirmed_at=at, confirmed_by=by.user)
    return _done(meeting, MeetingAct.CONFIRM, _Hand(by, at))


@transaction.atomic
def return_meeting(*, meeting_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Meeting:
    """Send the record back with a reason; the ledger falls back on the last good version."""
    meeting = _locked(meeting_id, MeetingAct.RETURN, by)
    why = _reason(reason)
    meeting.versions.filter(pk=_filed(meeting)).update(
        returned_at=at, returned_by=by.user, returned_reason=why
    )
    return _done(meeting, MeetingAct.RETURN, _Hand(by, at), reason=why, ledger=True)


@transaction.atomic
def seal_meeting(*, meeting_id: UUID, by: Viewer, at: dt.datetime) -> Meeting:
    """Close a confirmed record."""
    meeting = _locked(meeting_id, MeetingAct.SEAL, by)
    meeting.versions.filter(pk=_filed(meeting)).update(sealed_at=at, sealed_by=by.user)
    return _done(meeting, MeetingAct.SEAL, _Hand(by, at))


@transaction.atomic
def correct_meeting(*, meeting_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> Meeting:
    """Open a new version with a reason; until it is filed the ledger keeps the one before."""
    meeting = _locked(meeting_id, MeetingAct.CORRECT, by)
    why = _reason(reason)
    meeting.version += 1
    meeting.correction_reason = why
    return _done(meeting, MeetingAct.CORRECT, _Hand(by, at), reason=why)


def _begin(unit_id: UUID, kind: str, month: dt.date, act: MeetingAct, hand: _Hand) -> Meeting:
    """The meeting of that month, locked; a new one (without state) where nothing is recorded."""
    month = month_of(month)
    key = meeting_id(unit_id, kind, month)
    check_role(hand.by.role, act)  # before the reach, and that before any word of the state
    if not may_write_for(hand.by, unit_id, month):
        raise NotFound(
            "Không tìm thấy chi bộ này trong phạm vi của đồng chí.", code="unit-not-found"
        )
    beside_register()
    known = Meeting.objects.filter(pk=key).values_list("state", flat=True).first()
    if known is None:
        _check_month(unit_id, kind, month, act, localdate(hand.at))
        blank = Meeting(
            pk=key, unit_id=unit_id, kind=kind, month=month, form=FORM, changed_at=hand.at,
            state=MeetingState.PREPARING if act is MeetingAct.PLAN else MeetingState.RECORDING,
        )  # fmt: skip
        Meeting.objects.bulk_create([blank], ignore_conflicts=True)  # two at once: one row
    meeting = Meeting.objects.select_for_update().get(pk=key)
    if known is None and meeting.revision == 0:
        meeting.state = ""
    else:
        check_step(hand.by.role, MeetingState(meeting.state), act)
    return meeting


def _check_month(unit_id: UUID, kind: str, month: dt.date, act: MeetingAct, today: dt.date) -> None:
    if kind not in MEETINGS:
        raise InputError("Việc này không phải một buổi họp.", field="kind", code="no-meeting-kind")
    ahead = MONTHS_AHEAD if act is MeetingAct.PLAN else 0
    if month > add_months(month_of(today), ahead):
        raise NotNow(
            f"{month_label(month).capitalize()} chưa đến. Xem lại tháng; đồng hồ của máy có thể "
            "sai.",
            code="month-to-come",
        )
    owed = Obligation.objects.filter(unit_id=unit_id, kind=kind)
    if not owed.exists():
        raise NotNow(
            "Tổ chức này không phải sinh hoạt theo loại này; xem lại đã chọn đúng chi bộ chưa.",
            code="owes-nothing",
        )
    begun = first_day_of(unit_id)
    if begun is None or month < month_of(begun):
        raise NotNow(
            f"{month_label(month).capitalize()} chi bộ chưa thành lập. Xem lại tháng và năm.",
            code="before-the-cell",
        )
    owes = owed.filter(month=month).exists() or _will_owe(unit_id, ObligationKind(kind), month)
    if kind == ObligationKind.THEMATIC and not owes:
        raise NotNow(
            f"{month_label(month).capitalize()} không phải kỳ sinh hoạt chuyên đề. Ghi vào tháng "
            "cuối quý, với ngày họp thật.",
            code="no-thematic-month",
        )


def _will_owe(unit_id: UUID, kind: ObligationKind, month: dt.date) -> bool:
    """By the rules: the ledger may not have reached the month yet."""
    return any(duties_of([unit_id]).due(unit_id, kind, month, month))


def _check_plan(meeting: Meeting, plan: Values, today: dt.date) -> None:
    if not plan.get("planned_on"):
        return
    setting = setting_of(meeting.unit_id, meeting.kind, meeting.month, {}, today=today)
    problem = plan_problem(str(plan["planned_on"]), setting)
    if problem is not None:
        raise InputError(problem.message, field=problem.field, code=problem.code)


def _locked(key: UUID, act: MeetingAct, by: Viewer) -> Meeting:
    check_role(by.role, act)
    seen = meeting_visible(by, key, by.on)
    if not may_write_for(by, seen.unit_id, seen.month):
        raise NotFound("Không tìm thấy buổi họp này trong phạm vi của đồng chí.", code="no-meeting")
    beside_register()
    meeting = Meeting.objects.select_for_update().get(pk=key)
    check_step(by.role, MeetingState(meeting.state), act)
    return meeting


def _filed(meeting: Meeting) -> int:
    version = standing_version(meeting)
    assert version is not None, "a filed meeting has a version that stands"
    return version.pk


def _reason(said: str) -> str:
    why = nfc(said.strip())
    if not why:
        raise InputError("Ghi lý do, một câu là đủ.", field="reason", code="reason-missing")
    if len(why) > LONGEST_REASON:
        raise InputError(
            f"Lý do dài quá {LONGEST_REASON} chữ cái; rút gọn.", field="reason", code="too-long"
        )
    return why


def _done(
    meeting: Meeting,
    act: MeetingAct,
    hand: _Hand,
    changed: Mapping[str, list[Any]] | None = None,
    *,
    reason: str = "",
    ledger: bool = False,
) -> Meeting:
    """Keep the step, the change and the event; then the ledger, where the act moves it."""
    stood = MeetingState(meeting.state) if meeting.state else None
    meeting.state = check_step(hand.by.role, stood, act).target.value
    meeting.revision += 1
    meeting.changed_at = hand.at
    meeting.save()
    MeetingChange.objects.create(
        meeting=meeting,
        revision=meeting.revision,
        act=act,
        fields=dict(changed or {}),
        state=meeting.state,
        reason=reason,
        by=hand.by.user,
        at=hand.at,
        via=hand.via,
    )
    record(
        _VERBS[act],
        by=hand.by.user,
        at=hand.at,
        subject=f"meeting:{meeting.pk}",
        data={
            "unit": str(meeting.unit_id),
            "kind": meeting.kind,
            "month": f"{meeting.month:%Y-%m}",
            "version": meeting.version,
            "via": hand.via.value,
            "fields": sorted(changed or {}),
        },
    )
    if ledger:
        tell_ledger(meeting, by=hand.by.user, at=hand.at)
        refresh_scores(meeting=meeting, at=hand.at)
    if ledger or act in (MeetingAct.CONFIRM, MeetingAct.SEAL):
        tell_score(meeting, at=hand.at)
    return meeting


_VERBS = {
    MeetingAct.PLAN: "meeting.planned",
    MeetingAct.ANNOUNCE: "meeting.announced",
    MeetingAct.WRITE: "meeting.written",
    MeetingAct.FILE: "meeting.filed",
    MeetingAct.RETRACT: "meeting.retracted",
    MeetingAct.CONFIRM: "meeting.confirmed",
    MeetingAct.RETURN: "meeting.returned",
    MeetingAct.SEAL: "meeting.sealed",
    MeetingAct.CORRECT: "meeting.corrected",
}
