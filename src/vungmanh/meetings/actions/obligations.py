"""Making the ledger of what was due, and keeping it in step with the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Min

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.analysis.obligations import Duties
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import add_months, month_label, month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.applying import apply_excuses, apply_standing
from vungmanh.meetings.actions.excuses import excuse_months
from vungmanh.meetings.actions.freezing import freeze_past_months, ledger_opened
from vungmanh.meetings.duties import duties_of
from vungmanh.meetings.models import Obligation
from vungmanh.org.bulk import copy_rows
from vungmanh.org.models import Unit
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import RegularMeeting

__all__ = [
    "excuse_months",
    "extend_obligations",
    "first_month_of_ledger",
    "follow_register",
    "generate_obligations",
]

_COLUMNS = ("unit_id", "month", "kind", "rule_id", "why", "due_by")


def _due_rows(
    duties: Duties, units: Iterable[UUID], first: dt.date, last: dt.date
) -> Iterator[tuple[Any, ...]]:
    for unit in units:
        for kind in ObligationKind:
            for line in duties.due(unit, kind, first, last):
                yield unit, line.month, kind.value, line.rule_id, line.reason.value, line.due_by


def _copy_due(units: Iterable[UUID], duties: Duties, first: dt.date, last: dt.date) -> None:
    """Write what is due into the temporary table `due`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE due (unit_id uuid, month date, kind text, rule_id text, why text,"
            " due_by date) ON COMMIT DROP"
        )
    copy_rows("due", _COLUMNS, _due_rows(duties, units, first, last))


_ADD = """
  INSERT INTO meetings_obligation
    (unit_id, month, kind, rule_id, why, due_by, excuse_reason, excuse_document)
  SELECT unit_id, month, kind, rule_id, why, due_by, '', '' FROM due
  WHERE %s OR month NOT IN (SELECT month FROM meetings_frozenmonth)
  ORDER BY unit_id, month
  ON CONFLICT (unit_id, kind, month) DO NOTHING
"""


@transaction.atomic
def generate_obligations(*, first: dt.date, last: dt.date, by: User | None, at: dt.datetime) -> int:
    """Write what every unit owed in the months `first` to `last`; returns the lines added.

    Lines already in the ledger are left as they stand, and frozen months as they are: asking twice
    adds nothing. `follow_register` is what brings a settled month in step with the register.
    """
    units = list(Unit.objects.order_by("id").values_list("id", flat=True))
    _copy_due(units, duties_of(), first, last)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [False])
        added: int = cursor.rowcount
        cursor.execute("DROP TABLE due")
    if added:
        apply_standing(first=first, last=last)
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
    """Make the ledger reach from `first` to `last` without a gap; returns the lines added.

    What is due does not depend on who reports: the months between the ledger's last one and `first`
    are written too, so that a silent month is seen as silent. Months whose term is over are frozen.
    Raises NotNow for a month before the ledger's first, which would stand alone.
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
    added = generate_obligations(first=first, last=last, by=by, at=at)
    freeze_past_months(by=by, at=at)
    return added


def _first_whole_month(day: dt.date) -> dt.date:
    """The first month that begins on `day` or later."""
    return add_months(month_of(day - dt.timedelta(days=1)), 1)


@transaction.atomic
def follow_register(
    *,
    units: Collection[UUID],
    since: dt.date,
    until: dt.date | None = None,
    by: User | None,
    at: dt.datetime,
    reason: str = "theo quyết định sắp xếp tổ chức",
) -> tuple[int, int, int]:
    """Make the ledger of `units` say what the register says now.

    From the month of `since` on, to that of `until` if told. Name every unit that began, ended or
    changed its kind. Frozen months follow too, and the event
    keeps the reason. Reports stand as they are. Returns the lines added, removed and changed.
    """
    first, ids = month_of(since), sorted(set(units))
    last = Obligation.objects.aggregate(last=Max("month"))["last"]
    last = min(last, month_of(until)) if last and until else last
    if last is None or last < first or not ids:
        return 0, 0, 0
    _copy_due(ids, duties_of(ids), first, last)
    with ledger_opened(reason), connection.cursor() as cursor:
        cursor.execute(_ADD, [True])
        added = cursor.rowcount
        cursor.execute(
            """
            DELETE FROM meetings_obligation line
            WHERE unit_id = ANY (%s) AND month BETWEEN %s AND %s AND NOT EXISTS (
              SELECT 1 FROM due WHERE (due.unit_id, due.kind, due.month)
                                    = (line.unit_id, line.kind, line.month))
            """,
            [ids, first, last],
        )
        removed = cursor.rowcount
        cursor.execute(
            """
            UPDATE meetings_obligation line
            SET rule_id = due.rule_id, why = due.why, due_by = due.due_by
            FROM due
            WHERE (due.unit_id, due.kind, due.month) = (line.unit_id, line.kind, line.month)
              AND (due.rule_id, due.why, due.due_by)
                  IS DISTINCT FROM (line.rule_id, line.why, line.due_by)
            """
        )
        changed = cursor.rowcount
        cursor.execute("DROP TABLE due")
    apply_excuses(spans=[(unit, first, last) for unit in ids])
    counts = {"added": added, "removed": removed, "changed": changed}
    if any(counts.values()):
        record(
            "obligations.followed_register",
            by=by,
            at=at,
            subject=f"months:{first:%Y-%m}:{last:%Y-%m}",
            data={**counts, "units": len(ids), "reason": reason},
        )
    return added, removed, changed
