"""Yearly counts of a trial province as anybody could take them from its tables, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints
from vungmanh.analysis.trial.strength import WEIGHTS
from vungmanh.analysis.trial.tree import Tree

if TYPE_CHECKING:
    from vungmanh.analysis.trial.province import TrialProvince


@dataclass(frozen=True)
class Seen:
    """Counts (n, years) in the order of `tree.cells`; `rows` are months lived.

    `aside` are held months not believed; they are not in `held`, nor are their members counted.
    """

    rows: Floats
    held: Floats
    not_held: Floats
    aside: Floats
    present: Floats
    owing: Floats
    tasks_due: Floats
    tasks_on_time: Floats

    def parts(self, *, absent_is_zero: bool) -> tuple[Floats, Floats, Floats]:
        """Shares held, present and done (n, years), not a number where nothing is known."""
        months = self.rows if absent_is_zero else self.held + self.not_held
        held = _over(self.held, months)
        present, done = _over(self.present, self.owing), _over(self.tasks_on_time, self.tasks_due)
        if absent_is_zero:
            lived = self.rows > 0
            present = np.where(lived, np.nan_to_num(present), np.nan)
            done = np.where(lived, np.nan_to_num(done), np.nan)
        return held, present, done

    def index(self, *, absent_is_zero: bool) -> Floats:
        parts = zip(WEIGHTS, self.parts(absent_is_zero=absent_is_zero), strict=True)
        return np.asarray(100.0 * sum(weight * part for weight, part in parts))


def _over(count: Floats, of: Floats) -> Floats:
    return np.asarray(np.divide(count, of, out=np.full(count.shape, np.nan), where=of > 0))


def look(province: TrialProvince, *, believe_all: bool) -> Seen:
    """Count the cell-months; `believe_all` takes copied minutes for meetings."""
    import pyarrow.compute as pc

    table = province.cell_months
    places = {unit: place for place, unit in enumerate(province.tree.cells)}
    codes = table["unit"].combine_chunks().dictionary_encode()
    cell = np.array([places[unit] for unit in codes.dictionary.to_pylist()])
    month = table["month"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970
    year = month - province.size.first_year
    slot = cell[codes.indices.to_numpy()] * province.size.years + year
    shape = (len(province.tree.cells), province.size.years)

    def total(values: np.ndarray[Any, Any]) -> Floats:
        weights = values.astype(np.float64)
        return np.asarray(np.bincount(slot, weights, shape[0] * shape[1]).reshape(shape) * 1.0)

    def number(name: str) -> Floats:
        return np.asarray(pc.fill_null(table[name], 0).to_numpy(), dtype=np.float64)

    state = table["state"]
    held = pc.equal(state, "held").to_numpy()
    aside = held & table["set_aside"].to_numpy() & (not believe_all)
    held = held & ~aside
    return Seen(
        rows=total(np.ones(len(slot))),
        held=total(held),
        not_held=total(pc.equal(state, "not_held").to_numpy()),
        aside=total(aside),
        present=total(held * number("present")),
        owing=total(held * (number("members") - number("exempt"))),
        tasks_due=total(number("tasks_due")),
        tasks_on_time=total(number("tasks_on_time")),
    )


def mean_known(values: Floats, owner: Ints, owners: int) -> Floats:
    """(owners, …): the mean of what is known of each owner's rows; not a number without any."""
    known = np.isfinite(values)
    total, count = (np.zeros((owners, *values.shape[1:])) for _ in range(2))
    np.add.at(total, owner, np.where(known, values, 0.0))
    np.add.at(count, owner, known.astype(np.float64))
    return _over(total, count)


def living(tree: Tree) -> tuple[Ints, Ints, Bools]:
    """Rows of the living cells, their organisations, and which organisations live."""
    rows = np.flatnonzero(tree.living_cells)
    return rows, tree.organisation[rows], tree.living_organisations
