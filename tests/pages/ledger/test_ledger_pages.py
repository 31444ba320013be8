"""Sổ nghĩa vụ as an office, an analyst and a secretary work with it."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import travel

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from vungmanh.access.models import User
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.actions.freezing import freeze_past_months
from vungmanh.meetings.models import Excuse, FrozenMonth
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import Assessment

CELL, NEXT, _THIRD = CELLS[QUAN_MAU]
NOON = dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC)
ASKED = {
    "relief": "postponed", "duty": "regular", "first_month": "2019-09", "last_month": "2019-10",
    "until": "2020-01", "cause": "flood", "reason": "ngập đường", "document": "CV 12-CV/ĐU",
    "granted_on": "2019-10-02",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with travel(NOON, tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell in cast.cells:  # the whole year has reported: pages open on its end
        cast.hold(cell, 2019, held=8)
    return cast


def sign_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"mot.{role}", role, unit))
    return client


@pytest.fixture
def office(cast: Cast) -> Client:
    return sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)


def words(response: HttpResponse) -> str:
    text = html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))
    return re.sub(r"\s+", " ", text)


def address(cast: Cast, name: str, rest: str = "") -> str:
    return f"/so-nghia-vu/{cast[name]}/{rest}"


def test_the_overview_says_how_much_was_due_and_how_much_of_it_was_excused(
    cast: Cast, office: Client
) -> None:
    office.post(address(cast, CELL, "mien-hoan/"), ASKED)
    page = words(office.get("/so-nghia-vu/"))
    assert "năm nay phải họp 36 kỳ thường kỳ; 2 kỳ" in page
    assert "Kiểm điểm năm" in page
    assert "mẫu, tỉnh chưa ban hành" in page  # the rule of the review is no law
    rows = re.findall(rf"({CELL}|{NEXT}) (\d+) (\d+) (\d+)", page)
    assert rows == [(CELL, "12", "0", "2")]
    assert f"2 đơn vị không miễn, không hoãn kỳ nào {_THIRD}" in page  # folded, in Vietnamese order


def test_a_cells_year_says_of_each_line_why_and_by_which_rule(cast: Cast, office: Client) -> None:
    freeze_past_months(by=None, at=NOON)
    page = words(office.get(address(cast, CELL)))
    assert f"Năm 2019, {CELL} có 12 kỳ họp thường kỳ trong sổ: miễn 0, hoãn 0" in page
    assert "Chi bộ họp thường kỳ mỗi tháng một lần" in page
    assert page.count("Hoạt động đủ tháng") == 13
    assert page.count("đã chốt") == 11  # December's term is not over
    assert "5/10/2019" in page  # the day September's report was due


def test_an_office_postpones_for_all_its_cells_and_takes_it_back(
    cast: Cast, office: Client
) -> None:
    answer = office.post(address(cast, QUAN_MAU, "mien-hoan/"), ASKED, follow=True)
    assert "Đã ghi cho 3 đơn vị" in words(answer)
    page = words(office.get(address(cast, CELL)))
    assert page.count("Hoãn đến hết tháng 1/2020: Bão lũ, thiên tai, ngập đường") == 2
    excuse = Excuse.objects.get(unit_id=cast[CELL])
    withdraw = f"/so-nghia-vu/mien-hoan/{excuse.pk}/rut/"
    assert CELL in words(office.get(withdraw))
    assert office.post(withdraw, {"reason": ""}).status_code == 422
    answer = office.post(withdraw, {"reason": "ghi nhầm thôn"}, follow=True)
    assert "2 lần miễn, hoãn đang có hiệu lực" in words(answer)
    assert "ghi nhầm thôn" in words(answer)
    assert "hoãn 0" in words(office.get(address(cast, CELL)))
    below = words(office.get(address(cast, QUAN_MAU)))
    assert f"các chi bộ thuộc {QUAN_MAU} phải họp 36 kỳ thường kỳ: miễn 0, hoãn 4." in below
    assert "Loại tổ chức này không phải làm" not in below


def test_an_office_takes_a_whole_decision_back_at_once(cast: Cast, office: Client) -> None:
    office.post(address(cast, QUAN_MAU, "mien-hoan/"), ASKED)
    withdraw = f"/so-nghia-vu/mien-hoan/{Excuse.objects.get(unit_id=cast[CELL]).pk}/rut/"
    assert "Cả 3 đơn vị của cùng văn bản" in words(office.get(withdraw))
    answer = office.post(withdraw, {"reason": "ghi nhầm xã", "whole": "1"}, follow=True)
    assert "0 lần miễn, hoãn đang có hiệu lực" in words(answer)
    assert not Excuse.objects.filter(withdrawn_at=None).exists()


def test_what_was_granted_changes_reasons_at_once_and_so_does_its_withdrawal(
    cast: Cast, office: Client
) -> None:
    assess_months(months=[dt.date(2019, 10, 1)], by=None, at=NOON)

    def assessed() -> Assessment:
        return Assessment.objects.get(unit_id=cast[CELL], run__month=dt.date(2019, 10, 1))

    before = assessed()
    answer = office.post(address(cast, CELL, "mien-hoan/"), ASKED, follow=True)
    assert "đã tính lại từ tháng 10/2019 đến tháng 10/2019" in words(answer)
    assert (before.excused, assessed().excused) == (0, 2)
    withdraw = f"/so-nghia-vu/mien-hoan/{Excuse.objects.get().pk}/rut/"
    answer = office.post(withdraw, {"reason": "nước rút sớm"}, follow=True)
    assert "đã tính lại từ tháng 10/2019" in words(answer)
    assert assessed().marks == before.marks


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"until": ""}, "Hoãn thì phải hẹn tháng họp bù"),
        ({"document": ""}, "Trường này không được để trống|Ô này|bắt buộc"),
        ({"last_month": "2019-08"}, "Tháng cuối phải từ tháng đầu trở đi"),
        ({"relief": "excused", "until": ""}, "Bão lũ, mùa vụ chỉ hoãn, không miễn"),
        ({"duty": "plan"}, "sổ không có kỳ nào phải làm"),
    ],
)
def test_an_excuse_that_cannot_be_comes_back_with_what_to_do(
    cast: Cast, office: Client, change: dict[str, str], sentence: str
) -> None:
    answer = office.post(address(cast, CELL, "mien-hoan/"), ASKED | change)
    assert answer.status_code == 422
    assert re.search(sentence, words(answer))
    assert not Excuse.objects.exists()


def test_who_looks_only_is_offered_nothing_to_grant(cast: Cast, office: Client) -> None:
    office.post(address(cast, CELL, "mien-hoan/"), ASKED)
    secretary = sign_in(cast, Role.CELL_SECRETARY, CELL)
    page = secretary.get(address(cast, CELL))
    assert address(cast, CELL, "mien-hoan/") not in page.content.decode()
    assert "ngập đường" in words(page)  # but she sees what was granted to her
    assert secretary.get(address(cast, NEXT)).status_code == 404
    assert secretary.post(address(cast, CELL, "mien-hoan/"), ASKED).status_code == 403
    listed = words(secretary.get("/so-nghia-vu/mien-hoan/"))
    assert "1 lần miễn, hoãn" in listed
    own = words(secretary.get("/so-nghia-vu/"))
    assert CELL in own
    assert NEXT not in own


def test_an_office_sees_no_excuse_of_the_neighbour(cast: Cast, office: Client) -> None:
    analyst = sign_in(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    analyst.post(address(cast, LANG_THU, "mien-hoan/"), ASKED)
    other = Excuse.objects.get(unit_id=cast[CELLS[LANG_THU][0]])
    assert "Chưa có lần miễn, hoãn nào" in words(office.get("/so-nghia-vu/mien-hoan/"))
    withdraw = f"/so-nghia-vu/mien-hoan/{other.pk}/rut/"
    assert office.get(withdraw).status_code == 404
    assert office.post(withdraw, {"reason": "thử"}).status_code == 404


def test_an_analyst_opens_a_settled_month_with_a_reason(cast: Cast) -> None:
    freeze_past_months(by=None, at=NOON)
    analyst = sign_in(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    assert "Đã chốt đến hết tháng 11/2019" in words(analyst.get("/so-nghia-vu/"))
    asked = {"month": "2019-07", "reason": "bổ sung chi bộ mới lập"}
    answer = analyst.post("/so-nghia-vu/mo-lai/", asked, follow=True)
    assert "Đã mở lại" in words(answer)
    assert not FrozenMonth.objects.filter(month=dt.date(2019, 7, 1)).exists()


def test_the_ledger_asks_the_database_as_often_for_many_units_as_for_few(
    cast: Cast, office: Client
) -> None:
    analyst = sign_in(cast, Role.PROVINCIAL_ANALYST, PROVINCE)
    analyst.post(address(cast, PROVINCE, "mien-hoan/"), ASKED)
    assert User.objects.count() == 2
    for path in ("/so-nghia-vu/", "/so-nghia-vu/mien-hoan/"):
        asked = []
        for client in (office, analyst):
            client.get(path)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(path)
            asked.append(len(queries))
        assert asked[0] == asked[1], path
