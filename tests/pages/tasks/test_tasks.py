"""Việc in the browser's eyes: what is to be done first, one task, and nobody else's."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.contract.tasks_story import CELL, NEIGHBOUR, PROOF, SECOND, acting, meet, wish
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.tasks import give_task, report_task
from vungmanh.meetings.models import Task

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def given(cast: Cast, title: str, *, due: int, unit: str = CELL) -> Task:
    """A task due so many days from today, given two months before."""
    today = localdate()
    return give_task(
        unit_id=cast[unit],
        wish=wish(title, due=today + dt.timedelta(days=due), given=today - dt.timedelta(days=60)),
        by=acting(cast, Role.CELL_SECRETARY, unit, on=today),
        at=timezone.now(),
    )


def test_the_page_opens_with_what_is_overdue_and_how_often_it_was_carried(
    sign_in: SignIn, cast: Cast
) -> None:
    given(cast, "Sửa mương", due=-40)
    given(cast, "Kết nạp", due=400)
    meet(cast, CELL, localdate() - dt.timedelta(days=35), localdate() - dt.timedelta(days=3))
    page = words(main_of(sign_in(Role.CELL_SECRETARY, CELL).get("/viec/")))
    assert "1 việc quá hạn." in page
    assert "Sửa mương" in page
    assert "quá hạn 40 ngày" in page
    assert "chuyển tiếp 2 lần" in page
    assert "Nếu họp hôm nay: việc đến hạn và việc kỳ trước chuyển sang đã xong 0/1" in page
    assert "Kết nạp" not in page


def test_without_work_the_page_says_so(sign_in: SignIn, cast: Cast) -> None:
    page = words(main_of(sign_in(Role.CELL_SECRETARY, CELL).get("/viec/")))
    assert "Chưa có việc nào trong phạm vi của đồng chí." in page
    assert "Không có việc nào ở giai đoạn này." in page


def test_a_list_is_searched_without_diacritics_and_narrowed(sign_in: SignIn, cast: Cast) -> None:
    given(cast, "Sửa mương", due=-3)
    given(cast, "Thu đảng phí", due=-3, unit=SECOND)
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    found = main_of(client.get("/viec/?gd=overdue&q=dang+phi"))
    assert "Thu đảng phí" in found
    assert "Sửa mương" not in found
    below = main_of(client.get(f"/viec/?gd=overdue&don-vi={cast[CELL]}"))
    assert "Sửa mương" in below
    assert "Thu đảng phí" not in below
    assert "Sửa mương" not in main_of(client.get("/viec/?gd=overdue&pham-vi=minh"))
    assert client.get(f"/viec/?don-vi={cast[NEIGHBOUR]}").status_code == 404
    assert client.get("/viec/?gd=khong-co&don-vi=chu&trang=x").status_code == 200


def test_a_secretary_gives_a_task_and_is_told_what_is_missing(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.CELL_SECRETARY, CELL)
    assert "list=" in main_of(client.get("/viec/giao/"))
    form = {"title": "Sửa mương", "owner": "Phó bí thư", "due_on": "2020-01-01", "output": "Ảnh"}
    refused = client.post("/viec/giao/", form)
    assert refused.status_code == 422
    assert "đứng trước ngày giao" in main_of(refused)
    assert 'value="Sửa mương"' in main_of(refused)
    done = client.post("/viec/giao/", {**form, "due_on": localdate().isoformat()})
    assert done["Location"] == f"/viec/{Task.objects.get().pk}/"
    page = words(main_of(client.get(done["Location"])))
    assert "hạn hôm nay" in page
    assert "Kết quả phải có: Ảnh" in page


def test_a_task_is_reported_then_closed_with_its_output(sign_in: SignIn, cast: Cast) -> None:
    task = given(cast, "Sửa mương", due=5)
    client, address = sign_in(Role.CELL_SECRETARY, CELL), f"/viec/{task.pk}/"
    said = {"act": "report", "percent": "40", "note": "Xong nửa tuyến", "owner": "Bí thư",
            "was_percent": "", "was_note": "", "was_owner": "Bí thư"}  # fmt: skip
    assert client.post(address, said).status_code == 302
    assert "Xong nửa tuyến" in main_of(client.get(address))
    empty = client.post(address, {"act": "close", "proof": ""})
    assert empty.status_code == 422
    assert client.post(address, {"act": "close", "proof": PROOF}).status_code == 302
    page = words(main_of(client.get(address)))
    assert PROOF in page
    assert "đúng hạn" in page
    assert "Báo tiến độ" not in page
    late = client.post(address, {"act": "close", "proof": "Ảnh khác"})
    assert late.status_code == 422
    assert "Việc này đã kết thúc" in main_of(late)
    assert client.post(address, {"act": "reopen", "reason": "Sạt lại"}).status_code == 302
    assert "Báo tiến độ" in main_of(client.get(address))
    assert client.post(address, {"act": "drop", "reason": "Không còn cần"}).status_code == 302
    task.refresh_from_db()
    assert task.state == "dropped"
    assert client.post(address, {"act": "khong-co"}).status_code == 422


def test_two_who_report_at_once_see_both_values_and_a_person_decides(
    sign_in: SignIn, cast: Cast
) -> None:
    task = given(cast, "Sửa mương", due=5)
    client, address = sign_in(Role.CELL_SECRETARY, CELL), f"/viec/{task.pk}/"
    office = acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, on=localdate())
    report_task(task_id=task.pk, set={"percent": 80}, was={}, by=office, at=timezone.now())
    said = {"act": "report", "percent": "40", "note": "", "owner": "Bí thư", "was_percent": "",
            "was_note": "", "was_owner": "Bí thư"}  # fmt: skip
    clash = client.post(address, said)
    assert clash.status_code == 422
    page = words(main_of(clash))
    assert "đang ghi “80 %”, đồng chí ghi “40 %”" in page.replace("\xa0", " ")
    assert 'name="was_percent" value="80"' in main_of(clash)
    assert client.post(address, {**said, "was_percent": "80"}).status_code == 302
    task.refresh_from_db()
    assert task.percent == 40


def test_who_only_looks_has_no_form(sign_in: SignIn, cast: Cast) -> None:
    task = given(cast, "Sửa mương", due=-5)
    address = f"/viec/{task.pk}/"
    client = sign_in(Role.OVERSEER, CELL)
    assert 'name="act"' not in main_of(client.get(address))
    assert "Giao một việc" not in main_of(client.get("/viec/"))
    client.post(address, {"act": "close", "proof": PROOF})
    task.refresh_from_db()
    assert task.state == "open"


@pytest.mark.parametrize(
    ("role", "unit"), [(Role.COMMITTEE_OFFICE, LANG_THU), (Role.CELL_SECRETARY, SECOND)]
)
def test_a_neighbour_finds_no_task(sign_in: SignIn, cast: Cast, role: Role, unit: str) -> None:
    task = given(cast, "Sửa mương", due=-5)
    client = sign_in(role, unit)
    assert client.get(f"/viec/{task.pk}/").status_code == 404
    assert client.post(f"/viec/{task.pk}/", {"act": "close", "proof": PROOF}).status_code == 404
    assert "Sửa mương" not in main_of(client.get("/viec/?gd=overdue"))
    assert b"Sua" not in client.get("/viec/xuat.xlsx").content


def test_the_file_says_what_the_page_says(sign_in: SignIn, cast: Cast) -> None:
    given(cast, "=SUM(1;2) mương", due=-5)
    given(cast, "Thu đảng phí", due=30)
    answer = sign_in(Role.PROVINCIAL_ANALYST, PROVINCE).get("/viec/xuat.xlsx?q=muong")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "1 việc quá hạn."
    assert rows[3][:4] == ("Việc phải làm", "Đơn vị", "Ai làm", "Hạn xong")
    assert [row[0] for row in rows[4:]] == ["=SUM(1;2) mương"]
    assert rows[4][1] == CELL
    assert rows[4][5] == "quá hạn 5 ngày"


def test_the_list_asks_as_often_for_one_task_as_for_many(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    given(cast, "Việc một", due=-1)
    client.get("/viec/?gd=overdue")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/viec/?gd=overdue")
        counts.append(len(asked))
        for name in cast.cells:
            given(cast, f"Việc khác của {name}", due=-2, unit=name)
    assert counts[0] == counts[1]
