"""Xếp loại năm: which cycles are seen, how one is opened, and the board of one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, PROVINCE, QUAN_MAU, Cast
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import Cycle, Dossier

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
ANALYST, OVERSEER = Role.PROVINCIAL_ANALYST, Role.OVERSEER
DAYS = {
    "rate_self": "2019-12-05", "give_opinion": "2019-12-12", "verify": "2019-12-18",
    "propose": "2019-12-20", "decide": "2019-12-28", "notify": "",
}  # fmt: skip


def page_of(client: Client, address: str) -> str:
    return words(main_of(client.get(address)))


def test_without_a_cycle_the_list_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("vp", OFFICE, QUAN_MAU))
    assert "Chưa có kỳ xếp loại nào trong phạm vi của đồng chí." in page_of(client, "/xep-loai/")


def test_the_list_says_how_many_of_how_many_are_decided_and_what_is_late(story: Story) -> None:
    Cycle.objects.update(deadlines={"rate_self": "2019-12-05"})
    page = page_of(story.as_(OFFICE), "/xep-loai/")
    assert "Năm 2019: 0 trong 3 hồ sơ đã có quyết định; 3 hồ sơ quá hạn một bước." in page
    assert "3 chờ tự xếp loại" in page


@pytest.mark.parametrize(
    ("role", "unit", "seen"),
    [(ANALYST, PROVINCE, 3), (OFFICE, QUAN_MAU, 3), (OVERSEER, CELL, 1), (SECRETARY, CELL, 1)],
)
def test_each_role_sees_the_dossiers_of_its_own_units(
    story: Story, role: Role, unit: str, seen: int
) -> None:
    client = story.as_(role, unit)
    page = page_of(client, f"/xep-loai/{story.cycle.pk}/")
    assert sum(name in page for name in (CELL, SECOND, THIRD)) == seen
    assert f"{seen}/" in page or f"trong {seen} hồ sơ" in page


def test_a_stranger_finds_neither_the_cycle_nor_a_dossier(story: Story) -> None:
    client = story.as_(OFFICE, LANG_THU)
    assert "Nà Mẫu" not in client.get("/xep-loai/").content.decode()
    assert client.get(f"/xep-loai/{story.cycle.pk}/").status_code == 404
    assert client.get(f"/xep-loai/ho-so/{story.dossier().pk}/").status_code == 404


def test_a_cycle_is_opened_in_a_form_that_names_its_rules(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("vp", OFFICE, QUAN_MAU))
    page = page_of(client, "/xep-loai/mo/?nam=2019")
    assert f"Mở kỳ xếp loại năm 2019 của {QUAN_MAU}." in page
    assert "mẫu, tỉnh chưa ban hành" in page
    answer = client.post("/xep-loai/mo/", {"year": "2019", **DAYS})
    made = Cycle.objects.get()
    assert answer["Location"] == f"/xep-loai/{made.pk}/"
    assert made.deadlines["decide"] == "2019-12-28"
    assert "notify" not in made.deadlines
    assert made.dossiers.count() == 3


def test_a_deadline_before_its_step_comes_back_at_its_field(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("vp", OFFICE, QUAN_MAU))
    answer = client.post("/xep-loai/mo/", {"year": "2019", **DAYS, "verify": "2019-12-01"})
    assert answer.status_code == 422
    assert "sớm hơn hạn của bước" in words(main_of(answer))
    assert 'value="2019-12-01"' in answer.content.decode()
    assert not Cycle.objects.exists()


def test_a_day_that_is_none_and_a_second_cycle_are_refused(story: Story) -> None:
    client = story.as_(OFFICE)
    wrong = client.post("/xep-loai/mo/", {"year": "2018", **DAYS, "verify": "mai"})
    assert wrong.status_code == 422
    again = client.post("/xep-loai/mo/", {"year": "2019", **DAYS})
    assert again.status_code == 422
    assert "đã có kỳ xếp loại năm 2019" in words(main_of(again))
    assert Cycle.objects.count() == 1


@pytest.mark.parametrize("role", [OVERSEER, SECRETARY])
def test_who_decides_nothing_opens_nothing(story: Story, role: Role) -> None:
    client = story.as_(role, CELL)
    assert client.get("/xep-loai/mo/").status_code == 403
    assert client.post("/xep-loai/mo/", {"year": "2018"}).status_code == 403
    assert "Mở kỳ xếp loại" not in page_of(client, "/xep-loai/")


def test_the_board_groups_marks_what_is_missing_and_names_what_comes_next(story: Story) -> None:
    Cycle.objects.update(deadlines={"rate_self": "2019-12-05"})
    page = page_of(story.as_(OFFICE), f"/xep-loai/{story.cycle.pk}/")
    assert "0 trong 3 hồ sơ năm 2019 đã tự xếp loại" in page
    assert "Thôn, tổ dân phố" in page
    assert "thiếu, hạn 05/12/2019" in page or "thiếu, hạn 5/12/2019" in page
    assert "Nộp bản tự xếp loại (tổ chức được xếp loại)" in page


def test_the_board_is_searched_and_narrowed(story: Story) -> None:
    client, address = story.as_(OFFICE), f"/xep-loai/{story.cycle.pk}/"
    found = page_of(client, f"{address}?q=doi mau")
    assert SECOND in found
    assert CELL not in found
    assert "Không có hồ sơ nào như vậy." in page_of(client, f"{address}?tt=decided")
    assert CELL in page_of(client, f"{address}?in=1")


def test_other_cycles_cost_no_further_query(story: Story, opened: Callable[..., Story]) -> None:
    client = story.as_(ANALYST, PROVINCE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get("/xep-loai/")
            client.get(f"/xep-loai/{story.cycle.pk}/")
        return len(caught)

    queries()
    alone = queries()
    opened(LANG_THU)
    opened(LANG_THU, 2020)
    assert queries() == alone


def test_what_was_opened_again_is_late_neither_in_the_list_nor_on_the_board(story: Story) -> None:
    Cycle.objects.update(deadlines={"rate_self": "2019-12-05"})
    Dossier.objects.filter(pk=story.dossier().pk).update(version=2)
    client = story.as_(OFFICE)
    assert "2 hồ sơ quá hạn một bước" in page_of(client, "/xep-loai/")
    assert "2 hồ sơ có bước muộn hoặc thiếu" in page_of(client, f"/xep-loai/{story.cycle.pk}/")


def test_opening_says_how_many_would_be_rated(client: Client, cast: Cast) -> None:
    client.force_login(cast.user("vp", OFFICE, QUAN_MAU))
    page = page_of(client, "/xep-loai/mo/?nam=2019")
    assert "Năm này: 3 tổ chức, 0 tập thể lãnh đạo." in page


def test_the_province_comes_from_the_list_to_its_sheets_and_days(story: Story) -> None:
    asked = story.as_(ANALYST, PROVINCE).get("/xep-loai/").content.decode()
    assert "/can-cu/bang-diem/" in asked
    assert "/can-cu/han-xep-loai/" in asked
    assert "/can-cu/han-xep-loai/" not in story.as_(OFFICE).get("/xep-loai/").content.decode()
