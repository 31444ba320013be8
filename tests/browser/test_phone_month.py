"""Two months recorded without a network, an overseer who scores blind; what the server has then."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import CELL, MANUAL, Hand, cell_of_fifteen, months_ago, secretary
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, MeetingReport, PhoneItem, SheetScore, Task

MAKE_ID = """async ([unit, kind, month]) => {
  const { meetingId } = await import("/static/vungmanh/js/phone/ids.js");
  return meetingId(unit, kind, month);
}"""
pytestmark = [pytest.mark.django_db(transaction=True)]


def test_two_months_recorded_without_a_network_arrive_whole(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    assert phone.evaluate(MAKE_ID, [str(cast[CELL]), "regular", "2026-11"]) == str(
        meeting_id(cast[CELL], "regular", dt.date(2026, 11, 1))
    )
    hand.cut()
    phone.reload()  # the shell comes from the phone itself
    hand.unlock()
    hand.at_home()
    hand.count()
    hand.record(months_ago(1))
    touches, fields = hand.counted()
    sentence = f"Buổi họp 15 người, ghi theo số lượng: {touches} lần chạm, {fields} ô phải điền."
    assert sentence in MANUAL.read_text(encoding="utf-8")
    hand.record(months_ago(2), speakers=4)
    hand.expect_unsent(4)
    assert not PhoneItem.objects.exists()

    hand.join()
    hand.expect_unsent(0)
    for month, speakers in ((months_ago(1), 3), (months_ago(2), 4)):
        meeting = Meeting.objects.get(unit_id=cast[CELL], kind="regular", month=month)
        assert meeting.state == "filed"
        assert meeting.facts == {
            "outcome": "held", "held_on": month.replace(day=5).isoformat(), "starts": "19:30",
            "ends": "21:00", "present": 15, "present_official": 14, "excused": 0, "unexcused": 0,
            "speakers": speakers,
        }  # fmt: skip
        report = MeetingReport.objects.get(unit_id=cast[CELL], kind="regular", month=month)
        assert (report.state, report.present) == ("held", 15)
    assert PhoneItem.objects.count() == 4
    expect(phone.get_by_text("Đã nộp: 2 kỳ")).to_be_visible()
    hand.rest()


def test_an_overseer_scores_blind_and_the_network_returns_in_the_wrong_order(
    phone: Page, open_page: Any, live_server: Any, sign_in: Any
) -> None:
    cast, month = cell_of_fifteen(), months_ago(1)
    other = open_page(width=360, height=740, has_touch=True, is_mobile=True)
    sign_in(phone, cast.user("phu-trach", Role.OVERSEER, CELL))
    sign_in(other, secretary(cast))
    overseer, writer = Hand(phone, live_server.url), Hand(other, live_server.url)
    for hand in (overseer, writer):
        hand.open()
        hand.cut()
    writer.record(month)
    overseer.score(month, points="3")
    writer.score(month, points="2,5")
    writer.expect_unsent(3)
    overseer.expect_unsent(1)

    overseer.join()  # the points come before there is a record to score
    overseer.at_outbox()
    expect(phone.get_by_text("Nối được với máy chủ lần cuối")).to_be_visible()
    expect(phone.get_by_text("Không còn gì chưa gửi.")).to_be_visible(timeout=20_000)
    assert not Meeting.objects.filter(month=month, state="filed").exists()
    assert '"2.5"' not in overseer.told()

    writer.join()
    writer.expect_unsent(0)
    given = dict(SheetScore.objects.order_by("id").values_list("scorer", "scores"))
    assert {"self", "superior"} == set(given)
    assert set(given["superior"].values()) >= {"3"}
    assert "2.5" in given["self"].values()
    assert SheetScore.objects.filter(scorer="superior", is_blind=True).exists()
    overseer.rest()
    writer.rest()


def test_a_task_is_given_and_reported_without_a_network(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    phone.get_by_role("link", name="Giao việc").click()
    phone.get_by_role("button", name="Giao việc").click()
    expect(phone.locator("[data-at=output] .err")).to_contain_text("Ghi kết quả phải thấy được")
    assert_accessible(phone)
    today = phone.evaluate("new Date().toLocaleDateString('en-CA')")
    phone.get_by_label("Việc gì").fill("Sửa 40 m mương")
    phone.get_by_label("Xong thì có gì (kết quả phải thấy được)").fill("nước chảy qua cầu")
    phone.get_by_label("Ai làm").fill("Phó bí thư")
    phone.get_by_label("Hạn xong").fill(today)
    phone.get_by_role("button", name="Giao việc").click()
    expect(phone.get_by_text("Giao trên máy này, đang chờ gửi.")).to_be_visible()

    phone.get_by_role("link", name="Báo kết quả Sửa 40 m mương").click()
    phone.get_by_role("radio", name="Đã xong").check()
    phone.get_by_label("Xong ngày nào").fill(today)
    phone.get_by_label("Kết quả thấy được").fill("đã nghiệm thu")
    assert_accessible(phone)
    phone.get_by_role("button", name="Báo kết quả").click()
    hand.expect_unsent(2)
    hand.join()
    hand.expect_unsent(0)
    task = Task.objects.get(unit_id=cast[CELL])
    assert (task.title, task.state, task.proof) == ("Sửa 40 m mương", "done", "đã nghiệm thu")
    hand.rest()
