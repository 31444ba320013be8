"""Where everybody stands at the end of a month: both layers of "weak" over one snapshot.

Pure: the snapshot, the month, the day it is asked on and the fixed references go in; whoever asks
again gets the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vungmanh.analysis.assessing import Ranks, Study, ranks, study
from vungmanh.analysis.counting import count
from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import Floats, Ints, Period
from vungmanh.analysis.inheriting import heirs_of
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.analysis.standing import Signs, Standing, stand
from vungmanh.analysis.weakness import References
from vungmanh.core.periods import last_day, months_between
from vungmanh.core.vocabulary import Sector
from vungmanh.strengthening.periods import periods_until
from vungmanh.strengthening.snapshots import Snapshot
from vungmanh.strengthening.statistics import Told

#: Like kinds in the order of their codes: units are compared within one sector.
SECTORS = tuple(Sector)

#: {"cells": {sector: index}, "organisations": …}: as kept with a run.
FixedReferences = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Judged:
    """One month judged. `periods` oldest first; `cells` and `organisations` after the last."""

    data: Snapshot
    periods: list[Period]
    rules: ProbabilityRules
    kind: Ints
    study: Study
    cells: Standing
    organisations: Standing

    @property
    def period(self) -> Period:
        return self.periods[-1]

    @property
    def signs(self) -> tuple[Signs, Signs]:
        weakness = self.study.weakness
        return weakness.cells.signs, weakness.organisations.signs

    @cached_property
    def told(self) -> tuple[Told, Told]:
        """The figures of the second layer, of cells and of organisations."""
        weakness = self.study.weakness
        return (
            Told(self.study, weakness.cells, self.data.first_month, self.rules),
            Told(self.study, weakness.organisations, self.data.first_month, self.rules),
        )

    @cached_property
    def ranks(self) -> tuple[Ranks, Ranks]:
        weakness, level = self.study.weakness, self.rules.interval_percent
        return (
            ranks(weakness.cells, self.cells, self.kind, level),
            ranks(weakness.organisations, self.organisations, self.kind, level),
        )

    @property
    def references(self) -> FixedReferences:
        """The references used, by sector."""
        used = self.study.weakness.references
        return {
            "cells": _by_sector(used.cells),
            "organisations": _by_sector(used.organisations),
        }

    @property
    def has_whole_base(self) -> bool:
        """Whether there were periods enough to fix references from."""
        return len(self.periods) >= self.rules.base_periods


def judge(
    data: Snapshot, month: dt.date, today: dt.date, fixed: FixedReferences | None = None
) -> Judged:
    """Everybody at the end of `month`, as asked on the day `today`.

    Like kinds without a fixed reference get one from the first periods.
    """
    periods = periods_until(data, month, today)
    _, rules = data.rules.of_month(month)
    kind = _kinds(data, last_day(month))
    ends = [period.month for period in periods]
    counts = Counts.from_table(
        count(data.cell_months, ends, months=periods[-1].rules.period_months), data.unit_ids, ends
    )
    found = study(
        counts,
        heirs=heirs_of(data.tables["lineage"], data.unit_ids, until=last_day(month)),
        kind=kind,
        home=periods[-1].home,
        marks=data.inputs.marks[:, : months_between(data.first_month, month) + 1],
        rules=rules,
        fixed=None if fixed is None else _as_arrays(fixed),
    )
    signs = found.weakness.cells.signs, found.weakness.organisations.signs
    cells, organisations = stand(data.inputs, periods, signs)
    return Judged(data, periods, rules, kind, found, cells, organisations)


def _kinds(data: Snapshot, day: dt.date) -> Ints:
    """(n,): the sector of each unit on a day; of one that has ended, its last."""
    code = {sector.value: place for place, sector in enumerate(SECTORS)}
    of_unit = data.sectors_on(day)
    return np.array([code.get(of_unit.get(unit, ""), 0) for unit in data.units], dtype=np.int64)


def _as_arrays(fixed: FixedReferences) -> References:
    def array(of: dict[str, float]) -> Floats:
        return np.array([of.get(sector.value, np.nan) for sector in SECTORS])

    return References(array(fixed["cells"]), array(fixed["organisations"]))


def _by_sector(values: Floats) -> dict[str, float]:
    return {
        sector.value: float(value)
        for sector, value in zip(SECTORS, values, strict=False)
        if np.isfinite(value)
    }
