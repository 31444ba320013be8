"""The cells of a province as arrays, and the months they are simulated over.

Months are columns of whole calendar years, so that a year is always twelve columns; what lies
outside the months asked for is cut away at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Days, Floats, Ints, stream
from vungmanh.analysis.simulate.sizes import Size
from vungmanh.analysis.simulate.tree import REFORM, Tree, Unit, organisation_of
from vungmanh.core.periods import add_months, months_between
from vungmanh.core.vocabulary import Sector, UnitKind

SECTORS = tuple(Sector)
_NEVER = 1 << 20


@dataclass(frozen=True)
class Calendar:
    """The months asked for, inside whole years. Reports filed after `cut` are not yet known."""

    first: date
    last: date

    @property
    def origin(self) -> date:
        return date(self.first.year, 1, 1)

    @property
    def years(self) -> range:
        """The month after the last belongs to it too: its workbooks are wanted."""
        return range(self.first.year, add_months(self.last, 1).year + 1)

    @property
    def columns(self) -> int:
        return 12 * len(self.years)

    @property
    def cut(self) -> date:
        return add_months(self.last, 1) + timedelta(days=4)

    @property
    def next_cut(self) -> date:
        return add_months(self.last, 2) + timedelta(days=4)

    def column(self, month: date) -> int:
        return months_between(self.origin, month)

    @property
    def months(self) -> Days:
        return np.arange(self.columns) + np.datetime64(self.origin, "M")

    def day(self, cut: date) -> np.datetime64:
        return np.datetime64(cut, "D")


@dataclass(frozen=True)
class Cells:
    """n cells. `start` and `end` are columns of the calendar (`end` exclusive, far if alive).

    `group` is the organisation a cell first belonged to (the old commune, say): cells of a group
    share a latent strength, also after the reform. `home` is today's organisation.
    """

    units: tuple[Unit, ...]
    start: Ints
    end: Ints
    area: Ints
    sector: Ints
    group: Ints
    groups: tuple[Unit, ...]
    home: Ints
    homes: tuple[Unit, ...]
    usual_members: Ints

    def __len__(self) -> int:
        return len(self.units)

    def alive(self, calendar: Calendar) -> Bools:
        """(n, months): which months each cell exists in."""
        months = np.arange(calendar.columns)
        return (self.start[:, None] <= months) & (months < self.end[:, None])

    def index(self, unit: Unit) -> int:
        return self.units.index(unit)


@dataclass(frozen=True)
class Setting:
    """What every part of a simulation shares."""

    seed: int
    size: Size
    calendar: Calendar
    tree: Tree
    cells: Cells

    def stream(self, purpose: str) -> np.random.Generator:
        return stream(self.seed, purpose)


def _column(calendar: Calendar, day: date | None, otherwise: int) -> int:
    return otherwise if day is None else max(calendar.column(day), 0)


def _numbered(units: list[Unit | None]) -> tuple[Ints, tuple[Unit, ...]]:
    """An index for each unit into the list of different ones, in order of appearance."""
    seen: dict[Unit, int] = {}
    numbers = [seen.setdefault(unit, len(seen)) for unit in units if unit is not None]
    return np.array(numbers, dtype=np.int64), tuple(seen)


def _first_group(tree: Tree) -> dict[Unit, Unit | None]:
    """The group of each cell: its first organisation; a merged cell has that of its first part."""
    groups: dict[Unit, Unit | None] = {}
    for cell in tree.cells():
        origin = next((step.old for step in tree.lineage if step.new is cell), cell)
        born = origin.founded or date(2000, 1, 1)
        groups[cell] = organisation_of(origin, born)
    return groups


def _usual_members(tree: Tree, cells: list[Unit], seed: int) -> Ints:
    """Log-normal, median about 13, between 4 and 60; a merged cell has what its parts had."""
    rng = stream(seed, "cell sizes")
    sizes = np.clip(np.rint(np.exp(rng.normal(np.log(12.8), 0.6, len(cells)))), 4, 60)
    place = {cell: i for i, cell in enumerate(cells)}
    for step in tree.lineage:
        if step.kind == "merge" and step.new.sector is Sector.VILLAGE:
            parts = [place[other.old] for other in tree.lineage if other.new is step.new]
            sizes[parts] = np.clip(sizes[parts], 4, 18)
            sizes[place[step.new]] = sizes[parts].sum()
    return sizes.astype(np.int64)


def settle(seed: int, size: Size, calendar: Calendar, tree: Tree) -> Setting:
    """The setting of a simulation: the tree with its cells as arrays."""
    cells = tree.cells()
    areas = [plan.name for plan in size.areas]
    first_group = _first_group(tree)
    group, groups = _numbered([first_group[cell] for cell in cells])
    last_life = [min(cell.ended or date.max, date(2100, 1, 1)) for cell in cells]
    home, homes = _numbered(
        [
            organisation_of(cell, end - timedelta(days=1))
            for cell, end in zip(cells, last_life, strict=True)
        ]
    )
    arrays = Cells(
        units=tuple(cells),
        start=np.array([_column(calendar, cell.founded, 0) for cell in cells]),
        end=np.array([_column(calendar, cell.ended, _NEVER) for cell in cells]),
        area=np.array([areas.index(c.area) if c.area in areas else 0 for c in cells]),
        sector=np.array([SECTORS.index(cell.sector) for cell in cells]),
        group=group,
        groups=groups,
        home=home,
        homes=homes,
        usual_members=_usual_members(tree, cells, seed),
    )
    return Setting(seed, size, calendar, tree, arrays)


def new_communes(cells: Cells) -> Bools:
    """Which of `homes` are communes of the reform."""
    return np.array(
        [unit.kind is UnitKind.DANG_BO_XA and unit.founded == REFORM for unit in cells.homes]
    )


def mean_by(values: Floats, index: Ints, count: int) -> Floats:
    """The mean of the rows of `values` that share an index; rows (count, …)."""
    sums = np.zeros((count, *values.shape[1:]))
    np.add.at(sums, index, values)
    sizes = np.maximum(np.bincount(index, minlength=count), 1)
    return np.asarray(sums / sizes.reshape(-1, *([1] * (values.ndim - 1))), dtype=np.float64)
