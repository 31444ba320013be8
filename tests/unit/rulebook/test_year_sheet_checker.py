"""A sheet of a yearly grade that is wrong loads all the same, and each fault is told by its row."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from vungmanh.core.vocabulary import Severity
from vungmanh.rulebook import RulebookError, shipped_rulebook
from vungmanh.rulebook.checking import check_year_sheet
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.values import LeadershipYearSheet, OrganisationYearSheet
from vungmanh.rulebook.values.words import SheetPart, SheetWay
from vungmanh.rulebook.values.year_sheets import (
    PointCut,
    YearCriterion,
    YearGroup,
    YearSheet,
    year_sheet_data,
)

BOOK = shipped_rulebook()
SHIPPED = [rule for rule in BOOK.rules if isinstance(rule.value, YearSheet)]
SHEET = BOOK.on(date(2025, 12, 31)).of(OrganisationYearSheet)
LEVELS = BOOK.on(date(2019, 12, 31)).of(OrganisationYearSheet)


def changed(sheet, place, **fields):
    """The sheet with the first row of a group changed."""
    groups = list(sheet.groups)
    group = groups[place]
    rows = (replace(group.criteria[0], **fields), *group.criteria[1:])
    groups[place] = replace(group, criteria=rows)
    return replace(sheet, groups=tuple(groups))


def codes(sheet, scale=None):
    return {one.code for one in check_year_sheet(sheet, scale).findings}


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.id)
def test_shipped_template_is_sound_and_marked_as_a_template(rule):
    scale = BOOK.grade_scale(rule.value.first_year)
    assert check_year_sheet(rule.value, scale).is_sound
    assert rule.caution == "mẫu, tỉnh chưa ban hành"


@pytest.mark.parametrize("year", [2014, 2017, 2018, 2019, 2022, 2023, 2024, 2025, 2026])
def test_every_year_has_the_sheet_of_its_regime(year):
    view = BOOK.on(date(year, 12, 31))
    assert view.of(OrganisationYearSheet).covers(year)
    assert year < 2018 or view.of(LeadershipYearSheet).covers(year)


def test_sheet_of_99_points_is_told_with_its_group_and_what_is_missing():
    group = SHEET.groups[0]
    sheet = changed(SHEET, 0, points=group.criteria[0].points - 1)
    (found,) = check_year_sheet(sheet).by_code("sum")
    assert found.place == group.code
    assert "thiếu 1" in found.message
    bare = replace(sheet, groups=tuple(replace(one, points=None) for one in sheet.groups))
    (found,) = check_year_sheet(bare).by_code("sum")
    assert "cả bảng cộng lại là 99, phải là 100: thiếu 1" in found.message
    assert not check_year_sheet(bare).is_sound


def test_code_used_twice_is_told_once_with_the_code():
    sheet = changed(SHEET, 0, code=SHEET.groups[1].criteria[0].code)
    (found,) = check_year_sheet(sheet).by_code("same_code")
    assert (found.place, found.severity) == ("2.1", Severity.SEVERE)


@pytest.mark.parametrize(
    ("sheet", "code", "severity"),
    [
        (replace(SHEET, groups=()), "no_groups", Severity.SEVERE),
        (
            replace(SHEET, groups=(replace(SHEET.groups[0], criteria=()), *SHEET.groups[1:])),
            "no_criteria",
            Severity.SEVERE,
        ),
        (changed(SHEET, 0, points=None), "no_criterion_points", Severity.SEVERE),
        (changed(SHEET, 0, points=Fraction(-3)), "not_positive", Severity.SEVERE),
        (changed(SHEET, 0, text=" "), "no_text", Severity.SEVERE),
        (changed(SHEET, 0, code=""), "no_code", Severity.SEVERE),
        (
            changed(SHEET, 0, text=SHEET.groups[1].criteria[0].text.upper()),
            "same_text",
            Severity.WARNING,
        ),
        (replace(SHEET, total=Fraction(90)), "total_not_100", Severity.SEVERE),
        (replace(SHEET, total=None), "total_not_100", Severity.SEVERE),
        (changed(LEVELS, 0, points=Fraction(5)), "points_in_levels", Severity.SEVERE),
        (
            replace(LEVELS, cuts=(PointCut("tot", Fraction(70)),)),
            "cuts_in_levels",
            Severity.SEVERE,
        ),
        (
            replace(
                SHEET, cuts=(PointCut("tot", Fraction(70)), PointCut("xuat_sac", Fraction(90)))
            ),
            "cuts_not_falling",
            Severity.SEVERE,
        ),
        (
            replace(SHEET, cuts=(PointCut("tot", Fraction(101)),)),
            "cut_out_of_reach",
            Severity.SEVERE,
        ),
    ],
)
def test_fault_is_found_and_says_what_to_do(sheet, code, severity):
    found = check_year_sheet(sheet).by_code(code)
    assert found[0].severity is severity
    assert all(one.message and one.remedy for one in found)


def test_sheet_of_levels_without_task_results_cannot_be_used_with_conditions_on_them():
    groups = tuple(replace(one, part=SheetPart.OTHER) for one in LEVELS.groups)
    (found,) = check_year_sheet(replace(LEVELS, groups=groups)).by_code("no_task_result")
    assert found.severity is Severity.SEVERE


def test_cut_of_a_grade_of_another_scale_is_told_with_the_grades_there_are():
    sheet = replace(SHEET, cuts=(PointCut("trong_sach_vung_manh", Fraction(90)),))
    (found,) = check_year_sheet(sheet, BOOK.grade_scale(2025)).by_code("no_such_grade")
    assert "xuat_sac" in found.remedy
    assert "no_such_grade" not in codes(sheet)


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.id)
def test_sheet_written_out_reads_back_equal(rule):
    data = year_sheet_data(rule.value)
    assert typed(type(rule.value), data, file="bảng", key="value") == rule.value


def test_sheet_too_large_to_reckon_with_is_refused():
    rows = tuple(YearCriterion(str(n), f"Dòng {n}", Fraction(1)) for n in range(121))
    group = YearGroup("A", "Nhóm", SheetPart.OTHER, None, rows)
    with pytest.raises(ValueError, match="nhiều nhất 120 tiêu chí"):
        OrganisationYearSheet("R4", 2025, None, SheetWay.POINTS, Fraction(100), (group,))
    data = year_sheet_data(SHEET) | {"total": "100001"}
    with pytest.raises(RulebookError, match="không vượt quá"):
        typed(OrganisationYearSheet, data, file="bảng", key="value")
