"""A unit reports its members by sex, age and the like; corrects it; takes the last report back."""

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
from vungmanh.core.aggregate_words import VALUES
from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.people_words import Aggregate
from vungmanh.core.text import date_vi
from vungmanh.org.aggregates import DAYS, Reported, may_report, members_on, reports_of
from vungmanh.org.counts import check_lives, lock_units
from vungmanh.org.models import AggregateCount, UnitVersion
from vungmanh.org.queries import held_unit
from vungmanh.org.structure import check_in_register
from vungmanh.org.turns import beside_register

REPORT = "org.aggregate.report"
VERBS = ("aggregates.reported", "aggregates.taken_back")


@transaction.atomic
def report_aggregates(
    *,
    unit_id: UUID,
    on: dt.date,
    counts: Mapping[Aggregate, Mapping[str, int]],
    by: Viewer,
    at: dt.datetime,
) -> Event:
    """So many of each on a day. A dimension left out stays as it was reported; one told anew, or
    told to be blank, replaces what stood, which is kept.

    Raises NotFound, NotNow (ended unit, nothing new), InputError (day, value, sum over members).
    """
    check_can(by, REPORT)
    beside_register()
    check_day(on, localdate(at))
    version = reporting_unit(by, unit_id, on, localdate(at))
    if not may_report(version):
        raise NotNow(
            "Chi bộ hoặc tổ chức cơ sở đảng báo cáo cơ cấu; cấp trên cộng lại.",
            code="not-reporting",
        )
    lock_units([unit_id])
    said = _checked(counts, members_on(by, unit_id, on, at))
    stands = reports_of([unit_id], on).get(unit_id, {})
    changed = {one: values for one, values in said.items() if stands.get(one, {}) != values}
    if not changed and not any(said.values()):
        raise InputError("Ghi ít nhất một mục.", field="counts", code="blank")
    if not changed:
        raise NotNow("Các số này đã được báo cáo đúng như vậy.", code="nothing-new")
    before = {one: stands.get(one, {}) for one in changed}
    _write(unit_id, on, changed, by, at)
    return record(
        "aggregates.reported", by=by.user, at=at, subject=f"unit:{unit_id}",
        data={"on": on.isoformat(), "before": before, "after": changed},
    )  # fmt: skip


@transaction.atomic
def undo_aggregates(
    *, unit_id: UUID, on: dt.date, reason: str, by: Viewer, at: dt.datetime
) -> None:
    """Take back the last report of a day: what it replaced counts again. Raises NotNow."""
    check_can(by, REPORT)
    beside_register()
    reporting_unit(by, unit_id, on, localdate(at))
    lock_units([unit_id])
    last = reported_last(unit_id, on)
    if last is None:
        raise NotNow("Không còn lần báo cáo nào của ngày này để rút.", code="nothing-to-undo")
    before = {
        Aggregate(one): {str(value): int(count) for value, count in values.items()}
        for one, values in last.data["before"].items()
    }
    _write(unit_id, on, before, by, at)
    record(
        "aggregates.taken_back", by=by.user, at=at, subject=f"unit:{unit_id}",
        data={"on": on.isoformat(), "of": last.pk},
        personal={"reason": checked_reason(reason)},
    )  # fmt: skip


def reported_last(unit_id: UUID, on: dt.date) -> Event | None:
    """The last report of a day that was not taken back."""
    said = Event.objects.filter(
        subject=f"unit:{unit_id}", verb__in=VERBS, data__on=on.isoformat()
    ).select_related("by")
    events = list(said.order_by("-pk"))
    undone = {one.data["of"] for one in events if one.verb == VERBS[1]}
    return next((one for one in events if one.verb == VERBS[0] and one.pk not in undone), None)


def check_day(on: dt.date, today: dt.date) -> None:
    """A day of which aggregates are told, that has come and lies in the register."""
    if (on.month, on.day) not in DAYS:
        raise InputError(
            "Cơ cấu đảng viên báo cáo cho ngày 30/6 hoặc 31/12.", field="on", code="no-such-day"
        )
    if on > today:
        raise InputError(
            f"Ngày {date_vi(on)} chưa đến. Báo cáo khi đã hết kỳ.", field="on", code="day-to-come"
        )
    check_in_register(on)


def reporting_unit(by: Viewer, unit_id: UUID, on: dt.date, today: dt.date) -> UnitVersion:
    """The unit that the viewer holds. Raises NotFound, NotNow where it ended."""
    version = held_unit(by, unit_id, on)
    check_lives(unit_id, on)
    held_unit(by, unit_id, today)
    return version


def _checked(counts: Mapping[Aggregate, Mapping[str, int]], members: int | None) -> Reported:
    found: Reported = {}
    for dimension, values in counts.items():
        codes = [one.value for one in VALUES[dimension]]
        if any(value not in codes for value in values):
            raise InputError("Mục này không có trong danh sách.", field="counts", code="no-value")
        for value, count in values.items():
            if count < 0:
                raise InputError("Ghi từ 0 trở lên.", field=f"{dimension}-{value}", code="negative")
        total = sum(values.values())
        if values and members is None:
            raise NotNow(
                "Sổ chưa có số đảng viên của ngày này. Ghi số đảng viên trước.", code="no-count"
            )
        if members is not None and total > members:
            raise InputError(
                f"{dimension.label}: cộng được {total} người, ngày ấy sổ ghi {members} đảng viên."
                " Sửa số này, hoặc ghi lại số đảng viên.",
                field=f"{dimension}-{codes[0]}",
                code="over-members",
            )
        found[dimension] = {code: values[code] for code in codes if code in values}
    return found


def _write(unit_id: UUID, on: dt.date, said: Reported, by: Viewer, at: dt.datetime) -> None:
    """What stood of these dimensions is replaced, and kept with the moment."""
    AggregateCount.objects.filter(
        unit_id=unit_id, on=on, dimension__in=list(said), replaced_at=None
    ).update(replaced_at=at)
    AggregateCount.objects.bulk_create(
        AggregateCount(
            unit_id=unit_id, on=on, dimension=dimension, value=value, count=count,
            by=by.user, at=at,
        )
        for dimension, values in said.items()
        for value, count in values.items()
    )  # fmt: skip
