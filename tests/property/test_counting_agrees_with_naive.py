"""The counting in one pass and its slow twin agree on any table (decisions.md 5, design.md 1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import event, given, settings
from hypothesis import strategies as st

from vungmanh.analysis import counting, naive_counting
from vungmanh.analysis.counts import FIELDS
from vungmanh.core.periods import add_months

FIRST = dt.date(2018, 11, 1)
MONTHS = [add_months(FIRST, n) for n in range(28)]
STATES = ("held", "not_held", "no_report", "excused")
TYPES = {
    "unit": pa.string(),
    "month": pa.date32(),
    "state": pa.string(),
    "members": pa.int16(),
    "exempt": pa.int16(),
    "present": pa.int16(),
    "tasks_due": pa.int64(),
    "tasks_on_time": pa.int64(),
    "held_on": pa.date32(),
    "filed_on": pa.date32(),
    "set_aside": pa.bool_(),
}
OPTIONAL = [name for name in TYPES if name not in ("unit", "month", "state")]

small = st.none() | st.integers(0, 12)
days = st.none() | st.dates(FIRST, dt.date(2021, 12, 31))
values = {
    "state": st.sampled_from(STATES),
    "members": st.none() | st.integers(0, 400),
    "exempt": small,
    "present": st.none() | st.integers(0, 400),
    "tasks_due": small,
    "tasks_on_time": small,
    "held_on": days,
    "filed_on": days,
    "set_aside": st.none() | st.booleans(),
}
rows = st.lists(
    st.fixed_dictionaries(
        {"unit": st.sampled_from("abcđ"), "month": st.sampled_from(MONTHS), **values}
    ),
    max_size=40,
    unique_by=lambda row: (row["unit"], row["month"]),
)
ends = st.lists(st.sampled_from(MONTHS), max_size=4)
missing = st.sets(st.sampled_from(OPTIONAL))
years = st.lists(
    st.fixed_dictionaries(
        {"unit": st.sampled_from("abcđ"), "year": st.integers(2018, 2021)},
        optional=dict.fromkeys(
            ("due", "held", "not_held", "no_report", "excused", "owing", "present"), small
        )
        | {"tasks_due": small, "tasks_on_time": small},
    ),
    max_size=8,
    unique_by=lambda row: (row["unit"], row["year"]),
)


def table(rows: list[dict[str, Any]], without: set[str]) -> pa.Table:
    schema = pa.schema([(name, type_) for name, type_ in TYPES.items() if name not in without])
    return pa.Table.from_pylist(rows, schema=schema)


def said(counted: pa.Table) -> naive_counting.Counted:
    """A table of counts in the words of the slow twin; a unit has one row a period."""
    answer = {
        (row["unit"], row["end"]): {name: row[name] for name in FIELDS}
        for row in counted.to_pylist()
    }
    assert len(answer) == counted.num_rows
    return answer


@settings(max_examples=60)
@given(rows, ends, st.integers(1, 15), missing)
def test_counts_of_any_table_agree_with_the_slow_twin(
    rows: list[dict[str, Any]], ends: list[dt.date], months: int, without: set[str]
) -> None:
    known = [{name: row[name] for name in row if name not in without} for row in rows]
    fast = counting.count(table(rows, without), ends, months=months)
    event("some rows" if fast.num_rows else "no rows")
    assert said(fast) == naive_counting.count(known, ends, months=months)


@settings(max_examples=25)
@given(rows, ends, st.randoms(use_true_random=False))
def test_order_of_rows_and_periods_changes_no_byte(
    rows: list[dict[str, Any]], ends: list[dt.date], random: Any
) -> None:
    order = [("unit", "ascending"), ("end", "ascending")]
    before = counting.count(table(rows, set()), ends).sort_by(order)
    random.shuffle(rows)
    random.shuffle(ends)
    after = counting.count(table(rows, set()), ends).sort_by(order)
    assert before.combine_chunks().equals(after.combine_chunks())
    assert as_bytes(before) == as_bytes(after)


def as_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())


@settings(max_examples=25)
@given(rows)
def test_unknown_is_never_zero(rows: list[dict[str, Any]]) -> None:
    """Without attendance and tasks the sums rest on no month at all, rather than on zeros."""
    silent = {"present", "tasks_on_time"}
    for counts in said(counting.count(table(rows, silent), MONTHS[-1:], months=28)).values():
        assert counts["attended"] == counts["owing"] == counts["tasked"] == counts["tasks_due"] == 0
        assert counts["present_min"] is counts["owing_max"] is None
        kinds = ("held", "not_held", "no_report", "excused", "set_aside")
        assert sum(counts[kind] or 0 for kind in kinds) > 0


@settings(max_examples=30)
@given(rows, years, st.integers(0, 12))
def test_yearly_totals_stand_where_no_month_is_known(
    rows: list[dict[str, Any]], years: list[dict[str, Any]], owed: int
) -> None:
    ends = [dt.date(year, 12, 1) for year in range(2018, 2022)]
    schema = pa.schema([("unit", pa.string()), ("year", pa.int64())])
    given_names = {name for row in years for name in row} - {"unit", "year"}
    for name in sorted(given_names):
        schema = schema.append(pa.field(name, pa.int64()))
    fast = counting.count_years(
        pa.Table.from_pylist(years, schema=schema),
        counting.count(table(rows, set()), ends),
        owed=owed,
    )
    slow = naive_counting.count_years(years, naive_counting.count(rows, ends), owed=owed)
    assert said(fast) == slow
    assert all((counts["held"] or 0) >= 0 for counts in slow.values())


@settings(max_examples=25)
@given(rows, st.data())
def test_a_second_row_for_a_month_is_named(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    assert counting.duplicates(table(rows, set())) == []
    if rows:
        again = data.draw(st.sampled_from(rows))
        found = counting.duplicates(table([*rows, again], set()))
        assert found == [(again["unit"], again["month"], 2)]
