"""A form from the province is taken, mapped and filled in the browser, on a desk and on a phone."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from tests.browser.province import picture
from tests.cast import QUAN_MAU, make_cast
from tests.pages.supplied.made import SHEET, template
from vungmanh.core.vocabulary import Role


def test_a_form_is_taken_mapped_and_filled(  # noqa: PLR0917
    desk, phone, live_server, sign_in, assert_accessible, tmp_path: Path
):
    user = make_cast().user("van.phong", Role.COMMITTEE_OFFICE, QUAN_MAU)
    (tmp_path / "Biểu 02.xlsx").write_bytes(template())
    (tmp_path / "hong.xlsx").write_bytes(b"PK\x03\x04 khong phai")
    sign_in(desk, user)
    desk.goto(f"{live_server.url}/bieu-mau/")
    assert_accessible(desk)
    desk.get_by_label("Tên mẫu").fill("Biểu 02")
    desk.get_by_label("Số liệu lấy từ").select_option("unit")
    desk.get_by_label("Tệp mẫu").set_input_files(tmp_path / "hong.xlsx")
    desk.get_by_role("button", name="Nhận mẫu").click()
    expect(desk.get_by_text("Tệp bị hỏng, không mở được")).to_be_visible()
    expect(desk.get_by_label("Tên mẫu")).to_have_value("Biểu 02")
    desk.get_by_label("Tệp mẫu").set_input_files(tmp_path / "Biểu 02.xlsx")
    desk.get_by_role("button", name="Nhận mẫu").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("chưa khai ô nào")
    for figure, cell in (("Năm", "B2"), ("Số chi bộ", "B3"), ("Tên tổ chức", "B9")):
        desk.get_by_label("Số liệu", exact=True).select_option(label=figure)
        desk.get_by_label("Ô", exact=True).fill(cell)
        desk.get_by_role("button", name="Thêm ô").click()
        expect(desk.get_by_role("rowheader", name=cell)).to_be_visible()
    desk.get_by_label("Số liệu", exact=True).select_option(label="Tổng số đảng viên")
    desk.get_by_label("Ô", exact=True).fill("B6")
    desk.get_by_role("button", name="Thêm ô").click()
    expect(desk.get_by_text("mẫu có công thức, không được điền đè")).to_be_visible()
    assert_accessible(desk)
    picture(desk, "mau-bieu")
    with desk.expect_download() as waited:
        desk.get_by_role("link", name="Tải tệp đã điền").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(waited.value.path()).read_bytes()))[SHEET]
    assert (sheet["B3"].value, sheet["B9"].value) == (3, QUAN_MAU)
    sign_in(phone, user)
    phone.goto(desk.url)
    expect(phone.get_by_role("rowheader", name="B3")).to_be_visible()
    assert_accessible(phone)
    picture(phone, "mau-bieu-dien-thoai")
