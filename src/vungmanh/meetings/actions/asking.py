"""Asking a superior for an excuse, and the answer: granted with a document, or declined with a
reason. Nobody grants what he asked for himself (decisions.md 9)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import (
    AskingState,
    MembershipStatus,
    ObligationKind,
    Relief,
    ReliefCause,
)
from vungmanh.meetings.actions.excuses import GRANT, Wish, check_wish, grant_excuse
from vungmanh.meetings.actions.moved import mark_moved
from vungmanh.meetings.asking import is_own, request_visible
from vungmanh.meetings.inspections import stands_above
from vungmanh.meetings.models import ExcuseRequest
from vungmanh.org.queries import members_of, units_held, visible_unit
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import FewOfficialMembers

ASK = "meetings.excuse.ask"


@transaction.atomic
def ask_excuse(*, unit_id: UUID, wish: Wish, by: Viewer, at: dt.datetime) -> ExcuseRequest:
    """Ask for a unit. `wish.document` is the unit's own paper and may be blank.

    Raises NotFound for a unit that is not the viewer's, InputError for months, term or cause that
    cannot be, NotNow where the same is already waiting.
    """
    check_can(by, ASK)
    beside_register()
    visible_unit(by, unit_id, by.on)
    if not units_held(by, by.on).filter(descendant_id=unit_id).exists():
        raise NotFound("Không tìm thấy chi bộ này trong phạm vi của đồng chí.", code="no-unit")
    today = localdate(at)
    check_wish(replace(wish, document=wish.document.strip() or "–", granted_on=today), today)
    _check_members(unit_id, wish.relief, wish.cause, today)
    same = ExcuseRequest.objects.filter(
        unit_id=unit_id, duty=wish.duty, first_month=wish.first_month, state=AskingState.WAITING
    )
    if same.exists():
        raise NotNow(
            "Đã có một lời xin cho tháng này đang chờ. Rút lời xin ấy rồi mới xin lại.",
            code="already-asked",
        )
    asked = ExcuseRequest.objects.create(
        unit_id=unit_id,
        duty=wish.duty,
        first_month=wish.first_month,
        last_month=wish.last_month,
        relief=wish.relief,
        until=wish.until,
        cause=wish.cause,
        reason=nfc(wish.reason.strip()),
        document=nfc(wish.document.strip()),
        asked_at=at,
        asked_by=by.user,
        state=AskingState.WAITING,
    )
    _tell("excuse.asked", asked, by, at)
    return asked


@transaction.atomic
def grant_asked(
    *, request_id: UUID, document: str, granted_on: dt.date, by: Viewer, at: dt.datetime
) -> ExcuseRequest:
    """Grant what was asked for, with the superior's document: an excuse or a postponement is
    written. Raises what `grant_excuse` raises, NotAllowed for one's own, NotNow once answered."""
    one = _to_answer(request_id, by)
    cause, relief = ReliefCause(one.cause), Relief(one.relief)
    _check_members(one.unit_id, relief, cause, localdate(at))
    wish = Wish(
        duty=ObligationKind(one.duty),
        first_month=one.first_month,
        last_month=one.last_month,
        relief=relief,
        until=one.until,
        cause=cause,
        reason=one.reason,
        document=document,
        granted_on=granted_on,
    )
    granted = grant_excuse(unit_id=one.unit_id, wish=wish, by=by, at=at)
    one.excuse = next(row for row in granted if row.unit_id == one.unit_id)
    mark_moved([one.first_month], at=at)
    return _answer(one, AskingState.GRANTED, "", by, at)


@transaction.atomic
def decline_asked(*, request_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> ExcuseRequest:
    """Decline it, with a reason that the cell reads."""
    return _answer(_to_answer(request_id, by), AskingState.DECLINED, reason, by, at)


@transaction.atomic
def withdraw_asked(*, request_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> ExcuseRequest:
    """Take it back, with a reason: by whoever holds the unit, before it is answered."""
    check_can(by, ASK)
    one = _waiting(request_id, by)
    if not units_held(by, by.on).filter(descendant_id=one.unit_id).exists():
        raise NotAllowed("Chỉ chi bộ đã xin, hoặc văn phòng của mình, mới rút lời xin.")
    return _answer(one, AskingState.WITHDRAWN, reason, by, at)


def _check_members(unit_id: UUID, relief: Relief, cause: ReliefCause, day: dt.date) -> None:
    """Fewer than three official members is no excuse: it is a cause (decisions.md 9)."""
    view = load_rulebook().on(day)
    if relief is not Relief.EXCUSED or cause is not ReliefCause.OTHER:
        return
    if not view.has(FewOfficialMembers.key):
        return
    minimum = view.of(FewOfficialMembers).minimum
    official = members_of(unit_id, day).get(MembershipStatus.OFFICIAL)
    if official is not None and official < minimum:
        raise InputError(
            f"Chi bộ có {official} đảng viên chính thức. Dưới {minimum} đảng viên chính thức không"
            " phải lý do được miễn, mà là nguyên nhân phải sắp xếp: báo cấp trên sắp xếp. Có việc"
            " khác thì chọn “Hoãn” và hẹn tháng làm bù.",
            field="relief",
            code="few-members",
        )


def _waiting(request_id: UUID, by: Viewer) -> ExcuseRequest:
    seen = request_visible(by, request_id, by.on)
    beside_register()
    one = ExcuseRequest.objects.select_for_update().get(pk=seen.pk)
    if one.state != AskingState.WAITING:
        raise NotNow("Lời xin này đã có người trả lời. Mở lại trang để xem.", code="answered")
    return one


def _to_answer(request_id: UUID, by: Viewer) -> ExcuseRequest:
    check_can(by, GRANT)
    one = _waiting(request_id, by)
    if not stands_above(by, one.unit_id, by.on):
        raise NotAllowed("Đơn vị không tự trả lời lời xin của mình; cấp trên trực tiếp mới quyết.")
    if is_own(by, one):
        raise NotAllowed("Không ai tự cho điều mình đã xin. Để người khác của cấp trên trả lời.")
    return one


def _answer(
    one: ExcuseRequest, state: AskingState, reason: str, by: Viewer, at: dt.datetime
) -> ExcuseRequest:
    if state is not AskingState.GRANTED:
        one.answer = checked_reason(reason)
    one.state, one.decided_at, one.decided_by = state, at, by.user
    one.save()
    verbs = {
        AskingState.GRANTED: "excuse.asked_granted",
        AskingState.DECLINED: "excuse.asked_declined",
        AskingState.WITHDRAWN: "excuse.asked_withdrawn",
    }
    _tell(verbs[state], one, by, at)
    return one


def _tell(verb: str, one: ExcuseRequest, by: Viewer, at: dt.datetime) -> None:
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"unit:{one.unit_id}",
        data={
            "request": str(one.pk),
            "duty": one.duty,
            "relief": one.relief,
            "months": [f"{one.first_month:%Y-%m}", f"{one.last_month:%Y-%m}"],
        },
        personal={"reason": one.answer or one.reason},
    )
