"""An assessment of own tables whole: years as they could be judged then, and small cases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from vungmanh.analysis.assessing import STEPS, YearAssessed, assess
from vungmanh.analysis.facts import UNKNOWN, FactRules
from vungmanh.analysis.layout import OpenTables
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.analysis.trial.opened import open_tables
from vungmanh.analysis.trial.province import TrialProvince, simulate
from vungmanh.analysis.trial.sizes import SMALL
from vungmanh.config.commands.bench import shipped_rules

RULES = shipped_rules()


@pytest.fixture(scope="module")
def province() -> TrialProvince:
    return simulate(77, size=SMALL)


@pytest.fixture(scope="module")
def tables(province: TrialProvince) -> OpenTables:
    return open_tables(province)


def only(tables: OpenTables, unit: str | None = None, *, year: int | None = None) -> OpenTables:
    """The months of one cell, or of one year, and the units as they are."""
    months = tables.cell_months
    keep = np.ones(len(months), dtype=bool)
    if unit is not None:
        keep &= np.array([one == unit for one in months["unit"].to_pylist()])
    if year is not None:
        keep &= np.array([day.year == year for day in months["month"].to_pylist()])
    units = tables.units
    if unit is not None:
        units = units.filter(pa.array([one == unit for one in units["unit"].to_pylist()]))
        nobody = pa.array([None] * len(units), units["parent"].type)
        units = units.set_column(units.column_names.index("parent"), "parent", nobody)
    lineage = tables.lineage.slice(0, 0) if unit is not None else tables.lineage
    return replace(tables, units=units, cell_months=months.filter(pa.array(keep)), lineage=lineage)


def indices(year: YearAssessed) -> np.ndarray:
    return year.study.weakness.cells.estimates.index[:, -1]


def test_a_merger_of_later_moves_nothing_in_an_earlier_year(
    province: TrialProvince, tables: OpenTables
) -> None:
    before = province.years[-2]
    assert len(tables.lineage)
    assert min(tables.lineage["on"].to_pylist()).year > before
    (told,) = assess(tables, [before], RULES)
    (untold,) = assess(replace(tables, lineage=tables.lineage.slice(0, 0)), [before], RULES)
    assert indices(told) == pytest.approx(indices(untold), nan_ok=True)
    assert told.cells.status.tolist() == untold.cells.status.tolist()


def test_a_merged_unit_goes_on_and_its_parts_are_not_counted_twice(
    province: TrialProvince, tables: OpenTables
) -> None:
    (year,) = assess(tables, [province.years[-1]], RULES)
    place = {unit: row for row, unit in enumerate(year.stage.units)}
    counts = year.study.counts
    for old, new in zip(
        tables.lineage["predecessor"].to_pylist(), tables.lineage["successor"].to_pylist(),
        strict=True,
    ):  # fmt: skip
        assert counts.due[place[old]].sum() == 0
        if year.period.home[place[new]] != UNKNOWN:
            assert (counts.due[place[new]] > 0).all(), "a break where it merged"


def test_years_asked_for_come_once_each_in_order_and_steps_are_told(
    province: TrialProvince, tables: OpenTables
) -> None:
    told: list[tuple[str, int]] = []
    last = province.years[-1]
    years = assess(tables, [last, last - 1, last], RULES, lambda *step: told.append(step))
    assert [one.year for one in years] == [last - 1, last]
    assert {step for step, _ in told} == set(STEPS)


def test_one_cell_alone_gets_its_facts_and_no_probability(tables: OpenTables) -> None:
    cell = tables.cell_months["unit"][0].as_py()
    (year,) = assess(only(tables, cell), [2014], RULES)
    (place,) = year.cells.places.tolist()
    assert np.isfinite(indices(year)[place])
    assert np.isnan(year.study.weakness.cells.probability[place, -1])


def test_one_year_alone_is_never_called_weak_by_probability(tables: OpenTables) -> None:
    (year,) = assess(only(tables, year=2014), [2014], RULES)
    weakness = year.study.weakness
    assert np.isfinite(weakness.cells.probability[year.cells.places, -1]).all()
    assert not weakness.cells.signs.lasting.any()


def test_months_of_which_nobody_told_give_silence_and_no_zero(tables: OpenTables) -> None:
    months = only(tables, year=2014).cell_months
    quiet = pa.array(["no_report"] * len(months), pa.string())
    silent = months.select(["unit", "month"]).append_column("state", quiet)
    for name in months.column_names[3:]:
        silent = silent.append_column(name, pa.nulls(len(months), months[name].type))
    (year,) = assess(replace(tables, cell_months=silent), [2014], RULES)
    index = indices(year)[year.cells.places]
    assert (index > 0).all()
    assert not year.study.weakness.cells.signs.lasting.any()


def test_rules_are_asked_for_the_last_day_of_each_year(tables: OpenTables) -> None:
    asked: list[dt.date] = []

    def rules_on(day: dt.date) -> tuple[FactRules, ProbabilityRules]:
        asked.append(day)
        return RULES(day)

    assess(tables, [2014], rules_on)
    assert dt.date(2014, 12, 31) in asked
    assert all((day.month, day.day) == (12, 31) for day in asked)
