"""Resolutions and tasks that fell due, and those finished in time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.simulate.cells import Setting
from vungmanh.analysis.simulate.randomness import Floats, Ints
from vungmanh.analysis.simulate.strength import Strength, on_time_chance

#: A year has one task and, on average, so many more (methods.md §12).
_MORE_A_YEAR = 5.0
#: Some cells do not follow their tasks at all; the others leave the columns blank now and then.
_NEVER_SHARE, _BLANK_SHARE = 0.04, 0.03


@dataclass(frozen=True)
class Tasks:
    """By report: due that month and finished in time. Not recorded: NaN in both."""

    due: Floats
    on_time: Floats


def draw_tasks(setting: Setting, strength: Strength, cell: Ints, column: Ints) -> Tasks:
    """The tasks of each reported month, held or not.

    They follow strength alone: who invents meetings is checked on tasks by the level above, which
    set them, and so reports these as they are.
    """
    calendar = setting.calendar
    rng = setting.stream("tasks")
    shape = len(setting.cells), len(calendar.years)
    of_year = 1 + rng.poisson(_MORE_A_YEAR, shape)
    due = rng.multinomial(of_year, np.full(12, 1 / 12)).reshape(shape[0], -1)
    chance = np.repeat(on_time_chance(strength.with_help()), 12, axis=1)
    on_time = rng.binomial(due, chance)
    follows = rng.random(shape[0]) >= _NEVER_SHARE
    is_given = follows[cell] & (rng.random(due.shape) >= _BLANK_SHARE)[cell, column]

    def given(values: Ints) -> Floats:
        return np.where(is_given, values[cell, column].astype(np.float64), np.nan)

    return Tasks(given(due), given(on_time))
