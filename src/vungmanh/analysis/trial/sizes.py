"""How large a trial province is. The bench keeps the sizes of methods.md §12 (decisions.md 19)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrialSize:
    """`agents` cells play when an agent is asked for; `mergers` pairs merge in the last year."""

    districts: int
    organisations: int
    mergers: int
    agents: int
    chosen_a_year: int
    first_year: int = 2012
    years: int = 9
    programme_years: int = 4

    @property
    def last_year(self) -> int:
        return self.first_year + self.years - 1


FULL = TrialSize(districts=11, organisations=420, mergers=12, agents=60, chosen_a_year=10)
#: For quick tests of the machinery; too small to judge a method by.
SMALL = TrialSize(districts=4, organisations=80, mergers=3, agents=20, chosen_a_year=3)


@dataclass(frozen=True)
class Stress:
    """What the effect study may switch: how far help spills over to neighbours, whether those who
    choose also know what no record says, and how much more a small organisation gains from help.
    """

    spillover: float = 0.2
    private_knowledge: float = 0.0
    uneven_by_size: float = 0.2


USUAL = Stress()
