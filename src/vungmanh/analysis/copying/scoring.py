"""How often the comparison is right, on texts whose truth is known (`trial.minutes`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.copying.common import Limits
from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import likeness
from vungmanh.analysis.trial.minutes import Minutes, write_minutes


@dataclass(frozen=True)
class Score:
    """Of minutes: how many are copies, how many were shown as later of a pair, how many are both.

    `empty` counts minutes without enough of their own to compare.
    """

    minutes: int
    copies: int
    shown: int
    right: int
    empty: int

    @property
    def precision(self) -> float:
        return self.right / self.shown if self.shown else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.copies if self.copies else 1.0


def score(
    seed: int, *, cells: int = 150, months: int = 12, copied: float = 0.13,
    limits: Limits | None = None,
) -> Score:  # fmt: skip
    """One set of minutes, judged. Whoever wrote for himself filed first, as in the texts."""
    made = write_minutes(seed, cells=cells, months=months, copied=copied)
    return judged(made, limits)


def judged(made: Minutes, limits: Limits | None = None) -> Score:
    """Minutes with known sources against what is found in them; rows were filed in their order."""
    names = {name: number for number, name in enumerate(sorted(set(made.cell)))}
    cell = [names[name] for name in made.cell]
    alike = likeness(Corpus.of(made.text, cell, made.month, range(len(cell))), limits=limits)
    shown = np.zeros(len(cell), dtype=np.bool_)
    shown[alike.later] = True
    copy = np.asarray(made.source) >= 0
    right = int((shown & copy).sum())
    return Score(len(cell), int(copy.sum()), int(shown.sum()), right, int(alike.empty.sum()))
