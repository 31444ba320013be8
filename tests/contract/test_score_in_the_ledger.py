"""The ledger tells a cell's own score only from the moment all who see the meeting may read it."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import QUAN_MAU, Cast, make_cast
from tests.contract.test_blind_scores import (
    NOW,
    SELF,
    SUPERIOR,
    acting,
    give,
    office,
    overseer,
    recorded,
    secretary,
)
from vungmanh.core.errors import NotNow
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.meeting import confirm_meeting, file_meeting
from vungmanh.meetings.models import MeetingReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2026, 10, 1))


def test_the_score_reaches_the_ledger_when_both_sides_are_open(cast: Cast) -> None:
    meeting = recorded(cast)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    give(secretary(cast), "self", SELF, meeting.pk)
    row = MeetingReport.objects.get(source=meeting.pk)
    assert row.score is None, "the superior could read it there"
    give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    row.refresh_from_db()
    assert row.score == 100


def test_whoever_scored_as_superior_does_not_confirm_the_record(cast: Cast) -> None:
    meeting = recorded(cast)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    give(office(cast), "superior", SUPERIOR, meeting.pk)
    with pytest.raises(NotNow) as caught:
        confirm_meeting(meeting_id=meeting.pk, by=office(cast), at=NOW)
    assert caught.value.code == "scored-it"
    colleague = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, name="van-phong-hai")
    assert confirm_meeting(meeting_id=meeting.pk, by=colleague, at=NOW).state == "confirmed"
