"""What an accepted transfer does to lists and counts, on one and the same day at both ends.

A name goes only to a place that works with names: elsewhere the member arrives as a number.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db.models import F
from django.utils.timezone import localdate

from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.core.people_words import AdmissionState, MembershipEnd, TransferKind
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.memberships import STAY, Journal, Writer
from vungmanh.org.models import Admission, Membership, MemberTransfer
from vungmanh.org.named import names_on

AWAY = MembershipStatus.TEMPORARY_OUT


def carried_out(one: MemberTransfer, on: dt.date, *, by: User | None, at: dt.datetime) -> Journal:
    """The lists and counts of both ends, from the day of acceptance on."""
    writer = Writer(by=by, at=at, why=f"transfer:{one.pk}")
    if one.kind == TransferKind.OFFICIAL:
        _for_good(writer, one, on)
        writer.journal["admissions"] = _dossiers(one)
    elif one.kind == TransferKind.TEMPORARY:
        _for_a_while(writer, one, on)
    else:
        _home_again(writer, one, on)
    return writer.journal


def _for_good(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    status = MembershipStatus(one.status)
    if one.person is not None and one.from_unit_id:
        writer.close(_row(one, one.from_unit_id, status), on, MembershipEnd.MOVED)
    if one.person is not None and one.to_unit_id and _takes_names(writer, one.to_unit_id):
        until = _exempt_until(one)
        writer.open(one.person, one.to_unit_id, status, on, until=until, document=one.document)
    if one.from_unit_id:
        writer.move(one.from_unit_id, status, -one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, status, one.count, on)


def _dossiers(one: MemberTransfer) -> list[str]:
    """The dossier of somebody probationary goes along: whoever counts them sees its terms."""
    if one.person_id is None or one.from_unit_id is None or one.to_unit_id is None:
        return []
    open_ones = Admission.objects.select_for_update().filter(
        person=one.person_id, unit_id=one.from_unit_id, state=AdmissionState.ADMITTED
    )
    ids = list(open_ones.values_list("pk", flat=True))
    Admission.objects.filter(pk__in=ids).update(unit_id=one.to_unit_id, revision=F("revision") + 1)
    return [str(pk) for pk in ids]


def dossiers_back(one: MemberTransfer, ids: list[str]) -> None:
    """Where they were before. Raises NotNow when a step was recorded since."""
    here = Admission.objects.filter(
        pk__in=ids, unit_id=one.to_unit_id, state=AdmissionState.ADMITTED
    )
    if here.update(unit_id=one.from_unit_id, revision=F("revision") + 1) != len(ids):
        raise NotNow(
            "Hồ sơ kết nạp của người này đã ghi bước khác ở nơi nhận. Rút bước ấy trước.",
            code="changed-since",
        )


def _for_a_while(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    """At home they stay counted, as away; where they stay they are counted as guests."""
    status = MembershipStatus(one.status)
    if one.person is not None and one.from_unit_id:
        row = _row(one, one.from_unit_id, status)
        writer.close(row, on, MembershipEnd.STATUS)
        writer.open(one.person, one.from_unit_id, AWAY, on, until=one.planned_until)
    if one.person is not None and one.to_unit_id and _takes_names(writer, one.to_unit_id):
        writer.open(one.person, one.to_unit_id, STAY, on, until=one.planned_until)
    if one.from_unit_id:
        writer.move(one.from_unit_id, status, -one.count, on)
        writer.move(one.from_unit_id, AWAY, one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, STAY, one.count, on)


def _home_again(writer: Writer, one: MemberTransfer, on: dt.date) -> None:
    status = MembershipStatus(one.status)
    stay = _found(one, one.from_unit_id, STAY)
    if stay is not None:  # else the host counted them without a name
        writer.close(stay, on, MembershipEnd.MOVED)
    if one.person is not None and one.to_unit_id:
        writer.close(_row(one, one.to_unit_id, AWAY), on, MembershipEnd.STATUS)
        writer.open(one.person, one.to_unit_id, status, on, until=_exempt_until(one))
    if one.from_unit_id:
        writer.move(one.from_unit_id, STAY, -one.count, on)
    if one.to_unit_id:
        writer.move(one.to_unit_id, AWAY, -one.count, on)
        writer.move(one.to_unit_id, status, one.count, on)


def _row(one: MemberTransfer, unit_id: UUID, status: MembershipStatus) -> Membership:
    """The row on the list that the transfer speaks of, as it stood when it was sent."""
    row = _found(one, unit_id, status)
    if row is None:
        raise NotNow(
            "Danh sách của nơi đi đã đổi từ khi giới thiệu. Nơi đi rút giấy này và làm giấy mới.",
            code="list-changed",
        )
    return row


def _exempt_until(one: MemberTransfer) -> dt.date | None:
    """The last day of an exemption goes along with whoever was granted it."""
    if one.status != MembershipStatus.EXEMPT:
        return None
    rows = Membership.objects.filter(person=one.person, status=one.status).order_by("-valid")
    return rows.values_list("planned_until", flat=True).first()


def _found(
    one: MemberTransfer, unit_id: UUID | None, status: MembershipStatus
) -> Membership | None:
    rows = Membership.objects.select_for_update().filter(valid__endswith=None, status=status)
    return rows.filter(person__isnull=False, person=one.person_id, unit_id=unit_id).first()


def _takes_names(writer: Writer, unit_id: UUID) -> bool:
    return names_on(unit_id, localdate(writer.at))
