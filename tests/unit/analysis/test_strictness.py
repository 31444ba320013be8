"""On made-up committees: a lenient one is found, equal ones are mostly left alone.

Ten committees of seven units. The grade is true strength with noise, by quotas of 20, 55 and 20 %;
the index is true strength with an error of its own. Measured over 400 seeds: of equal committees
0.5 % are told apart (in 3.8 % of the sets any at all); one that sees its units 0.6, 1.2 or 2
deviations better than they are is found in 9, 50 and 94 %.
"""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis.strictness import expected_grades, number_expected, strictness

COMMITTEES, UNITS = 10, 7
QUANTILES = (0.05, 0.25, 0.80)


def graded(seed: int, lenient: float, *, units: int = UNITS) -> tuple[np.ndarray, ...]:
    """grade, index, committee, group; committee 0 sees its units `lenient` deviations higher."""
    draw = np.random.default_rng(seed)
    committee = np.repeat(np.arange(COMMITTEES), units)
    strength = draw.normal(size=len(committee)) + draw.normal(scale=0.3, size=COMMITTEES)[committee]
    index = 70 + 10 * strength + draw.normal(scale=5, size=len(strength))
    seen = strength + draw.normal(scale=0.6, size=len(strength)) + lenient * (committee == 0)
    grade = np.searchsorted(np.quantile(seen, QUANTILES), seen)
    return grade, index, committee, np.zeros(len(committee))


def told(seed: int, lenient: float) -> np.ndarray:
    """Of each committee: 1 told as lenient, -1 as strict, 0 neither."""
    found = strictness(*graded(seed, lenient))
    return (found.low > 0).astype(int) - (found.high < 0).astype(int)


def test_equal_committees_are_seldom_told_apart() -> None:
    signs = np.array([told(seed, 0.0) for seed in range(400)])
    assert (signs != 0).mean() == pytest.approx(0.00475, abs=1e-9)
    assert (signs != 0).mean() < 0.05


def test_a_clearly_lenient_committee_is_found() -> None:
    signs = np.array([told(seed, 2.0) for seed in range(400)])
    assert (signs[:, 0] == 1).mean() == pytest.approx(0.94, abs=1e-9)
    assert not (signs[:, 0] == -1).any()


def test_fewer_than_five_units_or_one_committee_say_nothing() -> None:
    grade, index, committee, group = graded(1, 3.0, units=4)
    assert np.isnan(strictness(grade, index, committee, group).estimate).all()
    grade, index, committee, group = graded(1, 3.0)
    alone = strictness(grade, index, np.zeros(len(grade), dtype=int), group)
    assert np.isnan(alone.estimate).all()


def test_a_unit_without_index_says_nothing_and_is_not_counted() -> None:
    grade, index, committee, group = graded(2, 1.0)
    index[0] = np.nan
    found = strictness(grade, index, committee, group)
    less = strictness(grade[1:], index[1:], committee[1:], group[1:])
    assert found.units[0] == UNITS - 1
    assert found.estimate == pytest.approx(less.estimate)


def test_a_grade_that_everybody_has_is_expected_of_everybody() -> None:
    found = expected_grades([3, 3, 3], [20.0, 60.0, 90.0], [5.0] * 3, [0, 0, 0], 4)
    assert found.cuts.tolist() == [[-np.inf] * 3]
    assert found.chances[:, 3].tolist() == [1.0, 1.0, 1.0]


def test_the_cut_lies_between_the_graded_apart() -> None:
    found = expected_grades([0, 0, 1, 1], [10.0, 20.0, 80.0, 90.0], [1.0] * 4, [0] * 4, 2)
    assert 20 < found.cuts[0, 0] < 80
    assert number_expected(found.chances[:, 1]) == (pytest.approx(2.0), 2, 2)
