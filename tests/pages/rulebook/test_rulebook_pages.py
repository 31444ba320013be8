"""Căn cứ: the rules of a day, how sure we are of them, and how they came to be."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from tests.cast import AT, PROVINCE, Cast, make_cast
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Evidence, Role
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import VALUE_CLASSES
from vungmanh.strengthening.models import AssessmentRun
from vungmanh.web.rulebook.topics import TOPICS, USES

pytestmark = pytest.mark.django_db

DAY_HD42 = dt.date(2025, 10, 28)


@pytest.fixture
def cast() -> Cast:
    return make_cast(first=dt.date(2018, 1, 1))


@pytest.fixture
def reader(client: Client, cast: Cast) -> Client:
    AssessmentRun.objects.create(month=dt.date(2019, 12, 1), at=AT, reported=0, due=6)
    client.force_login(cast.user("thu", Role.PROVINCIAL_ANALYST, PROVINCE))
    return client


def text_of(html: str) -> str:
    main = html.split('<main class="main"')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def finding(html: str) -> str:
    found = re.search(r'<h1 class="finding">(.*?)</h1>', html, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_rule_has_its_topic_and_what_it_is_used_for() -> None:
    assert set(USES) == set(VALUE_CLASSES)
    assert sum(len(topic.uses) for topic in TOPICS) == len(USES)


def test_the_page_opens_with_how_many_rules_and_how_sure(reader: Client) -> None:
    rules = load_rulebook().on(dt.date(2019, 12, 31)).rules
    second_hand = sum(rule.evidence in {Evidence.SEC, Evidence.MEM} for rule in rules)
    templates = sum(rule.evidence is Evidence.TEMPLATE for rule in rules)
    assert finding(reader.get("/can-cu/").content.decode()) == (
        f"{len(rules)} quy định có hiệu lực ngày 31/12/2019: {second_hand} mới theo nguồn thứ "
        f"cấp, {templates} là mẫu tỉnh chưa ban hành."
    )


def test_every_rule_of_the_day_is_there_with_document_source_and_caution(reader: Client) -> None:
    html = reader.get("/can-cu/", {"ngay": "2026-11-02"}).content.decode()
    words = text_of(html)
    rules = load_rulebook().on(dt.date(2026, 11, 2)).rules
    assert len(re.findall(r"<h3>", html)) == len(rules)
    for rule in rules:
        entry = html.split(f'href="/can-cu/{rule.id}/"')[1].split("</li>")[0]
        assert rule.document.name in words
        assert " ".join(rule.citation.split()) in words
        assert rule.evidence.label in entry
        assert (f'<span class="unsure">{rule.caution}</span>' in entry) == bool(rule.caution)


def test_a_rule_is_not_shown_the_day_before_it_holds(reader: Client) -> None:
    before = DAY_HD42 - dt.timedelta(days=1)
    for rule_id in ("HD42-2025-thoi-luong", "HD42-2025-chuyen-de"):
        link = f"/can-cu/{rule_id}/"
        assert link not in reader.get("/can-cu/", {"ngay": str(before)}).content.decode()
        assert link in reader.get("/can-cu/", {"ngay": str(DAY_HD42)}).content.decode()
    old = reader.get("/can-cu/", {"ngay": str(before)}).content.decode()
    assert "/can-cu/HD12-2018-thoi-luong/" in old


def test_a_day_before_all_rules_is_an_empty_state_with_a_way_out(reader: Client) -> None:
    html = reader.get("/can-cu/", {"ngay": "1990-01-01"}).content.decode()
    assert finding(html) == "Ngày 01/01/1990 chưa có quy định nào được ghi."
    way_out = re.search(r'<a class="btn" href="(/can-cu/\?ngay=[^"]+)">Xem ngày ([^<]+)</a>', html)
    assert way_out is not None
    first = min(rule.valid_from for rule in load_rulebook().rules)
    assert way_out[2] == date_vi(first)
    assert "<h3>" in reader.get(way_out[1]).content.decode()


@pytest.mark.parametrize("typed", ["31/12/2019", "2019-13-01", "hôm nay", "2019-02-30"])
def test_a_day_that_cannot_be_read_says_so_and_shows_the_period(reader: Client, typed: str) -> None:
    response = reader.get("/can-cu/", {"ngay": typed})
    assert response.status_code == 200
    html = response.content.decode()
    assert "Không đọc được ngày đã gõ." in html
    assert "31/12/2019" in finding(html)


def test_a_rule_shows_its_value_its_use_and_its_former_versions(reader: Client) -> None:
    html = reader.get("/can-cu/HD42-2025-thoi-luong/").content.decode()
    words = text_of(html)
    rule = next(one for one in load_rulebook().rules if one.id == "HD42-2025-thoi-luong")
    assert finding(html) == f"{rule.title}."
    assert "Không có hiệu lực ngày 31/12/2019." in words
    assert "Số phút ít nhất khi kết hợp chuyên đề 120" in words
    assert "từ 06/07/2018 đến trước 28/10/2025" in words
    assert 'href="/can-cu/HD12-2018-thoi-luong/"' in html


def test_every_rule_has_a_page(reader: Client) -> None:
    answers = {
        rule.id: reader.get(f"/can-cu/{rule.id}/").status_code for rule in load_rulebook().rules
    }
    assert set(answers.values()) == {200}, answers


def test_a_rule_that_does_not_exist_is_not_found(reader: Client) -> None:
    assert reader.get("/can-cu/khong-co/").status_code == 404


def test_what_the_labels_mean_stands_on_the_page(reader: Client) -> None:
    words = text_of(reader.get("/can-cu/").content.decode())
    for evidence in Evidence:
        assert f"{evidence.label} :" in words
