"""The bench: what a seed gives depends on the seed alone, and playing is measured in places."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vungmanh.analysis.trial.agents import AgentKind
from vungmanh.analysis.trial.bench import (
    NAIVE,
    OURS,
    RAW_INDEX,
    RULE_OF_THUMB,
    Plan,
    run_seed,
    together,
)
from vungmanh.analysis.trial.goals import GOALS, Reached, gains
from vungmanh.analysis.trial.province import TrialProvince
from vungmanh.analysis.trial.report import figure, markdown
from vungmanh.analysis.trial.scoring import Said, Verdict
from vungmanh.analysis.trial.sizes import SMALL

PLAN = Plan(NAIVE, deceived=(RULE_OF_THUMB, RAW_INDEX), size=SMALL)


def test_a_seed_gives_the_same_figures_in_any_company() -> None:
    one, other = run_seed(31, PLAN), run_seed(32, PLAN)
    assert one == run_seed(31, PLAN)
    assert one.measures != other.measures
    assert together([one, other]) == together([other, one])
    assert together([one, other]).seeds == (31, 32)


def test_lying_pays_against_whoever_believes_everything() -> None:
    told = together(run_seed(seed, PLAN) for seed in range(40, 43))
    for name in (RULE_OF_THUMB, RAW_INDEX):
        for kind in (AgentKind.COPYING, AgentKind.INVENTING):
            mean, error = told.moved[name][kind]
            assert mean > 2 * error
            assert gains((mean, error))
    # Silence is punished by a rule that takes it for not held, honest silence included.
    assert not gains(told.moved[RULE_OF_THUMB][AgentKind.SILENT])


def test_where_everybody_is_alike_nobody_moves() -> None:
    plan = Plan({"blind": _equal}, ("blind",), SMALL, (AgentKind.SILENT,))
    assert run_seed(3, plan).moved["blind"] == {"silent": 0.0}


def _equal(province: TrialProvince) -> Verdict:
    """Everybody alike: nobody can move."""
    tree = province.tree
    return Verdict(
        Said(np.zeros(int(tree.living_cells.sum())), in_points=False),
        Said(np.zeros(int(tree.living_organisations.sum())), in_points=False),
    )


@pytest.mark.parametrize(
    ("value", "reached"),
    [(0.69, Reached.MISSED), (0.70, Reached.GOAL), (0.75, Reached.STRETCH), (1.0, Reached.STRETCH)],
)
def test_a_goal_is_reached_from_its_bound_on(value: float, reached: Reached) -> None:
    goal = next(goal for goal in GOALS if goal.measure == "organisations precision")
    assert goal.judge({goal.measure: (value, 0.01)}) is reached


def test_intervals_may_be_too_wide_as_well_as_too_narrow() -> None:
    goal = next(goal for goal in GOALS if goal.measure == "cells coverage")
    assert goal.judge({goal.measure: (0.90, 0.0)}) is Reached.STRETCH
    assert goal.judge({goal.measure: (0.85, 0.0)}) is Reached.MISSED
    assert goal.judge({goal.measure: (0.99, 0.0)}) is Reached.MISSED
    assert goal.judge({}) is Reached.MISSED


def test_playing_pays_only_beyond_the_error() -> None:
    assert gains((10.0, 2.0))
    assert not gains((3.0, 2.0))
    assert not gains((-50.0, 2.0))
    assert gains((1.0, math.nan))


def test_the_page_says_what_was_missed_and_which_lie_pays() -> None:
    plan = Plan(
        {RAW_INDEX: NAIVE[RAW_INDEX], OURS: NAIVE[RAW_INDEX]}, (OURS,), SMALL,
        (AgentKind.COPYING, AgentKind.SILENT),
    )  # fmt: skip
    page = markdown(together(run_seed(seed, plan) for seed in range(3)), "vungmanh bench")
    lines = page.splitlines()
    missed = next(line for line in lines if line.startswith("| organisations: precision"))
    assert missed.endswith("**not reached** |")
    # What a method does not say is no figure, and no goal reached.
    unsaid = next(line for line in lines if "cells: with P(weak)" in line)
    assert unsaid.split("|")[5:7] == [" – ", " **not reached** "]
    copying = next(line for line in lines if line.startswith("| minutes copied"))
    silent = next(line for line in lines if line.startswith("| silent about everything"))
    assert copying.endswith(", pays |")
    assert "−" in silent
    assert "seeds 0–2" in page


@pytest.mark.parametrize(
    ("value", "measure", "text"),
    [
        ((0.7124, 0.0041), "auc", ".712 ± .004"),
        ((3.456, 0.12), "organisations rmse", "3.5 ± .1"),
        ((1.0, 0.0), "precision", "1.000 ± .000"),
        ((0.5, math.nan), "auc", ".500"),
        (None, "auc", "–"),
    ],
)
def test_figures_are_short(value: tuple[float, float] | None, measure: str, text: str) -> None:
    assert figure(value, measure) == text
