"""Cells too small found, merged and taken apart again; a year's statistic, shown, asked again and
written into a supplied workbook (test_journey_people).
"""

from __future__ import annotations

import openpyxl
import xlsxwriter
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.people_place import ANALYST, OFFICE, Place, refused
from tests.browser.province import picture
from tests.browser.rating_window import says
from tests.browser.support_hands import do, fill, press
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models import UnitVersion
from vungmanh.org.queries import closure_differences

FOUND, SHEET = "/sap-xep/tim/?viec=below_minimum", "Biểu 1"
YEAR = "?loai-ky=nam&nam=2025"
LONG = 120_000  # milliseconds: who is due what is reckoned anew


def a_cell_falls_below_its_minimum(place: Place, cell: UnitVersion) -> None:
    """By the counts that its office records."""
    page = place.at(place.phone, OFFICE, f"/dang-vien/don-vi/{cell.unit_id}/so/")
    place.accessible(page)
    zero = {status.value: "0" for status in MembershipStatus}
    do(page, "counts", "Đã ghi.",
       **zero | {"official": "2", "from_day": "2026-10-01", "document": "BC 3-BC/CB"})  # fmt: skip


def it_is_found_and_merged_and_taken_apart(
    place: Place, cell: UnitVersion, into: UnitVersion
) -> None:
    page = place.at(place.desk, ANALYST, FOUND)
    says(page, "Chi bộ dưới mức tối thiểu", "cần kiểm tra", cell.name)
    picture(page, "tim-sap-xep")
    place.accessible(page)
    page.locator("main li").filter(has_text=cell.name).get_by_role("link").first.click()
    page.wait_for_load_state()
    finding = place.here(page)
    fill(page.locator("#du-thao"), document="QĐ 21-QĐ/TU",
         effective_on=timezone.localdate().isoformat())  # fmt: skip
    page.locator('#du-thao [name="target"]').select_option(str(into.unit_id))
    press(page, "Lập dự thảo", "Đã lập dự thảo. Xem hệ quả rồi mới thực hiện.")
    says(page, "Lập từ", cell.name, into.name)
    place.accessible(page)
    heading, reform = page.get_by_role("heading", level=1), place.here(page)
    page.get_by_role("button", name="Thực hiện").click()
    expect(heading).to_contain_text("Đã thực hiện", timeout=LONG)
    assert not stands(cell)
    place.on(page, reform)
    page.get_by_label("Lý do hoàn tác").fill("Cấp trên chưa duyệt")
    page.get_by_role("button", name="Hoàn tác việc sắp xếp này").click()
    expect(heading).to_contain_text("Đã hoàn tác", timeout=LONG)
    assert stands(cell)
    assert closure_differences() == []
    place.on(page, finding)
    says(page, cell.name, "Đã hoàn tác")


def stands(cell: UnitVersion) -> bool:
    return UnitVersion.objects.filter(
        unit_id=cell.unit_id, valid__contains=timezone.localdate()
    ).exists()


def its_count_is_taken_back(place: Place, cell: UnitVersion) -> None:
    page = place.at(place.phone, OFFICE, f"/dang-vien/don-vi/{cell.unit_id}/so/")
    do(page, "back", "Đã ghi.", reason="Ghi nhầm chi bộ")
    page = place.at(place.desk, ANALYST, FOUND)
    expect(page.locator("main")).not_to_contain_text(f"{cell.name} ")


def a_year_stays_as_it_was_reported(place: Place, cell: UnitVersion) -> None:
    """A count corrected afterwards moves the year, not what was reported of it."""
    address = f"/dang-vien/thong-ke/{YEAR}"
    page = place.at(place.desk, OFFICE, address)
    place.accessible(page)
    picture(page, "thong-ke-dang-vien")
    before = figures(page)
    fill(page.locator("#bao-cao"), document="BC 1-BC/ĐU")
    press(page, "Giữ bảng này như đã báo cáo", "Đã giữ nguyên bảng như đã báo cáo.")
    kept = place.here(page)
    says(page, "Chưa có gì khác")
    counts = f"/dang-vien/don-vi/{cell.unit_id}/so/"
    place.on(page, counts)
    zero = {status.value: "0" for status in MembershipStatus}
    told = {"official": "90", "from_day": "2025-10-01", "document": "Đính chính 9"}
    do(page, "counts", "Đã ghi.", **zero | told)
    assert figures(place.on(page, address)) != before
    place.on(page, kept)
    says(page, "Đính chính 9")
    place.accessible(page)
    do_back(page, place, counts)
    assert figures(place.on(page, address)) == before
    place.on(page, kept)
    page.locator("details > summary").filter(has_text="Rút số liệu đã báo cáo").click()
    fill(page, reason="Báo lại")
    page.get_by_role("button", name="Rút số liệu đã báo cáo").click()
    says(page, "Đã rút")


def do_back(page: Page, place: Place, counts: str) -> None:
    place.on(page, counts)
    do(page, "back", "Đã ghi.", reason="Ghi nhầm")


def figures(page: Page) -> list[str]:
    return page.locator("main table").first.locator("td, th").all_inner_texts()


def a_supplied_workbook_is_filled_cell_by_cell(place: Place) -> None:
    """The workbook of the province comes back as it was, with the year's numbers in three cells."""
    page = place.at(place.desk, OFFICE, "/bieu-mau/")
    path = place.folder / "Bieu 1.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_column(0, 0, ["BIỂU 1", "Năm", "Tổng số đảng viên", "Gấp đôi"])
        sheet.write_formula("B4", "=B3*2", None, 0)
    fill(page, name="Biểu 1 của tỉnh", purpose="period")
    page.locator('#nhan [name="file"]').set_input_files(path)
    page.get_by_role("button", name="Nhận mẫu").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("chưa khai ô nào")
    form = place.here(page)
    for figure, cell in (("nam", "B2"), ("closing", "B3")):
        place.on(page, f"{form}{YEAR}")
        fill(page.locator("#map"), figure=figure, cell=cell)
        page.get_by_role("button", name="Thêm ô").click()
        expect(page.get_by_role("rowheader", name=cell)).to_be_visible()
    fill(page.locator("#map"), figure="closing", cell="B4")
    refused(page, "Thêm ô", "mẫu có công thức, không được điền đè")
    place.on(page, f"{form}{YEAR}")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Tải tệp đã điền").click()
    waited.value.save_as(place.folder / "da-dien.xlsx")
    sheet = openpyxl.load_workbook(place.folder / "da-dien.xlsx")[SHEET]
    place.on(page, f"/dang-vien/thong-ke/{YEAR}")
    closing = sheet["B3"].value
    assert isinstance(closing, int)
    says(page, f"đến {closing} đảng viên")
    assert (sheet["A1"].value, sheet["B2"].value, sheet["B4"].value) == ("BIỂU 1", 2025, "=B3*2")
    place.on(page, form)
    fill(page.locator("#remove"), reason="Cấp trên thay mẫu")
    page.get_by_role("button", name="Bỏ khỏi danh sách").click()
    page.wait_for_load_state()
    expect(page.locator("main")).not_to_contain_text("Biểu 1 của tỉnh")
