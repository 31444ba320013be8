"""Nhận diện: who is there, why, in which order; filters, tabs, the opened row."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast
from tests.pages.strengthening.story import (
    AN_MAU,
    BAN_THU,
    DOI_MAU,
    KHUOI_THU,
    NA_MAU,
    add_cells,
    assess_years,
    first_column,
    main_of,
    row_of,
    words,
)
from tests.wall import WALL
from vungmanh.core.vocabulary import Role

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]


def address(**asked: str) -> str:
    return f"/nhan-dien/?{urlencode({'ky': '2017-12', **asked})}"


def tabs(page: str) -> list[str]:
    """The tabs of single statuses, as they read."""
    nav = page.split('<nav class="tabs"')[1].split("</nav>", maxsplit=1)[0]
    words = re.findall(r"<a [^>]*>([^<]+)</a>", nav)
    return [one for one in words if not one.startswith("Tất cả")]


# --- what the list says --------------------------------------------------------------------------


def test_the_weak_commune_stands_first_with_its_counts(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address()))
    assert (
        "1 trong 3 tổ chức cơ sở đảng cần củng cố; 1 nơi báo cáo quá thiếu, phải xác minh trước."
    ) in page
    assert first_column(page) == [QUAN_MAU]
    row = row_of(page, QUAN_MAU)
    assert row.startswith("1 Đảng bộ xã Quan Mẫu 3 chi bộ, ")
    assert "Mẫu Thượng 23/36 kỳ của 3 chi bộ" in row
    assert "họp 23/36" in row
    assert "có báo cáo 36/36" in row
    assert "trong 1 " in row  # the only commune that is not silent
    assert row.endswith("Nặng hơn kỳ trước: Bình thường")


def test_the_tabs_count_every_status_once(sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    assert tabs(main_of(client.get(address()))) == [
        "Cần củng cố (1)", "Phải xác minh (1)", "Bình thường (1)",
    ]  # fmt: skip
    assert tabs(main_of(client.get(address(cap="chi-bo")))) == [
        "Cần củng cố (2)", "Phải xác minh (1)", "Cần xác minh (1)", "Bình thường (2)",
    ]  # fmt: skip


def test_cells_come_in_the_order_of_working(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(cap="chi-bo")))
    assert first_column(page) == [AN_MAU, DOI_MAU]
    assert row_of(page, AN_MAU).startswith(
        "1 Chi bộ thôn Ăn Mẫu Đảng bộ xã Quan Mẫu, Mẫu Thượng 5/12 kỳ bắt buộc"
    )
    assert row_of(page, DOI_MAU).startswith("2 ")


def test_the_silent_are_listed_and_not_ranked(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(cap="chi-bo", tt="must_verify")))
    assert first_column(page) == [BAN_THU]
    row = row_of(page, BAN_THU)
    assert row.startswith("– Chi bộ thôn Bản Thử")
    assert "chỉ báo cáo 6/12 kỳ" in row
    assert "Im lặng không làm một nơi tốt lên hay xấu đi." in page


def test_an_undecided_count_is_to_be_verified_and_is_no_reason(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(cap="chi-bo", tt="to_verify")))
    assert "Cần xác minh (1)" in page
    assert first_column(page) == [KHUOI_THU]
    assert re.search(r'<span class="reason verify"><b>7/12</b> kỳ, 2 kỳ chưa báo cáo</span>', page)
    assert 'aria-label="Họp 7, không họp 3, chưa báo cáo 2 / 12 kỳ; ngưỡng 8"' in page


def test_excused_months_are_not_due(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(cap="chi-bo", tt="normal")))
    assert first_column(page) == [NA_MAU, SCHOOL] or first_column(page) == [SCHOOL, NA_MAU]
    assert "họp 10/10" in row_of(page, SCHOOL)


def test_a_weak_place_restored_is_watched_and_said_to_be_lighter(sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    page = main_of(client.get("/nhan-dien/?ky=2018-12&tt=watch"))
    assert set(first_column(page)) == {QUAN_MAU, LANG_THU}  # who was silent starts from there too
    assert row_of(page, QUAN_MAU).endswith("Nhẹ hơn kỳ trước: Cần củng cố")
    assert row_of(page, LANG_THU).endswith("kỳ trước: Phải xác minh")
    assert "Chưa có nơi nào trong 3 tổ chức cơ sở đảng cần củng cố." in page


# --- filters -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"dia-ban": "Không Có"},
        {"loai": "không-có"},
        {"ly-do": "'; DROP TABLE org_unit"},
        {"tt": "không-có"},
        {"cap": "tỉnh"},
        {"trang": "x"},
        {"trang": "99"},
        {"mo": "không phải mã"},
        {"mo": "01a20565-ec45-7235-9491-6b909744a5b4"},
        {"la-gi": "1"},
    ],
)
def test_what_is_unknown_in_the_address_counts_as_not_asked(
    sign_in: SignIn, asked: dict[str, str]
) -> None:
    response = sign_in(Role.PROVINCIAL_ANALYST).get(address(**asked))
    assert response.status_code == 200
    assert first_column(main_of(response)) == [QUAN_MAU]


def test_a_letter_no_database_can_hold_is_no_fault_of_the_server(sign_in: SignIn) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    for name in ("dia-ban", "tt", "ly-do", "mo", "cap"):
        response = client.get(address(**{name: "Mẫu\0Thượng"}))
        assert response.status_code in {200, 400}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"loai": "commune", "tt": ""}, {QUAN_MAU, LANG_THU}),
        ({"loai": "school", "tt": "normal"}, {SCHOOL}),
        ({"ly-do": "failing_cells"}, {QUAN_MAU}),
        ({"dia-ban": "Mẫu Thượng", "tt": ""}, {QUAN_MAU, LANG_THU, SCHOOL}),
        ({"cap": "chi-bo", "ly-do": "meetings_held"}, {AN_MAU, DOI_MAU}),
    ],
)
def test_filters_narrow_the_list_and_stay_in_its_links(
    sign_in: SignIn, asked: dict[str, str], expected: set[str]
) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(**asked)))
    assert set(first_column(page)) == expected
    kept = {name: value for name, value in asked.items() if name != "tt"}
    for link in re.findall(r'href="([^"]*(?:tt=|xuat|mo=)[^"]*)"', page):
        assert all(urlencode({name: value}) in link for name, value in kept.items()), link


def test_a_filter_that_nothing_meets_says_so(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(loai="health")))
    assert "Không có tổ chức cơ sở đảng nào khớp với bộ lọc này." in page
    assert "Bỏ bớt một điều kiện rồi xem lại." in page
    assert "<table" not in page


def test_a_tab_without_anybody_says_so(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(tt="too_few")))
    assert "Không có nơi nào ở trạng thái này." in page
    assert "Chưa đủ kỳ (0)" in tabs(page)


# --- pages ---------------------------------------------------------------------------------------


def test_a_long_list_goes_on_pages_and_the_order_goes_on(sign_in: SignIn, cast: Cast) -> None:
    names = [f"Chi bộ thôn Mẫu {number:02d}" for number in range(30)]
    add_cells(cast, LANG_THU, names, since=dt.date(2017, 1, 1))
    for name in names:
        cast.hold(name, 2017, held=4)
    assess_years(2017)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    first = main_of(client.get(address(cap="chi-bo")))
    second = main_of(client.get(address(cap="chi-bo", trang="2")))
    assert (len(first_column(first)), len(first_column(second))) == (25, 7)
    assert "1–25 trong 32 chi bộ" in first
    assert "26–32 trong 32 chi bộ" in second
    assert {*first_column(first), *first_column(second)} == {*names, AN_MAU, DOI_MAU}
    orders = [int(row_of(page, name).split()[0])
              for page in (first, second) for name in first_column(page)]  # fmt: skip
    assert orders == list(range(1, 33))
    tab = first.split('<nav class="tabs"')[1].split("</nav>")[0]
    assert "trang=" not in tab


def test_the_list_costs_the_same_for_one_row_and_for_three(sign_in: SignIn, cast: Cast) -> None:
    """2016: nobody weak but one; 2017: three."""
    cast.hold(NA_MAU, 2016, held=3)
    cast.hold(NA_MAU, 2017, held=3)
    assess_years(2016, 2017)
    client = sign_in(Role.PROVINCIAL_ANALYST)
    shown, costs = [], []
    for month in ("2016-12", "2017-12"):
        client.get(address(ky=month, cap="chi-bo"))
        with CaptureQueriesContext(connection) as asked:
            page = main_of(client.get(address(ky=month, cap="chi-bo")))
        shown.append(len(first_column(page)))
        costs.append(len(asked))
    assert shown == [1, 3]
    assert costs[0] == costs[1] <= 15 + WALL


# --- the opened row ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grain", "name"), [("to-chuc", QUAN_MAU), ("chi-bo", AN_MAU), ("chi-bo", DOI_MAU)]
)
def test_opening_a_row_in_place_equals_the_page_loaded_with_it_open(
    sign_in: SignIn, cast: Cast, grain: str, name: str
) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    opened = address(cap=grain, mo=str(cast[name]))
    closed_page = main_of(client.get(address(cap=grain)))
    (toggle,) = re.findall(rf'<a class="open"[^>]*aria-label="Lý do của {name}"[^>]*>', closed_page)
    assert f'hx-get="{opened.split("/")[-1]}"' in toggle
    part = client.get(opened, headers={"hx-request": "true"})
    fresh = main_of(client.get(opened))
    # What the script does: the answer goes behind the row, the row is marked open.
    row = re.search(
        rf'<tr>\s*<td class="n rank"(?:(?!</tr>).)*>{name}</a>.*?</tr>', closed_page, re.DOTALL
    )
    assert row is not None
    marked = row[0].replace("<tr>", "<tr data-open>", 1)
    marked = marked.replace('aria-expanded="false"', 'aria-expanded="true"')
    closing = address(cap=grain).split("/")[-1]
    inserted = closed_page.replace(row[0], marked + part_of(part))
    assert squash(rows_in(inserted)) == squash(rows_in(fresh))
    assert f'href="{closing}"' in part_of(part)
    assert "HX-Request" in part["Vary"]


def part_of(response: object) -> str:
    return html.unescape(response.content.decode())  # type: ignore[attr-defined]


def rows_in(page: str) -> str:
    """The rows of the ranked list."""
    body = page.split('<table class="stack ranked"')[1].split("<tbody>", 1)[1]
    return body.split("</tbody></table>\n")[0]


def squash(markup: str) -> str:
    """Markup without the space between its tags, which nobody sees."""
    return re.sub(r">\s+<", "><", " ".join(markup.split()))


def test_the_opened_organisation_shows_its_cells_month_by_month(
    sign_in: SignIn, cast: Cast
) -> None:
    page = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(mo=str(cast[QUAN_MAU]))))
    detail = page.split('<tr class="detail"')[1]
    assert "Vì sao Đảng bộ xã Quan Mẫu ở đây (tháng 1/2017 đến tháng 12/2017)" in words(detail)
    names = re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', detail)
    assert names == [AN_MAU, DOI_MAU, NA_MAU]
    assert "họp 5, không họp 7, chưa báo cáo 0 / 12 kỳ" in detail
    assert "Họp 23, không họp 13, chưa có báo cáo 0. Mức tối thiểu là 8/12." in detail


def test_the_opened_cell_shows_each_of_its_months(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.PROVINCIAL_ANALYST)
    months = {}
    for name, tab in ((AN_MAU, "weak"), (KHUOI_THU, "to_verify"), (SCHOOL, "normal")):
        page = main_of(client.get(address(cap="chi-bo", tt=tab, mo=str(cast[name]))))
        table = page.split('<table class="months lab">')[1].split("</table>")[0]
        row = table.split("Kỳ thường kỳ</th>")[1].split("</tr>")[0]
        months[name] = re.findall(r'<span class="vh">([^<]+)</span></td>', row)
    assert months[AN_MAU] == ["đã họp"] * 5 + ["không họp"] * 7
    assert months[KHUOI_THU] == ["đã họp"] * 7 + ["không họp"] * 3 + ["chưa có báo cáo"] * 2
    assert months[SCHOOL] == ["đã họp"] * 10 + ["được miễn, có lý do"] * 2


def test_a_row_out_of_sight_is_not_opened(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    hidden = client.get(address(mo=str(cast[QUAN_MAU])), headers={"hx-request": "true"})
    assert (hidden.status_code, hidden.content) == (404, b"")
    whole = client.get(address(mo=str(cast[QUAN_MAU])))
    assert whole.status_code == 200
    assert QUAN_MAU not in whole.content.decode()


# --- roles ---------------------------------------------------------------------------------------


def test_an_office_sees_its_own_units_and_no_other_name(sign_in: SignIn) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, LANG_THU)
    for grain, expected in (("to-chuc", {LANG_THU}), ("chi-bo", set(CELLS[LANG_THU]))):
        response = client.get(address(cap=grain, tt=""))
        assert set(first_column(main_of(response))) == expected
        everybody = {QUAN_MAU, SCHOOL, *CELLS[QUAN_MAU]}
        assert {name for name in everybody if name in response.content.decode()} == set()
        assert "trong phạm vi đang xem, đã có 0/2 báo cáo" in main_of(response)


def test_the_order_counts_only_what_one_sees(sign_in: SignIn) -> None:
    """Third in the province, first of its own commune: how many others are worse is not told."""
    whole = main_of(sign_in(Role.PROVINCIAL_ANALYST).get(address(cap="chi-bo", tt="to_verify")))
    assert row_of(whole, KHUOI_THU).startswith("3 ")
    own = main_of(
        sign_in(Role.COMMITTEE_OFFICE, LANG_THU).get(address(cap="chi-bo", tt="to_verify"))
    )
    assert row_of(own, KHUOI_THU).startswith("1 ")


def test_an_overseer_of_cells_opens_on_cells(sign_in: SignIn) -> None:
    page = main_of(sign_in(Role.OVERSEER, AN_MAU).get(address()))
    assert first_column(page) == [AN_MAU]
    assert "1 trong 1 chi bộ cần củng cố." in page
    assert '<option value="chi-bo" selected>' in page


@pytest.mark.parametrize("role", [Role.CELL_SECRETARY, Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", ["/nhan-dien/", "/nhan-dien/xuat.xlsx"])
def test_the_list_is_not_for_secretary_or_administrator(
    sign_in: SignIn, role: Role, path: str
) -> None:
    assert sign_in(role, AN_MAU).get(path).status_code == 403


def test_signed_out_one_is_led_to_the_door(client: Client) -> None:
    assert "/tai-khoan-cua-toi/login/" in client.get("/nhan-dien/")["Location"]


def test_a_month_with_nobody_in_sight_is_empty_and_not_an_error(client: Client, cast: Cast) -> None:
    """Somebody whose role is held in a unit that did not exist in the month looked at."""
    add_cells(cast, LANG_THU, ["Chi bộ thôn Sau Này"], since=dt.date(2019, 1, 1))
    client.force_login(cast.user("sau-nay", Role.OVERSEER, "Chi bộ thôn Sau Này"))
    response = client.get(address())
    assert response.status_code == 200
    assert "Không có chi bộ nào khớp với bộ lọc này." in main_of(response)
    assert PROVINCE not in main_of(response)
