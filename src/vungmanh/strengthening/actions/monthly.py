"""The assessment that nobody has to ask for: of the month that ended, once reports were due."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max

from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import ObligationKind
from vungmanh.meetings.actions.obligations import extend_obligations
from vungmanh.meetings.models import Obligation
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import AssessmentRun


@transaction.atomic
def assess_month_ended(*, as_of: dt.date, at: dt.datetime) -> AssessmentRun | None:
    """Assess the month before `as_of`, on the first day after its reports were due.

    Imports assess as they arrive; this is for the month in which nobody imported, so that silence
    is seen too. None where there is nothing to do: assessed already, reports still coming in, or a
    register that has never been assessed.
    """
    month = add_months(month_of(as_of), -1)
    latest = AssessmentRun.objects.aggregate(month=Max("month"))["month"]
    if latest is None or latest >= month:
        return None
    extend_obligations(first=month, last=month, by=None, at=at)
    due_by = Obligation.objects.filter(month=month, kind=ObligationKind.REGULAR).aggregate(
        last=Max("due_by")
    )["last"]
    if due_by is None or as_of <= due_by:
        return None
    return assess_months(months=[month], by=None, at=at)[0]
