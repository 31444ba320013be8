"""A file never writes over a month that was recorded in the system."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, Cast, make_cast
from tests.contract.test_import_undo_order import CELL, MONTH, preview
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import ObligationKind, Role
from vungmanh.meetings.actions.meeting import file_meeting, retract_meeting, write_meeting
from vungmanh.meetings.actions.reports import REPORT_FIELDS, record_reports
from vungmanh.meetings.models import MeetingReport
from vungmanh.outputs.imports.actions.commit import commit_import, undo_import
from vungmanh.outputs.models import LineState

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def test_a_file_does_not_overwrite_a_record(cast: Cast) -> None:
    secretary = viewer_for(cast.user("bi-thu", Role.CELL_SECRETARY, CELL), on=AT.date())
    analyst = viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())
    meeting = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=MONTH, by=secretary, at=AT, was={},
        set={"outcome": "held", "held_on": "2019-12-05", "present": 8},
    )  # fmt: skip
    file_meeting(meeting_id=meeting.pk, by=secretary, at=AT)
    batch = preview(cast, analyst, 6)
    line = batch.lines.get()
    assert line.state == LineState.REFUSED
    assert "không ghi đè" in line.reason
    assert commit_import(batch_id=batch.pk, by=analyst, at=AT) == 0
    assert MeetingReport.objects.get().present == 8
    assert preview(cast, analyst, 8).lines.get().state == LineState.SAME


def test_what_a_file_told_of_admissions_stays_beside_a_record(cast: Cast) -> None:
    secretary = viewer_for(cast.user("bi-thu", Role.CELL_SECRETARY, CELL), on=AT.date())
    told = {"unit": cast[CELL], "month": MONTH, "state": "held", "present": 6, "admitted": 1}
    record_reports(reports=[told], source=None, by=None, at=AT)
    meeting = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=MONTH, by=secretary, at=AT, was={},
        set={"outcome": "held", "held_on": "2019-12-05", "present": 8},
    )  # fmt: skip
    file_meeting(meeting_id=meeting.pk, by=secretary, at=AT)
    row = MeetingReport.objects.get()
    assert (row.present, row.admitted, row.source) == (8, 1, meeting.pk)


def test_a_record_taken_back_brings_the_report_of_the_file_back(cast: Cast) -> None:
    secretary = viewer_for(cast.user("bi-thu", Role.CELL_SECRETARY, CELL), on=AT.date())
    analyst = viewer_for(cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST), on=AT.date())
    batch = preview(cast, analyst, 6)
    commit_import(batch_id=batch.pk, by=analyst, at=AT)
    before = MeetingReport.objects.values(*REPORT_FIELDS, "source").get()
    meeting = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=MONTH, by=secretary, at=AT, was={},
        set={"outcome": "held", "held_on": "2019-12-05", "present": 8},
    )  # fmt: skip
    file_meeting(meeting_id=meeting.pk, by=secretary, at=AT)
    assert MeetingReport.objects.get().present == 8
    retract_meeting(meeting_id=meeting.pk, by=secretary, at=AT)
    assert MeetingReport.objects.values(*REPORT_FIELDS, "source").get() == before
    assert undo_import(batch_id=batch.pk, by=analyst, at=AT).kept == 0
    assert not MeetingReport.objects.exists()
