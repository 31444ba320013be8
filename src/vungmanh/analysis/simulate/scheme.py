"""The scheme 2016–2020: which organisations were chosen, for which help, and what it did.

Chosen each year from what the selectors could see of the year before (reported meetings and the
grade), with some noise, at most one in an area; never twice (methods.md §12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from vungmanh.analysis.simulate.cells import Calendar, Setting, mean_by
from vungmanh.analysis.simulate.names import DONG_THU, QUAN_MAU
from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints
from vungmanh.analysis.simulate.tree import REFORM

SCHEME_YEARS = range(2016, 2021)
_FEWEST_CELLS = 4
_TWINS = {QUAN_MAU: 2017, DONG_THU: 2018}


class Help(StrEnum):
    """Types of help and their true effect on strength: in the first year, and after it."""

    A = "overseer_and_secretary"
    B = "training"
    C = "visits_only"
    D = "paperwork"


EFFECT = {Help.A: (0.7, 0.7), Help.B: (0.3, 0.6), Help.C: (0.0, 0.0), Help.D: (0.0, 0.0)}
#: Paperwork brings no strength, only copying.
COPYING_UNDER_D = 0.55


@dataclass(frozen=True)
class Chosen:
    """One organisation chosen. `score` is null for the twins, whom the account had chosen."""

    group: int
    year: int
    help: Help
    score: float | None

    @property
    def started_on(self) -> date:
        return date(self.year, 1, 20)

    @property
    def ended_on(self) -> date:
        return date(self.year + 1, 12, 31)


class Scheme:
    """Chooses year by year and remembers whom."""

    def __init__(self, setting: Setting) -> None:
        tree, cells = setting.tree, setting.cells
        self.rng = setting.stream("scheme")
        self.cells = cells
        self.a_year = setting.size.chosen_a_year
        self.chosen: list[Chosen] = []
        groups = list(cells.groups)
        self.twins = {
            groups.index(tree.named[name]): year
            for name, year in _TWINS.items()
            if name in tree.named
        }
        # Too few cells to speak of would be chosen by luck alone.
        sizes = np.bincount(cells.group, minlength=len(groups))
        self.area = np.array([-1] * len(groups))
        self.area[cells.group] = cells.area
        lived = np.array([unit.founded is None for unit in groups])
        self.eligible = lived & (sizes >= _FEWEST_CELLS)
        self.eligible[list(self.twins)] = False

    def choose(self, year: int, held: Ints, reported: Ints, grade: Floats) -> list[Chosen]:
        """Those chosen for `year` from the year before: held and reported months, graded score."""
        if year not in SCHEME_YEARS:
            return []
        made = [Chosen(group, year, Help.A, None) for group, of in self.twins.items() if of == year]
        count = len(self.cells.groups)
        share = mean_by(held / np.maximum(reported, 1), self.cells.group, count)
        graded = mean_by(grade, self.cells.group, count)
        score = -_standard(share) - 0.5 * _standard(graded) + self.rng.normal(0, 0.3, count)
        score[~self.eligible] = -np.inf
        kinds = list(Help)
        areas_used = {int(self.area[one.group]) for one in made}
        for group in np.argsort(-score, kind="stable").tolist():
            if len(made) >= self.a_year or not np.isfinite(score[group]):
                break
            area = int(self.area[group])
            if area in areas_used:
                continue
            areas_used.add(area)
            kind = kinds[(len(self.chosen) + len(made)) % len(kinds)]
            made.append(Chosen(group, year, kind, round(float(score[group]), 4)))
        for one in made:
            self.eligible[one.group] = False
        self.chosen += made
        return made

    def copying(self, year: int) -> Bools:
        """Groups in which paperwork has taught cells to copy."""
        result = np.zeros(len(self.cells.groups), dtype=np.bool_)
        for one in self.chosen:
            if one.help is Help.D and one.year <= year <= one.ended_on.year:
                result[one.group] = True
        return result


def help_effect(one: Chosen, calendar: Calendar) -> Floats:
    """What the help adds to the group's strength in each year of the calendar.

    It lasts until the organisation ends with the reform.
    """
    first, later = EFFECT[one.help]
    return np.array(
        [
            0.0 if year < one.year or year > REFORM.year else first if year == one.year else later
            for year in calendar.years
        ]
    )


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))
