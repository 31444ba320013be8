"""Records that look like others: found once, seen by whoever stands above, never an accusation."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, december, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.errors import InputError, NotAllowed, NotFound, NotNow
from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule, ObligationKind, Role
from vungmanh.meetings.actions.lookalikes import (
    compare_new_texts,
    compare_texts,
    say_outcome,
    take_outcome_back,
)
from vungmanh.meetings.actions.meeting import file_meeting, return_meeting, write_meeting
from vungmanh.meetings.lookalikes import (
    likeness_visible,
    likenesses_visible,
    precision_by_rule,
    units_in_sight,
)
from vungmanh.meetings.models import Meeting, MovedMonth, TextLikeness, TextPrint
from vungmanh.meetings.set_aside import months_set_aside
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.frames import snapshot
from vungmanh.strengthening.models import Assessment, AssessmentRun
from vungmanh.strengthening.recompute import recompute

pytestmark = pytest.mark.django_db

CELL, NEXT, THIRD = CELLS[QUAN_MAU]
FAR, FARTHER = CELLS[LANG_THU]
OCTOBER, NOVEMBER = dt.date(2019, 10, 1), dt.date(2019, 11, 1)
OWN = (
    "Đồng chí Tấm đề nghị nạo vét mương Nà Pài trước rằm, mười hai hộ góp ba ngày công; đồng chí "
    "Cám nhận đổ bê tông ngõ cụ Kẹ sau vụ gặt, xi măng xin của hợp tác xã, cát lấy ở suối Lếch."
)
OTHER = (
    "Chi bộ bàn việc lớp mẫu giáo thiếu mái che, giao chi đoàn dựng lán tạm bên bờ suối; cựu chiến "
    "binh trông đàn trâu của trường và sửa loa xóm dưới trong tuần tới, góp quỹ thăm cụ Bờm."
)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2017, 1, 1))


def acting(cast: Cast, role: Role, unit: str = PROVINCE) -> Viewer:
    name = f"{role}.{unit}"
    return viewer_for(cast.user(name, role, unit), on=AT.date())


def file(
    cast: Cast, cell: str, month: dt.date, text: str, *, hour: int = 0, conclusion: str = ""
) -> Meeting:
    """A record filed by the office on the cell's behalf."""
    at = AT + dt.timedelta(hours=hour)
    office = viewer_for(_office(cast), on=at.date())
    said = {
        "outcome": "held", "held_on": month.replace(day=5).isoformat(), "present": 8,
        "discussion": text, "conclusion": conclusion,
    }  # fmt: skip
    meeting = write_meeting(
        unit_id=cast[cell], kind=ObligationKind.REGULAR, month=month, set=said, was={},
        by=office, at=at,
    )  # fmt: skip
    return file_meeting(meeting_id=meeting.pk, by=office, at=at)


def _office(cast: Cast):
    from vungmanh.access.models import User

    known = User.objects.filter(username="vanphong").first()
    return known or cast.user("vanphong", Role.COMMITTEE_OFFICE)


def test_a_copy_is_found_once_and_told_to_be_the_later_one(cast: Cast) -> None:
    file(cast, CELL, NOVEMBER, OWN, hour=2)
    file(cast, FAR, NOVEMBER, OWN.replace("rằm", "Tết"), hour=5)
    file(cast, SCHOOL, NOVEMBER, OTHER, hour=1)
    assert compare_new_texts(by=None, at=AT) == (NOVEMBER,)
    [found] = TextLikeness.objects.all()
    assert (found.unit_id, found.other_unit_id) == (cast[FAR], cast[CELL])
    assert (found.rule, found.order_known, found.outcome) == (LikenessRule.WHOLE, True, "")
    start, end, *_ = found.passages[0]
    assert OWN.replace("rằm", "Tết")[start:end].startswith("Đồng chí Tấm")
    assert compare_new_texts(by=None, at=AT) == (), "nothing was filed since"
    assert compare_texts(month=NOVEMBER, by=None, at=AT) == 1, "found again, not twice"
    assert TextPrint.objects.count() == 3
    assert Event.objects.filter(verb="texts.compared").count() == 2


def test_own_records_repeated_and_parts_and_empty_ones_are_told_apart(cast: Cast) -> None:
    file(cast, CELL, OCTOBER, OWN)
    file(cast, CELL, NOVEMBER, OWN, hour=3)
    file(cast, NEXT, NOVEMBER, "Chi bộ họp, nhất trí cao.")
    file(cast, THIRD, NOVEMBER, "")
    long = f"{OTHER} {' '.join(f'chuyện{a}riêng{b} vườn{b}cam{a}' for a in 'xyzk' for b in 'qwrt')}"
    file(cast, FAR, OCTOBER, long)
    file(cast, FARTHER, NOVEMBER, OTHER, hour=4)
    compare_new_texts(by=None, at=AT)
    told = {(one.unit_id, one.month): one.rule for one in TextLikeness.objects.all()}
    assert told == {
        (cast[CELL], NOVEMBER): LikenessRule.OWN,
        (cast[NEXT], NOVEMBER): LikenessRule.EMPTY,
        (cast[FARTHER], NOVEMBER): TextLikeness.objects.get(unit_id=cast[FARTHER]).rule,
    }
    assert told[cast[FARTHER], NOVEMBER] in (LikenessRule.WHOLE, LikenessRule.PART)
    assert not TextLikeness.objects.filter(unit_id=cast[THIRD]).exists(), (
        "no text is not no meeting"
    )


def test_a_record_returned_is_no_longer_held_against_anybody(cast: Cast) -> None:
    file(cast, CELL, NOVEMBER, OWN)
    copy = file(cast, NEXT, NOVEMBER, OWN, hour=1)
    compare_new_texts(by=None, at=AT)
    assert months_set_aside(OCTOBER, NOVEMBER) == {(cast[NEXT], NOVEMBER)}
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    return_meeting(meeting_id=copy.pk, reason="Giống chi bộ bên, nhờ xem lại.", by=office, at=AT)
    assert months_set_aside(OCTOBER, NOVEMBER) == set()
    assert not likenesses_visible(office, AT.date()).exists()
    file(cast, THIRD, NOVEMBER, OTHER, hour=2)
    compare_new_texts(by=None, at=AT)
    assert not TextLikeness.objects.exists(), "found no more, and nobody had looked"


def test_a_record_is_believed_again_when_what_it_repeats_is_taken_back(cast: Cast) -> None:
    first = file(cast, CELL, OCTOBER, OWN)
    later = file(cast, NEXT, NOVEMBER, OWN, hour=5)
    compare_new_texts(by=None, at=AT)
    assert months_set_aside(OCTOBER, NOVEMBER) == {(later.unit_id, NOVEMBER)}
    MovedMonth.objects.all().delete()
    office = viewer_for(_office(cast), on=AT.date())
    return_meeting(meeting_id=first.pk, reason="Nhầm chi bộ.", by=office, at=AT)
    assert months_set_aside(OCTOBER, NOVEMBER) == set()
    assert set(MovedMonth.objects.values_list("month", flat=True)) == {OCTOBER, NOVEMBER}


def test_whoever_looked_stays_and_what_was_said_moves_the_months_believed(cast: Cast) -> None:
    file(cast, CELL, NOVEMBER, OWN)
    file(cast, NEXT, NOVEMBER, OWN, hour=1)
    compare_new_texts(by=None, at=AT)
    MovedMonth.objects.all().delete()
    [found] = TextLikeness.objects.all()
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    say = {"likeness_id": found.pk, "by": office, "at": AT}
    with pytest.raises(InputError):
        say_outcome(outcome=LikenessOutcome.SAME_EVENT, note=" ", **say)
    say_outcome(outcome=LikenessOutcome.SAME_EVENT, note="Hai chi bộ họp chung.", **say)
    assert months_set_aside(OCTOBER, NOVEMBER) == set()
    assert list(MovedMonth.objects.values_list("month", flat=True)) == [NOVEMBER]
    with pytest.raises(NotNow):
        say_outcome(outcome=LikenessOutcome.NEEDS_TALK, note="Nhầm.", **say)
    compare_texts(month=NOVEMBER, by=None, at=AT)
    found.refresh_from_db()
    assert found.outcome == LikenessOutcome.SAME_EVENT
    take_outcome_back(likeness_id=found.pk, reason="Không họp chung.", by=office, at=AT)
    say_outcome(outcome=LikenessOutcome.NEEDS_TALK, note="Bí thư nhận là chép.", **say)
    assert months_set_aside(OCTOBER, NOVEMBER) == {(cast[NEXT], NOVEMBER)}
    verbs = Event.objects.filter(verb__startswith="text.").order_by("id")
    assert [event.verb for event in verbs] == ["text.reviewed", "text.reopened", "text.reviewed"]
    [precision] = precision_by_rule(office, AT.date())
    assert (precision.rule, precision.shown, precision.share) == (LikenessRule.WHOLE, 1, 1.0)


def test_a_cell_does_not_review_itself_and_a_stranger_finds_nothing(cast: Cast) -> None:
    file(cast, CELL, NOVEMBER, OWN)
    file(cast, FAR, NOVEMBER, OWN, hour=1)
    compare_new_texts(by=None, at=AT)
    [found] = TextLikeness.objects.all()
    said = {"outcome": LikenessOutcome.FALSE_ALARM, "note": "Máy nhầm.", "at": AT}
    own = acting(cast, Role.COMMITTEE_OFFICE, FAR)
    with pytest.raises(NotAllowed):
        say_outcome(likeness_id=found.pk, by=own, **said)
    for role, unit in ((Role.CELL_SECRETARY, FAR), (Role.OVERSEER, FAR)):
        with pytest.raises(NotAllowed):
            say_outcome(likeness_id=found.pk, by=acting(cast, role, unit), **said)
    neighbour = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    with pytest.raises(NotFound):
        likeness_visible(neighbour, found.pk, AT.date())
    assert not likenesses_visible(neighbour, AT.date()).exists(), "the one copied from is not held"
    above = acting(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert likeness_visible(above, found.pk, AT.date()) == found
    assert units_in_sight(above, [cast[CELL], cast[FAR]], AT.date()) == {cast[FAR]}


def test_a_month_set_aside_is_not_known_to_the_assessment_and_can_be_recomputed(
    cast: Cast,
) -> None:
    for cell in cast.cells:
        for year in (2017, 2018, 2019):
            cast.hold(cell, year, held=9, not_held=3)
    month = december(2019)
    before = snapshot(month)
    assert before is not None
    assert "set_aside" not in before.cell_months.column_names
    file(cast, CELL, NOVEMBER, OWN)
    file(cast, NEXT, NOVEMBER, OWN, hour=1)
    compare_new_texts(by=None, at=AT)
    told = snapshot(month)
    assert told is not None
    rows = [row for row in told.cell_months.to_pylist() if row["set_aside"]]
    assert [(UUID(row["unit"]), row["month"]) for row in rows] == [(cast[NEXT], NOVEMBER)]
    assess_months(months=[month], by=None, at=AT)
    run = AssessmentRun.objects.get(month=month)

    def aside(cell: str) -> float:
        return Assessment.objects.get(run=run, unit_id=cast[cell]).statistics["set_aside"]

    assert (aside(NEXT), aside(CELL)) == (1, 0)
    assert recompute(run).is_equal
    [found] = TextLikeness.objects.all()
    analyst = acting(cast, Role.PROVINCIAL_ANALYST)
    say_outcome(
        likeness_id=found.pk, outcome=LikenessOutcome.LAWFUL_REUSE, note="Họp chung hai thôn.",
        by=analyst, at=AT,
    )  # fmt: skip
    again = snapshot(month)
    assert again is not None
    assert "set_aside" not in again.cell_months.column_names
