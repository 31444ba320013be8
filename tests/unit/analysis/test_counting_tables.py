"""What the counting reads and refuses: files, encoded columns, rows twice, years only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vungmanh.analysis import counting
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months

JANUARY, DECEMBER = dt.date(2020, 1, 1), dt.date(2020, 12, 1)


def year_of(unit: str, states: str) -> pa.Table:
    """A year of months: H held, N not held, - no report, E excused."""
    words = {"H": "held", "N": "not_held", "-": "no_report", "E": "excused"}
    months = pa.array([add_months(JANUARY, place) for place in range(len(states))], pa.date32())
    state = pa.array([words[letter] for letter in states])
    return pa.table({"unit": [unit] * len(states), "month": months, "state": state})


def kinds(counted: pa.Table, unit: str) -> list[int]:
    """Held, not held, no report, excused, set aside."""
    (row,) = (row for row in counted.to_pylist() if row["unit"] == unit)
    return [row[name] for name in ("held", "not_held", "no_report", "excused", "set_aside")]


def test_held_not_held_and_no_report_are_three_things() -> None:
    counted = counting.count(year_of("a", "HHHHHNNNNN--"), [DECEMBER])
    assert kinds(counted, "a") == [5, 5, 2, 0, 0]


def test_files_of_several_provinces_are_counted_as_one(tmp_path: Path) -> None:
    pq.write_table(year_of("a", "HHHN"), tmp_path / "one.parquet")
    pq.write_table(year_of("b", "E--H"), tmp_path / "two.parquet")
    files = sorted(tmp_path.glob("*.parquet"))
    with counting.engine(memory="200MB") as connection:
        for found in (tmp_path / "*.parquet", str(tmp_path / "*.parquet"), files):
            counted = counting.count(counting.read(connection, found), [DECEMBER])
            assert kinds(counted, "a") == [3, 1, 0, 0, 0]
            assert kinds(counted, "b") == [1, 0, 2, 1, 0]
        assert counting.duplicates(counting.read(connection, files)) == []


def test_encoded_columns_are_counted_like_plain_ones() -> None:
    plain = year_of("a", "HHN-").append_column("present", pa.nulls(4))
    encoded = pa.table(
        {
            "unit": plain["unit"].dictionary_encode(),
            "month": plain["month"].cast(pa.timestamp("us")),
            "state": plain["state"].dictionary_encode(),
            "present": plain["present"],
        }
    )
    assert counting.count(encoded, [DECEMBER]).equals(counting.count(plain, [DECEMBER]))


def test_a_month_that_lies_in_two_periods_counts_in_both() -> None:
    counted = counting.count(year_of("a", "HHHHHHNNNNNN"), [dt.date(2020, 6, 1), DECEMBER])
    assert sorted(counted["held"].to_pylist()) == [6, 6]
    assert sorted(counted["not_held"].to_pylist()) == [0, 6]


def test_a_state_that_nobody_knows_counts_nowhere() -> None:
    table = year_of("a", "HN").set_column(2, "state", pa.array(["held", "perhaps"]))
    assert kinds(counting.count(table, [DECEMBER]), "a") == [1, 0, 0, 0, 0]


def test_two_rows_for_one_month_are_refused_by_name() -> None:
    twice = pa.concat_tables([year_of("a", "HHH"), year_of("b", "NN"), year_of("a", "-H")])
    with pytest.raises(InputError, match="“a”, tháng 1/2020") as refused:
        counting.refuse_duplicates(twice)
    assert refused.value.code == "duplicate-cell-month"
    assert "Còn ít nhất 1 chỗ nữa" in refused.value.message
    counting.refuse_duplicates(year_of("a", "HHH"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"held": 9, "due": 12}, [9, 3, 0, 0, 0]),
        ({"held": 9, "due": 12, "no_report": 2}, [9, 1, 2, 0, 0]),
        ({"held": 9, "not_held": 1}, [9, 1, 2, 0, 0]),
        ({"held": 9, "excused": 2}, [9, 1, 0, 2, 0]),
        ({"held": None}, [0, 0, 12, 0, 0]),
    ],
)
def test_a_yearly_total_speaks_for_the_whole_year(
    told: dict[str, int | None], expected: list[int]
) -> None:
    years = pa.Table.from_pylist([{"unit": "a", "year": 2020, **told}])
    months = counting.count(year_of("b", "H"), [DECEMBER])
    counted = counting.count_years(years, months)
    assert kinds(counted, "a") == expected
    assert kinds(counted, "b") == [1, 0, 0, 0, 0]


def test_months_that_are_told_of_come_before_a_yearly_total() -> None:
    years = pa.Table.from_pylist([{"unit": "a", "year": 2020, "held": 12}])
    counted = counting.count_years(years, counting.count(year_of("a", "HN"), [DECEMBER]))
    assert kinds(counted, "a") == [1, 1, 0, 0, 0]
