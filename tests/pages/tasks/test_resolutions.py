"""Nghị quyết, kế hoạch in the browser's eyes: written with their tasks, sent, received, told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localdate

from tests.cast import PROVINCE, QUAN_MAU, Cast
from tests.contract.tasks_story import CELL, SECOND, acting
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.periods import add_months, month_of
from vungmanh.core.vocabulary import ObligationKind, Role
from vungmanh.meetings.actions.meeting import write_meeting
from vungmanh.meetings.actions.resolutions import send_down
from vungmanh.meetings.models import Receipt, Resolution, Task

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
NEW = "/viec/nghi-quyet/moi/"


def typed(*titles: str, **more: str) -> dict[str, Any]:
    """The form of a new resolution with a row for each title."""
    due = localdate() + dt.timedelta(days=20)
    said: dict[str, Any] = {
        "kind": "resolution",
        "number": "05-NQ/ĐU",
        "title": "Nghị quyết về nước sạch",
        "adopted_on": (localdate() - dt.timedelta(days=2)).isoformat(),
        "vote_for": "8",
        "vote_base": "9",
        "text": "Mỗi thôn một bể lọc.",
        "viec-TOTAL_FORMS": str(len(titles)),
        "viec-INITIAL_FORMS": "0",
    }
    for place, title in enumerate(titles):
        blank = not title
        said |= {
            f"viec-{place}-title": title,
            f"viec-{place}-owner": "" if blank else "Phó bí thư",
            f"viec-{place}-due_on": "" if blank else due.isoformat(),
            f"viec-{place}-output": "" if blank else "Ảnh bể lọc",
        }
    return {**said, **more}


def adopted(client: Client) -> Resolution:
    assert client.post(NEW, typed("Lắp bể lọc", "", "Thu phí")).status_code == 302
    return Resolution.objects.get()


def sent(cast: Cast, resolution: Resolution, *names: str) -> None:
    send_down(
        resolution_id=resolution.pk,
        from_unit=cast[QUAN_MAU],
        unit_ids=[cast[name] for name in names],
        task_ids=resolution.tasks.values_list("pk", flat=True),
        at_once=False,
        by=acting(cast, Role.COMMITTEE_OFFICE, QUAN_MAU, on=localdate()),
        at=timezone.now(),
    )


def test_a_resolution_is_written_with_its_tasks_and_an_empty_row_is_passed_over(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert "Việc thứ 3" in main_of(client.get(NEW))
    resolution = adopted(client)
    assert [one.title for one in resolution.tasks.order_by("title")] == ["Lắp bể lọc", "Thu phí"]
    page = words(main_of(client.get(f"/viec/nghi-quyet/{resolution.pk}/"))).replace("\xa0", " ")
    assert "0/2 (0 %) việc đã xong" in page
    assert "8/9 (88,9 %) tán thành" in page
    assert "Mỗi thôn một bể lọc." in page
    listed = words(main_of(client.get("/viec/nghi-quyet/?q=nuoc+sach")))
    assert "05-NQ/ĐU Nghị quyết về nước sạch" in listed
    assert "Chưa có nghị quyết" in main_of(client.get("/viec/nghi-quyet/?q=khong+co"))


def test_more_rows_are_added_without_losing_or_judging_what_was_typed(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    half = {**typed("Lắp bể lọc"), "viec-0-due_on": "", "title": "", "act": "more"}
    answer = client.post(NEW, half)
    page = main_of(answer)
    assert answer.status_code == 200
    assert 'value="Lắp bể lọc"' in page
    assert "Việc thứ 3" in page
    assert 'class="err"' not in page
    assert not Resolution.objects.exists()


def test_what_is_wrong_stands_at_its_field_and_row(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    refused = client.post(NEW, typed("Lắp bể lọc", vote_for="10"))
    assert refused.status_code == 422
    assert "nhiều hơn 9 người có quyền biểu quyết" in main_of(refused)
    late = {**typed("", "Thu phí"), "viec-1-due_on": "2001-01-01"}
    refused = client.post(NEW, late)
    assert refused.status_code == 422
    row = main_of(refused).split("Việc thứ 2")[1]
    assert "đứng trước ngày giao" in row
    assert not Resolution.objects.exists()


def test_day_and_votes_come_from_the_record_of_the_meeting(sign_in: SignIn, cast: Cast) -> None:
    by = acting(cast, Role.CELL_SECRETARY, CELL, on=localdate())
    month = add_months(month_of(localdate()), -1)
    held_on = month.replace(day=5).isoformat()
    facts = {"outcome": "held", "held_on": held_on, "present": 8, "present_official": 8,
             "vote_for": 7}  # fmt: skip
    meeting = write_meeting(
        unit_id=cast[CELL], kind=ObligationKind.REGULAR, month=month, set=facts,
        was={}, by=by, at=timezone.now(),
    )  # fmt: skip
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    page = main_of(client.get(f"{NEW}?buoi={meeting.pk}"))
    for name, value in (("adopted_on", held_on), ("vote_for", "7"), ("vote_base", "9")):
        assert f'name="{name}" value="{value}"' in page
    assert client.post(f"{NEW}?buoi={meeting.pk}", typed("Lắp bể lọc")).status_code == 302
    made = Resolution.objects.get()
    assert (made.meeting_id, made.unit_id) == (meeting.pk, cast[CELL])
    assert Task.objects.get().meeting_id == meeting.pk
    one = {"title": "Dọn cỏ", "owner": "Bí thư", "output": "Ảnh"}
    one["due_on"] = (localdate() + dt.timedelta(days=9)).isoformat()
    assert client.post(f"/viec/giao/?buoi={meeting.pk}", one).status_code == 302
    assert Task.objects.get(title="Dọn cỏ").meeting_id == meeting.pk


def test_it_is_sent_received_and_told_apart_from_above(sign_in: SignIn, cast: Cast) -> None:
    office = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    resolution = adopted(office)
    address = f"/viec/nghi-quyet/{resolution.pk}/"
    form = main_of(office.get(f"{address}gui/"))
    assert "Tất cả 3 đơn vị trực thuộc" in form
    assert CELL in form
    assert office.post(f"{address}gui/", {"to": "picked", "when": "receipt"}).status_code == 422
    chosen = {
        "to": "picked", "when": "receipt", "units": [str(cast[CELL]), str(cast[SECOND])],
        "tasks": [str(task.pk) for task in resolution.tasks.all()],
    }  # fmt: skip
    assert office.post(f"{address}gui/", chosen).status_code == 302
    page = words(main_of(office.get(address)))
    assert "2 nơi được gửi, 0 đã nhận, 2 chưa nhận" in page

    cell = sign_in(Role.CELL_SECRETARY, CELL)
    assert "1 văn bản chờ nhận." in words(main_of(cell.get("/viec/")))
    receipt = Receipt.objects.get(unit_id=cast[CELL])
    act = {"act": "receive", "receipt": str(receipt.pk)}
    assert cell.post(address, act).status_code == 302
    again = cell.post(address, act)
    assert again.status_code == 422
    assert "đã ghi nhận rồi" in main_of(again)
    assert "Lắp bể lọc" in main_of(cell.get("/viec/?gd=later")) + main_of(
        cell.get("/viec/?gd=this_month")
    )
    other = Receipt.objects.get(unit_id=cast[SECOND])
    assert cell.post(address, {"act": "receive", "receipt": str(other.pk)}).status_code == 404

    office = sign_in(Role.PROVINCIAL_ANALYST, PROVINCE)
    page = words(main_of(office.get(address)))
    assert "2 nơi được gửi, 1 đã nhận, 1 chưa nhận" in page
    assert "Các việc của" in main_of(office.get(f"{address}?duoi={cast[CELL]}"))


def test_who_was_not_sent_it_finds_nothing(sign_in: SignIn, cast: Cast) -> None:
    resolution = adopted(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU))
    sent(cast, resolution, CELL)
    client = sign_in(Role.CELL_SECRETARY, SECOND)
    address = f"/viec/nghi-quyet/{resolution.pk}/"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}gui/").status_code == 404
    assert client.post(address, {"act": "end", "reason": "Thử"}).status_code == 404
    assert client.get(f"{NEW}?thuc-hien={resolution.pk}").status_code == 404


def test_a_receiver_reads_it_applies_it_and_ends_nothing_of_it(sign_in: SignIn, cast: Cast) -> None:
    resolution = adopted(sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU))
    sent(cast, resolution, CELL)
    client = sign_in(Role.CELL_SECRETARY, CELL)
    address = f"/viec/nghi-quyet/{resolution.pk}/"
    page = main_of(client.get(address))
    assert "Mỗi thôn một bể lọc." in page
    assert "Thôi thực hiện" not in page
    assert client.get(f"{address}gui/").status_code == 403
    refused = client.post(address, {"act": "end", "reason": "Không làm"})
    assert refused.status_code == 422
    assert "chỉ nơi ban hành" in main_of(refused)
    local = typed("Đào hố", title="Nghị quyết tháng của chi bộ")
    assert client.post(f"{NEW}?thuc-hien={resolution.pk}", local).status_code == 302
    assert resolution.applied_by.get().unit_id == cast[CELL]
    assert "Nghị quyết tháng của chi bộ" in main_of(client.get(address))


def test_it_ends_done_or_with_a_reason_and_goes_on_again(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    resolution = adopted(client)
    address = f"/viec/nghi-quyet/{resolution.pk}/"
    refused = client.post(address, {"act": "done"})
    assert refused.status_code == 422
    assert "Còn 2 việc" in main_of(refused)
    assert client.post(address, {"act": "end", "reason": ""}).status_code == 422
    assert client.post(address, {"act": "end", "reason": "Có bản thay"}).status_code == 302
    assert "Có bản thay" in main_of(client.get(address))
    assert client.post(address, {"act": "resume", "reason": "Bỏ nhầm"}).status_code == 302
    resolution.refresh_from_db()
    assert resolution.state == "in_force"
    assert client.post(address, {"act": "khong-co"}).status_code == 422


def test_one_page_asks_as_often_for_one_receiver_as_for_all(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    resolution = adopted(client)
    address = f"/viec/nghi-quyet/{resolution.pk}/"
    sent(cast, resolution, CELL)
    client.get(address)
    counts: dict[str, list[int]] = {address: [], "/viec/nghi-quyet/": []}
    for _round in range(2):
        for page, asked_for in counts.items():
            with CaptureQueriesContext(connection) as asked:
                client.get(page)
            asked_for.append(len(asked))
        if _round == 0:
            sent(cast, resolution, SECOND, "Chi bộ thôn Ăn Mẫu")
    assert all(first == last for first, last in counts.values()), counts
