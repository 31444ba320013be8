"""Recording what an inspection saw, correcting and withdrawing it: by whoever stands above.

What was reported is read here and kept as it stood; the report itself is never touched. The months
that moved are assessed anew by whoever assesses (strengthening).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.permissions import check_can
from vungmanh.access.reason import checked_reason
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotNow
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import (
    InspectionKind,
    InspectionState,
    ObligationKind,
    ReportedThen,
    Verdict,
)
from vungmanh.meetings.actions.moved import mark_moved
from vungmanh.meetings.inspections import inspection_visible, stands_above
from vungmanh.meetings.models import (
    Inspection,
    InspectionChange,
    InspectionMonth,
    MeetingReport,
    Obligation,
)
from vungmanh.meetings.models.inspections import BASIS, BODY, DOCUMENT, NUMBER
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register

RECORD = "meetings.inspection.record"
LONGEST = 24  # months one inspection may look at


@dataclass(frozen=True)
class Seen:
    """What was seen of one month, and what that rests on."""

    verdict: Verdict
    basis: str = ""


@dataclass(frozen=True)
class InspectionWish:
    """What is recorded of an inspection; `months` only those that were looked at."""

    kind: InspectionKind
    body: str
    on: dt.date
    first_month: dt.date
    last_month: dt.date
    document: str
    conclusion_number: str = ""
    conclusion_on: dt.date | None = None
    conclusion_issuer: str = ""
    months: dict[dt.date, Seen] = field(default_factory=dict)


#: The fields of a record beside its months, as a reader calls them.
FIELDS = {
    "kind": "hình thức",
    "body": "ai kiểm tra",
    "on": "ngày kiểm tra",
    "first_month": "từ tháng",
    "last_month": "đến tháng",
    "document": "văn bản kiểm tra",
    "conclusion_number": "số kết luận",
    "conclusion_on": "ngày kết luận",
    "conclusion_issuer": "nơi ban hành kết luận",
}


@transaction.atomic
def record_inspection(
    *, unit_id: UUID, wish: InspectionWish, by: Viewer, at: dt.datetime
) -> Inspection:
    """Record an inspection of one unit. Raises NotFound for a unit out of sight, NotAllowed to
    whoever does not stand above it, InputError naming the field."""
    check_can(by, RECORD)
    beside_register()
    visible_unit(by, unit_id, by.on)
    _check_above(by, unit_id)
    wish = _cleaned(wish, localdate(at))
    assert by.unit_id is not None, "whoever stands above holds a role in a unit"
    made = Inspection(unit_id=unit_id, by_unit_id=by.unit_id, by=by.user)
    _put(made, wish)
    made.save(force_insert=True)
    reported = _reported(unit_id, wish.months)
    InspectionMonth.objects.bulk_create(
        _month(made, month, seen, reported[month]) for month, seen in sorted(wish.months.items())
    )
    _settle(unit_id, wish.months, at)
    _tell("inspection.recorded", made, by=by, at=at, months=len(wish.months))
    return made


@transaction.atomic
def correct_inspection(
    *,
    inspection_id: UUID,
    revision: int,
    wish: InspectionWish,
    reason: str,
    by: Viewer,
    at: dt.datetime,
) -> Inspection:
    """Correct a record, with a reason; what stood before is kept with it.

    `revision` is the one the writer looked at: Conflict when somebody was faster. What had been
    reported of a month stays as it was first read. Raises NotNow for one withdrawn or unchanged.
    """
    one = _locked(inspection_id, by)
    why = checked_reason(reason)
    if one.revision != revision:
        raise Conflict(
            "Vừa có người sửa bản ghi này. Mở lại trang, xem bản mới rồi sửa.", code="changed-again"
        )
    wish = _cleaned(wish, localdate(at))
    before = _as_said(one)
    touched = {month.month for month in one.months.all()} | set(wish.months)
    _put(one, wish)
    _rewrite_months(one, wish)
    changed = _differences(before, _as_said(one))
    if not changed:
        raise NotNow("Không có gì đổi so với bản đang có.", code="nothing-changed")
    _step(one, changed, why, by, at)
    _settle(one.unit_id, touched, at)
    _tell("inspection.corrected", one, by=by, at=at, reason=why, fields=sorted(changed))
    return one


@transaction.atomic
def withdraw_inspection(
    *, inspection_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Inspection:
    """Withdraw a record made by mistake: the figures follow the reports, or an earlier inspection,
    again. The record stays to be read."""
    one = _locked(inspection_id, by)
    one.withdrawn_reason = checked_reason(reason)
    was, one.state = one.state, InspectionState.WITHDRAWN
    changed = {"state": [str(was), str(one.state)]}
    _step(one, changed, one.withdrawn_reason, by, at)
    _settle(one.unit_id, [month.month for month in one.months.all()], at)
    _tell("inspection.withdrawn", one, by=by, at=at, reason=one.withdrawn_reason)
    return one


# --- inside --------------------------------------------------------------------------------------


def _check_above(by: Viewer, unit_id: UUID) -> None:
    if not stands_above(by, unit_id, by.on):
        raise NotAllowed(
            "Đơn vị không tự ghi kiểm tra, giám sát về mình; cấp trên trực tiếp mới ghi.",
            code="not-above",
        )


def _locked(inspection_id: UUID, by: Viewer) -> Inspection:
    """The record, locked. Raises NotFound for one out of sight, NotNow for one withdrawn."""
    check_can(by, RECORD)
    seen = inspection_visible(by, inspection_id, by.on)
    beside_register()
    _check_above(by, seen.unit_id)
    one = Inspection.objects.select_for_update().get(pk=seen.pk)
    if one.state == InspectionState.WITHDRAWN:
        raise NotNow("Bản ghi này đã được rút; cần thì ghi một cuộc mới.", code="withdrawn")
    return one


def _cleaned(wish: InspectionWish, today: dt.date) -> InspectionWish:
    """The wish as it is kept. Raises InputError naming the field; of a month, `month-YYYY-MM`."""
    limits = {"body": BODY, "document": DOCUMENT, "conclusion_number": NUMBER,
              "conclusion_issuer": BODY}  # fmt: skip
    said = {name: " ".join(nfc(getattr(wish, name)).split()) for name in limits}
    wish = replace(
        wish,
        **said,  # type: ignore[arg-type]
        months={m: Seen(s.verdict, " ".join(nfc(s.basis).split())) for m, s in wish.months.items()},
    )
    for name, longest in limits.items():
        if len(said[name]) > longest:
            raise InputError(f"Viết gọn trong {longest} chữ.", field=name, code="too-long")
    for is_wrong, name, sentence in _problems(wish, today):
        if is_wrong:
            raise InputError(sentence, field=name, code="bad-inspection")
    for month, seen in wish.months.items():
        _check_month(month, seen, wish)
    return wish


def _problems(wish: InspectionWish, today: dt.date) -> list[tuple[bool, str, str]]:
    concluded = (bool(wish.conclusion_number), bool(wish.conclusion_on),
                 bool(wish.conclusion_issuer))  # fmt: skip
    return [
        (not wish.body, "body", "Ghi ai kiểm tra, ví dụ “Ủy ban Kiểm tra Đảng ủy xã”."),
        (not wish.document, "document", "Ghi số, ngày kế hoạch hoặc quyết định kiểm tra."),
        (wish.on > today, "on", "Ngày kiểm tra không thể ở sau hôm nay."),
        (wish.last_month < wish.first_month, "last_month", "Tháng cuối phải từ tháng đầu trở đi."),
        (
            wish.last_month > month_of(wish.on),
            "last_month",
            "Không kiểm tra được tháng chưa đến. Chọn tháng cuối không sau ngày kiểm tra.",
        ),
        (
            wish.last_month >= add_months(wish.first_month, LONGEST),
            "first_month",
            f"Mỗi cuộc ghi không quá {LONGEST} tháng. Phạm vi dài hơn thì ghi thành hai cuộc.",
        ),
        (
            any(concluded) and not all(concluded),
            "conclusion_number",
            "Kết luận cần đủ số, ngày và nơi ban hành; chưa có thì bỏ trống cả ba.",
        ),
        (
            wish.conclusion_on is not None and not wish.on <= wish.conclusion_on <= today,
            "conclusion_on",
            "Ngày kết luận từ ngày kiểm tra đến hôm nay; xem lại ngày.",
        ),
    ]


def _check_month(month: dt.date, seen: Seen, wish: InspectionWish) -> None:
    name = f"month-{month:%Y-%m}"
    if not wish.first_month <= month <= wish.last_month:
        raise InputError(
            "Tháng này ở ngoài phạm vi kiểm tra.", field=name, code="month-out-of-scope"
        )
    if seen.verdict is not Verdict.UNKNOWN and not seen.basis:
        raise InputError(
            "Ghi dựa vào đâu, ví dụ “sổ biên bản, hỏi hai đảng viên”.", field=name, code="no-basis"
        )
    if len(seen.basis) > BASIS:
        raise InputError(f"Viết gọn trong {BASIS} chữ.", field=name, code="too-long")


def _put(one: Inspection, wish: InspectionWish) -> None:
    for name in FIELDS:
        setattr(one, name, getattr(wish, name))
    concluded = bool(wish.conclusion_number)
    one.state = InspectionState.CONCLUDED if concluded else InspectionState.RECORDED


def _reported(unit_id: UUID, months: Iterable[dt.date]) -> dict[dt.date, ReportedThen]:
    """What stands reported of each month. Raises InputError for a month in which the unit neither
    owed a regular meeting nor reported one."""
    wanted = set(months)
    same = {"unit_id": unit_id, "kind": ObligationKind.REGULAR, "month__in": wanted}
    told = dict(MeetingReport.objects.filter(**same).values_list("month", "state"))
    owed = set(Obligation.objects.filter(**same).values_list("month", flat=True))
    for month in sorted(wanted - owed - told.keys()):
        raise InputError(
            "Tháng này chi bộ không phải họp thường kỳ; bỏ trống cả dòng.",
            field=f"month-{month:%Y-%m}",
            code="month-not-due",
        )
    return {month: ReportedThen(told.get(month, ReportedThen.NONE)) for month in wanted}


def _month(one: Inspection, month: dt.date, seen: Seen, reported: ReportedThen) -> InspectionMonth:
    return InspectionMonth(
        inspection=one,
        unit_id=one.unit_id,
        kind=ObligationKind.REGULAR,
        month=month,
        reported=reported,
        verified=seen.verdict,
        basis=seen.basis,
    )


def _rewrite_months(one: Inspection, wish: InspectionWish) -> None:
    """What is no longer said becomes "could not be found out"; the change keeps what was said."""
    known = {row.month: row for row in one.months.all()}
    for month, row in known.items():
        seen = wish.months.get(month, Seen(Verdict.UNKNOWN))
        row.verified, row.basis, row.stands = seen.verdict, seen.basis, False
    InspectionMonth.objects.bulk_update(known.values(), ["verified", "basis", "stands"])
    new = {month: seen for month, seen in wish.months.items() if month not in known}
    reported = _reported(one.unit_id, new)
    InspectionMonth.objects.bulk_create(
        _month(one, month, seen, reported[month]) for month, seen in sorted(new.items())
    )


def _as_said(one: Inspection) -> dict[str, Any]:
    """The record as plain values, its months by `YYYY-MM`."""
    said: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(one, name)
        said[name] = value.isoformat() if isinstance(value, dt.date) else value and str(value)
    for row in InspectionMonth.objects.filter(inspection=one):
        said[f"{row.month:%Y-%m}"] = [str(row.verified), row.basis]
    return said


def _differences(was: dict[str, Any], now: dict[str, Any]) -> dict[str, list[Any]]:
    names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return {name: [was.get(name), now.get(name)] for name in names}


def _step(
    one: Inspection, changed: dict[str, list[Any]], reason: str, by: Viewer, at: dt.datetime
) -> None:
    one.revision += 1
    one.save()
    InspectionChange.objects.create(
        inspection=one, revision=one.revision, fields=changed, reason=reason, by=by.user, at=at
    )


def _settle(unit_id: UUID, months: Iterable[dt.date], at: dt.datetime) -> None:
    """Which verdict stands of each month: the latest inspection that could tell."""
    wanted = sorted(set(months))
    if not wanted:
        return
    given: dict[str, Any] = {"unit": unit_id, "months": wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE meetings_inspectionmonth SET stands = false"
            " WHERE unit_id = %(unit)s AND month = ANY (%(months)s) AND stands",
            given,
        )
        cursor.execute(
            """
            UPDATE meetings_inspectionmonth seen SET stands = true
            FROM (SELECT DISTINCT ON (row.kind, row.month) row.id
                  FROM meetings_inspectionmonth row
                  JOIN meetings_inspection inspection ON inspection.id = row.inspection_id
                  WHERE row.unit_id = %(unit)s AND row.month = ANY (%(months)s)
                    AND row.verified <> 'unknown' AND inspection.state <> 'withdrawn'
                  ORDER BY row.kind, row.month, inspection."on" DESC, inspection.recorded_at DESC,
                           row.id DESC) latest
            WHERE seen.id = latest.id
            """,
            given,
        )
    mark_moved(wanted, at=at)


def _tell(
    verb: str, one: Inspection, *, by: Viewer, at: dt.datetime, reason: str = "", **more: Any
) -> None:
    record(
        verb,
        by=by.user,
        at=at,
        subject=f"inspection:{one.pk}",
        data={"unit": str(one.unit_id), "on": one.on.isoformat(), "state": str(one.state), **more},
        personal={"reason": reason} if reason else {},
    )
