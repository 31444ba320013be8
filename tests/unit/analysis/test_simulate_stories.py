"""The twins of the account's two stories (domain.md §3.1), and the cells of the reference pages."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from vungmanh.analysis.simulate import PROVINCE, SMALL, Province, simulate_province


@pytest.fixture(scope="module")
def province() -> Province:
    """The scheme's years, small enough for a test."""
    return simulate_province(
        3, size=SMALL, first_month=date(2015, 1, 1), last_month=date(2019, 12, 1)
    )


def unit_named(province: Province, name: str) -> str:
    versions = province.tables["unit_versions"]
    found = {
        unit for unit, said in zip(versions["unit"], versions["name"], strict=True) if said == name
    }
    assert len(found) == 1
    return str(found.pop())


def cells_below(province: Province, name: str, word: str) -> list[str]:
    parent = unit_named(province, name)
    links = province.tables["unit_parents"]
    below = [
        unit for unit, above in zip(links["unit"], links["parent"], strict=True) if above == parent
    ]
    versions = province.tables["unit_versions"]
    names = dict(zip(versions["unit"], versions["name"], strict=True))
    return [unit for unit in below if names[unit].startswith(word)]


def states(province: Province, unit: str, year: int) -> Counter[str]:
    reports = province.tables["meeting_reports"]
    return Counter(
        state
        for said, month, state in zip(
            reports["unit"], reports["month"], reports["state"], strict=True
        )
        if said == unit and month.year == year
    )


def grades(province: Province, unit: str) -> dict[int, str]:
    table = province.tables["year_grades"]
    return {
        year: grade
        for said, year, grade in zip(table["unit"], table["year"], table["grade"], strict=True)
        if said == unit
    }


def chosen(province: Province, unit: str) -> list[Any]:
    table = province.truth["chosen"]
    return [
        day for said, day in zip(table["unit"], table["started_on"], strict=True) if said == unit
    ]


def test_the_cells_of_quan_mau_held_twelve_six_and_five_in_2017_most_of_them_few(
    province: Province,
) -> None:
    villages = cells_below(province, "Đảng bộ xã Quan Mẫu", "Chi bộ thôn")
    counts = [states(province, cell, 2017) for cell in villages]
    held = [count["held"] for count in counts]
    assert len(villages) == 9
    assert {12, 6, 5} <= set(held)
    assert sum(number < 8 for number in held) > len(held) / 2
    assert all(count.total() == 12 for count in counts)  # nothing hides behind silence


def test_quan_mau_was_chosen_in_2017_and_restored_in_2018(province: Province) -> None:
    unit = unit_named(province, "Đảng bộ xã Quan Mẫu")
    villages = cells_below(province, "Đảng bộ xã Quan Mẫu", "Chi bộ thôn")
    assert [day.year for day in chosen(province, unit)] == [2017]
    assert {states(province, cell, 2018)["held"] for cell in villages} == {11, 12}
    assert grades(province, unit)[2017] == "hoan_thanh_tot"


def test_dong_thu_was_chosen_in_2018_got_a_new_secretary_in_march_and_was_excellent(
    province: Province,
) -> None:
    unit = unit_named(province, "Đảng bộ thị trấn Đồng Thử")
    assert [day.year for day in chosen(province, unit)] == [2018]
    posts = province.tables["appointments"]
    starts = [
        start
        for said, post, start in zip(posts["unit"], posts["post"], posts["valid_from"], strict=True)
        if said == unit and post == "secretary"
    ]
    assert [(day.year, day.month) for day in starts] == [(2015, 1), (2018, 3)]
    assert grades(province, unit)[2018] == "xuat_sac"
    assert grades(province, unit)[2017] != "trong_sach_vung_manh"


def test_the_twins_are_named_in_the_truth(province: Province) -> None:
    twins = province.truth["twins"]
    told = dict(zip(twins["story"], twins["year"], strict=True))
    assert told == {"quan_ban": 2017, "dong_mo": 2018}


@pytest.mark.slow
def test_na_mau_is_as_on_the_reference_page() -> None:
    """5 held, 5 not, 2 unreported of 12; no secretary since 29/7/2026; merged on 1/12/2024."""
    province = simulate_province(2026, size=PROVINCE, first_month=date(2024, 1, 1))
    twins = province.truth["twins"]
    told = [
        unit
        for unit, story in zip(twins["unit"], twins["story"], strict=True)
        if story == "reference_page"
    ]
    assert len(told) == 3
    unit = told[0]
    window = date(2025, 11, 1)
    reports = province.tables["meeting_reports"]
    count = Counter(
        state
        for said, month, state in zip(
            reports["unit"], reports["month"], reports["state"], strict=True
        )
        if said == unit and month >= window
    )
    assert count == {"held": 5, "not_held": 5}
    posts = province.tables["appointments"]
    ends = [
        end
        for said, post, end in zip(posts["unit"], posts["post"], posts["valid_to"], strict=True)
        if said == unit and post == "secretary"
    ]
    assert ends == [date(2026, 7, 29)]
    # The day itself is the first without: 29 July to 31 October are the 94 or 95 days of the page.
    assert date(2026, 10, 31) - ends[0] == timedelta(days=94)
    versions = province.tables["unit_versions"]
    own = [i for i, said in enumerate(versions["unit"]) if said == unit]
    assert min(versions["valid_from"][i] for i in own) == date(2024, 12, 1)
    assert {versions["name"][i] for i in own} == {"Chi bộ thôn Nà Mẫu"}
