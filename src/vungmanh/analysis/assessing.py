"""An assessment whole: from counts and marks to where everybody stands, and how surely.

`study` is the second layer on counts, wherever they come from; `assess` does everything for one's
own tables. Reads no clock, no file and no rulebook: rules come in for each day asked.

>>> assessed, = assess(tables, [2020], rules_on)  # doctest: +SKIP
>>> assessed.study.weakness.organisations.probability  # doctest: +SKIP
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.completeness import Bounds, bounds_of_index
from vungmanh.analysis.counting import count, count_years, refuse_duplicates
from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import CODE, NOT_DUE, UNKNOWN, FactRules, Ints, Period
from vungmanh.analysis.inheriting import Heirs, heirs_of, inherit
from vungmanh.analysis.open_staging import OpenStage
from vungmanh.analysis.open_staging import stage as open_stage
from vungmanh.analysis.plausibility import Implausible, implausible
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.analysis.ranking import rank
from vungmanh.analysis.standing import Standing, stand
from vungmanh.analysis.trend import Trend, trend
from vungmanh.analysis.weakness import Grain, References, Weakness, weigh
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import Status

if TYPE_CHECKING:
    from vungmanh.analysis.layout import OpenTables

#: The rules in force on a day: of facts, and of probability.
RulesOn = Callable[[dt.date], tuple[FactRules, ProbabilityRules]]


@dataclass(frozen=True)
class Study:
    """The second layer of n units over T periods, oldest first.

    `counts` are of cells, believed and carried to living units, `whole` of organisations: sums over
    their cells. `doubts` are of the units as they were. `trends` are of cells and organisations.
    """

    counts: Counts
    whole: Counts
    doubts: Implausible
    weakness: Weakness
    trends: tuple[Trend, Trend]

    @cached_property
    def bounds(self) -> tuple[Bounds, Bounds]:
        """The index at its worst and its best in each period, of cells and of organisations."""
        weights = (self.weakness.strength.weights / 100).tolist()
        return bounds_of_index(self.counts, weights), bounds_of_index(self.whole, weights)


@dataclass(frozen=True)
class Ranks:
    """Places among the like kind, 1 the weakest, with their interval; 0 where not ranked. (n,)"""

    rank: Ints
    low: Ints
    high: Ints
    of: Ints  # how many were ranked together


def study(
    counts: Counts,
    *,
    heirs: Heirs,
    kind: Ints,
    home: Ints,
    marks: NDArray[np.uint8],
    rules: ProbabilityRules,
    fixed: References | None = None,
) -> Study:
    """The second layer on the counts (n, T) of each unit as it was, silent months filled in.

    `kind` (n,) the like kinds, `home` (n,) the organisation of each cell that lives at the end of
    the last period, UNKNOWN for others; `marks` (n, M) the months up to that end.
    """
    doubts = implausible(counts, kind)
    believed = inherit(counts.setting_aside(doubts.set_aside), heirs)
    weakness = weigh(believed, kind=kind, home=home, rules=rules, fixed=fixed)
    cells = np.flatnonzero(home != UNKNOWN)
    whole = believed.gathered(cells, home[cells], np.ones(len(cells)), len(home))
    weights = weakness.strength.weights
    of_cells, of_bodies = (
        trend(
            of_grain,
            kind=kind,
            weights=weights,
            marks=seen,
            false_signals=rules.false_signals,
        )
        for of_grain, seen in (
            (believed, np.where((home != UNKNOWN)[:, None], marks, NOT_DUE)),
            (whole, np.full_like(marks, NOT_DUE)),
        )
    )
    return Study(believed, whole, doubts, weakness, (of_cells, of_bodies))


def ranks(grain: Grain, standing: Standing, kind: Ints, percent: int) -> Ranks:
    """The places of a grain's units in the last period, within each like kind.

    The silent are neither ranked nor counted (decisions.md 5).
    """
    made = Ranks(*(np.zeros(len(kind), dtype=np.int64) for _ in range(4)))
    value, sd = grain.estimates.index[:, -1], grain.estimates.sd[:, -1]
    silent = standing.status[standing.places] == CODE[Status.MUST_VERIFY]
    places = standing.places[~silent & np.isfinite(value[standing.places])]
    for one in np.unique(kind[places]):
        of_kind = places[kind[places] == one]
        found = rank(value[of_kind], sd[of_kind], worst=1, level=percent / 100)
        made.rank[of_kind], made.of[of_kind] = found.rank, len(of_kind)
        made.low[of_kind], made.high[of_kind] = found.low, found.high
    return made


@dataclass(frozen=True)
class YearAssessed:
    """Where everybody stood at the end of a year; arrays are in the order of `stage.units`."""

    year: int
    stage: OpenStage
    period: Period
    rules: ProbabilityRules
    study: Study
    cells: Standing
    organisations: Standing
    cell_ranks: Ranks
    organisation_ranks: Ranks


#: Steps of an assessment of one's own tables, told as they begin.
STEPS = ("check", "count", "estimate", "judge")


def assess(
    tables: OpenTables,
    years: Sequence[int],
    rules_on: RulesOn,
    progress: Callable[[str, int], None] = lambda step, year: None,
) -> list[YearAssessed]:
    """Assess everybody at the end of each of `years`, by what is told up to that year.

    Each year is judged as it could have been then: later years are not looked at. `progress` hears
    of each step of `STEPS` and its year. Raises InputError where a unit has two rows for a month,
    or nothing is told up to a year.
    """
    progress("check", 0)
    refuse_duplicates(tables.cell_months)
    return [_assess_year(tables, year, rules_on, progress) for year in sorted(set(years))]


def _assess_year(
    tables: OpenTables, year: int, rules_on: RulesOn, progress: Callable[[str, int], None]
) -> YearAssessed:
    progress("count", year)
    month = dt.date(year, 12, 1)
    stage = open_stage(tables, month)
    ends = [dt.date(one, 12, 1) for one in range(stage.inputs.first_month.year, year + 1)]
    counted = count_years(tables.cell_years, count(tables.cell_months, ends))
    counts = Counts.from_table(counted, stage.units, ends).with_silence(stage.lived(ends))
    progress("estimate", year)
    fact_rules, rules = rules_on(last_day(month))
    period = stage.period(month, fact_rules)
    heirs = heirs_of(tables.lineage, stage.units, last_day(month))
    found = study(
        counts,
        heirs=heirs,
        kind=stage.kind,
        home=period.home,
        marks=stage.inputs.marks,
        rules=rules,
    )
    progress("judge", year)
    periods = [*(stage.period(end, rules_on(last_day(end))[0]) for end in ends[:-1]), period]
    weakness = found.weakness
    cells, organisations = stand(
        stage.inputs, periods, (weakness.cells.signs, weakness.organisations.signs)
    )
    level = rules.interval_percent
    return YearAssessed(
        year=year,
        stage=stage,
        period=period,
        rules=rules,
        study=found,
        cells=cells,
        organisations=organisations,
        cell_ranks=ranks(weakness.cells, cells, stage.kind, level),
        organisation_ranks=ranks(weakness.organisations, organisations, stage.kind, level),
    )
