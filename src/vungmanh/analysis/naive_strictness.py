"""Strictness of committees once more, slowly: plain loops, one unit at a time.

Nothing in the program calls this; it judges `strictness` on generated data. None is unknown.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from statistics import NormalDist, fmean


def place(value: float, among: Sequence[float]) -> float:
    """The share of values below, and half of the share equal."""
    below = sum(one < value for one in among)
    equal = sum(one == value for one in among)
    return (below + equal / 2) / len(among)


def strictness(
    grade: Sequence[float],
    index: Sequence[float],
    committee: Sequence[int],
    group: Sequence[int],
    *,
    few: int,
    level: float,
) -> dict[int, tuple[float, float, float]]:
    """{committee: (estimate, low, high)}; empty where fewer than two can be compared."""
    size = {one: list(committee).count(one) for one in committee}
    rows = [row for row, one in enumerate(committee) if size[one] >= few]
    heard = sorted({committee[row] for row in rows})
    if len(heard) < 2:
        return {}
    y, x = {}, {}
    for row in rows:
        like = [other for other in rows if group[other] == group[row]]
        y[row] = place(grade[row], [grade[other] for other in like]) - 0.5
        x[row] = place(index[row], [index[other] for other in like]) - 0.5
    of = {one: [row for row in rows if committee[row] == one] for one in heard}
    above = below = 0.0
    for one in heard:
        for row in of[one]:
            away = x[row] - fmean(x[other] for other in of[one])
            above += away * (y[row] - fmean(y[other] for other in of[one]))
            below += away**2
    slope = min(max(above / below, 0.0), 1.0) if below > 0 else 0.0
    left = {row: y[row] - slope * x[row] for row in rows}
    mean = {one: fmean(left[row] for row in of[one]) for one in heard}
    middle = fmean(left.values())
    within = sum((left[row] - mean[committee[row]]) ** 2 for row in rows)
    within /= max(len(rows) - len(heard), 1)
    apart = sum(len(of[one]) * (mean[one] - middle) ** 2 for one in heard)
    spare = len(rows) - sum(len(of[one]) ** 2 for one in heard) / len(rows)
    between = max((apart - (len(heard) - 1) * within) / spare, 0.0)
    told = {}
    for one in heard:
        kept = len(of[one]) * between / (len(of[one]) * between + within) if between > 0 else 0.0
        reach = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(between * (1 - kept))
        estimate = kept * (mean[one] - middle)
        told[one] = (estimate, estimate - reach, estimate + reach)
    return told


def number_expected(chances: Sequence[float], level: float) -> tuple[float, int, int]:
    """Mean and interval over every way in which the events can come about."""
    ways = [0.0] * (len(chances) + 1)
    for happened in itertools.product((0, 1), repeat=len(chances)):
        chance = math.prod(p if yes else 1 - p for p, yes in zip(chances, happened, strict=True))
        ways[sum(happened)] += chance
    tail = (1 - level) / 2
    below = list(itertools.accumulate(ways))
    low = next(k for k, one in enumerate(below) if one >= tail + 1e-12)
    high = next((k for k, one in enumerate(below) if one >= 1 - tail - 1e-12), len(chances))
    return sum(chances), low, high
