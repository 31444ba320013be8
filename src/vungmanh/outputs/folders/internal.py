"""The tables of `vungmanh simulate` (`analysis.schema`) read as if they were one's own files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vungmanh.analysis.layout import BY_NAME as OPEN
from vungmanh.analysis.layout import OpenTable, OpenTables
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import Sector
from vungmanh.outputs.folders.convert import arrow_type

if TYPE_CHECKING:
    import pyarrow as pa

_MARKS = ("unit_versions.parquet", "unit_parents.parquet", "meeting_reports.parquet")
_NOTE = (
    "Đọc từ các bảng của phần mềm: chức danh và số đảng viên theo thời gian không dùng ở cách tính "
    "từ tệp, nên lý do khuyết bí thư, ít đảng viên chỉ có trên các trang."
)
_MONTH_COLUMNS = (
    "members", "exempt", "present", "tasks_due", "tasks_on_time", "held_on", "filed_on",
    "longest_carried", "admitted",
)  # fmt: skip


def internal_folder(folder: Path) -> Path | None:
    """The folder, or `tables` within it, when it holds the program's own tables."""
    for place in (folder, folder / "tables"):
        if all((place / name).is_file() for name in _MARKS):
            return place
    return None


def read_internal(folder: Path) -> OpenTables:
    """Raises InputError when one of the tables is missing, broken, or lacks a column."""
    units = _units(_read(folder, "unit_versions"), _read(folder, "unit_parents"))
    return OpenTables(
        units=_table("units", units),
        cell_months=_months(folder),
        not_due=_empty(("unit", "text"), ("month", "date")),
        cell_years=_years(),
        grades=_chosen(folder, "year_grades", "grades"),
        lineage=_chosen(folder, "lineage", "lineage"),
        notes=(_NOTE,),
        source=folder.parent.name if folder.name == "tables" else folder.name,
    )


def _read(folder: Path, name: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / f"{name}.parquet"
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"Không đọc được {path.name}. Ghi lại các bảng bằng `vungmanh simulate`, hoặc chép lại "
            "thư mục.",
            place=path.name,
            code="table-unreadable",
        ) from error


def _rows(table: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(table.column(name).to_pylist() for name in names), strict=True)


def _units(versions: pa.Table, parents: pa.Table) -> dict[str, list[Any]]:
    """One row per span over which both what a unit was and where it stood held."""
    above: dict[str, list[tuple[str, dt.date, dt.date]]] = {}
    for unit, parent, start, end in _rows(parents, "unit", "parent", "valid_from", "valid_to"):
        above.setdefault(unit, []).append((parent, start, end or dt.date.max))
    made: dict[str, list[Any]] = {name: [] for name in OPEN["units"].column_names}
    names = ("unit", "name", "kind", "sector", "is_organisation", "valid_from", "valid_to")
    for unit, name, kind, sector, is_body, start, end in _rows(versions, *names):
        group = Sector(sector).label if sector in set(Sector) else sector
        for parent, begin, finish in _cut(above.get(unit, []), start, end or dt.date.max):
            until = None if finish == dt.date.max else finish
            row = (unit, name, kind, group, parent, is_body, begin, until)
            for values, value in zip(made.values(), row, strict=True):
                values.append(value)
    return made


def _cut(
    spans: list[tuple[str, dt.date, dt.date]], start: dt.date, end: dt.date
) -> Iterator[tuple[str | None, dt.date, dt.date]]:
    """The span from `start` to `end` in pieces, each under one parent or none."""
    days = {start, end}
    for _, begin, finish in spans:
        days |= {day for day in (begin, finish) if start < day < end}
    ordered = sorted(days)
    for begin, finish in pairwise(ordered):
        standing = [one for one, first, last in spans if first <= begin < last]
        yield (standing[0] if standing else None), begin, finish


def _months(folder: Path) -> pa.Table:
    """Reports, and the months excused of which there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    reports, excuses = _read(folder, "meeting_reports"), _read(folder, "excuses")
    told = set(_rows(reports, "unit", "month"))
    excused = [row for row in _rows(excuses, "unit", "month") if row not in told]
    types = {column.name: arrow_type(column.type) for column in OPEN["cell_months"].columns}
    extra = pa.table(
        {
            "unit": pa.array([unit for unit, _ in excused], pa.string()),
            "month": pa.array([month for _, month in excused], pa.date32()),
            "state": pa.array(["excused"] * len(excused), pa.string()),
        }
    )
    rows = reports.num_rows
    columns = {
        name: reports.column(name).cast(types[name])
        if name in reports.column_names
        else pa.nulls(rows, types[name])
        for name in _MONTH_COLUMNS
    }
    owing = pc.subtract(columns["members"], pc.fill_null(columns["exempt"], 0))
    # Exempt members who came all the same count up to those who owed it.
    columns["present"] = pc.min_element_wise(columns["present"], owing, skip_nulls=False)
    main = pa.table(
        {
            "unit": reports.column("unit").cast(pa.string()),
            "month": reports.column("month").cast(pa.date32()),
            "state": reports.column("state").cast(pa.string()),
            **columns,
        }
    )
    whole = pa.concat_tables([main, extra], promote_options="default").combine_chunks()
    whole = whole.append_column("set_aside", pa.nulls(whole.num_rows, pa.bool_()))
    for name in ("unit", "state"):
        place = whole.column_names.index(name)
        whole = whole.set_column(place, name, whole.column(name).dictionary_encode())
    return whole


def _years() -> pa.Table:
    made = _table("cell_years", {name: [] for name in OPEN["cell_years"].column_names})
    return made.append_column("no_report", made.column("due"))


def _chosen(folder: Path, name: str, opened: str) -> pa.Table:
    stored = _read(folder, name)
    table: OpenTable = OPEN[opened]
    return _table(opened, {one: stored.column(one).to_pylist() for one in table.column_names})


def _table(name: str, columns: Mapping[str, list[Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.table(
        {
            column.name: pa.array(columns[column.name], arrow_type(column.type))
            for column in OPEN[name].columns
        }
    )


def _empty(*columns: tuple[str, Any]) -> pa.Table:
    import pyarrow as pa

    return pa.table({name: pa.array([], arrow_type(kind)) for name, kind in columns})
