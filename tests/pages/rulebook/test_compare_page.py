"""So sánh hai ngày, and why one rule goes before another."""

from __future__ import annotations

import datetime as dt
import html as entities
import re

import pytest
from django.test import Client

from tests.cast import Cast, make_cast
from vungmanh.core.vocabulary import Evidence, Role
from vungmanh.rulebook import load_rulebook

pytestmark = pytest.mark.django_db
DAYS = {"truoc": "2018-01-01", "sau": "2026-01-01"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def reader(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("thư", Role.CELL_SECRETARY, cast.cells[0]))
    return client


def words(html: str) -> str:
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_two_days_show_every_difference_of_the_rulebook(reader: Client) -> None:
    found = load_rulebook().compare(dt.date(2018, 1, 1), dt.date(2026, 1, 1))
    page = words(reader.get("/can-cu/so-sanh/", DAYS).content.decode())
    assert found
    for one in found:
        assert one.title in page
        assert one.sentence in page
        for field in one.fields:
            assert " ".join(field.after.split()) in page


def test_the_same_day_twice_has_no_difference(reader: Client) -> None:
    page = reader.get("/can-cu/so-sanh/", {"truoc": "2019-01-01", "sau": "2019-01-01"})
    assert "theo cùng các quy định" in words(page.content.decode())


def test_days_the_wrong_way_round_are_turned(reader: Client) -> None:
    turned = {"truoc": DAYS["sau"], "sau": DAYS["truoc"]}
    pages = [
        words(reader.get("/can-cu/so-sanh/", days).content.decode()) for days in (DAYS, turned)
    ]
    assert pages[0] == pages[1]


def test_a_day_that_cannot_be_read_says_so(reader: Client) -> None:
    page = reader.get("/can-cu/so-sanh/", {"truoc": "hôm nay", "sau": "2019-01-01"})
    assert "Không đọc được ngày đã gõ." in words(page.content.decode())


def test_a_rule_tells_why_it_goes_first(reader: Client) -> None:
    page = words(reader.get("/can-cu/MAU-ly-do-khuyet-bi-thu/").content.decode())
    rule = "fact_reason.secretary_vacant"
    for one in load_rulebook().on(dt.date(2026, 11, 30)).why(rule).candidates:
        assert one.rule.title in page
    assert "Vì sao theo bản này" in page


def test_the_index_can_be_cut_to_what_must_be_checked(reader: Client) -> None:
    asked = {"ngay": "2026-01-01", "chac": Evidence.SEC.value}
    html = reader.get("/can-cu/", asked).content.decode()
    rules = load_rulebook().on(dt.date(2026, 1, 1)).rules
    wanted = [rule for rule in rules if rule.evidence is Evidence.SEC]
    assert wanted
    assert html.count("<h3>") == len(wanted)
    nothing = reader.get("/can-cu/", {**asked, "pham-vi": "khong-co"}).content.decode()
    assert "Không quy định nào khớp với bộ lọc." in nothing
