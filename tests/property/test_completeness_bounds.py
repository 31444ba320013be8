"""Whatever the unknown months were, the figure lies between its bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vungmanh.analysis import naive_statistics
from vungmanh.analysis.completeness import bounds_of_index, bounds_of_share, if_silence_is_worse
from vungmanh.analysis.counts import Counts

months = st.integers(0, 12)


@given(st.lists(st.tuples(months, months, months), min_size=1, max_size=6))
def test_bounds_of_a_share_are_those_of_the_slow_twin(rows) -> None:
    yes, no, unknown = np.array(rows, dtype=float).T
    found = bounds_of_share(yes, no, unknown)
    for place, row in enumerate(rows):
        expected = naive_statistics.manski(*row)
        if expected is None:
            assert np.isnan(found.worst[place])
            assert np.isnan(found.best[place])
        else:
            assert (found.worst[place], found.best[place]) == pytest.approx(expected)


@given(months, months, months, st.floats(0, 50), st.floats(0, 50))
def test_worse_silence_never_raises_the_share_nor_leaves_its_bounds(
    held, not_held, unknown, one, other
) -> None:
    assume(held + not_held > 0)
    low, high = sorted([one, other])
    worse, better = (if_silence_is_worse(held, not_held, unknown, delta) for delta in (low, high))
    worst, best = bounds_of_share(held, not_held, unknown)
    assert worst - 1e-12 <= worse <= better + 1e-12
    assert better <= best + 1e-12


@st.composite
def known_months(draw):
    """Twelve months as they truly were: (held, present of five, tasks on time of two)."""
    month = st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 2), st.booleans())
    return draw(st.lists(month, min_size=12, max_size=12))


def counts_of(rows) -> Counts:
    """The counts of months (held, present, on time, reported); five owe, two tasks are due."""
    made = Counts.zeros(1, 1)
    for held, present, on_time, reported in rows:
        if not reported:
            made.no_report[:] += 1
            continue
        made.tasked[:] += 1
        made.tasks_due[:] += 2
        made.tasks_on_time[:] += on_time
        (made.held if held else made.not_held)[:] += 1
        if held:
            made.attended[:] += 1
            made.owing[:] += 5
            made.present[:] += present
    return made


@given(known_months())
def test_the_index_that_silence_hides_lies_between_its_bounds(rows) -> None:
    truth = counts_of([(*row[:3], True) for row in rows])
    assume(truth.held.item() > 0)
    index = 100 * (
        0.4 * truth.held / 12
        + 0.3 * truth.present / truth.owing
        + 0.3 * truth.tasks_on_time / truth.tasks_due
    )
    worst, best = bounds_of_index(counts_of(rows), (0.4, 0.3, 0.3))
    assert worst.item() - 1e-9 <= index.item() <= best.item() + 1e-9
