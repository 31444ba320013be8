"""A meeting of a day that has not come is no meeting yet."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from tests.cast import AT, CELLS, QUAN_MAU, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

MONTH = dt.date(2019, 11, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("today", "state"), [(19, "refused"), (20, "new")])
def test_a_meeting_is_taken_from_its_own_day_on(today: int, state: str) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1), last=dt.date(2019, 11, 1))
    analyst = viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())
    cell = CELLS[QUAN_MAU][0]
    target = io.BytesIO()
    held = {"state": "held", "held_on": dt.date(2019, 11, 20)}
    write_filled_workbook(target, QUAN_MAU, MONTH, [SheetRow(str(cast[cell]), cell, "", held)])
    at = dt.datetime(2019, 11, today, 3, tzinfo=dt.UTC)
    batch = prepare_import(files=[DroppedFile("bao-cao.xlsx", target.getvalue)], by=analyst, at=at)
    line = batch.lines.get()
    assert line.state == state
    assert ("chưa tới" in line.reason) == (state == "refused")
