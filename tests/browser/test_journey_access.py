"""The main pages without a mouse, and under axe at both widths."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.province import Town
from vungmanh.config.demo import PASSWORD
from vungmanh.core.text import fold


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.name"))


def tab_to(page: Page, words: str, *, most: int = 60) -> None:
    """Press Tab until what has the focus says `words`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).strip() == words:
            return
    raise AssertionError(f"no way to {words!r} by Tab")


def test_from_the_door_to_the_months_by_keyboard_alone(town: Town, desk: Page) -> None:
    desk.goto(f"{town.url}/nhan-dien/?cap=chi-bo")
    desk.get_by_label("Tên đăng nhập").focus()
    desk.keyboard.type("chuyenvien")
    tab_to(desk, "password")
    desk.keyboard.type(PASSWORD)
    desk.keyboard.press("Enter")
    expect(desk.locator("table.ranked")).to_be_visible()

    desk.keyboard.press("Tab")
    assert focused(desk) == "Đến nội dung chính"
    desk.keyboard.press("Enter")
    handles = desk.locator("[data-vungmanh-open]")
    tab_to(desk, handles.first.inner_text())
    expect(handles.first).to_be_focused()
    desk.keyboard.press("ArrowDown")
    expect(handles.nth(1)).to_be_focused()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(desk.locator("tr.detail")).to_have_count(1)
    expect(handles.first).to_have_attribute("aria-expanded", "true")
    expect(handles.first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("tr.detail")).to_have_count(0)
    desk.keyboard.press("Enter")
    expect(desk.locator("tr.detail")).to_have_count(1)
    tab_to(desk, "Mở trang của tổ chức")
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile(r"/to-chuc/[0-9a-f-]{36}/"))
    expect(desk.get_by_role("heading", level=1)).to_contain_text("kỳ bắt buộc gần nhất")


def test_a_unit_is_found_by_typing_without_diacritics(town: Town, desk: Page) -> None:
    name = town.unit_of("bithu").name
    town.sign_in(desk, "chuyenvien")
    desk.keyboard.press("/")
    desk.keyboard.type(fold(name))
    found = desk.locator("#find-list [role=option]").first
    expect(found).to_contain_text(name)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text(name)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_main_pages_pass_axe_and_fit(
    town: Town, open_page: Callable[..., Page], assert_accessible: Any, width: int
) -> None:
    page = open_page(width=width, height=800)
    town.sign_in(page, "chuyenvien")
    assert_accessible(page)  # Tổng quan
    for path in ("/nhan-dien/", "/nhan-dien/?cap=chi-bo&tt=must_verify", "/nhap/", "/to-chuc/"):
        page.goto(town.url + path)
        assert_accessible(page)
    for grain in ("to-chuc", "chi-bo"):
        page.goto(f"{town.url}/nhan-dien/?cap={grain}&tt=")
        page.locator("[data-vungmanh-open]").first.click()
        expect(page.locator("tr.detail")).to_be_visible()
        assert_accessible(page)
        page.locator("tr.detail").get_by_role("link", name="Mở trang của tổ chức").click()
        expect(page.locator("#ly-do")).to_be_visible()
        assert_accessible(page)
