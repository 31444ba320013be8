"""The periods a committee reports about: month, quarter, half a year, year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.periods import add_months, last_day
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.outputs.papers.kinds.reports import of_half, of_month, of_quarter, of_span, of_year


class ReportKind(Vocabulary):
    """How long a period a report is about."""

    MONTH = "month", "Báo cáo tháng"
    QUARTER = "quarter", "Báo cáo quý"
    HALF = "half", "Báo cáo 6 tháng"
    YEAR = "year", "Báo cáo năm"


@dataclass(frozen=True)
class Period:
    """The months `first` to `last`, and how a report words them."""

    first: dt.date
    last: dt.date
    words: str

    @property
    def ends_on(self) -> dt.date:
        return last_day(self.last)


def period_of(kind: ReportKind, month: dt.date) -> Period:
    """The period of a kind in which a month lies; of the half years the first, which is reported
    about apart."""
    january = month.replace(month=1, day=1)
    match kind:
        case ReportKind.MONTH:
            return Period(month, month, of_month(month))
        case ReportKind.QUARTER:
            quarter = (month.month - 1) // 3
            first = add_months(january, 3 * quarter)
            return Period(first, add_months(first, 2), of_quarter(quarter + 1, month.year))
        case ReportKind.HALF:
            return Period(january, add_months(january, 5), of_half(month.year))
        case ReportKind.YEAR:
            return Period(january, add_months(january, 11), of_year(month.year))


def span_of(first: dt.date, last: dt.date) -> Period:
    """The period of a programme, by its days."""
    return Period(first.replace(day=1), last.replace(day=1), of_span(first, last))
