"""The latent strength behind everything, in standard deviations (methods.md §12).

A group's strength is its level, plus an autoregressive part that sometimes drops when a key person
leaves, plus its area and a shock of area and year; a cell adds its own offset and a little noise
each year. Help of the scheme is added to groups as it is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.cells import SECTORS, Cells, Setting, mean_by, new_communes
from vungmanh.analysis.simulate.randomness import Floats, Ints, sigmoid
from vungmanh.analysis.simulate.tree import REFORM
from vungmanh.core.vocabulary import Sector

_LEVEL_SD = 0.55
_PHI, _SHOCK_SD = 0.55, 0.45
_DROP_CHANCE, _DROP = 0.04, 0.9
_AREA_YEAR_SD = 0.12
_CELL_SD, _CELL_YEAR_SD = 0.62, 0.25
#: Organisations that are not communes stand alone, further from anyone's eye: they differ more.
_ALONE_SD, _ALONE_DROP_CHANCE, _ALONE_DROP = 0.6, 0.085, 3.0
#: A year in which meetings nearly stop: the secretary gone, everyone away at work.
_SLUMP_CHANCE, _SLUMP = 0.011, 3.2
_TREND = 0.012  # a year
_OF_SECTOR = {
    Sector.VILLAGE: 0.0, Sector.SCHOOL: 0.35, Sector.HEALTH: 0.2, Sector.AGENCY: 0.3,
    Sector.ENTERPRISE: -0.8,
}  # fmt: skip
#: Some new communes do not find their feet after the reform.
_UNSETTLED_SHARE, _UNSETTLED = 0.03, 2.2

#: The yearly index: weights (decisions.md 2) and what each part makes of strength.
HELD_BASE, HELD_SLOPE = 3.85, 1.2
PRESENT_BASE, PRESENT_SLOPE = 2.1, 0.45
RESOLVED_BASE, RESOLVED_SLOPE = 1.2, 0.7


@dataclass(frozen=True)
class Strength:
    """`cell_years` (cells, years) without any help; `help` (groups, years) is filled in later."""

    cell_years: Floats
    help: Floats
    group: Ints

    def year(self, column: int) -> Floats:
        """The strength of every cell in one year, help included."""
        return np.asarray(self.cell_years[:, column] + self.help[self.group, column])

    def with_help(self) -> Floats:
        return np.asarray(self.cell_years + self.help[self.group])


def draw_strength(setting: Setting) -> Strength:
    """Strength of every cell in every year, before help."""
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("strength")
    groups, years = len(cells.groups), len(calendar.years)
    is_commune = np.array([unit.sector is Sector.COMMUNE for unit in cells.groups])
    level = rng.normal(0, _LEVEL_SD, groups)
    level += np.where(is_commune, 0.0, rng.normal(0, _ALONE_SD, groups))
    moving = np.zeros((groups, years))
    shocks = rng.normal(0, _SHOCK_SD, (groups, years))
    chance = np.where(is_commune, _DROP_CHANCE, _ALONE_DROP_CHANCE)
    drops = rng.random((groups, years)) < chance[:, None]
    drop = np.where(is_commune, _DROP, _ALONE_DROP)
    state = shocks[:, 0] / np.sqrt(1 - _PHI**2)
    for year in range(years):
        if year:
            state = _PHI * state + shocks[:, year]
        state = state - drop * drops[:, year]
        moving[:, year] = state
    group_years = level[:, None] + moving + _TREND * np.arange(years)
    area = np.array([plan.strength for plan in setting.size.areas])
    area_years = area[:, None] + rng.normal(0, _AREA_YEAR_SD, (len(area), years))
    sector = np.array([_OF_SECTOR.get(sector, 0.0) for sector in SECTORS])
    own = rng.normal(0, _CELL_SD, len(cells))[:, None]
    own_years = rng.normal(0, _CELL_YEAR_SD, (len(cells), years))
    own_years -= _SLUMP * (rng.random(own_years.shape) < _SLUMP_CHANCE)
    base = group_years[cells.group] + area_years[cells.area] + sector[cells.sector][:, None]
    cell_years = base + own + own_years - _unsettled(setting)
    return Strength(cell_years, np.zeros((groups, years)), cells.group)


def _unsettled(setting: Setting) -> Floats:
    """What cells of communes that have not settled lose from the year after the reform."""
    cells = setting.cells
    rng = setting.stream("unsettled communes")
    communes = np.flatnonzero(new_communes(cells))
    hit = np.zeros(len(cells.homes))
    hit[rng.permutation(communes)[: round(_UNSETTLED_SHARE * len(communes))]] = 1.0
    after = np.array([year > REFORM.year for year in setting.calendar.years])
    return np.asarray(_UNSETTLED * hit[cells.home][:, None] * after)


def held_chance(strength: Floats) -> Floats:
    """The chance that a cell of this strength holds an ordinary month's meeting."""
    return sigmoid(HELD_BASE + HELD_SLOPE * strength)


def present_chance(strength: Floats) -> Floats:
    """The chance that a member who owes it comes."""
    return sigmoid(PRESENT_BASE + PRESENT_SLOPE * strength)


def on_time_chance(strength: Floats) -> Floats:
    """The chance that a resolution or task that falls due is finished in time."""
    return sigmoid(RESOLVED_BASE + RESOLVED_SLOPE * strength)


def true_index(strength: Floats) -> Floats:
    """The index 0–100 that this strength deserves (decisions.md 2)."""
    meetings = 40 * held_chance(strength) + 30 * present_chance(strength)
    return np.asarray(meetings + 30 * on_time_chance(strength))


def group_means(values: Floats, cells: Cells) -> Floats:
    """The mean over the cells of each group; rows (cells, …)."""
    return mean_by(values, cells.group, len(cells.groups))
