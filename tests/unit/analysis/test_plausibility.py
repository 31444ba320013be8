"""Too even, too late: what is found, and who is never accused."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.plausibility import (
    Implausible,
    benjamini_hochberg,
    filed_together,
    implausible,
)


def attended(present, owing) -> Counts:
    """One unit and one period for each row of `present`; NaN is a month not held."""
    x = np.asarray(present, dtype=float)[:, None, :]
    n = np.broadcast_to(np.asarray(owing, dtype=float)[:, None, None], x.shape)
    held = ~np.isnan(x)
    made = Counts.zeros(len(x), 1)
    made.held[:] = made.attended[:] = held.sum(axis=2)
    made.not_held[:] = (~held).sum(axis=2)
    made.owing[:] = np.where(held, n, 0).sum(axis=2)
    made.present[:] = np.nansum(x, axis=2)
    made.present_square[:] = np.nansum(x**2, axis=2)
    made.owing_min[:] = made.owing_max[:] = n[:, :, 0]
    made.present_min[:] = np.fmin.reduce(x, axis=2)
    made.present_max[:] = np.fmax.reduce(x, axis=2)
    made.filed[:] = held.sum(axis=2)
    return made


class Cells(NamedTuple):
    counts: Counts
    invented: np.ndarray
    detectable: np.ndarray


def cells(seed: int, share: float = 0.08, wobble: float = 0.03, n: int = 600) -> Cells:
    """Cells of 3 to 40 whose attendance varies with chance and month; some invent a constant one.

    Detectable is what counts can tell at all: five or more owing, a constant below full
    (methods.md §8).
    """
    rng = np.random.default_rng(seed)
    owing = np.clip(np.rint(np.exp(rng.normal(np.log(9), 0.55, n))), 3, 40)
    habit = 1 / (1 + np.exp(-(1.9 + 0.5 * rng.normal(0, 0.9, n))))
    chance = np.clip(habit[:, None] + rng.normal(0, wobble, (n, 12)), 0.05, 0.995)
    present = rng.binomial(owing[:, None].astype(int), chance).astype(float)
    present[rng.random(present.shape) > 0.85] = np.nan
    invented = rng.random(n) < share
    constant = np.rint(rng.uniform(0.85, 0.97, n) * owing)
    present[invented] = constant[invented, None]
    return Cells(attended(present, owing), invented, invented & (owing >= 5) & (constant < owing))


def look(counts: Counts, kind=None) -> Implausible:
    return implausible(counts, np.zeros(counts.shape[0], dtype=int) if kind is None else kind)


def test_invented_attendance_is_found_and_hardly_anyone_else_is() -> None:
    """The goal of methods.md: precision .90, recall of the detectable .70."""
    precision, recall = [], []
    for seed in range(8):
        made = cells(seed)
        found = look(made.counts).attendance[:, 0]
        precision.append(made.invented[found].mean())
        recall.append(found[made.detectable].mean())
    assert np.mean(precision) >= 0.90
    assert np.mean(recall) >= 0.70


@pytest.mark.parametrize("wobble", [0.0, 0.03, 0.08])
def test_an_honest_province_is_hardly_ever_accused(wobble: float) -> None:
    found = [look(cells(seed, 0.0, wobble).counts).attendance.sum() for seed in range(8)]
    assert sum(found) <= 3  # of 4,800 cells


def test_full_attendance_every_month_is_never_accused() -> None:
    honest = cells(1, 0.0).counts
    full = attended(np.full((50, 12), 12.0), np.full(50, 12))
    both = Counts.zeros(650, 1).plus(
        honest.gathered(np.arange(600), np.arange(600), np.ones(600), 650)
    )
    both = both.plus(full.gathered(np.arange(50), np.arange(600, 650), np.ones(50), 650))
    found = look(both)
    assert not found.attendance[600:].any()
    assert np.isnan(found.p_value[600:]).all()


@pytest.mark.parametrize(
    ("present", "owing"),
    [(3.0, 4), (0.0, 12), (np.nan, 12)],
    ids=["fewer than five", "nobody ever", "nothing held"],
)
def test_where_a_constant_tells_nothing_nothing_is_tested(present: float, owing: int) -> None:
    found = look(attended(np.full((1, 12), present), [owing]))
    assert np.isnan(found.p_value).all()
    assert not found.set_aside.any()


def test_one_absent_each_month_is_rarer_the_more_months_it_lasts() -> None:
    short = np.full((1, 12), np.nan)
    short[:, :4] = 11
    p = [look(attended(x, [12])).p_value.item() for x in (short, np.full((1, 12), 11.0))]
    assert p[0] > 0.05
    assert p[1] < 0.001


def test_attendance_that_varies_has_the_p_value_one() -> None:
    assert look(attended([[12, 8, 11, 9, 10, 12, 7, 11, 10, 8, 12, 9]], [12])).p_value.item() == 1


def test_the_correlation_of_months_is_measured_by_kind_and_those_who_invent_do_not_hide_it() -> (
    None
):
    calm, moved = cells(2, 0.08, 0.0).counts, cells(3, 0.08, 0.08).counts
    rows = np.arange(600)
    both = calm.gathered(rows, rows, np.ones(600), 1200)
    both = both.plus(moved.gathered(rows, rows + 600, np.ones(600), 1200))
    found = look(both, np.repeat([0, 1], 600))
    assert found.correlation[0] < 0.01
    assert found.correlation[1] > 0.03


def test_each_year_is_a_family_of_tests_by_itself() -> None:
    made = cells(4).counts
    quiet = Counts.zeros(600, 1)
    years = Counts(*(np.hstack([getattr(made, f), getattr(quiet, f)]) for f in made.__dict__))
    found = look(years)
    assert (found.attendance[:, 0] == look(made).attendance[:, 0]).all()
    assert not found.attendance[:, 1].any()


def test_shares_of_a_split_unit_do_not_crash() -> None:
    made = cells(5).counts
    half = made.gathered(np.arange(600), np.arange(600), np.full(600, 0.5), 600)
    assert look(half).attendance.shape == (600, 1)


def test_totals_of_a_year_without_its_months_are_not_tested() -> None:
    totals = attended(np.full((3, 12), 11.0), [12] * 3)
    totals.present_square[:] = np.nan
    assert np.isnan(look(totals).p_value).all()


def test_nobody_at_all_is_nobody_found() -> None:
    assert look(Counts.zeros(0, 2)).set_aside.shape == (0, 2)
    assert not look(Counts.zeros(3, 2)).set_aside.any()


def december(late: int, filed: int = 12, present: float = 10.0, **values: float) -> Counts:
    """Twenty cells that file in time, and first one that files `late` reports in December."""
    rng = np.random.default_rng(7)
    months = rng.binomial(12, 0.85, (21, 12)).astype(float)
    months[0] = present if present < 12 else 12.0
    made = attended(months, np.full(21, 12))
    made.filed[0] = filed
    made.filed_in_december[0] = late
    for name, value in values.items():
        getattr(made, name)[0] = value
    return made


def test_a_year_filed_in_december_is_seen_against_its_like() -> None:
    found = look(december(10))
    assert found.december[:, 0].tolist() == [True] + [False] * 20


def test_two_late_reports_are_no_habit() -> None:
    assert not look(december(2)).december.any()


def test_where_everybody_files_in_december_nobody_stands_out() -> None:
    made = december(10)
    made.filed_in_december[:] = 10
    assert not look(made).december.any()


def test_late_filing_by_itself_takes_no_meeting_away() -> None:
    uneven = december(10)
    uneven.present_min[0] = 7
    uneven.present_square[0] += 30
    found = look(uneven)
    assert found.december[0, 0]
    assert not found.set_aside[0, 0]


@pytest.mark.parametrize(("fewest", "is_doubted"), [(9.0, True), (8.0, False)])
def test_late_and_all_held_is_set_aside_when_attendance_moves_by_one_at_most(
    fewest: float, is_doubted: bool
) -> None:
    nearly = december(10)
    nearly.present_min[0] = fewest
    nearly.present_square[0] += 30  # too uneven to be a finding by itself
    found = look(nearly)
    assert not found.attendance[0, 0]
    assert found.set_aside[0, 0] == is_doubted


def test_late_all_held_and_full_every_month_is_set_aside() -> None:
    found = look(december(10, present=12.0))
    assert found.set_aside[:, 0].tolist() == [True] + [False] * 20
    assert not found.attendance[0, 0]  # full attendance alone is no finding


@pytest.mark.parametrize("missing", ["no_report", "not_held"])
def test_late_with_a_month_missing_is_not_set_aside(missing: str) -> None:
    found = look(december(10, 11, 12.0, held=11, **{missing: 1}))
    assert found.december[0, 0]
    assert not found.set_aside[0, 0]


def test_set_aside_months_are_unknown_and_not_missed() -> None:
    made = cells(6).counts
    after = made.setting_aside(look(made).set_aside)
    assert after.set_aside.sum() > 0
    assert (after.not_held == made.not_held).all()
    assert (after.due == made.due).all()


def test_the_example_of_benjamini_and_hochberg_comes_out() -> None:
    """Benjamini & Hochberg (1995), section 3.2: the four smallest of fifteen at 5 %."""
    p = [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528,
         .7590, 1.0]  # fmt: skip
    assert benjamini_hochberg(p, 0.05).tolist() == [True] * 4 + [False] * 11


def test_reports_filed_within_days_of_each_other() -> None:
    share = filed_together([0, 0, 0, 0, 2], [100, 101, 104, 200, 7], 3, 5)
    assert share[[0, 2]].tolist() == [0.75, 1.0]
    assert np.isnan(share[1])
    assert filed_together([0, 0], [100, 105], 1, 5).tolist() == [0.5]  # five days on is a sixth day


def test_nothing_filed_is_nothing_known() -> None:
    assert np.isnan(filed_together([], [], 2, 5)).all()
