"""What the assessment has to reach on trial provinces (methods.md §12, "Goals")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

Figures = Mapping[str, tuple[float, float]]


class Reached(StrEnum):
    """How a measured figure stands to its goal."""

    STRETCH = "stretch"
    GOAL = "goal"
    MISSED = "missed"


@dataclass(frozen=True)
class Goal:
    """One line of the goals: `measure` as `scoring.score` calls it, and bounds both included.

    `naive` is what the raw percentage index scored in the prototype, in words.
    """

    measure: str
    text: str
    naive: str
    goal: tuple[float, float]
    stretch: tuple[float, float]

    def judge(self, figures: Figures) -> Reached:
        value = figures[self.measure][0] if self.measure in figures else float("nan")
        for bounds, reached in ((self.stretch, Reached.STRETCH), (self.goal, Reached.GOAL)):
            if bounds[0] <= value <= bounds[1]:
                return reached
        return Reached.MISSED


_SURE = "with P(weak) ≥ .8: truly below the reference"
_COVER = "90 % intervals cover"

GOALS: tuple[Goal, ...] = tuple(
    Goal(f"{grain} {measure}", f"{grain}: {text}", naive, (goal, most), (stretch, highest))
    for grain, measure, text, naive, goal, most, stretch, highest in (
        ("organisations", "precision", "precision at 10 %", ".47", 0.70, 1, 0.75, 1),
        ("organisations", "auc", "AUC", ".83", 0.95, 1, 0.97, 1),
        ("cells", "precision", "precision at 10 %", ".47", 0.60, 1, 0.65, 1),
        ("cells", "auc", "AUC", ".71", 0.93, 1, 0.95, 1),
        ("organisations", "sure below", _SURE, "–", 0.88, 1, 0.93, 1),
        ("cells", "sure below", _SURE, "–", 0.88, 1, 0.93, 1),
        ("organisations", "coverage", _COVER, ".2–.8", 0.86, 0.94, 0.88, 0.92),
        ("cells", "coverage", _COVER, ".2–.8", 0.86, 0.94, 0.88, 0.92),
    )
)


def gains(moved: tuple[float, float]) -> bool:
    """Whether playing pays: agents fall back in the order of work by more than two errors."""
    mean, error = moved
    return not mean <= 2 * (0.0 if isnan(error) else error)
