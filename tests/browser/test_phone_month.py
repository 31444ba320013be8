"""Two months recorded without a network, an overseer who scores blind; what the server has then."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import CELL, Hand, cell_of_fifteen, months_ago, secretary
from vungmanh.meetings.models import Meeting, MeetingReport, PhoneItem

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_two_months_recorded_without_a_network_arrive_whole(
    phone: Page, live_server: Any, sign_in: Any
) -> None:
    cast = cell_of_fifteen()
    sign_in(phone, secretary(cast))
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    phone.reload()  # the shell comes from the phone itself
    hand.unlock()
    hand.at_home()
    hand.record(months_ago(1), speakers=4)
    hand.record(months_ago(2))
    hand.expect_unsent(4)
    assert not PhoneItem.objects.exists()

    hand.join()
    hand.expect_unsent(0)
    for month, speakers in ((months_ago(1), 4), (months_ago(2), 3)):
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
