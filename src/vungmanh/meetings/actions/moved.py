"""Months whose figures moved and are to be assessed anew, by whoever assesses (strengthening)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from vungmanh.core.periods import month_of
from vungmanh.meetings.models import MovedMonth


def mark_moved(months: Iterable[dt.date], *, at: dt.datetime) -> None:
    """Note that the figures of these months moved. A month already noted keeps its first time."""
    MovedMonth.objects.bulk_create(
        [MovedMonth(month=month_of(month), since=at) for month in sorted(set(months))],
        ignore_conflicts=True,
    )
