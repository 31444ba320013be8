"""What is filed late moves what was assessed, without anybody having to ask for it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, QUAN_MAU, december, make_cast
from tests.contract.test_meeting_records import CELL, acting
from vungmanh.config import nightly
from vungmanh.core.vocabulary import ObligationKind, Role
from vungmanh.meetings.actions.meeting import file_meeting, return_meeting, write_meeting
from vungmanh.meetings.models import MovedMonth
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.following import PAUSE, assess_moved, is_time_to_follow
from vungmanh.strengthening.models import Assessment, AssessmentRun

pytestmark = pytest.mark.django_db


def test_signals_follow_a_record_filed_and_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = make_cast()
    for cell in cast.cells:
        cast.hold(cell, 2018, held=12)
        cast.hold(cell, 2019, held=11 if cell == CELL else 12, not_held=0)
    assess_months(months=[december(2018), december(2019)], by=None, at=AT)

    def marks() -> str:
        run = AssessmentRun.objects.get(month=december(2019))
        return str(Assessment.objects.get(run=run, unit_id=cast[CELL]).marks)

    assert marks() == "HHHHHHHHHHH-"
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    said = {"outcome": "held", "held_on": "2019-12-05", "present": 9}
    meeting = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=december(2019), set=said, was={},
        by=secretary, at=AT,
    )  # fmt: skip
    file_meeting(meeting_id=meeting.pk, by=secretary, at=AT)
    assert not is_time_to_follow(AT), "more may come in the same evening"
    assert is_time_to_follow(AT + PAUSE)
    monkeypatch.setattr("django.db.connection.close", lambda: None)
    nightly.follow_now()
    assert marks() == "H" * 12
    assert not MovedMonth.objects.exists()

    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    return_meeting(meeting_id=meeting.pk, reason="Sai ngày.", by=office, at=AT)
    later = AT + dt.timedelta(hours=1)
    assert [run.month for run in assess_moved(at=later)] == [december(2019)]
    assert marks() == "HHHHHHHHHHH-"
    assert assess_moved(at=later) == []
