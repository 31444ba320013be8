"""Who counts at a meeting: exempt, temporarily in or out, suspended, by the day."""

from __future__ import annotations

import datetime as dt

import pytest

from vungmanh.analysis.members_due import Base, Expected, expected_members
from vungmanh.core.vocabulary import MembershipStatus as Status
from vungmanh.rulebook import read_rulebook
from vungmanh.rulebook.loader import DATA
from vungmanh.rulebook.values import AttendanceBase

BOOK = read_rulebook([DATA])
VALUE = BOOK.on(dt.date(2025, 8, 1)).of(AttendanceBase)
BASE = Base(VALUE.expected, VALUE.if_present, VALUE.voting)
CELL = {Status.OFFICIAL: 9, Status.PROBATIONARY: 1}


def test_official_and_probationary_members_are_expected_and_only_the_former_vote() -> None:
    assert expected_members(CELL, BASE) == Expected(attendance=10, voting=9, left_out=0)


def test_an_exempt_member_who_stays_away_is_not_counted() -> None:
    told = expected_members({**CELL, Status.EXEMPT: 2}, BASE)
    assert told == Expected(attendance=10, voting=9, left_out=2)


def test_an_exempt_member_who_comes_counts_and_votes() -> None:
    told = expected_members({**CELL, Status.EXEMPT: 2}, BASE, exempt_present=1)
    assert told == Expected(attendance=11, voting=10, left_out=1)


def test_more_exempt_present_than_there_are_is_not_believed() -> None:
    told = expected_members({**CELL, Status.EXEMPT: 2}, BASE, exempt_present=5)
    assert told == Expected(attendance=12, voting=11, left_out=0)


@pytest.mark.parametrize("status", [Status.TEMPORARY_OUT, Status.SUSPENDED])
def test_whoever_is_away_for_long_or_suspended_is_not_expected(status: Status) -> None:
    told = expected_members({**CELL, status: 3}, BASE)
    assert told == Expected(attendance=10, voting=9, left_out=3)


def test_whoever_is_here_for_a_while_is_expected_and_has_no_vote() -> None:
    told = expected_members({**CELL, Status.TEMPORARY_IN: 2}, BASE)
    assert told == Expected(attendance=12, voting=9, left_out=0)


def test_a_cell_whose_members_nobody_counted_has_no_denominator() -> None:
    assert expected_members({}, BASE) is None
    assert expected_members({Status.EXEMPT: 2}, BASE) is None


def test_before_the_rule_that_was_read_there_is_none() -> None:
    assert not BOOK.on(dt.date(2025, 6, 30)).has(AttendanceBase.key)
    assert BOOK.on(dt.date(2026, 8, 1)).rule(AttendanceBase.key).caution == "cần kiểm tra"
