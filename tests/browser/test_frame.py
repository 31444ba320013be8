"""The frame under the hand: keyboard, phone, dark, no script, figures of one width."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import AT, Cast, make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.models import AssessmentRun

GALLERY = "/mau-thanh-phan/"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.pages.web.frame_urls"),
]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast(first=dt.date(2019, 1, 1))
    for month in (11, 12):
        AssessmentRun.objects.create(month=dt.date(2019, month, 1), at=AT, reported=0, due=6)
    return cast


@pytest.fixture
def gallery(cast: Cast, live_server: Any, sign_in: Any) -> Callable[[Page], Page]:
    """The gallery, opened by the administrator (who alone has it)."""
    user = cast.user("quan-tri", Role.ADMINISTRATOR)

    def open_(page: Page) -> Page:
        sign_in(page, user)
        page.goto(live_server.url + GALLERY)
        return page

    return open_


@pytest.fixture
def as_analyst(cast: Cast, live_server: Any, sign_in: Any) -> Callable[[Page], Page]:
    user = cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST)

    def open_(page: Page) -> Page:
        sign_in(page, user)
        page.goto(live_server.url + "/nhan-dien/")
        return page

    return open_


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_every_component_passes_axe(
    gallery: Any, open_page: Any, assert_accessible: Any, width: int, scheme: str
) -> None:
    page = gallery(open_page(width=width, height=800, color_scheme=scheme))
    assert_accessible(page)


def test_sign_in_passes_axe_with_its_error(
    phone: Page, live_server: Any, assert_accessible: Any
) -> None:
    phone.goto(live_server.url + "/tai-khoan-cua-toi/login/")
    phone.get_by_label("Tên đăng nhập").fill("khong-co")
    phone.get_by_label("Mật khẩu", exact=True).fill("sai")
    phone.get_by_role("button", name="Đăng nhập").click()
    expect(phone.get_by_role("alert").first).to_contain_text("Kiểm tra phím Caps Lock")
    expect(phone.locator("[data-vungmanh-focus]")).to_be_focused()
    assert_accessible(phone)


def test_signing_in_by_the_form(cast: Cast, phone: Page, live_server: Any) -> None:
    cast.user("chuyen-vien", Role.PROVINCIAL_ANALYST)
    phone.goto(live_server.url + "/nhan-dien/")
    phone.get_by_label("Tên đăng nhập").fill("chuyen-vien")
    phone.get_by_label("Mật khẩu", exact=True).fill("mat-khau-thu")
    phone.get_by_role("button", name="Đăng nhập").click()
    expect(phone).to_have_url(live_server.url + "/nhan-dien/")


def test_figures_are_equally_wide_in_the_browser(gallery: Any, desk: Page) -> None:
    gallery(desk)
    widths = desk.evaluate(
        """async () => {
          await document.fonts.load('600 40px "Be Vietnam Pro"', '1234ẾỘỮự');
          const probe = document.createElement("output");
          document.body.append(probe);
          probe.className = "vh";
          const range = document.createRange();
          const width = (text) => {
            probe.textContent = text;
            range.selectNodeContents(probe);
            return range.getBoundingClientRect().width;
          };
          return [width("1111"), width("4444"), width("0000")];
        }"""
    )
    assert widths[0] == widths[1] == widths[2] > 0
    assert desk.evaluate("""document.fonts.check('400 15px "Be Vietnam Pro"', 'ẾỘỮự')""")


def test_everything_under_the_thumb_is_44_pixels_high(gallery: Any, phone: Page) -> None:
    gallery(phone)
    small = phone.evaluate(
        """() => [...document.querySelectorAll("a, button, select, summary, input")]
          .filter((one) => one.offsetParent && !one.closest(".facts, .tick, .tiles, .skip"))
          .map((one) => [one.outerHTML.slice(0, 60), one.getBoundingClientRect().height])
          .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_the_whole_navigation_opens_and_closes_on_a_phone(as_analyst: Any, phone: Page) -> None:
    as_analyst(phone)
    places = phone.get_by_role("navigation", name="Các nơi làm việc")
    expect(places).to_be_hidden()
    phone.get_by_role("link", name="Thêm").click()
    expect(places).to_be_visible()
    phone.get_by_role("link", name="Đóng").click()
    expect(places).to_be_hidden()
    phone.get_by_role("link", name="Thêm").click()
    phone.go_back()
    expect(places).to_be_hidden()


def test_the_menu_closes_by_escape_and_gives_the_focus_back(as_analyst: Any, desk: Page) -> None:
    as_analyst(desk)
    desk.locator(".eyes > summary").press("Enter")
    expect(desk.get_by_role("button", name="Đăng xuất")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("button", name="Đăng xuất")).to_be_hidden()
    expect(desk.locator(".eyes > summary")).to_be_focused()


def test_slash_brings_one_to_the_search_and_arrows_through_it(
    as_analyst: Any, desk: Page, live_server: Any, assert_accessible: Any
) -> None:
    as_analyst(desk)
    desk.keyboard.press("/")
    box = desk.get_by_role("combobox", name="Tìm tổ chức")
    expect(box).to_be_focused()
    box.press_sequentially("mau")
    expect(desk.locator("#find-list [role=option]")).to_have_count(2)
    assert_accessible(desk)
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(desk.locator("#find-list").get_by_role("option", selected=True)).to_contain_text(
        "Chi bộ thôn Đồi Mẫu"
    )
    box.press("Enter")
    expect(desk).to_have_url(live_server.url + "/?chon=2")


def test_escape_puts_the_suggestions_away(as_analyst: Any, desk: Page) -> None:
    as_analyst(desk)
    box = desk.get_by_role("combobox", name="Tìm tổ chức")
    box.press_sequentially("mau")
    expect(desk.locator("#find-list [role=option]")).to_have_count(2)
    box.press("Escape")
    expect(desk.locator("#find-list [role=option]")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")


def test_arrows_walk_the_rows_and_enter_opens_and_closes_one(gallery: Any, desk: Page) -> None:
    desk.route("**/*mo=*", lambda route: route.continue_(url=_detail(route.request.url)))
    gallery(desk)
    handles = desk.locator("[data-vungmanh-open]")
    handles.nth(0).focus()
    expect(desk.locator("tr.detail")).to_have_count(1)  # the gallery shows one open row
    desk.keyboard.press("Enter")
    expect(handles.nth(0)).to_have_attribute("aria-expanded", "true")
    expect(desk.locator("tr.detail")).to_have_count(2)
    expect(handles.nth(0)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(handles.nth(0)).to_have_attribute("aria-expanded", "false")
    expect(desk.locator("tr.detail")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    expect(handles.nth(1)).to_be_focused()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")
    expect(handles.nth(0)).to_be_focused()


def _detail(url: str) -> str:
    return url.split("/mau-thanh-phan/", maxsplit=1)[0] + "/mot-dong/"


def test_a_failed_request_is_said_in_words(gallery: Any, desk: Page) -> None:
    gallery(desk)
    desk.route("**/*mo=*", lambda route: route.abort())
    desk.locator("[data-vungmanh-open]").nth(0).click()
    expect(desk.locator("[data-vungmanh-trouble]")).to_contain_text("Chưa nối được với máy chủ")


def test_a_coded_refusal_is_said_in_its_own_words(gallery: Any, desk: Page) -> None:
    desk.route(
        "**/*mo=*",
        lambda route: route.continue_(
            url=_detail(route.request.url).replace("mot-dong", "cham-hon")
        ),
    )
    gallery(desk)
    desk.locator("[data-vungmanh-open]").nth(0).click()
    expect(desk.locator("[data-vungmanh-trouble]")).to_have_text(
        "Người khác vừa sửa. Tải lại trang."
    )


def test_choosing_a_month_shows_it_at_once(as_analyst: Any, desk: Page, live_server: Any) -> None:
    as_analyst(desk)
    desk.get_by_label("Kỳ đến hết").select_option("2019-11")
    expect(desk).to_have_url(live_server.url + "/nhan-dien/?ky=2019-11")
    expect(desk.get_by_label("Kỳ đến hết")).to_have_value("2019-11")


def test_without_script_the_month_has_a_button(
    as_analyst: Any, open_page: Any, live_server: Any
) -> None:
    page = as_analyst(open_page(width=1280, height=800, java_script_enabled=False))
    page.get_by_label("Kỳ đến hết").select_option("2019-11")
    page.get_by_role("button", name="Xem").click()
    expect(page).to_have_url(live_server.url + "/nhan-dien/?ky=2019-11")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_page(as_analyst: Any, desk: Page) -> None:
    as_analyst(desk)
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("#main")).to_be_focused()


def test_on_paper_the_frame_goes_and_the_simulated_strip_stays(gallery: Any, desk: Page) -> None:
    gallery(desk)
    desk.emulate_media(media="print")
    expect(desk.get_by_role("navigation", name="Các nơi làm việc")).to_be_hidden()
    expect(desk.locator(".top")).to_be_hidden()
    expect(desk.locator(".sim")).to_be_visible()
    expect(desk.locator(".reason").first).to_have_css("border-top-width", "0px")


def test_a_table_stays_a_table_on_a_sheet_as_narrow_as_a_phone(
    gallery: Any, open_page: Any
) -> None:
    page = gallery(open_page(width=624, height=900))  # A4 without its margins
    expect(page.locator(".ranked > tbody > tr").first).to_have_css("display", "block")
    page.emulate_media(media="print")
    expect(page.locator(".ranked > tbody > tr").first).to_have_css("display", "table-row")
    assert page.evaluate("document.documentElement.scrollWidth") <= 624
