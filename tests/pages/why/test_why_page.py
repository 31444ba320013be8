"""Vì sao tôi thấy được?: names the role that decides, and tells no more than one may know."""

from __future__ import annotations

import copy
import datetime as dt
import html

import pytest
from django.test import Client

from tests.cast import CELLS, LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.strengthening.story import assess_years, main_of, make_story
from vungmanh.core.vocabulary import Role
from vungmanh.org.models import UnitParent

pytestmark = pytest.mark.django_db

CELL = CELLS[QUAN_MAU][0]


@pytest.fixture(scope="module")
def told(told_for_a_file: None) -> Cast:
    cast = make_story()
    assess_years(2018)
    return cast


@pytest.fixture
def cast(told: Cast, db: None) -> Cast:
    return copy.deepcopy(told)


def answer(client: Client, cast: Cast, unit: str) -> str:
    page = client.get(f"/to-chuc/{cast[unit]}/vi-sao/", headers={"HX-Request": "true"})
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def test_an_office_reads_its_role_and_the_way_down_but_no_names(client: Client, cast: Cast) -> None:
    cast.user("bí danh tỉnh", Role.PROVINCIAL_ANALYST)
    client.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    said = answer(client, cast, CELL)
    assert f"vì giữ vai trò {Role.COMMITTEE_OFFICE.label} tại {QUAN_MAU} từ ngày 01/01/2014" in said
    assert f"{QUAN_MAU} › {CELL}" in said
    assert PROVINCE in said  # a role there sees the cell too
    assert "bí danh tỉnh" not in said


def test_an_analyst_reads_who_sees_a_unit(client: Client, cast: Cast) -> None:
    cast.user("người của xã", Role.COMMITTEE_OFFICE, QUAN_MAU)
    cast.user("người xã khác", Role.COMMITTEE_OFFICE, LANG_THU)
    client.force_login(cast.user("tinh", Role.PROVINCIAL_ANALYST))
    said = answer(client, cast, CELL)
    assert "người của xã" in said
    assert "người xã khác" not in said


def test_the_past_of_a_cell_that_came_from_elsewhere_is_explained(
    client: Client, cast: Cast
) -> None:
    link = UnitParent.objects.get(unit_id=cast[CELL])
    span, day = type(link.valid), dt.date(2020, 1, 1)
    link.valid = span(link.valid.lower, day)
    link.save()
    UnitParent.objects.create(unit_id=cast[CELL], parent_id=cast[LANG_THU], valid=span(day, None))
    client.force_login(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU))
    assert "Lúc đang xem, đơn vị này ở nơi khác" in answer(client, cast, CELL)


def test_out_of_sight_there_is_no_answer_at_all(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("lang", Role.COMMITTEE_OFFICE, LANG_THU))
    assert client.get(f"/to-chuc/{cast[CELL]}/vi-sao/").status_code == 404


def test_the_page_of_a_unit_unfolds_the_answer(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("van-phong", Role.COMMITTEE_OFFICE, QUAN_MAU))
    page = client.get(f"/to-chuc/{cast[CELL]}/")
    assert f"/to-chuc/{cast[CELL]}/vi-sao/" in main_of(page) + page.content.decode()
    whole = client.get(f"/to-chuc/{cast[CELL]}/vi-sao/")
    assert f"Đồng chí thấy {CELL} vì giữ vai trò" in html.unescape(whole.content.decode())
