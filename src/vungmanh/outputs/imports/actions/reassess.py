"""Assessing anew the months an import has touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import months_between
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun

#: A month counts in the twelve that follow it, and a status looks back at the twelve before them.
REACH_MONTHS = 24


def reassess_months(
    *,
    months: Iterable[dt.date],
    by: User | None,
    at: dt.datetime,
    progress: Callable[[dt.date], None] = lambda month: None,
) -> list[dt.date]:
    """Assess `months` and every later month already assessed that they reach.

    Returns the months assessed, oldest first; empty where no rule was in force yet.
    """
    touched = sorted(set(months))
    if not touched:
        return []
    later = AssessmentRun.objects.filter(month__gte=touched[0]).values_list("month", flat=True)
    reached = {
        month
        for month in later
        if any(0 <= months_between(one, month) <= REACH_MONTHS for one in touched)
    }
    wanted = sorted(reached | set(touched))
    try:
        assess_months(months=wanted, by=by, at=at, progress=progress)
    except NotNow:
        # Months before the first rule are kept as facts; nobody is judged by them.
        return []
    return wanted
