"""Members sent by one unit and accepted by another; nobody is lost and no day counted twice.

Until the day of acceptance the sending unit counts them, from it the receiving one. One of the two
may lie outside this register. A stay for a while leaves them at home, where they are counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.judging import Asked, held_to
from vungmanh.org.memberships import STAY, checked_day, put_back
from vungmanh.org.models import Membership, MemberTransfer, UnitVersion
from vungmanh.org.queries import held_unit, units_held
from vungmanh.org.transfer_effects import carried_out
from vungmanh.org.transfers import heirs_of, home_now, lives_on, stay_now, transfer_visible
from vungmanh.org.turns import beside_register
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.transfers import TransferFacts, judge_transfer

SEND, ACCEPT = "org.transfer.send", "org.transfer.accept"
#: Of whom a transfer by counts may say that they go: nobody who is elsewhere already.
GOING = (
    MembershipStatus.OFFICIAL,
    MembershipStatus.PROBATIONARY,
    MembershipStatus.EXEMPT,
)
MOST_TOGETHER = 5_000


@dataclass(frozen=True)
class TransferWish:
    """What is decided. By name: `person`; by counts: `status` and `count`.

    `from_unit` or `to_unit` None: `elsewhere` names the place outside this register. `until` is the
    day until which a stay was granted.
    """

    kind: TransferKind
    decided_on: dt.date
    document: str
    from_unit: UUID | None = None
    to_unit: UUID | None = None
    elsewhere: str = ""
    person: UUID | None = None
    status: MembershipStatus = MembershipStatus.OFFICIAL
    count: int = 1
    until: dt.date | None = None
    is_study: bool = False


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
    _checked_ends(wish, by, today)
    checked_day(wish.decided_on, today, "decided_on")
    status = _whose(wish)
    _judged(wish, today, exceptions)
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
    _checked_ends(wish, by, today)
    return _sent(wish, wish.status, by, at, origin=stay)


def _checked_ends(wish: TransferWish, by: Viewer, today: dt.date) -> None:
    """Two places, at least one in the register, the one who sends among those the viewer keeps."""
    if wish.from_unit is None and wish.to_unit is None:
        raise InputError("Chọn nơi đi hoặc nơi đến.", field="to_unit", code="blank")
    if wish.from_unit == wish.to_unit:
        raise InputError("Nơi đến phải khác nơi đi.", field="to_unit", code="same-unit")
    if None in (wish.from_unit, wish.to_unit) and not wish.elsewhere.strip():
        raise InputError("Ghi tên nơi ở ngoài tỉnh này.", field="elsewhere", code="blank")
    if not wish.document.strip():
        raise InputError("Ghi số, ngày giấy giới thiệu.", field="document", code="blank")
    if not 1 <= wish.count <= (1 if wish.person else MOST_TOGETHER):
        raise InputError("Ghi số người cùng đi.", field="count", code="bad-count")
    sender = wish.from_unit or wish.to_unit
    assert sender is not None
    held = held_unit(by, sender, today)
    if UnitKind(held.kind) not in CELL_KINDS:
        raise NotNow("Đảng viên chuyển giữa các chi bộ; chọn chi bộ.", code="not-a-cell")
    lock_units(unit for unit in (wish.from_unit, wish.to_unit) if unit)
    if wish.to_unit and wish.to_unit != sender:
        kinds = UnitVersion.objects.filter(unit_id=wish.to_unit).order_by("-valid")
        kind = kinds.values_list("kind", flat=True).first()
        if kind is None:
            raise NotFound("Không tìm thấy nơi đến.")
        if UnitKind(kind) not in CELL_KINDS:
            raise NotNow("Đảng viên chuyển giữa các chi bộ; chọn chi bộ.", code="not-a-cell")


def _whose(wish: TransferWish) -> MembershipStatus:
    """The standing of who goes. By name it is what the list says."""
    if wish.person is not None:
        rows = Membership.objects.filter(
            person=wish.person, valid__endswith=None, person__erased_at=None
        )
        row = rows.exclude(status=STAY).first()
        if row is None or row.unit_id != wish.from_unit:
            raise NotFound("Không tìm thấy người này trong danh sách.")
        if wish.decided_on < row.valid.lower:
            raise InputError(
                f"Người này có trong danh sách từ {date_vi(row.valid.lower)}.",
                field="decided_on",
                code="before-first-day",
            )
        status = MembershipStatus(row.status)
    else:
        status = wish.status
    if status not in GOING:
        raise NotNow(
            f"Diện “{status.label}” không chuyển được: ghi trở lại sinh hoạt trước.",
            code="not-going",
        )
    return status


def _judged(wish: TransferWish, today: dt.date, asked: Sequence[Asked]) -> None:
    receiving = wish.to_unit is None or lives_on(wish.to_unit, today)
    if wish.to_unit is not None and receiving and wish.from_unit is not None:
        check_lives(wish.to_unit, wish.decided_on)
    busy = (
        wish.person is not None
        and MemberTransfer.objects.filter(person=wish.person, state=TransferState.SENT).exists()
    )
    facts = TransferFacts(
        wish.kind, wish.decided_on, until=wish.until, is_study=wish.is_study,
        receiving_open=receiving, unfinished_other=busy, together=wish.count,
    )  # fmt: skip
    findings = judge_transfer(load_rulebook().on(wish.decided_on), facts)
    if not receiving and wish.to_unit is not None:
        way_out = ", ".join(heirs_of(wish.to_unit, today)[:3])
        findings = tuple(
            replace(one, text=f"{one.text} Nay là: {way_out}.")
            if one.code == "receiving_ended" and way_out else one
            for one in findings
        )  # fmt: skip
    held_to(findings, asked)


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
