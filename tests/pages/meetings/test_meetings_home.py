"""*Sinh hoạt* as each role opens it: what to do first, and nobody else's months."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast
from tests.pages.meetings.conftest import CELL, NEXT, THIRD, address, words
from tests.pages.meetings.test_meeting_page import HELD, act, write
from vungmanh.meetings.actions.excuses import excuse_months
from vungmanh.strengthening.actions.assess import assess_months

pytestmark = pytest.mark.django_db

OCTOBER = HELD | {"held_on": "2019-10-05"}


@pytest.fixture(autouse=True)
def reported(cast: Cast) -> None:
    """Every cell reported January to September by file; the rest is to be done here."""
    for cell in cast.cells:
        cast.hold(cell, 2019, held=9, not_held=0)
    assess_months(months=[dt.date(2019, 11, 1)], by=None, at=AT)


def test_a_secretary_sees_the_one_thing_to_do_now(
    cast: Cast, secretary: Client, office: Client
) -> None:
    page = words(secretary.get("/sinh-hoat/"))
    assert "Chi bộ thôn Nà Mẫu: ghi và nộp kỳ tháng 10/2019" in page
    assert "đã qua" in page
    write(secretary, address(cast, month="2019-10"), OCTOBER, "file")
    write(
        secretary, address(cast, month="2019-11"),
        {"outcome": "not_held", "not_held_reason": "ngập"}, "file",
    )  # fmt: skip
    page = words(secretary.get("/sinh-hoat/"))
    assert "chuẩn bị và báo họp kỳ tháng 12/2019" in page
    act(office, address(cast, month="2019-10"), "return", reason="thiếu giờ")
    assert "sửa bản ghi kỳ tháng 10/2019 đã bị trả lại" in words(secretary.get("/sinh-hoat/"))


def test_the_year_of_a_cell_leads_to_each_month(cast: Cast, secretary: Client) -> None:
    body = secretary.get("/sinh-hoat/").content.decode()
    for month in ("01", "10", "12"):
        assert f'href="{address(cast, month=f"2019-{month}")}"' in body
    assert "Đã có trong sổ, nhập từ tệp" in body
    assert "Năm này chi bộ không có kỳ nào phải họp." in words(
        secretary.get("/sinh-hoat/?nam=2017")
    )
    assert secretary.get("/sinh-hoat/?nam=abc").status_code == 200


def test_an_excused_month_is_nothing_to_do(cast: Cast, secretary: Client) -> None:
    excuse_months(
        excuses={
            "unit": [cast[CELL]], "month": [dt.date(2019, 10, 1)], "reason": ["lũ"],
            "document": ["CV 1"], "granted_on": [dt.date(2019, 10, 1)],
        },
        by=None, at=AT,
    )  # fmt: skip
    page = words(secretary.get("/sinh-hoat/"))
    assert "ghi và nộp kỳ tháng 11/2019" in page
    assert "Được miễn" in page


def test_an_office_meets_what_waits_first_and_finds_a_cell_without_diacritics(
    cast: Cast, secretary: Client, office: Client
) -> None:
    page = words(office.get("/sinh-hoat/"))
    assert "0 bản ghi chờ xác nhận; 6 kỳ quá hạn chưa nộp" in page
    write(secretary, address(cast, month="2019-10"), OCTOBER, "file")
    page = words(office.get("/sinh-hoat/"))
    assert "1 bản ghi chờ xác nhận; 5 kỳ quá hạn chưa nộp" in page
    assert "Chờ xác nhận 1 Chưa nộp 5 Trả lại, chờ sửa 0" in page
    assert CELL in page
    assert NEXT not in page
    missing = words(office.get("/sinh-hoat/?xem=missing&q=doi mau"))
    assert NEXT in missing
    assert THIRD not in missing
    assert "Không chi bộ nào có tên như vậy" in words(office.get("/sinh-hoat/?q=khong dau"))
    for name in CELLS[LANG_THU]:
        assert name not in words(office.get("/sinh-hoat/?xem=missing"))


def test_an_overseer_meets_the_cells_in_charge_and_what_is_to_score(
    cast: Cast, secretary: Client, office: Client, overseer: Client
) -> None:
    page = words(overseer.get("/sinh-hoat/"))
    assert "Phụ trách 1 chi bộ; không còn buổi nào phải chấm điểm." in page
    write(secretary, address(cast, month="2019-10"), OCTOBER | {"superior_present": "true"}, "file")
    answer = overseer.get("/sinh-hoat/")
    assert "1 buổi đã dự còn phải chấm điểm" in words(answer)
    assert "cham-diem" in answer.content.decode()


def test_an_analyst_counts_by_unit_below(cast: Cast, secretary: Client, analyst: Client) -> None:
    write(secretary, address(cast, month="2019-11"), HELD | {"held_on": "2019-11-05"}, "file")
    page = words(analyst.get("/sinh-hoat/?ky=2019-11"))
    assert "1 trong 6 kỳ phải họp của tháng 11/2019 đã có báo cáo; 1 kỳ chờ" in page
    rows = re.findall(r"(Đảng bộ xã \S+ \S+|Chi bộ Trường Thử) (\d+) (\d+) (\d+) (\d+)", page)
    assert rows == [
        ("Đảng bộ xã Láng Thử", "2", "0", "2", "0"),
        (QUAN_MAU, "3", "1", "2", "1"),
        ("Chi bộ Trường Thử", "1", "0", "1", "0"),
    ]


@pytest.mark.parametrize("who", ["secretary", "office", "overseer", "analyst"])
def test_the_page_costs_the_same_whatever_there_is_to_list(
    cast: Cast, who: str, request: pytest.FixtureRequest, secretary: Client
) -> None:
    client = request.getfixturevalue(who)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/sinh-hoat/")
        return len(queries)

    write(secretary, address(cast, month="2019-10"), OCTOBER, "file")
    cost()
    few = cost()
    for month in ("2019-11", "2019-12"):
        write(secretary, address(cast, month=month), HELD | {"held_on": f"{month}-05"}, "file")
    assert cost() == few


def test_the_grid_of_a_unit_leads_to_its_meetings(cast: Cast, office: Client) -> None:
    body = office.get(f"/to-chuc/{cast[CELL]}/").content.decode()
    assert f'href="{address(cast, month="2019-03")}"' in body
    assert "Buổi họp tháng\u00a011/2019" in body
    committee = office.get(f"/to-chuc/{cast[QUAN_MAU]}/").content.decode()
    assert "Buổi họp tháng" not in committee
