"""Counts as arrays: what adds up, what is forgotten, and that unknown stays unknown."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from vungmanh.analysis.counts import FIELDS, Counts

DECEMBER = dt.date(2020, 12, 1)


def counts(**values: float) -> Counts:
    """One unit, one period."""
    made = Counts.zeros(1, 1)
    for name, value in values.items():
        getattr(made, name)[:] = value
    return made


def test_nothing_known_is_counts_of_zero_and_no_smallest_value() -> None:
    nothing = Counts.zeros(2, 3)
    assert nothing.shape == (2, 3)
    assert np.isnan(nothing.present_min).all()
    assert not nothing.held.any()
    assert nothing.held.dtype == np.float64


def test_a_month_not_believed_was_still_owed() -> None:
    before = counts(held=5, not_held=2, attended=4, owing=40, present=36, present_min=9)
    after = before.setting_aside([[True]])
    assert after.set_aside.item() == 5
    assert after.held.item() == after.attended.item() == after.owing.item() == 0
    assert np.isnan(after.present_min.item())
    assert after.not_held.item() == 2
    assert after.due.item() == before.due.item() == 7
    assert after.known.item() == 2


def test_a_period_believed_stays_as_it_was() -> None:
    before = counts(held=5, present=36, present_min=9, set_aside=1)
    after = before.setting_aside([[False]])
    assert all(
        np.array_equal(getattr(before, name), getattr(after, name), equal_nan=True)
        for name in FIELDS
    )


def test_months_lived_without_a_word_are_months_without_report() -> None:
    told = counts(held=5, not_held=1, excused=1, set_aside=1)
    assert told.with_silence([[12]]).no_report.item() == 4
    assert told.with_silence([[6]]).no_report.item() == 0  # more told than owed: nothing negative


def test_both_together_add_up_and_keep_the_extremes() -> None:
    both = counts(held=3, present_min=4, present_max=6).plus(
        counts(held=2, present_min=5, present_max=9)
    )
    assert both.held.item() == 5
    assert (both.present_min.item(), both.present_max.item()) == (4, 9)
    assert both.plus(Counts.zeros(1, 1)).present_min.item() == 4


def test_cells_are_gathered_where_they_belong_by_their_shares() -> None:
    cells = Counts.zeros(3, 1)
    cells.held[:] = [[4], [8], [12]]
    cells.present_min[:] = [[1], [2], [np.nan]]
    places = cells.gathered([0, 1, 1, 2], [0, 0, 1, 1], [1, 0.5, 0.5, 0], 3)
    assert places.held.ravel().tolist() == [8, 4, 0]
    assert places.present_min[:2].ravel().tolist() == [1, 2]
    assert np.isnan(places.present_min[2, 0])


def test_units_are_taken_by_place_or_by_mask() -> None:
    cells = Counts.zeros(3, 1)
    cells.held[:] = [[4], [8], [12]]
    assert cells.take([2, 0]).held.ravel().tolist() == [12, 4]
    assert cells.take(np.array([False, True, False])).held.ravel().tolist() == [8]


def test_a_table_of_counts_is_read_in_the_order_asked_for() -> None:
    columns = {name: [1.0, 2.0, 3.0] for name in FIELDS} | {"present_min": [None, 2.0, 3.0]}
    table = pa.table({"unit": ["b", "a", "stranger"], "end": [DECEMBER] * 3} | columns)
    read = Counts.from_table(table, ["a", "b", "c"], [dt.date(2019, 12, 1), DECEMBER])
    assert read.held.tolist() == [[0, 2], [0, 1], [0, 0]]
    assert read.present_min[0, 1] == 2
    assert np.isnan(read.present_min[1, 1])


def test_arrays_of_different_shape_are_refused() -> None:
    values = {name: np.zeros((2, 2)) for name in FIELDS}
    with pytest.raises(ValueError, match="one shape"):
        Counts(**{**values, "held": np.zeros((1, 2))})
