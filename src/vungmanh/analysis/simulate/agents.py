"""Cells that do not play fair (decisions.md 10), and how cells usually report."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from vungmanh.analysis.simulate.cells import Setting
from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, sigmoid
from vungmanh.analysis.simulate.strength import Strength

#: Years for which an agent keeps to its way, counted back from the last.
_YEARS = 3


class Agent(StrEnum):
    """What a cell does instead of reporting what happened in time."""

    SILENT = "silent"  # hardly reports
    EXCUSE_SEEKING = "excuse_seeking"  # has months excused
    DECEMBER_FILING = "december_filing"  # files the whole year in December
    INVENTING = "inventing"  # reports meetings and attendance that never were


@dataclass(frozen=True)
class Agents:
    """`kind` (cells,) is an index into Agent or -1; they act from year `since` on."""

    kind: Ints
    since: int

    def acting(self, agent: Agent, year: int) -> Bools:
        return np.asarray((self.kind == list(Agent).index(agent)) & (year >= self.since))


def choose_agents(setting: Setting, strength: Strength, taken: Bools) -> Agents:
    """Weak cells, still alive and in no story, take to one way each."""
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("agents")
    weakness = -strength.cell_years[:, -_YEARS:].mean(axis=1)
    eligible = (cells.end >= calendar.columns) & ~taken
    score = np.where(eligible, weakness + rng.normal(0, 0.8, len(cells)), -np.inf)
    worst = np.argsort(-score, kind="stable")[: setting.size.agents * len(Agent)]
    kind = np.full(len(cells), -1, dtype=np.int64)
    kind[rng.permutation(worst)] = np.arange(len(worst)) % len(Agent)
    return Agents(kind, calendar.last.year - _YEARS + 1)


def reporting_chance(setting: Setting, strength: Strength, agents: Agents) -> Floats:
    """(cells, years): the chance that a month is reported in time or late.

    Most cells report nearly always; the habit of the district counts more than strength.
    """
    cells = setting.cells
    rng = setting.stream("reporting habit")
    usual = np.array([plan.reporting for plan in setting.size.areas])
    habit = np.log(usual / (1 - usual)) + 0.1
    own = rng.normal(0, 0.3, len(cells))
    chance = sigmoid((habit[cells.area] + own)[:, None] + 0.15 * strength.cell_years)
    silent = rng.uniform(0.25, 0.6, len(cells))
    for column, year in enumerate(setting.calendar.years):
        chance[:, column] = np.where(agents.acting(Agent.SILENT, year), silent, chance[:, column])
        for agent in (Agent.INVENTING, Agent.DECEMBER_FILING):
            chance[agents.acting(agent, year), column] = 1.0
    return chance
