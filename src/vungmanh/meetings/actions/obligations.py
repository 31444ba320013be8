"""Making the ledger of what was due, and excusing from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Min

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.analysis.obligations import months_due
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import add_months, month_label, month_of
from vungmanh.core.vocabulary import CELL_KINDS, ObligationKind
from vungmanh.meetings.models import Obligation
from vungmanh.org.actions.register import Rows, rows_of
from vungmanh.org.bulk import copy_rows
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import RegularMeeting

_COLUMNS = ("unit_id", "month", "kind", "rule_id")


def _cell_lives() -> list[tuple[UUID, dt.date, dt.date | None]]:
    """The spans over which each unit was a cell, adjacent versions joined."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT lives.unit_id, lower(span), upper(span)
            FROM (SELECT unit_id, range_agg(valid) AS spans FROM org_unitversion
                  WHERE kind = ANY (%s) GROUP BY unit_id) lives, unnest(lives.spans) span
            ORDER BY lives.unit_id, span
            """,
            [[kind.value for kind in CELL_KINDS]],
        )
        return list(cursor.fetchall())


def _due_rows(
    lives: list[tuple[UUID, dt.date, dt.date | None]], first: dt.date, last: dt.date
) -> Iterator[tuple[Any, ...]]:
    view = load_rulebook().on(last)
    rule, rhythm = view.rule(RegularMeeting.key), view.of(RegularMeeting).every_months
    begin = max(first, _first_whole_month(rule.valid_from))
    for unit, life_from, life_to in lives:
        for month in months_due(life_from, life_to, begin, last, every_months=rhythm):
            yield unit, month, ObligationKind.REGULAR, rule.id


@transaction.atomic
def generate_obligations(*, first: dt.date, last: dt.date, by: User | None, at: dt.datetime) -> int:
    """Write what every cell owed in the months `first` to `last`; returns the rows added.

    Months already in the ledger are left as they stand: asking twice adds nothing.
    """
    lives = _cell_lives()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE due (unit_id uuid, month date, kind text, rule_id text)"
            " ON COMMIT DROP"
        )
        copy_rows("due", _COLUMNS, _due_rows(lives, first, last))
        cursor.execute(
            """
            INSERT INTO meetings_obligation
              (unit_id, month, kind, rule_id, excuse_reason, excuse_document)
            SELECT unit_id, month, kind, rule_id, '', '' FROM due ORDER BY unit_id, month
            ON CONFLICT (unit_id, kind, month) DO NOTHING
            """
        )
        added: int = cursor.rowcount
        cursor.execute("DROP TABLE due")
    if added:
        record(
            "obligations.generated",
            by=by,
            at=at,
            subject=f"months:{first:%Y-%m}:{last:%Y-%m}",
            data={"added": added},
        )
    return added


def first_month_of_ledger() -> dt.date:
    """The earliest month that can be reported on: the ledger's first, or while it is empty the
    first whole month under the rule that makes meetings due."""
    first = Obligation.objects.filter(kind=ObligationKind.REGULAR).aggregate(first=Min("month"))
    rule = load_rulebook().history(RegularMeeting.key)[0]
    return first["first"] or _first_whole_month(rule.valid_from)


@transaction.atomic
def extend_obligations(*, first: dt.date, last: dt.date, by: User | None, at: dt.datetime) -> int:
    """Make the ledger reach from `first` to `last` without a gap; returns the rows added.

    What is due does not depend on who reports: the months between the ledger's last one and `first`
    are written too, so that a silent month is seen as silent. Raises NotNow for a month before the
    ledger's first, which would stand alone.
    """
    span = Obligation.objects.filter(kind=ObligationKind.REGULAR).aggregate(last=Max("month"))
    if first < (begin := first_month_of_ledger()):
        raise NotNow(
            f"Sổ bắt đầu từ {month_label(begin)} nên không nhận {month_label(first)}. "
            "Nạp lại tệp để xem trước lại.",
            code="before-ledger",
        )
    if span["last"] is not None:
        first = min(first, add_months(span["last"], 1))
    return generate_obligations(first=first, last=last, by=by, at=at)


def _first_whole_month(day: dt.date) -> dt.date:
    """The first month that begins on `day` or later."""
    return add_months(month_of(day - dt.timedelta(days=1)), 1)


@transaction.atomic
def excuse_months(*, excuses: Rows, by: User | None, at: dt.datetime) -> int:
    """Excuse months by document (table `excuses` of analysis.schema); returns how many were.

    A month that was not due cannot be excused and is passed over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE given (unit_id uuid, month date, reason text, document text,"
            " granted_on date) ON COMMIT DROP"
        )
        columns = ("month", "reason", "document", "granted_on")
        copy_rows("given", ("unit_id", *columns), rows_of(excuses, "unit", *columns))
        cursor.execute(
            """
            UPDATE meetings_obligation due
            SET excuse_reason = given.reason, excuse_document = given.document,
                excused_on = given.granted_on
            FROM given
            WHERE due.unit_id = given.unit_id AND due.month = given.month AND due.kind = %s
            """,
            [ObligationKind.REGULAR],
        )
        excused: int = cursor.rowcount
        cursor.execute("DROP TABLE given")
    record("months.excused", by=by, at=at, subject="obligations", data={"excused": excused})
    return excused
