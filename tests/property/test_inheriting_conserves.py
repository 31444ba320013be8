"""A merged unit is neither broken nor counted twice: counts carried to heirs add up to the same."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from vungmanh.analysis.counts import FIELDS, MAY_BE_UNKNOWN, Counts
from vungmanh.analysis.inheriting import heirs_of, inherit
from vungmanh.analysis.naive_counting import share_in

UNITS = tuple("abcdefgh")
TODAY = dt.date(2025, 7, 1)
Row = tuple[str, str, dt.date, float]


def table(rows: list[Row]) -> pa.Table:
    names = {"predecessor": pa.string(), "successor": pa.string(), "on": pa.date32()}
    schema = pa.schema([*names.items(), ("share", pa.float64())])
    return pa.Table.from_pylist(
        [dict(zip(schema.names, row, strict=True)) for row in rows], schema=schema
    )


@composite
def reforms(draw: DrawFn) -> list[Row]:
    """Some units end, once or twice, each into later ones of the list; `left` of it nowhere."""
    rows: list[Row] = []
    for place, unit in enumerate(UNITS[:-1]):
        for on in draw(st.lists(st.dates(dt.date(2015, 1, 1), TODAY), max_size=2, unique=True)):
            into = draw(st.sets(st.sampled_from(UNITS[place + 1 :]), min_size=1, max_size=3))
            weights = [draw(st.integers(1, 9)) for _ in into]
            left = draw(st.sampled_from([0, 0, 2]))
            rows += [
                (unit, successor, on, weight / (sum(weights) + left))
                for successor, weight in zip(sorted(into), weights, strict=True)
            ]
    return draw(st.permutations(rows))


@composite
def many_counts(draw: DrawFn) -> Counts:
    made = Counts.zeros(len(UNITS), 2)
    for name in FIELDS:
        drawn = draw(st.lists(st.integers(0, 90), min_size=16, max_size=16))
        getattr(made, name)[:] = np.array(drawn, dtype=float).reshape(8, 2)
    return made


@settings(max_examples=60)
@given(reforms(), many_counts())
def test_carrying_to_heirs_keeps_every_sum(rows: list[Row], counts: Counts) -> None:
    to = heirs_of(table(rows), UNITS)
    ended = {row[0] for row in rows}
    event(f"{len(ended)} ended")
    after = inherit(counts, to)
    for name in set(FIELDS) - set(MAY_BE_UNKNOWN):
        np.testing.assert_allclose(
            getattr(after, name).sum(axis=0), getattr(counts, name).sum(axis=0)
        )
    np.testing.assert_allclose(after.due.sum(), counts.due.sum())
    assert np.nanmin(after.present_min) == counts.present_min.min()
    assert np.nanmax(after.owing_max) == counts.owing_max.max()


@settings(max_examples=60)
@given(reforms())
def test_every_share_is_that_of_the_lineage_followed_step_by_step(rows: list[Row]) -> None:
    to = heirs_of(table(rows), UNITS)
    shares = np.zeros((len(UNITS), len(UNITS)))
    np.add.at(shares, (to.unit, to.heir), to.share)
    followed = [[share_in(unit, heir, rows) for heir in UNITS] for unit in UNITS]
    np.testing.assert_allclose(shares, followed, atol=1e-5)


@settings(max_examples=30)
@given(many_counts())
def test_without_lineage_every_unit_keeps_its_own(counts: Counts) -> None:
    after = inherit(counts, heirs_of(table([]), UNITS))
    assert all(np.array_equal(getattr(after, name), getattr(counts, name)) for name in FIELDS)
