"""A rotation writes both posts at once, is judged with citations, ends, and can be taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.contract.test_posts import who
from tests.contract.test_reform_engine import Desk
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.appointments import end_appointment, take_back_appointment
from vungmanh.cadre.actions.rotations import (
    RotationWish,
    cancel_rotation,
    decide_rotation,
    end_rotation,
    judge_wish,
    take_back_end_of_rotation,
)
from vungmanh.cadre.models import Rotation
from vungmanh.cadre.rotations import (
    RotationFacts,
    is_past_return,
    judge_rotation,
    left_post,
    rotation_visible,
    state_on,
)
from vungmanh.cadre.staffing import Circumstances, Holder
from vungmanh.core.errors import Conflict, InputError, NotFound, NotNow, RuleBroken
from vungmanh.core.people_words import AppointmentWay, RotationState
from vungmanh.core.vocabulary import Post, Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import Task
from vungmanh.org.models import Appointment
from vungmanh.org.queries import secretary_of
from vungmanh.org.reform.steps import Merge
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.actions.handing_over import confirm_hand_over, take_back_hand_over
from vungmanh.strengthening.rotations import replacement_of, sides_of

pytestmark = pytest.mark.django_db

FROM, TO = CELLS[QUAN_MAU][0], CELLS[LANG_THU][0]
DAY, BACK, NOW = dt.date(2026, 3, 2), dt.date(2026, 10, 1), AT.date()


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Viewer:
    made = who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    gone = Appointment.objects.get(unit_id=cast[TO])
    end_appointment(
        appointment_id=gone.pk, on=DAY, reason="Nghỉ hưu", document="QĐ 1", by=made, at=AT
    )
    return made


def wish_of(cast: Cast, **more) -> RotationWish:
    wish = RotationWish(
        holder=Holder("Bí thư Thử Một"), way=AppointmentWay.ROTATED_SIDEWAYS, to_unit=cast[TO],
        to_post=Post.SECRETARY, began_on=DAY, return_on=BACK, aim="Đưa chi bộ ra khỏi yếu kém",
        document="30-QĐ/TU", from_unit=cast[FROM], from_post=Post.SECRETARY,
        facts=RotationFacts(years_left=7, is_planned=True, adds_post=False, is_head=False),
    )  # fmt: skip
    return replace(wish, **more)


def test_a_rotation_moves_somebody_and_comes_back_or_is_called_off(
    cast: Cast, desk: Viewer
) -> None:
    rotation = decide_rotation(wish=wish_of(cast), by=desk, at=AT)
    assert secretary_of(cast[FROM], DAY).days_vacant(NOW) == 245
    there = secretary_of(cast[TO], NOW)
    assert (there.holder_name, there.since) == ("Bí thư Thử Một", DAY)
    assert rotation.appointment.planned_until == BACK
    assert (state_on(rotation, NOW), is_past_return(rotation, NOW)) == (RotationState.AWAY, True)
    assert state_on(rotation, DAY - dt.timedelta(days=1)) is RotationState.DECIDED
    for row in (rotation.appointment, rotation.left_appointment):
        with pytest.raises(NotNow) as tied:
            take_back_appointment(appointment_id=row.pk, reason="Nhầm", by=desk, at=AT)
        assert tied.value.code == "of-rotation"

    asked = {"rotation_id": rotation.pk, "by": desk, "at": AT}
    with pytest.raises(InputError) as silent:
        end_rotation(**asked, on=BACK, stays=False, document="QĐ 9", outcome="")
    assert silent.value.field == "outcome"
    home = end_rotation(**asked, on=BACK, stays=False, document="QĐ 9", outcome="Họp đủ kỳ")
    assert (home.state, secretary_of(cast[TO], NOW).in_post) == ("returned", False)
    with pytest.raises(NotNow):
        cancel_rotation(**asked, reason="Nhầm")
    again = take_back_end_of_rotation(**asked, reason="Chưa về")
    assert (again.state, again.ended_on, secretary_of(cast[TO], NOW).in_post) == (
        "away", None, True,
    )  # fmt: skip
    stayed = end_rotation(**asked, on=BACK, stays=True, document="QĐ 9", outcome="Ở lại")
    stayed.appointment.refresh_from_db()
    assert (stayed.state, stayed.appointment.planned_until) == ("stayed", None)
    take_back_end_of_rotation(**asked, reason="Chưa quyết")
    off = cancel_rotation(**asked, reason="Ghi nhầm người")
    assert (off.state, off.appointment) == ("cancelled", None)
    assert secretary_of(cast[FROM], NOW).since == dt.date(2016, 1, 1)
    assert secretary_of(cast[TO], NOW).in_post is False
    verbs = Event.objects.filter(subject=f"rotation:{rotation.pk}").order_by("id")
    assert [one.verb.split(".")[1] for one in verbs] == [
        "decided", "returned", "reopened", "stayed", "reopened", "cancelled",
    ]  # fmt: skip
    assert all("Bí thư Thử" not in str(one.data) for one in verbs)


def test_a_rotation_is_judged_before_it_is_kept(cast: Cast, desk: Viewer) -> None:
    left = left_post(cast[FROM], Post.SECRETARY, Holder("bí thư thử một"), DAY)
    wish = wish_of(cast)
    found = {
        one.code: one
        for one in judge_rotation(
            holder=wish.holder, way=wish.way, to_unit=wish.to_unit, to_post=wish.to_post,
            began_on=DAY, left=left, facts=wish.facts, told=Circumstances(),
        )
    }  # fmt: skip
    states = [found[code].state for code in ("direction", "term_served", "years_left")]
    assert states == ["met", "met", "not_met"]
    assert found["years_left"].citation.rule_id == "QD65-2022-luan-chuyen"
    assert found["years_left"].citation.caution == "cần kiểm tra"

    wrong = (
        ({"aim": ""}, "aim"), ({"elsewhere": "Sở Tư pháp"}, "elsewhere"),
        ({"from_post": None}, "from_post"), ({"holder": Holder("Người Khác")}, "holder"),
        ({"way": AppointmentWay.ELECTED}, "way"), ({"return_on": DAY}, "planned_until"),
        ({"to_unit": cast[FROM]}, "to_post"), ({"to_unit": cast[QUAN_MAU]}, "way"),
        ({"to_unit": cast[FROM], "to_post": Post.DEPUTY_SECRETARY}, "to_post"),
    )  # fmt: skip
    for more, field in wrong:
        with pytest.raises(InputError) as refused:
            decide_rotation(wish=wish_of(cast, **more), by=desk, at=AT)
        assert refused.value.field == field
    # What binds and is not met is accepted by name and reason, and the record keeps it.
    adds = replace(wish.facts, adds_post=True)
    with pytest.raises(RuleBroken) as unmet:
        decide_rotation(wish=wish_of(cast, facts=adds), by=desk, at=AT)
    assert unmet.value.code == "adds-no-post"
    short = judge_wish(wish_of(cast, facts=adds), left, NOW)
    told = {one.code: one for one in short}
    assert (told["stay"].state, told["stay"].citation.binds) == ("not_met", False)
    assert told["stay"].text == "Dự kiến luân chuyển 6 tháng, cần ít nhất 36."
    assert told["adds_no_post"].text == "Phải thêm chức danh để nhận người."
    with pytest.raises(InputError):
        judge_wish(wish_of(cast, return_on=DAY), left, NOW)

    other = Appointment.objects.filter(unit_id=cast[CELLS[LANG_THU][1]])
    other.update(holder_name="Bí Thư Khác")
    with pytest.raises(RuleBroken) as taken:
        decide_rotation(wish=wish_of(cast, to_unit=cast[CELLS[LANG_THU][1]]), by=desk, at=AT)
    assert taken.value.code == "post-taken"
    near = who(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):  # the unit left is not hers to write
        decide_rotation(wish=wish_of(cast), by=near, at=AT)
    assert Rotation.objects.count() == 0
    assert Appointment.objects.get(unit_id=cast[FROM]).valid.upper is None
    elsewhere = {"from_unit": None, "from_post": None, "elsewhere": "Sở Tư pháp"}
    said = {"code": "adds_no_post", "allowed_by": "CV 4-CV/TU", "reason": "Thiếu cán bộ"}
    made = decide_rotation(
        wish=wish_of(cast, **elsewhere, facts=adds), exceptions=[said], by=near, at=AT
    )
    assert [one["allowed_by"] for one in made.exceptions] == ["CV 4-CV/TU"]
    assert rotation_visible(near, made.pk, NOW) == made
    with pytest.raises(NotFound):
        rotation_visible(who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU), made.pk, NOW)


def test_both_units_are_read_at_both_ends_and_what_lay_open_is_handed_over(
    cast: Cast, desk: Viewer
) -> None:
    day = dt.date(2018, 12, 15)
    for name in cast.cells:
        for year in (2017, 2018, 2019):
            cast.hold(name, year, held=4 if (name == TO and year < 2019) else 12)
    assess_months(months=[dt.date(2018, 11, 1), dt.date(2019, 12, 1)], by=None, at=AT)
    Appointment.objects.filter(unit_id=cast[TO]).update(valid=(dt.date(2016, 1, 1), day))
    for owner in ("Bí thư", "Phó bí thư", "bí thư thử một"):
        Task.objects.create(
            unit_id=cast[TO], title="Việc", title_fold="viec", owner=owner, given_on=day,
            due_on=day, output="Báo cáo", changed_at=AT, state="open",
        )  # fmt: skip
    began = dt.date(2018, 12, 20)
    rotation = decide_rotation(wish=wish_of(cast, began_on=began), by=desk, at=AT)
    for year, grade in ((2018, "hoan_thanh"), (2019, "tot")):
        YearGrade.objects.create(
            unit_id=cast[TO], year=year, regime="R2", grade=grade,
            decided_on=dt.date(year, 12, 27),
        )  # fmt: skip
    sides = sides_of(rotation, [cast[TO], cast[FROM]], dt.date(2020, 1, 15))
    assert [one.name for one in sides] == [FROM, TO]
    there = sides[1]
    assert (there.start.month, there.start.held, there.start.due) == (dt.date(2018, 11, 1), 4, 12)
    assert (there.end.month, there.end.held) == (dt.date(2019, 12, 1), 12)
    assert there.course.before < there.course.after
    assert (there.start.grade, there.end.grade.year) == (None, 2019)
    assert there.end.grade.words == "Hoàn thành tốt nhiệm vụ"
    assert there.course.like == 4  # the other village cells
    assert sides_of(rotation, [cast[TO]], dt.date(2019, 6, 1))[0].course is None

    new = replacement_of(rotation.appointment, dt.date(2020, 1, 15))
    assert (new.before.holder_name, new.vacant_from, new.vacant_days) == ("Bí thư Thử Một", day, 5)
    assert [(one.task.owner, one.to_new) for one in new.tasks] == [
        ("Bí thư", True), ("Phó bí thư", False), ("bí thư thử một", True),
    ]  # fmt: skip
    Appointment.objects.create(
        unit_id=cast[FROM], post=Post.SECRETARY, holder_name="Người Mới",
        valid=(dt.date(2020, 1, 1), None),
    )  # fmt: skip
    with pytest.raises(Conflict):  # somebody has come into the post that was left
        cancel_rotation(rotation_id=rotation.pk, reason="Nhầm", by=desk, at=AT)


def test_the_receiving_office_ends_a_rotation_also_of_a_unit_that_is_gone(
    cast: Cast, desk: Viewer
) -> None:
    rotation = decide_rotation(wish=wish_of(cast), by=desk, at=AT)
    reforms = Desk(cast)
    next_to = CELLS[LANG_THU][1]
    gone = dt.date(2026, 6, 1)
    reform = reforms.does(Merge((reforms.id(TO),), reforms.id(next_to)), on=gone)
    near = who(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    assert rotation_visible(near, rotation.pk, NOW) == rotation
    asked = {"rotation_id": rotation.pk, "at": AT}
    with pytest.raises(NotNow) as ended:
        cancel_rotation(**asked, reason="Nhầm", by=desk)
    assert ended.value.code == "unit-ended"
    with pytest.raises(NotFound):  # whose unit was left, another commune's
        end_rotation(**asked, on=BACK, stays=False, document="QĐ 9", outcome="Họp đủ kỳ",
                     by=who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU))  # fmt: skip
    home = end_rotation(
        **asked, on=BACK, stays=False, document="QĐ 9", outcome="Họp đủ kỳ", by=near
    )
    row = home.appointment
    assert (home.state, row.valid.upper, row.ended_document) == ("returned", gone, "")
    again = take_back_end_of_rotation(**asked, reason="Chưa về", by=near)
    row.refresh_from_db()
    assert (again.state, row.valid.upper) == ("away", gone)
    reforms.undo(reform)
    row.refresh_from_db()
    assert row.valid.upper is None
    cancel_rotation(**asked, reason="Nhầm", by=desk)


def test_a_rotation_is_not_called_off_while_a_hand_over_rests_on_it(
    cast: Cast, desk: Viewer
) -> None:
    rotation = decide_rotation(wish=wish_of(cast), by=desk, at=AT)
    asked = {"appointment_id": rotation.appointment.pk, "by": desk, "at": AT}
    confirm_hand_over(**asked, keys=[], document="BB 1")
    off = {"rotation_id": rotation.pk, "reason": "Nhầm", "by": desk, "at": AT}
    with pytest.raises(NotNow) as rests:
        cancel_rotation(**off)
    assert rests.value.code == "handed-over"
    take_back_hand_over(**asked, reason="Nhầm")
    assert cancel_rotation(**off).state == "cancelled"
