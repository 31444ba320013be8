"""Tổng quan: the finding, what is new, what is silent, what is missing; each role its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast
from tests.pages.strengthening.story import AN_MAU, BAN_THU, DOI_MAU, NA_MAU, main_of, words
from vungmanh.access.actions.grants import grant_role
from vungmanh.core.vocabulary import Reach, Role

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def section(page: str, title: str) -> str:
    """The section under one heading, in words."""
    (found,) = (
        part for part in re.findall(r"<section.*?</section>", page, re.DOTALL) if title in part
    )
    return words(found)


def test_the_finding_counts_organisations_and_cells(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get("/tong-quan/?ky=2017-12"))
    assert (
        "1 trong 3 tổ chức cơ sở đảng cần củng cố, 1 nơi mới so với 12 tháng trước; "
        "ở cấp chi bộ là 2 trong 6."
    ) in page


def test_missing_reports_are_counted_and_are_not_missed_meetings(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get("/tong-quan/?ky=2017-12"))
    assert "Tháng cuối còn 2 trong 5 kỳ bắt buộc chưa có báo cáo" in page
    assert "các kỳ ấy không tính là không họp" in page
    figures = words(page.split('<dl class="stats">')[1].split("</dl>")[0])
    assert figures.startswith("Đã họp, tháng cuối 1 / 3 kỳ có báo cáo 33,3 %")
    assert "3 / 5 kỳ bắt buộc 60 %; 1 kỳ được miễn có lý do" in figures
    missing = section(page, "Báo cáo tháng cuối còn thiếu ở đâu")
    assert missing.endswith("Mẫu Thượng 3/5 thiếu 2")


def test_who_is_new_who_is_silent_and_who_stepped_down(sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = main_of(client.get("/tong-quan/?ky=2017-12"))
    new = section(page, "Mới xuất hiện")
    assert "Mới xuất hiện: 1 Đảng bộ xã Quan Mẫu Mẫu Thượng. 23/36 kỳ của 3 chi bộ" in new
    silent = section(page, "Phải xác minh trước")
    assert "Phải xác minh trước: 1 Đảng bộ xã Láng Thử" in silent
    assert "Chỉ báo cáo 16/24 kỳ" in silent
    later = section(main_of(client.get("/tong-quan/?ky=2018-12")), "Đã lùi khỏi mức cần củng cố")
    assert "Đã lùi khỏi mức cần củng cố: 1 Chưa đánh giá tác dụng của biện pháp nào." in later
    assert QUAN_MAU in later


def test_the_heat_grid_divides_by_what_was_reported(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get("/tong-quan/?ky=2017-12"))
    titles = re.findall(r'<td class="([^"]*)" title="([^"]*)">', page)
    assert titles[0] == ("h0", "họp 6/6 kỳ có báo cáo, 6 kỳ bắt buộc")
    # December: Nà Mẫu held, Đồi Mẫu and Ăn Mẫu did not, two said nothing, the school is excused.
    assert titles[11][1] == "họp 1/3 kỳ có báo cáo, 5 kỳ bắt buộc"
    assert "thin" in titles[11][0]


@pytest.mark.parametrize(
    ("role", "unit", "seen", "unseen"),
    [
        (Role.PROVINCIAL_ANALYST, PROVINCE, {QUAN_MAU, LANG_THU}, set()),
        (Role.COMMITTEE_OFFICE, QUAN_MAU, {QUAN_MAU}, {LANG_THU, BAN_THU, SCHOOL}),
        (Role.COMMITTEE_OFFICE, LANG_THU, {LANG_THU}, {QUAN_MAU, AN_MAU, SCHOOL}),
        (Role.OVERSEER, AN_MAU, {AN_MAU}, {LANG_THU, DOI_MAU, SCHOOL}),
    ],
)
def test_each_role_finds_its_own_units_and_no_other_name(
    sign_in: SignIn, role: Role, unit: str, seen: set[str], unseen: set[str]
) -> None:
    html = sign_in(role, unit).get("/tong-quan/?ky=2017-12").content.decode()
    assert {name for name in seen | unseen if name in html} == seen


def test_somebody_in_charge_of_single_cells_reads_of_cells(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.OVERSEER, AN_MAU)
    user = client.get("/tong-quan/").wsgi_request.user
    grant_role(
        user=user, role=Role.OVERSEER, unit_id=cast[BAN_THU], reach=Reach.UNIT,
        valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    page = main_of(client.get("/tong-quan/?ky=2017-12"))
    assert "1 trong 2 chi bộ được phân công cần củng cố." in page
    assert "tổ chức cơ sở đảng" not in page.split("<h1")[1].split("</h1>")[0]
    assert AN_MAU in section(page, "Mới xuất hiện")
    assert BAN_THU in section(page, "Phải xác minh trước")


@pytest.mark.parametrize("role", [Role.CELL_SECRETARY, Role.ADMINISTRATOR])
def test_the_overview_is_not_for_secretary_or_administrator(sign_in: SignIn, role: Role) -> None:
    assert sign_in(role, NA_MAU).get("/tong-quan/").status_code == 403


def test_each_role_starts_its_day_where_it_works(client: Client, cast: Cast) -> None:
    starts = {}
    for role in Role:
        client.force_login(cast.user(role.value, role, NA_MAU))
        starts[role] = client.get("/")["Location"]
    assert starts == {
        Role.PROVINCIAL_ANALYST: "/tong-quan/",
        Role.COMMITTEE_OFFICE: "/tong-quan/",
        Role.STANDING_COMMITTEE: "/tong-quan/",
        Role.OVERSEER: "/tong-quan/",
        Role.CELL_SECRETARY: f"/to-chuc/{cast[NA_MAU]}/",
        Role.ADMINISTRATOR: "/tai-khoan/",
    }


def test_without_a_role_one_is_told_whom_to_ask(sign_in: SignIn) -> None:
    client = sign_in(None)
    assert "Hỏi người quản trị của đơn vị" in client.get("/").content.decode()
    assert client.get("/tong-quan/").status_code == 403


def test_the_overview_costs_the_same_for_one_organisation_and_for_three(
    client: Client, cast: Cast
) -> None:
    costs = {}
    for role, unit in ((Role.PROVINCIAL_ANALYST, PROVINCE), (Role.COMMITTEE_OFFICE, QUAN_MAU)):
        client.force_login(cast.user(unit, role, unit))
        for month in ("2017-12", "2018-12"):
            client.get(f"/tong-quan/?ky={month}")
            with CaptureQueriesContext(connection) as asked:
                client.get(f"/tong-quan/?ky={month}")
            costs[unit, month] = len(asked)
    assert len(set(costs.values())) == 1, costs
    assert max(costs.values()) <= 20
