"""The second layer of "weak": probability below a fixed reference, reasons that add up, doubt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.doubt import if_not_held, unaccounted
from vungmanh.analysis.facts import UNKNOWN
from vungmanh.analysis.probability import (
    Likelihood,
    ProbabilityRules,
    below,
    in_words,
    interval,
    lasting,
    references,
)
from vungmanh.analysis.reference import heeding
from vungmanh.analysis.strength import Estimates
from vungmanh.analysis.weakness import References, Weakness, organisations_counted, weigh
from vungmanh.core.vocabulary import Status

RULES = ProbabilityRules((40.0, 30.0, 30.0), 80, 50, 2, 10, 3, 90, 5)
BODIES, CELLS, PERIODS = 60, 4, 4


def village_counts(seed: int = 3) -> tuple[Counts, np.ndarray, np.ndarray]:
    """Sixty organisations of four cells, all of one kind; the last one's cells hardly meet."""
    rng = np.random.default_rng(seed)
    n = BODIES * CELLS
    share = np.clip(rng.normal(0.85, 0.07, (BODIES, 1)), 0.4, 0.99).repeat(CELLS, axis=0)
    share = np.clip(share + rng.normal(0, 0.03, (n, PERIODS)), 0.2, 0.99)
    share[-CELLS:] = 0.3
    counts = Counts.zeros(n + BODIES, PERIODS)
    held = rng.binomial(12, share)
    counts.held[:n] = held
    counts.not_held[:n] = 12 - held
    counts.attended[:n] = held
    counts.owing[:n] = 9 * held
    counts.present[:n] = rng.binomial(9 * held, share)
    counts.tasked[:n] = 12
    counts.tasks_due[:n] = 6
    counts.tasks_on_time[:n] = rng.binomial(6, share)
    home = np.concatenate([n + np.arange(n) // CELLS, np.full(BODIES, UNKNOWN)])
    return counts, np.zeros(n + BODIES, dtype=np.int64), home


@pytest.fixture(scope="module")
def weighed() -> Weakness:
    counts, kind, home = village_counts()
    return weigh(counts, kind=kind, home=home, rules=RULES)


def test_the_one_that_hardly_meets_is_almost_surely_weak_and_it_lasts(weighed: Weakness) -> None:
    last = weighed.organisations.probability[-1, -1]
    assert in_words(last, RULES) is Likelihood.ALMOST_SURE
    assert weighed.organisations.signs.lasting[-1, -1]
    assert not weighed.organisations.signs.lasting[-1, 0], "one period alone cannot last"


def test_points_of_the_parts_add_up_to_the_gap_from_typical(weighed: Weakness) -> None:
    grain = weighed.cells
    known = np.isfinite(grain.estimates.index[:, -1])
    typical = (grain.typical * weighed.strength.weights).sum(axis=1)
    gap = grain.estimates.index[:, -1] - typical
    assert grain.points.sum(axis=1)[known] == pytest.approx(gap[known])
    assert grain.typical_index[known] == pytest.approx(typical[known])


def test_a_part_explains_only_when_its_whole_interval_is_below_typical(weighed: Weakness) -> None:
    grain = weighed.organisations
    assert grain.explains[-1].all()
    explained = grain.explains
    assert (grain.part_high[explained] < grain.typical[explained]).all()
    assert not grain.explains[np.isnan(grain.part_high)].any()


def test_intervals_hold_the_estimate_and_stay_within_the_scale(weighed: Weakness) -> None:
    grain = weighed.cells
    known = np.isfinite(grain.low)
    assert (grain.low[known] >= 0).all()
    assert (grain.high[known] <= 100).all()
    assert (grain.low <= grain.estimates.index)[known].all()
    assert (grain.estimates.index <= grain.high)[known].all()


def test_the_reference_is_of_the_first_periods_and_later_ones_do_not_move_it() -> None:
    first = np.random.default_rng(1).normal(80, 6, (200, 3))
    later = np.concatenate([first, first[:, :1] - 30], axis=1)

    def of(index: np.ndarray) -> float:
        sd = np.full(index.shape, 0.001)
        parts = np.zeros((*index.shape, 3))
        estimates = Estimates(parts, parts, index, sd)
        kinds = np.zeros(len(index), dtype=np.int64)
        return float(references(estimates, kinds, 1, RULES)[0])

    assert of(first) == of(later)
    assert of(first) == pytest.approx(np.quantile(first, 0.1), abs=0.01)


def test_shrunken_estimates_are_spread_again_before_the_reference_is_read_off() -> None:
    true = np.random.default_rng(2).normal(80, 6, (4000, 1))
    shrunken = 80 + (true - 80) * 0.8  # sd 4.8, so 3.6 are left open
    parts = np.zeros((*true.shape, 3))
    estimates = Estimates(parts, parts, shrunken, np.full(true.shape, 3.6))
    found = references(estimates, np.zeros(4000, dtype=np.int64), 1, RULES)[0]
    assert found == pytest.approx(np.quantile(true, 0.1), abs=0.3)


def counts_of(held: np.ndarray, not_held: np.ndarray) -> Counts:
    return replace(Counts.zeros(*held.shape), held=held, not_held=not_held)


def test_where_nobody_is_seen_to_differ_nobody_is_weak() -> None:
    """A tenth of equals is chance: rounding the reference once made all of them surely weak."""
    n = 25
    kind, home = np.zeros(n, dtype=np.int64), np.arange(n)
    same = counts_of(np.full((n, 1), 8.0), np.full((n, 1), 4.0))
    found = weigh(same, kind=kind, home=home, rules=RULES)
    assert np.isnan(found.references.cells).all()
    assert np.isnan(found.cells.probability).all()


@pytest.mark.parametrize("n", [1, 5, 12])
def test_a_few_units_are_not_known_for_sure(n: int) -> None:
    """With too few to see a difference there may be one: no interval is a point."""
    kind, home = np.zeros(n, dtype=np.int64), np.arange(n)
    found = weigh(
        counts_of(np.full((n, 2), 7.0), np.full((n, 2), 5.0)), kind=kind, home=home, rules=RULES
    )
    assert (found.cells.high - found.cells.low > 10).all()


def test_a_fixed_reference_wins_over_one_of_its_own() -> None:
    counts, kind, home = village_counts()
    fixed = References(np.array([50.0]), np.array([np.nan]))
    found = weigh(counts, kind=kind, home=home, rules=RULES, fixed=fixed)
    assert found.references.cells[0] == 50.0
    assert np.isfinite(found.references.organisations[0])


def test_a_small_kind_takes_the_reference_of_everybody() -> None:
    counts, kind, home = village_counts()
    kind = kind.copy()
    kind[:CELLS] = 1
    found = weigh(counts, kind=kind, home=home, rules=RULES)
    everybody = weigh(counts, kind=np.zeros_like(kind), home=home, rules=RULES)
    assert found.references.cells[1] == pytest.approx(everybody.references.cells[0], abs=1.5)


def test_unknown_is_neither_zero_nor_certain() -> None:
    parts = np.zeros((2, 1, 3))
    estimates = Estimates(parts, parts, np.array([[np.nan], [70.0]]), np.array([[np.nan], [0.0]]))
    found = below(estimates, np.array([75.0, 75.0]))
    assert np.isnan(found[0, 0])
    assert found[1, 0] == 1.0
    assert in_words(float("nan"), RULES) is Likelihood.NOT_ENOUGH
    assert in_words(None, RULES) is Likelihood.NOT_ENOUGH


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.49, Likelihood.NOT_ENOUGH), (0.5, Likelihood.POSSIBLE), (0.79, Likelihood.POSSIBLE),
     (0.8, Likelihood.LIKELY), (0.949, Likelihood.LIKELY), (0.95, Likelihood.ALMOST_SURE)],
)  # fmt: skip
def test_probability_in_words(probability: float, words: Likelihood) -> None:
    assert in_words(probability, RULES) is words


def test_lasting_agrees_with_the_slow_reading_of_the_rule() -> None:
    rng = np.random.default_rng(4)
    probability = rng.choice([0.3, 0.6, 0.85, np.nan], (50, 4))
    fast = lasting(probability, RULES)
    for unit in range(50):
        history = [None if np.isnan(p) else float(p) for p in probability[unit]]
        for period in range(4):
            slow = heeding(Status.NORMAL, history[: period + 1], (80, 50, 2))
            assert fast[unit, period] == (slow is Status.WEAK)


def test_interval_is_the_normal_one() -> None:
    low, high = interval(np.array([50.0, 99.0]), np.array([2.0, 2.0]), 90, top=100.0)
    assert low[0] == pytest.approx(50 - 1.6449 * 2, abs=1e-3)
    assert high.tolist() == [pytest.approx(50 + 1.6449 * 2, abs=1e-3), 100.0]


def test_only_excuses_beyond_those_of_ones_like_are_unaccounted_for() -> None:
    counts = Counts.zeros(3, 1)
    counts.held[:] = [[10], [10], [7]]
    counts.excused[:] = [[2], [2], [5]]
    counts.no_report[0] = 1
    missing = unaccounted(counts, np.zeros(3, dtype=np.int64))
    share = 9 / 37
    assert missing[0, 0] == pytest.approx(1.0), "fewer excuses than usual"
    assert missing[1, 0] == pytest.approx(0.0)
    assert missing[2, 0] == pytest.approx(5 - share * 12)


def test_leaving_months_out_never_makes_hidden_weakness_less_probable() -> None:
    counts, kind, home = village_counts()
    whole = weigh(counts, kind=kind, home=home, rules=RULES)
    cell = int(np.argsort(np.abs(whole.cells.probability[: BODIES * CELLS, -1] - 0.6))[0])
    not_held, no_report = counts.not_held.copy(), counts.no_report.copy()
    no_report[cell, -1], not_held[cell, -1] = not_held[cell, -1], 0
    silent = weigh(
        replace(counts, not_held=not_held, no_report=no_report), kind=kind, home=home, rules=RULES
    )
    assert not_held.sum() < counts.not_held.sum()
    assert silent.cells.probability[cell, -1] < whole.cells.probability[cell, -1]
    assert silent.cells.hidden[cell, -1] > whole.cells.probability[cell, -1] - 0.02


def test_hidden_equals_probability_where_nothing_is_missing() -> None:
    parts = np.full((1, 1, 3), 0.8)
    estimates = Estimates(parts, parts, np.array([[80.0]]), np.array([[4.0]]))
    weights = np.array([40.0, 30.0, 30.0])
    nothing, all_of_it = np.zeros((1, 1)), np.full((1, 1), 12.0)
    reference = np.array([75.0])
    assert if_not_held(estimates, reference, nothing, all_of_it, weights) == pytest.approx(
        below(estimates, reference)
    )
    worst = if_not_held(estimates, reference, all_of_it, all_of_it, weights)
    assert worst[0, 0] == pytest.approx(1.0)


def test_sums_over_cells_leave_a_cell_that_is_an_organisation_alone() -> None:
    values = np.array([1.0, 2.0, 4.0, 0.0])
    home = np.array([3, 3, 2, UNKNOWN])
    assert organisations_counted(values, home).tolist() == [1.0, 2.0, 4.0, 3.0]
