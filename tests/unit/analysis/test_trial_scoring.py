"""The bench can fail: known values, ties, and methods that know nothing or everything."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vungmanh.analysis.trial.naive import adjusted_year, last_grade, raw_index, rule_of_thumb
from vungmanh.analysis.trial.province import TrialProvince, simulate
from vungmanh.analysis.trial.scoring import (
    Said,
    Verdict,
    auc,
    moved,
    over_seeds,
    places,
    precision_at,
    score,
    weakest,
    weakness,
)
from vungmanh.analysis.trial.sizes import SMALL


@pytest.fixture(scope="module")
def province() -> TrialProvince:
    return simulate(21, size=SMALL)


def truth_of(province: TrialProvince) -> tuple[np.ndarray, np.ndarray]:
    tree, truth = province.tree, province.truth
    return (
        truth.cell_index[tree.living_cells, -1],
        truth.organisation_index[tree.living_organisations, -1],
    )


def test_auc_is_that_of_the_textbook() -> None:
    # Hanley & McNeil's definition by hand: of 3 x 2 pairs, 4 in order and one equal.
    weak = np.array([0.9, 0.4, 0.4, 0.7, 0.1])
    is_weak = np.array([True, True, False, False, False])
    assert auc(weak, is_weak) == pytest.approx((3 + 1 + 0.5) / 6)
    assert auc(-weak, is_weak) == pytest.approx(1 - (3 + 1 + 0.5) / 6)
    assert math.isnan(auc(weak, np.zeros(5, dtype=bool)))


def test_auc_agrees_with_counting_all_pairs() -> None:
    rng = np.random.default_rng(4)
    for _ in range(20):
        weak = rng.integers(0, 6, 40).astype(np.float64)
        is_weak = rng.random(40) < 0.3
        pairs = [(a > b) + (a == b) / 2 for a in weak[is_weak] for b in weak[~is_weak]]
        assert auc(weak, is_weak) == pytest.approx(np.mean(pairs))


def test_precision_draws_lots_among_equals() -> None:
    is_weak = np.array([True, True, False, False])
    assert precision_at(np.array([4.0, 3.0, 2.0, 1.0]), is_weak) == 1.0
    assert precision_at(np.array([1.0, 2.0, 3.0, 4.0]), is_weak) == 0.0
    assert precision_at(np.ones(4), is_weak) == 0.5
    assert precision_at(np.array([4.0, 3.0, 3.0, 1.0]), is_weak) == 0.75


def test_equals_share_their_places() -> None:
    assert places(np.array([1.0, 5.0, 1.0, 7.0])).tolist() == [2.5, 1.0, 2.5, 0.0]


def test_what_is_unknown_is_neither_weak_nor_strong() -> None:
    assert weakness(np.array([10.0, np.nan, 30.0, 20.0])).tolist() == [-10.0, -20.0, -30.0, -20.0]


def test_a_method_of_noise_scores_as_noise_does() -> None:
    rng = np.random.default_rng(1)
    seen = []
    for seed in range(8):
        province = simulate(seed, size=SMALL)
        cells, organisations = truth_of(province)
        verdict = Verdict(Said(rng.random(len(cells))), Said(rng.random(len(organisations))))
        seen.append(score(province, verdict))
    told = over_seeds(seen)
    for name in ("cells auc", "organisations auc"):
        value, error = told[name]
        assert abs(value - 0.5) < 4 * error
    assert told["cells precision"][0] < 0.2


def test_the_truth_itself_scores_full_marks(province: TrialProvince) -> None:
    said = [
        Said(index, index - 1, index + 1, (index < 60).astype(float), np.full(len(index), 60.0))
        for index in truth_of(province)
    ]
    told = score(province, Verdict(*said))
    for grain in ("cells", "organisations"):
        assert told[f"{grain} precision"] == told[f"{grain} auc"] == 1.0
        assert told[f"{grain} coverage"] == 1.0
        assert told[f"{grain} rmse"] == 0.0
    assert told["cells sure below"] == 1.0


def test_overconfidence_is_seen(province: TrialProvince) -> None:
    said = []
    for index in truth_of(province):
        off = index + np.where(np.arange(len(index)) % 2, 5.0, -5.0)
        said.append(Said(off, off - 1, off + 1, np.ones(len(index)), index - 1))
    told = score(province, Verdict(*said))
    assert told["cells coverage"] == 0.0
    assert told["cells sure below"] == 0.0
    assert told["cells sure weakest"] == pytest.approx(0.1, abs=0.02)
    assert told["cells rmse"] == pytest.approx(5.0)


def test_a_tenth_is_the_weakest(province: TrialProvince) -> None:
    cells, _ = truth_of(province)
    chosen = weakest(cells)
    assert chosen.sum() == round(len(cells) / 10)
    assert cells[chosen].max() <= cells[~chosen].min()


def test_a_method_that_believes_everything_is_beaten_by_a_careful_year() -> None:
    seen: dict[str, list[dict[str, float]]] = {}
    for seed in range(3):
        province = simulate(seed)
        for method in (rule_of_thumb, raw_index, last_grade, adjusted_year):
            seen.setdefault(method.__name__, []).append(score(province, method(province)))
    told = {name: over_seeds(rows) for name, rows in seen.items()}
    for measure in ("organisations precision", "organisations auc", "cells auc"):
        best = told["adjusted_year"][measure][0]
        assert all(best > told[name][measure][0] for name in told if name != "adjusted_year")
    assert 0.15 < told["rule_of_thumb"]["organisations precision"][0] < 0.55
    assert told["raw_index"]["organisations coverage"][0] < 0.8


def test_the_error_over_seeds_is_that_of_a_mean() -> None:
    rows = [{"a": 1.0, "b": 2.0}, {"a": 3.0}, {"a": 5.0, "b": float("nan")}]
    told = over_seeds(rows)
    assert told["a"] == (3.0, pytest.approx(2.0 / np.sqrt(3)))
    assert told["b"][0] == 2.0
    assert math.isnan(told["b"][1])


def test_whoever_falls_back_in_the_order_of_work_is_seen_to_gain() -> None:
    nothing = Said(np.zeros(1))
    before = Verdict(Said(np.array([1.0, 2.0, 3.0, 4.0])), nothing)
    after = Verdict(Said(np.array([9.0, 2.0, 3.0, 4.0])), nothing)
    assert moved(before, after, np.array([0])) == 3.0
    assert moved(before, after, np.array([1])) == -1.0
    assert moved(before, before, np.array([0, 1, 2])) == 0.0
