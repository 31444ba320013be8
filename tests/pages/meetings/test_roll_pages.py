"""Switching names on and keeping the list of a cell, as an office and a secretary do it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import LANG_THU, QUAN_MAU, Cast
from tests.pages.meetings.conftest import CELL, words
from vungmanh.org.models import Membership, NamesSwitch, Person

pytestmark = pytest.mark.django_db

SWITCH = {"document": "QĐ 3-QĐ/ĐU ngày 1/6/2019", "from_day": "2019-06-01"}
MEMBER = {"name": "Nông Thử Ba", "status": "official", "from_day": "2019-07-01"}


def switched_on(office: Client) -> None:
    assert office.post("/sinh-hoat/diem-danh/", SWITCH).status_code == 302


def test_an_office_switches_names_on_and_off_with_a_reason(cast: Cast, office: Client) -> None:
    assert "đang điểm danh theo số" in words(office.get("/sinh-hoat/diem-danh/"))
    answer = office.post("/sinh-hoat/diem-danh/", {"document": "", "from_day": "31/02/2019"})
    assert answer.status_code == 422
    assert "Ngày này không có trong lịch" in words(answer)
    switched_on(office)
    assert "đang điểm danh theo tên" in words(office.get("/sinh-hoat/diem-danh/"))
    off = f"/sinh-hoat/diem-danh/{NamesSwitch.objects.get().pk}/tat/"
    assert office.post(off, {"reason": ""}).status_code == 422
    page = words(office.post(off, {"reason": "làm theo số"}, follow=True))
    assert "đang điểm danh theo số" in page
    assert "tắt từ 20/12/2019: làm theo số" in page


def test_a_secretary_keeps_the_list_and_sees_where_it_differs_from_the_register(
    cast: Cast, office: Client, secretary: Client
) -> None:
    where = f"/sinh-hoat/{cast[CELL]}/danh-sach/"
    assert "điểm danh theo số, không ghi tên" in words(secretary.get(where))
    switched_on(office)
    assert "Danh sách còn trống" in words(secretary.get(where))
    answer = secretary.post(where, MEMBER | {"name": " "})
    assert answer.status_code == 422
    page = words(secretary.post(where, MEMBER, follow=True))
    assert "Nông Thử Ba Chính thức 01/07/2019" in page
    assert "Chính thức: danh sách có 1, sổ tổ chức có 9" in page
    answer = secretary.post(where, MEMBER)
    assert "Danh sách đã có Nông Thử Ba" in words(answer)

    one = where + f"{Membership.objects.get().person_id}/"
    erasing = "Xóa tên theo đề nghị"  # the office's business
    assert erasing not in words(secretary.get(one))
    assert erasing in words(office.get(one))
    change = {"act": "change", **MEMBER, "status": "exempt", "from_day": "2019-12-01"}
    assert "Được miễn sinh hoạt" in words(secretary.post(one, change, follow=True))
    off = {"act": "end", "way": "other", "reason": "chuyển đi"}
    bad = secretary.post(one, off | {"on": "2019-11-01"})
    assert bad.status_code == 422
    assert "có trong danh sách từ 01/12/2019" in words(bad)
    end = off | {"on": "2019-12-10"}
    assert "Danh sách còn trống" in words(secretary.post(one, end, follow=True))
    assert secretary.get(one).status_code == 404


def test_an_office_erases_a_name_and_looks_at_all_its_lists(
    cast: Cast, office: Client, secretary: Client
) -> None:
    switched_on(office)
    where = f"/sinh-hoat/{cast[CELL]}/danh-sach/"
    secretary.post(where, MEMBER)
    below = words(office.get(f"/sinh-hoat/{cast[QUAN_MAU]}/danh-sach/"))
    assert f"{CELL} 1" in below
    one = where + f"{Membership.objects.get().person_id}/"
    assert office.post(one, {"act": "erase", "reason": ""}).status_code == 422
    page = words(office.post(one, {"act": "erase", "reason": "theo đề nghị"}, follow=True))
    assert "Nông Thử Ba" not in page
    assert Person.objects.get().name == ""


def test_nobody_else_reads_a_list_of_names(
    cast: Cast, office: Client, overseer: Client, analyst: Client
) -> None:
    switched_on(office)
    where = f"/sinh-hoat/{cast[CELL]}/danh-sach/"
    assert overseer.get(where).status_code == 403
    assert analyst.get(where).status_code == 403
    assert office.get(f"/sinh-hoat/{cast[LANG_THU]}/danh-sach/").status_code == 404
