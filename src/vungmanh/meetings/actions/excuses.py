"""Excusing and postponing, by the superior and with a document (decisions.md 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Min
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.access.permissions import check_can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.text import nfc
from vungmanh.core.vocabulary import ObligationKind, Reach, Relief, ReliefCause
from vungmanh.meetings.duties import duties_of
from vungmanh.meetings.models import Excuse, Obligation
from vungmanh.org.actions.register import Rows, rows_of
from vungmanh.org.bulk import copy_rows
from vungmanh.org.models import UnitClosure
from vungmanh.org.queries import visible_unit
from vungmanh.org.turns import beside_register

GRANT = "meetings.excuse.grant"
LONGEST = 12  # months: more than a year is not an excuse but another rule


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
    _check(wish, today)
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


def _check(wish: Wish, today: dt.date) -> None:
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
def withdraw_excuse(*, excuse_id: int, reason: str, by: Viewer, at: dt.datetime) -> Excuse:
    """Take an excuse back: its months are due again as the rules say. The row stays.

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
        descendant_id=excuse.unit_id,
        ancestor_id__in=by.units_with(Reach.UNIT_AND_BELOW),
        depth__gt=0,
        valid__contains=today,
    )
    if not above.exists():
        raise NotAllowed("Đơn vị không tự rút lại cho mình; cấp trên trực tiếp mới quyết.")
    if excuse.withdrawn_at is not None:
        raise NotNow("Lần miễn, hoãn này đã được rút lại.", code="already-withdrawn")
    excuse.withdrawn_at, excuse.withdrawn_by, excuse.withdrawn_reason = at, by.user, reason
    excuse.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    apply_excuses(spans=[(excuse.unit_id, excuse.first_month, excuse.last_month)])
    record(
        "excuse.withdrawn",
        by=by.user,
        at=at,
        subject=f"unit:{excuse.unit_id}",
        data={"excuse": excuse.pk},
        personal={"reason": reason},
    )
    return excuse


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


def apply_standing(*, first: dt.date, last: dt.date) -> None:
    """Write into the lines of the months `first` to `last` what was granted before they existed."""
    standing = Excuse.objects.filter(
        withdrawn_at=None, first_month__lte=last, last_month__gte=first
    ).values_list("unit_id", "first_month", "last_month")
    spans = {(unit, max(first, begin), min(last, end)) for unit, begin, end in standing}
    if spans:
        apply_excuses(spans=spans)


def apply_excuses(*, spans: Iterable[tuple[UUID, dt.date, dt.date]]) -> None:
    """Write into the lines of (unit, first month, last month) the excuse that stands for each.

    Of several an excuse goes before a postponement, then the later document.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE touched (unit_id uuid, first date, last date) ON COMMIT DROP"
        )
        copy_rows("touched", ("unit_id", "first", "last"), spans)
        cursor.execute("ANALYZE touched")
        cursor.execute(
            """
            WITH said AS (
              SELECT DISTINCT ON (due.id) due.id,
                     CASE relief WHEN 'excused' THEN excuse.reason ELSE '' END AS reason,
                     CASE relief WHEN 'excused' THEN excuse.document ELSE '' END AS document,
                     CASE relief WHEN 'excused' THEN excuse.granted_on END AS granted_on,
                     excuse.until
              FROM touched
              JOIN meetings_obligation due
                ON due.unit_id = touched.unit_id
               AND due.month BETWEEN touched.first AND touched.last
              LEFT JOIN meetings_excuse excuse
                ON excuse.unit_id = due.unit_id AND excuse.duty = due.kind
               AND due.month BETWEEN excuse.first_month AND excuse.last_month
               AND excuse.withdrawn_at IS NULL
              ORDER BY due.id, relief = 'excused' DESC NULLS LAST,
                       excuse.granted_on DESC, excuse.id DESC
            )
            UPDATE meetings_obligation due
            SET excuse_reason = said.reason, excuse_document = said.document,
                excused_on = said.granted_on, postponed_until = said.until
            FROM said
            WHERE due.id = said.id
              AND (due.excuse_reason, due.excuse_document, due.excused_on, due.postponed_until)
                  IS DISTINCT FROM (said.reason, said.document, said.granted_on, said.until)
            """
        )
        cursor.execute("DROP TABLE touched")
