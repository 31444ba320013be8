"""Who votes, how many votes a decision needs, whether enough voters came: all in whole heads.

The base is the membership that votes, not those present (domain.md §2.6): official members, without
those attached elsewhere, suspended, or exempt and absent; an exempt member who comes counts. The
statuses that vote and the fractions are rules of the day (`membership.attendance_base`,
`meeting.voting_majority`). Pure: no clock, no database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.analysis.members_due import Base, expected_members
from vungmanh.core.vocabulary import MembershipStatus, Vocabulary
from vungmanh.rulebook import Rule, Rulebook
from vungmanh.rulebook.values import AttendanceBase, VotingMajority

#: Marks of a roll call that take somebody out of the base whatever the register says of them.
AWAY, EXEMPT, PRESENT = "away", "exempt", "present"


class Matter(Vocabulary):
    """What is decided: an ordinary matter, or one about somebody's membership."""

    ORDINARY = "ordinary", "Nghị quyết, quyết định"
    MEMBERSHIP = "membership", "Kết nạp, công nhận chính thức, xóa tên, khai trừ"


@dataclass(frozen=True)
class Electorate:
    """The voting base of one meeting. `present`: how many of them came; None where unknown."""

    base: int
    present: int | None = None

    def __post_init__(self) -> None:
        if self.base < 0 or (self.present or 0) < 0:
            raise ValueError("heads are never negative")


@dataclass(frozen=True)
class Majorities:
    """The two fractions of a day's rule, and the rules they and the base were read from."""

    more_than: Fraction
    at_least: Fraction
    base: Base
    rules: tuple[Rule, ...]

    def needed(self, base: int, matter: Matter = Matter.ORDINARY) -> int:
        """The least number of votes that decides among `base` voters; at least one."""
        if matter is Matter.MEMBERSHIP:
            exact = self.at_least * base
            return max(-(-exact.numerator // exact.denominator), 1)
        exact = self.more_than * base
        return exact.numerator // exact.denominator + 1

    def has_quorum(self, electorate: Electorate) -> bool | None:
        """Whether those who came could decide anything at all; None where unknown."""
        if electorate.present is None:
            return None
        return electorate.present >= self.needed(electorate.base)


@dataclass(frozen=True)
class Vote:
    """A vote against its base. `passed` rests on whole heads, never on the rounded share."""

    votes: int
    base: int
    needed: int

    @property
    def passed(self) -> bool:
        return self.votes >= self.needed

    @property
    def is_possible(self) -> bool:
        """More votes than voters cannot be."""
        return self.votes <= self.base

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.votes, self.base) if self.base else None


def majorities_on(book: Rulebook, day: dt.date) -> Majorities | None:
    """The rules of a day; None where none is known, which a page must say."""
    view = book.on(day)
    if not (view.has(AttendanceBase.key) and view.has(VotingMajority.key)):
        return None
    who, how = view.of(AttendanceBase), view.of(VotingMajority)
    return Majorities(
        more_than=Fraction(how.more_than_numerator, how.more_than_denominator),
        at_least=Fraction(how.at_least_numerator, how.at_least_denominator),
        base=Base(who.expected, who.if_present, who.voting),
        rules=(view.rule(VotingMajority.key), view.rule(AttendanceBase.key)),
    )


def electorate_by_count(
    members: Mapping[MembershipStatus, int],
    rule: Base,
    *,
    exempt_present: int | None = None,
    present_official: int | None = None,
) -> Electorate | None:
    """The base from counts by status; None where nothing was counted.

    `present_official` are the voting members who came, exempt ones who came among them.
    """
    expected = expected_members(members, rule, exempt_present=exempt_present or 0)
    return None if expected is None else Electorate(expected.voting, present_official)


def electorate_by_name(
    people: Iterable[tuple[MembershipStatus, str | None]], rule: Base
) -> Electorate:
    """The base from a roll call: the status of each on the day and the mark given, if any.

    Whoever was not marked belongs to the base and was not seen to come.
    """
    base = present = 0
    for status, mark in people:
        comes = mark == PRESENT
        votes = status in rule.voting and mark not in (AWAY, EXEMPT)
        if votes or (status in rule.if_present and comes):
            base += 1
            present += comes
    return Electorate(base, present)


def vote_on(
    votes: int, electorate: Electorate, rule: Majorities, matter: Matter = Matter.ORDINARY
) -> Vote:
    """One vote counted against the base of the meeting."""
    return Vote(votes, electorate.base, rule.needed(electorate.base, matter))
