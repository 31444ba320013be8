"""The staging SQL against the same thing counted through the models, row by row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.cast import AT, CELLS, QUAN_MAU, make_cast
from vungmanh.analysis.facts import NOT_DUE, UNKNOWN
from vungmanh.core.periods import month_range
from vungmanh.core.vocabulary import ReportState
from vungmanh.meetings.actions.obligations import excuse_months, generate_obligations
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.frames import month_marks, month_totals
from vungmanh.meetings.models import MeetingReport, Obligation
from vungmanh.org.frames import homes, unit_lives

pytestmark = pytest.mark.django_db

FIRST, LAST = dt.date(2016, 1, 1), dt.date(2017, 12, 1)


def counted_by_hand(unit, month) -> tuple[str, int]:
    due = Obligation.objects.filter(unit_id=unit, kind="regular", month=month).first()
    report = MeetingReport.objects.filter(unit_id=unit, month=month).first()
    if due is None:
        return ".", UNKNOWN
    carried = report.longest_carried if report else None
    carried = UNKNOWN if carried is None else carried
    if report and report.state == ReportState.HELD:
        return "H", carried
    if due.excuse_document:
        return "E", carried
    return ("N" if report else "-"), carried


def test_month_marks_are_what_the_models_say() -> None:
    cast = make_cast(last=LAST)
    cell, other = (cast[name] for name in CELLS[QUAN_MAU][:2])
    months = month_range(FIRST, LAST)
    states = [ReportState.HELD, ReportState.NOT_HELD, None, ReportState.HELD]
    record_reports(
        reports=[
            {"unit": cell, "month": month, "state": states[place % 4], "note": "",
             "longest_carried": [0, None, None, 7][place % 4]}
            for place, month in enumerate(months) if states[place % 4]
        ],
        source=None, by=None, at=AT,
    )  # fmt: skip
    excuse_months(
        excuses={
            "unit": [cell] * 3, "month": months[:3], "reason": ["mưa lũ"] * 3,
            "document": ["CV 12-CV/ĐU"] * 3, "granted_on": [dt.date(2016, 1, 5)] * 3,
        },
        by=None, at=AT,
    )  # fmt: skip
    Obligation.objects.filter(unit_id=other, month=dt.date(2016, 7, 1)).delete()  # a gap
    lives = unit_lives()
    ledger = month_marks(lives.index, FIRST, LAST)
    for unit, row in lives.index.items():
        for place, month in enumerate(months):
            said = chr(ledger.marks[row, place]), int(ledger.carried[row, place])
            assert said == counted_by_hand(unit, month), (unit, month)
    assert (ledger.marks[lives.index[cast[QUAN_MAU]]] == NOT_DUE).all()


def test_month_totals_leave_excused_months_out() -> None:
    cast = make_cast(last=LAST)
    cast.hold(CELLS[QUAN_MAU][0], 2016, held=1, not_held=0)
    excuse_months(
        excuses={
            "unit": [cast[CELLS[QUAN_MAU][1]]], "month": [FIRST], "reason": ["mưa lũ"],
            "document": ["CV 12-CV/ĐU"], "granted_on": [FIRST],
        },
        by=None, at=AT,
    )  # fmt: skip
    assert month_totals(FIRST) == (1, len(cast.cells) - 1)


def test_generating_obligations_twice_adds_nothing() -> None:
    cast = make_cast(last=LAST)
    assert Obligation.objects.filter(kind="regular").count() == 24 * len(cast.cells)
    assert generate_obligations(first=FIRST, last=LAST, by=None, at=AT) == 0


def test_homes_are_the_nearest_organisation_or_the_cell_itself() -> None:
    cast = make_cast(last=LAST)
    lives = unit_lives()
    home = homes(lives.index, LAST)
    for commune, cells in CELLS.items():
        for cell in cells:
            assert home[lives.index[cast[cell]]] == lives.index[cast[commune]]
    school = lives.index[cast["Chi bộ Trường Thử"]]
    assert home[school] == school
    assert np.count_nonzero(home != UNKNOWN) == len(cast.cells)
