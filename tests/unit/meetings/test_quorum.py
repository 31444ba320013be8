"""The voting base and the majorities of domain.md §2.6, in heads that anybody can count."""

import datetime as dt

import pytest

from vungmanh.core.vocabulary import MembershipStatus as Status
from vungmanh.meetings.quorum import (
    Electorate,
    Matter,
    electorate_by_count,
    electorate_by_name,
    majorities_on,
    vote_on,
)
from vungmanh.rulebook import shipped_rulebook

RULE = majorities_on(shipped_rulebook(), dt.date(2025, 8, 1))


@pytest.mark.parametrize(
    ("base", "half", "two_thirds"),
    [(1, 1, 1), (2, 2, 2), (3, 2, 2), (9, 5, 6), (10, 6, 7), (12, 7, 8), (300, 151, 200)],
)
def test_a_decision_needs_more_than_half_of_the_base_and_membership_two_thirds(
    base, half, two_thirds
):
    assert RULE.needed(base) == half
    assert RULE.needed(base, Matter.MEMBERSHIP) == two_thirds


def test_exactly_half_of_the_base_decides_nothing():
    assert not vote_on(5, Electorate(10), RULE).passed
    assert vote_on(6, Electorate(10), RULE).passed


def test_votes_are_measured_by_the_base_not_by_those_who_came():
    here = Electorate(base=10, present=6)
    vote = vote_on(5, here, RULE)
    assert RULE.has_quorum(here)
    assert not vote.passed
    assert (vote.votes, vote.base, vote.share * 100) == (5, 10, 50)


def test_an_exempt_member_counts_only_when_present():
    members = {Status.OFFICIAL: 8, Status.EXEMPT: 2, Status.PROBATIONARY: 1}
    assert electorate_by_count(members, RULE.base).base == 8
    assert electorate_by_count(members, RULE.base, exempt_present=1).base == 9
    assert electorate_by_count(members, RULE.base, exempt_present=7).base == 10  # there are two


def test_probationary_temporary_and_suspended_members_have_no_vote():
    members = dict.fromkeys(Status, 3)
    assert electorate_by_count(members, RULE.base, present_official=2) == Electorate(3, 2)


def test_a_cell_without_counts_has_no_base_rather_than_an_empty_one():
    assert electorate_by_count({}, RULE.base) is None
    assert electorate_by_count({Status.EXEMPT: 2}, RULE.base) is None


def test_a_roll_by_name_gives_the_same_base_as_counting():
    people = [
        (Status.OFFICIAL, "present"),
        (Status.OFFICIAL, "excused"),
        (Status.OFFICIAL, None),
        (Status.OFFICIAL, "away"),  # found to be attached elsewhere
        (Status.OFFICIAL, "exempt"),
        (Status.PROBATIONARY, "present"),
        (Status.EXEMPT, "present"),
        (Status.EXEMPT, "exempt"),
        (Status.TEMPORARY_IN, "present"),
        (Status.SUSPENDED, None),
    ]
    assert electorate_by_name(people, RULE.base) == Electorate(base=4, present=2)


def test_whether_enough_came_is_unknown_where_nobody_counted_the_voters():
    assert RULE.has_quorum(Electorate(9)) is None
    assert RULE.has_quorum(Electorate(9, 4)) is False
    assert RULE.has_quorum(Electorate(9, 5)) is True


def test_more_votes_than_voters_are_seen_to_be_impossible():
    assert not vote_on(11, Electorate(10), RULE).is_possible
    assert vote_on(10, Electorate(10), RULE).is_possible


def test_nobody_decides_in_a_cell_without_voters():
    empty = Electorate(0, 0)
    assert not vote_on(0, empty, RULE).passed
    assert not vote_on(0, empty, RULE, Matter.MEMBERSHIP).passed
    assert vote_on(0, empty, RULE).share is None


def test_heads_below_zero_are_refused():
    with pytest.raises(ValueError, match="negative"):
        Electorate(-1)


def test_every_majority_names_its_rule_and_how_sure_it_is():
    assert [rule.id for rule in RULE.rules] == ["QD294-2025-bieu-quyet", "QD294-2025-co-so-tinh"]
    later = majorities_on(shipped_rulebook(), dt.date(2026, 10, 1))
    assert [rule.caution for rule in later.rules] == ["cần kiểm tra", "cần kiểm tra"]
    assert majorities_on(shipped_rulebook(), dt.date(2019, 1, 1)) is None
