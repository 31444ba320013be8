"""Settling the months of the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.core.errors import NotFound, NotNow
from vungmanh.core.periods import month_label, month_of
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.models import FrozenMonth, Obligation


@contextmanager
def ledger_opened(reason: str) -> Iterator[None]:
    """Let this transaction change what was due in frozen months. The caller records the event."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('vungmanh.ledger_reason', %s, true)", [reason])
        yield
        cursor.execute("SELECT set_config('vungmanh.ledger_reason', '', true)")


@transaction.atomic
def freeze_period(*, month: dt.date, by: User | None, at: dt.datetime) -> FrozenMonth:
    """Settle what was due in a month once the term of its reports is over.

    Raises NotFound for a month that is not in the ledger, NotNow before the term is over. Freezing
    a frozen month changes nothing.
    """
    month = month_of(month)
    lines = Obligation.objects.filter(month=month, kind=ObligationKind.REGULAR)
    term = lines.aggregate(term=Max("due_by"))["term"]
    if term is None:
        raise NotFound(f"Sổ nghĩa vụ chưa có {month_label(month)}.", code="month-not-in-ledger")
    if term >= localdate(at):
        raise NotNow(
            f"Hạn báo cáo của {month_label(month)} là ngày {date_vi(term)}. Qua ngày ấy mới chốt.",
            code="term-not-over",
        )
    frozen, is_new = FrozenMonth.objects.get_or_create(
        month=month, defaults={"frozen_at": at, "frozen_by": by}
    )
    if is_new:
        record("ledger.frozen", by=by, at=at, subject=f"month:{month:%Y-%m}")
    return frozen


@transaction.atomic
def freeze_past_months(*, by: User | None, at: dt.datetime) -> int:
    """Settle every month whose term is over; returns how many were."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO meetings_frozenmonth (month, frozen_at, frozen_by_id)
            SELECT month, %s, %s FROM meetings_obligation
            WHERE kind = %s AND month NOT IN (SELECT month FROM meetings_frozenmonth)
            GROUP BY month HAVING max(due_by) < %s
            """,
            [at, by.pk if by else None, ObligationKind.REGULAR, localdate(at)],
        )
        frozen: int = cursor.rowcount
    if frozen:
        record("ledger.frozen", by=by, at=at, subject="ledger", data={"months": frozen})
    return frozen
