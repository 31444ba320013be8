"""Yearly grades: nearly always good, excellent filled up to the cap (domain.md §1.8).

Until 2017 four old words without a cap; from 2018 at most 20 % of those rated good or better in a
group of similar organisations may be excellent. Codes are those of the rulebook's `grade_scale`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from vungmanh.analysis.simulate.cells import SECTORS, Cells, Setting, mean_by
from vungmanh.analysis.simulate.months import Months
from vungmanh.analysis.simulate.names import DONG_THU, QUAN_MAU
from vungmanh.analysis.simulate.randomness import Floats, Ints
from vungmanh.analysis.simulate.strength import Strength
from vungmanh.analysis.simulate.tree import Tree, Unit, organisation_of

OLD_SCALE = ("yeu_kem", "hoan_thanh", "hoan_thanh_tot", "trong_sach_vung_manh")
NEW_SCALE = ("khong_hoan_thanh", "hoan_thanh", "tot", "xuat_sac")

#: Below these scores a unit is not completed, or only completed; in the old scale the top word
#: was given to more than half (domain.md §3.3: 54.83 % in 2009).
_FAILED, _ONLY_DONE, _CLEAN_AND_STRONG = -2.9, -1.75, -0.1
_CAP_PERCENT = 20
_WEIGHT_OF_STRENGTH, _COPYING_PAYS = 0.5, 0.4
_LENIENCY_SD, _NOISE_SD = 0.3, 0.6


@dataclass(frozen=True)
class Grade:
    """One grade of one unit."""

    unit: Unit
    year: int
    regime: str
    grade: str
    decided_on: date | None


def regime_of(year: int) -> str:
    """Which regime a rating year falls under (domain.md §1.1)."""
    for first, regime in ((2025, "R4"), (2023, "R3"), (2019, "R2b"), (2018, "R2a")):
        if year >= first:
            return regime
    return "R1"


def draw_grades(setting: Setting, strength: Strength, months: Months) -> list[Grade]:
    """Grades of every cell and organisation for every year that has ended and was decided."""
    tree, cells, calendar = setting.tree, setting.cells, setting.calendar
    rng = setting.stream("grades")
    leniency = rng.normal(0, _LENIENCY_SD, len(setting.size.areas))
    theta = _WEIGHT_OF_STRENGTH * strength.with_help() + _COPYING_PAYS * months.copied
    theta = theta + leniency[cells.area][:, None]
    grades: list[Grade] = []
    for column, year in enumerate(calendar.years):
        if date(year, 12, 31) > calendar.cut or date(year, 12, 1) < calendar.first:
            continue
        units, scores, groups = _of_year(tree, cells, theta[:, column], year)
        scores = scores + rng.normal(0, _NOISE_SD, len(units))
        _tell_twins(tree, units, scores, year)
        codes = _grade(scores, groups, year)
        scale = OLD_SCALE if year < 2018 else NEW_SCALE
        days = rng.integers(0, 24, len(units)).tolist()
        unknown = rng.random(len(units)) < 0.01
        for unit, code, day, dateless in zip(units, codes.tolist(), days, unknown, strict=True):
            decided = None if dateless else date(year, 12, 8) + timedelta(days=day)
            grades.append(Grade(unit, year, regime_of(year), scale[code], decided))
    return grades


def _of_year(tree: Tree, cells: Cells, theta: Floats, year: int) -> tuple[list[Unit], Floats, Ints]:
    """Units rated for a year, their scores, and the group of similar ones each is capped in."""
    day = date(year, 12, 31)
    rated = [i for i, unit in enumerate(cells.units) if unit.exists_on(day)]
    homes = [organisation_of(cells.units[i], day) for i in rated]
    bodies = [u for u in tree.organisations() if not u.is_cell and u.exists_on(day)]
    place = {unit: i for i, unit in enumerate(bodies)}
    below = [(place[h], i) for h, i in zip(homes, rated, strict=True) if h in place]
    index = np.array([p for p, _ in below], dtype=np.int64)
    means = mean_by(theta[[i for _, i in below]], index, len(bodies))
    units = [cells.units[i] for i in rated] + bodies
    keys = [(u.area, SECTORS.index(u.sector), u.is_organisation) for u in units]
    order = {key: i for i, key in enumerate(sorted(set(keys)))}
    return units, np.concatenate([theta[rated], means]), np.array([order[key] for key in keys])


def _tell_twins(tree: Tree, units: list[Unit], scores: Floats, year: int) -> None:
    """Quan Mẫu: good for 2017 and 2018. Đồng Thử: good for 2017, excellent for 2018."""
    told = {QUAN_MAU: {2017: -0.8, 2018: 0.0}, DONG_THU: {2017: -0.8, 2018: 9.0}}
    for name, years in told.items():
        unit = tree.named.get(name)
        if unit is not None and year in years and unit in units:
            scores[units.index(unit)] = years[year]


def _grade(scores: Floats, groups: Ints, year: int) -> Ints:
    """Places in the scale, worst first."""
    codes = np.full(len(scores), 2)
    codes[scores < _ONLY_DONE] = 1
    codes[scores < _FAILED] = 0
    if year < 2018:
        codes[scores >= _CLEAN_AND_STRONG] = 3
        return codes
    good = codes == 2
    order = np.lexsort((np.arange(len(scores)), -scores, ~good, groups))
    sorted_groups = groups[order]
    start = np.searchsorted(sorted_groups, sorted_groups)
    rank = np.arange(len(order)) - start
    counts = np.bincount(groups, weights=good).astype(np.int64)
    cap = counts * _CAP_PERCENT // 100
    excellent = order[(rank < cap[sorted_groups]) & good[order]]
    codes[excellent] = 3
    return codes
