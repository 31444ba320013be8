"""How many members a meeting may expect on a day, from the counts of each status.

The statuses do not overlap: each member stands in exactly one (docs/decisions/0008).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from vungmanh.core.vocabulary import MembershipStatus


@dataclass(frozen=True)
class Base:
    """Who is expected, who counts only when present, who votes: as a rule of the day says."""

    expected: Collection[MembershipStatus]
    if_present: Collection[MembershipStatus]
    voting: Collection[MembershipStatus]


@dataclass(frozen=True)
class Expected:
    """The denominators of one meeting."""

    attendance: int  # those whose presence is counted
    voting: int  # those whose vote a decision is measured by
    left_out: int  # members of the cell who are in neither unless they come


def expected_members(
    counts: Mapping[MembershipStatus, int], base: Base, *, exempt_present: int = 0
) -> Expected | None:
    """The denominators by a rule. None where nothing is counted: unknown is not zero.

    Members who count only when present (the exempt) enter both denominators with those who came.
    """
    if not any(status in counts for status in base.expected):
        return None
    came = min(exempt_present, sum(counts.get(status, 0) for status in base.if_present))
    expected = sum(counts.get(status, 0) for status in base.expected)
    return Expected(
        attendance=expected + came,
        voting=sum(counts.get(status, 0) for status in base.voting) + came,
        left_out=sum(counts.values()) - expected - came,
    )
