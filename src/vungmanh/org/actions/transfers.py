"""Members sent by one unit and accepted by another; nobody is lost and no day counted twice.

Until the day of acceptance the sending unit counts them, from it the receiving one. One of the two
may lie outside this register. A stay for a while leaves them at home, where they are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import lock_units
from vungmanh.org.judging import Asked
from vungmanh.org.memberships import checked_day, put_back
from vungmanh.org.models import MemberTransfer
from vungmanh.org.queries import units_held
from vungmanh.org.transfer_effects import carried_out, dossiers_back
from vungmanh.org.transfer_wishes import (
    GOING,
    TransferWish,
    check_ends,
    check_number,
    judge,
    standing_of,
)
from vungmanh.org.transfers import home_now, stay_now, transfer_visible
from vungmanh.org.turns import beside_register

__all__ = [
    "ACCEPT",
    "GOING",
    "SEND",
    "TransferWish",
    "accept_transfer",
    "refuse_transfer",
    "return_from_stay",
    "send_transfer",
    "take_back_acceptance",
    "withdraw_transfer",
]

SEND, ACCEPT = "org.transfer.send", "org.transfer.accept"


@transaction.atomic
def send_transfer(
    *, wish: TransferWish, by: Viewer, at: dt.datetime, exceptions: Sequence[Asked] = ()
) -> MemberTransfer:
    """Send members on their way. Nothing is counted otherwise until the receiving unit accepts.

    Raises NotFound, InputError, NotNow, RuleBroken (a dissolved cell with the way out, two moves at
    once, a stay too short or too long).
    """
    check_can(by, SEND)
    beside_register()
    today = localdate(at)
    if wish.kind is TransferKind.RETURN:
        raise NotNow("Người đang ở tạm thì ghi “Trở về” ở lần chuyển ấy.", code="by-origin")
    check_ends(wish, by, today)
    checked_day(wish.decided_on, today, "decided_on")
    status = standing_of(wish)
    judge(wish, today, exceptions)
    check_number(wish, today)
    return _sent(wish, status, by, at)


@transaction.atomic
def accept_transfer(
    *, transfer_id: UUID, on: dt.date, by: Viewer, at: dt.datetime, revision: int
) -> MemberTransfer:
    """The receiving unit takes them in: from this day it counts them.

    Of members who leave the register the sending office records the answer from outside.
    """
    check_can(by, ACCEPT)
    beside_register()
    today = localdate(at)
    one = _open(transfer_id, revision, by, today, end="to")
    checked_day(on, today, "on")
    if on < one.decided_on:
        raise InputError(
            f"Giới thiệu ngày {date_vi(one.decided_on)}; tiếp nhận từ ngày ấy trở đi.",
            field="on",
            code="before-sent",
        )
    journal = carried_out(one, on, by=by.user, at=at)
    one.state, one.accepted_on = TransferState.ACCEPTED, on
    _answered(one, by, at)
    record("transfer.accepted", **_told(one, by, at),
           data={**_places(one), "on": on.isoformat(), "journal": journal})  # fmt: skip
    return one


@transaction.atomic
def refuse_transfer(
    *, transfer_id: UUID, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> MemberTransfer:
    """The receiving unit sends the papers back, with a reason; the sending one counts on."""
    check_can(by, ACCEPT)
    one = _open(transfer_id, revision, by, localdate(at), end="to")
    one.state, one.reason = TransferState.REFUSED, checked_reason(reason)
    _answered(one, by, at)
    record("transfer.refused", **_told(one, by, at), data=_places(one))
    return one


@transaction.atomic
def withdraw_transfer(
    *, transfer_id: UUID, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> MemberTransfer:
    """The sending unit takes it back before anybody accepted."""
    check_can(by, SEND)
    one = _open(transfer_id, revision, by, localdate(at), end="from")
    one.state, one.reason = TransferState.WITHDRAWN, checked_reason(reason)
    _answered(one, by, at)
    record("transfer.withdrawn", **_told(one, by, at), data=_places(one))
    return one


@transaction.atomic
def take_back_acceptance(
    *, transfer_id: UUID, reason: str, by: Viewer, at: dt.datetime, revision: int
) -> MemberTransfer:
    """Accepted by mistake: it waits again, and the sending unit counts them as before."""
    check_can(by, ACCEPT)
    beside_register()
    one = _open(transfer_id, revision, by, localdate(at), end="to", state=TransferState.ACCEPTED)
    if one.returns.filter(state__in=[TransferState.SENT, TransferState.ACCEPTED]).exists():
        raise NotNow("Người này đã có giấy trở về. Rút việc ấy trước.", code="returning")
    said = Event.objects.filter(subject=f"transfer:{one.pk}", verb="transfer.accepted")
    last = said.order_by("-pk").first()
    assert last is not None, "an acceptance has its event"
    dossiers_back(one, last.data["journal"].get("admissions", []))
    put_back(last.data["journal"], by=by.user, at=at, why=f"transfer:{one.pk}")
    one.state, one.accepted_on, one.reason = TransferState.SENT, None, checked_reason(reason)
    _answered(one, by, at)
    record("transfer.reopened", **_told(one, by, at), data=_places(one))
    return one


@transaction.atomic
def return_from_stay(
    *, transfer_id: UUID, decided_on: dt.date, document: str, by: Viewer, at: dt.datetime
) -> MemberTransfer:
    """Whoever was somewhere for a while goes home: another transfer, which the home accepts."""
    check_can(by, SEND)
    beside_register()
    today = localdate(at)
    stay = transfer_visible(by, transfer_id, today)
    lock_units(unit for unit in (stay.from_unit_id, stay.to_unit_id) if unit)
    accepted = stay.state == TransferState.ACCEPTED and stay.kind == TransferKind.TEMPORARY
    if (
        not accepted
        or stay.returns.exclude(state__in=[TransferState.REFUSED, TransferState.WITHDRAWN]).exists()
    ):
        raise NotNow("Lần chuyển này không có ai đang ở tạm để trở về.", code="no-stay")
    assert stay.accepted_on is not None
    checked_day(decided_on, today, "decided_on")
    if decided_on <= stay.accepted_on:
        raise InputError("Ngày về phải sau ngày đến.", field="decided_on", code="before-stay")
    wish = TransferWish(
        TransferKind.RETURN, decided_on, document, from_unit=stay_now(stay, decided_on),
        to_unit=home_now(stay, decided_on), elsewhere=stay.elsewhere, person=stay.person_id,
        status=MembershipStatus(stay.status), count=stay.count,
    )  # fmt: skip
    check_ends(wish, by, today)
    return _sent(wish, wish.status, by, at, origin=stay)


def _sent(
    wish: TransferWish, status: MembershipStatus, by: Viewer, at: dt.datetime,
    origin: MemberTransfer | None = None,
) -> MemberTransfer:  # fmt: skip
    document = " ".join(nfc(wish.document).split())[:200]
    elsewhere = " ".join(nfc(wish.elsewhere).split())[:200]
    outside = None in (wish.from_unit, wish.to_unit)
    one = MemberTransfer.objects.create(
        kind=wish.kind, person_id=wish.person, status=status, count=wish.count,
        from_unit_id=wish.from_unit, to_unit_id=wish.to_unit,
        elsewhere=elsewhere if outside else "", decided_on=wish.decided_on, document=document,
        planned_until=wish.until, state=TransferState.SENT, origin=origin, sent_by=by.user,
        sent_at=at,
    )  # fmt: skip
    record("transfer.sent", **_told(one, by, at), data=_places(one))
    return one


def _open(
    transfer_id: UUID, revision: int, by: Viewer, today: dt.date, *, end: str,
    state: TransferState = TransferState.SENT,
) -> MemberTransfer:  # fmt: skip
    """The transfer, locked, for whoever keeps that end; of an end outside, for the other."""
    seen = transfer_visible(by, transfer_id, today)
    ends = {"from": seen.from_unit_id, "to": seen.to_unit_id}
    mine = ends[end] or ends["to" if end == "from" else "from"]
    if not units_held(by, today).filter(descendant_id=mine).exists():
        raise NotFound("Việc này do nơi kia trả lời.")
    lock_units(unit for unit in ends.values() if unit)
    one = MemberTransfer.objects.select_for_update(of=("self",)).get(pk=seen.pk)
    if one.revision != revision:
        raise Conflict("Người khác vừa ghi lần chuyển này. Tải lại trang rồi ghi tiếp.")
    if one.state != state:
        raise NotNow(f"Lần chuyển này: {TransferState(one.state).label}.", code="not-waiting")
    return one


def _answered(one: MemberTransfer, by: Viewer, at: dt.datetime) -> None:
    one.answered_by, one.answered_at = by.user, at
    one.revision += 1
    one.save()


def _places(one: MemberTransfer) -> dict[str, Any]:
    return {
        "kind": str(one.kind), "from": str(one.from_unit_id or ""), "to": str(one.to_unit_id or ""),
        "status": str(one.status), "count": one.count,
    }  # fmt: skip


def _told(one: MemberTransfer, by: Viewer, at: dt.datetime) -> dict[str, Any]:
    name = one.person.name if one.person else ""
    return {
        "by": by.user, "at": at, "subject": f"transfer:{one.pk}",
        "personal": {"name": name, "reason": one.reason},
    }  # fmt: skip
