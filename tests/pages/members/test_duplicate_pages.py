"""Entries of one person through their pages: found, compared masked, merged, taken apart."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import CELLS, LANG_THU, QUAN_MAU, Cast, listed, make_cast
from vungmanh.access.models import Event
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import Membership, NamesSwitch, Person

CELL, NEXT, _ = CELLS[QUAN_MAU]
LIST = reverse("duplicates")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2019, 1, 1))


def client(cast: Cast, role: Role, unit: str = QUAN_MAU) -> Client:
    made = Client()
    made.force_login(cast.user(f"{role}.{unit}", role, unit))
    return made


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_two_entries_are_compared_merged_and_taken_apart_through_their_pages(cast: Cast) -> None:
    office = client(cast, Role.COMMITTEE_OFFICE)
    assert "không có tên để tìm" in words(office.get(LIST))
    NamesSwitch.objects.create(unit_id=cast[QUAN_MAU], from_day=dt.date(2019, 1, 1), document="QĐ")
    assert "Không thấy ai" in words(office.get(LIST))
    born = dt.date(1980, 3, 4)
    people = [
        listed(cast[CELL], "Nông Thử Hoà").person,
        listed(cast[NEXT], "Nong Thu Hoa", since=dt.date(2024, 1, 1)).person,
    ]
    for number, one in enumerate(people):
        one.born_on, one.external_key = born, f"12345{number}89"
        one.save()
    page = reverse("duplicate", args=[one.pk for one in people])
    seen = words(office.get(LIST))
    for text in ("1 đôi tên", "tên giống nhau khi bỏ dấu", "cùng ngày sinh", "khác mã", page):
        assert text in seen
    side = words(office.get(page))
    assert "là một người hay hai người" in side
    assert not {"04/03/1980", "12345089", "1980"} & {
        one for one in ("04/03/1980", "12345089", "1980") if one in side
    }
    kept = str(people[0].pk)
    shown = {"act": "reveal", "person": kept, "field": "born_on"}
    assert office.post(page, {**shown, "purpose": ""}).status_code == 422
    told = words(office.post(page, {**shown, "purpose": "đối chiếu hai dòng"}, follow=True))
    assert "04/03/1980" in told
    assert Event.objects.get(verb="person.revealed").subject == f"person:{kept}"
    merge = {"act": "merge", "kept": kept, "reason": "cùng một người"}
    refused = office.post(page, merge)
    assert refused.status_code == 422
    assert "Chọn cách xử lý những ngày trùng" in words(refused)
    assert "Đã gộp" in words(office.post(page, {**merge, "overlap": "later"}, follow=True))
    assert "Là một người, đã gộp" in words(office.get(LIST))
    assert Membership.objects.filter(person=people[0]).count() == 2
    undone = office.post(page, {"act": "undo", "reason": "gộp nhầm"}, follow=True)
    assert "Đã rút" in words(undone)
    assert Membership.objects.filter(person=people[1], valid__endswith=None).count() == 1
    assert office.post(page, {"act": "different", "reason": "hai anh em"}).status_code == 302
    assert "Là hai người" in words(office.get(LIST))
    for role in Role:
        if role is not Role.COMMITTEE_OFFICE:
            eyes = client(cast, role)
            assert eyes.get(LIST).status_code == 403
            assert eyes.get(page).status_code == 403
    assert client(cast, Role.COMMITTEE_OFFICE, LANG_THU).get(page).status_code == 404
    assert Person.objects.filter(merged_into=None).count() == 2
