"""The tables of a trial province in the open layout, as a method would be given them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Ints, stream
from vungmanh.analysis.trial.records import Records
from vungmanh.analysis.trial.sizes import TrialSize
from vungmanh.analysis.trial.tree import CELL_GROUPS, KINDS, MERGER_MONTH, Tree

if TYPE_CHECKING:
    import pyarrow as pa

_STATES = ("held", "not_held", "no_report", "excused")
_HELD, _NOT_HELD, _NO_REPORT, _EXCUSED = range(4)
_PROVINCE = "tinh"
#: A post is empty when a key person leaves, and now and then otherwise.
_VACANT_OTHERWISE, _VACANT_DAYS = 0.02, (30, 240)


def merger_day(size: TrialSize) -> date:
    return date(size.last_year, MERGER_MONTH + 1, 1)


def cell_months(tree: Tree, size: TrialSize, records: Records, set_aside: Bools) -> pa.Table:
    """One row for each cell and month it lived, as known at the cut."""
    late = records.late.copy()
    late[:, -1] = False  # what came late for an earlier year is there long before the cut
    return _months(
        tree,
        records,
        _lived(tree, size),
        reported=records.reported | late,
        set_aside=set_aside,
        size=size,
    )


def late_months(tree: Tree, size: TrialSize, records: Records, set_aside: Bools) -> pa.Table:
    """The months of the last year that are reported only after the cut."""
    late = records.late & ~records.reported & ~records.excused
    late[:, :-1] = False
    rows = _lived(tree, size) & late.reshape(len(late), -1)
    return _months(
        tree, records, rows, reported=records.reported | late, set_aside=set_aside, size=size
    )


def _lived(tree: Tree, size: TrialSize) -> Bools:
    """(n, months): merged cells end, and their heirs begin, with the merger."""
    months = 12 * size.years
    lived = np.ones((len(tree.cells), months), dtype=bool)
    change = months - 12 + MERGER_MONTH
    lived[tree.parts.ravel(), change:] = False
    lived[tree.first_cells :, :change] = False
    return lived


def _months(
    tree: Tree, records: Records, rows: Bools, *, reported: Bools, set_aside: Bools, size: TrialSize
) -> pa.Table:
    """The rows of these cell-months (n, months), as somebody knows them who has these reports."""
    import pyarrow as pa

    count, months = rows.shape
    filed = np.where(~records.reported & records.late, records.filed_late, records.filed)
    state = np.where(records.held, _HELD, _NOT_HELD)
    state = np.where(reported, state, _NO_REPORT)
    state = np.where(records.excused, _EXCUSED, state)

    flat = rows.ravel()

    def of(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(values.reshape(count * months)[flat])

    state = of(state)
    told, held = (state == _HELD) | (state == _NOT_HELD), state == _HELD
    origin = np.datetime64(date(size.first_year, 1, 1), "M")
    month = np.tile(np.arange(months), count)[flat] + origin
    first_day = month.astype("datetime64[D]")
    aside = of(np.repeat(set_aside[:, :, None], 12, axis=2)) & held

    def column(values: np.ndarray[Any, Any], known: Bools, type_: pa.DataType) -> pa.Array:
        return pa.array(values, mask=~known, type=type_)

    whole = pa.int64()
    unit = pa.DictionaryArray.from_arrays(
        np.repeat(np.arange(count, dtype=np.int32), months)[flat], list(tree.cells)
    )
    name = pa.DictionaryArray.from_arrays(state.astype(np.int32), list(_STATES))
    zeros = np.zeros(len(state), dtype=np.int64)
    return pa.table(
        {
            "unit": unit.cast(pa.string()),
            "month": pa.array(first_day, type=pa.date32()),
            "state": name.cast(pa.string()),
            "members": column(of(records.members), told, whole),
            "exempt": column(zeros, told, whole),
            "present": column(of(records.present), held, whole),
            "tasks_due": column(of(records.tasks_due), told, whole),
            "tasks_on_time": column(of(records.tasks_on_time), told, whole),
            "held_on": column(first_day + of(records.held_day) - 1, held, pa.date32()),
            "filed_on": column(first_day + of(filed), told, pa.date32()),
            "set_aside": pa.array(aside),
            "longest_carried": column(of(records.carried), held, whole),
            "admitted": column(of(records.admitted), told, whole),
        }
    )


def units(tree: Tree, size: TrialSize) -> pa.Table:
    """Units and parents by date: a cell of a merged organisation has two rows."""
    import pyarrow as pa

    start, change = date(size.first_year, 1, 1), merger_day(size)
    rows: list[tuple[Any, ...]] = [(_PROVINCE, "dang_bo_tinh", None, None, False, start, None)]
    districts = sorted({int(area) for area in tree.district})
    rows += [(_area(a), "dang_bo_huyen", None, _PROVINCE, False, start, None) for a in districts]
    lives = _life(tree.living_organisations, tree.first_organisations, start, change)
    own_cells = {
        tree.organisations[owner] for owner, cell in zip(tree.origin, tree.cells, strict=True)
        if tree.organisations[owner] == cell
    }  # fmt: skip
    for number, unit in enumerate(tree.organisations):
        kind = int(tree.kind[number])
        alone = unit in own_cells
        form = "chi_bo_co_so" if alone else "dang_bo_co_so" if kind else "dang_bo_xa"
        group = CELL_GROUPS[kind] if alone else KINDS[kind][0]
        parent = _area(int(tree.district[number]))
        rows.append((unit, form, group, parent, True, *lives[number]))
    lives = _life(tree.living_cells, tree.first_cells, start, change)
    for number, unit in enumerate(tree.cells):
        if unit in own_cells:
            continue
        group = CELL_GROUPS[int(tree.kind[tree.origin[number]])]
        before, after = (tree.organisations[o[number]] for o in (tree.origin, tree.organisation))
        valid_from, valid_to = lives[number]
        if before == after or valid_from == change:
            rows.append((unit, "chi_bo", group, after, False, valid_from, valid_to))
        else:
            rows.append((unit, "chi_bo", group, before, False, valid_from, change))
            rows.append((unit, "chi_bo", group, after, False, change, valid_to))
    names = ("unit", "kind", "group", "parent", "is_organisation", "valid_from", "valid_to")
    text, day = pa.string(), pa.date32()
    types = (text, text, text, text, pa.bool_(), day, day)
    columns = zip(names, types, zip(*rows, strict=True), strict=True)
    table = pa.table({name: pa.array(values, type=type_) for name, type_, values in columns})
    return table.add_column(1, "name", table["unit"])


def _area(number: int) -> str:
    return f"d{number + 1:02d}"


def _life(living: Bools, first: int, start: date, change: date) -> list[tuple[date, date | None]]:
    """From when to when (exclusive) each unit is valid."""
    return [
        (start if number < first else change, None if lives else change)
        for number, lives in enumerate(living.tolist())
    ]


def grades(tree: Tree, size: TrialSize, grade: Ints) -> pa.Table:
    """One row for each organisation and year: 1 (worst) to 4."""
    import pyarrow as pa

    years = size.years
    unit = np.repeat(np.array(tree.organisations[: len(grade)], dtype=object), years)
    return pa.table(
        {
            "unit": pa.array(unit, type=pa.string()),
            "year": np.tile(np.arange(years) + size.first_year, len(grade)),
            "grade": grade.ravel(),
        }
    )


def lineage(tree: Tree, size: TrialSize) -> pa.Table:
    """Who became whom on the day of the mergers, with the whole of what it had."""
    import pyarrow as pa

    pairs: list[tuple[str, str]] = []
    for ids, made, old in (
        (tree.organisations, tree.first_organisations, tree.merged),
        (tree.cells, tree.first_cells, tree.parts),
    ):
        for number, parts in enumerate(old.tolist()):
            pairs += [(ids[part], ids[made + number]) for part in parts]
    return pa.table(
        {
            "predecessor": pa.array([old for old, _ in pairs], type=pa.string()),
            "successor": pa.array([new for _, new in pairs], type=pa.string()),
            "on": pa.array([merger_day(size)] * len(pairs), type=pa.date32()),
            "share": pa.array([1.0] * len(pairs), type=pa.float64()),
        }
    )


def vacancies(seed: int, tree: Tree, size: TrialSize, left: Bools) -> pa.Table:
    """Months without a secretary in organisations: from, to (exclusive)."""
    import pyarrow as pa

    rng = stream(seed, "trial vacancies")
    empty = left | (rng.random(left.shape) < _VACANT_OTHERWISE)
    day = rng.integers(0, 300, left.shape)
    length = rng.integers(*_VACANT_DAYS, left.shape)
    unit, year = np.nonzero(empty)
    january = np.array([np.datetime64(f"{size.first_year + y}-01-01") for y in range(size.years)])
    valid_from = january[year] + day[unit, year]
    ids = np.array(tree.organisations, dtype=object)
    return pa.table(
        {
            "unit": pa.array(ids[unit], type=pa.string()),
            "valid_from": pa.array(valid_from, type=pa.date32()),
            "valid_to": pa.array(valid_from + length[unit, year], type=pa.date32()),
        }
    )
