"""What the second layer says of one unit, as figures: stored with its assessment, told by pages.

Words are put to them in `reason_texts`. Every figure is enough to recount: counts beside shares,
intervals beside estimates, and points that add up.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from vungmanh.analysis.assessing import Ranks, Study
from vungmanh.analysis.facts import UNKNOWN, Ints
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.analysis.strength import PARTS, observe
from vungmanh.analysis.weakness import Grain, organisations_counted
from vungmanh.core.vocabulary import Weight

Figures = dict[str, Any]

_SERIES = 13  # periods of a series kept: enough for a scheme and the years before it


def adding_up(parts: list[float], total: float, digits: int = 1) -> list[float]:
    """`parts` rounded so that they add up to `total` rounded (largest remainder).

    >>> adding_up([1.26, 1.26, 1.26], 3.78)
    [1.3, 1.3, 1.2]
    """
    unit = 10**digits
    floors = [math.floor(part * unit) for part in parts]
    missing = round(total * unit) - sum(floors)
    short = [floor - part * unit for floor, part in zip(floors, parts, strict=True)]
    for place in sorted(range(len(parts)), key=short.__getitem__)[: max(missing, 0)]:
        floors[place] += 1
    return [floor / unit for floor in floors]


class Told:
    """The figures of one grain, unit by unit. Sums over cells are made once."""

    def __init__(self, study: Study, grain: Grain, home: Ints, rules: ProbabilityRules) -> None:
        self.study, self.grain, self.rules = study, grain, rules
        observed, counts = observe(study.counts), study.counts

        def whole(values: Any) -> Any:
            return values if grain is study.weakness.cells else organisations_counted(values, home)

        self._done = whole(observed.successes)[:, -1]
        self._of = whole(observed.trials)[:, -1]
        months = (counts.due, counts.known + counts.set_aside, counts.set_aside, counts.excused)
        self._months = [whole(one)[:, -1] for one in months]
        self._cells = np.bincount(home[home != UNKNOWN], minlength=len(home))

    def is_known(self, unit: int) -> bool:
        """Whether anything at all can be estimated of a unit."""
        return bool(np.isfinite(self.grain.estimates.index[unit, -1]))

    def figures(self, unit: int) -> Figures:
        """Everything estimated of a unit; empty where nothing can be."""
        if not self.is_known(unit):
            return {}
        grain, estimates = self.grain, self.grain.estimates
        due, received, set_aside, excused = (float(one[unit]) for one in self._months)
        return {
            "index": _short(estimates.index[unit, -1]),
            "low": _short(grain.low[unit, -1]),
            "high": _short(grain.high[unit, -1]),
            "reference": _short(grain.reference[unit]),
            "probability": _share(grain.probability[unit, -1]),
            "before": _share(grain.probability[unit, -2]) if self._periods > 1 else None,
            "hidden": _share(grain.hidden[unit, -1]),
            "typical": _short(grain.typical_index[unit]),
            "parts": self._parts(unit),
            "due": round(due, 2),
            "received": round(received, 2),
            "set_aside": round(set_aside, 2),
            "excused": round(excused, 2),
            "uneven": bool(self.study.doubts.attendance[unit, -1]),
            "december": bool(self.study.doubts.december[unit, -1]),
            "series": [
                [_short(value), _short(sd)]
                for value, sd in zip(
                    estimates.index[unit, -_SERIES:], estimates.sd[unit, -_SERIES:], strict=True
                )
            ],
        }

    @property
    def _periods(self) -> int:
        return int(self.grain.probability.shape[1])

    def _parts(self, unit: int) -> list[Figures]:
        grain = self.grain
        points = grain.points[unit]
        rounded = adding_up(points.tolist(), float(points.sum()))
        weights = self.study.weakness.strength.weights
        return [
            {
                "part": part,
                "weight": _short(weights[place]),
                "done": round(float(self._done[unit, place]), 2),
                "of": round(float(self._of[unit, place]), 2),
                "estimate": _share(grain.estimates.parts[unit, -1, place]),
                "low": _share(grain.part_low[unit, place]),
                "high": _share(grain.part_high[unit, place]),
                "typical": _share(grain.typical[unit, place]),
                "points": rounded[place],
                "explains": bool(grain.explains[unit, place]),
            }
            for place, part in enumerate(PARTS)
        ]

    def reason(self, unit: int) -> Figures | None:
        """The reason "probably weak", heavy when it lasts; None where it is not probable enough."""
        signs = self.grain.signs
        if not (signs.lasting[unit, -1] or signs.noticed[unit, -1]):
            return None
        weight = Weight.HEAVY if signs.lasting[unit, -1] else Weight.LIGHT
        told = self.figures(unit)
        kept = ("index", "low", "high", "reference", "probability", "typical")
        return {
            "key": "probably_weak",
            "weight": weight.value,
            **{name: told[name] for name in kept},
            "level": self.rules.interval_percent,
            "periods": self.rules.weak_periods,
            "parts": [
                {name: one[name] for name in ("part", "points", "explains")}
                for one in told["parts"]
            ],
        }

    def to_verify(self, unit: int) -> Figures | None:
        """The mark that months not accounted for could hide weakness; None where they could not."""
        if not self.grain.signs.hidden[unit, -1]:
            return None
        due, received, set_aside, excused = (float(one[unit]) for one in self._months)
        return {
            "key": "months_hidden",
            "weight": "",
            "silent": round(due - received, 2),
            "set_aside": round(set_aside, 2),
            "excused": round(excused, 2),
            "probability": _share(self.grain.probability[unit, -1]),
            "hidden": _share(self.grain.hidden[unit, -1]),
        }


def rank_figures(ranks: Ranks, unit: int) -> tuple[int | None, int | None, int | None, int | None]:
    """(rank, lowest, highest, of how many); nothing for a unit that is not ranked."""
    if not ranks.rank[unit]:
        return None, None, None, None
    found = (ranks.rank, ranks.low, ranks.high, ranks.of)
    rank, low, high, of = (int(one[unit]) for one in found)
    return rank, low, high, of


def _short(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 2)


def _share(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
