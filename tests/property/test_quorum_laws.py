"""Laws of the voting base, against counting heads one by one."""

import datetime as dt
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

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
PEOPLE = st.lists(
    st.tuples(st.sampled_from(Status), st.sampled_from(["present", "excused", "unexcused", None])),
    max_size=60,
)


@given(PEOPLE)
def test_names_and_counts_give_the_same_electorate(people):
    members = Counter(status for status, _ in people)
    came = Counter(status for status, mark in people if mark == "present")
    by_count = electorate_by_count(
        members,
        RULE.base,
        exempt_present=came[Status.EXEMPT],
        present_official=came[Status.OFFICIAL] + came[Status.EXEMPT],
    )
    if by_count is not None:
        assert electorate_by_name(people, RULE.base) == by_count


@given(PEOPLE)
def test_nobody_is_in_the_base_twice_and_nobody_present_outside_it(people):
    found = electorate_by_name(people, RULE.base)
    assert 0 <= found.present <= found.base <= len(people)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_the_least_that_decides_is_least(base, votes):
    for matter in Matter:
        limit = base / 2 if matter is Matter.ORDINARY else 2 * base / 3
        enough = votes > limit if matter is Matter.ORDINARY else votes * 3 >= base * 2
        assert vote_on(votes, Electorate(base), RULE, matter).passed == (enough and votes > 0)


@given(st.integers(1, 3000))
def test_two_majorities_of_one_base_always_share_a_voter(base):
    assert 2 * RULE.needed(base) > base
    assert RULE.needed(base, Matter.MEMBERSHIP) >= RULE.needed(base)
