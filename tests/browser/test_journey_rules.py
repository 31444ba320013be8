"""The analyst and the rules: a sheet with a hole mended beside the checker, a threshold adopted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.province import Town, picture


def fill_paper(page: Page, number: str, day: str) -> None:
    page.get_by_label("Nơi ban hành").fill("Ban Thường vụ Tỉnh ủy tỉnh Mẫu")
    page.get_by_label("Loại văn bản").fill("Quyết định")
    page.get_by_label("Số văn bản").fill(number)
    page.get_by_label("Ngày văn bản").fill(day)
    page.get_by_label("Hiệu lực từ ngày", exact=True).fill(day)


def test_a_hole_is_found_while_it_is_typed_then_mended_and_adopted(town: Town, desk: Page) -> None:
    town.sign_in(desk, "chuyenvien")
    desk.goto(f"{town.url}/can-cu/bang-diem/")
    desk.get_by_role("link", name=re.compile("Bảng điểm mẫu.*thường kỳ")).click()
    desk.get_by_role("button", name="Sao chép để sửa").click()
    check = desk.locator("#kiem-tra")
    expect(check).not_to_contain_text("Nghiêm trọng")
    speaking = desk.get_by_role("group", name="Tiêu chí 4.3")
    levels = speaking.get_by_label("Các mức, mỗi mức một dòng")
    sound = levels.input_value()
    assert sound.startswith("10: từ 50%")

    levels.fill(sound.replace("10: từ 50%", "10: trên 50%"))
    expect(check).to_contain_text("Nghiêm trọng")
    expect(check).to_contain_text("mục 4.3")
    expect(check).to_contain_text("đúng 50%")
    picture(desk, "bang-diem")
    levels.fill(sound)
    expect(check).not_to_contain_text("Nghiêm trọng")

    speaking.get_by_label("Điểm", exact=True).fill("9")
    expect(check).to_contain_text("phải là")
    speaking.get_by_label("Điểm", exact=True).fill("10")
    desk.get_by_role("button", name="Thêm tiêu chí 7").click()
    added = desk.get_by_role("group", name="Tiêu chí").last
    expect(added.get_by_label("Tiêu chí", exact=True)).to_be_focused()
    expect(check).to_contain_text("Chưa đọc được bảng:")
    added.get_by_role("button", name="Bỏ tiêu chí").click()
    expect(check).not_to_contain_text("Chưa đọc được bảng:")

    desk.get_by_role("button", name="Sửa bằng chữ").click()
    box = desk.get_by_label("Nội dung")
    text = box.input_value()
    box.fill(text.replace("từ: 50%", "trên: 50%", 1))
    expect(check).to_contain_text("đúng 50%")
    box.fill(text)
    expect(check).not_to_contain_text("Nghiêm trọng")

    desk.get_by_role("button", name="Lưu bản nháp").click()
    expect(desk.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    desk.get_by_role("link", name="Đưa vào dùng").click()
    fill_paper(desk, "9-HD/BTCTU", "2026-09-01")
    because = desk.get_by_label("Vì sao vẫn dùng khi còn điều cần lưu ý")
    if because.count():
        because.fill("làm thử trong năm 2026")
    desk.get_by_role("button", name="Đưa vào dùng").click()
    expect(desk.get_by_text("Đã đưa bảng điểm vào dùng.")).to_be_visible()


def test_a_threshold_is_tried_adopted_and_judged_by(town: Town, desk: Page) -> None:
    town.sign_in(desk, "chuyenvien")
    desk.goto(f"{town.url}/can-cu/")
    desk.get_by_role("link", name="Thử ngưỡng").first.click()
    result = desk.locator("#ket-qua")
    expect(result).to_contain_text("Ngưỡng đang dùng là 8.")
    desk.wait_for_load_state()  # its scripts too: what is typed before them is heard by nobody
    desk.locator("#so").fill("7")
    expect(result).to_contain_text("Từ 8 sang 7")
    expect(desk.locator("#so-keo")).to_have_value("7")
    said = result.get_by_role("status").inner_text()
    picture(desk, "thu-nguong")

    result.get_by_role("link", name="Đưa vào thành quy định của tỉnh").click()
    fill_paper(desk, "12-QĐ/TU", "2026-01-05")
    desk.get_by_role("button", name="Đưa vào dùng").click()
    expect(desk.get_by_text("còn tính theo ngưỡng cũ")).to_be_visible()
    desk.get_by_role("button", name="Tính lại các kỳ ấy").click()
    expect(desk.get_by_text("Đã tính lại")).to_be_visible(timeout=60_000)

    desk.goto(f"{town.url}/can-cu/thu-nguong/")
    expect(result).to_contain_text("Ngưỡng đang dùng là 7.")
    desk.locator("#so").fill("8")
    expect(result).to_contain_text("Từ 7 sang 8")
    back = result.get_by_role("status").inner_text()
    leaving = re.findall(r"bớt (\d+) tổ chức, (\d+) chi bộ", said)
    entering = re.findall(r"thêm (\d+) tổ chức, (\d+) chi bộ", back)
    assert leaving == entering


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_rules_checks_and_ledger_pass_axe_and_fit(
    town: Town, open_page: Callable[..., Page], assert_accessible: Any, width: int
) -> None:
    page = open_page(width=width, height=800)
    town.sign_in(page, "chuyenvien")
    unit = town.unit_of("bithu").unit_id
    for path in (
        "/can-cu/",
        "/can-cu/?chu-de=xep-loai",
        "/can-cu/KH08-2025-an-phu/",
        "/can-cu/so-sanh/?truoc=2018-01-01&sau=2026-01-01",
        "/can-cu/da-mo-hinh/",
        "/can-cu/cua-tinh/",
        "/can-cu/thu-nguong/",
        "/can-cu/thu-nguong/?nguong=so-ky&so=7",
        "/can-cu/thu-nguong/dua-vao/?nguong=so-ky&so=7",
        "/can-cu/bang-diem/",
        "/kiem-tra-so-lieu/",
        "/so-nghia-vu/",
        "/so-nghia-vu/mien-hoan/",
        "/so-nghia-vu/mo-lai/",
        f"/so-nghia-vu/{unit}/",
        f"/so-nghia-vu/{unit}/mien-hoan/",
        "/can-cu/bang-diem/KH08-2025-an-phu/",
    ):
        assert page.goto(town.url + path).status == 200, path  # type: ignore[union-attr]
        assert_accessible(page)
    page.get_by_role("button", name="Sao chép để sửa").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đang soạn")
    for details in page.locator(".editor details").all():
        details.evaluate("one => one.open = true")
    assert_accessible(page)
    page.get_by_role("button", name="Sửa bằng chữ").click()
    expect(page.get_by_label("Nội dung")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Đưa vào dùng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Chưa đưa vào dùng được.")
    assert_accessible(page)
