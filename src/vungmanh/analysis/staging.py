"""From the columnar tables of `schema` to the arrays of `facts`: assessing without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.facts import (
    EXCUSED,
    HELD,
    NO_REPORT,
    NOT_DUE,
    NOT_HELD,
    OPEN,
    UNKNOWN,
    FactRules,
    Inputs,
    Ints,
    Period,
    Spans,
)
from vungmanh.analysis.obligations import months_due
from vungmanh.core.periods import add_months, last_day, months_between
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Post, ReportState

Columns = Mapping[str, Sequence[Any]]
Tables = Mapping[str, Columns]


@dataclass(frozen=True)
class Staged:
    """The inputs of an assessment made from tables, and what is needed to name its units."""

    units: list[str]  # in the order of the arrays
    inputs: Inputs
    tables: Tables

    def period(self, month: dt.date, rules: FactRules) -> Period:
        """The period that ends with `month`, each cell under its organisation of that day."""
        return Period(month, homes(self.tables, self.units, last_day(month)), rules)

    def name(self, place: int, on: dt.date) -> str:
        """What a unit was called on a day; empty if it did not exist then."""
        version = _versions_on(self.tables, on).get(self.units[place])
        return "" if version is None else str(version["name"])


def _rows(table: Columns, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table[name] for name in names), strict=True)


def stage(tables: Tables, until: dt.date, *, every_months: int = 1) -> Staged:
    """Arrays of everything up to the month `until`. What was due follows from the units' lives."""
    units = sorted({str(unit) for unit in tables["unit_versions"]["unit"]})
    index = {unit: place for place, unit in enumerate(units)}
    start = np.full(len(units), OPEN, dtype=np.int64)
    end = np.zeros(len(units), dtype=np.int64)
    for unit, begin, finish in _rows(tables["unit_versions"], "unit", "valid_from", "valid_to"):
        start[index[str(unit)]] = min(start[index[str(unit)]], begin.toordinal())
        end[index[str(unit)]] = max(end[index[str(unit)]], _ordinal(finish))
    first = _first_month(tables)
    width = months_between(first, until) + 1
    marks = _due_marks(tables, index, first, until, every_months)
    carried = np.full(marks.shape, UNKNOWN, dtype=np.int64)
    admitted = np.full(marks.shape, UNKNOWN, dtype=np.int64)
    known_until = max(tables["admissions"]["month"], default=None)
    if known_until is not None:  # the register is complete that far: a month without a row had none
        admitted[:, : max(months_between(first, known_until) + 1, 0)] = 0
    for unit, month, count in _rows(tables["admissions"], "unit", "month", "count"):
        place = months_between(first, month)
        if 0 <= place < width:
            admitted[index[str(unit)], place] = count
    for unit, month in _rows(tables["excuses"], "unit", "month"):
        place = months_between(first, month)
        if 0 <= place < width and marks[index[str(unit)], place] == NO_REPORT:
            marks[index[str(unit)], place] = EXCUSED
    reports = tables["meeting_reports"]
    for unit, month, state, times, new in _rows(
        reports, "unit", "month", "state", "longest_carried", "admitted"
    ):
        row, place = index[str(unit)], months_between(first, month)
        if not 0 <= place < width or marks[row, place] == NOT_DUE:
            continue
        if state == ReportState.HELD:
            marks[row, place] = HELD
        elif marks[row, place] == NO_REPORT:
            marks[row, place] = NOT_HELD
        carried[row, place] = UNKNOWN if times is None else times
        if new is not None:
            admitted[row, place] = new
    inputs = Inputs(
        first_month=first,
        life_start=start,
        life_end=end,
        marks=marks,
        carried=carried,
        admitted=admitted,
        secretaries=_spans(tables["appointments"], index, "post", Post.SECRETARY, lambda row: 1),
        officials=_spans(
            tables["membership_counts"],
            index,
            "status",
            MembershipStatus.OFFICIAL,
            lambda row: int(row["count"]),
        ),
    )
    return Staged(units, inputs, tables)


def _first_month(tables: Tables) -> dt.date:
    """The ledger begins with the first month anything was reported for."""
    first: dt.date = min(tables["meeting_reports"]["month"])
    return first


def _ordinal(day: dt.date | None) -> int:
    return OPEN if day is None else day.toordinal()


def _due_marks(
    tables: Tables, index: Mapping[str, int], first: dt.date, until: dt.date, every_months: int
) -> NDArray[np.uint8]:
    """NO_REPORT in each month a cell owed, NOT_DUE elsewhere."""
    marks = np.full((len(index), months_between(first, until) + 1), NOT_DUE, dtype=np.uint8)
    for unit, spans in _cell_lives(tables).items():
        for begin, finish in spans:
            for month in months_due(begin, finish, first, until, every_months=every_months):
                marks[index[unit], months_between(first, month)] = NO_REPORT
    return marks


def _cell_lives(tables: Tables) -> dict[str, list[tuple[dt.date, dt.date | None]]]:
    """The spans over which each unit was a cell, adjacent versions joined."""
    lives: dict[str, list[tuple[dt.date, dt.date | None]]] = {}
    rows = sorted(
        _rows(tables["unit_versions"], "unit", "valid_from", "valid_to", "kind"),
        key=lambda row: (str(row[0]), row[1]),
    )
    for unit, begin, finish, kind in rows:
        if kind not in CELL_KINDS:
            continue
        spans = lives.setdefault(str(unit), [])
        if spans and spans[-1][1] == begin:
            spans[-1] = (spans[-1][0], finish)
        else:
            spans.append((begin, finish))
    return lives


def _spans(
    table: Columns,
    index: Mapping[str, int],
    column: str,
    wanted: str,
    count: Callable[[dict[str, Any]], int],
) -> Spans:
    names = tuple(table)
    rows = [
        row
        for row in (dict(zip(names, values, strict=True)) for values in _rows(table, *names))
        if row[column] == wanted
    ]
    return Spans(
        np.array([index[str(row["unit"])] for row in rows], dtype=np.int64),
        np.array([row["valid_from"].toordinal() for row in rows], dtype=np.int64),
        np.array([_ordinal(row["valid_to"]) for row in rows], dtype=np.int64),
        np.array([count(row) for row in rows], dtype=np.int64),
    )


def _versions_on(tables: Tables, on: dt.date) -> dict[str, dict[str, Any]]:
    names = ("unit", "valid_from", "valid_to", "name", "kind", "is_organisation")
    return {
        str(row[0]): dict(zip(names, row, strict=True))
        for row in _rows(tables["unit_versions"], *names)
        if row[1] <= on and (row[2] is None or on < row[2])
    }


def homes(tables: Tables, units: Sequence[str], on: dt.date) -> Ints:
    """The organisation of each cell on a day: the nearest unit above or itself that is one."""
    index = {unit: place for place, unit in enumerate(units)}
    versions = _versions_on(tables, on)
    parents = {
        str(unit): str(parent)
        for unit, parent, begin, finish in _rows(
            tables["unit_parents"], "unit", "parent", "valid_from", "valid_to"
        )
        if begin <= on and (finish is None or on < finish)
    }
    home = np.full(len(units), UNKNOWN, dtype=np.int64)
    for cell, version in versions.items():
        if version["kind"] not in CELL_KINDS:
            continue
        above: str | None = cell
        while above is not None and not versions.get(above, {}).get("is_organisation", False):
            above = parents.get(above)
        if above is not None:
            home[index[cell]] = index[above]
    return home


def periods_back(
    staged: Staged, month: dt.date, rules_on: Callable[[dt.date], FactRules], first: dt.date
) -> list[Period]:
    """The periods that end with `month` and every period's length before, oldest first."""
    step = rules_on(last_day(month)).period_months
    periods = []
    while month >= max(first, staged.inputs.first_month):
        periods.append(staged.period(month, rules_on(last_day(month))))
        month = add_months(month, -step)
    return periods[::-1]
