"""Months whose figures moved and are to be assessed anew, by whoever assesses (strengthening)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from vungmanh.core.periods import month_of
from vungmanh.meetings.models import MovedMonth


def mark_moved(months: Iterable[dt.date], *, at: dt.datetime) -> None:
    """Note that the figures of these months moved."""
    MovedMonth.objects.bulk_create(
        MovedMonth(month=month, at=at) for month in sorted({month_of(one) for one in months})
    )
