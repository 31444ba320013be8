"""What the second layer says of one unit, as figures: stored with its assessment, told by pages.

Words are put to them in `reason_texts`. Every figure is enough to recount: counts beside shares,
intervals beside estimates, and points that add up.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from vungmanh.analysis.assessing import Ranks, Study
from vungmanh.analysis.facts import Floats
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.analysis.strength import PARTS, observe
from vungmanh.analysis.weakness import Grain
from vungmanh.core.periods import add_months, month_slug
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
    """The figures of one grain, unit by unit. Sums, roundings and lists are made once."""

    def __init__(
        self, study: Study, grain: Grain, first_month: dt.date, rules: ProbabilityRules
    ) -> None:
        self.rules, self.signs = rules, grain.signs
        is_of_cells = grain is study.weakness.cells
        counts = study.counts if is_of_cells else study.whole
        bounds = study.bounds[0 if is_of_cells else 1]
        trend = study.trends[0 if is_of_cells else 1]
        observed = observe(counts)
        of = observed.trials[:, -1].copy()
        of[:, 0] = counts.known[:, -1]  # told whole; what is believed of them weighs in estimates
        months = {
            "due": counts.due,
            "received": counts.known + counts.set_aside,
            "set_aside": counts.set_aside,
            "excused": counts.excused,
        }
        before = grain.probability[:, -2:-1]  # nothing where there is one period only
        self._known = np.isfinite(grain.estimates.index[:, -1]).tolist()
        self._points = {
            "index": _points(grain.estimates.index[:, -1]),
            "low": _points(grain.low[:, -1]),
            "high": _points(grain.high[:, -1]),
            "reference": _points(grain.reference),
            "probability": _shares(grain.probability[:, -1]),
            "before": _shares(before[:, 0]) if before.size else [None] * len(grain.reference),
            "hidden": _shares(grain.hidden[:, -1]),
            "typical": _points(grain.typical_index),
            **{name: _points(one[:, -1]) for name, one in months.items()},
            "worst": _points(bounds.worst[:, -1]),
            "best": _points(bounds.best[:, -1]),
            "alone": _points(trend.alone),
            "slope": _points(np.stack(trend.slope[:3], axis=-1)),
            "declining": trend.declining.tolist(),
            "worse_since": [
                month_slug(add_months(first_month, since)) if since >= 0 else None
                for since in trend.since.tolist()
            ],
            "uneven": study.doubts.attendance[:, -1].tolist(),
            "december": study.doubts.december[:, -1].tolist(),
        }
        self._parts_of = {
            "done": _points(observed.successes[:, -1]),
            "of": _points(of),
            "estimate": _shares(grain.estimates.parts[:, -1]),
            "low": _shares(grain.part_low),
            "high": _shares(grain.part_high),
            "typical": _shares(grain.typical),
            "explains": grain.explains.tolist(),
        }
        self._gaps = grain.points.tolist()
        self._weights = _points(study.weakness.strength.weights)
        self._series = _points(
            np.stack([grain.estimates.index, grain.estimates.sd], axis=-1)[:, -_SERIES:]
        )

    def is_known(self, unit: int) -> bool:
        """Whether anything at all can be estimated of a unit."""
        return bool(self._known[unit])

    def figures(self, unit: int) -> Figures:
        """Everything estimated of a unit; empty where nothing can be."""
        if not self.is_known(unit):
            return {}
        return {
            **{name: values[unit] for name, values in self._points.items()},
            "parts": self._parts(unit),
            "series": self._series[unit],
        }

    def _parts(self, unit: int) -> list[Figures]:
        gaps = self._gaps[unit]
        rounded = adding_up(gaps, sum(gaps))
        return [
            {
                "part": part,
                "weight": self._weights[place],
                "points": rounded[place],
                **{name: values[unit][place] for name, values in self._parts_of.items()},
            }
            for place, part in enumerate(PARTS)
        ]

    def reason(self, unit: int) -> Figures | None:
        """The reason "probably weak", heavy when it lasts; None where it is not probable enough."""
        signs = self.signs
        if not (signs.lasting[unit, -1] or signs.noticed[unit, -1]):
            return None
        weight = Weight.HEAVY if signs.lasting[unit, -1] else Weight.LIGHT
        kept = ("index", "low", "high", "alone", "reference", "probability", "typical")
        return {
            "key": "probably_weak",
            "weight": weight.value,
            **{name: self._points[name][unit] for name in kept},
            "level": self.rules.interval_percent,
            "periods": self.rules.weak_periods,
            "parts": [
                {name: one[name] for name in ("part", "points", "explains")}
                for one in self._parts(unit)
            ],
        }

    def to_verify(self, unit: int) -> Figures | None:
        """The mark that months not accounted for could hide weakness; None where they could not."""
        if not self.signs.hidden[unit, -1] or self.signs.likely[unit, -1]:
            return None
        told = {name: values[unit] for name, values in self._points.items()}
        return {
            "key": "months_hidden",
            "weight": "",
            "silent": round(told["due"] - told["received"], 2),
            "set_aside": told["set_aside"],
            "excused": told["excused"],
            "probability": told["probability"],
            "hidden": told["hidden"],
        }


def rank_figures(ranks: Ranks, unit: int) -> tuple[int | None, int | None, int | None, int | None]:
    """(rank, lowest, highest, of how many); nothing for a unit that is not ranked."""
    if not ranks.rank[unit]:
        return None, None, None, None
    found = (ranks.rank, ranks.low, ranks.high, ranks.of)
    rank, low, high, of = (int(one[unit]) for one in found)
    return rank, low, high, of


def _points(values: Floats) -> Any:
    """Lists of the same shape, rounded to hundredths; None for what is unknown."""
    return _lists(values, 2)


def _shares(values: Floats) -> Any:
    """Lists of the same shape, rounded to ten-thousandths; None for what is unknown."""
    return _lists(values, 4)


def _lists(values: Floats, digits: int) -> Any:
    rounded = (np.round(values, digits) + 0.0).astype(object)  # no minus zero
    rounded[~np.isfinite(values)] = None
    return rounded.tolist()
