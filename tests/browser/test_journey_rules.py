"""The analyst and the rules: a sheet with a hole mended beside the checker, a threshold adopted."""

from __future__ import annotations

import re

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
