"""The tree of an invented province: who exists when, under whom, and what became of what.

Units are plain objects, a few thousand of them; everything measured month by month is an array
(`cells.py`). A unit without `founded` existed before the register begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from vungmanh.core.vocabulary import CELL_KINDS, Sector, UnitKind

#: Districts end, 194 communes become 65 (domain.md §7.2; here in an invented province).
REFORM = date(2025, 7, 1)


@dataclass(frozen=True)
class Link:
    """A parent or a code over dates; `start` None: since before the register."""

    target: Unit | str
    start: date | None
    end: date | None


@dataclass(eq=False)
class Unit:
    """One unit. `links` are its parents, `codes` its official codes, both in order of time."""

    id: str
    name: str
    kind: UnitKind
    sector: Sector
    area: str
    is_organisation: bool
    founded: date | None = None
    ended: date | None = None
    links: list[Link] = field(default_factory=list)
    codes: list[Link] = field(default_factory=list)

    @property
    def is_cell(self) -> bool:
        return self.kind in CELL_KINDS

    def place_under(self, parent: Unit) -> None:
        """Stand under `parent` for the whole of the life this unit and the parent share."""
        starts = [day for day in (self.founded, parent.founded) if day is not None]
        ends = [day for day in (self.ended, parent.ended) if day is not None]
        start, end = max(starts, default=None), min(ends, default=None)
        self.links.append(Link(parent, start, end))

    def parent_on(self, day: date) -> Unit | None:
        for link in self.links:
            begun = link.start is None or link.start <= day
            if begun and (link.end is None or day < link.end) and isinstance(link.target, Unit):
                return link.target
        return None

    def exists_on(self, day: date) -> bool:
        begun = self.founded is None or self.founded <= day
        return begun and (self.ended is None or day < self.ended)


@dataclass(frozen=True)
class Succession:
    """`old` ended and went into `new` on a day; kind "merge" for cells, "reform" for communes."""

    old: Unit
    new: Unit
    on: date
    kind: str
    document: str


@dataclass
class Tree:
    """All units in order of making, and what became of what. `named` finds story units."""

    units: list[Unit] = field(default_factory=list)
    lineage: list[Succession] = field(default_factory=list)
    named: dict[str, Unit] = field(default_factory=dict)

    def cells(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_cell]

    def organisations(self) -> list[Unit]:
        return [unit for unit in self.units if unit.is_organisation]

    def of_kind(self, kind: UnitKind) -> list[Unit]:
        return [unit for unit in self.units if unit.kind is kind]


def organisation_of(cell: Unit, day: date) -> Unit | None:
    """The nearest unit at or above `cell` that is an organisation on `day`."""
    unit: Unit | None = cell
    while unit is not None and not unit.is_organisation:
        unit = unit.parent_on(day)
    return unit


def committee_of(cell: Unit, day: date) -> Unit | None:
    """The committee just under the province to which `cell` reports on `day`."""
    unit: Unit | None = cell
    while unit is not None:
        above = unit.parent_on(day)
        if above is None or above.kind is UnitKind.DANG_BO_TINH:
            return unit
        unit = above
    return None
