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


DIGITS = "9" * 5000
ROWS = {
    "way": "rows", "title": "Thử", "seen": AT.isoformat(), "total": "100", "rescale": "none",
    "g1-code": "C1", "g1-title": "Thảo luận", "g1-points": "100", "g1-1-code": "C1.1",
    "g1-1-text": "Dự họp", "g1-1-points": "100", "g1-1-measure": "attendance",
    "g1-1-levels": "100: từ 90%\n0: dưới 90%",
}  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [
        {"total": DIGITS},
        {"g1-points": DIGITS},
        {"g1-1-points": DIGITS},
        {"g1-1-forgiven": DIGITS},
        {"g1-1-levels": f"{DIGITS}: từ 90%"},
        {"g1-1-levels": f"100: từ {DIGITS}"},
        {"rest": "{[a]: b}"},
        {"rest": "[" * 3000},
    ],
)
def test_rows_typed_out_of_all_bounds_are_shown_back(client: Client, typed: dict[str, str]) -> None:
    cast = make_cast(first=dt.date(2018, 1, 1))
    user = cast.user("phân tích", Role.PROVINCIAL_ANALYST)
    client.force_login(user)
    draft = draft_rule(
        key="meeting_sheet.regular", title="Thử", text=OUT_OF_REACH,
        by=viewer_for(user, on=AT.date()), at=AT,
    )  # fmt: skip
    sent = {**ROWS, **typed}
    check = client.post(reverse("sheet_check", args=[draft.pk]), sent)
    assert check.status_code == 200
    page = client.post(reverse("sheet_edit", args=[draft.pk]), {**sent, "act": "add-0"})
    assert page.status_code == 200
    for answer in (check, page):
        assert "chưa đọc được" in unescape(answer.content.decode()).lower()
    assert next(iter(typed.values())) in unescape(page.content.decode())


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
