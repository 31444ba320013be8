"""An overseer records a visit without a network; what the office wrote otherwise is chosen."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.phone_hand import CELL, Hand, cell_of_fifteen
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import FiledVia, Role
from vungmanh.meetings.actions.visits import record_visit
from vungmanh.meetings.models import Visit

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_visit_recorded_offline_meets_another_record_of_the_day(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = cell_of_fifteen()
    overseer = cast.user("phu-trach", Role.OVERSEER, CELL)
    office = cast.user("van-phong", Role.COMMITTEE_OFFICE, "Đảng bộ xã Quan Mẫu")
    sign_in(phone, overseer)
    hand = Hand(phone, live_server.url)
    hand.open()
    hand.cut()
    expect(phone.get_by_role("heading", name="Đi cơ sở năm nay: 0 lần dự")).to_be_visible()
    phone.get_by_role("link", name=f"Ghi lần đi cơ sở {CELL}").click()
    assert_accessible(phone)
    phone.get_by_role("button", name="Ghi lần đi này").click()
    expect(phone.locator("[data-at=attended] .err")).to_have_text("Chọn có dự hay không dự.")
    phone.get_by_role("radio", name="Có dự", exact=True).check()
    phone.get_by_label("Thấy gì").fill("Họp muộn nửa giờ")
    phone.get_by_label("Đã thống nhất gì với chi bộ").fill("Họp lúc 19 giờ")
    phone.get_by_role("button", name="Ghi lần đi này").click()
    hand.at_home()
    expect(phone.get_by_role("heading", name="Đi cơ sở năm nay: 1 lần dự")).to_be_visible()

    now = timezone.now()
    record_visit(
        id=uuid4(), unit_id=cast[CELL], on=timezone.localdate(), attended=True,
        found="Họp đúng giờ", overseer_id=overseer.pk, by=viewer_for(office, on=now.date()), at=now,
        via=FiledVia.PAPER,
    )  # fmt: skip
    hand.join()
    hand.at_outbox()
    expect(phone.get_by_text("Nơi khác đã ghi khác đồng chí.")).to_be_visible(timeout=20_000)
    choice = phone.get_by_role("group", name="Điều thấy được")
    expect(choice).to_contain_text("Họp đúng giờ")
    assert_accessible(phone)
    choice.get_by_role("radio", name=re.compile("Tôi ghi")).check()
    phone.get_by_role("button", name="Gửi lựa chọn").click()
    hand.expect_unsent(0)
    made = Visit.objects.get()
    assert (made.found, made.agreed) == ("Họp muộn nửa giờ", "Họp lúc 19 giờ")
    hand.rest()
