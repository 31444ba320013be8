"""Imports of one report taken back in any order: what was taken back never returns."""

from __future__ import annotations

import datetime as dt
import io
from itertools import permutations

import pytest

from tests.cast import AT, CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import Conflict
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.imports.actions.commit import commit_import, undo_import
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.imports.queries import summary_of
from vungmanh.outputs.models import ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook

pytestmark = pytest.mark.django_db

MONTH = dt.date(2019, 12, 1)
CELL = CELLS[QUAN_MAU][0]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())


def preview(cast: Cast, viewer: Viewer, present: int) -> ImportBatch:
    said = {
        "state": "held", "held_on": dt.date(2019, 12, 5), "members": 9, "present": present,
    }  # fmt: skip
    target = io.BytesIO()
    write_filled_workbook(target, QUAN_MAU, MONTH, [SheetRow(str(cast[CELL]), CELL, "", said)])
    file = DroppedFile("tệp.xlsx", target.getvalue)
    return prepare_import(files=[file], by=viewer, at=AT)


def written(cast: Cast, viewer: Viewer, present: int) -> ImportBatch:
    batch = preview(cast, viewer, present)
    commit_import(batch_id=batch.pk, by=viewer, at=AT)
    return batch


def undo(viewer: Viewer, batch: ImportBatch) -> None:
    undo_import(batch_id=batch.pk, by=viewer, at=AT)


def present_now() -> int | None:
    return MeetingReport.objects.values_list("present", flat=True).first()


def test_undoing_the_later_one_does_not_bring_back_the_earlier_one_undone(
    cast: Cast, analyst: Viewer
) -> None:
    first, second = written(cast, analyst, 8), written(cast, analyst, 7)
    undo(analyst, first)
    assert present_now() == 7
    undo(analyst, second)
    assert not MeetingReport.objects.exists()
    assert (summary_of(first).kept, summary_of(second).followed) == (1, 1)
    assert "như trước lần đó" in second.lines.get().reason


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_imports_undone_in_any_order_leave_what_stood_before_them(
    cast: Cast, analyst: Viewer, order: tuple[int, ...]
) -> None:
    record_reports(
        reports=[{"unit": cast[CELL], "month": MONTH, "state": "held", "members": 9, "present": 5}],
        source=None,
        by=None,
        at=AT,
    )
    batches = [written(cast, analyst, present) for present in (8, 7, 6)]
    for number in order:
        undo(analyst, batches[number])
    report = MeetingReport.objects.get()
    assert (report.present, report.source) == (5, None)


def test_the_same_words_written_again_by_a_later_import_stay(cast: Cast, analyst: Viewer) -> None:
    first, _, third = (written(cast, analyst, present) for present in (8, 7, 8))
    undo(analyst, first)
    report = MeetingReport.objects.get()
    assert (report.present, report.source) == (8, third.pk)


def test_a_preview_is_stale_once_the_same_words_come_from_another_import(
    cast: Cast, analyst: Viewer
) -> None:
    first = written(cast, analyst, 8)
    waiting = preview(cast, analyst, 7)
    undo(analyst, first)
    written(cast, analyst, 8)
    with pytest.raises(Conflict):
        commit_import(batch_id=waiting.pk, by=analyst, at=AT)
