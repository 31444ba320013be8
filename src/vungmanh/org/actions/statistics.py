"""Reporting a statistic and withdrawing it; members lost where a cell works by counts."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import Event
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotFound, NotNow
from vungmanh.core.people_words import MembershipEnd
from vungmanh.core.text import date_vi, nfc
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.actions.aggregates import REPORT
from vungmanh.org.actions.counts import COUNT, MOST
from vungmanh.org.actions.people import GONE
from vungmanh.org.counts import check_lives, lock_units, move_count
from vungmanh.org.memberships import STAY, checked_day
from vungmanh.org.models import PublishedStatistic
from vungmanh.org.named import names_on
from vungmanh.org.queries import held_unit
from vungmanh.org.statistics import Period, content_of, digest_of, statistic
from vungmanh.org.turns import beside_register

LOST, FOUND_AGAIN = "members.lost", "members.loss_taken_back"


@transaction.atomic
def publish_statistic(
    *, unit_id: UUID, period: Period, document: str, by: Viewer, at: dt.datetime
) -> PublishedStatistic:
    """Keep the statistic of a period as it is known now, as reported with a document.

    Raises NotFound, InputError, NotNow where the period was reported already.
    """
    check_can(by, REPORT)
    beside_register()
    held_unit(by, unit_id, localdate(at))
    said = _document(document)
    content = content_of(statistic(by, unit_id, period, known_at=at, now=at))
    try:
        with transaction.atomic():
            kept = PublishedStatistic.objects.create(
                unit_id=unit_id, first=period.first, last=period.last, known_at=at, document=said,
                content=content, sha256=digest_of(content), by=by.user, at=at,
            )  # fmt: skip
    except IntegrityError:
        raise NotNow(
            f"Kỳ đến {date_vi(period.last)} đã ghi là đã báo cáo. Rút lần ấy trước khi báo lại.",
            code="already-reported",
        ) from None
    record(
        "statistic.reported", by=by.user, at=at, subject=f"statistic:{kept.pk}",
        data={"unit": str(unit_id), "first": period.first.isoformat(),
              "last": period.last.isoformat(), "document": said, "sha256": kept.sha256},
    )  # fmt: skip
    return kept


@transaction.atomic
def withdraw_statistic(*, statistic_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """It was reported by mistake, or anew: the row stays, with the reason."""
    check_can(by, REPORT)
    beside_register()
    rows = PublishedStatistic.objects.select_for_update(of=("self",))
    kept = rows.filter(pk=statistic_id).first()
    if kept is None:
        raise NotFound("Không tìm thấy số liệu đã báo cáo này.")
    held_unit(by, kept.unit_id, localdate(at))
    if kept.withdrawn_at is not None:
        raise NotNow("Số liệu này đã được rút trước đó.", code="already-withdrawn")
    kept.withdrawn_at, kept.withdrawn_by = at, by.user
    kept.withdrawn_reason = checked_reason(reason)
    kept.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record(
        "statistic.withdrawn", by=by.user, at=at, subject=f"statistic:{kept.pk}",
        data={"unit": str(kept.unit_id)}, personal={"reason": kept.withdrawn_reason},
    )  # fmt: skip


@transaction.atomic
def record_loss(
    *,
    unit_id: UUID,
    way: MembershipEnd,
    status: MembershipStatus,
    count: int,
    on: dt.date,
    document: str,
    by: Viewer,
    at: dt.datetime,
) -> Event:
    """So many died, left, were struck off or expelled; from `on` the cell counts them no more.

    Where names are on the list is told instead. Raises NotFound, NotNow, InputError.
    """
    check_can(by, COUNT)
    beside_register()
    today = localdate(at)
    version = held_unit(by, unit_id, today)
    if UnitKind(version.kind) not in CELL_KINDS:
        raise NotNow("Số đảng viên ghi ở từng chi bộ; cấp trên cộng lại.", code="not-a-cell")
    if names_on(unit_id, today):
        raise NotNow(
            "Nơi này ghi theo tên: ghi ở danh sách của chi bộ, số tự đổi theo.", code="by-name"
        )
    if way not in GONE or status is STAY:
        raise InputError("Chọn lý do và diện trong danh sách.", field="way", code="no-such-way")
    if not 1 <= count <= MOST:
        raise InputError(f"Ghi từ 1 đến {MOST} người.", field="count", code="bad-count")
    checked_day(on, today, "on")
    check_lives(unit_id, on)
    said = _document(document)
    lock_units([unit_id])
    event = record(
        LOST, by=by.user, at=at, subject=f"unit:{unit_id}",
        data={"way": way.value, "status": status.value, "count": count, "on": on.isoformat(),
              "document": said},
    )  # fmt: skip
    move_count(unit_id, status, -count, on, by=by.user, at=at, why=f"event:{event.pk}")
    return event


@transaction.atomic
def undo_loss(*, unit_id: UUID, reason: str, by: Viewer, at: dt.datetime) -> None:
    """Take back the last loss recorded of a cell. Raises NotNow."""
    check_can(by, COUNT)
    beside_register()
    held_unit(by, unit_id, localdate(at))
    lock_units([unit_id])
    event = last_loss(unit_id)
    if event is None:
        raise NotNow("Không còn lần ghi nào để rút.", code="nothing-to-undo")
    told = event.data
    move_count(
        unit_id, MembershipStatus(told["status"]), told["count"],
        dt.date.fromisoformat(told["on"]), by=by.user, at=at, why=f"event:{event.pk}",
    )  # fmt: skip
    record(
        FOUND_AGAIN, by=by.user, at=at, subject=f"unit:{unit_id}", data={"of": event.pk},
        personal={"reason": checked_reason(reason)},
    )  # fmt: skip


def losses_of(unit_id: UUID) -> list[Event]:
    """The losses recorded of a cell that stand, the latest first."""
    said = Event.objects.filter(subject=f"unit:{unit_id}", verb__in=(LOST, FOUND_AGAIN))
    events = list(said.select_related("by").order_by("-pk"))
    undone = {one.data["of"] for one in events if one.verb == FOUND_AGAIN}
    return [one for one in events if one.verb == LOST and one.pk not in undone]


def last_loss(unit_id: UUID) -> Event | None:
    return next(iter(losses_of(unit_id)), None)


def _document(text: str) -> str:
    said = " ".join(nfc(text).split())[:200]
    if not said:
        raise InputError("Ghi số, ngày văn bản.", field="document", code="blank")
    return said
