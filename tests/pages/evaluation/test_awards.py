"""Years running at the best grade: on the dossier and the board, through a merger, and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LANG_THU, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import Role
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.models import Ancestry

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
BEST, GOOD = "xuat_sac", "tot"


@pytest.fixture
def story(opened: Callable[..., Story]) -> Story:
    """A cycle of the second year in which the units stand."""
    return opened(QUAN_MAU, 2020)


def graded(story: Story, unit: str, grades: dict[int, str]) -> None:
    YearGrade.objects.bulk_create(
        YearGrade(unit_id=story.cast[unit], year=year, regime="", grade=code)
        for year, code in grades.items()
    )


def dossier(story: Story, unit: str = CELL, role: Role = SECRETARY) -> str:
    client = story.as_(role, unit if role is SECRETARY else QUAN_MAU)
    return words(main_of(client.get(f"/xep-loai/ho-so/{story.dossier(unit).pk}/")))


def board(story: Story) -> str:
    return words(main_of(story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/")))


def test_the_unit_reads_its_years_the_rule_and_what_is_still_open(story: Story) -> None:
    graded(story, CELL, {2019: BEST, 2020: BEST})
    said = dossier(story)
    assert "2 năm liền ở mức cao nhất: 2019 đến 2020." in said
    assert "Đủ số năm để xét: 1. Còn 3 năm nữa thì đủ 5 năm." in said
    assert "2020: chính tổ chức này." in said
    assert "mẫu, tỉnh chưa ban hành" in said
    assert "không phải quyết định khen" in said
    assert f"{CELL} 2 năm liền xuất sắc" in board(story)


def test_a_year_that_is_not_decided_yet_is_not_the_end_of_the_run(story: Story) -> None:
    graded(story, CELL, {2019: BEST})
    graded(story, SECOND, {2019: GOOD})
    assert "1 năm ở mức cao nhất: 2019." in dossier(story)
    said = dossier(story, SECOND)
    assert "Chưa có năm nào để đếm, đến 2019." in said
    assert "Năm 2019 không ở mức cao nhất" in said
    assert "năm liền xuất sắc" not in board(story)


def test_years_of_the_forebears_are_named_with_the_reason(story: Story) -> None:
    """The register says that CELL took in THIRD, which lived on: both must have had the grade."""
    Ancestry.objects.create(
        predecessor_id=story.cast[THIRD], successor_id=story.cast[CELL], share=1.0
    )
    graded(story, CELL, {2019: BEST, 2020: BEST})
    graded(story, THIRD, {2020: BEST, 2019: GOOD})
    said = dossier(story)
    assert "1 năm ở mức cao nhất: 2020." in said
    assert f"2020: chính tổ chức này và nơi nhập vào: {THIRD}." in said
    assert f"Năm 2019 có nơi cũ không ở mức cao nhất: {THIRD}; quy tắc đếm đến đó." in said


def test_the_neighbour_reads_nothing_of_it(story: Story) -> None:
    graded(story, CELL, {2019: BEST, 2020: BEST})
    address = f"/xep-loai/ho-so/{story.dossier().pk}/"
    assert story.as_(OFFICE, LANG_THU).get(address).status_code == 404
    assert story.as_(SECRETARY, SECOND).get(address).status_code == 404
    assert story.as_(OFFICE, LANG_THU).get(f"/xep-loai/{story.cycle.pk}/").status_code == 404


def test_runs_of_a_whole_board_cost_as_much_as_of_one(story: Story) -> None:
    client = story.as_(OFFICE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/xep-loai/{story.cycle.pk}/")
        return len(caught)

    graded(story, CELL, {2019: BEST, 2020: BEST})
    queries()
    one = queries()
    for unit in (SECOND, THIRD):
        graded(story, unit, {2019: BEST, 2020: BEST})
    assert queries() == one
