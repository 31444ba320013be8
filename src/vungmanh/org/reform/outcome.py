"""What a reform comes to: the plan that is shown, and written if it has no problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vungmanh.core.vocabulary import LineageKind, MembershipStatus
from vungmanh.org.reform.problems import Problem
from vungmanh.org.reform.structure import Counts, Version


@dataclass(frozen=True)
class Descent:
    """One row of lineage to be."""

    predecessor: str
    successor: str
    kind: LineageKind
    share: float


@dataclass(frozen=True)
class Goes:
    """Somebody on the list of a unit that ends, and where they are listed next; None: nowhere."""

    person: str
    status: MembershipStatus
    unit: str
    target: str | None


@dataclass(frozen=True)
class Outcome:
    """What holds from the effective day on. With problems it is only good for showing them.

    Founded units are named "#ref". `parents` and `versions` hold what becomes different, founded
    units included; `counts` holds the new counts, whole, of every unit that receives members.
    `ended` gives the number of the step that ends a unit.
    """

    problems: tuple[Problem, ...]
    created: Mapping[str, Version]
    ended: Mapping[str, int]
    versions: Mapping[str, Version]
    parents: Mapping[str, str | None]
    counts: Mapping[str, Counts]
    lineage: tuple[Descent, ...]
    leaving: Mapping[str, Counts]  # members of ended units that go nowhere
    people: tuple[Goes, ...] = ()

    @property
    def touched(self) -> set[str]:
        """Every existing unit of which something is written."""
        named = {*self.ended, *self.versions, *self.parents, *self.counts}
        return {unit for unit in named if unit not in self.created}

    def parent_after(self, unit: str, before: str | None) -> str | None:
        """The parent from the effective day on, given the one before."""
        return self.parents.get(unit, before)

    def successors_of(self, unit: str) -> list[str]:
        return [one.successor for one in self.lineage if one.predecessor == unit]
