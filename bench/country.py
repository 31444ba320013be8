"""A country of 250,000 cells over five years: the counting, and the whole assessment.

    python bench/country.py [--cells 250000] [--years 5] [--folder FOLDER]

Fifteen million made-up cell-months are written as Parquet to a temporary folder (or FOLDER, where
they stay). In one run: a bare scan of the same columns and the counting by turns, the same counts
in pandas, and the whole assessment, the last two each in a process of their own. Ends with 1 when
a limit is missed, or when pandas counts differently.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FIRST_YEAR = 2016
TIMES = 3
TIMES_OF_SCAN, TIMES_FASTER, SECONDS, GIBIBYTES = 6.0, 3.0, 60.0, 6.0

#: The columns the counting reads, each read and folded once.
SCAN = """
select max(unit), sum(month - date '2000-01-01'), max(state), sum(members), sum(exempt),
       sum(present), sum(tasks_due), sum(tasks_on_time), sum(filed_on - date '2000-01-01'),
       sum(set_aside::int)
from read_parquet('{file}')
"""

#: u, v, w, x are hashes of cell and month: the same bytes on every machine.
MAKE = """
copy (
  with cells as (
    select i, printf('%08x-0000-7000-8000-%012x', i, hash(i, 'unit') % 281474976710656) as unit,
           3 + (hash(i, 'size') % 20)::int as size,
           .5 + .5 * ((hash(i, 'habit') % 1000) / 1000.0) as habit
    from range({cells}) t(i)
  ), months as (
    select *, (date '{year}-01-01' + to_months(m::int))::date as month,
           (hash(i, m, 'u') % 100000) / 100000.0 as u, (hash(i, m, 'v') % 100000) / 100000.0 as v,
           (hash(i, m, 'w') % 100000) / 100000.0 as w, (hash(i, m, 'x') % 100000) / 100000.0 as x
    from cells, range(12 * {years}) s(m)
  ), states as (
    select *, size + (x * 3)::int as people,
           case when u < .12 then 'no_report' when u < .13 then 'excused'
                when v < habit then 'held' else 'not_held' end as state
    from months
  ), told as (
    select *, state in ('held', 'not_held') as reported,
           case when state = 'held' and w > .3 then (x * 2)::int end as exempt
    from states
  )
  select unit, month, state, case when reported then people end::int as members,
         exempt::int as exempt,
         case when state = 'held' and w < .95
              then greatest(people - coalesce(exempt, 0) - (hash(i, m, 'a') % 5)::int, 0)
         end::int as present,
         case when reported and x < .9 then 2 + (w * 4)::int end::int as tasks_due,
         case when reported and x < .9 then least(2 + (w * 4)::int, 1 + (u * 6)::int)
         end::int as tasks_on_time,
         case when state = 'held' then month + (w * 27)::int end as held_on,
         case when reported and v > .02 then month + 28 + (x * 60)::int end as filed_on,
         state = 'held' and x > .97 as set_aside,
         case when w > .8 then (x * 4)::int end::int as longest_carried,
         case when v > .96 then 1 end::int as admitted
  from told order by unit, month
) to '{file}' (format parquet, compression zstd)
"""


def make(file: Path, cells: int, years: int) -> None:
    """Cell-months of a country nobody lives in, ordered by unit and month."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set threads = 2; set memory_limit = '4GB'")
        connection.execute(f"set temp_directory = '{file.parent / 'spill'}'")
        connection.execute(MAKE.format(file=file, cells=cells, years=years, year=FIRST_YEAR))


def ends(years: int) -> list[dt.date]:
    return [dt.date(FIRST_YEAR + year, 12, 1) for year in range(years)]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and by the processors."""
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processors


def totals(counted: Any) -> dict[str, int]:
    """The sum of every count over everybody: what two ways of counting must agree on."""
    import pyarrow.compute as pc

    return {
        name: int(pc.sum(counted[name]).as_py() or 0)
        for name in counted.column_names
        if name not in ("unit", "end")
    } | {"rows": counted.num_rows}


def scan_and_count(file: Path, years: int) -> dict[str, Any]:
    """Both by turns on one connection; the best of each, as a busy machine disturbs them."""
    from vungmanh.analysis import counting

    scans, counts, found = [], [], []
    with counting.engine() as connection:
        table = counting.read(connection, file)
        for _ in range(TIMES):
            scans.append(timed(lambda: connection.raw_sql(SCAN.format(file=file)).fetchall()))
            counts.append(timed(lambda: found.append(counting.count(table, ends(years)))))
        unique = timed(lambda: counting.refuse_duplicates(table))
    return {
        "scan": [min(taken) for taken in zip(*scans, strict=True)],
        "count": [min(taken) for taken in zip(*counts, strict=True)],
        "unique": unique,
        "totals": totals(found[-1]),
    }


def count_in_pandas(file: Path) -> dict[str, Any]:
    """The same counts as one would write them in pandas: columns, flags, one group-by."""
    import pandas as pd
    import pyarrow as pa

    from vungmanh.analysis.counting import COLUMNS

    begun = time.perf_counter()
    rows = pd.read_parquet(file, columns=list(COLUMNS), dtype_backend="pyarrow")
    month = pd.to_datetime(rows["month"])
    filed_on = pd.to_datetime(rows["filed_on"])
    held = rows["state"] == "held"
    doubted = rows["set_aside"].fillna(False)
    owing = rows["members"] - rows["exempt"].fillna(0)
    attended = (held & ~doubted & rows["present"].notna() & (owing > 0)).fillna(False)
    reported = (held | (rows["state"] == "not_held")) & filed_on.notna()
    tasked = rows["tasks_due"].notna() & rows["tasks_on_time"].notna()
    present, owing = rows["present"].where(attended), owing.where(attended)
    december = pd.to_datetime(month.dt.year.astype(str) + "-12-01")
    summed = {
        "held": held & ~doubted,
        "not_held": rows["state"] == "not_held",
        "no_report": rows["state"] == "no_report",
        "excused": rows["state"] == "excused",
        "attended": attended,
        "owing": owing,
        "present": present,
        "present_square": present * present,
        "tasked": tasked,
        "tasks_due": rows["tasks_due"].where(tasked),
        "tasks_on_time": rows["tasks_on_time"].where(tasked),
        "set_aside": held & doubted,
        "filed": reported,
        "filed_in_december": reported & (month.dt.month <= 10) & (filed_on >= december),
    }
    keys = [rows["unit"], month.dt.year.rename("year")]
    sums = pd.DataFrame(summed).astype("float64").groupby(keys, sort=False).sum()
    both = pd.DataFrame({"present": present, "owing": owing}).astype("float64")
    extremes = both.groupby(keys, sort=False).agg(["min", "max"])
    extremes.columns = [f"{name}_{which}" for name, which in extremes.columns]
    counted = sums.join(extremes).reset_index(drop=True)
    taken = time.perf_counter() - begun
    return {"seconds": taken, "totals": totals(pa.Table.from_pandas(counted))}


def assess_all(file: Path, years: int) -> dict[str, Any]:
    """Read the Parquet and assess everybody in the last year: like kinds, organisations and all.

    Loading libraries and the rulebook is timed apart: a server does it once.
    """
    begun = time.perf_counter()
    import ibis
    import pyarrow.dataset  # noqa: F401
    import pyarrow.parquet as pq
    import scipy.stats  # noqa: F401

    from vungmanh.analysis.assessing import assess
    from vungmanh.config.commands.bench import shipped_rules

    ibis.duckdb.connect().disconnect()  # ibis imports its engine when first asked
    rules_on = shipped_rules()
    imported = time.perf_counter() - begun
    begun, worked, steps = time.perf_counter(), time.process_time(), {}

    def told(step: str, year: int) -> None:
        steps[step] = round(time.perf_counter() - begun, 2)

    months = pq.read_table(file, read_dictionary=["unit", "state"])
    tables = whole(months, FIRST_YEAR)
    told("read", 0)
    (year,) = assess(tables, [FIRST_YEAR + years - 1], rules_on, told)
    return {
        "seconds": time.perf_counter() - begun,
        "processors": time.process_time() - worked,
        "imports": imported,
        "began": steps,
        "cells": len(year.cells.places),
        "organisations": len(year.organisations.places),
    }


def whole(months: Any, first_year: int) -> Any:
    """One's own tables: five cells an organisation, five like kinds, one in a hundred merged."""
    import pyarrow as pa

    from vungmanh.analysis.layout import OpenTables

    cells = sorted(months["unit"].unique().to_pylist())
    bodies = [f"organisation {place:06d}" for place in range((len(cells) + 4) // 5)]
    names = cells + bodies
    ended = range(1, len(cells) - 1, 100)  # merged into the next on 1 July of the third year
    merged = dt.date(first_year + 2, 7, 1)
    until: list[dt.date | None] = [None] * len(names)
    for place in ended:
        until[place] = merged
    text, day, count = pa.string(), pa.date32(), pa.int32()
    units = {
        "unit": pa.array(names),
        "name": pa.array(names),
        "kind": pa.nulls(len(names), text),
        "group": pa.array([f"kind {place // 5 % 5}" for place in range(len(cells))]
                          + [f"kind {place % 5}" for place in range(len(bodies))]),
        "parent": pa.array([bodies[place // 5] for place in range(len(cells))]
                           + [None] * len(bodies), text),
        "is_organisation": pa.array([False] * len(cells) + [True] * len(bodies)),
        "valid_from": pa.nulls(len(names), day),
        "valid_to": pa.array(until, day),
    }  # fmt: skip
    lineage = {
        "predecessor": pa.array([cells[place] for place in ended], text),
        "successor": pa.array([cells[place + 1] for place in ended], text),
        "on": pa.array([merged] * len(ended), day),
        "share": pa.array([1.0] * len(ended)),
    }
    yearly = ("due", "held", "not_held", "no_report", "excused", "owing", "present", "tasks_due")
    empty = {
        "not_due": {"unit": text, "month": day},
        "cell_years": {"unit": text, "year": count}
        | dict.fromkeys((*yearly, "tasks_on_time"), count),
        "grades": {"unit": text, "year": count, "grade": text, "regime": text},
    }
    none = {name: pa.schema(list(columns.items())).empty_table() for name, columns in empty.items()}
    return OpenTables(units=pa.table(units), cell_months=months, lineage=pa.table(lineage), **none)


def apart(what: str, file: Path, years: int) -> dict[str, Any]:
    """The answer of one step in a process of its own, and the most memory that it held."""
    command = [sys.executable, __file__, "--only", what, "--file", str(file), "--years", str(years)]
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env={**os.environ}
    )
    answer: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return answer


def only(what: str, file: Path, years: int) -> int:
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "pandas": lambda: count_in_pandas(file),
        "assess": lambda: assess_all(file, years),
    }
    answer = steps[what]()
    answer["gibibytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps(answer))
    return 0


def run(folder: Path, cells: int, years: int) -> int:
    file = folder / f"cell_months_{cells}_{years}.parquet"
    if not file.exists():
        make(file, cells, years)
    size = file.stat().st_size / 1e6
    print(f"{cells:,} cells, {years} years, {cells * years * 12:,} cell-months, {size:.0f} MB")
    counted = scan_and_count(file, years)
    (scan, scan_cpu), (count, count_cpu) = counted["scan"], counted["count"]
    print(f"bare scan          {scan:6.2f} s  (processors {scan_cpu:.2f} s)")
    print(f"counting           {count:6.2f} s  (processors {count_cpu:.2f} s), unique rows"
          f" {counted['unique'][0]:.2f} s")  # fmt: skip
    in_pandas = apart("pandas", file, years)
    print(f"the same in pandas {in_pandas['seconds']:6.2f} s, {in_pandas['gibibytes']:.1f} GiB")
    assessed = apart("assess", file, years)
    print(f"whole assessment   {assessed['seconds']:6.2f} s  (processors"
          f" {assessed['processors']:.2f} s; loading {assessed['imports']:.1f} s apart),"
          f" {assessed['gibibytes']:.1f} GiB; {assessed['cells']:,} cells,"
          f" {assessed['organisations']:,} organisations; steps began {assessed['began']}"
    )  # fmt: skip
    same = {name: value == in_pandas["totals"][name] for name, value in counted["totals"].items()}
    kept = {
        f"counting {count / scan:.1f} x the scan (limit {TIMES_OF_SCAN:g}; by processors"
        f" {count_cpu / scan_cpu:.1f} x)": count <= TIMES_OF_SCAN * scan,
        f"{in_pandas['seconds'] / count:.1f} x as fast as pandas (limit {TIMES_FASTER:g})": (
            in_pandas["seconds"] >= TIMES_FASTER * count
        ),
        f"pandas counts the same ({sum(same.values())} of {len(same)})": all(same.values()),
        f"assessment within {SECONDS:g} s and {GIBIBYTES:g} GiB": (
            assessed["seconds"] <= SECONDS and assessed["gibibytes"] <= GIBIBYTES
        ),
    }
    for sentence, held in kept.items():
        print("kept  " if held else "MISSED", sentence)
    return int(not all(kept.values()))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cells", type=int, default=250_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the made-up data stay")
    parser.add_argument("--only", choices=("pandas", "assess"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        return only(options.only, options.file, options.years)
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        return run(options.folder, options.cells, options.years)
    with TemporaryDirectory(prefix="vungmanh-bench-") as folder:
        return run(Path(folder), options.cells, options.years)


if __name__ == "__main__":
    sys.exit(main())
