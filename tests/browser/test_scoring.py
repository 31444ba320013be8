"""Chấm điểm on a phone of 360 px and by the keyboard: the running total follows and never lies."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import AT, CELLS, QUAN_MAU, make_cast
from vungmanh.core.vocabulary import MeetingState, Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Meeting, SheetScore

pytestmark = [pytest.mark.django_db(transaction=True)]
CELL = CELLS[QUAN_MAU][0]
MONTH = dt.date(2026, 7, 1)


def test_a_sheet_is_filled_in_on_a_phone_and_its_total_follows(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = make_cast(first=dt.date(2025, 1, 1), last=timezone.localdate().replace(day=1))
    meeting = Meeting.objects.create(
        pk=meeting_id(cast[CELL], "regular", MONTH), unit_id=cast[CELL], kind="regular",
        month=MONTH, state=MeetingState.RECORDING, form=1, changed_at=AT,
        facts={"outcome": "held", "held_on": "2026-07-05", "starts": "19:30", "ends": "21:05",
               "present": 8, "excused": 1, "unexcused": 0, "speakers": 5},
    )  # fmt: skip
    sign_in(phone, cast.user("bithu", Role.CELL_SECRETARY, CELL))
    phone.goto(live_server.url + reverse("meeting_score", args=[meeting.pk]))
    total = phone.locator("#score-tally")
    expect(total).to_contain_text("Các dòng đã có điểm cộng lại 20 trên 20.")
    assert_accessible(phone)

    for line, points in (("3.1", "4"), ("4.1", "5"), ("4.2", "12,5"), ("4.4", "9"), ("5.1", "5"),
                         ("7.1", "3")):  # fmt: skip
        phone.locator(f"[name='d-{line}']").fill(points)
    for line, level in (("3.2", "Không áp dụng"), ("3.3", "Có: 3"), ("6.1", "từ 90%: 30")):
        row = phone.locator("fieldset", has=phone.locator(f"[name='d-{line}']"))
        row.get_by_label(level, exact=True).check()
    expect(total).to_contain_text("Còn 1 dòng chưa chấm")
    last = phone.locator("[name='d-7.2']").nth(2)
    last.focus()
    last.press("ArrowLeft")  # from "not scored" to "no"
    expect(total).to_contain_text("93,5 / 100 điểm Tốt")
    phone.get_by_role("button", name="Ghi điểm").click()
    expect(phone.get_by_text("Đã ghi. Sửa được cho đến khi bên kia chấm xong.")).to_be_visible()
    row = SheetScore.objects.get()
    assert (row.total, row.scores["7.2"], row.scores["3.2"]) == (93.5, "0", "none")
