"""Student's interval around a mean: against a table, and how often it covers the truth."""

from __future__ import annotations

import numpy as np
import pytest

from vungmanh.analysis.means import student


def test_five_numbers_as_in_the_table_of_the_t_distribution() -> None:
    found = student([2, 4, 6, 8, 10], 0.90)
    assert found is not None
    assert found.estimate == 6
    assert found.high - 6 == pytest.approx(2.131847 * (10 / 5) ** 0.5, abs=1e-5)
    assert 6 - found.low == pytest.approx(found.high - 6)


@pytest.mark.parametrize("values", [[], [3.0], [3.0] * 9])
def test_nothing_is_told_where_no_spread_is_seen(values: list[float]) -> None:
    assert student(values, 0.90) is None


def test_the_interval_covers_the_mean_as_often_as_it_says() -> None:
    draws = np.random.default_rng(5).normal(6, 4, size=(2000, 5))
    found = [student(list(row), 0.90) for row in draws]
    covered = np.mean([one is not None and one.low <= 6 <= one.high for one in found])
    assert 0.88 < covered < 0.92
