"""The rules of programmes: what a file may say, which path counts, and when a unit may leave."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.programmes.exit import Exit, judge_exit
from vungmanh.rulebook.values.programmes import (
    CauseCatalogue,
    ExitCheck,
    ExitCriterion,
    ExitRule,
    ExpectedPaths,
    MeasureCatalogue,
    SelectionRule,
)

DAY = dt.date(2016, 3, 1)
RULE = ExitRule(
    (ExitCriterion(ExitCheck.HELD_PERCENT, 90), ExitCriterion(ExitCheck.NOT_WEAK)), 3, 1, 12, 0
)
GOOD = {ExitCheck.HELD_PERCENT: Fraction(11, 12) * 100, ExitCheck.NOT_WEAK: True}
BAD = {ExitCheck.HELD_PERCENT: Fraction(80), ExitCheck.NOT_WEAK: True}
DARK = {ExitCheck.HELD_PERCENT: None, ExitCheck.NOT_WEAK: True}


def test_every_cause_leads_to_measures_that_are_in_the_catalogue() -> None:
    view = shipped_rulebook().on(DAY)
    known = {one.code for one in view.of(MeasureCatalogue).measures}
    for cause in view.of(CauseCatalogue).causes:
        assert set(cause.measures) <= known, cause.code
        assert cause.pointer_only == (not cause.measures)


def test_every_path_is_of_a_cause_of_the_catalogue() -> None:
    view = shipped_rulebook().on(DAY)
    known = {one.code for one in view.of(CauseCatalogue).causes} | {""}
    assert {one.cause for one in view.of(ExpectedPaths).paths} <= known


def test_nothing_of_a_programme_pretends_to_be_a_law() -> None:
    view = shipped_rulebook().on(DAY)
    keys = ("programme.selection", "programme.exit", "programme.paths", "oversight.attendance")
    assert {view.rule(key).caution for key in keys} == {"mẫu, tỉnh chưa ban hành"}


def test_two_causes_wait_for_the_slower_path() -> None:
    paths = shipped_rulebook().on(DAY).of(ExpectedPaths)
    assert paths.path(["meetings_taken_lightly", "few_members"]).cause == "few_members"
    assert paths.path(["overload"]).cause == ""


def test_a_place_leaves_after_the_months_asked_for_in_a_row() -> None:
    assert judge_exit(RULE, [BAD, GOOD, GOOD, GOOD], 1).state is Exit.MET
    broken = judge_exit(RULE, [GOOD, GOOD, BAD, GOOD], 1)
    assert broken.state is Exit.NOT_YET
    assert [one.months_met for one in broken.criteria] == [1, 4]


def test_what_is_not_known_is_neither_met_nor_broken() -> None:
    assert judge_exit(RULE, [GOOD, DARK, GOOD], 1).state is Exit.UNKNOWN
    assert judge_exit(RULE, [BAD, DARK, GOOD], 1).state is Exit.NOT_YET
    assert judge_exit(RULE, [], 1).state is Exit.NOT_YET


def test_nobody_leaves_on_the_word_of_who_helped_alone() -> None:
    found = judge_exit(RULE, [GOOD] * 3, 0)
    assert (found.state, found.missing) == (Exit.NOT_YET, 1)


def test_a_selection_without_a_status_is_refused() -> None:
    rule = shipped_rulebook().on(DAY).of(SelectionRule)
    assert rule.bad_periods == 2
    with pytest.raises(ValueError, match="statuses"):
        SelectionRule((), 2, 2, None, False, 20, 30, 30, rule.grey)


def test_a_criterion_that_counts_needs_its_number() -> None:
    with pytest.raises(ValueError, match="minimum"):
        ExitCriterion(ExitCheck.HELD_PERCENT)
    with pytest.raises(ValueError, match="minimum"):
        ExitCriterion(ExitCheck.NOT_WEAK, 1)
