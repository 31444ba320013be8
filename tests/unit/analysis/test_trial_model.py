"""The assessment itself on trial provinces: it must beat every simple method and let no lie pay."""

from __future__ import annotations

import pytest

from vungmanh.analysis.trial.bench import NAIVE, OURS, Plan, run_seed, together
from vungmanh.analysis.trial.goals import GOALS, gains
from vungmanh.analysis.trial.model import assessed_by
from vungmanh.analysis.trial.province import simulate
from vungmanh.analysis.trial.sizes import SMALL
from vungmanh.config.commands.bench import full_plan, shipped_rules

#: Three provinces tell a figure less exactly than the forty of the page.
SLACK = {"precision": 0.06, "auc": 0.015, "sure below": 0.08, "coverage": 0.03}
SEEDS = range(3)


def test_the_assessment_beats_the_simple_methods_on_a_small_province() -> None:
    plan = Plan({**NAIVE, OURS: assessed_by(shipped_rules())}, size=SMALL)
    told = together(run_seed(seed, plan) for seed in range(3)).measures
    for measure in ("cells auc", "cells precision", "cells correlation"):
        assert all(told[OURS][measure][0] > told[name][measure][0] for name in NAIVE)


def test_every_living_unit_has_an_estimate_inside_its_interval_and_one_place() -> None:
    verdict = assessed_by(shipped_rules())(simulate(7, size=SMALL))
    for said in (verdict.cells, verdict.organisations):
        assert said.low is not None
        assert said.high is not None
        assert said.probability is not None
        assert (said.low <= said.estimate).all()
        assert (said.estimate <= said.high).all()
        assert ((said.probability >= 0) & (said.probability <= 1)).all()
        assert sorted(said.order.tolist()) == list(range(len(said.estimate)))


@pytest.mark.slow
def test_the_goals_are_reached_and_no_lie_pays() -> None:
    told = together(run_seed(seed, full_plan()) for seed in SEEDS)
    for goal in GOALS:
        slack = SLACK[goal.measure.split(" ", 1)[1]]
        value = told.measures[OURS][goal.measure][0]
        assert goal.goal[0] - slack <= value <= goal.goal[1] + slack, goal.measure
    for kind, moved in told.moved[OURS].items():
        assert not gains(moved), kind
