"""Many seeds, every method, honest and playing worlds: what `vungmanh bench` runs.

One seed is one unit of work and depends on nothing else, so that seeds can be shared out over
processes and the result does not depend on who did what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.trial.agents import AgentKind
from vungmanh.analysis.trial.naive import adjusted_year, last_grade, raw_index, rule_of_thumb
from vungmanh.analysis.trial.province import TrialProvince, simulate
from vungmanh.analysis.trial.scoring import Method, moved, over_seeds, score
from vungmanh.analysis.trial.sizes import FULL, TrialSize

RULE_OF_THUMB, RAW_INDEX = "rule of thumb: held / 12, missing = 0", "raw percentage index"
OURS = "the assessment"
#: The methods to beat, by the name they have in tables.
NAIVE: Mapping[str, Method] = {
    RULE_OF_THUMB: rule_of_thumb,
    RAW_INDEX: raw_index,
    "last grade": last_grade,
    "adjusted one-year index": adjusted_year,
}

Figures = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class SeedResult:
    """`measures` by method and measure; `moved` by method and kind of play, in places."""

    seed: int
    measures: dict[str, dict[str, float]]
    moved: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Bench:
    """Means over seeds, each with its Monte-Carlo standard error."""

    seeds: tuple[int, ...]
    measures: dict[str, Figures]
    moved: dict[str, Figures]


@dataclass(frozen=True)
class Plan:
    """What to run for each seed: agents try to deceive the `deceived` among the methods."""

    methods: Mapping[str, Method]
    deceived: tuple[str, ...] = ()
    size: TrialSize = FULL
    agents: tuple[AgentKind, ...] = tuple(AgentKind)


def run_seed(seed: int, plan: Plan) -> SeedResult:
    """Score every method on one province, and let agents play against some of them."""
    province = simulate(seed, size=plan.size)
    measures = {name: score(province, method(province)) for name, method in plan.methods.items()}
    gained: dict[str, dict[str, float]] = {name: {} for name in plan.deceived}
    if plan.agents and plan.deceived:
        honest = simulate(seed, size=plan.size, agents=plan.agents[0], honest=True)
        before = {name: plan.methods[name](honest) for name in plan.deceived}
        agents = _among_living(honest)
        for kind in plan.agents:
            played = simulate(seed, size=plan.size, agents=kind)
            for name in plan.deceived:
                after = plan.methods[name](played)
                gained[name][kind.value] = moved(before[name], after, agents)
    return SeedResult(seed, measures, gained)


def _among_living(province: TrialProvince) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    place = np.cumsum(province.tree.living_cells) - 1
    return np.asarray(place[province.truth.agents])


def together(results: Iterable[SeedResult]) -> Bench:
    """Means over all seeds, whatever order they came in."""
    ordered = sorted(results, key=lambda one: one.seed)
    first = ordered[0]
    return Bench(
        seeds=tuple(one.seed for one in ordered),
        measures={n: over_seeds([one.measures[n] for one in ordered]) for n in first.measures},
        moved={n: over_seeds([one.moved[n] for one in ordered]) for n in first.moved},
    )
