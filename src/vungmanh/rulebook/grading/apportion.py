"""One number of places shared over groups: Webster's method (Sainte-Laguë).

The next place goes to the group with the largest claim / (2 * places + 1). It is house monotone
(one more place takes none from anybody) and favours neither small nor large groups (Balinski &
Young 1982, *Fair Representation*). Hamilton's largest remainders are not offered: one more place to
give can take one away there (the Alabama paradox; `tests/unit/rulebook/test_apportion.py` shows
it).

Order among equals: of equal quotients the larger claim goes first. Equal claims cannot be told
apart by anything lawful: they all get a place, or, when the places do not reach, none does and it
is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Turn:
    """One step of the sharing: who took a place, or several that are alike one each, with the
    claim, how many places each had before, and claim / (2 * taken + 1)."""

    names: tuple[str, ...]
    claim: int
    taken: int

    @property
    def quotient(self) -> Fraction:
        return Fraction(self.claim, 2 * self.taken + 1)


@dataclass(frozen=True)
class Apportionment:
    """`places` by name, in the order of names; `left` could not be given to the `tied`, or to
    anybody when nobody is tied. `turns` are the steps in their order."""

    places: tuple[tuple[str, int], ...]
    tied: tuple[str, ...] = ()
    left: int = 0
    turns: tuple[Turn, ...] = ()

    def of(self, name: str) -> int:
        """How many places a group got."""
        return dict(self.places)[name]


def webster(
    places: int, claims: Mapping[str, int], most: Mapping[str, int] | None = None
) -> Apportionment:
    """Share `places` by `claims` (counts, at least 0), nobody getting above `most`.

    A group with a claim of 0 gets none. Raises ValueError for a negative number.
    """
    limits = dict.fromkeys(claims, places) if most is None else most
    if places < 0 or any(claim < 0 for claim in claims.values()):
        raise ValueError("places and claims are counts")
    got = dict.fromkeys(sorted(claims), 0)
    left = places
    turns: list[Turn] = []
    while left:
        first = _first(claims, got, limits)
        if not first or len(first) > left:
            return Apportionment(tuple(got.items()), first, left, tuple(turns))
        turns.append(Turn(first, claims[first[0]], got[first[0]]))
        for name in first:
            got[name] += 1
        left -= len(first)
    return Apportionment(tuple(got.items()), turns=tuple(turns))


def _first(
    claims: Mapping[str, int], got: Mapping[str, int], limits: Mapping[str, int]
) -> tuple[str, ...]:
    """Whose turn it is: one group, or several that nothing tells apart."""
    turns = {
        name: (Fraction(claims[name], 2 * taken + 1), claims[name])
        for name, taken in got.items()
        if claims[name] and taken < limits[name]
    }
    best = max(turns.values(), default=None)
    return tuple(name for name, turn in turns.items() if turn == best)
