"""Which months a cell owes a regular meeting."""

from __future__ import annotations

import datetime as dt

from vungmanh.core.periods import add_months, last_day, month_range


def months_due(
    life_from: dt.date,
    life_to: dt.date | None,
    first: dt.date,
    last: dt.date,
    *,
    every_months: int = 1,
) -> list[dt.date]:
    """Months from `first` to `last` in which a cell owes a meeting.

    A month counts when the cell exists on every one of its days: a cell founded on the 15th owes
    from the next month on, one dissolved on the 15th no longer owes that month. `life_to` is
    exclusive; None means it still exists. `every_months` is the rulebook's rhythm, counted from
    January (3: March, June, September, December).
    """
    start = life_from if life_from.day == 1 else add_months(life_from.replace(day=1), 1)
    return [
        month
        for month in month_range(max(start, first), last)
        if (life_to is None or last_day(month) < life_to) and month.month % every_months == 0
    ]
