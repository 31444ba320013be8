"""What is wished of a transfer, and whether it can be: its ends, who goes, what the rules say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import TransferKind, TransferState
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.judging import Asked, held_to
from vungmanh.org.memberships import STAY
from vungmanh.org.models import Membership, MemberTransfer, UnitVersion
from vungmanh.org.queries import held_unit, members_of
from vungmanh.org.transfers import heirs_of, lives_on
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.transfers import TransferFacts, judge_transfer

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


def check_ends(wish: TransferWish, by: Viewer, today: dt.date) -> None:
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


def standing_of(wish: TransferWish) -> MembershipStatus:
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


def check_number(wish: TransferWish, today: dt.date) -> None:
    """By counts: no more than are left there and wait for nobody, and each paper once."""
    if wish.person is not None:
        return
    waiting = MemberTransfer.objects.filter(state=TransferState.SENT)
    same = waiting.filter(
        person=None, kind=wish.kind, from_unit=wish.from_unit, to_unit=wish.to_unit,
        status=wish.status, count=wish.count, decided_on=wish.decided_on,
        document=" ".join(nfc(wish.document).split())[:200],
    )  # fmt: skip
    if same.exists():
        raise NotNow("Giấy này đã ghi, đang chờ nơi nhận.", code="same-paper")
    if wish.from_unit is None:
        return
    leaving = waiting.filter(from_unit=wish.from_unit, status=wish.status)
    left = members_of(wish.from_unit, today).get(wish.status, 0)
    left -= sum(leaving.values_list("count", flat=True))
    if wish.count > left:
        raise InputError(
            f"Nơi đi còn {max(left, 0)} đảng viên diện “{wish.status.label}” chưa có giấy chuyển."
            " Ghi số người ít hơn, hoặc ghi lại số đảng viên trước.",
            field="count",
            code="more-than-there-are",
        )


def judge(wish: TransferWish, today: dt.date, asked: Sequence[Asked]) -> None:
    """Held to the rule of its day; a place that is gone is told with the way out."""
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
