"""Thử ngưỡng: the page an analyst moves a threshold on, and its part that htmx asks for."""

from __future__ import annotations

import copy
import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import AT, QUAN_MAU, Cast
from tests.pages.strengthening.story import add_cells, assess_years, make_story
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening import explore
from vungmanh.strengthening.actions.assess import withdraw_assessments

pytestmark = pytest.mark.django_db

PAGE = "/can-cu/thu-nguong/"
KY = "?ky=2017-12"


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_years(2017)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.user("phân tích", Role.PROVINCIAL_ANALYST))
    return client


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_opens_with_how_many_are_weak_now(analyst: Client) -> None:
    html = analyst.get(PAGE + KY).content.decode()
    assert "1 tổ chức cơ sở và 2 chi bộ cần củng cố." in words(html)
    assert "Ngưỡng đang dùng là 8." in words(html)
    assert "Không nơi nào đổi trạng thái." in words(html)


def test_a_moved_threshold_tells_who_leaves_and_on_whom_it_weighs(analyst: Client) -> None:
    html = analyst.get(PAGE, {"nguong": "so-ky", "so": "6", "ky": "2017-12"}).content.decode()
    assert "Từ 8 sang 6: thêm 0 tổ chức, 0 chi bộ cần củng cố; bớt" in words(html)
    leaving = html.split("Ra khỏi diện cần củng cố: 1")[-1].split("</details>")[0]
    assert "Chi bộ thôn Đồi Mẫu" in leaving
    assert QUAN_MAU in leaving


def test_the_part_for_htmx_is_the_part_of_the_page(analyst: Client) -> None:
    asked = {"nguong": "so-ky", "so": "6", "ky": "2017-12"}
    page = analyst.get(PAGE, asked).content.decode()
    part = analyst.get(PAGE, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert words(part) in words(page)


@pytest.mark.parametrize("typed", ["0", "13", "tám", "6.5", "-1"])
def test_a_number_that_cannot_be_tried_says_the_bounds(analyst: Client, typed: str) -> None:
    html = analyst.get(PAGE, {"nguong": "so-ky", "so": typed}).content.decode()
    assert "Gõ một số từ 1 đến 12." in html


def test_every_threshold_can_be_chosen_and_starts_at_its_own_number(analyst: Client) -> None:
    for code, now in {"khuyet-bi-thu": "90", "bao-cao": "70", "chi-bo-yeu": "33"}.items():
        html = analyst.get(PAGE, {"nguong": code}).content.decode()
        assert 'name="so" type="number"' in html
        assert f'value="{now}"' in html.split('name="so"')[1].split(">")[0]


def test_more_units_cost_no_more_questions(cast: Cast, analyst: Client) -> None:
    def questions() -> int:
        analyst.get(PAGE, {"nguong": "so-ky", "so": "5"})  # the inputs are read once
        with CaptureQueriesContext(connection) as asked:
            analyst.get(PAGE, {"nguong": "so-ky", "so": "6"})
        return len(asked)

    before = questions()
    names = [f"Chi bộ thôn Thêm {n}" for n in range(5)]
    add_cells(cast, QUAN_MAU, names, since=dt.date(2016, 1, 1))
    for name in names:
        cast.hold(name, 2017, held=6)
    assess_years(2017)
    assert questions() == before


def test_new_figures_are_not_judged_by_old_inputs(cast: Cast, analyst: Client) -> None:
    assert "1 tổ chức cơ sở và 2 chi bộ" in words(analyst.get(PAGE).content.decode())
    cast.hold("Chi bộ thôn Ăn Mẫu", 2017, held=12)
    assess_years(2017)
    assert "0 tổ chức cơ sở và 1 chi bộ" in words(analyst.get(PAGE).content.decode())
    assert len(explore._kept) == 1


def test_a_province_without_assessment_says_what_to_do(client: Client, cast: Cast) -> None:
    withdraw_assessments(months=[dt.date(2017, 12, 1)], by=None, at=AT)
    client.force_login(cast.user("hai", Role.PROVINCIAL_ANALYST))
    assert "chưa thử ngưỡng được" in client.get(PAGE).content.decode()
