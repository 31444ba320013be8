"""What writing and taking back an import do to the assessments."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest

from tests.cast import AT, CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.imports.actions import reassess
from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
from vungmanh.outputs.imports.actions.reassess import commit_and_reassess, undo_and_reassess
from vungmanh.outputs.models import BatchState, ImportBatch
from vungmanh.outputs.workbooks.write import SheetRow, write_filled_workbook
from vungmanh.strengthening.models import AssessmentRun

pytestmark = pytest.mark.django_db

OLD, NOVEMBER, MONTH = dt.date(2013, 5, 1), dt.date(2019, 11, 1), dt.date(2019, 12, 1)
NA_MAU, DOI_MAU, _ = CELLS[QUAN_MAU]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2013, 1, 1))


@pytest.fixture
def analyst(cast: Cast) -> Viewer:
    return viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())


def preview(cast: Cast, viewer: Viewer, *said: tuple[str, dt.date]) -> ImportBatch:
    """A preview of one workbook for each (cell, month) held."""
    files = []
    for cell, month in said:
        target = io.BytesIO()
        held = {"state": "held", "held_on": month.replace(day=5), "members": 9, "present": 8}
        write_filled_workbook(target, QUAN_MAU, month, [SheetRow(str(cast[cell]), cell, "", held)])
        files.append(DroppedFile(f"{month:%Y-%m}.xlsx", target.getvalue))
    return prepare_import(files=files, by=viewer, at=AT)


def write(viewer: Viewer, batch: ImportBatch) -> list[dt.date]:
    return commit_and_reassess(batch_id=batch.pk, by=viewer, at=AT).assessed


def held_in_year(cast: Cast, cell: str) -> int:
    run = AssessmentRun.objects.get(month=MONTH)
    held: int = run.rows.get(unit_id=cast[cell]).held
    return held


def test_a_month_left_without_reports_loses_its_assessment(cast: Cast, analyst: Viewer) -> None:
    november = preview(cast, analyst, (NA_MAU, NOVEMBER))
    december = preview(cast, analyst, (NA_MAU, MONTH))
    write(analyst, november)
    write(analyst, december)
    assert held_in_year(cast, NA_MAU) == 2
    undo_and_reassess(batch_id=november.pk, by=analyst, at=AT)
    assert [run.month for run in AssessmentRun.objects.all()] == [MONTH]
    assert held_in_year(cast, NA_MAU) == 1  # the later month was assessed anew
    withdrawn = Event.objects.filter(verb="assessment.withdrawn")
    assert [event.subject for event in withdrawn] == ["assessment:2019-11"]


def test_a_month_with_reports_left_is_assessed_anew(cast: Cast, analyst: Viewer) -> None:
    first, second = (preview(cast, analyst, (cell, MONTH)) for cell in (NA_MAU, DOI_MAU))
    write(analyst, first)
    write(analyst, second)
    undo_and_reassess(batch_id=second.pk, by=analyst, at=AT)
    assert AssessmentRun.objects.get().reported == 1
    assert held_in_year(cast, DOI_MAU) == 0


def test_months_before_the_first_rule_do_not_hold_back_the_others(
    cast: Cast, analyst: Viewer
) -> None:
    batch = preview(cast, analyst, (NA_MAU, OLD), (NA_MAU, MONTH))
    assert write(analyst, batch) == [MONTH]
    assert MeetingReport.objects.filter(month=OLD).count() == 1
    assert held_in_year(cast, NA_MAU) == 1


def test_only_months_before_the_first_rule_are_kept_and_nobody_is_judged(
    cast: Cast, analyst: Viewer
) -> None:
    assert write(analyst, preview(cast, analyst, (NA_MAU, OLD))) == []
    assert MeetingReport.objects.get().month == OLD
    assert not AssessmentRun.objects.exists()


def test_nothing_is_written_or_taken_back_when_the_assessment_fails(
    cast: Cast, analyst: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list that no longer follows from the reports would be believed."""
    first, second = (preview(cast, analyst, (cell, MONTH)) for cell in (NA_MAU, DOI_MAU))
    write(analyst, first)

    def fail(**given: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(reassess, "assess_months", fail)
    with pytest.raises(MemoryError):
        commit_and_reassess(batch_id=second.pk, by=analyst, at=AT)
    with pytest.raises(MemoryError):
        undo_and_reassess(batch_id=first.pk, by=analyst, at=AT)
    assert MeetingReport.objects.get().unit_id == cast[NA_MAU]
    states = dict(ImportBatch.objects.values_list("pk", "state"))
    assert states == {first.pk: BatchState.COMMITTED, second.pk: BatchState.PREVIEW}
