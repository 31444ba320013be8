"""Whatever stands in a draft, its pages answer: with the finding, or with why it cannot be read."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, make_cast
from vungmanh.access.viewer import viewer_for
from vungmanh.core.vocabulary import Role
from vungmanh.org.actions.own_rules import draft_rule
from vungmanh.org.models import OwnRule

pytestmark = pytest.mark.django_db

OUT_OF_REACH = """\
total: 100
rescale: none
groups:
  - code: C1
    title: Thảo luận
    points: 100
    criteria:
      - code: C1.1
        text: Đảng viên dự họp
        points: 100
        measure: attendance
        levels:
          - {points: 100, at_least: 90}
          - {points: 60, at_least: 80}
"""
HOSTILE = {
    "no level in reach": (OUT_OF_REACH, "Tỷ lệ phải viết có dấu %"),
    "a list as a key": ("{[a]: b}", "không đọc được"),
    "brackets without end": ("[" * 3000, "không đọc được"),
    "a number of 5000 digits": ("total: " + "9" * 5000, "không đọc được"),
    "a number as a key": ("{1: a}", "khóa này không được dùng"),
    "a part of itself": ("&a [*a]", "không đọc được"),
    "ten million points": (OUT_OF_REACH.replace("60", "10000000"), "điểm không quá 1000"),
    "a text too long": ("# " + "x" * 60_000, "dài quá 60.000 chữ"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_pages_of_a_draft_answer_whatever_stands_in_it(client: Client, name: str) -> None:
    text, said = HOSTILE[name]
    cast = make_cast(first=dt.date(2018, 1, 1))
    user = cast.user("phân tích", Role.PROVINCIAL_ANALYST)
    client.force_login(user)
    analyst = viewer_for(user, on=AT.date())
    draft = draft_rule(key="meeting_sheet.regular", title="Thử", text=text, by=analyst, at=AT)
    page, check, adoption = (
        reverse(name, args=[draft.pk]) for name in ("sheet_edit", "sheet_check", "sheet_adopt")
    )
    for answer in (
        client.get(page),
        client.get(f"{page}?cach=chu"),
        client.get(adoption),
        client.post(check, {"text": text}),
        client.post(page, {"text": text, "title": "Thử", "act": "as_rows"}),
    ):
        assert answer.status_code in {200, 422}
        assert said in unescape(answer.content.decode())
    assert OwnRule.objects.get(pk=draft.pk).text == text
