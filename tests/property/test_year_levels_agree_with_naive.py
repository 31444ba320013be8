"""Conditions on levels and on shares against trying out every level still open."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.grading.limits import fact_holds, levels_hold
from vungmanh.rulebook.grading.points import YearLine, YearPoints
from vungmanh.rulebook.values.conditions import FactCheck, LevelCheck
from vungmanh.rulebook.values.words import CriterionLevel, FactCompare, SheetPart, SheetWay

LEVELS = list(CriterionLevel)
LIMITS = [None, Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(3, 4)]

rows = st.lists(
    st.tuples(st.sampled_from([*LEVELS, None]), st.sampled_from(list(SheetPart))),
    min_size=1,
    max_size=4,
)
checks = st.builds(
    LevelCheck,
    least=st.sampled_from(LEVELS[:-1]),
    parts=st.lists(st.sampled_from(list(SheetPart)), unique=True, max_size=2).map(tuple),
    more_than=st.sampled_from(LIMITS),
    some_poor=st.booleans(),
)


def points_of_rows(chosen):
    lines = tuple(
        YearLine(str(n), f"Dòng {n}", "1", part, None, None, level, ())
        for n, (level, part) in enumerate(chosen)
    )
    return YearPoints(SheetWay.LEVELS, lines, (), None, None, None)


def naive(check, chosen):
    """With every level said: the words of the condition, one after the other."""
    levels = [level for level, part in chosen if part in (check.parts or list(SheetPart))]
    if check.some_poor:
        return any(level == "kem" for level in levels)
    allowed = LEVELS[: LEVELS.index(check.least) + 1]
    good = [level for level in levels if level in allowed]
    if check.more_than is None:
        return len(good) == len(levels)
    return Fraction(len(good), len(levels)) > check.more_than


@settings(max_examples=200)
@given(checks, rows)
def test_levels_hold_only_when_every_way_to_fill_the_blanks_agrees(check, chosen):
    found = levels_hold(check, points_of_rows(chosen))
    if not any(part in (check.parts or list(SheetPart)) for _, part in chosen):
        assert found is None  # no such rows on this sheet: nothing is proven by their absence
        return
    ways = product(*(LEVELS if level is None else [level] for level, _ in chosen))
    tried = {
        naive(check, [(level, part) for level, (_, part) in zip(way, chosen, strict=True)])
        for way in ways
    }
    assert found == (next(iter(tried)) if len(tried) == 1 else None)


shares = st.sampled_from(
    [FactCompare.SHARE_AT_LEAST, FactCompare.SHARE_AT_MOST, FactCompare.REST_MORE_THAN]
)


@settings(max_examples=200)
@given(shares, st.integers(0, 12), st.integers(0, 12), st.sampled_from(LIMITS[1:]), st.booleans())
def test_shares_are_compared_by_counting_crosswise(compare, value, of, limit, none_is_met):
    fact = Fact(FactName.TASKS_DONE, Fraction(value), of, "sổ thử")
    found = fact_holds(FactCheck(FactName.TASKS_DONE, compare, limit, none_is_met), fact)
    if of == 0:
        assert found is (True if none_is_met else None)
        return
    top, bottom = limit.numerator * of, limit.denominator
    expected = {
        FactCompare.SHARE_AT_LEAST: value * bottom >= top,
        FactCompare.SHARE_AT_MOST: value * bottom <= top,
        FactCompare.REST_MORE_THAN: (of - value) * bottom > top,
    }
    assert found is expected[compare]


@given(st.sampled_from(list(FactCompare)), st.sampled_from(LIMITS[1:]))
def test_fact_nobody_recorded_passes_and_fails_nothing(compare, limit):
    check = FactCheck(
        FactName.TASKS_DONE, compare, None if compare is FactCompare.IS_TRUE else limit
    )
    assert fact_holds(check, Fact(FactName.TASKS_DONE, None, 10, "sổ thử")) is None


def test_check_that_every_level_passes_is_refused():
    with pytest.raises(ValueError, match="cao hơn “kem”"):
        LevelCheck(least=CriterionLevel.KEM)
