"""The staging SQL against the same thing counted through the models, row by row."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from tests.cast import AT, CELLS, QUAN_MAU, make_cast
from vungmanh.analysis.columns import marks_of
from vungmanh.analysis.facts import NOT_DUE, UNKNOWN
from vungmanh.core.periods import month_range
from vungmanh.core.vocabulary import ReportState
from vungmanh.meetings.actions.obligations import excuse_months, generate_obligations
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.frames import month_totals
from vungmanh.meetings.models import MeetingReport, Obligation
from vungmanh.org.frames import unit_lives
from vungmanh.org.models import AdmissionCount
from vungmanh.strengthening.cell_months import ledger
from vungmanh.strengthening.frames import snapshot

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
    ids = [str(unit) for unit in lives.index]
    marked = marks_of(ledger(list(lives.index), FIRST, LAST).due, ids, FIRST, LAST)
    for unit, row in lives.index.items():
        for place, month in enumerate(months):
            said = chr(marked.marks[row, place]), int(marked.carried[row, place])
            assert said == counted_by_hand(unit, month), (unit, month)
    assert (marked.marks[lives.index[cast[QUAN_MAU]]] == NOT_DUE).all()


def test_every_month_due_is_a_row_with_all_that_the_report_says() -> None:
    cast = make_cast(last=LAST)
    cell, other = (cast[name] for name in CELLS[QUAN_MAU][:2])
    whole = {
        "state": "held", "held_on": dt.date(2016, 2, 5), "filed_on": dt.date(2016, 2, 28),
        "members": 9, "exempt": 1, "present": 7, "tasks_due": 4, "tasks_on_time": 3,
        "longest_carried": 2, "admitted": 1,
    }  # fmt: skip
    record_reports(
        reports=[
            {"unit": cell, "month": dt.date(2016, 2, 1), "note": "", **whole},
            {"unit": cell, "month": dt.date(2016, 3, 1), "state": "held", "note": ""},
        ],
        source=None, by=None, at=AT,
    )  # fmt: skip
    # Asked for in another order than the database would give them.
    table = ledger([other, cell], FIRST, dt.date(2016, 3, 1)).due
    rows = table.to_pylist()
    assert [row["unit"] for row in rows] == [str(other)] * 3 + [str(cell)] * 3
    assert [row["month"] for row in rows] == month_range(FIRST, dt.date(2016, 3, 1)) * 2
    assert {row["state"] for row in rows[:4]} == {"no_report"}
    assert {name: rows[4][name] for name in whole} == whole
    assert {name: value for name, value in rows[5].items() if value is not None} == {
        "unit": str(cell), "month": dt.date(2016, 3, 1), "state": "held",
    }  # fmt: skip


def test_an_empty_ledger_is_a_table_without_rows() -> None:
    cast = make_cast(last=LAST)
    found = ledger([cast[QUAN_MAU]], FIRST, LAST)
    assert (found.due.num_rows, found.beside.num_rows) == (0, 0)
    assert found.due.column_names[:4] == ["unit", "month", "state", "members"]


def test_a_report_of_a_month_in_which_nothing_was_due_stands_beside() -> None:
    cast = make_cast(last=LAST)
    cell = cast[CELLS[QUAN_MAU][0]]
    cast.hold(CELLS[QUAN_MAU][0], 2016, held=2, not_held=0)
    Obligation.objects.filter(unit_id=cell, month=FIRST).delete()
    found = ledger([cell], FIRST, dt.date(2016, 2, 1))
    assert found.due["month"].to_pylist() == [dt.date(2016, 2, 1)]
    assert [(row["month"], row["state"]) for row in found.beside.to_pylist()] == [
        (FIRST, "not_due")
    ]


def test_what_a_report_says_of_admissions_counts_over_the_register() -> None:
    cast = make_cast(last=LAST)
    cell, other = (cast[name] for name in CELLS[QUAN_MAU][:2])
    may, june = dt.date(2016, 5, 1), dt.date(2016, 6, 1)
    AdmissionCount.objects.all().delete()
    for unit, month, count in ((cell, may, 3), (other, may, 2), (other, june, 1)):
        AdmissionCount.objects.create(unit_id=unit, month=month, count=count)
    Obligation.objects.filter(unit_id=other, month=june).delete()  # reported all the same
    said = [(cell, may, 1), (other, june, 4)]
    record_reports(
        reports=[
            {"unit": unit, "month": month, "state": "held", "admitted": count, "note": ""}
            for unit, month, count in said
        ],
        source=None, by=None, at=AT,
    )  # fmt: skip
    data = snapshot(LAST)
    assert data is not None
    of = {unit: data.inputs.admitted[place] for place, unit in enumerate(data.units)}
    assert [int(of[cell][4]), int(of[other][4]), int(of[other][5])] == [1, 2, 4]
    assert int(of[cell][5]) == 0  # the register speaks of June: nobody
    assert int(of[cell][6]) == UNKNOWN  # of July it does not


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
    data = snapshot(LAST)
    assert data is not None
    home = data.homes.on(LAST)
    for commune, cells in CELLS.items():
        for cell in cells:
            assert home[lives.index[cast[cell]]] == lives.index[cast[commune]]
    school = lives.index[cast["Chi bộ Trường Thử"]]
    assert home[school] == school
    assert np.count_nonzero(home != UNKNOWN) == len(cast.cells)
