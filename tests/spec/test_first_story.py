"""1. A commune that met five or six times a year, and what happened when it was restored.

After the account of Quan Bản: only a few of its cells held twelve meetings a year, some five or
six; strengthened for a year, they met every month.
"""

from __future__ import annotations

import datetime as dt

import pytest

from tests.cast import AT, CELLS, LANG_THU, QUAN_MAU, Cast, december, make_cast
from vungmanh.core.vocabulary import Status
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import Assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """2017: the cells of Quan Mẫu held 12, 6 and 5 of 12. From 2018 on they held them all."""
    cast = make_cast()
    for year in (2016, 2017, 2018, 2019):
        for cell in cast.cells:
            cast.hold(cell, year, held=12)
    for cell, held in zip(CELLS[QUAN_MAU], (12, 6, 5), strict=True):
        cast.hold(cell, 2017, held=held)
    assess_months(months=[december(year) for year in (2016, 2017, 2018, 2019)], by=None, at=AT)
    return cast


def standing(cast: Cast, name: str, month: dt.date) -> Assessment:
    return Assessment.objects.get(run__month=month, unit_id=cast[name])


def test_the_commune_is_named_with_the_counts_of_its_cells(cast: Cast) -> None:
    """23 of 36 held is fewer than 8 of 12: one heavy reason, the cells named with counts."""
    commune = standing(cast, QUAN_MAU, december(2017))
    assert commune.status == Status.WEAK
    assert commune.organisation_position == 1
    meetings = commune.reasons[0]
    assert (meetings["key"], meetings["held"], meetings["due"]) == ("meetings_held", 23, 36)
    named = [(cell["name"], cell["held"], cell["due"]) for cell in meetings["named"]]
    assert named == [("Chi bộ thôn Ăn Mẫu", 5, 12), ("Chi bộ thôn Đồi Mẫu", 6, 12)]
    assert commune.failing_cells == 2
    assert commune.worst_cell_id == cast["Chi bộ thôn Ăn Mẫu"]


def test_the_cells_that_failed_have_the_reason_and_the_third_has_none(cast: Cast) -> None:
    good, six, five = (standing(cast, cell, december(2017)) for cell in CELLS[QUAN_MAU])
    assert (good.status, good.reasons) == (Status.NORMAL, [])
    assert [reason["key"] for reason in six.reasons] == ["meetings_held"]
    assert (six.status, six.held, six.due) == (Status.WEAK, 6, 12)
    assert (five.status, five.held, five.due) == (Status.WEAK, 5, 12)
    assert five.cell_position == 1


def test_the_neighbour_is_not_touched(cast: Cast) -> None:
    neighbour = standing(cast, LANG_THU, december(2017))
    assert (neighbour.status, neighbour.reasons) == (Status.NORMAL, [])


def test_restored_the_next_year_its_reasons_clear_at_once(cast: Cast) -> None:
    for name in (QUAN_MAU, *CELLS[QUAN_MAU]):
        assert standing(cast, name, december(2018)).reasons == []


def test_its_status_steps_down_first_to_watched_and_then_to_normal(cast: Cast) -> None:
    """One good period: still watched. Two in a row: normal (decisions.md 3)."""
    years = (2016, 2017, 2018, 2019)
    statuses = [standing(cast, QUAN_MAU, december(year)).status for year in years]
    assert statuses == [Status.NORMAL, Status.WEAK, Status.WATCH, Status.NORMAL]
    assert standing(cast, QUAN_MAU, december(2018)).previous_status == Status.WEAK


def test_the_year_before_nothing_pointed_at_it(cast: Cast) -> None:
    assert standing(cast, QUAN_MAU, december(2016)).status == Status.NORMAL
