"""The frame as each role meets it, sign-in, and the pages for what went wrong."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import unquote

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import AT, CELLS, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.wall import WALL
from vungmanh.access.actions.grants import grant_role
from vungmanh.core.vocabulary import Reach, Role
from vungmanh.strengthening.models import AssessmentRun

CELL = CELLS[QUAN_MAU][0]
HOLDS = {
    Role.PROVINCIAL_ANALYST: PROVINCE,
    Role.COMMITTEE_OFFICE: QUAN_MAU,
    Role.STANDING_COMMITTEE: QUAN_MAU,
    Role.OVERSEER: CELL,
    Role.CELL_SECRETARY: CELL,
    Role.ADMINISTRATOR: PROVINCE,
}

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.pages.web.frame_urls")]


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def assessed(cast: Cast) -> None:
    for month in (dt.date(2018, 12, 1), dt.date(2019, 11, 1), dt.date(2019, 12, 1)):
        AssessmentRun.objects.create(month=month, at=AT, reported=0, due=6)


def sign_in(client: Client, cast: Cast, role: Role | None, unit: str | None = None) -> Client:
    client.force_login(cast.user("thu", role, unit or HOLDS.get(role, PROVINCE)))  # type: ignore[arg-type]
    return client


def places(html: str) -> dict[str, str]:
    """Words of the navigation and where they lead; "" for what is still to come."""
    nav = html.split('<nav class="nav"')[1].split("</nav>", maxsplit=1)[0]
    nav = re.sub(r'<span class="(step|vh)">[^<]*</span>', "", nav)
    links = re.findall(r'<a class="place" href="([^"]*)"[^>]*>([^<]*)</a>', nav)
    later = re.findall(r'<span class="place later"[^>]*>([^<]*)</span>', nav)
    return {words: href for href, words in links} | dict.fromkeys(later, "")


# --- who sees which places -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.PROVINCIAL_ANALYST, {"Tổng quan", "Tổ chức", "Nhận diện", "Căn cứ"}),
        (Role.COMMITTEE_OFFICE, {"Tổng quan", "Tổ chức", "Nhận diện", "Căn cứ"}),
        (Role.STANDING_COMMITTEE, {"Tổng quan", "Tổ chức", "Nhận diện", "Căn cứ"}),
        (Role.OVERSEER, {"Tổng quan", "Tổ chức", "Nhận diện", "Căn cứ"}),
        (Role.CELL_SECRETARY, {"Chi bộ của tôi", "Căn cứ"}),
        (Role.ADMINISTRATOR, {"Tài khoản và quyền", "Căn cứ"}),
    ],
)
def test_each_role_is_led_where_it_works(
    client: Client, cast: Cast, role: Role, expected: set[str]
) -> None:
    html = sign_in(client, cast, role).get("/").content.decode()
    assert {words for words, href in places(html).items() if href} == expected
    for href in filter(None, places(html).values()):
        assert client.get(href).status_code == 200


def test_places_still_to_come_are_named_but_lead_nowhere(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.PROVINCIAL_ANALYST).get("/").content.decode()
    found = places(html)
    assert {"Củng cố", "Xếp loại năm"} <= {one for one, href in found.items() if not href}
    assert 'href="#"' not in html
    assert 'Sinh hoạt<span class="vh"> (sắp có)</span>' in html


def test_a_secretary_goes_to_her_own_cell_and_has_no_search(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.CELL_SECRETARY).get("/").content.decode()
    assert places(html)["Chi bộ của tôi"] == f"/to-chuc/{cast[CELL]}/"
    assert 'role="search"' not in html


def test_the_page_one_is_on_is_marked(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.PROVINCIAL_ANALYST).get(f"/to-chuc/{cast[CELL]}/").content
    marked = re.findall(r'href="([^"]*)" aria-current="page"', html.decode())
    assert marked == ["/to-chuc/", "/to-chuc/"]  # in the navigation and in the bar


def test_somebody_without_a_role_is_led_nowhere(client: Client, cast: Cast) -> None:
    response = sign_in(client, cast, None).get("/")
    assert response.status_code == 403
    assert places(response.content.decode()) == {}


# --- whose eyes ----------------------------------------------------------------------------------


def test_role_and_unit_are_always_in_sight(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.COMMITTEE_OFFICE).get("/").content.decode()
    assert "<small>Văn phòng đảng ủy</small><b>Đảng bộ xã Quan Mẫu</b>" in html


def test_one_who_holds_two_roles_changes_between_them(client: Client, cast: Cast) -> None:
    user = cast.user("thu", Role.PROVINCIAL_ANALYST)
    grant_role(
        user=user, role=Role.CELL_SECRETARY, unit_id=cast[CELL], reach=Reach.UNIT,
        valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    client.force_login(user)
    assert '<button name="role" value="cell_secretary"' in client.get("/").content.decode()
    client.post("/vai-tro/", {"role": "cell_secretary"})
    assert "Chi bộ của tôi" in places(client.get("/").content.decode())
    client.post("/vai-tro/", {"role": "administrator"})  # not held
    assert "Chi bộ của tôi" in places(client.get("/").content.decode())


def test_simulated_data_is_said_on_every_page(client: Client, cast: Cast) -> None:
    assert "Dữ liệu mô phỏng." in client.get("/tai-khoan-cua-toi/login/").content.decode()
    for role in Role:
        one = Client()
        one.force_login(cast.user(role.value, role, HOLDS[role]))
        assert "Dữ liệu mô phỏng." in one.get("/").content.decode()


# --- which month ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("assessed")
def test_the_latest_assessed_month_is_shown_first(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.PROVINCIAL_ANALYST).get("/").content.decode()
    assert re.findall(r'<optgroup label="(\d+)">', html) == ["2019", "2018"]
    assert re.findall(r'<option value="([^"]+)" selected>', html) == ["2019-12"]


@pytest.mark.usefixtures("assessed")
def test_a_chosen_month_stays_while_one_walks_on(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST).get("/?ky=2018-12&dia-ban=lam&trang=3")
    response = client.get("/nhan-dien/?dia-ban=lam&trang=3")
    assert response.wsgi_request.period == dt.date(2018, 12, 1)
    assert response.wsgi_request.as_of == dt.date(2018, 12, 31)
    html = response.content.decode()
    assert '<input type="hidden" name="dia-ban" value="lam">' in html
    assert 'name="trang"' not in html  # another month, the first page of it


@pytest.mark.usefixtures("assessed")
@pytest.mark.parametrize("asked", ["2030-01", "x", "2018-13"])
def test_a_month_nobody_assessed_is_said_and_not_kept(
    client: Client, cast: Cast, asked: str
) -> None:
    html = sign_in(client, cast, Role.PROVINCIAL_ANALYST).get(f"/?ky={asked}").content.decode()
    assert f"Chưa có số liệu của kỳ “{asked}”" in html
    assert client.get("/").wsgi_request.period == dt.date(2019, 12, 1)


# --- language ------------------------------------------------------------------------------------


def test_an_english_browser_still_gets_vietnamese_until_somebody_chooses(client: Client) -> None:
    english = {"accept-language": "en-US,en;q=0.9"}
    assert "Đăng nhập" in client.get("/tai-khoan-cua-toi/login/", headers=english).content.decode()
    client.post("/ngon-ngu/", {"language": "en", "next": "/tai-khoan-cua-toi/login/"})
    html = client.get("/tai-khoan-cua-toi/login/").content.decode()
    assert '<html lang="en">' in html
    assert "Sign in" in html
    assert "Đăng nhập" not in html


def test_the_frame_speaks_english_when_asked(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST).post("/ngon-ngu/", {"language": "en"})
    html = client.get("/").content.decode()
    assert {"Overview", "Organisations", "Spotting", "Rules"} <= set(places(html))
    assert "Simulated data." in html


# --- sign-in -------------------------------------------------------------------------------------


def test_signing_in_leads_to_the_page_that_was_wanted(client: Client, cast: Cast) -> None:
    cast.user("thu", Role.PROVINCIAL_ANALYST)
    asked = client.get("/nhan-dien/")
    assert asked.status_code == 302
    done = client.post(asked["Location"], {"login": "thu", "password": "mat-khau-thu"})
    assert (done.status_code, done["Location"]) == (302, "/nhan-dien/")


def test_a_wrong_password_says_what_to_do(client: Client, cast: Cast) -> None:
    cast.user("thu", Role.PROVINCIAL_ANALYST)
    response = client.post("/tai-khoan-cua-toi/login/", {"login": "thu", "password": "sai"})
    assert "Kiểm tra phím Caps Lock và bộ gõ tiếng Việt" in response.content.decode()


def test_nobody_registers_himself(client: Client) -> None:
    html = client.get("/tai-khoan-cua-toi/signup/").content.decode()
    assert "không tự đăng ký được" in html
    assert "<form" not in html.split("<main", maxsplit=1)[1]


def test_a_forgotten_password_is_asked_of_the_administrator(client: Client) -> None:
    html = client.get("/tai-khoan-cua-toi/password/reset/").content.decode()
    assert "hỏi người quản trị của đơn vị" in html
    assert "<form" not in html.split("<main")[1]


def test_changing_the_password_and_signing_out(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST)
    page = client.get("/tai-khoan-cua-toi/password/change/").content.decode()
    for words in ("Mật khẩu đang dùng", "Mật khẩu mới", "Gõ lại mật khẩu mới"):
        assert words in page
    new = "nương ngô trên đồi"
    done = client.post(
        "/tai-khoan-cua-toi/password/change/",
        {"oldpassword": "mat-khau-thu", "password1": new, "password2": new},
    )
    assert done.status_code == 302
    client.post("/tai-khoan-cua-toi/logout/")
    assert client.login(username="thu", password=new)


def test_signing_out_needs_a_deed_not_a_look(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST)
    assert "Đăng xuất khỏi máy này?" in client.get("/tai-khoan-cua-toi/logout/").content.decode()
    assert client.get("/").status_code == 200


# --- what went wrong -----------------------------------------------------------------------------


def test_hidden_and_absent_are_the_same_page_to_the_letter(client: Client, cast: Cast) -> None:
    sign_in(client, cast, Role.COMMITTEE_OFFICE)
    hidden, absent = client.get("/khong-thay/"), client.get("/khong-co-dia-chi-nay/")
    assert hidden.status_code == absent.status_code == 404

    def without_address(html: str) -> str:
        html = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)
        return re.sub(r'name="next" value="[^"]*"', "", html)

    texts = {without_address(one.content.decode()) for one in (hidden, absent)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/khong-duoc/", 403, "Vai trò của đồng chí không làm được việc này."),
        ("/trai-quy-dinh/", 409, "Điều 20, Q294"),
        ("/cham-hon/", 409, "Người khác vừa sửa. Tải lại trang."),
        ("/khong-doc-duoc/", 400, "Không đọc được tháng."),
    ],
)
def test_an_error_of_the_house_shows_its_own_sentence(
    client: Client, cast: Cast, address: str, status: int, words: str
) -> None:
    response = sign_in(client, cast, Role.COMMITTEE_OFFICE).get(address)
    assert response.status_code == status
    assert words in response.content.decode()


def test_an_error_in_a_part_of_a_page_comes_as_a_sentence_beside_it(
    client: Client, cast: Cast
) -> None:
    response = sign_in(client, cast, Role.COMMITTEE_OFFICE).get(
        "/cham-hon/", headers={"hx-request": "true"}
    )
    assert (response.status_code, response.content) == (409, b"")
    assert unquote(response["X-Vungmanh-Message"]) == "Người khác vừa sửa. Tải lại trang."


def test_a_part_asked_for_after_signing_out_reloads_the_whole_page(client: Client) -> None:
    response = client.get("/nhan-dien/", headers={"hx-request": "true"})
    assert response["HX-Refresh"] == "true"
    assert response.content == b""


def test_our_fault_is_said_without_touching_the_database(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from vungmanh.web.frame.views import server_error

    client.raise_request_exception = False
    response = sign_in(client, cast, Role.COMMITTEE_OFFICE).get("/loi/")
    assert response.status_code == 500
    assert "Máy chủ gặp lỗi" in response.content.decode()
    assert 'rel="icon"' in response.content.decode(), "else the browser asks for one and meets 404"
    with django_assert_num_queries(0):
        server_error(response.wsgi_request)


def test_a_form_from_elsewhere_is_refused_in_our_words(cast: Cast) -> None:
    from vungmanh.web.frame.views import csrf_failure

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.user("thu", Role.COMMITTEE_OFFICE, QUAN_MAU))
    response = strict.post("/vai-tro/", {"role": "administrator"})
    assert response.status_code == 403
    ours = csrf_failure(response.wsgi_request).content.decode()
    assert "Trang mở đã lâu nên máy chủ chưa nhận." in ours


# --- house rules, asserted once for every page of the frame --------------------------------------


ADDRESSES = ("/", "/mau-thanh-phan/", "/tai-khoan-cua-toi/password/change/", "/khong-thay/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_has_one_title_one_heading_and_no_inline_code(
    client: Client, cast: Cast, address: str
) -> None:
    response = sign_in(client, cast, Role.ADMINISTRATOR).get(address)
    html = response.content.decode()
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert re.search(r"<title>\S[^<]* \| Vững Mạnh</title>", html)
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", html)
    assert "'unsafe" not in response["Content-Security-Policy"]
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(set(ids)) == sorted(ids)
    assert 'href="#m-' not in re.sub(r"<use[^>]*>", "", html)


def test_every_asset_a_page_names_is_served_from_here(client: Client, cast: Cast) -> None:
    html = sign_in(client, cast, Role.ADMINISTRATOR).get("/mau-thanh-phan/").content.decode()
    named = set(re.findall(r'(?:src|href)="/static/([^"#]+)', html))
    assert {"vungmanh/vungmanh.css", "vungmanh/icons.svg", "vungmanh/js/rows.js"} <= named
    assert {one for one in named if finders.find(one) is None} == set()
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_the_gallery_is_for_those_who_build_pages(client: Client, cast: Cast) -> None:
    assert sign_in(client, cast, Role.PROVINCIAL_ANALYST).get("/mau-thanh-phan/").status_code == 404


@pytest.mark.usefixtures("assessed")
def test_the_frame_costs_a_fixed_number_of_queries(
    client: Client, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, cast, Role.PROVINCIAL_ANALYST).get("/")
    # session, user, grants, months, changes of structure, own unit, rules
    with django_assert_num_queries(7 + WALL):
        assert client.get("/").status_code == 200
