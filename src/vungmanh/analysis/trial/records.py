"""What cells do and what they report of it, month by month.

Meetings, attendance and tasks follow methods.md §12 and have its yearly distribution: twelve
months are twelve draws with the year's chances, and the tasks of an unreported month are told with
the next report.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints, sigmoid, stream
from vungmanh.analysis.trial.sizes import TrialSize
from vungmanh.analysis.trial.strength import chances
from vungmanh.analysis.trial.tree import Tree

#: Reporting: usual log-odds of a missing month, spread of districts, organisations and cells.
_MISSING, _MISSING_SD, _MISSING_OF_STRENGTH = -2.1, (0.5, 0.4, 0.3), -0.2
#: Months the upper level excused, such as a flood.
_EXCUSED = 0.01
_FEWEST_TASKS, _MEAN_MORE_TASKS = 1, 5.0
#: Copying: log-odds, slope in strength, attendance claimed, share of months filed in December.
_COPYING = (-3.0, -1.2)
RITUAL_CHANCE = 0.55
CLAIMED, _IN_DECEMBER = 0.96, 0.8
#: A month's report comes within days; some come months later, some after the year was closed.
_USUAL_DELAY, _LATE_CHANCE, _LATE_DELAY = 10, 0.06, 75
_AFTER_THE_CUT = 0.2
_ADMISSIONS, _LEAVING = 0.35, 0.3


@dataclass(frozen=True)
class Records:
    """Arrays (n, years, 12) unless said. `filed` (`filed_late` for what is late) counts days from
    the first of the month.

    `held` is what is claimed of a month, `reported` whether it was reported by the cut, and
    `late` whether an unreported month is reported after it. `copied` (n, years).
    """

    held: Bools
    reported: Bools
    late: Bools
    excused: Bools
    members: Ints
    present: Ints
    tasks_due: Ints
    tasks_on_time: Ints
    filed: Ints
    filed_late: Ints
    held_day: Ints
    carried: Ints
    admitted: Ints
    copied: Bools
    december_draw: Floats

    def but(self, **changed: Any) -> Records:
        return replace(self, **changed)

    def filed_in_december(self, where: Bools) -> Ints:
        """Reports of these months filed in the last days of the year."""
        to_december = np.array([30 * (11 - month) for month in range(12)])
        day = to_december + 15 + (10 * self.december_draw).astype(np.int64)
        return np.asarray(np.where(where, np.maximum(self.filed, day), self.filed))

    def copied_where(self, copied: Bools) -> Records:
        """Claims 12 of 12 and 96 % present, reports everything, files most of it in December.

        Half of the tasks that were late are claimed as done in time, the odd one not.
        """
        where = copied[:, :, None]
        in_december = where & (self.december_draw < _IN_DECEMBER)
        claimed = np.round(CLAIMED * 12 * self.members[:, :, :1]).astype(np.int64)
        embellished = (self.tasks_due + self.tasks_on_time) // 2
        months = np.arange(12)
        present = claimed * (months + 1) // 12 - claimed * months // 12
        return self.but(
            held=self.held | where,
            reported=self.reported | where,
            late=self.late & ~where,
            excused=self.excused & ~where,
            present=np.where(where, present, self.present),
            tasks_on_time=np.where(where, embellished, self.tasks_on_time),
            filed=self.filed_in_december(in_december),
            copied=self.copied | copied,
        )


def together(years: list[Records]) -> Records:
    """One year's records after another's."""
    return Records(
        **{
            field.name: np.concatenate([getattr(year, field.name) for year in years], axis=1)
            for field in fields(Records)
        }
    )


def missing_habit(seed: int, size: TrialSize, tree: Tree) -> Floats:
    """(n,): log-odds of a missing month, from district, organisation and cell."""
    rng = stream(seed, "trial reporting")
    area, own, cell = _MISSING_SD
    habit = rng.normal(0, area, size.districts)[tree.cell_district]
    habit += rng.normal(0, own, tree.first_organisations)[tree.origin]
    return np.asarray(_MISSING + habit + rng.normal(0, cell, len(tree.cells)))


def members_by_year(seed: int, size: TrialSize, tree: Tree) -> tuple[Ints, Ints]:
    """Members (n, years) and admissions (n, years, 12): members join, leave, never below three."""
    rng = stream(seed, "trial members")
    shape = (len(tree.cells), size.years)
    admitted = rng.poisson(_ADMISSIONS / 12, (*shape, 12))
    left = rng.poisson(_LEAVING, shape)
    members = np.zeros(shape, dtype=np.int64)
    now = tree.first_members
    for year in range(size.years):
        members[:, year] = now
        now = np.clip(now + admitted[:, year].sum(axis=1) - left[:, year], 3, 60)
    return members, admitted


def copying_chance(strength: Floats, ritual: Bools) -> Floats:
    """(n,): the chance that a cell copies its year; help that only looks at papers raises it."""
    base, slope = _COPYING
    chance = sigmoid(base + slope * strength)
    return np.where(ritual, np.maximum(chance, RITUAL_CHANCE), chance)


def honest_year(
    seed: int, year: int, *, strength: Floats, habit: Floats, members: Ints, admitted: Ints
) -> Records:
    """One calendar year of cells that tell the truth, late or not; strength, habit, members (n,).

    Draws depend on seed and year alone: more help moves chances, not luck.
    """
    rng = stream(seed, f"trial records {year}")
    shape = (len(strength), 12)
    held_chance, present_chance, done_chance = (p[:, None] for p in chances(strength))
    missing = sigmoid(habit + _MISSING_OF_STRENGTH * strength)[:, None]
    unreported = rng.random(shape) < missing
    held = rng.random(shape) < held_chance
    late = unreported & (rng.random(shape) < _AFTER_THE_CUT)
    members = np.repeat(members[:, None], 12, axis=1)
    tasks = _tasks(rng, shape)
    done = rng.binomial(tasks, np.broadcast_to(done_chance, shape))
    tasks, done = _told_with_next(tasks, done, ~unreported)
    slow = rng.random(shape) < _LATE_CHANCE
    delay = rng.integers(2, _USUAL_DELAY, shape) + slow * rng.integers(20, _LATE_DELAY, shape)
    held_day = rng.integers(1, 26, shape)
    to_january = np.array([30 * (12 - month) for month in range(12)])
    delay = np.minimum(held_day + delay, to_january + 30)
    records = Records(
        held=held,
        reported=~unreported,
        late=late,
        excused=rng.random(shape) < _EXCUSED,
        members=members,
        present=rng.binomial(members, np.broadcast_to(present_chance, shape)),
        tasks_due=tasks,
        tasks_on_time=done,
        filed=delay,
        filed_late=to_january + rng.integers(40, 160, shape),
        held_day=held_day,
        carried=np.minimum(rng.geometric(np.broadcast_to(done_chance, shape)) - 1, 6),
        admitted=admitted,
        copied=np.zeros(len(strength), dtype=bool),
        december_draw=rng.random(shape),
    )
    return records.but(
        **{field.name: getattr(records, field.name)[:, None] for field in fields(Records)}
    )


def _tasks(rng: np.random.Generator, shape: tuple[int, int]) -> Ints:
    """Tasks due in each month; a year has one and a Poisson number more."""
    tasks = rng.poisson(_MEAN_MORE_TASKS / 12, shape)
    tasks[np.arange(shape[0]), rng.integers(0, 12, shape[0])] += _FEWEST_TASKS
    return np.asarray(tasks, dtype=np.int64)


def _told_with_next(tasks: Ints, done: Ints, reported: Bools) -> tuple[Ints, Ints]:
    """What fell due in a month without report is told in the next report of the year.

    The months go round: what fell due after the last report stands in the year's first.
    """
    tasks, done = tasks.copy(), done.copy()
    for step in range(24):
        month, following = step % 12, (step + 1) % 12
        moves = ~reported[:, month]
        for counts in (tasks, done):
            counts[:, following] += np.where(moves, counts[:, month], 0)
            counts[:, month] = np.where(moves, 0, counts[:, month])
    return tasks, done
