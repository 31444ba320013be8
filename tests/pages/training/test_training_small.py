"""Bồi dưỡng in small: finding a unit in a long table, the file of who is due, odd input, words."""

from __future__ import annotations

import datetime as dt
import html
import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.pages.training.made import taught
from vungmanh.cadre.models import Course, CourseCount, TrainingPlan
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Appointment

pytestmark = pytest.mark.django_db

CELL, OTHER, _THIRD = CELLS[QUAN_MAU]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2026, 11, 2, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role}.{cast[unit].hex[-6:]}", role, unit))
    return client


def text_of(response) -> str:
    return html.unescape(response.content.decode())


def test_a_unit_is_found_in_a_long_table_and_the_others_keep_their_numbers(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    made = taught(cast[CELL], cast[QUAN_MAU])
    table = reverse("training_session", args=[made["session_id"]])
    found = office.get(table, {"q": "doi mau"})
    assert f'name="goi-{cast[CELL]}"' not in text_of(found)
    assert f'name="goi-{cast[OTHER]}"' in text_of(found)
    none = office.get(table, {"q": "khong noi nao"})
    assert "Không có đơn vị nào theo tên này" in text_of(none)
    sent = {f"goi-{cast[OTHER]}": "1.200", f"du-{cast[OTHER]}": "2"}
    asked = office.post(f"{table}?q=doi+mau", sent)
    assert asked.status_code == 422
    assert "triệu tập 1.200, có" in text_of(asked)
    assert OTHER in text_of(asked)
    assert CourseCount.objects.count() == 1, "asked before anything is written"
    office.post(f"{table}?q=doi+mau", sent | {"co-khach": "1"})
    told = set(CourseCount.objects.values_list("unit_id", "called", "came"))
    assert told == {(cast[CELL], 3, 2), (cast[OTHER], 1200, 2)}


def test_what_is_no_whole_number_is_refused_and_names_only_units_in_sight(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    made = taught(cast[CELL], cast[QUAN_MAU])
    table = reverse("training_session", args=[made["session_id"]])
    for typed in ("1.5", "-1", "1,5", "²", "1.2345"):
        sent = office.post(table, {f"goi-{cast[CELL]}": typed, f"du-{cast[CELL]}": "1"})
        assert sent.status_code == 422, typed
        assert f"{CELL}: “{typed}” không phải là số người" in text_of(sent)
    away = cast[CELLS[LANG_THU][0]]
    for row in ({f"goi-{away}": "x"}, {f"goi-{away}": "", f"du-{away}": "1"}, {"goi-x": "1"}):
        sent = office.post(table, row)
        assert sent.status_code in {302, 422}
        assert CELLS[LANG_THU][0] not in text_of(sent)


def test_odd_addresses_are_no_server_errors(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    made = taught(cast[CELL], cast[QUAN_MAU])
    table = reverse("training_session", args=[made["session_id"]])
    for address in (
        f"{table}?q=%00&trong=%00&trang=-9", f"{reverse('training_courses')}?nguyen-nhan=%00",
        f"{reverse('training')}?q=%00&nam=0000&tt=%00&don-vi=x",
        f"{reverse('training_due')}?lop=%00&han=%00&don-vi=%00&trang=x",
        f"{reverse('training_due_export')}?lop=%00&han=%00&don-vi=%00",
    ):  # fmt: skip
        # A NUL is refused in words before it reaches a page.
        assert office.get(address).status_code == 400, address
        assert office.get(address.replace("%00", "%01")).status_code == 200, address


def test_the_file_of_who_is_due_counts_by_units_and_posts_without_names(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "Tải tệp Excel" in text_of(office.get(reverse("training_due")))
    sent = office.get(reverse("training_due_export") + "?han=all&lop=nghiep-vu-bi-thu")
    book = openpyxl.load_workbook(io.BytesIO(sent.content))
    assert book.sheetnames == ["Theo đơn vị", "Theo chức danh"]
    cells = [str(one.value) for sheet in book for row in sheet.iter_rows() for one in row]
    assert {CELL, OTHER, "Bí thư"} <= set(cells)
    for name in Appointment.objects.exclude(holder_name="").values_list("holder_name", flat=True):
        assert name not in " ".join(cells)
    assert not any(away in cells for away in CELLS[LANG_THU])
    assert "mẫu" in " ".join(cells)
    outside = reverse("training_due_export") + f"?don-vi={cast[CELLS[LANG_THU][0]]}"
    assert office.get(outside).status_code == 404
    admin = signed_in(cast, Role.ADMINISTRATOR, PROVINCE)
    assert admin.get(reverse("training_due_export")).status_code == 403


def test_each_act_says_what_it_did_and_nothing_leads_nowhere(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    new = reverse("training_new", args=[cast[QUAN_MAU]])
    made = office.post(new, {"year": "2026", "title": "KH 26"}, follow=True)
    assert "Đã lập kế hoạch. Thêm lớp" in text_of(made)
    assert "giữ cả bản trước" not in text_of(made)
    assert "sắp có" not in text_of(made)
    plan = TrainingPlan.objects.get()
    back = reverse("training_back", args=[plan.pk])
    assert "Đã rút kế hoạch" in text_of(office.post(back, {"reason": "lập nhầm"}, follow=True))


def test_who_is_due_is_counted_by_unit_and_never_recorded_is_not_late(cast: Cast) -> None:
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    told = text_of(office.get(reverse("training_due") + "?lop=nghiep-vu-bi-thu"))
    assert "0 lượt học bắt buộc đã hết hạn, chưa học lại; 3 lượt chưa ghi lần nào" in told
    assert "Số chức danh" in told
    for name in Appointment.objects.exclude(holder_name="").values_list("holder_name", flat=True):
        assert name not in told
    below = reverse("training_due") + f"?don-vi={cast[CELL]}"
    assert "Người giữ chức danh" in text_of(office.get(below))


def test_a_form_of_a_session_is_offered_only_to_whoever_may_save(cast: Cast) -> None:
    made = taught(cast[CELL], cast[PROVINCE])
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert office.get(reverse("training_course", args=[made["course_id"]])).status_code == 200
    for name, key in (
        ("training_session_new", "course_id"), ("training_session", "session_id"),
        ("training_session_edit", "session_id"), ("training_members", "session_id"),
        ("training_session_back", "session_id"),
    ):  # fmt: skip
        assert office.get(reverse(name, args=[made[key]])).status_code == 403, name


def test_one_day_is_no_days_in_english(cast: Cast) -> None:
    made = taught(cast[CELL], cast[QUAN_MAU])
    office = signed_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    office.cookies["django_language"] = "en"
    Course.objects.update(days=1)
    assert ", 1 day<" in text_of(office.get(reverse("training_course", args=[made["course_id"]])))
    Course.objects.update(days=2)
    assert ", 2 days<" in text_of(office.get(reverse("training_course", args=[made["course_id"]])))
