"""Recording how many members a unit counts from a day on, and taking that back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.counts import lock_units, move_count
from vungmanh.org.models import MembershipCount
from vungmanh.org.queries import held_unit
from vungmanh.org.turns import beside_register

COUNT = "org.member.count"
MOST = 20_000  # members of one cell: beyond it a number was typed wrongly


@transaction.atomic
def record_counts(
    *,
    unit_id: UUID,
    counts: Mapping[MembershipStatus, int],
    from_day: dt.date,
    document: str,
    by: Viewer,
    at: dt.datetime,
) -> Event:
    """A cell counts so many of each status from a day on; changes recorded later stay changes.

    Returns the event, by which it is undone. Raises NotFound, InputError, NotNow.
    """
    check_can(by, COUNT)
    beside_register()
    version = held_unit(by, unit_id, localdate(at))
    document = _checked(UnitKind(version.kind), counts, from_day, document, localdate(at))
    lock_units([unit_id])
    stands = {
        one.status: one.count
        for one in MembershipCount.objects.filter(unit_id=unit_id, valid__contains=from_day)
    }
    changes = {
        status: number - stands.get(status, 0)
        for status, number in counts.items()
        if number != stands.get(status, 0)
    }
    if not changes:
        raise NotNow("Sổ tổ chức đã ghi đúng các số này.", code="nothing-new")
    event = record(
        "counts.recorded",
        by=by.user,
        at=at,
        subject=f"unit:{unit_id}",
        data={
            "from_day": from_day.isoformat(),
            "document": document,
            "changes": {status.value: number for status, number in changes.items()},
        },
    )
    for status, number in changes.items():
        why = f"event:{event.pk}"
        move_count(unit_id, status, number, from_day, by=by.user, at=at, why=why)
    return event


@transaction.atomic
def undo_counts(*, event_id: int, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Take back what `record_counts` wrote. Raises NotFound, NotNow where it was already."""
    check_can(by, COUNT)
    beside_register()
    event = Event.objects.filter(pk=event_id, verb="counts.recorded").first()
    if event is None:
        raise NotFound("Không tìm thấy lần ghi số đảng viên này.")
    unit_id = UUID(event.subject.removeprefix("unit:"))
    held_unit(by, unit_id, localdate(at))
    lock_units([unit_id])
    if Event.objects.filter(
        verb="counts.undone", subject=event.subject, data__of=event.pk
    ).exists():
        raise NotNow("Lần ghi này đã được rút trước đó.", code="already-undone")
    day = dt.date.fromisoformat(event.data["from_day"])
    why = f"event:{event.pk}"
    for status, number in event.data["changes"].items():
        move_count(unit_id, MembershipStatus(status), -number, day, by=by.user, at=at, why=why)
    record(
        "counts.undone",
        by=by.user,
        at=at,
        subject=event.subject,
        data={"of": event.pk},
        personal={"reason": checked_reason(reason)},
    )


def _checked(
    kind: UnitKind,
    counts: Mapping[MembershipStatus, int],
    from_day: dt.date,
    document: str,
    today: dt.date,
) -> str:
    if kind not in CELL_KINDS:
        raise NotNow("Số đảng viên ghi ở từng chi bộ; cấp trên cộng lại.", code="not-a-cell")
    if from_day > today:
        raise InputError(
            f"Ngày {date_vi(from_day)} chưa đến. Ghi ngày hôm nay hoặc trước đó.",
            field="from_day",
            code="day-to-come",
        )
    if any(not 0 <= number <= MOST for number in counts.values()):
        raise InputError(f"Mỗi diện ghi từ 0 đến {MOST} người.", field="counts", code="bad-count")
    document = " ".join(nfc(document).split())[:200]
    if not document:
        raise InputError("Ghi căn cứ: số, ngày văn bản.", field="document", code="blank")
    return document
