"""The periods a programme is reported about: a month, a year, until half-way, the whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.errors import InputError, NotNow
from vungmanh.core.periods import month_label, month_of, parse_month
from vungmanh.core.programme_words import GateKind, ProgrammeState
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.outputs.papers.kinds.reports import of_month, of_span, of_year
from vungmanh.outputs.reporting.periods import Period
from vungmanh.strengthening.models import Programme


class ProgrammeReport(Vocabulary):
    """How much of a programme a report is about."""

    MONTH = "month", "Báo cáo tháng"
    YEAR = "year", "Báo cáo năm"
    MID_TERM = "mid_term", "Báo cáo sơ kết"
    FINAL = "final", "Báo cáo tổng kết"


@dataclass(frozen=True)
class AskedPeriod:
    """Which report of a programme: its kind, a month of it, and its months."""

    kind: ProgrammeReport
    month: dt.date
    period: Period


def period_asked(programme: Programme, kind: str, month: str, *, today: dt.date) -> AskedPeriod:
    """The period in words of an address; "" are the month's report and the month of today, of a
    programme that is summed up the final report and its last month.

    Raises NotNow for a programme nobody approved, InputError for a kind that is none, and for a
    month outside the programme or still to come.
    """
    if programme.state not in (ProgrammeState.RUNNING, ProgrammeState.CLOSED):
        raise NotNow(
            "Đề án chưa được duyệt nên chưa có báo cáo. Trình duyệt đề án trước.",
            code="programme-state",
        )
    begins, this = first_month(programme), month_of(today)
    if programme.state == ProgrammeState.CLOSED:
        kind, last = kind or ProgrammeReport.FINAL, min(this, last_month(programme))
    else:
        last = this
    wanted = parse_month(month) if month else max(last, begins)
    period = _period(programme, _kind(kind), wanted, this)
    if period.last < begins:
        raise InputError(
            f"Đề án bắt đầu từ {month_label(begins)}; trước đó chưa có gì để báo cáo. Chọn từ tháng"
            " ấy trở đi.",
            field="month",
            code="before-programme",
        )
    if period.first > this:
        raise InputError(
            f"Kỳ này chưa đến. Chọn kỳ có tháng từ {month_label(begins)} đến {month_label(this)}.",
            field="month",
            code="period-to-come",
        )
    return AskedPeriod(_kind(kind), wanted, period)


def first_month(programme: Programme) -> dt.date:
    """The month in which the programme begins."""
    return dt.date(programme.first_year, 1, 1)


def last_month(programme: Programme) -> dt.date:
    """The month in which the programme ends."""
    return dt.date(programme.last_year, 12, 1)


def _kind(said: str) -> ProgrammeReport:
    kinds = {kind.value: kind for kind in ProgrammeReport}
    if said and said not in kinds:
        raise InputError(
            "Không có loại báo cáo này. Chọn báo cáo tháng, năm, sơ kết hoặc tổng kết.",
            field="kind",
            code="unknown-report",
        )
    return kinds.get(said, ProgrammeReport.MONTH)


def _period(programme: Programme, kind: ProgrammeReport, month: dt.date, this: dt.date) -> Period:
    begins = first_month(programme)
    match kind:
        case ProgrammeReport.MONTH:
            return Period(month, month, of_month(month))
        case ProgrammeReport.YEAR:
            first = month.replace(month=1)
            return Period(first, month.replace(month=12), of_year(month.year))
        case ProgrammeReport.MID_TERM:
            return _until(begins, _half_way(programme, this))
        case ProgrammeReport.FINAL:
            return _until(begins, last_month(programme))


def _until(first: dt.date, last: dt.date) -> Period:
    found = Period(first, last, "")
    return Period(first, last, of_span(first, found.ends_on))


def _half_way(programme: Programme, this: dt.date) -> dt.date:
    """The month of the gate at which the programme is reviewed half-way."""
    gate = programme.gates.filter(kind=GateKind.MID_TERM).order_by("due_on").first()
    if gate is None:
        raise InputError(
            "Đề án không đặt mốc sơ kết giữa kỳ. Lấy báo cáo năm, hoặc báo cáo tổng kết.",
            field="kind",
            code="no-mid-term",
        )
    return month_of(gate.due_on)
