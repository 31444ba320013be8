"""Two sides score one meeting, neither seeing the other until both are in."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.cast import LANG_THU, QUAN_MAU, Cast, make_cast
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import Event, User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.access.wall import behind
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import FiledVia, MeetingState, Reach, Role, Scorer
from vungmanh.meetings.actions.meeting import (
    confirm_meeting,
    correct_meeting,
    file_meeting,
    seal_meeting,
    write_meeting,
)
from vungmanh.meetings.actions.scoring import ScoreConflict, give_score, refresh_scores
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport, SheetScore
from vungmanh.meetings.scores import compared, own_scores_of, report_score, scores_seen
from vungmanh.meetings.sheets import sheet_for_phone

pytestmark = pytest.mark.django_db
CELL = "Chi bộ thôn Nà Mẫu"
MONTH = dt.date(2026, 7, 1)
JUNE = dt.date(2026, 6, 1)  # the end of a quarter, in which a theme is owed
NOW = dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=2)
SHEET = "MAU-bang-diem-thuong-ky"
HELD: dict[str, Any] = {
    "outcome": "held", "held_on": "2026-07-05", "starts": "19:30", "ends": "21:05",
    "present": 8, "excused": 1, "unexcused": 0, "speakers": 5, "superior_present": True,
}  # fmt: skip
SELF = {"3.1": 5, "3.2": 2, "3.3": 3, "4.1": 5, "4.2": 15, "4.4": 10, "5.1": 5, "6.1": 30,
        "7.1": 3, "7.2": 2}  # fmt: skip
SUPERIOR = SELF | {"3.1": 3, "4.2": "9,5", "4.4": 6, "6.1": 22}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2025, 1, 1), last=dt.date(2026, 10, 1))


def acting(cast: Cast, role: Role, unit: str = CELL, *, name: str = "") -> Viewer:
    name = name or f"{role.value}.{unit}"
    user = User.objects.filter(username=name).first() or cast.user(name, role, unit)
    return viewer_for(user, on=NOW.date(), role=role)


def secretary(cast: Cast) -> Viewer:
    return acting(cast, Role.CELL_SECRETARY)


def overseer(cast: Cast) -> Viewer:
    return acting(cast, Role.OVERSEER)


def office(cast: Cast) -> Viewer:
    return acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


def recorded(cast: Cast, **more: Any) -> Meeting:
    return write_meeting(
        unit_id=cast[CELL], kind="regular", month=MONTH, set=HELD | more, was={},
        by=secretary(cast), at=NOW,
    )  # fmt: skip


def give(by: Viewer, scorer: str, scores: dict[str, Any], key: UUID, **more: Any) -> SheetScore:
    said = {"sheet": SHEET, "by": by, "at": NOW} | more
    return give_score(meeting_id=key, scorer=scorer, scores=scores, **said)


def both(cast: Cast) -> Meeting:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    return meeting


def readable(viewer: Viewer) -> set[str]:
    """What PostgreSQL itself lets a page of this viewer read."""
    with behind(viewer, NOW.date()):
        return set(SheetScore.objects.values_list("scorer", flat=True))


# --- blind -------------------------------------------------------------------------------------


def test_neither_side_nor_the_office_sees_a_score_before_both_are_in(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    assert scores_seen(secretary(cast), meeting).own[Scorer.SELF].total == 100
    for other in (overseer(cast), office(cast), acting(cast, Role.PROVINCIAL_ANALYST, QUAN_MAU)):
        seen = scores_seen(other, meeting)
        assert (seen.own, seen.open, seen.both) == ({}, {}, None)
        assert seen.given == {Scorer.SELF}
        assert readable(other) == set()
    assert report_score(meeting) is None
    give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    for other in (secretary(cast), overseer(cast), office(cast)):
        pair = scores_seen(other, meeting).both
        assert pair is not None
        assert [one.total for one in pair] == [100, 80.5]
        assert readable(other) == {"self", "superior"}
    assert report_score(meeting) == 100


def test_the_ledger_tells_the_cells_own_score_only_once_it_is_open(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    report = MeetingReport.objects.get(source=meeting.pk)
    assert report.score is None
    give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    report.refresh_from_db()
    assert report.score == 100


def test_a_sheet_with_a_blank_opens_nothing(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    most = {code: points for code, points in SUPERIOR.items() if code != "5.1"}
    row = give(overseer(cast), "superior", most, meeting.pk)
    assert (row.total, row.is_complete, row.opened_at) == (None, False, None)
    assert scores_seen(overseer(cast), meeting).both is None
    row = give(overseer(cast), "superior", {"5.1": 4}, meeting.pk)
    assert row.scores["4.2"] == "9.5", "what was given before stays"
    assert scores_seen(overseer(cast), meeting).both is not None


def test_out_of_the_cell_nothing_is_read_even_when_open(cast: Cast) -> None:
    both(cast)
    assert readable(acting(cast, Role.COMMITTEE_OFFICE, LANG_THU)) == set()


def test_no_event_tells_points(cast: Cast) -> None:
    both(cast)
    told = Event.objects.filter(verb__startswith="score.")
    assert {one.verb for one in told} == {"score.given", "score.opened"}
    for one in told:
        assert set(one.data) <= {"scorer", "complete", "via", "version"}


@pytest.mark.parametrize("attended", [True, False, None])
@pytest.mark.parametrize("state", list(MeetingState))
def test_database_and_program_agree_on_what_is_open(
    cast: Cast, state: MeetingState, attended: bool | None
) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    facts = {**meeting.facts, "superior_present": attended}
    Meeting.objects.filter(pk=meeting.pk).update(state=state, facts=facts)
    meeting.refresh_from_db()
    viewer = acting(cast, Role.PROVINCIAL_ANALYST, QUAN_MAU)
    expected = state == MeetingState.SEALED or (
        state == MeetingState.CONFIRMED and attended is False
    )
    assert (readable(viewer) == {"self"}) == expected
    assert (set(scores_seen(viewer, meeting).open) == {Scorer.SELF}) == expected


# --- computed ----------------------------------------------------------------------------------


def test_points_that_rest_on_the_record_are_computed_and_kept_with_their_evidence(
    cast: Cast,
) -> None:
    meeting = recorded(cast)
    row = give(secretary(cast), "self", SELF, meeting.pk)
    lines = {line["code"]: line for line in row.lines}
    computed = {code for code, line in lines.items() if line["source"] == "computed"}
    assert computed == {"1.1", "2.1", "4.3"}
    assert lines["6.1"]["source"] == "typed", "no task is in the system"
    assert (row.evidence["minutes"], row.evidence["present"], row.evidence["members"]) == (95, 8, 9)
    with pytest.raises(InputError) as caught:
        give(overseer(cast), "superior", {"1.1": 3}, meeting.pk)
    assert (caught.value.code, caught.value.field) == ("computed-criterion", "1.1")


def test_a_changed_record_changes_what_is_computed_and_nothing_that_was_typed(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    meeting = write_meeting(
        unit_id=cast[CELL], kind="regular", month=MONTH, set={"ends": "20:50"},
        was={"ends": "21:05"}, by=secretary(cast), at=NOW,
    )  # fmt: skip
    [row] = refresh_scores(meeting=meeting, at=LATER)
    assert (row.total, row.scores) == (99, SheetScore.objects.earliest("id").scores)
    assert row.repeats is not None
    assert refresh_scores(meeting=meeting, at=LATER) == []


def test_a_correction_carries_both_scores_into_the_new_version(cast: Cast) -> None:
    meeting = both(cast)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    confirm_meeting(meeting_id=meeting.pk, by=office(cast), at=NOW)
    meeting = correct_meeting(meeting_id=meeting.pk, reason="Sai giờ", by=office(cast), at=NOW)
    assert len(refresh_scores(meeting=meeting, at=LATER)) == 2
    pair = scores_seen(office(cast), meeting).both
    assert pair is not None
    assert [(one.version, one.is_blind) for one in pair] == [(2, True), (2, True)]


# --- without a network -------------------------------------------------------------------------


def test_an_overseer_scores_before_any_record_has_come(cast: Cast) -> None:
    key = meeting_id(cast[CELL], "regular", MONTH)
    typed = {code: points for code, points in SUPERIOR.items() if code not in {"1.1", "2.1"}}
    row = give(overseer(cast), "superior", typed, key, via=FiledVia.PHONE)
    assert (row.is_complete, row.total) == (False, None)
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    pair = scores_seen(secretary(cast), meeting).both
    assert pair is not None, "the record decides the lines the phone could not"
    assert [one.is_blind for one in pair] == [True, True]


def test_what_a_phone_typed_is_kept_where_the_record_decides(cast: Cast) -> None:
    meeting = recorded(cast)
    row = give(secretary(cast), "self", SELF | {"1.1": 2}, meeting.pk, via=FiledVia.PHONE)
    assert row.scores["1.1"] == "2"
    assert next(line for line in row.lines if line["code"] == "1.1")["points"] == "5"


def test_the_sheet_of_a_phone_says_what_is_typed(cast: Cast) -> None:
    sheet = sheet_for_phone(cast[CELL], "regular", MONTH)
    rows = {row["code"]: row for row in sheet["criteria"]}
    assert (sheet["id"], sheet["total"], len(rows)) == (SHEET, "100", 13)
    assert {code for code, row in rows.items() if not row["typed"]} == {"1.1", "2.1", "4.3"}
    assert rows["1.1"]["from"] == ["starts", "ends"]
    assert (rows["6.1"]["bands"], rows["4.2"]["bands"]) == (["30", "22", "14", "0"], None)
    assert (rows["3.2"]["may_not_apply"], rows["4.2"]["max"]) == (True, "15")


def test_a_phone_asks_for_the_length_where_the_month_may_have_a_theme(cast: Cast) -> None:
    rows = {row["code"]: row for row in sheet_for_phone(cast[CELL], "regular", JUNE)["criteria"]}
    assert rows["1.1"]["typed"] is True
    write_meeting(
        unit_id=cast[CELL], kind="thematic", month=JUNE, by=secretary(cast), at=NOW, was={},
        set=HELD | {"held_on": "2026-05-20"},
    )  # fmt: skip
    file_meeting(meeting_id=meeting_id(cast[CELL], "thematic", JUNE), by=secretary(cast), at=NOW)
    rows = {row["code"]: row for row in sheet_for_phone(cast[CELL], "regular", JUNE)["criteria"]}
    assert rows["1.1"]["typed"] is False, "the theme was taken up in May"


# --- twice, at once, too late ------------------------------------------------------------------


def test_the_same_score_twice_is_one_row(cast: Cast) -> None:
    meeting = recorded(cast)
    first = give(secretary(cast), "self", SELF, meeting.pk)
    assert give(secretary(cast), "self", SELF, meeting.pk) == first
    assert SheetScore.objects.count() == 1


def test_two_phones_of_one_side_merge_other_lines_and_stop_at_the_same(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", {"3.1": 4}, meeting.pk)
    row = give(secretary(cast), "self", {"5.1": 5}, meeting.pk)
    assert row.scores == {"3.1": "4", "5.1": "5"}
    with pytest.raises(ScoreConflict) as caught:
        give(secretary(cast), "self", {"3.1": 2}, meeting.pk)
    assert caught.value.fields == {"3.1": ("4", "2", None)}
    row = give(secretary(cast), "self", {"3.1": 2}, meeting.pk, was={"3.1": 4})
    assert row.scores["3.1"] == "2"
    row = give(secretary(cast), "self", {}, meeting.pk, was={"3.1": 2})
    assert "3.1" not in row.scores


def test_once_open_nothing_is_given_any_more(cast: Cast) -> None:
    meeting = both(cast)
    with pytest.raises(NotNow) as caught:
        give(secretary(cast), "self", {"3.1": 1}, meeting.pk, was={"3.1": 5})
    assert caught.value.code == "scores-locked"
    assert give(secretary(cast), "self", SELF, meeting.pk).total == 100


def test_a_score_is_never_rewritten_or_deleted(cast: Cast) -> None:
    both(cast)
    for change in (
        lambda: SheetScore.objects.update(total=100),
        lambda: SheetScore.objects.update(opened_at=None),
        lambda: SheetScore.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_sealed_not_held_and_unknown_meetings_are_not_scored(cast: Cast) -> None:
    meeting = recorded(cast)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    confirm_meeting(meeting_id=meeting.pk, by=office(cast), at=NOW)
    seal_meeting(meeting_id=meeting.pk, by=office(cast), at=NOW)
    with pytest.raises(NotNow, match="đã khóa"):
        give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    empty = write_meeting(
        unit_id=cast[CELL], kind="regular", month=dt.date(2026, 6, 1), by=secretary(cast), at=NOW,
        set={"outcome": "not_held", "not_held_reason": "Lũ"}, was={},
    )  # fmt: skip
    with pytest.raises(NotNow, match="không họp"):
        give(overseer(cast), "superior", SUPERIOR, empty.pk)
    with pytest.raises(NotFound):
        give(overseer(cast), "superior", SUPERIOR, meeting_id(cast[QUAN_MAU], "regular", MONTH))


# --- who ---------------------------------------------------------------------------------------


def test_each_role_scores_for_its_own_side_only(cast: Cast) -> None:
    meeting = recorded(cast)
    stranger = acting(cast, Role.OVERSEER, "Chi bộ thôn Bản Thử")
    for by, scorer in ((secretary(cast), "superior"), (overseer(cast), "self"),
                       (stranger, "superior"),
                       (acting(cast, Role.PROVINCIAL_ANALYST, QUAN_MAU), "superior")):  # fmt: skip
        with pytest.raises(NotAllowed):
            give(by, scorer, SELF, meeting.pk)
    assert give(office(cast), "self", SELF, meeting.pk, via=FiledVia.PAPER).via == "paper"
    with pytest.raises(InputError):
        give(overseer(cast), "someone", SUPERIOR, meeting.pk)


def test_no_one_scores_both_sides_nor_what_they_verified_or_lead(cast: Cast) -> None:
    meeting = recorded(cast)
    give(office(cast), "self", SELF, meeting.pk)
    with pytest.raises(NotAllowed) as caught:
        give(office(cast), "superior", SUPERIOR, meeting.pk)
    assert caught.value.code == "both-sides"
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    other = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, name="other office")
    confirm_meeting(meeting_id=meeting.pk, by=other, at=NOW)
    with pytest.raises(NotAllowed) as caught:
        give(other, "superior", SUPERIOR, meeting.pk)
    assert caught.value.code == "verified-it"
    two_hats = acting(cast, Role.OVERSEER, name=secretary(cast).user.username)
    grant_role(
        user=two_hats.user, role=Role.OVERSEER, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2014, 1, 1), by=None, at=NOW,
    )  # fmt: skip
    with pytest.raises(NotAllowed) as caught:
        give(acting(cast, Role.OVERSEER, name=two_hats.user.username), "superior", SUPERIOR,
             meeting.pk)  # fmt: skip
    assert caught.value.code == "leads-the-cell"


def test_a_second_superior_learns_who_scored_and_nothing_else(cast: Cast) -> None:
    meeting = recorded(cast)
    give(overseer(cast), "superior", SUPERIOR, meeting.pk)
    with pytest.raises(Conflict) as caught:
        give(office(cast), "superior", SELF, meeting.pk)
    assert caught.value.code == "already-scored"
    assert not hasattr(caught.value, "fields")
    assert scores_seen(office(cast), meeting).own == {}


def test_a_superior_who_comes_after_the_door_was_opened_is_not_blind(cast: Cast) -> None:
    meeting = recorded(cast, superior_present=False)
    give(secretary(cast), "self", SELF, meeting.pk)
    file_meeting(meeting_id=meeting.pk, by=secretary(cast), at=NOW)
    confirm_meeting(meeting_id=meeting.pk, by=office(cast), at=NOW)
    assert give(overseer(cast), "superior", SUPERIOR, meeting.pk).is_blind is False


# --- side by side ------------------------------------------------------------------------------


def test_both_sheets_stand_side_by_side_with_their_difference(cast: Cast) -> None:
    meeting = both(cast)
    pair = scores_seen(office(cast), meeting).both
    assert pair is not None
    rows = {row.code: row for row in compared(*pair)}
    differences = {code: row.difference for code, row in rows.items() if row.difference}
    assert differences == {"3.1": 2, "4.2": 5.5, "4.4": 4, "6.1": 8}
    assert rows["1.1"].is_computed
    assert [row.code for row in compared(*pair)][:3] == ["1.1", "2.1", "3.1"]


def test_a_person_gets_back_on_the_phone_what_they_typed_and_no_more(cast: Cast) -> None:
    meeting = recorded(cast)
    give(secretary(cast), "self", SELF, meeting.pk)
    assert own_scores_of(overseer(cast), [meeting.pk]) == {}
    assert own_scores_of(secretary(cast), [meeting.pk])[meeting.pk]["4.2"] == "15"
