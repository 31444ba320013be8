"""Assessing anew what moved since it was assessed: records filed, returned, inspected, reviewed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max, Min

from vungmanh.meetings.models import MovedMonth
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun

#: Many records come one after another on an evening: wait for a pause, but not for ever.
PAUSE, LONGEST_WAIT = dt.timedelta(minutes=1), dt.timedelta(minutes=10)


def is_time_to_follow(now: dt.datetime) -> bool:
    """Whether something moved, and either nothing more came for a while or it has waited long."""
    noted = MovedMonth.objects.aggregate(first=Min("at"), last=Max("at"))
    if noted["first"] is None:
        return False
    return bool(now - noted["last"] >= PAUSE or now - noted["first"] >= LONGEST_WAIT)


@transaction.atomic
def assess_moved(*, at: dt.datetime) -> list[AssessmentRun]:
    """Assess every run from the first month that moved on: a status remembers. Empty where nothing
    moved, or nothing of it was ever assessed."""
    noted = list(MovedMonth.objects.values_list("pk", "month"))
    if not noted:
        return []
    MovedMonth.objects.filter(pk__in=[key for key, _ in noted]).delete()
    runs = AssessmentRun.objects.filter(month__gte=min(month for _, month in noted))
    return assess_months(months=list(runs.values_list("month", flat=True)), by=None, at=at)
