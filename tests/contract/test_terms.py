"""Terms from congress to congress, and posts at risk as facts about units."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, listed, make_cast
from tests.contract.test_posts import put, taken_meanwhile, who
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.appointments import end_appointment
from vungmanh.cadre.actions.terms import begin_term, record_congress_papers, take_back_term
from vungmanh.cadre.concerns import concerns_of, concerns_visible
from vungmanh.cadre.posts import posts_of_unit
from vungmanh.cadre.staffing import Holder
from vungmanh.cadre.terms import (
    clocks_of,
    judge_congress,
    next_ordinal,
    running_term,
)
from vungmanh.core.errors import Conflict, InputError, NotNow, RuleBroken
from vungmanh.core.people_words import AppointmentWay, PostConcern
from vungmanh.core.vocabulary import Post, Role
from vungmanh.org.models import Appointment, Lineage
from vungmanh.rulebook.people.clocks import ClockState

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
YEAR = dt.timedelta(days=365)
NOW = AT.date()  # 1/11/2026


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Viewer:
    return who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)


def congress(cast: Cast, by: Viewer, day: dt.date, unit: str = CELL, **more):
    asked = {"unit_id": cast[unit], "began_on": day, "document": "NQ đại hội"}
    return begin_term(**{**asked, **more}, by=by, at=AT)


def test_a_term_ends_by_the_rule_of_its_first_day(cast: Cast, desk: Viewer) -> None:
    old = congress(cast, desk, dt.date(2023, 3, 1), ordinal=7, seats=5)
    assert old.due_on == dt.date(2025, 9, 1)  # a cell under a base committee: two and a half years
    with pytest.raises(InputError) as lower:
        congress(cast, desk, dt.date(2025, 9, 1), ordinal=7)
    assert (lower.value.field, lower.value.code) == ("ordinal", "bad-ordinal")
    with pytest.raises(RuleBroken) as short:  # a cell's five years were read: nobody lets it by
        congress(cast, desk, dt.date(2025, 9, 1), due_on=dt.date(2028, 9, 1))
    assert (short.value.code, short.value.rule_id) == ("term-length", "QD294-2025-nhiem-ky")
    assert "294-QĐ/TW" in short.value.citation
    new = congress(cast, desk, dt.date(2025, 9, 1))
    old.refresh_from_db()
    assert (new.ordinal, new.due_on, old.ended_on) == (8, dt.date(2030, 9, 1), new.began_on)
    assert running_term(cast[CELL], NOW) == new

    report, approval = clocks_of(new, dt.date(2025, 9, 30))
    # 1 and 2 September are days off: seven working days from the second end on the eleventh.
    assert (report.state, report.due_on) == (ClockState.OVERDUE, dt.date(2025, 9, 11))
    assert approval.state is ClockState.WAITING
    asked = {"term_id": new.pk, "by": desk, "at": AT}
    done = record_congress_papers(
        **asked, reported_on=dt.date(2025, 9, 9), approved_on=None, revision=1
    )
    assert clocks_of(done, NOW)[0].state is ClockState.DONE
    with pytest.raises(Conflict):
        record_congress_papers(**asked, reported_on=None, approved_on=None, revision=1)
    for days, field in (((dt.date(2025, 8, 1), None), "reported_on"),
                        ((dt.date(2025, 9, 9), dt.date(2025, 9, 2)), "approved_on")):  # fmt: skip
        with pytest.raises(InputError) as bad:
            record_congress_papers(**asked, reported_on=days[0], approved_on=days[1], revision=2)
        assert bad.value.field == field
    with pytest.raises(InputError) as silent:
        record_congress_papers(**asked, reported_on=None, approved_on=None, revision=2)
    assert silent.value.field == "reason"

    with pytest.raises(NotNow):
        take_back_term(term_id=old.pk, reason="Nhầm", by=desk, at=AT)
    take_back_term(term_id=new.pk, reason="Nhầm chi bộ", by=desk, at=AT)
    old.refresh_from_db()
    assert (old.ended_on, running_term(cast[CELL], NOW)) == (None, old)
    verbs = Event.objects.filter(verb__startswith="term.").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "term.papers_recorded", "term.recorded", "term.recorded", "term.taken_back",
    ]  # fmt: skip


def test_counting_goes_on_through_a_split_and_begins_anew_for_what_is_made_of_many(
    cast: Cast, desk: Viewer
) -> None:
    congress(cast, desk, dt.date(2020, 5, 1), OTHER, ordinal=11)
    first = dt.date(2016, 1, 1)  # the day the units of the province began

    def came_from(*names: str) -> None:
        Lineage.objects.filter(successor_id=cast[THIRD]).delete()
        for name in names:
            Lineage.objects.create(
                predecessor_id=cast[name], successor_id=cast[THIRD], on=first, kind="split",
                share=1, document="QĐ",
            )  # fmt: skip

    assert next_ordinal(cast[THIRD], NOW) is None
    came_from(OTHER)
    assert next_ordinal(cast[THIRD], NOW) == 12
    came_from(OTHER, CELL)
    assert next_ordinal(cast[THIRD], NOW) == 1
    asked = {"is_appointed": True, "due_on": dt.date(2027, 8, 1)}
    with pytest.raises(RuleBroken):
        congress(cast, desk, dt.date(2025, 8, 1), THIRD, **asked)
    said = {"code": "term_length", "allowed_by": "BTV Đảng ủy, QĐ 8", "reason": "mới sáp nhập"}
    named = congress(cast, desk, dt.date(2025, 8, 1), THIRD, **asked, exceptions=[said])
    assert (named.ordinal, named.due_on) == (None, dt.date(2027, 8, 1))
    assert named.exceptions == [{**said, "rule": "QD294-2025-nhiem-ky"}]
    event = Event.objects.get(verb="term.recorded", data__term=str(named.pk))
    assert event.data["exceptions"] == [{"code": "term_length", "rule": "QD294-2025-nhiem-ky"}]
    assert event.personal["exceptions"] == named.exceptions


def test_a_congress_is_held_to_the_size_of_the_cell_and_its_day_is_told(
    cast: Cast, desk: Viewer
) -> None:
    with pytest.raises(RuleBroken) as many:
        congress(cast, desk, dt.date(2025, 9, 1), seats=8)
    assert (many.value.code, many.value.rule_id) == ("committee-size", "QD294-2025-chuc-danh")
    congress(cast, desk, dt.date(2023, 3, 1), ordinal=7)
    day = dt.date(2025, 10, 1)
    said = {one.code: one for one in judge_congress(unit_id=cast[CELL], began_on=day, seats=7)}
    assert set(said) == {"term_end", "term_before"}
    assert "sau hạn ấy 30 ngày" in said["term_before"].text
    assert said["term_before"].citation.rule_id == "DL2011-nhiem-ky"


def test_who_takes_a_term_back_second_is_told_that_it_is_gone(cast: Cast, desk: Viewer) -> None:
    term = congress(cast, desk, dt.date(2025, 9, 1))
    with pytest.raises(NotNow) as gone, taken_meanwhile(term):
        take_back_term(term_id=term.pk, reason="Nhầm", by=desk, at=AT)
    assert gone.value.code == "term-gone"


def test_posts_at_risk_are_facts_of_units_in_sight(cast: Cast, desk: Viewer) -> None:
    congress(cast, desk, dt.date(2023, 3, 1))  # over since 1/9/2025
    congress(cast, desk, dt.date(2022, 3, 1), SCHOOL)  # a base cell: until 1/3/2027
    gone = Appointment.objects.get(unit_id=cast[OTHER])
    end_appointment(appointment_id=gone.pk, on=dt.date(2026, 10, 1), reason="Nghỉ hưu",
                    document="QĐ 1", by=desk, at=AT)  # fmt: skip
    row = Appointment.objects.get(unit_id=cast[THIRD])
    end_appointment(appointment_id=row.pk, on=dt.date(2026, 8, 1), reason="Nghỉ hưu",
                    document="QĐ 2", by=desk, at=AT)  # fmt: skip
    put(cast, desk, "Người Phụ Trách", unit_id=cast[THIRD], way=AppointmentWay.ACTING,
        from_day=dt.date(2026, 8, 11), planned_until=dt.date(2026, 12, 1))  # fmt: skip
    person = listed(cast[CELL], "Kiêm Nhiệm").person
    for unit in CELLS[LANG_THU]:
        held = Appointment.objects.get(unit_id=cast[unit])
        Appointment.objects.filter(pk=held.pk).update(person=person)
    third = Appointment.objects.get(unit_id=cast[LANG_THU])
    Appointment.objects.filter(pk=third.pk).update(person=person)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        listed_units = concerns_visible(desk, NOW, within=YEAR)
    assert len(asked) <= 6
    told = {
        one.version.name: [(fact.kind, fact.days) for fact in one.facts] for one in listed_units
    }
    assert told == {
        CELL: [(PostConcern.TERM_OVER, 426)],
        SCHOOL: [(PostConcern.TERM_DUE, 120)],
        OTHER: [(PostConcern.VACANT, 32)],
        THIRD: [(PostConcern.ACTING, 83), (PostConcern.PLANNED_END, 30)],
        **{name: [(PostConcern.CONCURRENT, 3958)] for name in (*CELLS[LANG_THU], LANG_THU)},
    }
    assert [one.version.name for one in listed_units] == sorted(
        told, key=lambda name: next(
            bytes(one.version.name_key) for one in listed_units if one.version.name == name)
    )  # fmt: skip
    few = concerns_visible(desk, NOW, within=dt.timedelta(days=31), kinds={PostConcern.TERM_DUE})
    assert few == []
    only = concerns_visible(desk, NOW, within=YEAR, above=cast[OTHER])
    assert [one.version.name for one in only] == [OTHER]
    near = who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert {one.version.name for one in concerns_visible(near, NOW, within=YEAR)} == {
        CELL, OTHER, THIRD,
    }  # fmt: skip
    assert [one.kind for one in concerns_of(cast[OTHER], NOW, within=YEAR)] == [PostConcern.VACANT]

    lines = {one.post: one for one in posts_of_unit(desk, cast[OTHER], NOW)}
    assert list(lines) == [Post.SECRETARY, Post.DEPUTY_SECRETARY, Post.COMMITTEE_MEMBER]
    assert lines[Post.SECRETARY].days_vacant(NOW) == 32
    deputy = lines[Post.DEPUTY_SECRETARY]
    assert (deputy.holders, deputy.days_vacant(NOW)) == ((), 0)
    (line, *_) = posts_of_unit(desk, cast[THIRD], NOW)
    assert [one.holder_name for one in line.holders] == ["Người Phụ Trách"]
    assert Holder("người phụ trách").is_of(line.holders[0])
