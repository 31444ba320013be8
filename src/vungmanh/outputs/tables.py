"""The columnar tables (`analysis.schema`) as Parquet files, one file to a table.

In memory a table is its columns as lists of plain Python values of equal length: `str`, `date`,
`int`, `float`, `bool`, and None for *not recorded*. The same table always gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vungmanh.analysis.schema import TABLES, Column, Table
from vungmanh.core.errors import InputError

if TYPE_CHECKING:
    import pyarrow

Rows = Mapping[str, Sequence[Any]]

SUFFIX = ".parquet"
_TYPE_WORDS = {
    "text": "chữ", "date": "ngày", "int": "số nguyên", "float": "số", "bool": "đúng hoặc sai",
}  # fmt: skip
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "date": (date,), "int": (int,), "float": (int, float), "bool": (bool,),
}  # fmt: skip


def write_table(path: Path, table: Table, rows: Rows) -> int:
    """Write one table to `path` and return its rows.

    Raises InputError when the columns are not those declared, are not equally long, hold a value
    of another type, or hold a null where none may be.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = _check_columns(table, list(rows), {name: len(rows[name]) for name in rows})
    for column in table.columns:
        _check_values(table, column, rows[column.name])
    arrays = [pa.array(rows[column.name], type=_arrow_type(column)) for column in table.columns]
    fields = [pa.field(c.name, _arrow_type(c), nullable=c.nullable) for c in table.columns]
    made = pa.Table.from_arrays(arrays, schema=pa.schema(fields))
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(made, path, compression="zstd", version="2.6", store_schema=False)
    return count


def read_table(path: Path, table: Table) -> dict[str, list[Any]]:
    """Read one table. Its columns may stand in any order; text may be stored as a dictionary.

    Raises InputError when the file is no Parquet file, lacks a column or has one too many, or
    holds a type or a null that the table does not allow.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise InputError(
            f"Không có tệp {path.name}. Hãy kiểm tra lại thư mục số liệu.",
            place=path.name,
            code="table-missing",
        )
    try:
        stored = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"Không đọc được tệp {path.name}: không phải tệp Parquet, hoặc tệp đã hỏng. "
            "Hãy chép lại tệp từ nơi gửi.",
            place=path.name,
            code="table-unreadable",
        ) from error
    names = stored.column_names
    _check_columns(table, names, dict.fromkeys(names, stored.num_rows))
    return {
        column.name: _read_column(table, column, stored.column(column.name))
        for column in table.columns
    }


def write_tables(
    folder: Path, tables: Mapping[str, Rows], declared: Iterable[Table] = TABLES
) -> dict[str, int]:
    """Write every declared table to `folder`; returns the rows of each. InputError as above."""
    return {
        table.name: write_table(folder / (table.name + SUFFIX), table, tables[table.name])
        for table in declared
    }


def read_tables(
    folder: Path, declared: Iterable[Table] = TABLES
) -> dict[str, dict[str, list[Any]]]:
    """Read every declared table from `folder`. InputError as above."""
    return {table.name: read_table(folder / (table.name + SUFFIX), table) for table in declared}


def _check_columns(table: Table, names: Sequence[str], lengths: Mapping[str, int]) -> int:
    """The number of rows. Raises InputError on a missing, unknown, doubled or shorter column."""
    missing = [name for name in table.column_names if name not in names]
    unknown = [name for name in names if name not in table.column_names]
    doubled = [name for name in table.column_names if list(names).count(name) > 1]
    for wrong, text, code in (
        (missing, "thiếu cột", "column-missing"),
        (unknown, "có cột không dùng", "column-unknown"),
        (doubled, "có cột bị lặp", "column-doubled"),
    ):
        if wrong:
            raise InputError(
                f"Bảng {table.name} {text}: {', '.join(wrong)}. "
                f"Các cột phải có: {', '.join(table.column_names)}.",
                field=wrong[0],
                place=table.name,
                code=code,
            )
    if len(set(lengths.values())) > 1:
        raise InputError(
            f"Bảng {table.name} có các cột dài ngắn khác nhau. Hãy xuất lại bảng từ nơi gửi.",
            place=table.name,
            code="columns-uneven",
        )
    return next(iter(lengths.values()), 0)


def _check_values(table: Table, column: Column, values: Sequence[Any]) -> None:
    """Every value of the declared type: no number for text, no time for a day, no NaN."""
    allowed = _PYTHON_TYPES[column.type]
    kinds = set(map(type, values))
    if type(None) in kinds and not column.nullable:
        row = next(place for place, value in enumerate(values) if value is None)
        raise _null_error(table, column, row)
    fits = {kind for kind in kinds if kind in allowed or kind is type(None)}
    if kinds != fits:
        row = next(place for place, value in enumerate(values) if type(value) not in fits)
        raise _type_error(table, column, row)
    if column.type == "float":
        for row, value in enumerate(values):
            if value is not None and not math.isfinite(value):
                raise _type_error(table, column, row)


def _null_error(table: Table, column: Column, row: int) -> InputError:
    return InputError(
        f"Bảng {table.name}, cột {column.name}, dòng {row + 1}: để trống. "
        f"Cột này phải có giá trị ở mọi dòng.",
        field=column.name,
        place=f"dòng {row + 1}",
        code="value-missing",
    )


def _type_error(table: Table, column: Column, row: int) -> InputError:
    return InputError(
        f"Bảng {table.name}, cột {column.name}, dòng {row + 1}: giá trị không phải "
        f"{_TYPE_WORDS[column.type]}. Hãy sửa giá trị, hoặc để trống nếu cột cho phép.",
        field=column.name,
        place=f"dòng {row + 1}",
        code="value-type",
    )


def _arrow_type(column: Column) -> pyarrow.DataType:
    import pyarrow as pa

    return {
        "text": pa.string(), "date": pa.date32(), "int": pa.int64(), "float": pa.float64(),
        "bool": pa.bool_(),
    }[column.type]  # fmt: skip


def _is_kind(column: Column, stored: pyarrow.DataType) -> bool:
    """Whether a stored type can be read as the declared one without losing anything."""
    import pyarrow as pa

    kinds = pa.types
    if kinds.is_dictionary(stored):
        stored = stored.value_type
    fits = {
        "text": kinds.is_string(stored) or kinds.is_large_string(stored),
        "date": kinds.is_date(stored),
        "int": kinds.is_integer(stored),
        "float": kinds.is_floating(stored) or kinds.is_integer(stored),
        "bool": kinds.is_boolean(stored),
    }
    # A column of nulls only is written without a type by some programs.
    return fits[column.type] or kinds.is_null(stored)


def _read_column(table: Table, column: Column, stored: pyarrow.ChunkedArray) -> list[Any]:
    if not _is_kind(column, stored.type):
        raise InputError(
            f"Bảng {table.name}, cột {column.name}: phải là {_TYPE_WORDS[column.type]}, "
            f"nhưng tệp ghi kiểu {stored.type}. Hãy đổi kiểu của cột rồi xuất lại.",
            field=column.name,
            place=table.name,
            code="column-type",
        )
    values = stored.cast(_arrow_type(column)).to_pylist()
    if stored.null_count and not column.nullable:
        raise _null_error(table, column, values.index(None))
    if column.type == "float":
        _check_values(table, column, values)
    return list(values)
