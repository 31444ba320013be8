"""The full province lies where decisions.md 19 and the reference pages put it.

Counted with the real fact reasons, over the twelve months to 10/2026: if a constant of the
simulation is changed so that nobody, or everybody, is weak, this says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest

from vungmanh.analysis.facts import (
    CODE,
    OPEN,
    REASON_KEYS,
    UNKNOWN,
    FactRules,
    Inputs,
    Judgement,
    Period,
    Reason,
    Spans,
    heavy_columns,
    judge_cells,
    judge_organisations,
)
from vungmanh.analysis.simulate import LAST_MONTH, Province, simulate_province
from vungmanh.core.periods import last_day, months_between
from vungmanh.core.vocabulary import CELL_KINDS, Status, Weight

pytestmark = pytest.mark.slow

HEAVY = {"meetings_held", "secretary_vacant", "failing_cells"}
RULES = FactRules(
    minimum_held=8,
    of_due=12,
    minimum_due=6,
    vacant_days=90,
    carried_times=3,
    admission_years=4,
    minimum_official=3,
    failing_numerator=1,
    failing_denominator=3,
    weights={key: Weight.HEAVY if key in HEAVY else Weight.LIGHT for key in REASON_KEYS},
    reported_percent=70,
    period_months=12,
    good_periods=2,
)


@dataclass(frozen=True)
class Judged:
    province: Province
    inputs: Inputs
    cells: Judgement
    organisations: Judgement
    is_cell: np.ndarray[Any, np.dtype[np.bool_]]
    homes: np.ndarray[Any, np.dtype[np.int64]]


def _spans(index: dict[str, int], rows: list[tuple[str, date, date | None, int]]) -> Spans:
    columns = zip(
        *(
            (index[unit], start.toordinal(), OPEN if end is None else end.toordinal(), count)
            for unit, start, end, count in rows
        ),
        strict=True,
    )
    return Spans(*(np.array(column, dtype=np.int64) for column in columns))


def _inputs(province: Province, index: dict[str, int]) -> Inputs:
    tables, first = province.tables, province.first_month
    shape = (len(index), months_between(first, province.last_month) + 1)
    start = np.full(len(index), OPEN, dtype=np.int64)
    end = np.zeros(len(index), dtype=np.int64)
    marks = np.full(shape, ord("."), dtype=np.uint8)
    versions = tables["unit_versions"]
    for unit, kind, begins, ends in zip(
        *(versions[name] for name in ("unit", "kind", "valid_from", "valid_to")), strict=True
    ):
        row = index[unit]
        start[row] = min(start[row], begins.toordinal())
        end[row] = max(end[row], OPEN if ends is None else ends.toordinal())
        if kind in CELL_KINDS:
            stop = shape[1] if ends is None else months_between(first, ends)
            marks[row, months_between(first, begins) : stop] = ord("-")
    carried = np.full(shape, UNKNOWN, dtype=np.int64)
    reports = tables["meeting_reports"]
    for unit, month, state, times in zip(
        *(reports[name] for name in ("unit", "month", "state", "longest_carried")), strict=True
    ):
        place = index[unit], months_between(first, month)
        marks[place] = ord("H" if state == "held" else "N")
        carried[place] = UNKNOWN if times is None else times
    for unit, month in zip(tables["excuses"]["unit"], tables["excuses"]["month"], strict=True):
        marks[index[unit], months_between(first, month)] = ord("E")
    admitted = np.zeros(shape, dtype=np.int64)
    for unit, month, count in zip(*tables["admissions"].values(), strict=True):
        admitted[index[unit], months_between(first, month)] = count
    posts = zip(
        *(tables["appointments"][name] for name in ("unit", "valid_from", "valid_to", "post")),
        strict=True,
    )
    members = zip(
        *(
            tables["membership_counts"][name]
            for name in ("unit", "valid_from", "valid_to", "count", "status")
        ),
        strict=True,
    )
    return Inputs(
        first_month=first,
        life_start=start,
        life_end=end,
        marks=marks,
        carried=carried,
        admitted=admitted,
        secretaries=_spans(index, [(*row[:3], 1) for row in posts if row[3] == "secretary"]),
        officials=_spans(index, [row[:4] for row in members if row[4] == "official"]),
    )


def _homes(province: Province, index: dict[str, int], day: date) -> np.ndarray[Any, Any]:
    def in_force(table: dict[str, list[Any]]) -> list[dict[str, Any]]:
        rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        return [
            row
            for row in rows
            if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
        ]

    versions = {row["unit"]: row for row in in_force(province.tables["unit_versions"])}
    parent = {row["unit"]: row["parent"] for row in in_force(province.tables["unit_parents"])}
    homes = np.full(len(index), UNKNOWN, dtype=np.int64)
    for unit, row in versions.items():
        if row["kind"] in CELL_KINDS:
            home = unit
            while not versions[home]["is_organisation"]:
                home = parent[home]
            homes[index[unit]] = index[home]
    return homes


@pytest.fixture(scope="module")
def judged() -> Judged:
    province = simulate_province(2026)
    index = {unit: place for place, unit in enumerate(province.tables["units"]["unit"])}
    inputs = _inputs(province, index)
    homes = _homes(province, index, last_day(LAST_MONTH))
    period = Period(LAST_MONTH, homes, RULES)
    cells = judge_cells(inputs, period)
    organisations = judge_organisations(inputs, period, cells)
    return Judged(province, inputs, cells, organisations, homes != UNKNOWN, homes)


def test_sizes_are_those_of_the_plan(judged: Judged) -> None:
    assert judged.is_cell.sum() == 3000
    assert len(np.unique(judged.homes[judged.is_cell])) == 571
    counts = judged.province.tables["membership_counts"]
    members = sum(
        count for count, end in zip(counts["count"], counts["valid_to"], strict=True) if end is None
    )
    assert 47_000 <= members <= 54_000


def test_a_few_cells_have_a_heavy_reason_of_different_kinds(judged: Judged) -> None:
    reasons = judged.cells.reasons[judged.is_cell]
    assert 60 <= reasons[:, heavy_columns(RULES)].any(axis=1).sum() <= 110
    assert reasons[:, Reason.MEETINGS_HELD].sum() >= 40
    assert 8 <= reasons[:, Reason.SECRETARY_VACANT].sum() <= 30


def test_a_tenth_of_the_cells_has_a_light_reason(judged: Judged) -> None:
    light = judged.cells.reasons[judged.is_cell][:, ~heavy_columns(RULES)]
    assert 0.08 <= light.any(axis=1).mean() <= 0.13
    for reason in (Reason.RESOLUTION_CARRIED, Reason.NO_ADMISSION, Reason.FEW_OFFICIAL):
        assert judged.cells.reasons[judged.is_cell, reason].sum() >= 5


def test_some_organisations_have_a_heavy_reason_communes_among_them(judged: Judged) -> None:
    own = np.unique(judged.homes[judged.is_cell])
    reasons = judged.organisations.reasons[own]
    heavy = reasons[:, heavy_columns(RULES)].any(axis=1)
    assert 25 <= heavy.sum() <= 50
    assert {Reason.MEETINGS_HELD, Reason.SECRETARY_VACANT, Reason.FAILING_CELLS} == {
        Reason(column) for column in np.flatnonzero(reasons.any(axis=0)) if column < 3
    }
    cells_of = np.bincount(judged.homes[judged.is_cell], minlength=len(judged.homes))
    assert (cells_of[own][heavy] > 10).any()


def test_the_silence_queue_is_short_and_not_empty(judged: Judged) -> None:
    assert 20 <= judged.cells.silent[judged.is_cell].sum() <= 40
    assert (judged.cells.raw[judged.is_cell] == CODE[Status.TO_VERIFY]).any()


def test_most_months_are_reported_and_held_fewer_in_february(judged: Judged) -> None:
    marks = judged.inputs.marks
    held, said = marks == ord("H"), np.isin(marks, [ord("H"), ord("N")])
    due = said | (marks == ord("-"))
    assert 0.94 <= held.sum() / said.sum() <= 0.955
    assert 0.955 <= said.sum() / due.sum() <= 0.975
    month = np.arange(marks.shape[1]) % 12
    february = held[:, month == 1].sum() / said[:, month == 1].sum()
    april = held[:, month == 3].sum() / said[:, month == 3].sum()
    assert february < april - 0.02
    assert 0.001 <= (marks == ord("E")).sum() / due.sum() <= 0.01


def test_two_areas_report_and_meet_less_than_the_others(judged: Judged) -> None:
    versions = judged.province.tables["unit_versions"]
    area = dict(zip(versions["unit"], versions["area"], strict=True))
    areas = np.array([area[unit] for unit in judged.province.tables["units"]["unit"]])
    said = np.isin(judged.inputs.marks[:, -12:], [ord("H"), ord("N")]).sum(axis=1)
    silent = (judged.inputs.marks[:, -12:] == ord("-")).sum(axis=1)
    shares = {
        name: said[areas == name].sum() / (said + silent)[areas == name].sum()
        for name in set(area.values()) - {""}
    }
    assert sorted(shares, key=lambda name: shares[name])[:2] == ["Mẫu Thượng", "Mẫu Lâm"]


def test_grades_are_nearly_always_good_and_excellent_fills_the_cap(judged: Judged) -> None:
    table = judged.province.tables["year_grades"]
    by_year: dict[int, Counter[str]] = defaultdict(Counter)
    for year, grade in zip(table["year"], table["grade"], strict=True):
        by_year[year][grade] += 1
    assert sorted(by_year) == list(range(2014, 2026))
    for year, count in by_year.items():
        if year >= 2018:
            good = count["tot"] + count["xuat_sac"]
            assert good > 0.94 * count.total()
            assert 0.17 * good < count["xuat_sac"] <= 0.2 * good
            assert count["khong_hoan_thanh"] < 0.01 * count.total()
        else:
            good = count["trong_sach_vung_manh"] + count["hoan_thanh_tot"]
            assert good > 0.94 * count.total()
            assert 0.4 < count["trong_sach_vung_manh"] / count.total() < 0.65


def test_each_year_is_graded_in_its_own_regime(judged: Judged) -> None:
    table = judged.province.tables["year_grades"]
    regimes = dict(zip(table["year"], table["regime"], strict=True))
    assert regimes == {
        **dict.fromkeys(range(2014, 2018), "R1"),
        2018: "R2a",
        **dict.fromkeys(range(2019, 2023), "R2b"),
        **dict.fromkeys(range(2023, 2025), "R3"),
        2025: "R4",
    }


def test_forty_organisations_were_chosen_over_five_years_never_twice(judged: Judged) -> None:
    chosen = judged.province.truth["chosen"]
    assert len(set(chosen["unit"])) == len(chosen["unit"]) == 40
    assert {day.year for day in chosen["started_on"]} == set(range(2016, 2021))
    assert min(Counter(chosen["help"]).values()) >= 7


def test_help_that_works_raises_the_true_index_and_help_that_does_not_leaves_it(
    judged: Judged,
) -> None:
    years = judged.province.truth["organisation_years"]
    gain = {
        (unit, year): with_help - without
        for unit, year, with_help, without in zip(
            *(years[name] for name in ("unit", "year", "true_index", "true_index_without_help")),
            strict=True,
        )
    }
    chosen = judged.province.truth["chosen"]
    for unit, day, effect in zip(
        chosen["unit"], chosen["started_on"], chosen["effect_first_year"], strict=True
    ):
        assert (gain[unit, day.year] > 0.5) == (effect > 0)
        assert gain[unit, day.year - 1] == pytest.approx(0)


def test_excuse_seekers_are_excused_more_often_than_others(judged: Judged) -> None:
    agents = judged.province.truth["agents"]
    seekers = {
        unit
        for unit, kind in zip(agents["unit"], agents["agent"], strict=True)
        if kind == "excuse_seeking"
    }
    excuses = Counter(
        unit
        for unit, month in zip(*list(judged.province.tables["excuses"].values())[:2], strict=True)
        if month.year == 2026
    )
    assert len(seekers) == 7
    assert min(excuses[unit] for unit in seekers) >= 1
    assert sum(excuses[unit] for unit in seekers) >= 3 * len(seekers) - 7
