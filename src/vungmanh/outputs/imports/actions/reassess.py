"""Assessing anew the months an import has touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from vungmanh.access.models import User
from vungmanh.core.errors import NotNow
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun


def reassess_months(
    *,
    months: Iterable[dt.date],
    by: User | None,
    at: dt.datetime,
    progress: Callable[[dt.date], None] = lambda month: None,
) -> list[dt.date]:
    """Assess `months` and every later month already assessed.

    All later ones, because an old month reaches far: admissions count over years, and a status
    remembers the periods before it. Returns the months assessed, oldest first; empty where no rule
    was in force yet.
    """
    touched = sorted(set(months))
    if not touched:
        return []
    later = AssessmentRun.objects.filter(month__gte=touched[0]).values_list("month", flat=True)
    wanted = sorted({*later, *touched})
    try:
        assess_months(months=wanted, by=by, at=at, progress=progress)
    except NotNow:
        # Months before the first rule are kept as facts; nobody is judged by them.
        return []
    return wanted
