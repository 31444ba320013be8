"""From one's own tables (`layout.OpenTables`) to the arrays that everything is computed from.

Whole columns at a time: a country has fifteen million cell-months.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.columns import counts, months_from, ordinals, places
from vungmanh.analysis.facts import (
    EXCUSED,
    HELD,
    NO_REPORT,
    NOT_DUE,
    NOT_HELD,
    OPEN,
    UNKNOWN,
    Bools,
    FactRules,
    Inputs,
    Ints,
    Period,
    Spans,
)
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.vocabulary import CELL_KINDS

if TYPE_CHECKING:
    import pyarrow as pa

    from vungmanh.analysis.layout import OpenTables

MARK_OF_STATE = {"held": HELD, "not_held": NOT_HELD, "no_report": NO_REPORT, "excused": EXCUSED}
#: The like kind of units whose group is not told.
EVERYBODY = ""
_NOBODY = Spans(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
_DEEPEST = 64  # levels of parents followed; a longer line is a circle


@dataclass(frozen=True)
class OpenStage:
    """n units with their lives, ledger and places.

    `units` ids in order; `groups` the names of the like kinds, `kind` (n,) indices into them;
    `is_cell` (n,); `inputs` the marks and lives of `analysis.facts`. Months that a file does not
    tell of are months without report while the unit lived.
    """

    tables: OpenTables
    units: list[str]
    groups: list[str]
    kind: Ints
    is_cell: Bools
    inputs: Inputs

    @cached_property
    def names(self) -> list[str]:
        """The latest name of each unit."""
        found = dict(zip(self.units, self.units, strict=True))
        table = self.tables.units
        found.update(zip(table["unit"].to_pylist(), table["name"].to_pylist(), strict=True))
        return [found[unit] for unit in self.units]

    def period(self, month: dt.date, rules: FactRules) -> Period:
        """The twelve months that end with `month`, cells under their organisations of its end."""
        return Period(month, self.homes(last_day(month)), rules)

    def homes(self, day: dt.date) -> Ints:
        """(n,): the organisation of each living cell on `day`; itself where none is above it."""
        rows = _rows_on(self.tables.units, day)
        unit = places(self.tables.units["unit"], self.units)[rows]
        parent = places(self.tables.units["parent"], self.units)[rows]
        is_body = self.tables.units["is_organisation"].to_numpy()[rows].astype(bool)
        n = len(self.units)
        above, body = np.full(n, UNKNOWN), np.zeros(n, dtype=np.bool_)
        above[unit], body[unit] = parent, is_body
        home = np.arange(n)
        for _ in range(_DEEPEST):
            climbing = ~body[home] & (above[home] != UNKNOWN)
            if not climbing.any():
                break
            home = np.where(climbing, above[home], home)
        home = np.where(body[home], home, np.arange(n))
        today = day.toordinal()
        alive = (self.inputs.life_start <= today) & (self.inputs.life_end > today)
        return np.asarray(np.where(self.is_cell & alive, home, UNKNOWN))

    def lived(self, ends: Sequence[dt.date], months: int = 12) -> NDArray[np.float64]:
        """(n, T): months of each period in which a cell owed a meeting, or would have."""
        marks = self.inputs.marks != NOT_DUE
        return np.stack(
            [marks[:, _columns(self.inputs, end, months)].sum(axis=1) for end in ends], axis=1
        ).astype(np.float64)


def stage(tables: OpenTables, until: dt.date) -> OpenStage:
    """Arrays of everything told up to and including the month `until`."""
    units = sorted(set(tables.units["unit"].to_pylist()))
    first = _first_month(tables)
    groups, kind = _kinds(tables, units)
    is_cell = _cells(tables, units)
    months = (until.year - first.year) * 12 + until.month - first.month + 1
    if months < 1:
        raise ValueError("until lies before the first month told of")
    start, end = _lives(tables, units, first)
    marks = _owed(first, months, np.where(is_cell, start, OPEN), end)
    _mark_years(tables, units, first, marks)
    _mark_months(tables, units, first, marks)
    inputs = Inputs(
        first_month=first,
        life_start=start,
        life_end=end,
        marks=marks,
        carried=_grid(tables, "longest_carried", units, first, marks.shape),
        admitted=_grid(tables, "admitted", units, first, marks.shape),
        secretaries=_NOBODY,
        officials=_NOBODY,
    )
    return OpenStage(tables, units, groups, kind, is_cell, inputs)


def _first_month(tables: OpenTables) -> dt.date:
    import pyarrow.compute as pc

    firsts = []
    if len(tables.cell_months):
        firsts.append(pc.min(tables.cell_months["month"]).as_py())
    if len(tables.cell_years):
        firsts.append(dt.date(pc.min(tables.cell_years["year"]).as_py(), 1, 1))
    first: dt.date = min(firsts)
    return first.replace(day=1)


def _kinds(tables: OpenTables, units: list[str]) -> tuple[list[str], Ints]:
    """The like kinds and the latest one of each unit."""
    of_unit = dict.fromkeys(units, EVERYBODY)
    group = tables.units["group"].to_pylist()
    for unit, name in zip(tables.units["unit"].to_pylist(), group, strict=True):
        if name:
            of_unit[unit] = name
    groups = sorted(set(of_unit.values()))
    place = {name: code for code, name in enumerate(groups)}
    return groups, np.array([place[of_unit[unit]] for unit in units], dtype=np.int64)


def _cells(tables: OpenTables, units: list[str]) -> Bools:
    """A cell is whoever is told of month by month or year by year, or is called one."""
    is_cell = np.zeros(len(units), dtype=np.bool_)
    for table in (tables.cell_months, tables.cell_years):
        place = places(table["unit"], units)
        is_cell[place[place != UNKNOWN]] = True
    kinds = set(CELL_KINDS)
    kind = tables.units["kind"].to_pylist()
    called = np.array([one in kinds for one in kind], dtype=np.bool_)
    is_cell[places(tables.units["unit"], units)[called]] = True
    return is_cell


def _lives(tables: OpenTables, units: list[str], first: dt.date) -> tuple[Ints, Ints]:
    """(first day, day after the last): as told, else from the first month told of, and still on."""
    n, table = len(units), tables.units
    place = places(table["unit"], units)
    told = ordinals(table["valid_from"])
    start = np.full(n, OPEN, dtype=np.int64)
    np.minimum.at(start, place, told)
    end = np.zeros(n, dtype=np.int64)
    np.maximum.at(end, place, ordinals(table["valid_to"]))
    of_rows = np.full(n, OPEN, dtype=np.int64)
    np.minimum.at(
        of_rows, places(tables.cell_months["unit"], units),
        ordinals(tables.cell_months["month"]),
    )  # fmt: skip
    if len(tables.cell_years):
        january = np.array(
            [dt.date(year, 1, 1).toordinal() for year in tables.cell_years["year"].to_pylist()]
        )
        np.minimum.at(of_rows, places(tables.cell_years["unit"], units), january)
    of_rows = np.where(of_rows == OPEN, first.toordinal(), of_rows)
    start = np.where(start == OPEN, of_rows, start)
    if len(tables.lineage):
        gone = places(tables.lineage["predecessor"], units)
        np.minimum.at(end, gone, ordinals(tables.lineage["on"]))
    return start, end


def _owed(first: dt.date, months: int, start: Ints, end: Ints) -> NDArray[np.uint8]:
    """(n, months): a cell owes the months it lived whole, and nothing is told of them yet."""
    marks = np.full((len(start), months), NOT_DUE, dtype=np.uint8)
    for column in range(months):
        month = add_months(first, column)
        lived = (start <= month.toordinal()) & (end >= add_months(month, 1).toordinal())
        marks[lived, column] = NO_REPORT
    return marks


def _mark_months(
    tables: OpenTables, units: list[str], first: dt.date, marks: NDArray[np.uint8]
) -> None:
    row, column, inside = _cells_of_grid(tables.cell_months, units, first, marks.shape[1])
    states = tables.cell_months["state"].dictionary_encode().combine_chunks()
    letters = [MARK_OF_STATE[state] for state in states.dictionary.to_pylist()]
    code = np.array(letters or [NOT_DUE], dtype=np.uint8)
    told = code[states.indices.to_numpy(zero_copy_only=False)]
    marks[row[inside], column[inside]] = told[inside]
    row, column, inside = _cells_of_grid(tables.not_due, units, first, marks.shape[1])
    marks[row[inside], column[inside]] = NOT_DUE


def _mark_years(
    tables: OpenTables, units: list[str], first: dt.date, marks: NDArray[np.uint8]
) -> None:
    """Years told only as counts: as many marks of each kind, in an order that means nothing."""
    table = tables.cell_years
    if not len(table):
        return

    def column(name: str) -> Ints:
        import pyarrow.compute as pc

        return np.asarray(pc.fill_null(table[name], 0).to_numpy(), dtype=np.int64)

    row: Ints = places(table["unit"], units)
    start: Ints = (column("year") - first.year) * 12 + 1 - first.month
    told = np.cumsum(
        [column("held"), column("not_held"), column("excused"), column("no_report")], axis=0
    )
    letters = np.array([HELD, NOT_HELD, EXCUSED, NO_REPORT, NOT_DUE], dtype=np.uint8)
    for place in range(12):
        at = start + place
        kind = (place >= told).sum(axis=0)
        inside = (row != UNKNOWN) & (at >= 0) & (at < marks.shape[1])
        marks[row[inside], at[inside]] = letters[kind[inside]]


def _cells_of_grid(
    table: pa.Table, units: list[str], first: dt.date, months: int
) -> tuple[Ints, Ints, Bools]:
    """Row and column in the grid of each row of the table, and whether it lies inside."""
    row = places(table["unit"], units)
    column = months_from(table["month"], first)
    return row, column, (row != UNKNOWN) & (column >= 0) & (column < months)


def _grid(
    tables: OpenTables, name: str, units: list[str], first: dt.date, shape: tuple[int, ...]
) -> Ints:
    """A monthly count as a grid; a column nobody filled in takes no room."""
    column: Any = tables.cell_months[name]
    if column.null_count == len(column):
        return np.broadcast_to(np.int64(UNKNOWN), shape)
    grid = np.full(shape, UNKNOWN, dtype=np.int64)
    row, place, inside = _cells_of_grid(tables.cell_months, units, first, shape[1])
    grid[row[inside], place[inside]] = counts(column)[inside]
    return grid


def _rows_on(units: pa.Table, day: dt.date) -> Bools:
    today = day.toordinal()
    return np.asarray((_from(units["valid_from"]) <= today) & (ordinals(units["valid_to"]) > today))


def _from(column: pa.ChunkedArray) -> Ints:
    """First days as ordinals; null began before anything is told."""
    days = ordinals(column)
    return np.where(days == OPEN, 0, days)


def _columns(inputs: Inputs, end: dt.date, months: int) -> slice:
    last = (end.year - inputs.first_month.year) * 12 + end.month - inputs.first_month.month
    stop = min(max(last + 1, 0), inputs.marks.shape[1])
    return slice(min(max(last + 1 - months, 0), stop), stop)
