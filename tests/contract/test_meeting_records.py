"""The record of a meeting: written once by one way, filed, confirmed or returned, corrected."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.cast import LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import MeetingAct, MeetingState, ObligationKind, Role
from vungmanh.meetings.actions.meeting import (
    confirm_meeting,
    correct_meeting,
    file_meeting,
    plan_meeting,
    retract_meeting,
    return_meeting,
    seal_meeting,
    write_meeting,
)
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.merging import FactsRefused, FieldConflict
from vungmanh.meetings.models import Meeting, MeetingReport, MeetingVersion, MovedMonth
from vungmanh.meetings.reads import standing_version
from vungmanh.meetings.states import STEPS, allowed

pytestmark = pytest.mark.django_db
CELL, NEIGHBOUR = "Chi bộ thôn Nà Mẫu", "Chi bộ thôn Bản Thử"
MONTH = dt.date(2019, 10, 1)
NOW = dt.datetime(2019, 11, 3, 1, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=2)
REGULAR = ObligationKind.REGULAR
HELD: dict[str, Any] = {
    "outcome": "held",
    "held_on": "2019-10-05",
    "starts": "19:30",
    "ends": "21:10",
    "present": 8,
    "excused": 1,
    "discussion": "Bàn việc sửa mương.",
}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def acting(cast: Cast, role: Role, unit: str) -> Viewer:
    name = f"{role.value}.{cast[unit].hex}"
    from vungmanh.access.models import User

    user = User.objects.filter(username=name).first() or cast.user(name, role, unit)
    return viewer_for(user, on=NOW.date())


def write(cast: Cast, by: Viewer, said: dict[str, Any], was: dict[str, Any] | None = None) -> UUID:
    meeting = write_meeting(
        unit_id=cast[CELL], kind=REGULAR, month=MONTH, set=said, was=was or {}, by=by, at=NOW
    )
    return meeting.pk


def report(cast: Cast) -> MeetingReport | None:
    return MeetingReport.objects.filter(unit_id=cast[CELL], month=MONTH, kind=REGULAR).first()


def filed(cast: Cast) -> tuple[UUID, Viewer, Viewer]:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    key = write(cast, secretary, HELD)
    file_meeting(meeting_id=key, by=secretary, at=NOW)
    return key, secretary, office


def test_the_ledger_counts_a_month_as_soon_as_it_is_filed(cast: Cast) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    key = write(cast, secretary, HELD)
    assert report(cast) is None
    file_meeting(meeting_id=key, by=secretary, at=NOW)
    row = report(cast)
    assert row is not None
    assert (row.state, row.present, row.members, row.excused) == ("held", 8, 9, 1)
    assert (row.duration_minutes, row.held_on) == (100, dt.date(2019, 10, 5))
    assert row.filed_on == dt.date(2019, 11, 3)
    assert list(MovedMonth.objects.values_list("month", flat=True)) == [MONTH]
    assert Event.objects.filter(verb="meeting.filed", subject=f"meeting:{key}").count() == 1


def test_a_returned_record_is_no_report_until_it_is_filed_again(cast: Cast) -> None:
    key, secretary, office = filed(cast)
    return_meeting(meeting_id=key, reason="Chưa ghi người vắng.", by=office, at=LATER)
    assert report(cast) is None
    write(cast, secretary, {"unexcused": 0}, {})
    file_meeting(meeting_id=key, by=secretary, at=LATER + dt.timedelta(days=9))
    row = report(cast)
    assert row is not None
    assert row.filed_on == dt.date(2019, 11, 3), "returned is not late"
    assert MeetingVersion.objects.filter(meeting=key).count() == 2


def test_the_last_good_version_counts_while_a_correction_is_written(cast: Cast) -> None:
    key, secretary, office = filed(cast)
    confirm_meeting(meeting_id=key, by=office, at=LATER)
    seal_meeting(meeting_id=key, by=office, at=LATER)
    with pytest.raises(NotNow, match="đính chính"):
        write(cast, secretary, {"present": 7}, {"present": 8})
    correct_meeting(meeting_id=key, reason="Đếm sót một người.", by=secretary, at=LATER)
    write(cast, secretary, {"present": 9, "excused": 0}, {"present": 8, "excused": 1})
    row = report(cast)
    assert row is not None
    assert row.present == 8
    file_meeting(meeting_id=key, by=secretary, at=LATER)
    row = report(cast)
    assert row is not None
    assert row.present == 9
    meeting = Meeting.objects.get(pk=key)
    version = standing_version(meeting)
    assert version is not None
    assert (meeting.version, version.version, version.reason) == (2, 2, "Đếm sót một người.")
    return_meeting(meeting_id=key, reason="Sai ngày.", by=office, at=LATER)
    row = report(cast)
    assert row is not None
    assert row.present == 8, "the sealed version stands again"


def test_two_writers_of_one_field_are_shown_both_values(cast: Cast) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    write(cast, secretary, {"outcome": "held", "present": 7})
    write(cast, office, {"speakers": 3}, {"speakers": None})  # another field merges
    with pytest.raises(FieldConflict) as caught:
        write(cast, office, {"present": 6, "excused": 2}, {"present": None})
    assert caught.value.fields == {"present": (7, 6, None)}
    meeting = Meeting.objects.get(pk=meeting_id(cast[CELL], REGULAR, MONTH))
    assert (meeting.facts["present"], meeting.facts["speakers"]) == (7, 3)
    assert "excused" not in meeting.facts, "nothing is half-written"
    write(cast, office, {"present": 7}, {"present": None})  # the same value is no conflict


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"held_on": "2019-02-30"}, "held_on", "bad-value"),
        ({"held_on": "2018-10-05"}, "held_on", "other-month"),
        ({"held_on": "2019-12-25"}, "held_on", "day-to-come"),
        ({"held_on": "2015-10-05"}, "held_on", "before-the-cell"),
        ({"present": 10}, "present", "more-than-members"),
        ({"present": 8, "excused": 2}, "excused", "more-than-members"),
        ({"present": 5, "present_official": 6}, "present_official", "more-than-present"),
        ({"present": 5, "speakers": 6}, "speakers", "more-than-present"),
        ({"present": 5, "vote_for": 4, "vote_against": 2}, "vote_for", "more-than-present"),
        ({"starts": "25:10"}, "starts", "bad-value"),
        ({"starts": "19:30", "ends": "19:00"}, "ends", "ends-before-it-starts"),
        ({"present": "mười"}, "present", "bad-value"),
        ({"discussion": "x" * 30_001}, "discussion", "bad-value"),
        ({"roll": {"a": {"status": "asleep"}}}, "roll", "bad-value"),
        ({"from_last_year": 1}, "", "unknown-field"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, said: dict[str, Any], field: str, code: str
) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    write(cast, secretary, {"outcome": "held", "place": "Nhà văn hóa"})
    with pytest.raises(FactsRefused) as caught:
        write(cast, secretary, said)
    assert [(one.field, one.code) for one in caught.value.problems] == [(field, code)]
    meeting = Meeting.objects.get()
    assert meeting.facts == {"outcome": "held", "place": "Nhà văn hóa"}


def test_a_meeting_is_planned_within_its_month(cast: Cast) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    month: dict[str, Any] = {"unit_id": cast[CELL], "kind": REGULAR, "month": MONTH}
    for day in ("2018-10-05", "2019-11-01", "2019-02-31"):
        with pytest.raises(InputError) as caught:
            plan_meeting(**month, set={"planned_on": day}, was={}, by=secretary, at=NOW)
        assert caught.value.field == "planned_on"
    assert not Meeting.objects.exists()
    plan_meeting(**month, set={"planned_on": "2019-10-31"}, was={}, by=secretary, at=NOW)


def test_filing_asks_for_what_must_be_said(cast: Cast) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    key = write(cast, secretary, {"place": "Nhà văn hóa"})
    with pytest.raises(FactsRefused) as caught:
        file_meeting(meeting_id=key, by=secretary, at=NOW)
    assert [one.field for one in caught.value.problems] == ["outcome", "held_on", "present"]
    write(cast, secretary, {"outcome": "not_held"})
    with pytest.raises(FactsRefused) as caught:
        file_meeting(meeting_id=key, by=secretary, at=NOW)
    assert [one.field for one in caught.value.problems] == ["not_held_reason"]
    write(cast, secretary, {"not_held_reason": "Lũ, đường vào thôn bị cắt."})
    file_meeting(meeting_id=key, by=secretary, at=NOW)
    row = report(cast)
    assert row is not None
    assert (row.state, row.held_on, row.present) == ("not_held", None, None)


def test_a_meeting_postponed_may_be_held_in_the_months_granted(cast: Cast) -> None:
    from vungmanh.meetings.models import Obligation

    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    due = Obligation.objects.filter(unit_id=cast[CELL], month=dt.date(2019, 9, 1), kind=REGULAR)
    said = {"outcome": "held", "held_on": "2019-10-06"}
    args: dict[str, Any] = {"unit_id": cast[CELL], "kind": REGULAR, "month": dt.date(2019, 9, 1)}
    with pytest.raises(FactsRefused):
        write_meeting(**args, set=said, was={}, by=secretary, at=NOW)
    due.update(postponed_until=dt.date(2019, 10, 1))
    assert write_meeting(**args, set=said, was={}, by=secretary, at=NOW).state == "recording"


@pytest.mark.parametrize(
    ("month", "code"),
    [(dt.date(2019, 12, 1), "month-to-come"), (dt.date(2015, 12, 1), "before-the-cell")],
)
def test_a_month_out_of_the_life_of_the_cell_is_refused(
    cast: Cast, month: dt.date, code: str
) -> None:
    secretary = acting(cast, Role.CELL_SECRETARY, CELL)
    with pytest.raises(NotNow) as caught:
        write_meeting(
            unit_id=cast[CELL], kind=REGULAR, month=month, set={}, was={}, by=secretary, at=NOW
        )
    assert caught.value.code == code
    assert not Meeting.objects.exists()


def test_a_neighbour_neither_sees_nor_writes(cast: Cast) -> None:
    key, _, _ = filed(cast)
    for role, unit in [(Role.CELL_SECRETARY, NEIGHBOUR), (Role.COMMITTEE_OFFICE, LANG_THU)]:
        stranger = acting(cast, role, unit)
        with pytest.raises(NotFound):
            retract_meeting(meeting_id=key, by=stranger, at=NOW)
    with pytest.raises(NotFound):
        write(cast, acting(cast, Role.CELL_SECRETARY, NEIGHBOUR), {"present": 3})


@pytest.mark.parametrize("role", list(Role))
def test_every_role_in_every_state_does_what_the_table_says(cast: Cast, role: Role) -> None:
    """The table is the truth; the actions are asked from outside whether they keep to it."""
    unit = CELL if role in {Role.CELL_SECRETARY, Role.OVERSEER} else QUAN_MAU
    by = acting(cast, role, unit)
    assert by.role is role
    for state in [None, *MeetingState]:
        for act in MeetingAct:
            with transaction.atomic():
                _tried(cast, by, role, state, act)
                transaction.set_rollback(True)


def _tried(cast: Cast, by: Viewer, role: Role, state: MeetingState | None, act: MeetingAct) -> None:
    key = meeting_id(cast[CELL], REGULAR, MONTH)
    if state is not None:
        meeting = Meeting.objects.create(
            pk=key, unit_id=cast[CELL], kind=REGULAR, month=MONTH, state=state, form=1,
            facts=HELD, plan={"planned_on": "2019-10-05"}, revision=1, changed_at=NOW,
        )  # fmt: skip
        if state in {MeetingState.FILED, MeetingState.CONFIRMED, MeetingState.SEALED}:
            MeetingVersion.objects.create(
                meeting=meeting, version=1, filing=1, facts=HELD, membership={}, digest="",
                filed_at=NOW, filed_via="web",
                confirmed_at=None if state == MeetingState.FILED else NOW,
            )  # fmt: skip
    before = Meeting.objects.filter(pk=key).values().first()
    try:
        with transaction.atomic():
            _do(act, cast, key, by)
    except (NotAllowed, NotNow, NotFound):
        assert not allowed(role, state, act) or state is None
        assert Meeting.objects.filter(pk=key).values().first() == before
    else:
        assert allowed(role, state, act)
        assert Meeting.objects.get(pk=key).state == STEPS[act].target
        assert Event.objects.order_by("-id")[0].by == by.user


def _do(act: MeetingAct, cast: Cast, key: UUID, by: Viewer) -> None:
    from vungmanh.meetings.actions.meeting import announce_meeting

    month: dict[str, Any] = {"unit_id": cast[CELL], "kind": REGULAR, "month": MONTH}
    match act:
        case MeetingAct.PLAN:
            plan_meeting(**month, set={"place": "Trường"}, was={}, by=by, at=NOW)
        case MeetingAct.WRITE:
            write_meeting(**month, set={"place": "Trường"}, was={}, by=by, at=NOW)
        case MeetingAct.ANNOUNCE:
            announce_meeting(meeting_id=key, by=by, at=NOW)
        case MeetingAct.FILE:
            file_meeting(meeting_id=key, by=by, at=NOW)
        case MeetingAct.RETRACT:
            retract_meeting(meeting_id=key, by=by, at=NOW)
        case MeetingAct.CONFIRM:
            confirm_meeting(meeting_id=key, by=by, at=NOW)
        case MeetingAct.RETURN:
            return_meeting(meeting_id=key, reason="Thiếu.", by=by, at=NOW)
        case MeetingAct.SEAL:
            seal_meeting(meeting_id=key, by=by, at=NOW)
        case MeetingAct.CORRECT:
            correct_meeting(meeting_id=key, reason="Sai.", by=by, at=NOW)


def test_what_was_filed_cannot_be_altered_even_past_the_program(cast: Cast) -> None:
    key, _, _ = filed(cast)
    version = MeetingVersion.objects.get(meeting=key)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingVersion.objects.filter(pk=version.pk).update(facts={})
    with pytest.raises(IntegrityError), transaction.atomic():
        version.delete()
