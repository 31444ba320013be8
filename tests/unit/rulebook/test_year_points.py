"""Points and levels of a year: blanks stay blank, and what cannot be an answer is refused."""

from fractions import Fraction

import pytest

from vungmanh.core.errors import InputError
from vungmanh.rulebook.grading.points import points_of
from vungmanh.rulebook.values.words import CriterionLevel, FactName, SheetPart, SheetWay
from vungmanh.rulebook.values.year_sheets import (
    OrganisationYearSheet,
    YearCriterion,
    YearGroup,
)


def sheet_of(*points, way=SheetWay.POINTS):
    rows = tuple(
        YearCriterion(f"1.{n}", f"Tiêu chí {n}", most, (FactName.TASKS_DONE,))
        for n, most in enumerate(points, start=1)
    )
    group = YearGroup("1", "Nhiệm vụ", SheetPart.TASK_RESULT, None, rows)
    total = Fraction(100) if way is SheetWay.POINTS else None
    return OrganisationYearSheet("R4", 2025, None, way, total, (group,))


SHEET = sheet_of(Fraction(60), Fraction(40))


def test_total_is_exact_once_every_row_is_said():
    points = points_of(SHEET, {"1.1": "59,9", "1.2": Fraction(301, 10)})
    assert points.total == 90
    assert points.groups[0].points == 90
    assert points.is_complete


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_blank_row_leaves_no_total_but_what_it_can_become(blank):
    points = points_of(SHEET, {"1.1": Fraction(50), "1.2": blank})
    assert points.total is None
    assert (points.blanks, points.lowest, points.highest) == (1, 50, 90)
    assert points.groups[0].points is None
    assert points.groups[0].blanks == 1


def test_zero_is_an_answer_and_not_a_blank():
    points = points_of(SHEET, {"1.1": "0", "1.2": 0})
    assert (points.total, points.blanks) == (0, 0)


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({"1.2": "40,5"}, "out-of-range", "1.2: 40,5 điểm nằm ngoài 0 đến 40"),
        ({"1.2": "-1"}, "out-of-range", "1.2: -1 điểm nằm ngoài 0 đến 40"),
        ({"1.1": "tám"}, "not-a-number", "“tám” không đọc được"),
        ({"1.1": "1/0"}, "not-a-number", "không đọc được"),
        ({"1.1": "50%"}, "not-a-number", "không ghi phần trăm"),
        ({"1.1": "9" * 400}, "not-a-number", "không đọc được"),
        ({"1.1": "nan"}, "not-a-number", "không đọc được"),
        ({"9": "1"}, "no-such-criterion", "không có tiêu chí “9”"),
    ],
)
def test_answer_that_cannot_be_is_refused_at_its_criterion(answers, code, words):
    with pytest.raises(InputError, match=words) as caught:
        points_of(SHEET, answers)
    assert caught.value.code == code
    assert caught.value.field == next(iter(answers))


def test_criterion_without_points_takes_none_and_gives_no_total():
    sheet = sheet_of(Fraction(60), None)
    assert points_of(sheet, {"1.1": "60"}).lowest is None
    with pytest.raises(InputError, match="Tỉnh hoàn thiện bảng"):
        points_of(sheet, {"1.2": "1"})


def test_levels_are_chosen_and_never_added():
    sheet = sheet_of(None, None, way=SheetWay.LEVELS)
    points = points_of(sheet, {"1.1": "xuat_sac", "1.2": CriterionLevel.KEM})
    assert [line.level for line in points.lines] == [CriterionLevel.XUAT_SAC, CriterionLevel.KEM]
    assert points.is_complete
    assert (points.total, points.lowest, points.highest) == (None, None, None)
    with pytest.raises(InputError, match="Xuất sắc, Tốt, Trung bình, Kém"):
        points_of(sheet, {"1.1": "8"})


def test_sheet_without_rows_is_never_complete():
    empty = OrganisationYearSheet("R4", 2025, None, SheetWay.POINTS, Fraction(100), ())
    points = points_of(empty, {})
    assert not points.is_complete
    assert points.total is None
