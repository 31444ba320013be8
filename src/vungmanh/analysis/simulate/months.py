"""Month by month: what was truly held, what was excused, what was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.simulate.agents import Agent, Agents
from vungmanh.analysis.simulate.cells import SECTORS, Calendar, Setting
from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, sigmoid
from vungmanh.analysis.simulate.scheme import COPYING_UNDER_D, Chosen, Scheme, help_effect
from vungmanh.analysis.simulate.stories import EXCUSED, HELD, NO_REPORT, NOT_HELD, Story
from vungmanh.analysis.simulate.strength import HELD_BASE, HELD_SLOPE, Strength
from vungmanh.core.vocabulary import Sector

#: Reasons of excused months, in the order of their codes from 1.
FLOOD, HARVEST, ASKED = 1, 2, 3

#: By month of the year, on the logit scale: Tết in February, rains in July and August.
_SEASON = np.array([-0.15, -0.85, 0.1, 0.15, 0.1, 0.05, -0.25, -0.2, 0.0, 0.05, 0.05, 0.0])
_TET_IN_JANUARY = frozenset({2014, 2017, 2020, 2023, 2025})
_COPY_BASE, _COPY_SLOPE = -4.9, -1.1
_UNHELD_UNREPORTED = 0.06  # a month without meeting is a little more often left unreported


@dataclass(frozen=True)
class Months:
    """All (cells, months). `state` is NO_REPORT, HELD, NOT_HELD or EXCUSED, before any filing cut;
    `held` is the truth; `excuse` the code of the reason, 0 none. `copied` is (cells, years).
    """

    state: NDArray[np.int8]
    held: Bools
    excuse: NDArray[np.int8]
    copied: Bools


def draw_excuses(setting: Setting, agents: Agents, story: Story) -> NDArray[np.int8]:
    """(cells, months): the months postponed by document, by code of the reason."""
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("excuses")
    result = np.zeros((len(cells), calendar.columns), dtype=np.int8)
    is_village = cells.sector == SECTORS.index(Sector.VILLAGE)
    for column, year in enumerate(calendar.years):
        for _ in range(int(rng.poisson(len(cells) / 550))):
            group = rng.integers(0, len(cells.groups))
            near = (np.abs(cells.group - group) <= 2) & is_village  # neighbours stand together
            hit = near & (rng.random(len(cells)) < 0.6)
            result[hit, 12 * column + rng.choice([6, 7, 8])] = FLOOD
        harvesting = is_village & (rng.random(len(cells)) < 0.008)
        result[harvesting, 12 * column + rng.choice([4, 5, 9])] = HARVEST
        asking = np.flatnonzero(agents.acting(Agent.EXCUSE_SEEKING, year))
        for cell in asking:
            result[cell, 12 * column + rng.permutation(12)[:4]] = ASKED
    result[story.told] = 0
    result[story.marks == EXCUSED] = FLOOD
    result[~cells.alive(calendar)] = 0
    return result


def draw_months(
    setting: Setting,
    *,
    strength: Strength,
    reporting: Floats,
    agents: Agents,
    excuse: NDArray[np.int8],
    story: Story,
    scheme: Scheme,
) -> Months:
    """Live through the years: each year's choice rests on what the year before showed.

    Fills in `strength.help` for the organisations chosen.
    """
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("months")
    alive = cells.alive(calendar)
    state = np.zeros(alive.shape, dtype=np.int8)
    held = np.zeros(alive.shape, dtype=np.bool_)
    copied = np.zeros((len(cells), len(calendar.years)), dtype=np.bool_)
    for column, year in enumerate(calendar.years):
        span = slice(12 * column, 12 * column + 12)
        if column:
            _help(scheme, strength, state[:, span.start - 12 : span.start], column, calendar)
        theta = strength.year(column)
        lying = _copying(theta, scheme.copying(year)[cells.group], agents, year, rng)
        told = story.marks[:, span]
        lying &= ~(told >= 0).any(axis=1)
        copied[:, column] = lying
        true_held = _hold(theta, year, rng)
        reported = rng.random(true_held.shape) < reporting[:, column][:, None]
        reported &= true_held | (rng.random(true_held.shape) >= _UNHELD_UNREPORTED)
        said = np.where(reported, np.where(true_held, HELD, NOT_HELD), NO_REPORT)
        said[lying] = HELD
        said = np.where(excuse[:, span] > 0, EXCUSED, said)
        said = np.where(told >= 0, told, said)
        true_held = np.where((told == HELD) | (told == NOT_HELD), told == HELD, true_held)
        state[:, span] = np.where(alive[:, span], said, NO_REPORT)
        held[:, span] = true_held & alive[:, span] & (excuse[:, span] == 0)
    return Months(state, held, excuse, copied)


def _help(
    scheme: Scheme,
    strength: Strength,
    last_year: NDArray[np.int8],
    column: int,
    calendar: Calendar,
) -> None:
    year = calendar.years[column]
    held: Ints = (last_year == HELD).sum(axis=1)
    reported = held + (last_year == NOT_HELD).sum(axis=1)
    chosen: list[Chosen] = scheme.choose(year, held, reported, strength.year(column - 1))
    for one in chosen:
        strength.help[one.group] += help_effect(one, calendar)


def _copying(
    theta: Floats, taught: Bools, agents: Agents, year: int, rng: np.random.Generator
) -> Bools:
    """Cells that copy or invent this year; the weaker, the likelier."""
    chance = sigmoid(_COPY_BASE + _COPY_SLOPE * theta)
    chance = np.where(taught, COPYING_UNDER_D, chance)
    drawn = rng.random(len(theta)) < chance
    others = [Agent.SILENT, Agent.EXCUSE_SEEKING, Agent.DECEMBER_FILING]
    for agent in others:
        drawn &= ~agents.acting(agent, year)
    return np.asarray(drawn | agents.acting(Agent.INVENTING, year))


def _hold(theta: Floats, year: int, rng: np.random.Generator) -> Bools:
    season = _SEASON.copy()
    if year in _TET_IN_JANUARY:
        season[0] -= 0.45
    chance = sigmoid((HELD_BASE + HELD_SLOPE * theta)[:, None] + season)
    return np.asarray(rng.random(chance.shape) < chance)


def month_date(calendar: Calendar, column: int) -> date:
    """The first day of a column's month."""
    return date(calendar.origin.year + column // 12, column % 12 + 1, 1)
