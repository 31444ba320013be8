"""Bồi dưỡng as an office works with it: planned, issued, held for many units at once, undone."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, listed, make_cast
from tests.pages.training.made import taught
from vungmanh.cadre.models import Course, CourseCount, CourseMember, CourseSession, TrainingPlan
from vungmanh.cadre.training import causes_on
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Appointment, NamesSwitch

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
AWAY = CELLS[LANG_THU][0]
SignIn = Callable[..., Client]
DAYS = {"began_on": "2026-04-06", "ended_on": "2026-04-07", "place": "Hội trường"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    def sign_in_(role: Role, unit: str = PROVINCE) -> Client:
        client = Client()
        client.force_login(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit))
        return client

    return sign_in_


def text_of(response) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    plain = html.unescape(re.sub(r"<[^>]+>", " ", page))
    return re.sub(r"\s+([,;:.])", r"\1", re.sub(r"\s+", " ", plain.replace(NBSP, " ")))


def page(client: Client, name: str, *args, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200, (name, response.status_code)
    return text_of(response)


def said(**more: str) -> dict[str, str]:
    return {
        "kind": "training", "title": "Nghiệp vụ bí thư", "code": "nghiep-vu-bi-thu",
        "cause": causes_on(AT.date())[0].code, "audience": "Bí thư chi bộ",
        "asks": "Chi bộ họp đủ kỳ", "planned_on": "2026-04-06", "days": "1,5",
        "materials": "Sổ tay bí thư", **more,
    }  # fmt: skip


def issued(cast: Cast, office: Client) -> Course:
    """A plan drafted, refused where it must be, and issued with one course."""
    commune = cast[QUAN_MAU]
    assert "Chưa có kế hoạch" in page(office, "training")
    made = office.post(reverse("training_new", args=[commune]), {"year": "2026", "title": "KH 26"})
    plan = TrainingPlan.objects.get()
    assert made["Location"] == reverse("training_plan", args=[plan.pk])
    again = office.post(reverse("training_new", args=[commune]), {"year": "2026", "title": "Nữa"})
    assert again.status_code == 422
    assert "đã có kế hoạch năm 2026" in text_of(again)
    new = reverse("training_course_new", args=[plan.pk])
    bad = office.post(new, said(planned_on="2027-01-04"))
    assert bad.status_code == 422
    assert "phải trong năm 2026" in text_of(bad)
    office.post(new, said())
    course = Course.objects.get()
    assert float(course.days) == 1.5
    assert "ban hành rồi mới ghi" in page(office, "training_course", course.pk)
    late = {"document": "5-KH/ĐU", "signed_on": "2026-05-04"}
    refused = office.post(reverse("training_approve", args=[plan.pk]), late)
    assert "trước ngày ban hành" in text_of(refused)
    office.post(reverse("training_approve", args=[plan.pk]), late | {"signed_on": "2026-02-02"})
    assert "5-KH/ĐU" in page(office, "training_plan", plan.pk)
    assert "quá ngày dự kiến, chưa ghi buổi nào" in page(office, "training_plan", plan.pk)
    return course


def held(cast: Cast, office: Client, course: Course) -> CourseSession:
    """A session with many units in one table; what was typed stays when one row is refused."""
    hold = reverse("training_session_new", args=[course.pk])
    table = page(office, "training_session_new", course.pk)
    assert CELL in table
    assert "9 đảng viên chính thức" in table
    assert LANG_THU not in table
    rows = {f"goi-{cast[CELL]}": "2", f"du-{cast[CELL]}": "3", f"goi-{cast[OTHER]}": "1",
            f"du-{cast[OTHER]}": "1", f"goi-{cast[THIRD]}": ""}  # fmt: skip
    refused = office.post(hold, DAYS | rows)
    assert refused.status_code == 422
    assert f"{CELL}, ô có mặt: 3 người dự, nhiều hơn 2" in text_of(refused)
    assert f'name="du-{cast[OTHER]}" value="1"' in refused.content.decode()
    assert refused.content.decode().count('aria-invalid="true"') == 3
    letters = office.post(hold, DAYS | rows | {f"du-{cast[CELL]}": "hai"})
    assert "“hai” không phải là số người" in text_of(letters)
    assert not CourseSession.objects.exists()
    office.post(hold, DAYS | rows | {f"du-{cast[CELL]}": "2", f"dat-{cast[CELL]}": "1"})
    session = CourseSession.objects.get()
    assert set(CourseCount.objects.values_list("unit_id", "came", "passed")) == {
        (cast[CELL], 2, 1), (cast[OTHER], 1, None)
    }  # fmt: skip
    return session


def named(cast: Cast, office: Client, session: CourseSession, course: Course) -> None:
    """By post, and in a cell that switched names on by name."""
    by_name = reverse("training_members", args=[session.pk])
    post = Appointment.objects.get(unit_id=cast[CELL])
    shown = page(office, "training_members", session.pk)
    assert "Bí thư Thử Một" in shown
    person = listed(cast[CELL], "Nông Thị Mai")
    inside = f"?trong={cast[CELL]}"
    assert "Nông Thị Mai" not in page(
        office, "training_members", session.pk, query=f"?trong={cast[CELL]}"
    )
    office.post(by_name, {f"post-{post.pk}": "dat", f"person-{person.person_id}": "du"})
    assert [one.appointment_id for one in CourseMember.objects.all()] == [post.pk]
    NamesSwitch.objects.create(
        unit_id=cast[QUAN_MAU], from_day=dt.date(2026, 1, 5), document="QĐ 1"
    )
    assert "Nông Thị Mai" in page(
        office, "training_members", session.pk, query=f"?trong={cast[CELL]}"
    )
    office.post(f"{by_name}{inside}",
                {f"post-{post.pk}": "dat", f"person-{person.person_id}": "du"})  # fmt: skip
    assert CourseMember.objects.count() == 2
    told = page(office, "training_course", course.pk)
    assert "3/3 người dự" in told
    assert "nêu đích danh 2 người" in told
    assert "Nông Thị Mai" not in told
    assert "Cần ít nhất 5 đơn vị mới nói được; không nói của riêng một đơn vị" in told


def undone(cast: Cast, office: Client, session: CourseSession, course: Course) -> None:
    """Corrected and taken back, with reasons; the ledger keeps both."""
    plan = course.plan
    edit = reverse("training_session_edit", args=[session.pk])
    assert "trước ngày ấy" in text_of(office.post(edit, DAYS | {"began_on": "2026-01-20"}))
    office.post(edit, DAYS | {"place": "Nhà văn hóa"})
    assert "Nhà văn hóa" in page(office, "training_course", course.pk)
    counts = reverse("training_session", args=[session.pk])
    office.post(counts, {f"goi-{cast[THIRD]}": "4", f"du-{cast[THIRD]}": "0"})
    assert CourseCount.objects.get(unit_id=cast[THIRD]).came == 0
    assert CourseCount.objects.count() == 3
    office.post(counts, {f"goi-{cast[THIRD]}": "", f"du-{cast[THIRD]}": ""})
    assert CourseCount.objects.count() == 2
    less = office.post(counts, {f"goi-{cast[CELL]}": "1", f"du-{cast[CELL]}": "1"})
    assert "ghi số người dự trước" in text_of(less)
    revise = reverse("training_course_edit", args=[course.pk])
    assert office.post(revise, said(revision="1")).status_code == 422
    office.post(revise, said(revision="1", reason="đổi tên lớp", title="Nghiệp vụ mới"))
    assert "sửa lớp của kế hoạch đã ban hành" in page(office, "training_course", course.pk)
    office.post(reverse("training_session_back", args=[session.pk]), {"reason": "ghi nhầm"})
    assert not CourseSession.objects.exists()
    office.post(reverse("training_course_drop", args=[course.pk]), {"reason": "thiếu giảng viên"})
    assert "thiếu giảng viên" in page(office, "training_course", course.pk)
    office.post(reverse("training_course_drop", args=[course.pk]), {"reason": "đã có người"})
    office.post(reverse("training_reopen", args=[plan.pk]), {"reason": "ban hành nhầm"})
    office.post(reverse("training_course_back", args=[course.pk]), {"reason": "nhầm"})
    office.post(reverse("training_back", args=[plan.pk]), {"reason": "nhầm"})
    assert not TrainingPlan.objects.exists()


def test_a_year_of_training_from_the_draft_to_who_is_due(cast: Cast, sign_in: SignIn) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    course = issued(cast, office)
    session = held(cast, office, course)
    named(cast, office, session, course)
    # Who is due: facts in the order of units, with the rule.
    due = page(office, "training_due", query="?lop=nghiep-vu-bi-thu")
    assert OTHER in due
    assert CELL not in due
    assert "mẫu, tỉnh chưa ban hành" in due
    every = page(
        office, "training_due", query=f"?lop=nghiep-vu-bi-thu&han=all&don-vi={cast[QUAN_MAU]}"
    )
    assert "có giá trị đến 07/04/2031" in every
    unit = page(office, "unit_training", cast[CELL])
    assert "2/2 người dự" in unit
    assert "1,5 ngày, cần 3 ngày" in unit
    assert "Nghiệp vụ bí thư" in page(office, "unit", cast[CELL])
    assert "1 lớp trả lời nguyên nhân" in page(
        office, "training_courses", query=f"?nguyen-nhan={course.cause}"
    )
    undone(cast, office, session, course)


def test_a_neighbour_meets_nothing_and_a_cell_reads_what_was_issued(
    cast: Cast, sign_in: SignIn
) -> None:
    made = taught(cast[CELL], cast[QUAN_MAU])
    neighbour = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    for name, key in (
        ("training_plan", "training_id"), ("training_rename", "training_id"),
        ("training_approve", "training_id"), ("training_reopen", "training_id"),
        ("training_back", "training_id"), ("training_course_new", "training_id"),
        ("training_course", "course_id"), ("training_course_edit", "course_id"),
        ("training_course_drop", "course_id"), ("training_course_back", "course_id"),
        ("training_session_new", "course_id"), ("training_session", "session_id"),
        ("training_session_edit", "session_id"), ("training_members", "session_id"),
        ("training_session_back", "session_id"),
    ):  # fmt: skip
        address = reverse(name, args=[made[key]])
        assert neighbour.get(address).status_code == 404, name
        assert neighbour.post(address, {"reason": "thử"}).status_code in {404, 405}, name
    for name in ("unit_training", "training_new"):
        assert neighbour.get(reverse(name, args=[cast[CELL]])).status_code == 404
    assert "Nghiệp vụ bí thư" not in page(neighbour, "training_courses")
    assert CELL not in page(neighbour, "training_due", query="?han=all")
    cell = sign_in(Role.CELL_SECRETARY, OTHER)
    told = page(cell, "training_course", made["course_id"])
    assert "Nghiệp vụ bí thư" in told
    assert CELL not in told
    assert "3 người" not in told
    assert cell.get(reverse("training_course_edit", args=[made["course_id"]])).status_code == 403
    TrainingPlan.objects.update(state="draft")
    draft = reverse("training_plan", args=[made["training_id"]])
    assert cell.get(draft).status_code == 404


def test_lists_ask_the_same_however_many(cast: Cast, sign_in: SignIn) -> None:
    desk = sign_in(Role.PROVINCIAL_ANALYST)
    taught(cast[CELL], cast[QUAN_MAU])

    def asked(name: str, *args) -> int:
        with CaptureQueriesContext(connection) as found:
            page(desk, name, *args)
        return len(found)

    lists = ("training", "training_courses", "training_due")
    few = [asked(name) for name in lists]
    made = taught(cast[AWAY], cast[LANG_THU])
    taught(cast[CELLS[LANG_THU][1]], cast[LANG_THU])
    taught(cast[OTHER], cast[QUAN_MAU])
    assert [asked(name) for name in lists] == few
    one = asked("training_course", made["course_id"])
    CourseSession.objects.create(
        course_id=made["course_id"], began_on=dt.date(2019, 5, 6), ended_on=dt.date(2019, 5, 6)
    )
    assert asked("training_course", made["course_id"]) == one
    found = page(desk, "training", query="?q=lang thu")
    assert LANG_THU in found
    assert QUAN_MAU not in found
