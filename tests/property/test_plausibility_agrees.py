"""Evenness worked out fast is evenness counted through, way by way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.analysis.test_plausibility import attended
from vungmanh.analysis import naive_statistics
from vungmanh.analysis.evenness import EVEN, chance_of_evenness
from vungmanh.analysis.plausibility import benjamini_hochberg, filed_together, implausible

cases = st.tuples(st.integers(1, 6), st.integers(1, 7)).flatmap(
    lambda size: st.tuples(
        st.just(size[0]),
        st.just(size[1]),
        st.integers(0, size[0] * size[1]),
        st.integers(0, EVEN),
        st.sampled_from([0.0, 0.01, 0.2]),
    )
)


@given(st.lists(cases, min_size=1, max_size=5))
@settings(max_examples=60)
def test_the_chance_of_evenness_is_that_of_the_slow_twin(rows) -> None:
    found = chance_of_evenness(*np.array(rows).T[:4].astype(int), np.array([r[4] for r in rows]))
    for place, row in enumerate(rows):
        expected = naive_statistics.chance_of_evenness(*row)
        assert found[place] == pytest.approx(expected, rel=1e-6, abs=1e-12)
        assert 0 <= found[place] <= 1


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=12))
def test_findings_are_those_of_the_slow_twin(p_values) -> None:
    table = np.array([np.nan if p is None else p for p in p_values])
    assert benjamini_hochberg(table, 0.2).tolist() == naive_statistics.benjamini_hochberg(
        p_values, 0.2
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(700_000, 700_040)), max_size=20))
def test_reports_filed_together_are_those_of_the_slow_twin(rows) -> None:
    unit, day = [row[0] for row in rows], [row[1] for row in rows]
    found = filed_together(unit, day, 4, 6)
    for place in range(4):
        mine = [when for who, when in rows if who == place]
        expected = naive_statistics.filed_together(mine, 6)
        assert np.isnan(found[place]) if expected is None else found[place] == expected


presents = st.lists(st.lists(st.integers(0, 9), min_size=12, max_size=12), min_size=2, max_size=8)


@given(presents, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_the_units_changes_nothing(present, random) -> None:
    order = list(range(len(present)))
    random.shuffle(order)
    counts = attended(present, np.full(len(present), 9))
    kind = np.arange(len(present)) % 2
    one, other = implausible(counts, kind), implausible(counts.take(order), kind[order])
    assert other.p_value == pytest.approx(one.p_value[order], nan_ok=True)
    assert (other.set_aside == one.set_aside[order]).all()
