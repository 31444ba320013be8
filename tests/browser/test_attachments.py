"""A photograph from a phone of 360 px: too large is said before it is sent, a good one appears."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import AT, CELLS, QUAN_MAU, make_cast
from vungmanh.core.vocabulary import MeetingState, Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import Attachment, Meeting

pytestmark = [pytest.mark.django_db(transaction=True)]

CELL, MONTH = CELLS[QUAN_MAU][0], dt.date(2019, 12, 1)


def test_a_photo_too_large_is_said_before_it_is_sent_and_a_good_one_appears(
    phone: Page, live_server: Any, sign_in: Any, assert_accessible: Any
) -> None:
    cast = make_cast(first=dt.date(2019, 1, 1))
    meeting = Meeting.objects.create(
        pk=meeting_id(cast[CELL], "regular", MONTH), unit_id=cast[CELL], kind="regular",
        month=MONTH, state=MeetingState.RECORDING, form=1, changed_at=AT,
        facts={"outcome": "held", "held_on": "2019-12-05", "present": 8,
               "discussion": "Bàn việc sửa mương."},
        plan={"planned_on": "2019-12-05", "planned_at": "19:30", "place": "Nhà văn hóa thôn"},
    )  # fmt: skip
    sign_in(phone, cast.user("bithu", Role.CELL_SECRETARY, CELL))
    phone.goto(live_server.url + reverse("attachment_add", args=[meeting.pk]))
    shot = io.BytesIO()
    Image.new("RGB", (600, 400), "white").save(shot, "JPEG")
    good = {"name": "trang điểm danh.jpg", "mimeType": "image/jpeg", "buffer": shot.getvalue()}
    heavy = {**good, "name": "nặng.jpg", "buffer": shot.getvalue() + bytes(11_000_000)}

    chooser = phone.get_by_label("Chọn tệp có sẵn")
    chooser.set_input_files(heavy)
    expect(phone.get_by_text("Tệp này quá nặng")).to_be_visible()
    phone.get_by_role("button", name="Đính kèm").click()
    expect(phone.get_by_text("Tệp này quá nặng")).to_be_visible()
    assert not Attachment.objects.exists()

    chooser.set_input_files(good)
    expect(phone.get_by_text("Tệp này quá nặng")).to_be_hidden()
    phone.get_by_role("button", name="Đính kèm").click()
    expect(phone.get_by_role("link", name="trang điểm danh.jpg", exact=True)).to_be_visible()
    assert Attachment.objects.get().kind == "roll_call"
    assert_accessible(phone)
