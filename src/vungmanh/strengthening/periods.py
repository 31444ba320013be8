"""The periods an assessment looks at, each with the rules of its own last day."""

from __future__ import annotations

import datetime as dt

from vungmanh.analysis.facts import Period
from vungmanh.core.periods import add_months, last_day
from vungmanh.strengthening.snapshots import Snapshot


def periods_until(data: Snapshot, month: dt.date, today: dt.date) -> list[Period]:
    """The periods that end with `month` and twelve, twenty-four … months before, oldest first."""
    step = data.rules.of_month(month)[0].period_months
    first = max(data.first_month, data.rules.first_month or month)
    periods = []
    while month >= first:
        rules, _ = data.rules.of_month(month)
        periods.append(Period(month, data.homes.on(last_day(month)), rules, today))
        month = add_months(month, -step)
    return periods[::-1]
