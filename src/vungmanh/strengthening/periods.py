"""The periods an assessment looks at, each with the rules of its own last day."""

from __future__ import annotations

import datetime as dt

from vungmanh.analysis.facts import Period
from vungmanh.core.periods import add_months, last_day
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.frames import Snapshot
from vungmanh.strengthening.rules import fact_rules, first_assessable_day


def periods_until(data: Snapshot, month: dt.date, today: dt.date) -> list[Period]:
    """The periods that end with `month` and twelve, twenty-four … months before, oldest first."""
    book = load_rulebook()
    step = fact_rules(book, last_day(month)).period_months
    first = max(data.inputs.first_month, first_assessable_day(book).replace(day=1))
    periods = []
    while month >= first:
        day = last_day(month)
        periods.append(Period(month, data.homes.on(day), fact_rules(book, day), today))
        month = add_months(month, -step)
    return periods[::-1]
