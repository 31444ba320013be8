"""What a report of a programme is made of: figures, each with the records that it counted.

The page lists these records, the annex of the paper names them: a figure is never more than what it
opens to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vungmanh.core.text import number_vi
from vungmanh.strengthening.year_addresses import Address


@dataclass(frozen=True)
class Record:
    """One thing that was counted, `amount` times; `query` are parameters of its page."""

    name: str
    note: str = ""
    address: Address | None = None
    query: tuple[tuple[str, str], ...] = ()
    amount: float = 1


@dataclass(frozen=True)
class Figure:
    """One figure in words. `counted` says of what it is the count; `hidden` is what was counted
    and may not be named to this reader."""

    code: str
    value: str
    counted: str
    records: tuple[Record, ...] = ()
    hidden: int = 0

    @property
    def total(self) -> float:
        return sum(one.amount for one in self.records) + self.hidden


Cell = Figure | str


@dataclass(frozen=True)
class Row:
    """A line of a grid: what it is about, then its cells; `address` opens what it is about."""

    label: str
    cells: tuple[Cell, ...]
    address: Address | None = None


@dataclass(frozen=True)
class Grid:
    """Figures side by side. With one heading it is a list of labels and figures."""

    title: str
    headings: tuple[str, ...]  # the first is that of the labels
    rows: tuple[Row, ...]
    widths: tuple[int, ...]
    empty: str = "Không có."

    @property
    def is_list(self) -> bool:
        return len(self.headings) == 2


@dataclass(frozen=True)
class Chapter:
    """What belongs together in a report."""

    code: str
    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()

    @property
    def figures(self) -> list[tuple[str, Figure]]:
        """Every figure in the order of reading, with a label that stands alone."""
        found = []
        for grid in self.grids:
            for row in grid.rows:
                for heading, cell in zip(grid.headings[1:], row.cells, strict=True):
                    if isinstance(cell, Figure):
                        label = row.label if grid.is_list else f"{row.label}: {heading.lower()}"
                        found.append((label, cell))
        return found


def count(code: str, counted: str, records: Iterable[Record], *, hidden: int = 0) -> Figure:
    """How many they are."""
    made = Figure(code, "", counted, tuple(records), hidden)
    return Figure(code, number_vi(made.total), counted, made.records, hidden)
