"""An administrator opens an account with keyboard and mouse, and on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast, make_cast
from vungmanh.core.vocabulary import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_account_is_opened_with_a_unit_found_by_typing(
    *,
    size: str,
    request: pytest.FixtureRequest,
    cast: Cast,
    live_server: Any,
    sign_in: Any,
    assert_accessible: Callable[[Page], None],
) -> None:
    page: Page = request.getfixturevalue(size)
    sign_in(page, cast.user("quantri", Role.ADMINISTRATOR))
    page.goto(f"{live_server.url}/tai-khoan/")
    assert_accessible(page)
    page.get_by_role("link", name="Mở tài khoản").click()
    expect(page).to_have_url(f"{live_server.url}/tai-khoan/mo/")
    assert_accessible(page)
    page.get_by_label("Họ và tên").fill("Bí thư Thử Hai")
    page.get_by_label("Tên đăng nhập").fill("bithu.hai")
    page.get_by_label("Vai trò").select_option("cell_secretary")
    page.get_by_label("Đơn vị", exact=True).press_sequentially("thon", delay=20)
    expect(page.get_by_role("radio")).to_have_count(5)
    assert_accessible(page)
    page.get_by_label("Chi bộ thôn Ăn Mẫu").check()
    page.get_by_role("button", name="Mở tài khoản").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã mở tài khoản cho Bí thư Thử Hai.")
    assert_accessible(page)
    page.get_by_role("link", name="Đã ghi lại, xong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bí thư Thử Hai đang giữ 1 vai trò.")
    assert_accessible(page)
    page.get_by_role("link", name="Thôi vai trò ở Chi bộ thôn Ăn Mẫu").click()
    page.get_by_label("Thôi từ ngày").fill("2020-01-01")
    page.get_by_label("Lý do").fill("Giao nhầm")
    page.get_by_role("button", name="Ghi ngày thôi").click()
    expect(page.get_by_text("Ngày thôi sớm nhất là")).to_be_visible()
    assert_accessible(page)
