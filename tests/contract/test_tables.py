"""Tables to Parquet and back; what is refused, and in which words."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vungmanh.analysis.schema import BY_NAME, TABLES, Column, Table
from vungmanh.analysis.simulate import SMALL, simulate_province
from vungmanh.analysis.simulate.truth import TRUTH_TABLES
from vungmanh.core.errors import InputError
from vungmanh.outputs.tables import read_table, read_tables, write_table, write_tables

THINGS = Table(
    "things",
    "one column of each type",
    (
        Column("name", "text", False, ""),
        Column("day", "date", True, ""),
        Column("count", "int", True, ""),
        Column("share", "float", True, ""),
        Column("good", "bool", False, ""),
    ),
)
ROWS: dict[str, list[Any]] = {
    "name": ["thôn Nà Mẫu", ""],
    "day": [date(2026, 10, 31), None],
    "count": [0, None],
    "share": [0.5, None],
    "good": [True, False],
}


def changed(**columns: list[Any]) -> dict[str, list[Any]]:
    return {**ROWS, **columns}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert write_table(tmp_path / "things.parquet", THINGS, ROWS) == 2
    assert read_table(tmp_path / "things.parquet", THINGS) == ROWS


def test_null_stays_null_and_zero_stays_zero(tmp_path: Path) -> None:
    write_table(tmp_path / "things.parquet", THINGS, ROWS)
    stored = pq.read_table(tmp_path / "things.parquet")
    assert stored.column("count").to_pylist() == [0, None]
    assert stored.schema.field("count").type == pa.int64()


def test_a_simulated_province_survives_the_journey(tmp_path: Path) -> None:
    province = simulate_province(11, size=SMALL)
    written = write_tables(tmp_path / "tables", province.tables)
    assert set(written) == set(BY_NAME)
    assert read_tables(tmp_path / "tables") == province.tables
    write_tables(tmp_path / "truth", province.truth, TRUTH_TABLES)
    assert read_tables(tmp_path / "truth", TRUTH_TABLES) == province.truth


def test_an_empty_table_keeps_its_columns(tmp_path: Path) -> None:
    empty: dict[str, list[Any]] = {name: [] for name in ROWS}
    assert write_table(tmp_path / "things.parquet", THINGS, empty) == 0
    assert read_table(tmp_path / "things.parquet", THINGS) == empty


@pytest.mark.parametrize(
    ("rows", "code", "field"),
    [
        ({k: v for k, v in ROWS.items() if k != "day"}, "column-missing", "day"),
        (changed(colour=["đỏ", "đỏ"]), "column-unknown", "colour"),
        (changed(good=[True]), "columns-uneven", ""),
        (changed(name=["một", None]), "value-missing", "name"),
        (changed(name=["một", 2]), "value-type", "name"),
        (changed(count=[1, 2.0]), "value-type", "count"),
        (changed(count=[1, True]), "value-type", "count"),
        (changed(share=[0.5, float("nan")]), "value-type", "share"),
        (changed(day=[datetime(2026, 1, 1, 8), None]), "value-type", "day"),  # noqa: DTZ001
        (changed(day=["2026-10-31", None]), "value-type", "day"),
    ],
)
def test_wrong_rows_are_refused_before_anything_is_written(
    tmp_path: Path, rows: dict[str, list[Any]], code: str, field: str
) -> None:
    with pytest.raises(InputError) as caught:
        write_table(tmp_path / "things.parquet", THINGS, rows)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert "things" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_the_row_of_a_wrong_value_is_named_counting_from_one(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_table(tmp_path / "things.parquet", THINGS, changed(name=["một", None]))
    assert caught.value.place == "dòng 2"


def arrow(**columns: Any) -> pa.Table:
    plain = {
        "name": pa.array(ROWS["name"]),
        "day": pa.array(ROWS["day"], type=pa.date32()),
        "count": pa.array(ROWS["count"], type=pa.int32()),
        "share": pa.array(ROWS["share"]),
        "good": pa.array(ROWS["good"]),
    }
    return pa.table({**plain, **columns})


def test_narrower_types_dictionaries_and_another_order_are_read(tmp_path: Path) -> None:
    stored = arrow(name=pa.array(ROWS["name"]).dictionary_encode())
    pq.write_table(stored.select(["good", "share", "count", "day", "name"]), tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet", THINGS) == ROWS


def test_whole_numbers_are_read_where_numbers_are_asked(tmp_path: Path) -> None:
    pq.write_table(arrow(share=pa.array([1, None], type=pa.int32())), tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet", THINGS)["share"] == [1.0, None]


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("name", pa.array(["một", None]), "value-missing"),
        ("name", pa.array([1, 2]), "column-type"),
        ("count", pa.array([1.5, 2.0]), "column-type"),
        ("day", pa.array([datetime(2026, 1, 1), None]), "column-type"),  # noqa: DTZ001
        ("good", pa.array(["có", "không"]), "column-type"),
        ("share", pa.array([float("nan"), None]), "value-type"),
    ],
)
def test_a_file_with_the_wrong_type_or_a_null_is_refused(
    tmp_path: Path, column: str, values: pa.Array, code: str
) -> None:
    pq.write_table(arrow(**{column: values}), tmp_path / "t.parquet")
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / "t.parquet", THINGS)
    assert (caught.value.code, caught.value.field) == (code, column)


def test_a_file_lacking_a_column_is_refused(tmp_path: Path) -> None:
    pq.write_table(arrow().drop_columns(["good"]), tmp_path / "t.parquet")
    with pytest.raises(InputError, match="thiếu cột: good"):
        read_table(tmp_path / "t.parquet", THINGS)


def test_a_missing_and_a_broken_file_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError) as missing:
        read_table(tmp_path / "none.parquet", THINGS)
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing of the kind")
    with pytest.raises(InputError) as broken:
        read_table(tmp_path / "broken.parquet", THINGS)
    assert (missing.value.code, broken.value.code) == ("table-missing", "table-unreadable")
    assert "none.parquet" in missing.value.message


_PRINT_HASHES = """
import sys
from pathlib import Path
from vungmanh.analysis.simulate import SMALL, simulate_province
from vungmanh.analysis.simulate.truth import TRUTH_TABLES
from vungmanh.outputs.tables import write_tables
out = Path(sys.argv[1])
province = simulate_province(2026, size=SMALL)
write_tables(out / "tables", province.tables)
write_tables(out / "truth", province.truth, TRUTH_TABLES)
"""


def test_one_seed_gives_the_same_bytes_whatever_the_process_hashes_by(tmp_path: Path) -> None:
    prints = []
    for hash_seed in ("1", "20261031"):
        out = tmp_path / hash_seed
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run(
            [sys.executable, "-c", _PRINT_HASHES, str(out)], check=True, env=env, timeout=60
        )
        files = sorted(out.rglob("*.parquet"))
        prints.append([(f.name, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files])
    assert len(prints[0]) == len(TABLES) + len(TRUTH_TABLES)
    assert prints[0] == prints[1]


def test_another_seed_gives_another_province() -> None:
    one, other = (simulate_province(seed, size=SMALL).tables for seed in (1, 2))
    assert not set(one["units"]["unit"]) & set(other["units"]["unit"])
    assert one["meeting_reports"]["state"] != other["meeting_reports"]["state"]
