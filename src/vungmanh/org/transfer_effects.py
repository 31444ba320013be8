"""What an accepted transfer does to lists and counts, on one and the same day at both ends."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.core.people_words import MembershipEnd, TransferKind
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.memberships import STAY, Journal, Writer
from vungmanh.org.models import Membership, MemberTransfer

AWAY = MembershipStatus.TEMPORARY_OUT


def carried_out(one: MemberTransfer, on: dt.date, *, by: User | None, at: dt.datetime) -> Journal:
    """The lists and counts of both ends, from the day of acceptance on."""
    writer = Writer(by=by, at=at, why=f"transfer:{one.pk}")
    if one.kind == TransferKind.OFFICIAL:
        _for_good(writer, one, on)
    elif one.kind == TransferKind.TEMPORARY:
        _for_a_while(writer, one, on)
    else:
        _home_again(writer, one, on)
    return writer.journal


def _for_good(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    status = MembershipStatus(one.status)
    if one.person is not None and one.from_unit_id:
        writer.close(_row(one, one.from_unit_id, status), on, MembershipEnd.MOVED)
    if one.person is not None and one.to_unit_id:
        writer.open(one.person, one.to_unit_id, status, on, document=one.document)
    if one.from_unit_id:
        writer.move(one.from_unit_id, status, -one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, status, one.count, on)


def _for_a_while(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    """At home they stay counted, as away; where they stay they are counted as guests."""
    status = MembershipStatus(one.status)
    if one.person is not None and one.from_unit_id:
        row = _row(one, one.from_unit_id, status)
        writer.close(row, on, MembershipEnd.STATUS)
        writer.open(one.person, one.from_unit_id, AWAY, on, until=one.planned_until)
    if one.person is not None and one.to_unit_id:
        writer.open(one.person, one.to_unit_id, STAY, on, until=one.planned_until)
    if one.from_unit_id:
        writer.move(one.from_unit_id, status, -one.count, on)
        writer.move(one.from_unit_id, AWAY, one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, STAY, one.count, on)


def _home_again(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    status = MembershipStatus(one.status)
    if one.person is not None and one.from_unit_id:
        writer.close(_row(one, one.from_unit_id, STAY), on, MembershipEnd.MOVED)
    if one.person is not None and one.to_unit_id:
        writer.close(_row(one, one.to_unit_id, AWAY), on, MembershipEnd.STATUS)
        writer.open(one.person, one.to_unit_id, status, on)
    if one.from_unit_id:
        writer.move(one.from_unit_id, STAY, -one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, AWAY, -one.count, on)
        writer.move(one.to_unit_id, status, one.count, on)


def _row(one: MemberTransfer, unit_id: UUID, status: MembershipStatus) -> Membership:
    """The row on the list that the transfer speaks of, as it stood when it was sent."""
    rows = Membership.objects.select_for_update()
    row = rows.filter(
        person=one.person, unit_id=unit_id, status=status, valid__endswith=None
    ).first()
    if row is None:
        raise NotNow(
            "Danh sách của nơi đi đã đổi từ khi giới thiệu. Nơi đi rút giấy này và làm giấy mới.",
            code="list-changed",
        )
    return row
