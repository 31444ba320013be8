"""The analyst's day: who needs help and why, then next month's workbooks."""

from __future__ import annotations

import io
import re
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.province import Town, picture
from vungmanh.core.periods import month_label, month_slug


def tabs(page: Page) -> list[str]:
    return page.get_by_role("navigation", name="Trạng thái").get_by_role("link").all_inner_texts()


def listed(page: Page) -> tuple[list[str], str]:
    """How many stand where, and every cell with its months, as the page tells it."""
    page.goto(re.sub(r"(cap=chi-bo)", r"\1&tt=", page.url))
    return tabs(page), page.locator("table.ranked").inner_text()


def test_the_analyst_follows_the_first_place_to_its_months(town: Town, desk: Page) -> None:
    town.sign_in(desk, "chuyenvien")
    expect(desk).to_have_url(f"{town.url}/tong-quan/")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("tổ chức cơ sở đảng")
    expect(desk.get_by_text("Dữ liệu mô phỏng.")).to_be_visible()
    picture(desk, "tong-quan")

    desk.get_by_role("navigation").get_by_role("link", name="Nhận diện").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("cần củng cố")
    row = desk.locator("table.ranked > tbody > tr").first
    name = row.locator("th a").inner_text()
    reasons = row.locator(".reason").all_inner_texts()
    assert reasons
    row.locator("[data-vungmanh-open]").click()
    detail = desk.locator("tr.detail")
    expect(detail).to_contain_text(f"Vì sao {name} ở đây")
    for reason in reasons:
        expect(detail).to_contain_text(reason)
    picture(desk, "nhan-dien")

    # Open and shut again by the same handle, and open once more: one detail, never two.
    row.locator("[data-vungmanh-open]").click()
    expect(detail).to_have_count(0)
    row.locator("[data-vungmanh-open]").click()
    expect(detail).to_have_count(1)

    # From the organisation to its worst cell (unless it is one itself), and on to its months.
    detail.get_by_role("link", name="Mở trang của tổ chức").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(name)
    worst = desk.locator("table.cells th a").first
    if worst.count():
        name = worst.inner_text()
        worst.click()
        expect(desk.get_by_role("heading", level=1)).to_contain_text(name)
    finding = desk.get_by_role("heading", level=1).inner_text()
    held, due = re.findall(r"họp (\d+) trong (\d+) kỳ", finding)[0]
    counted = desk.locator("table.months.lab").first
    expect(counted.locator("td.tot").first).to_have_text(f"{held}/{due}")
    marks = counted.locator("tbody tr").first.locator("td:not(.tot) .vh").all_inner_texts()
    assert (len(marks), marks.count("đã họp")) == (12, int(held))
    expect(desk.locator("#ly-do tbody tr").first).to_be_visible()
    expect(desk.locator("#ky-hop tbody tr")).to_have_count(12)
    picture(desk, "don-vi")


def test_the_list_can_be_taken_along(town: Town, desk: Page) -> None:
    town.sign_in(desk, "chuyenvien")
    desk.goto(f"{town.url}/nhan-dien/?cap=chi-bo")
    shown = desk.locator("table.ranked > tbody > tr > th a").all_inner_texts()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Xuất Excel").click()
    assert download.value.suggested_filename.startswith("nhan-dien-chi-bo-")
    content = Path(download.value.path()).read_bytes()
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert [row[1] for row in rows if isinstance(row[0], int)][: len(shown)] == shown


def test_next_months_workbooks_move_the_list_and_undo_moves_it_back(
    town: Town, desk: Page, tmp_path: Path
) -> None:
    books = town.next_workbooks(tmp_path)
    town.sign_in(desk, "chuyenvien")
    desk.goto(f"{town.url}/nhan-dien/?cap=chi-bo")
    before = listed(desk)
    expect(desk.locator("header.top select[name=ky]")).to_have_value(
        month_slug(town.simulated.last_month)
    )

    desk.get_by_role("navigation").get_by_role("link", name="Nhập").first.click()
    picture(desk, "nhap")
    desk.get_by_label("Các tệp báo cáo").set_input_files(list(books.values()))
    desk.get_by_role("button", name="Đọc và xem trước").click()
    expect(desk.get_by_text("Chưa ghi gì vào sổ.")).to_be_visible(timeout=60_000)
    expect(desk.get_by_role("navigation", name="Loại dòng")).to_contain_text("Từ chối 0")
    picture(desk, "nhap-xem-truoc")

    desk.get_by_role("button", name=re.compile(r"^Ghi [\d.]+ báo cáo vào sổ$")).click()
    see = desk.get_by_role("link", name=f"Xem Nhận diện kỳ {month_label(town.next_month)}")
    expect(see).to_be_visible(timeout=60_000)
    batch = desk.url
    see.click()
    expect(desk.locator("header.top select[name=ky]")).to_have_value(month_slug(town.next_month))
    desk.get_by_label("Xem theo").select_option("chi-bo")
    expect(desk).to_have_url(re.compile("cap=chi-bo"))
    after = listed(desk)
    assert after != before

    # The same files once more: nothing to write.
    desk.goto(f"{town.url}/nhap/")
    desk.get_by_label("Các tệp báo cáo").set_input_files(list(books.values()))
    desk.get_by_role("button", name="Đọc và xem trước").click()
    expect(desk.get_by_text("Nạp lại không làm thay đổi gì.").first).to_be_visible(timeout=60_000)
    expect(desk.get_by_role("button", name=re.compile("^Ghi "))).to_have_count(0)

    desk.goto(batch)
    desk.get_by_role("button", name="Hoàn tác lần nhập này").click()
    expect(desk.get_by_role("button", name="Hoàn tác lần nhập này")).to_have_count(
        0, timeout=60_000
    )
    desk.goto(f"{town.url}/nhan-dien/?cap=chi-bo&ky={month_slug(town.simulated.last_month)}")
    assert listed(desk) == before
    desk.goto(f"{town.url}/nhan-dien/?cap=chi-bo&ky={month_slug(town.next_month)}")
    assert listed(desk) != after  # that month has no report again
