"""The commune office and the secretary on a phone of 360: their own units and nobody else's."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.province import Town, picture
from vungmanh.core.periods import month_label
from vungmanh.org.models import UnitVersion


def fits(page: Page) -> None:
    # A link just pressed may still be bringing its page: there is nothing to measure till it came.
    page.wait_for_function("() => document.readyState === 'complete' && document.body")
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1] == 360


def test_an_office_works_on_its_own_units_and_sees_nobody_else(
    town: Town, phone: Page, tmp_path: Path
) -> None:
    own, others = town.unit_of("vanphong"), town.names_outside("vanphong")
    assert len(others) > 20

    def only_own() -> None:
        fits(phone)
        source = phone.inner_html("html")
        assert [name for name in others if re.search(rf"{re.escape(name)}(?!\w| \w)", source)] == []

    books = town.next_workbooks(tmp_path)
    town.sign_in(phone, "vanphong")
    only_own()
    bar = phone.get_by_role("navigation", name="Thanh dưới")
    bar.get_by_role("link", name="Nhận diện").click()
    expect(phone).to_have_url(re.compile("/nhan-dien/"))
    only_own()
    phone.get_by_label("Xem theo").select_option("chi-bo")
    expect(phone).to_have_url(re.compile("cap=chi-bo"))
    only_own()
    row = phone.locator("table.ranked > tbody > tr").first
    name = row.locator("th a").inner_text()
    row.locator("[data-vungmanh-open]").click()
    expect(phone.locator("tr.detail")).to_contain_text(f"Vì sao {name} ở đây")
    only_own()
    picture(phone, "nhan-dien-dien-thoai")
    phone.locator("tr.detail").get_by_role("link", name="Mở trang của tổ chức").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(name)
    only_own()

    phone.goto(f"{town.url}/nhap/")
    only_own()
    phone.get_by_label("Các tệp báo cáo").set_input_files(books[own.name])
    phone.get_by_role("button", name="Đọc và xem trước").click()
    expect(phone.get_by_text("Chưa ghi gì vào sổ.")).to_be_visible()
    only_own()
    phone.get_by_role("button", name=re.compile("^Ghi ")).click()
    see = phone.get_by_role("link", name=f"Xem Nhận diện kỳ {month_label(town.next_month)}")
    expect(see).to_be_visible(timeout=60_000)
    only_own()
    see.click()
    expect(phone.get_by_text(month_label(town.next_month)).first).to_be_attached()
    only_own()


def test_the_workbook_of_another_commune_is_refused_row_by_row(
    town: Town, phone: Page, tmp_path: Path
) -> None:
    own = town.unit_of("vanphong")
    books = town.next_workbooks(tmp_path)
    other = next(path for committee, path in books.items() if committee != own.name)
    town.sign_in(phone, "vanphong")
    phone.goto(f"{town.url}/nhap/")
    phone.get_by_label("Các tệp báo cáo").set_input_files(other)
    phone.get_by_role("button", name="Đọc và xem trước").click()
    kinds = phone.get_by_role("navigation", name="Loại dòng")
    expect(kinds).to_contain_text("Mới 0")
    expect(kinds).not_to_contain_text("Từ chối 0")
    expect(phone.get_by_role("button", name=re.compile("^Ghi "))).to_have_count(0)
    fits(phone)


def test_a_secretary_reads_her_own_cell_and_no_order(town: Town, phone: Page) -> None:
    own, others = town.unit_of("bithu"), town.names_outside("bithu")
    town.sign_in(phone, "bithu")
    expect(phone).to_have_url(f"{town.url}/to-chuc/{own.unit_id}/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text(own.name)
    expect(phone.get_by_role("heading", name=re.compile("^Lý do"))).to_be_visible()
    fits(phone)
    source = phone.content()
    assert not re.search("thứ tự|xếp hạng|position|/nhan-dien/", source, re.IGNORECASE)
    assert [name for name in others if re.search(rf"{re.escape(name)}(?!\w| \w)", source)] == []

    stranger = UnitVersion.objects.exclude(unit_id=own.unit_id).filter(
        kind=own.kind, valid__contains=town.today
    )[0]
    for path, status in ((f"/to-chuc/{stranger.unit_id}/", 404), ("/nhan-dien/", 403),
                         ("/tong-quan/", 403), ("/nhap/", 403)):  # fmt: skip
        response = phone.goto(town.url + path)
        assert response is not None
        assert response.status == status
        assert stranger.name not in phone.content()
        fits(phone)
