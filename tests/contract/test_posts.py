"""Who holds which post: recorded, refused by rule, accepted by name and reason, taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.cadre.actions.appointments import (
    appoint,
    end_appointment,
    take_back_appointment,
    take_back_end,
)
from vungmanh.cadre.eligibility import known_of
from vungmanh.cadre.models import Term
from vungmanh.cadre.people import people_found
from vungmanh.cadre.staffing import Circumstances, Holder, judge_appointment, judge_move
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, RuleBroken
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import Post, Role
from vungmanh.meetings.actions.roll import switch_names_on
from vungmanh.org.models import Appointment, MembershipCount
from vungmanh.org.queries import secretary_of
from vungmanh.strengthening.actions.handing_over import confirm_hand_over, take_back_hand_over

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
DAY = dt.date(2026, 3, 2)
SECRETARY, DEPUTY, MEMBER = Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.COMMITTEE_MEMBER


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Viewer:
    return who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)


def who(cast: Cast, role: Role, unit: str) -> Viewer:
    return viewer_for(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit), on=AT.date())


def put(cast: Cast, by: Viewer, name: str = "Hoàng Thị Mẫu", **more) -> Appointment:
    asked = {
        "unit_id": cast[CELL], "post": SECRETARY, "way": AppointmentWay.APPOINTED, "from_day": DAY,
        "document": "12-QĐ/ĐU", "told": Circumstances(proposed_by_unit=True),
        "holder": Holder(name),
    }  # fmt: skip
    return appoint(**{**asked, **more}, by=by, at=AT)


def end(by: Viewer, row: Appointment | None = None, on: dt.date = DAY, **more) -> Appointment:
    row = row or Appointment.objects.get(post=SECRETARY, **more.pop("of"))
    asked = {"reason": "Nghỉ theo nguyện vọng", "document": "11-QĐ/ĐU"}
    return end_appointment(appointment_id=row.pk, on=on, **{**asked, **more}, by=by, at=AT)


@contextmanager
def taken_meanwhile(row: Model) -> Iterator[None]:
    """Somebody else takes the row out while the turn beside the register is waited for."""

    def gone() -> None:
        type(row).objects.filter(pk=row.pk).delete()

    with mock.patch("vungmanh.cadre.placing.beside_register", gone):
        yield


def test_a_secretary_is_replaced_through_a_vacancy_and_somebody_who_acts(
    cast: Cast, desk: Viewer
) -> None:
    cell = {"unit_id": cast[CELL]}
    with pytest.raises(RuleBroken) as refused:
        put(cast, desk)
    assert refused.value.code == "post-taken"
    assert (refused.value.rule_id, refused.value.citation) == ("", "")  # no text says this
    assert Event.objects.filter(verb__startswith="appointment.").count() == 0

    left = end(desk, of=cell, on=dt.date(2026, 2, 1))
    gap = secretary_of(cast[CELL], dt.date(2026, 2, 10))
    assert (gap.in_post, gap.since, gap.days_vacant(dt.date(2026, 2, 10))) == (
        False, dt.date(2026, 2, 1), 10,
    )  # fmt: skip
    acting = put(
        cast,
        desk,
        "Nông Văn Thử",
        way=AppointmentWay.ACTING,
        from_day=dt.date(2026, 2, 11),
        planned_until=dt.date(2026, 5, 11),
    )
    fact = secretary_of(cast[CELL], dt.date(2026, 2, 20))
    assert (fact.in_post, fact.is_acting, fact.holder_name) == (True, True, "Nông Văn Thử")

    made = put(cast, desk, planned_until=dt.date(2030, 3, 1))
    acting.refresh_from_db()
    assert acting.valid.upper == DAY
    fact = secretary_of(cast[CELL], DAY)
    assert (fact.holder_name, fact.is_acting, fact.since) == ("Hoàng Thị Mẫu", False, DAY)
    assert (made.seat, made.way, made.planned_until) == (1, "appointed", dt.date(2030, 3, 1))
    event = Event.objects.filter(verb="appointment.recorded").latest("id")
    assert event.data["appointment"] == made.pk
    assert event.personal["holder"] == "Hoàng Thị Mẫu"
    assert "Hoàng" not in str(event.data)

    # Recorded by mistake: whoever acted acts on; the ledger keeps both.
    with pytest.raises(InputError) as silent:
        take_back_appointment(appointment_id=made.pk, reason=" ", by=desk, at=AT)
    assert silent.value.field == "reason"
    take_back_appointment(appointment_id=made.pk, reason="Nhầm chi bộ", by=desk, at=AT)
    fact = secretary_of(cast[CELL], dt.date(2026, 6, 1))
    assert (fact.holder_name, fact.is_acting) == ("Nông Văn Thử", True)
    told = Event.objects.filter(data__appointment=made.pk).order_by("id")
    assert [one.verb for one in told] == ["appointment.recorded", "appointment.taken_back"]
    assert told.last().personal["reason"] == "Nhầm chi bộ"

    with pytest.raises(NotNow) as followed:
        take_back_appointment(appointment_id=left.pk, reason="Nhầm", by=desk, at=AT)
    assert followed.value.code == "from-register"
    take_back_appointment(appointment_id=acting.pk, reason="Không giao nữa", by=desk, at=AT)
    back = take_back_end(appointment_id=left.pk, reason="Vẫn làm bí thư", by=desk, at=AT)
    assert (back.valid.upper, back.ended_document) == (None, "")
    assert secretary_of(cast[CELL], AT.date()).holder_name == "Bí thư Thử Một"


def test_seats_of_a_committee_are_judged_by_the_size_of_the_cell(cast: Cast, desk: Viewer) -> None:
    rows = [put(cast, desk, f"Ủy viên {n}", post=MEMBER) for n in "ABC"]
    assert [one.seat for one in rows] == [1, 2, 3]
    with pytest.raises(InputError) as twice:
        put(cast, desk, "ủy viên b", post=MEMBER)
    assert twice.value.code == "already-holds"
    end(desk, rows[1], on=dt.date(2026, 5, 1))
    assert put(cast, desk, "Ủy viên D", post=MEMBER, from_day=dt.date(2026, 5, 1)).seat == 2
    with pytest.raises(RuleBroken) as none_there:
        put(cast, desk, "Ủy viên E", post=MEMBER, unit_id=small(cast))
    assert none_there.value.code == "cell-committee"
    assert "9" in none_there.value.message

    # What only warns is shown and does not stop; the rule says so with its label.
    found = {
        one.code: one
        for one in judge_appointment(
            unit_id=cast[OTHER], post=SECRETARY, holder=Holder("Ai Đó"),
            way=AppointmentWay.APPOINTED, from_day=DAY,
            told=Circumstances(proposed_by_unit=False, other_posts=4, other_secretary=2),
        )
    }  # fmt: skip
    assert {"post_taken", "filling", "concurrent", "concurrent_secretary"} <= set(found)
    assert found["concurrent"].state == "warning"
    assert "mẫu" in found["concurrent"].citation.caution


def small(cast: Cast):
    MembershipCount.objects.filter(unit_id=cast[OTHER]).update(count=8)
    return cast[OTHER]


def test_moving_more_than_a_third_of_the_elected_asks_for_a_consent(
    cast: Cast, desk: Viewer
) -> None:
    unit = {"unit_id": cast[CELL], "post": MEMBER, "way": AppointmentWay.ELECTED}
    first, second, *_ = [
        put(cast, desk, f"Ủy viên {n}", from_day=dt.date(2025, 8, 1), **unit) for n in "ABCDE"
    ]
    moved = {"is_moved": True, "on": DAY, "reason": "Điều động"}
    end(desk, first, **moved)
    with pytest.raises(RuleBroken) as refused:
        end(desk, second, **moved)
    assert (refused.value.code, refused.value.rule_id) == ("moved", "QD294-2025-bo-tri")
    wrong = [{"code": "moved", "allowed_by": "", "reason": "vì cần"}]
    with pytest.raises(InputError) as nameless:
        end(desk, second, **moved, exceptions=wrong)
    assert nameless.value.field == "exceptions"
    allowed = [{"code": "moved", "allowed_by": "CV 5-CV/TU", "reason": "Thiếu người nơi đến"}]
    row = end(desk, second, **moved, exceptions=allowed)
    assert row.exceptions == [
        {"code": "moved", "rule": "QD294-2025-bo-tri", "allowed_by": "CV 5-CV/TU",
         "reason": "Thiếu người nơi đến"},
    ]  # fmt: skip
    back = take_back_end(appointment_id=row.pk, reason="Không điều nữa", by=desk, at=AT)
    assert back.exceptions == []  # what let the end by went with it


def test_more_seats_than_the_congress_chose_are_refused_beyond_the_share(
    cast: Cast, desk: Viewer
) -> None:
    day = dt.date(2025, 9, 1)
    Term.objects.create(
        unit_id=cast[SCHOOL], began_on=dt.date(2025, 8, 1), due_on=dt.date(2030, 8, 1), seats=5,
        document="NQ", ordinal=3,
    )  # fmt: skip
    for n in "ABCDE":  # with the secretary six: one more than the congress chose, 20 % of five
        put(cast, desk, f"Ủy viên {n}", post=MEMBER, unit_id=cast[SCHOOL], from_day=day)
    with pytest.raises(RuleBroken) as refused:
        put(cast, desk, "Ủy viên F", post=MEMBER, unit_id=cast[SCHOOL], from_day=day)
    assert refused.value.code == "extra-seats"
    assert "20%" in refused.value.message


def test_only_an_office_in_reach_records_and_days_and_words_are_asked_for(
    cast: Cast, desk: Viewer
) -> None:
    away = who(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    with pytest.raises(NotFound):
        put(cast, away, post=DEPUTY)
    with pytest.raises(NotAllowed):
        put(cast, who(cast, Role.CELL_SECRETARY, CELL), post=DEPUTY)
    wrong = (
        ({"document": " "}, "document"),
        ({"holder": Holder(" ")}, "holder"),
        ({"planned_until": DAY}, "planned_until"),
        ({"from_day": dt.date(2031, 1, 1)}, "from_day"),
        ({"from_day": dt.date(2001, 1, 1)}, "from_day"),
        ({"way": AppointmentWay.ROTATED_DOWN}, "way"),
        ({"way": AppointmentWay.ACTING}, "planned_until"),
        ({"exceptions": [{"code": "filling", "allowed_by": "BTV", "reason": "cần"}]}, "exceptions"),
    )
    for more, field in wrong:
        with pytest.raises(InputError) as refused:
            put(cast, desk, **{"post": DEPUTY, **more})
        assert refused.value.field == field
    person = listed(cast[CELL], "Lý Thị Danh Sách").person
    of_list = {"post": DEPUTY, "holder": Holder("", person.pk)}
    office = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    for by in (office, desk):  # names are off; and the province reads no list
        with pytest.raises(NotFound):
            put(cast, by, **of_list)
    switch_names_on(unit_id=cast[QUAN_MAU], from_day=DAY, document="TB 1", by=office, at=AT)
    assert [one.unit for one in people_found(office, "danh sach", AT.date())] == [CELL]
    assert people_found(desk, "danh sach", AT.date()) == []
    with pytest.raises(NotFound):
        put(cast, desk, **of_list)
    row = put(cast, office, **of_list)
    assert (row.holder_name, row.person_id) == ("Lý Thị Danh Sách", person.pk)
    # Found by person, whatever the spelling: the posts of hers are counted together.
    more = [cast[name] for name in (OTHER, THIRD, QUAN_MAU)]
    Appointment.objects.filter(unit_id__in=more).update(person=person)
    twice = {
        one.code: one.figures
        for one in judge_appointment(
            unit_id=cast[OTHER], post=MEMBER, holder=Holder("Lí Thị D.", person.pk),
            way=AppointmentWay.APPOINTED, from_day=DAY, told=Circumstances(),
        )
    }  # fmt: skip
    assert 5 in dict(twice["concurrent"]).values()
    known = known_of(office, "Ai Khác", AT.date(), person_id=person.pk)
    assert (known.is_one, known.posts_held, known.months_in_post) == (True, 4, 7)
    with pytest.raises(NotFound):  # a name of another commune's list is not hers to use
        put(cast, away, unit_id=cast[CELLS[LANG_THU][0]], post=DEPUTY, holder=Holder("", person.pk))
    Appointment.objects.filter(pk=row.pk).update(valid=DateRange(DAY, dt.date(2026, 4, 1)))
    row.refresh_from_db()
    with pytest.raises(NotNow):
        end(desk, row, on=dt.date(2026, 5, 1))


def test_who_takes_back_second_is_told_and_exceptions_are_not_cut(cast: Cast, desk: Viewer) -> None:
    row = put(cast, desk, post=DEPUTY)
    with pytest.raises(NotNow) as gone, taken_meanwhile(row):
        take_back_appointment(appointment_id=row.pk, reason="Nhầm", by=desk, at=AT)
    assert gone.value.code == "appointment-gone"
    said = {"code": "concurrent", "allowed_by": "a" * 301, "reason": "thiếu người"}
    with pytest.raises(InputError) as long:
        put(cast, desk, "Người Khác", post=DEPUTY, exceptions=[said],
            told=Circumstances(proposed_by_unit=True, other_posts=5))  # fmt: skip
    assert long.value.code == "bad-exception"


def test_a_new_holder_comes_after_the_first_day_of_who_acts(cast: Cast, desk: Viewer) -> None:
    end(desk, of={"unit_id": cast[CELL]}, on=dt.date(2026, 2, 1))
    put(cast, desk, "Nông Văn Thử", way=AppointmentWay.ACTING,
        planned_until=dt.date(2026, 6, 1))  # fmt: skip
    with pytest.raises(InputError) as same_day:
        put(cast, desk)
    assert (same_day.value.field, same_day.value.code) == ("from_day", "acting-later")
    assert "từ chính ngày này hoặc sau đó" in same_day.value.message


def test_an_end_is_taken_back_though_another_sits_in_the_seat(cast: Cast, desk: Viewer) -> None:
    first = put(cast, desk, "Phó Một", post=DEPUTY)
    end(desk, first, on=dt.date(2026, 5, 1))
    second = put(cast, desk, "Phó Hai", post=DEPUTY, from_day=dt.date(2026, 5, 1))
    assert (first.seat, second.seat) == (1, 1)
    back = take_back_end(appointment_id=first.pk, reason="Vẫn làm", by=desk, at=AT)
    assert (back.seat, back.valid.upper) == (2, None)
    gone = end(desk, of={"unit_id": cast[CELL]}, on=dt.date(2026, 5, 1))
    put(cast, desk, "Bí Thư Mới", from_day=dt.date(2026, 5, 1))
    with pytest.raises(Conflict) as held:  # one secretary at a time
        take_back_end(appointment_id=gone.pk, reason="Vẫn làm", by=desk, at=AT)
    assert held.value.code == "post-followed"


def test_of_who_came_by_no_known_way_the_share_moved_is_not_known(cast: Cast, desk: Viewer) -> None:
    row = Appointment.objects.get(unit_id=cast[CELL])
    (found,) = judge_move(row, DAY)
    assert (found.code, found.state) == ("moved", "unknown")
    assert judge_move(row, row.valid.lower) == ()


def test_a_post_on_which_a_hand_over_rests_is_not_taken_back(cast: Cast, desk: Viewer) -> None:
    end(desk, of={"unit_id": cast[CELL]}, on=dt.date(2026, 2, 1))
    new = put(cast, desk)
    asked = {"appointment_id": new.pk, "by": desk, "at": AT}
    confirm_hand_over(**asked, keys=[], document="BB 1")
    with pytest.raises(NotNow) as rests:
        take_back_appointment(**asked, reason="Nhầm")
    assert rests.value.code == "handed-over"
    take_back_hand_over(**asked, reason="Nhầm")
    end(desk, new, on=dt.date(2026, 6, 1))
    with pytest.raises(NotNow) as left:
        confirm_hand_over(**asked, keys=[], document="BB 1")
    assert left.value.code == "left"
    take_back_end(**asked, reason="Nhầm")
    take_back_appointment(**asked, reason="Nhầm")
    assert not Appointment.objects.filter(pk=new.pk).exists()
