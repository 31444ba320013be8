"""What the ledger says of a month's tasks follows the tasks themselves.

Only where the month's record was made here: what an import said of a month stays as it came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from vungmanh.core.periods import month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.moved import mark_moved
from vungmanh.meetings.models import Meeting, MeetingReport
from vungmanh.meetings.tasks import counts_of_months, heirs_of

COLUMNS = ("tasks_due", "tasks_on_time", "longest_carried")


def tell_task_counts(unit_ids: Iterable[UUID], since: dt.date, *, at: dt.datetime) -> None:
    """Write anew what the reports of these units (or their heirs) say of their tasks, from the
    month of `since` on. Five queries for any number of units."""
    units = set(unit_ids)
    units |= set(heirs_of(units, localdate(at)).values())
    recorded = Meeting.objects.filter(pk=OuterRef("source"))
    reports = list(
        MeetingReport.objects.filter(
            Exists(recorded),
            unit_id__in=units,
            kind=ObligationKind.REGULAR,
            month__gte=month_of(since),
        )
    )
    if not reports:
        return
    counts = counts_of_months((one.unit_id, one.month) for one in reports)
    changed = []
    for one in reports:
        now = counts[one.unit_id, one.month] or (None, None, None)
        if now != tuple(getattr(one, column) for column in COLUMNS):
            one.tasks_due, one.tasks_on_time, one.longest_carried = now
            changed.append(one)
    MeetingReport.objects.bulk_update(changed, COLUMNS)
    mark_moved([one.month for one in changed], at=at)
