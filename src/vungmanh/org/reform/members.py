"""Members when a unit ends: added, allotted, or leaving the count. Nobody is lost by rounding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.reform.steps import Split
from vungmanh.org.reform.structure import Counts, Listed


def added(*many: Counts) -> dict[MembershipStatus, int]:
    """The counts together, status by status."""
    total: dict[MembershipStatus, int] = {}
    for counts in many:
        for status, count in counts.items():
            total[status] = total.get(status, 0) + count
    return total


def allotted(count: int, shares: Sequence[float]) -> list[int]:
    """`count` in whole parts by share, by largest remainder; the parts add up to `count`.

    Of equal remainders the earlier part goes first.
    """
    whole = sum(shares)
    exact = [count * share / whole for share in shares]
    parts = [int(number) for number in exact]
    by_remainder = sorted(range(len(shares)), key=lambda n: (parts[n] - exact[n], n))
    for place in by_remainder[: count - sum(parts)]:
        parts[place] += 1
    return parts


def tallied(listed: Iterable[Listed]) -> dict[MembershipStatus, int]:
    """How many names of each standing."""
    return dict(Counter(one.status for one in listed))


def placed_all(step: Split, listed: Sequence[Listed]) -> bool:
    """Whether each name of a list is given to exactly one part."""
    given = [person for part in step.parts for person in part.people]
    return sorted(set(given)) == sorted(given) and {one.person for one in listed} <= set(given)


def split_by_names(
    step: Split, counts: Counts, listed: Sequence[Listed]
) -> list[dict[MembershipStatus, int]] | None:
    """What each part gets by its names; None where the list does not tell the whole count."""
    whole = {status: count for status, count in counts.items() if count}
    if not listed or tallied(listed) != whole or not placed_all(step, listed):
        return None
    return [tallied(one for one in listed if one.person in part.people) for part in step.parts]


def split_members(
    step: Split, counts: Counts, listed: Sequence[Listed] = ()
) -> list[dict[MembershipStatus, int]]:
    """What each part of a split gets: as given, else by names, else by share."""
    if all(part.members is not None for part in step.parts):
        return [dict(part.members or {}) for part in step.parts]
    named = split_by_names(step, counts, listed)
    if named is not None:
        return named
    shares = [part.share for part in step.parts]
    by_part: list[dict[MembershipStatus, int]] = [{} for _ in step.parts]
    for status, count in counts.items():
        for got, number in zip(by_part, allotted(count, shares), strict=True):
            if number:
                got[status] = number
    return by_part


def members_disagree(step: Split, counts: Counts) -> bool:
    """Whether members given to the parts are not exactly the members of the unit."""
    given = [part.members for part in step.parts if part.members is not None]
    if not given:
        return False
    if len(given) < len(step.parts) or any(n < 0 for one in given for n in one.values()):
        return True
    total = added(*given)
    statuses = set(total) | set(counts)
    return any(total.get(status, 0) != counts.get(status, 0) for status in statuses)
