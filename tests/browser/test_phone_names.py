"""Names on a phone: called one by one, sealed where they lie, and gone after signing out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import (
    CELL,
    MANUAL,
    NAMES,
    PIN,
    Hand,
    cell_of_fifteen,
    months_ago,
    secretary,
)
from tests.browser.province import picture
from vungmanh.meetings.models import Meeting

#: A village road: 50 kB a second down, 20 up, half a second there and back.
SLOW_LINE = {
    "offline": False, "latency": 500, "downloadThroughput": 50_000, "uploadThroughput": 20_000
}  # fmt: skip

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_meeting_of_fifteen_on_an_old_phone_costs_what_the_manual_says(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen(names=True)
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    assert_accessible(phone)
    hand.go("Chi bộ")
    expect(phone.get_by_text(NAMES[14])).to_be_visible()
    assert_accessible(phone)
    hand.go("Việc của tôi")
    hand.at_home()
    picture(phone, "dien-thoai-viec")

    tired = phone.context.new_cdp_session(phone)
    tired.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tired.send("Network.emulateNetworkConditions", SLOW_LINE)
    hand.count()
    month = months_ago(1)
    hand.month(month)
    phone.get_by_role("radio", name="Có họp", exact=True).check()
    phone.get_by_label("Ngày họp").fill(month.replace(day=5).isoformat())
    phone.get_by_role("radio", name="19:30").check()
    phone.get_by_role("radio", name="90", exact=True).check()
    phone.get_by_role("group", name=NAMES[3]).get_by_role("radio", name="Có lý do").check()
    phone.get_by_role("group", name=NAMES[6]).get_by_role("radio", name="Không lý do").check()
    phone.get_by_role("button", name="13 người chưa ghi: đều có mặt").click()
    assert_accessible(phone)
    picture(phone, "dien-thoai-ghi")
    for _ in range(3):
        phone.get_by_role("button", name="Thêm một người phát biểu").click()
    phone.get_by_role("button", name="Nộp cho văn phòng đảng ủy").click()
    hand.at_home()
    touches, fields = hand.counted()
    sentence = f"Buổi họp 15 người, điểm danh theo tên: {touches} lần chạm, {fields} ô phải điền."
    assert sentence in MANUAL.read_text(encoding="utf-8")
    assert touches <= 15

    hand.expect_unsent(0)
    facts = Meeting.objects.get(unit_id=cast[CELL], month=month).facts
    assert (facts["present"], facts["present_official"]) == (13, 12)
    assert (facts["excused"], facts["unexcused"], facts["speakers"]) == (1, 1, 3)
    marks = [one["status"] for one in facts["roll"].values()]
    assert (len(marks), marks.count("present")) == (15, 13)
    hand.rest()


def test_no_name_can_be_read_from_a_phone_that_is_locked_or_signed_out(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen(names=True)
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.month(months_ago(1))
    phone.get_by_role("radio", name="Có họp", exact=True).check()
    phone.get_by_role("group", name=NAMES[0]).get_by_role("radio", name="Có lý do").check()
    phone.get_by_label(re.compile(f"^Lý do vắng.*{NAMES[0]}")).fill("đi viện")
    expect(phone.get_by_text("Đã giữ bản nháp")).to_be_visible()
    secrets = re.compile("|".join([*NAMES, "đi viện", CELL]))
    assert not secrets.search(hand.stored())

    hand.go("Máy này")
    phone.get_by_role("button", name="Khóa ngay").click()
    expect(phone.get_by_role("heading", level=1, name="Nhập mã PIN để mở")).to_be_visible()
    assert not secrets.search(phone.inner_html("html"))
    assert_accessible(phone)

    for left in (4, 3, 2, 1):
        hand.unlock("000000")
        expect(phone.get_by_role("alert")).to_contain_text(f"Còn {left} lần thử")
    hand.unlock("000000")
    expect(phone.get_by_role("alert")).to_contain_text("Chờ 30 giây")
    hand.unlock(PIN)  # the right one, but too soon
    expect(phone.get_by_role("alert")).to_contain_text("dữ liệu không mất")
    phone.clock.install()
    phone.clock.fast_forward("00:31")
    hand.unlock(PIN)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Máy này không giữ gì chưa gửi.")

    hand.go("Việc của tôi")
    phone.get_by_role("link", name=re.compile("^Ghi tiếp")).click()
    reason = phone.get_by_label(re.compile(f"^Lý do vắng.*{NAMES[0]}"))
    expect(reason).to_have_value("đi viện")
    phone.get_by_role("button", name="Chỉ ghi, nộp sau").click()
    hand.expect_unsent(1)
    hand.go("Máy này")
    phone.get_by_role("link", name="Đăng xuất khỏi máy này").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Đăng xuất khi còn 1 mục chưa gửi?")
    assert_accessible(phone)
    phone.get_by_role("button", name="Đăng xuất").click()
    expect(phone.get_by_text("Còn 1 mục chưa gửi, vẫn khóa")).to_be_visible()
    assert not secrets.search(phone.inner_html("html"))
    assert not secrets.search(hand.stored())

    phone.get_by_role("link", name="Mở lại bằng mã PIN").click()
    hand.unlock()
    hand.expect_unsent(1)  # what was not sent has waited
    hand.rest()
