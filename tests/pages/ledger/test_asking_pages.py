"""A cell asks for an excuse; the office answers it, and both read the answer."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from time_machine import travel

from tests.cast import CELLS, QUAN_MAU, Cast, make_cast
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import Excuse, ExcuseRequest

CELL, NEXT, _THIRD = CELLS[QUAN_MAU]
LIST = "/so-nghia-vu/xin-mien-hoan/"
ASKED = {
    "relief": "postponed", "duty": "regular", "first_month": "2019-10", "last_month": "2019-10",
    "until": "2020-01", "cause": "flood", "reason": "ngập đường", "document": "",
}  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


def sign_in(cast: Cast, role: Role, unit: str) -> Client:
    client = Client()
    client.force_login(cast.user(f"{role}.{unit[-4:]}", role, unit))
    return client


def words(response: HttpResponse) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def ask(client: Client, cast: Cast, **more: str) -> HttpResponse:
    return client.post(f"/so-nghia-vu/{cast[CELL]}/xin-mien-hoan/", {**ASKED, **more})


def test_asked_by_the_cell_granted_by_the_office_read_by_both(cast: Cast) -> None:
    secretary = sign_in(cast, Role.CELL_SECRETARY, CELL)
    office = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    assert ask(secretary, cast).status_code == 302
    one = ExcuseRequest.objects.get()
    assert "1 lời xin của đồng chí đang chờ cấp trên." in words(secretary.get(LIST))
    assert "1 lời xin chờ đồng chí trả lời." in words(office.get(LIST))
    assert "Cho miễn, hoãn" not in words(secretary.get(f"{LIST}{one.pk}/"))

    said = {"act": "grant", "document": "CV 12-CV/ĐU", "granted_on": "2019-12-20"}
    assert office.post(f"{LIST}{one.pk}/", said).status_code == 302

    assert Excuse.objects.get().document == "CV 12-CV/ĐU"
    assert "Văn bản cho: CV 12-CV/ĐU" in words(secretary.get(f"{LIST}{one.pk}/"))
    again = office.post(f"{LIST}{one.pk}/", said)
    assert again.status_code == 422
    assert "đã có người trả lời" in words(again)


def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    secretary = sign_in(cast, Role.CELL_SECRETARY, CELL)
    page = ask(secretary, cast, relief="excused", until="")
    assert page.status_code == 422
    assert "chỉ hoãn, không miễn" in words(page)
    assert 'value="ngập đường"' in page.content.decode()


def test_declined_with_a_reason_that_the_cell_reads(cast: Cast) -> None:
    secretary = sign_in(cast, Role.CELL_SECRETARY, CELL)
    office = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    ask(secretary, cast)
    one = ExcuseRequest.objects.get()
    assert office.post(f"{LIST}{one.pk}/", {"act": "decline", "reason": ""}).status_code == 422
    office.post(f"{LIST}{one.pk}/", {"act": "decline", "reason": "Đường đã thông"})
    assert "Đường đã thông" in words(secretary.get(f"{LIST}{one.pk}/"))


def test_who_asked_is_told_to_let_another_answer_and_neighbours_see_nothing(cast: Cast) -> None:
    office = sign_in(cast, Role.COMMITTEE_OFFICE, QUAN_MAU)
    ask(office, cast)
    one = ExcuseRequest.objects.get()
    assert "để người khác của cấp trên trả lời" in words(office.get(f"{LIST}{one.pk}/"))
    neighbour = sign_in(cast, Role.CELL_SECRETARY, NEXT)
    assert neighbour.get(f"{LIST}{one.pk}/").status_code == 404
    assert ask(neighbour, cast).status_code == 404
