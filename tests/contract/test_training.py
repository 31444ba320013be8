"""A year of training: planned, issued, held, who came by counts and by post, due, and undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, listed, make_cast
from tests.contract.test_posts import who
from vungmanh.access.models import Event
from vungmanh.access.viewer import Viewer
from vungmanh.cadre.actions.courses import (
    CourseWish,
    drop_course,
    restore_course,
    take_back_course,
    write_course,
)
from vungmanh.cadre.actions.sessions import (
    CountRow,
    MemberRow,
    SessionWish,
    change_session,
    hold_session,
    take_back_session,
    write_counts,
    write_members,
)
from vungmanh.cadre.actions.training import (
    approve_plan,
    make_plan,
    rename_plan,
    reopen_plan,
    take_back_plan,
)
from vungmanh.cadre.models import Course, CourseMember, CourseSession, TrainingPlan
from vungmanh.cadre.training import (
    attended_by,
    causes_on,
    course_visible,
    figures_of,
    obligatory_on,
    plan_visible,
    plans_found,
    session_visible,
)
from vungmanh.cadre.training_due import DueKind, days_of_holders, dues_by_unit, dues_visible
from vungmanh.core.errors import Conflict, InputError, NotAllowed, NotFound, NotNow, VungManhError
from vungmanh.core.people_words import CourseKind, LessonState, TrainingPlanState
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Appointment, NamesSwitch, UnitVersion

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
NEIGHBOUR = CELLS[LANG_THU][0]
SIGNED, DAY, NOW = dt.date(2026, 2, 2), dt.date(2026, 4, 6), AT.date()
BY_NAME = "nghiep-vu-bi-thu"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def desk(cast: Cast) -> Viewer:
    return who(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


def wish(**more: object) -> CourseWish:
    said: dict[str, object] = {
        "kind": CourseKind.TRAINING, "title": "Nghiệp vụ bí thư", "audience": "Bí thư chi bộ",
        "asks": "Chi bộ họp đủ kỳ, biên bản có việc giao", "planned_on": DAY, "days": Decimal(2),
        "code": BY_NAME, "cause": causes_on(DAY)[0].code,
    }  # fmt: skip
    return CourseWish(**(said | more))  # type: ignore[arg-type]


def on(day: dt.date, last: dt.date | None = None) -> SessionWish:
    return SessionWish(day, last or day, "Hội trường xã")


def refused(kind: type[VungManhError], code: str, act, **said: object) -> str:
    with pytest.raises(kind) as told:
        act(at=AT, **said)
    assert told.value.code == code
    return str(told.value)


def made(cast: Cast, desk: Viewer) -> tuple[TrainingPlan, Course]:
    """A plan that was issued, with one course."""
    plan = make_plan(unit_id=cast[QUAN_MAU], year=2026, title="Bồi dưỡng 2026", by=desk, at=AT)
    course = write_course(plan_id=plan.pk, wish=wish(), by=desk, at=AT)
    plan = approve_plan(plan_id=plan.pk, document="3-KH/ĐU", signed_on=SIGNED, by=desk, at=AT)
    return plan, course


def test_a_plan_is_drafted_issued_revised_with_reasons_and_undone(cast: Cast, desk: Viewer) -> None:
    unit = cast[QUAN_MAU]
    refused(InputError, "plan-of-cell", make_plan, unit_id=cast[CELL], year=2026, title="Kế hoạch",
            by=desk)  # fmt: skip
    refused(InputError, "bad-year", make_plan, unit_id=unit, year=2031, title="Kế hoạch", by=desk)
    refused(NotFound, "unit-not-found", make_plan, unit_id=cast[LANG_THU], year=2026, title="Kế",
            by=desk)  # fmt: skip
    plan = make_plan(unit_id=unit, year=2026, title="Bồi dưỡng 2026", by=desk, at=AT)
    refused(Conflict, "plan-exists", make_plan, unit_id=unit, year=2026, title="Nữa", by=desk)
    rename_plan(plan_id=plan.pk, title="Bồi dưỡng năm 2026", by=desk, at=AT)
    issue = {"plan_id": plan.pk, "document": "3-KH/ĐU", "by": desk}
    refused(NotNow, "no-courses", approve_plan, signed_on=SIGNED, **issue)
    add = {"plan_id": plan.pk, "by": desk}
    for bad, field in (
        (wish(planned_on=dt.date(2027, 1, 4)), "planned_on"), (wish(days=Decimal(0)), "days"),
        (wish(days=Decimal("1.3")), "days"), (wish(code="khong-co"), "code"),
        (wish(cause="khong-co"), "cause"), (wish(asks=" "), "asks"), (wish(title="a"), "title"),
    ):  # fmt: skip
        with pytest.raises(InputError) as told:
            write_course(wish=bad, at=AT, **add)
        assert told.value.field == field
    early = write_course(wish=wish(planned_on=dt.date(2026, 1, 5)), at=AT, **add)
    text = refused(InputError, "before-approval", approve_plan, signed_on=SIGNED, **issue)
    assert "05/01/2026" in text
    refused(InputError, "in-future", approve_plan, signed_on=dt.date(2026, 12, 1), **issue)
    back = {"course_id": early.pk, "by": desk}
    refused(NotNow, "has-courses", take_back_plan, plan_id=plan.pk, reason="lập nhầm", by=desk)
    take_back_course(reason="ghi nhầm ngày", at=AT, **back)
    course = write_course(wish=wish(), at=AT, **add)
    plan = approve_plan(signed_on=SIGNED, at=AT, **issue)
    assert plan.state == TrainingPlanState.APPROVED
    refused(NotNow, "plan-issued", rename_plan, title="Khác đi", **add)
    # What changes once it is issued is a revision with a reason; a second desk loses nothing.
    change = {"course_id": course.pk, "revision": 1, **add}
    refused(InputError, "bad-reason", write_course, wish=wish(), **change)
    text = refused(InputError, "before-approval", write_course, reason="dời lớp",
                   wish=wish(planned_on=dt.date(2026, 1, 20)), **change)  # fmt: skip
    assert "02/02/2026" in text
    write_course(wish=wish(title="Nghiệp vụ, đợt 1"), reason="chia hai đợt", at=AT, **change)
    refused(Conflict, "course-changed", write_course, wish=wish(), reason="đổi tên", **change)
    revised = Event.objects.get(verb="course.revised")
    assert revised.data["before"]["title"] == "Nghiệp vụ bí thư"
    assert revised.data["now"]["title"] == "Nghiệp vụ, đợt 1"
    assert revised.personal == {"reason": "chia hai đợt"}
    back = {"course_id": course.pk, "by": desk, "reason": "ghi nhầm lớp"}
    refused(NotNow, "plan-issued", take_back_course, **back)
    assert drop_course(at=AT, **back).state == LessonState.DROPPED
    refused(NotNow, "course-dropped", hold_session, course_id=course.pk, wish=on(DAY), by=desk)
    assert restore_course(at=AT, **back).state == LessonState.PLANNED
    refused(NotNow, "not-dropped", restore_course, **back)
    reopen_plan(plan_id=plan.pk, reason="ban hành nhầm bản", by=desk, at=AT)
    refused(NotNow, "plan-draft", hold_session, course_id=course.pk, wish=on(DAY), by=desk)
    take_back_course(at=AT, **back)
    take_back_plan(plan_id=plan.pk, reason="lập nhầm", by=desk, at=AT)
    assert not TrainingPlan.objects.exists()
    assert Event.objects.filter(verb__startswith="training_plan.").count() == 5


def told_by_post_and_name(cast: Cast, told: dict[str, object]) -> None:
    # By post: the holder of that day, never more than came, and nobody twice.
    post = Appointment.objects.get(unit_id=cast[CELL])
    by_post = MemberRow(cast[CELL], None, post.pk, True, True)
    write_members(rows=[by_post], at=AT, **told)
    assert CourseMember.objects.get().valid_until == dt.date(2031, 4, 7)
    refused(InputError, "twice", write_members, rows=[by_post, by_post], **told)
    third = Appointment.objects.get(unit_id=cast[THIRD])
    text = refused(InputError, "more-names-than-came", write_members,
                   rows=[MemberRow(cast[THIRD], None, third.pk, True)], **told)  # fmt: skip
    assert THIRD in text
    refused(InputError, "more-names-than-came", write_counts, rows=[CountRow(cast[CELL], 1, 0)],
            **told)  # fmt: skip
    # By name only where names are on, for somebody on the list who was alive.
    person = listed(cast[CELL], "Nông Thị Mai")
    row = MemberRow(cast[CELL], person.person_id, None, True)
    refused(InputError, "names-off", write_members, rows=[row], **told)
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=SIGNED, document="QĐ 1")
    stranger = MemberRow(cast[OTHER], person.person_id, None, True)
    assert "Nông Thị Mai" in refused(InputError, "not-listed", write_members, rows=[stranger],
                                     **told)  # fmt: skip
    write_members(rows=[row], at=AT, **told)
    post.person_id = person.person_id
    post.save()
    assert "chỉ ghi một lần" in refused(InputError, "twice", write_members, rows=[by_post], **told)
    write_members(rows=[MemberRow(cast[CELL], None, post.pk, False)], at=AT, **told)
    person.valid = type(person.valid)(person.valid.lower, dt.date(2026, 3, 1))
    person.ended_by_way = "died"
    person.save()
    text = refused(InputError, "person-died", write_members, rows=[row], **told)
    assert "đã từ trần" in text
    assert "01/03/2026" in text
    refused(InputError, "person-died", change_session, wish=on(DAY), **told)
    write_members(rows=[MemberRow(cast[CELL], person.person_id, None, False)], at=AT, **told)
    moved = change_session(wish=on(DAY + dt.timedelta(7)), at=AT, **told)
    assert (moved.began_on, moved.counts.count()) == (DAY + dt.timedelta(7), 2)


def test_sessions_take_only_what_could_have_been(cast: Cast, desk: Viewer) -> None:
    plan, course = made(cast, desk)
    hold = {"course_id": course.pk, "by": desk}
    for bad, code in (
        (on(dt.date(2026, 1, 20)), "before-approval"), (on(dt.date(2025, 12, 2)), "other-year"),
        (on(NOW + dt.timedelta(1)), "in-future"), (on(DAY, SIGNED), "bad-days"),
    ):  # fmt: skip
        refused(InputError, code, hold_session, wish=bad, **hold)
    for row, words in (
        (CountRow(cast[CELL], 5, 6), "6 người dự, nhiều hơn 5"),
        (CountRow(cast[CELL], 5, 4, 5), "5 người đạt, nhiều hơn 4"),
        (CountRow(cast[CELL], 5), "không ai dự thì ghi 0"), (CountRow(cast[CELL], None, 3), "Ghi"),
    ):  # fmt: skip
        text = refused(InputError, "bad-count", hold_session, wish=on(DAY), counts=[row], **hold)
        assert CELL in text
        assert words in text
    text = refused(InputError, "unit-not-below", hold_session, wish=on(DAY),
                   counts=[CountRow(cast[NEIGHBOUR], 1, 1)], **hold)  # fmt: skip
    assert NEIGHBOUR not in text  # whoever is not below is not named either
    assert not CourseSession.objects.exists()
    two = [CountRow(cast[CELL], 3, 2, 1), CountRow(cast[OTHER], 2, 2), CountRow(cast[THIRD], None)]
    one = hold_session(wish=on(DAY, DAY + dt.timedelta(1)), counts=two, at=AT, **hold)
    refused(InputError, "session-exists", hold_session, wish=on(DAY), **hold)
    course.refresh_from_db()
    assert course.state == LessonState.HELD
    refused(NotNow, "not-planned", drop_course, reason="không mở", **hold)
    told = {"session_id": one.pk, "by": desk}
    told_by_post_and_name(cast, told)
    # A unit that had ended by then, told with the day.
    held = transaction.savepoint()
    last = UnitVersion.objects.get(unit_id=cast[OTHER])
    connection.cursor().execute(
        "UPDATE org_unitclosure SET valid = daterange(lower(valid), '2026-03-01')"
        " WHERE descendant_id = %s", [cast[OTHER]],
    )  # fmt: skip
    UnitVersion.objects.filter(pk=last.pk).update(valid=(last.valid.lower, dt.date(2026, 3, 1)))
    text = refused(InputError, "unit-ended", write_counts, rows=[CountRow(cast[OTHER], 2, 2)],
                   **told)  # fmt: skip
    assert "01/03/2026" in text
    transaction.savepoint_rollback(held)
    take_back_session(reason="ghi nhầm lớp", at=AT, **told)
    course.refresh_from_db()
    assert course.state == LessonState.PLANNED
    kept = Event.objects.get(verb="course_session.taken_back")
    assert kept.data["counts"][str(cast[CELL])] == [3, 2, 1]
    assert plan.courses.count() == 1


def test_who_is_due_and_who_may_read(cast: Cast, desk: Viewer) -> None:
    plan, course = made(cast, desk)
    assert dues_visible(desk, NOW, kind=DueKind.OVERDUE) == [], "never recorded is not run out"
    before = dues_visible(desk, NOW, kind=DueKind.NEVER, code=BY_NAME)
    assert [(o.posts, o.expired, o.never) for o in dues_by_unit(before)] == [(1, 0, 1)] * 3
    assert [one.version.name for one in before] == sorted(
        (one.version.name for one in before), key=[o.version.name for o in before].index
    )
    assert {one.version.name for one in before} == set(CELLS[QUAN_MAU])
    assert before[0].due.citation is not None
    one = hold_session(
        course_id=course.pk, wish=on(DAY), counts=[CountRow(cast[CELL], 1, 1)], by=desk, at=AT
    )
    post = Appointment.objects.get(unit_id=cast[CELL])
    failed = MemberRow(cast[CELL], None, post.pk, True, False)
    write_members(session_id=one.pk, rows=[failed], by=desk, at=AT)
    assert len(dues_visible(desk, NOW, kind=DueKind.NEVER, code=BY_NAME)) == 3
    passed = MemberRow(cast[CELL], None, post.pk, True, True)
    write_members(session_id=one.pk, rows=[passed], by=desk, at=AT)
    late = dues_visible(desk, NOW, kind=DueKind.NEVER, code=BY_NAME)
    assert {each.version.name for each in late} == {OTHER, THIRD}
    done = next(
        each for each in dues_visible(desk, NOW, above=cast[CELL]) if each.due.code == BY_NAME
    )
    assert (done.due.last_on, done.due.valid_until) == (DAY, dt.date(2031, 4, 6))
    assert dues_visible(desk, NOW, above=cast[CELL], kind=DueKind.SOON) == []
    (days,) = days_of_holders(cast[CELL], 2026, NOW)
    assert (days.days, days.finding.figures[1]) == (Decimal(2), ("Cần", 3))
    assert days_of_holders(cast[OTHER], 2026, NOW)[0].finding.citation is not None
    assert {each.code for each in obligatory_on(DAY)[0]} >= {BY_NAME}
    # Figures, and what a unit took part in.
    told = figures_of(desk, [plan.pk], NOW)[plan.pk]
    assert (told.planned, told.held, told.sessions, told.called, told.came) == (1, 1, 1, 1, 1)
    assert attended_by(desk, cast[CELL], NOW, limit=5)[0].course == course
    # A neighbour reads nothing; a cell below reads the issued plan; a draft stays with its desk.
    neighbour = who(cast, Role.COMMITTEE_OFFICE, LANG_THU)
    for read, key in (
        (plan_visible, plan.pk), (course_visible, course.pk), (session_visible, one.pk)
    ):  # fmt: skip
        with pytest.raises(NotFound):
            read(neighbour, key, NOW)
    assert plans_found(neighbour, NOW) == []
    assert attended_by(neighbour, cast[CELL], NOW, limit=5) == []
    refused(NotFound, "no-training-plan", hold_session, course_id=course.pk, wish=on(DAY),
            by=neighbour)  # fmt: skip
    cell = who(cast, Role.CELL_SECRETARY, OTHER)
    assert plan_visible(cell, plan.pk, NOW) == plan
    assert figures_of(cell, [plan.pk], NOW)[plan.pk].came == 0  # others' counts are not summed
    refused(NotAllowed, "not-allowed", take_back_session, session_id=one.pk, reason="nhầm", by=cell)
    reopen_plan(plan_id=plan.pk, reason="sửa lại", by=desk, at=AT)
    assert plans_found(cell, NOW) == []
    desk_of_all = who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    assert [each.pk for each in plans_found(desk_of_all, NOW, text="boi quan")] == [plan.pk]
    assert plans_found(desk_of_all, NOW, text="lang thu") == []
    assert plans_found(desk_of_all, NOW, year=2025) == []


def test_lists_ask_the_same_however_long(cast: Cast, desk: Viewer) -> None:
    def asked(act) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            act()
        return len(found)

    every = who(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    made(cast, desk)
    ids = [one.pk for one in TrainingPlan.objects.all()]
    few = asked(lambda: (plans_found(every, NOW), figures_of(every, ids, NOW)))
    due = asked(lambda: dues_visible(desk, NOW))
    for name in (LANG_THU, PROVINCE):
        plan = make_plan(unit_id=cast[name], year=2026, title="Kế hoạch", by=every, at=AT)
        write_course(plan_id=plan.pk, wish=wish(), by=every, at=AT)
    ids = [one.pk for one in TrainingPlan.objects.all()]
    assert asked(lambda: (plans_found(every, NOW), figures_of(every, ids, NOW))) == few
    assert len(ids) == 3
    assert asked(lambda: dues_visible(every, NOW)) == due


def test_a_session_keeps_its_day_when_the_plan_is_issued_anew(cast: Cast, desk: Viewer) -> None:
    plan, course = made(cast, desk)
    here = SessionWish(DAY, DAY, "Hội trường xã")
    one = hold_session(course_id=course.pk, wish=here, by=desk, at=AT)
    hold_session(course_id=course.pk, wish=on(dt.date(2026, 4, 9)), by=desk, at=AT)
    reopen_plan(plan_id=plan.pk, reason="thay văn bản", by=desk, at=AT)
    refused(InputError, "long-before", approve_plan, plan_id=plan.pk, document="5-KH/ĐU",
            signed_on=dt.date(1926, 5, 4), by=desk)  # fmt: skip
    approve_plan(plan_id=plan.pk, document="5-KH/ĐU", signed_on=dt.date(2026, 5, 4), by=desk, at=AT)
    noted = SessionWish(DAY, DAY, "Hội trường xã", "Có kiểm tra")
    assert change_session(session_id=one.pk, wish=noted, by=desk, at=AT).note == "Có kiểm tra"
    refused(InputError, "before-approval", change_session, session_id=one.pk,
            wish=on(dt.date(2026, 4, 7)), by=desk)  # fmt: skip


def test_a_session_is_not_moved_onto_another_of_its_course(cast: Cast, desk: Viewer) -> None:
    _plan, course = made(cast, desk)
    one = hold_session(course_id=course.pk, wish=on(DAY), by=desk, at=AT)
    hold_session(course_id=course.pk, wish=on(dt.date(2026, 4, 9)), by=desk, at=AT)
    refused(InputError, "session-exists", change_session, session_id=one.pk,
            wish=on(dt.date(2026, 4, 9)), by=desk)  # fmt: skip
    assert CourseSession.objects.get(pk=one.pk).began_on == DAY


def test_whoever_is_named_as_passed_is_one_of_those_counted(cast: Cast, desk: Viewer) -> None:
    _plan, course = made(cast, desk)
    post = Appointment.objects.get(unit_id=cast[CELL])
    row = MemberRow(cast[CELL], None, post.pk, True, True)
    one = hold_session(course_id=course.pk, wish=on(DAY), by=desk, at=AT,
                       counts=[CountRow(cast[CELL], 2, 2, 0)])  # fmt: skip
    said = refused(InputError, "more-passed-than-counted", write_members, session_id=one.pk,
                   rows=[row], by=desk)  # fmt: skip
    assert "1 người đạt nhưng số người đạt là 0" in said
    write_counts(session_id=one.pk, rows=[CountRow(cast[CELL], 2, 2, 2)], by=desk, at=AT)
    failed = MemberRow(cast[CELL], None, post.pk, True, False)
    refused(InputError, "more-passed-than-counted", write_members, session_id=one.pk,
            rows=[failed], by=desk)  # fmt: skip
    write_members(session_id=one.pk, rows=[row], by=desk, at=AT)
    refused(InputError, "more-passed-than-counted", write_counts, session_id=one.pk,
            rows=[CountRow(cast[CELL], 2, 2, 0)], by=desk)  # fmt: skip
