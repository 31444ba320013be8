"""From cell-months to one row of counts per unit and period: Ibis expressions, run by DuckDB.

The only heavy step of an assessment. One pass over the columns, grouped by unit and period, in
bounded memory; DuckDB writes what does not fit to a folder that goes with the connection. The
expressions name no engine, so that another one can run them. `naive_counting` says the same in
plain loops and judges this.

A row of cell-months says what one unit did in one month (`state`); a month without a row was not
owed. Only `unit`, `month` and `state` must be there; a column that is missing is unknown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from vungmanh.analysis.counts import FIELDS, MAY_BE_UNKNOWN
from vungmanh.core.errors import InputError
from vungmanh.core.periods import add_months, month_label, month_range
from vungmanh.core.vocabulary import MonthState

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

    #: What can be counted: a table in memory, or one that `read` has opened.
    CellMonths: TypeAlias = pa.Table | ibis.Table

#: The columns counted, with their types; the first three must be there.
COLUMNS = {
    "unit": "string",
    "month": "date",
    "state": "string",
    "members": "int64",
    "exempt": "int64",
    "present": "int64",
    "tasks_due": "int64",
    "tasks_on_time": "int64",
    "filed_on": "date",
    "set_aside": "boolean",
}
REPORTED = (MonthState.HELD, MonthState.NOT_HELD)

#: The columns of the months of a period.
PERIOD = ["month", "end", "december"]

#: A report of January to October that is filed in December comes with the year's paperwork.
LAST_MONTH_IN_TIME = 10

#: Yearly totals of those who keep no months; `unit` and `year` must be there.
YEAR_COLUMNS = {
    "unit": "string",
    "year": "int64",
    **dict.fromkeys(
        (
            *("due", "held", "not_held", "no_report", "excused"),
            *("owing", "present", "tasks_due", "tasks_on_time"),
        ),
        "int64",
    ),
}


@contextmanager
def engine(*, threads: int = 2, memory: str = "2GB") -> Iterator[Backend]:
    """A DuckDB of its own, within `memory`; what does not fit goes to a folder removed after."""
    import ibis

    with TemporaryDirectory(prefix="vungmanh-") as folder:
        connection = ibis.duckdb.connect(
            threads=threads,
            memory_limit=memory,
            temp_directory=folder,
            preserve_insertion_order=False,
        )
        try:
            yield connection
        finally:
            connection.disconnect()


def read(connection: Backend, files: str | Path | Sequence[Path]) -> ibis.Table:
    """A table from Parquet: one file, a pattern (`folder/*.parquet`) or several files."""
    if isinstance(files, str | Path):
        return connection.read_parquet(str(files))
    return connection.read_parquet([str(file) for file in files])


def count(
    cell_months: CellMonths,
    ends: Iterable[dt.date],
    *,
    months: int = 12,
    threads: int = 2,
    memory: str = "2GB",
) -> pa.Table:
    """Counts of every unit in the periods of `months` months that end with the months `ends`.

    One row per `unit` (text) and `end` (date) with any cell-month in the period, in no order; the
    other columns are the fields of `counts.Counts`, whole numbers, the extremes null where nothing
    is known. A table opened by `read` is counted where it is: `threads` and `memory` are then those
    of its connection. Rows must be unique (`refuse_duplicates`).
    """
    import ibis

    periods = _periods(ends, months)
    if isinstance(cell_months, ibis.Table):
        wanted = _counts(_in_periods(cell_months, ibis.memtable(periods)))
        return _arrow(cell_months.get_backend().to_pyarrow(wanted))
    with engine(threads=threads, memory=memory) as connection:
        connection.con.register("cell_months", cell_months)
        connection.con.register("periods", periods)
        asked = _counts_in_sql(cell_months.schema)
        return _arrow(connection.con.execute(asked).to_arrow_table())


@lru_cache(maxsize=16)
def _counts_in_sql(schema: pa.Schema) -> str:
    """What DuckDB is asked of tables of these columns; the asking costs more than most answers."""
    import ibis

    cell_months = ibis.table(ibis.Schema.from_pyarrow(schema), name="cell_months")
    periods = ibis.table(dict.fromkeys(PERIOD, "date"), name="periods")
    return str(ibis.to_sql(_counts(_in_periods(cell_months, periods)), dialect="duckdb"))


def _in_periods(cell_months: ibis.Table, periods: ibis.Table) -> ibis.Table:
    """The rows of every period: a month that lies in several of them stands in each."""
    return _canonical(cell_months, COLUMNS).join(periods, "month")


def _periods(ends: Iterable[dt.date], months: int) -> pa.Table:
    """The months of every period, with its end and its December, if a report can be late there."""
    import pyarrow as pa

    rows = [
        (month, end, dt.date(month.year, 12, 1) if month.month <= LAST_MONTH_IN_TIME else None)
        for end in sorted(set(ends))
        for month in month_range(add_months(end, 1 - months), end)
    ]
    arrays = [pa.array(column, pa.date32()) for column in zip(*rows, strict=True)] or [
        pa.array([], pa.date32())
    ] * 3
    return pa.table(arrays, names=PERIOD)


def _counts(rows: ibis.Table) -> ibis.Table:
    """Every count is a sum, a number or an extreme of a column that is null where it says nothing.

    A count over a column of values is about three times as fast as one over a comparison of text.
    """
    import ibis

    held = rows.state == MonthState.HELD
    doubted = rows.set_aside.fill_null(False)
    owing = rows.members - rows.exempt.fill_null(0)
    told = rows.select(
        "unit",
        "end",
        "state",
        "december",
        held=held & ~doubted,
        set_aside=held & doubted,
        owing=owing,
        present=ibis.ifelse(held & ~doubted & (owing > 0), rows.present, None),
        tasks_due=ibis.ifelse(rows.tasks_on_time.notnull(), rows.tasks_due, None),
        tasks_on_time=ibis.ifelse(rows.tasks_due.notnull(), rows.tasks_on_time, None),
        filed_on=ibis.ifelse(rows.state.isin(REPORTED), rows.filed_on, None),
    )
    told = told.mutate(owing=ibis.ifelse(told.present.notnull(), told.owing, None))
    return told.group_by("unit", "end").aggregate(
        held=told.count(where=told.held),
        not_held=told.count(where=told.state == MonthState.NOT_HELD),
        no_report=told.count(where=told.state == MonthState.NO_REPORT),
        excused=told.count(where=told.state == MonthState.EXCUSED),
        attended=told.present.count(),
        owing=told.owing.sum().fill_null(0),
        present=told.present.sum().fill_null(0),
        present_square=(told.present.cast("int64") * told.present).sum().fill_null(0),
        present_min=told.present.min(),
        present_max=told.present.max(),
        owing_min=told.owing.min(),
        owing_max=told.owing.max(),
        tasked=told.tasks_due.count(),
        tasks_due=told.tasks_due.sum().fill_null(0),
        tasks_on_time=told.tasks_on_time.sum().fill_null(0),
        set_aside=told.count(where=told.set_aside),
        filed=told.filed_on.count(),
        filed_in_december=told.count(where=told.filed_on >= told.december),
    )


def count_years(
    cell_years: CellMonths,
    counted: pa.Table,
    *,
    owed: int = 12,
    threads: int = 2,
    memory: str = "2GB",
) -> pa.Table:
    """`counted` and, for the units and years it knows no month of, what their yearly totals say.

    A total speaks for the whole year: where `not_held` is not given, what was due, not silent and
    not held was not held; what is told of in no way was not reported. Where `due` is not given,
    `owed` months less the excused were due. What the year adds up to month by month is not known:
    `present_square` and the extremes are null.
    """
    import ibis
    import pyarrow as pa

    with _opened(cell_years, threads, memory) as (table, run):
        told = _counts_of_years(_canonical(table, YEAR_COLUMNS), owed)
        rest = told.anti_join(ibis.memtable(counted), ["unit", "end"])
        return pa.concat_tables([_arrow(counted), _arrow(run(rest))])


def _counts_of_years(years: ibis.Table, owed: int) -> ibis.Table:
    import ibis

    nothing, unknown = ibis.literal(0, "int64"), ibis.null("int64")
    excused = years.excused.fill_null(0)
    due = years.due.fill_null(ibis.greatest(owed - excused, 0))
    rest = ibis.greatest(due - years.held.fill_null(0) - years.no_report.fill_null(0), 0)
    not_held = years.not_held.fill_null(ibis.ifelse(years.held.notnull(), rest, 0))
    attended = years.present.notnull() & (years.owing > 0)
    tasked = years.tasks_due.notnull() & years.tasks_on_time.notnull()
    known = {
        "held": years.held.fill_null(0),
        "not_held": not_held,
        "no_report": years.no_report.fill_null(0) + ibis.greatest(rest - not_held, 0),
        "excused": excused,
        "attended": ibis.ifelse(attended, years.held.fill_null(1), 0),
        "owing": ibis.ifelse(attended, years.owing, 0),
        "present": ibis.ifelse(attended, years.present, 0),
        "tasked": ibis.ifelse(tasked, due, 0),
        "tasks_due": ibis.ifelse(tasked, years.tasks_due, 0),
        "tasks_on_time": ibis.ifelse(tasked, years.tasks_on_time, 0),
    }
    rest_of_fields = {
        name: unknown if name in MAY_BE_UNKNOWN else nothing for name in FIELDS if name not in known
    }
    return years.select(
        "unit",
        end=ibis.date(years.year.cast("int32"), 12, 1),
        **{name: (known | rest_of_fields)[name].cast("int64") for name in FIELDS},
    )


def duplicates(
    cell_months: CellMonths, *, at_most: int = 20, threads: int = 2, memory: str = "2GB"
) -> list[tuple[str, dt.date, int]]:
    """The first units and months with more than one row: unit, month, number of rows.

    Cheap where all is well: one pass asks each unit and year whether its months, each one bit,
    add up to more than their union; only where they do are months looked at.
    """
    import ibis

    with _opened(cell_months, threads, memory) as (table, run):
        keys = _canonical(table, COLUMNS).select("unit", "month")
        bit = ibis.literal(1, "int32") << keys.month.month()
        years = keys.select("unit", year=keys.month.year(), bit=bit).group_by("unit", "year")
        doubtful = years.aggregate(total=ibis._.bit.sum(), union=ibis._.bit.bit_or())
        doubtful = doubtful.filter(doubtful.total != doubtful.union)
        units = set(run(doubtful).column("unit").to_pylist())
        if not units:
            return []
        some = keys.filter(keys.unit.isin(sorted(units)[:at_most])).group_by("unit", "month")
        found = some.aggregate(rows=ibis._.count())
        first = run(found.filter(found.rows > 1).order_by("unit", "month").limit(at_most))
    return [(row["unit"], row["month"], row["rows"]) for row in first.to_pylist()]


def refuse_duplicates(cell_months: CellMonths) -> None:
    """Raises InputError `duplicate-cell-month` when a unit has two rows for one month."""
    found = duplicates(cell_months)
    if not found:
        return
    unit, month, rows = found[0]
    others = f" Còn ít nhất {len(found) - 1} chỗ nữa như vậy." if len(found) > 1 else ""
    raise InputError(
        f"Bảng cell_months có {rows} dòng cùng nói về đơn vị “{unit}”, {month_label(month)}."
        f"{others} Hãy giữ một dòng cho mỗi đơn vị và mỗi tháng.",
        field="month",
        place=f"{unit}, {month_label(month)}",
        code="duplicate-cell-month",
    )


def _canonical(table: ibis.Table, columns: dict[str, str]) -> ibis.Table:
    """The columns counted, and no others; one that is missing is null throughout.

    Whole numbers keep their width: a cast of fifteen million values costs as much as a sum.
    """
    import ibis

    made = {}
    for name, type_ in columns.items():
        if name not in table.columns:
            made[name] = ibis.null(type_)
            continue
        column = table[name]
        fits = column.type().is_integer() if type_ == "int64" else str(column.type()) == type_
        made[name] = column if fits else column.cast(type_)
    return table.select(**made)


@contextmanager
def _opened(
    table: CellMonths, threads: int, memory: str
) -> Iterator[tuple[ibis.Table, Callable[[ibis.Table], pa.Table]]]:
    """The table, and what runs expressions over it: its own connection, or a new one."""
    import ibis

    if isinstance(table, ibis.Table):
        yield table, table.get_backend().to_pyarrow
        return
    with engine(threads=threads, memory=memory) as connection:
        yield ibis.memtable(table), connection.to_pyarrow


def _arrow(counted: pa.Table) -> pa.Table:
    """Counts as 64-bit numbers, in the order of the fields."""
    import pyarrow as pa

    schema = pa.schema(
        [("unit", pa.string()), ("end", pa.date32()), *((name, pa.int64()) for name in FIELDS)]
    )
    return counted.select(schema.names).cast(schema)
