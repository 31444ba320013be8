"""What lies in the outbox: refused, in conflict, answered into the void, seen from two windows."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.browser.phone_hand import CELL, Hand, cell_of_fifteen, months_ago, secretary
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import FiledVia, Role
from vungmanh.meetings.actions.meeting import write_meeting
from vungmanh.meetings.models import Meeting, PhoneItem
from vungmanh.org.models import MembershipCount

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_nothing_is_written_twice_though_the_answer_was_lost(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.record(months_ago(1))
    lost = []

    def swallow(route: Route) -> None:
        """The server has it, the phone never hears of it."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().json()["items"])
        route.abort()

    phone.route("**/gui/", swallow)
    hand.at_outbox()
    hand.join()
    expect(phone.get_by_text("Có mạng nhưng máy chủ chưa trả lời.")).to_be_visible()
    assert [one["answer"] for one in lost[0]] == ["accepted", "accepted"]
    hand.expect_unsent(2)  # nothing leaves before the answer is stored
    phone.get_by_role("button", name="Gửi ngay").click()
    hand.expect_unsent(0)
    assert PhoneItem.objects.count() == 2
    assert Meeting.objects.get(unit_id=cast[CELL], month=months_ago(1)).state == "filed"
    hand.rest()


def test_what_is_refused_or_in_conflict_is_put_right_by_a_person(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen()
    month = months_ago(1)
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.record(month)
    # Meanwhile four of them moved away, and the office wrote another hour down.
    MembershipCount.objects.filter(unit_id=cast[CELL], status="official").update(count=10)
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, "Đảng bộ xã Quan Mẫu")
    hand.join()
    hand.at_outbox()
    expect(phone.get_by_text("Có mặt 15 mà chi bộ chỉ có 11 đảng viên")).to_be_visible()
    assert_accessible(phone)
    hand.expect_unsent(2)

    phone.get_by_role("link", name=re.compile("^Sửa rồi gửi lại Ghi kỳ họp")).click()
    expect(phone.locator("[data-at=present] .err")).to_contain_text("Có mặt 15 mà chi bộ chỉ có 11")
    expect(phone.get_by_role("spinbutton")).to_have_count(0)
    hand.cut()
    write_meeting(
        unit_id=cast[CELL], kind="regular", month=month, set={"starts": "20:00"},
        was={"starts": None}, by=viewer_for(office, on=timezone.localdate()), at=timezone.now(),
        via=FiledVia.PAPER,
    )  # fmt: skip
    phone.get_by_label("Đảng viên có mặt", exact=True).fill("11")
    phone.get_by_label("Trong đó đảng viên chính thức").fill("10")
    phone.get_by_role("button", name="Nộp cho văn phòng đảng ủy").click()
    hand.at_home()
    hand.join()
    hand.at_outbox()
    expect(phone.get_by_text("Nơi khác đã ghi khác đồng chí.")).to_be_visible(timeout=20_000)
    assert_accessible(phone)
    choice = phone.get_by_role("group", name="Bắt đầu lúc")
    expect(choice).to_contain_text("19:30")
    expect(choice).to_contain_text("20:00")
    choice.get_by_role("radio", name=re.compile("Tôi ghi")).check()
    phone.get_by_role("button", name="Gửi lựa chọn").click()
    expect(phone.get_by_text("Nơi khác đã ghi khác đồng chí.")).to_have_count(0, timeout=20_000)
    hand.expect_unsent(0)
    meeting = Meeting.objects.get(unit_id=cast[CELL], month=month)
    assert (meeting.facts["present"], meeting.facts["starts"]) == (11, "19:30")
    assert meeting.state == "filed"
    hand.rest()


def test_the_second_window_reads_and_takes_over_when_the_first_is_closed(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.month(months_ago(1))
    phone.get_by_role("radio", name="Có họp", exact=True).check()
    expect(phone.get_by_text("Đã giữ bản nháp")).to_be_visible()

    second = Hand(phone.context.new_page(), live_server.url)
    second.page.goto(f"{live_server.url}/dien-thoai/")
    second.unlock()
    expect(second.page.get_by_text("Cửa sổ này chỉ để xem; đóng cửa sổ kia")).to_be_visible()
    title = f"Sinh hoạt thường kỳ tháng {months_ago(1).month}/{months_ago(1).year}"
    second.page.get_by_role("link", name=re.compile("Ghi tiếp")).first.click()
    expect(second.page.get_by_role("heading", level=1, name=title)).to_be_visible()
    expect(second.page.get_by_role("button", name="Nộp cho văn phòng đảng ủy")).to_have_count(0)
    phone.close()
    expect(second.page.get_by_role("radio", name="Có họp", exact=True)).to_be_checked()
    expect(second.page.get_by_text("giờ ghi được ở đây")).to_be_visible()
    second.rest()


def test_a_copy_in_a_file_holds_what_was_not_sent_and_proves_whose_it_is(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    hand.record(months_ago(1))
    hand.at_outbox()
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Lưu bản sao").click()
    copy = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert copy["format"] == "vungmanh-phone"
    assert [one["kind"] for one in json.loads(copy["items"])] == ["meeting.write", "meeting.file"]
    assert re.fullmatch("[0-9a-f]{64}", copy["proof"])
    hand.expect_unsent(2)  # a copy empties nothing

    phone.get_by_label("Mật khẩu riêng cho tệp (nên có)").fill("mật khẩu của tệp")
    with phone.expect_download() as saved:
        phone.get_by_role("button", name="Lưu bản sao").click()
    locked = json.loads(saved.value.path().read_text(encoding="utf-8"))
    assert (locked["format"], locked["iterations"]) == ("vungmanh-phone-locked", 310_000)
    assert "meeting.write" not in json.dumps(locked)
    hand.rest()
