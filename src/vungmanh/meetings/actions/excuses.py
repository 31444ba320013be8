"""Excusing and postponing, by the superior and with a document (decisions.md 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import ObligationKind, Reach, Relief, ReliefCause
from vungmanh.meetings.actions.applying import apply_excuses
from vungmanh.meetings.duties import duties_of
from vungmanh.meetings.models import Excuse, Obligation
from vungmanh.org.actions.register import Rows, rows_of
from vungmanh.org.bulk import copy_rows
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register

GRANT = "meetings.excuse.grant"
LONGEST = 12  # months: more than a year is not an excuse but another rule
ONLY_POSTPONED = {ReliefCause.FLOOD, ReliefCause.HARVEST}  # decisions.md 9


#: What the rows of one decision have in common.
DECISION = ("duty", "first_month", "last_month", "relief", "until", "cause", "reason", "document",
            "granted_on", "recorded_at")  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What is to be granted: which duty, which months, on what ground."""

    duty: ObligationKind
    first_month: dt.date
    last_month: dt.date
    relief: Relief
    until: dt.date | None
    cause: ReliefCause
    reason: str
    document: str
    granted_on: dt.date


@transaction.atomic
def grant_excuse(*, unit_id: UUID, wish: Wish, by: Viewer, at: dt.datetime) -> list[Excuse]:
    """Excuse or postpone for a unit, or for every unit below a committee: one row each.

    Raises NotAllowed where the viewer stands above none of them, NotFound for a unit out of sight,
    InputError for months, term or document that cannot be, NotNow where nothing was due.
    """
    check_can(by, GRANT)
    beside_register()
    today = localdate(at)
    check_wish(wish, today)
    day = min(today, last_day(wish.last_month))
    visible_unit(by, unit_id, day)
    below = UnitClosure.objects.filter(ancestor_id=unit_id, valid__contains=day)
    mine = UnitClosure.objects.filter(
        ancestor_id__in=by.units_with(Reach.UNIT_AND_BELOW), depth__gt=0, valid__contains=day
    )
    units = below.filter(descendant_id__in=mine.values("descendant_id")).values("descendant_id")
    if not units.exists():
        raise NotAllowed("Đơn vị không tự miễn, tự hoãn cho mình; cấp trên trực tiếp mới quyết.")
    owing = _owing(units.values_list("descendant_id", flat=True), wish)
    granted = Excuse.objects.bulk_create(
        Excuse(
            unit_id=unit,
            duty=wish.duty,
            first_month=wish.first_month,
            last_month=wish.last_month,
            relief=wish.relief,
            until=wish.until,
            cause=wish.cause,
            reason=nfc(wish.reason.strip()),
            document=nfc(wish.document.strip()),
            granted_on=wish.granted_on,
            granted_from_id=by.unit_id,
            granted_by=by.user,
        )
        for unit in owing
    )
    if not granted:
        raise NotNow(
            "Trong các tháng ấy sổ không có kỳ nào phải làm. Chọn tháng khác hoặc việc khác.",
            code="nothing-due",
        )
    apply_excuses(spans=[(row.unit_id, row.first_month, row.last_month) for row in granted])
    record(
        "excuse.granted",
        by=by.user,
        at=at,
        subject=f"unit:{unit_id}",
        data={
            "excuses": [row.pk for row in granted],
            "duty": wish.duty,
            "relief": wish.relief,
            "months": [f"{wish.first_month:%Y-%m}", f"{wish.last_month:%Y-%m}"],
            "document": wish.document.strip(),
        },
    )
    return granted


def _owing(units: Iterable[UUID], wish: Wish) -> list[UUID]:
    """The units that owe the duty in one of the months: by the rules, since the ledger may not have
    reached the running month yet; nothing before the ledger began."""
    named = sorted(set(units))
    begin = Obligation.objects.aggregate(first=Min("month"))["first"]
    first, duties = max(wish.first_month, begin or wish.first_month), duties_of(named)
    return [one for one in named if any(duties.due(one, wish.duty, first, wish.last_month))]


def check_wish(wish: Wish, today: dt.date) -> None:
    """Raise InputError naming the field that cannot be."""
    problems = [
        (not wish.document.strip(), "document", "Ghi số, ngày văn bản của cấp trên."),
        (not wish.reason.strip(), "reason", "Ghi lý do, ví dụ “ngập đường, chia cắt thôn”."),
        (
            wish.last_month < wish.first_month,
            "last_month",
            "Tháng cuối phải từ tháng đầu trở đi.",
        ),
        (
            wish.last_month >= add_months(wish.first_month, LONGEST),
            "last_month",
            f"Mỗi lần miễn, hoãn không quá {LONGEST} tháng. Chia thành nhiều lần, mỗi lần một"
            " văn bản.",
        ),
        (
            wish.relief is Relief.EXCUSED and wish.cause in ONLY_POSTPONED,
            "relief",
            "Bão lũ, mùa vụ chỉ hoãn, không miễn. Chọn “Hoãn” và hẹn tháng làm bù.",
        ),
        (
            wish.until is not None and wish.until > add_months(wish.first_month, LONGEST),
            "until",
            f"Hẹn làm bù không quá {LONGEST} tháng sau tháng được hoãn đầu tiên. Chọn tháng sớm"
            " hơn, hoặc chia thành nhiều lần.",
        ),
        (
            wish.relief is Relief.POSTPONED
            and (wish.until is None or wish.until <= wish.last_month),
            "until",
            "Hoãn thì phải hẹn tháng họp bù, sau tháng cuối được hoãn.",
        ),
        (
            wish.relief is Relief.EXCUSED and wish.until is not None,
            "until",
            "Miễn thì không có tháng họp bù. Bỏ trống ô này, hoặc chọn “Hoãn”.",
        ),
        (
            wish.granted_on > today,
            "granted_on",
            "Ngày văn bản không thể ở sau hôm nay.",
        ),
    ]
    for is_wrong, field, sentence in problems:
        if is_wrong:
            raise InputError(sentence, field=field, code="bad-excuse")


@transaction.atomic
def withdraw_excuse(
    *, excuse_id: int, reason: str, whole: bool = False, by: Viewer, at: dt.datetime
) -> list[Excuse]:
    """Take an excuse back: its months are due again as the rules say. The row stays.

    With `whole` all that stands of the same decision, for every unit `by` stands above.
    Raises NotFound for one out of sight, NotAllowed to whoever does not stand above the unit,
    NotNow for one already withdrawn, InputError without a reason.
    """
    check_can(by, GRANT)
    beside_register()
    reason = nfc(reason.strip())
    if not reason:
        raise InputError("Ghi lý do rút lại.", field="reason", code="blank")
    excuse = Excuse.objects.select_for_update().filter(pk=excuse_id).first()
    if excuse is None:
        raise NotFound("Không tìm thấy lần miễn, hoãn này.", code="excuse-not-found")
    today = localdate(at)
    visible_unit(by, excuse.unit_id, today)
    above = UnitClosure.objects.filter(
        ancestor_id__in=by.units_with(Reach.UNIT_AND_BELOW), depth__gt=0, valid__contains=today
    )
    if not above.filter(descendant_id=excuse.unit_id).exists():
        raise NotAllowed("Đơn vị không tự rút lại cho mình; cấp trên trực tiếp mới quyết.")
    if excuse.withdrawn_at is not None:
        raise NotNow("Lần miễn, hoãn này đã được rút lại.", code="already-withdrawn")
    gone = [excuse]
    if whole:
        same = of_one_decision(excuse).filter(
            withdrawn_at=None, unit_id__in=above.values("descendant_id")
        )
        gone = list(same.select_for_update().order_by("id"))
    _take_back(gone, reason, by, at)
    return gone


def of_one_decision(excuse: Excuse) -> QuerySet[Excuse]:
    """What was granted at once with this one: one document, one duty, the same months."""
    fields = (*DECISION, "granted_from_id", "granted_by_id")
    return Excuse.objects.filter(**{field: getattr(excuse, field) for field in fields})


def _take_back(gone: list[Excuse], reason: str, by: Viewer, at: dt.datetime) -> None:
    for one in gone:
        one.withdrawn_at, one.withdrawn_by, one.withdrawn_reason = at, by.user, reason
    Excuse.objects.bulk_update(gone, ["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    apply_excuses(spans=[(one.unit_id, one.first_month, one.last_month) for one in gone])
    where = gone[0].unit_id if len(gone) == 1 else by.unit_id
    record(
        "excuse.withdrawn",
        by=by.user,
        at=at,
        subject=f"unit:{where}",
        data={"excuses": [one.pk for one in gone]},
        personal={"reason": reason},
    )


@transaction.atomic
def excuse_months(*, excuses: Rows, by: User | None, at: dt.datetime) -> int:
    """Excuse months by document (table `excuses` of analysis.schema); returns how many were.

    A month that was not due cannot be excused and is passed over; one excused by the very same
    document already is left as it is.
    """
    columns = ("unit_id", "month", "reason", "document", "granted_on")
    rows = list(rows_of(excuses, "unit", *columns[1:]))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE given (unit_id uuid, month date, reason text, document text,"
            " granted_on date) ON COMMIT DROP"
        )
        copy_rows("given", columns, rows)
        cursor.execute(
            """
            INSERT INTO meetings_excuse
              (unit_id, duty, first_month, last_month, relief, cause, reason, document, granted_on,
               withdrawn_reason)
            SELECT given.unit_id, due.kind, given.month, given.month, 'excused', 'other',
                   given.reason, given.document, given.granted_on, ''
            FROM given JOIN meetings_obligation due USING (unit_id, month)
            WHERE due.kind = %s AND NOT EXISTS (
              SELECT 1 FROM meetings_excuse known
              WHERE known.withdrawn_at IS NULL AND (known.unit_id, known.duty) =
                    (given.unit_id, due.kind)
                AND (known.first_month, known.last_month, known.document) =
                    (given.month, given.month, given.document))
            """,
            [ObligationKind.REGULAR],
        )
        excused: int = cursor.rowcount
        cursor.execute("DROP TABLE given")
    apply_excuses(spans=[(row[0], row[1], row[1]) for row in rows])
    record("months.excused", by=by, at=at, subject="obligations", data={"excused": excused})
    return excused
