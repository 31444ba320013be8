"""Đi cơ sở as an overseer, an office, a standing committee and a secretary work with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import travel

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast, make_cast
from tests.pages.visits.made import visit_of
from vungmanh.access.models import User
from vungmanh.core.text import NBSP
from vungmanh.core.vocabulary import FiledVia, Role
from vungmanh.meetings.models import Task, Visit
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import VisitPlan

pytestmark = pytest.mark.django_db

CELL, OTHER, THIRD = CELLS[QUAN_MAU]
PAGE = "/di-co-so/"
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with travel(dt.datetime(2019, 12, 20, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def sign_in(cast: Cast) -> SignIn:
    def sign_in_(role: Role, unit: str = PROVINCE, name: str = "") -> Client:
        client = Client()
        client.force_login(cast.user(name or f"{role}.{cast[unit].hex[-6:]}", role, unit))
        return client

    return sign_in_


def text_of(response) -> str:
    page = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(NBSP, " ")


def said(**more: str) -> dict[str, str]:
    return {
        "key": str(uuid4()), "on": "2019-12-05", "attended": "co", "found": "Họp đúng giờ",
        "by_plan": "co", **more,
    }  # fmt: skip


def test_an_overseer_records_a_visit_in_one_short_form(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.OVERSEER, CELL, "phu-trach")
    home = text_of(client.get(PAGE))
    assert "đồng chí đã dự 0 buổi; định mức 6 buổi" in home
    assert f"Ghi lần đi {CELL}" in home
    form = client.get(f"{PAGE}ghi/{cast[CELL]}/")
    assert 'value="2019-12-20"' in form.content.decode(), (
        "the day is today until one says otherwise"
    )
    sent = said()
    for _ in range(2):  # sent twice, recorded once
        answer = client.post(f"{PAGE}ghi/{cast[CELL]}/", sent)
        assert answer.status_code == 302
    made = Visit.objects.get()
    assert (str(made.pk), made.found, made.via) == (sent["key"], "Họp đúng giờ", FiledVia.WEB)
    shown = text_of(client.get(answer["Location"]))
    assert "phu-trach đến Chi bộ thôn Nà Mẫu và dự sinh hoạt" in shown
    assert "đồng chí đã dự 1 buổi" in text_of(client.get(PAGE))


def test_a_refusal_stands_at_its_field_and_loses_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.OVERSEER, CELL)
    answer = client.post(f"{PAGE}ghi/{cast[CELL]}/", said(on="2019-12-24"))
    assert answer.status_code == 422
    assert "Ngày đi chưa đến" in text_of(answer)
    assert "Họp đúng giờ" in answer.content.decode()
    assert not Visit.objects.exists()


def test_two_pages_open_at_once_lose_nothing(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.OVERSEER, CELL)
    one = Visit.objects.get(
        pk=client.post(f"{PAGE}ghi/{cast[CELL]}/", said())["Location"].split("/")[-2]
    )
    page = client.get(f"{PAGE}{one.pk}/sua/").content.decode()
    was = re.search(r'name="was" value="([^"]*)"', page)
    assert was
    opened = was[1].replace("&quot;", '"')
    change = {"was": opened, "attended": "co", "by_plan": "co"}
    assert client.post(f"{PAGE}{one.pk}/sua/", {**change, "found": "Họp muộn"}).status_code == 302
    clash = client.post(f"{PAGE}{one.pk}/sua/", {**change, "found": "Ít người"})
    assert clash.status_code == 422
    assert "nơi khác ghi “Họp muộn”, đồng chí ghi “Ít người”" in text_of(clash)
    was = re.search(r'name="was" value="([^"]*)"', clash.content.decode())
    assert was
    again = {**change, "was": was[1].replace("&quot;", '"').replace("&#x27;", "'")}
    assert client.post(f"{PAGE}{one.pk}/sua/", {**again, "found": "Ít người"}).status_code == 302
    one.refresh_from_db()
    assert (one.found, one.revision) == ("Ít người", 3)
    assert "Họp muộn → Ít người" in text_of(client.get(f"{PAGE}{one.pk}/"))


def test_what_was_found_is_given_as_a_task_and_a_mistake_withdrawn(
    cast: Cast, sign_in: SignIn
) -> None:
    client = sign_in(Role.OVERSEER, CELL)
    where = client.post(f"{PAGE}ghi/{cast[CELL]}/", said())["Location"]
    wish = {"title": "Lập lại sổ", "owner": "Bí thư", "due_on": "2020-01-20", "output": "Sổ đủ"}
    assert client.post(f"{where}viec/", wish).status_code == 302
    assert Task.objects.get().unit_id == cast[CELL]
    assert "Lập lại sổ" in text_of(client.get(where))
    assert client.post(f"{where}rut/", {"reason": "ghi nhầm ngày"}).status_code == 302
    gone = text_of(client.get(where))
    assert "Lý do: ghi nhầm ngày" in gone
    assert "Rút lần này" not in gone
    assert client.post(f"{where}viec/", wish).status_code == 422


def test_an_office_enters_the_paper_of_whoever_went(cast: Cast, sign_in: SignIn) -> None:
    overseer = cast.user("phu-trach", Role.OVERSEER, CELL)
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    answer = client.post(f"{PAGE}ghi/{cast[CELL]}/", said(overseer=str(overseer.pk)))
    assert answer.status_code == 302
    made = Visit.objects.get()
    assert (made.overseer_id, made.via) == (overseer.pk, FiledVia.PAPER)
    assert "Ai đã đi" in text_of(client.get(f"{PAGE}ghi/{cast[OTHER]}/"))


def overseers(cast: Cast) -> list[User]:
    return [
        cast.user(name, Role.OVERSEER, cell)
        for name, cell in (("Ước", CELL), ("Án", OTHER), ("Đức", THIRD))
    ]


def test_the_committee_reads_its_overseers_by_name(cast: Cast, sign_in: SignIn) -> None:
    people = overseers(cast)
    visit_of(cast[CELL], people[0])
    client = sign_in(Role.STANDING_COMMITTEE, QUAN_MAU)
    page = client.get(PAGE)
    words = text_of(page)
    assert words.index("Án") < words.index("Đức") < words.index("Ước")
    assert "Năm 2019, 3 người phụ trách; đã ghi 1 lần đi cơ sở." in words
    assert "1/6" in words
    one = text_of(client.get(PAGE, {"nguoi": people[0].pk}))
    assert "Ước đã dự 1 buổi; định mức 6 buổi" in one
    assert "0 người" not in text_of(client.get(PAGE, {"nam": "2018"}))
    neighbour = sign_in(Role.STANDING_COMMITTEE, LANG_THU)
    assert neighbour.get(PAGE, {"nguoi": people[0].pk}).status_code == 404
    assert "Ước" not in text_of(neighbour.get(PAGE))


def test_the_cell_reads_who_came(cast: Cast, sign_in: SignIn) -> None:
    assess_months(months=[dt.date(2019, 12, 1)], by=None, at=AT)
    visit_of(cast[CELL], overseers(cast)[0])
    client = sign_in(Role.CELL_SECRETARY, CELL)
    answer = client.get(PAGE, follow=True)
    words = text_of(answer)
    assert f"{CELL}: 1 lần đi cơ sở đã ghi, gần nhất ngày 05/12/2019." in words
    assert "Ghi lần đi" not in words
    unit = client.get(reverse("unit", args=[cast[CELL]]))
    assert 'id="di-co-so"' in unit.content.decode()
    assert client.get(f"{PAGE}don-vi/{cast[OTHER]}/").status_code == 404


def test_a_plan_is_drawn_once_and_shows_its_seed(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU)
    where = f"{PAGE}ke-hoach/"
    assert "Năm 2019 chưa có kế hoạch đi cơ sở." in text_of(client.get(where))
    assert client.post(where).status_code == 302
    shown = client.get(where)
    assert "Lập kế hoạch năm" not in text_of(shown)
    assert VisitPlan.objects.get().seed in text_of(shown)
    assert client.post(where).status_code == 422
    board = sign_in(Role.STANDING_COMMITTEE, QUAN_MAU)
    assert board.post(where).status_code == 403
    assert VisitPlan.objects.count() == 1
    assert sign_in(Role.CELL_SECRETARY, CELL).get(where).status_code == 403


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}?nguoi=", f"{PAGE}don-vi/"])
def test_a_page_asks_as_often_for_many_as_for_one(cast: Cast, sign_in: SignIn, path: str) -> None:
    people = overseers(cast)
    client, counts = sign_in(Role.COMMITTEE_OFFICE, QUAN_MAU), []
    where = {"?nguoi=": f"{people[0].pk}", "don-vi/": f"{cast[CELL]}/"}
    where_to = path + next((end for sign, end in where.items() if path.endswith(sign)), "")
    client.get(where_to)
    for day in (3, 4, 5):
        for one, cell in zip(people, (CELL, OTHER, THIRD), strict=True):
            visit_of(cast[cell], one, dt.date(2019, 12, day))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(where_to).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
