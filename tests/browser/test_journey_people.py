"""The province's organisation department and a commune's office, a year's work about people: what
they record they take back, and the pages say what they said before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.people_learning import a_year_of_training_is_planned_held_and_taken_back
from tests.browser.people_members import (
    a_list_comes_from_excel,
    members_page,
    somebody_is_admitted_step_by_step,
    somebody_is_excused_and_back,
    the_admission_is_taken_back,
    two_entries_are_merged_and_taken_apart,
    two_move_to_the_neighbour,
)
from tests.browser.people_place import NEIGHBOUR, OFFICE, Place, words
from tests.browser.people_posts import (
    HELD,
    TERMS,
    a_congress_is_recorded,
    a_deputy_is_appointed_after_reading_the_rules,
    a_rotation_follows_both_units_and_is_cancelled,
    a_secretary_is_replaced_in_steps_on_a_phone,
    conditions_are_checked_on_a_phone_and_nothing_is_kept,
    posts_of,
    the_deputy_and_the_congress_are_taken_back,
)
from tests.browser.people_statistics import (
    a_cell_falls_below_its_minimum,
    a_supplied_workbook_is_filled_cell_by_cell,
    a_year_stays_as_it_was_reported,
    it_is_found_and_merged_and_taken_apart,
    its_count_is_taken_back,
)
from tests.browser.province import Town


@pytest.fixture
def place(
    town: Town, desk: Page, phone: Page, assert_accessible: Callable[[Page], None], tmp_path: Path
) -> Place:
    return Place(town, desk, phone, assert_accessible, tmp_path)


def test_posts_terms_and_a_new_secretary_are_recorded_and_taken_back(place: Place) -> None:
    cell = place.led_by_one(OFFICE)
    page = place.at(place.desk, OFFICE, posts_of(cell))
    place.accessible(page)
    before = words(page, HELD, TERMS)
    a_congress_is_recorded(place, cell)
    a_deputy_is_appointed_after_reading_the_rules(place, cell)
    a_rotation_follows_both_units_and_is_cancelled(place, cell)
    conditions_are_checked_on_a_phone_and_nothing_is_kept(place, cell)
    a_secretary_is_replaced_in_steps_on_a_phone(place, cell)
    the_deputy_and_the_congress_are_taken_back(place, cell)
    assert words(page, HELD, TERMS) == before


def test_members_come_move_and_are_told_apart_and_all_of_it_is_undone(place: Place) -> None:
    cell, named = place.by_count(OFFICE)[-1], place.by_name(OFFICE)
    page = place.at(place.desk, OFFICE, members_page(cell))
    place.accessible(page)
    before = words(page, "main")
    address = somebody_is_admitted_step_by_step(place, cell)
    the_admission_is_taken_back(place, address, 6)
    two_move_to_the_neighbour(place, cell, place.by_count(NEIGHBOUR)[0])
    somebody_is_excused_and_back(place, named)
    own = next(one for one in place.cells(OFFICE) if one.unit_id == named.unit_id)
    two_entries_are_merged_and_taken_apart(place, own)
    a_list_comes_from_excel(place, named, own)
    a_year_of_training_is_planned_held_and_taken_back(place)
    assert words(place.at(page, OFFICE, members_page(cell)), "main") == before


def test_small_cells_are_merged_and_a_year_is_counted_and_all_of_it_is_undone(
    place: Place,
) -> None:
    cell, into = place.by_count(OFFICE)[-1:-3:-1]
    page = place.at(place.desk, OFFICE, members_page(cell))
    before = words(page, "main")
    a_cell_falls_below_its_minimum(place, cell)
    it_is_found_and_merged_and_taken_apart(place, cell, into)
    its_count_is_taken_back(place, cell)
    a_year_stays_as_it_was_reported(place, cell)
    a_supplied_workbook_is_filled_cell_by_cell(place)
    assert words(place.at(page, OFFICE, members_page(cell)), "main") == before
