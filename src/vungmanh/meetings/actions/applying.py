"""Repeating in the lines of the ledger what was granted: it may be granted before they exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from vungmanh.meetings.models import Excuse
from vungmanh.org.bulk import copy_rows


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
