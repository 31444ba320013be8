"""How long 100,000 rows of workbooks take to import, and how much memory.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/import_rows.py [--rows 100000]

Makes a database of its own on that server and drops it at the end; the one named in the address is
not touched. One workbook a committee, several years of months in each, all in one drop. The import
runs in a process of its own, so that its peak memory is its own. Ends with 1 over a limit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from vungmanh.config.database import URL, open_database

SECONDS, MEGABYTES = 60, 500
NAME = f"vungmanh_bench_{os.getpid()}"


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """A database for this run only; gives its address."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {NAME}")
        try:
            yield make_conninfo(**{**conninfo_to_dict(server), "dbname": NAME})
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def fill(folder: Path, rows: int) -> None:
    """The register of the demonstration province without reports, and the workbooks to import."""
    from django.core.management import call_command

    from vungmanh.access.actions.grants import grant_role
    from vungmanh.access.models import User
    from vungmanh.analysis.simulate import simulate_province
    from vungmanh.config.demo import SEED
    from vungmanh.core.vocabulary import Reach, Role, UnitKind
    from vungmanh.meetings.actions.obligations import generate_obligations
    from vungmanh.org.actions.register import load_register
    from vungmanh.org.models import UnitVersion

    at = dt.datetime.now(dt.UTC)
    call_command("migrate", interactive=False, verbosity=0)
    province = simulate_province(SEED)
    load_register(tables=province.tables, by=None, at=at)
    first = write_workbooks(province, folder, rows)
    generate_obligations(first=first, last=province.last_month, by=None, at=at)
    root = UnitVersion.objects.filter(kind=UnitKind.DANG_BO_TINH).latest("id")
    grant_role(
        user=User.objects.create_user("bench"), role=Role.PROVINCIAL_ANALYST, unit_id=root.unit_id,
        reach=Reach.UNIT_AND_BELOW, valid_from=dt.date(2014, 1, 1), by=None, at=at,
    )  # fmt: skip


def write_workbooks(province: Any, folder: Path, rows: int) -> dt.date:
    """As many months back as make up `rows`, by committee; returns the first of them."""
    from vungmanh.analysis.simulate.sheets import committee_sheets
    from vungmanh.core.periods import add_months
    from vungmanh.outputs.workbooks import write

    blocks: dict[str, list[Any]] = defaultdict(list)
    names: dict[str, str] = {}
    month, written = add_months(province.last_month, 1), 0
    while written < rows:
        month = add_months(month, -1)
        for sheet in committee_sheets(province, month):
            lines = [
                write.SheetRow(line.unit, line.name, line.organisation, line.values)
                for line in sheet.lines
                if line.values
            ]
            names[sheet.unit] = sheet.committee
            blocks[sheet.unit].insert(0, (month, lines))
            written += len(lines)
    for number, (unit, months) in enumerate(blocks.items(), start=1):
        # Several months answered in one workbook: what an office sends back that is far behind.
        write._write(folder / f"{number:03d}.xlsx", names[unit], months)
    return month


def measure(folder: Path) -> dict[str, float]:
    """Preview and write the workbooks of a folder; seconds of each step and peak megabytes."""
    with open_database():
        from vungmanh.config.commands.import_ import viewer_named
        from vungmanh.outputs.imports.actions.commit import commit_import
        from vungmanh.outputs.imports.actions.prepare import DroppedFile, prepare_import
        from vungmanh.outputs.imports.queries import summary_of

        viewer, at = viewer_named("bench"), dt.datetime.now(dt.UTC)
        files = [DroppedFile(path.name, path.read_bytes) for path in sorted(folder.iterdir())]
        start = time.perf_counter()
        batch = prepare_import(files=files, by=viewer, at=at)
        previewed = time.perf_counter()
        summary = summary_of(batch)
        commit_import(batch_id=batch.pk, by=viewer, at=at)
        done = time.perf_counter()
    return {
        "rows": summary.lines,
        "refused": summary.refused,
        "preview": previewed - start,
        "write": done - previewed,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_a_process_of_its_own(folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--measure", str(folder)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def show(found: dict[str, float], files: int) -> bool:
    """Print the figures; whether both limits are kept."""
    seconds = found["preview"] + found["write"]
    rate = found["rows"] / seconds
    print(f"{found['rows']:,.0f} rows in {files} workbooks, {found['refused']:,.0f} refused")
    print(f"preview {found['preview']:.1f} s, write {found['write']:.1f} s, {rate:,.0f} rows/s")
    print(f"peak memory {found['megabytes']:.0f} MB")
    kept = seconds < SECONDS and found["megabytes"] < MEGABYTES and not found["refused"]
    print(f"limits {SECONDS} s, {MEGABYTES} MB: {'kept' if kept else 'NOT KEPT'}")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return 0
    with (
        tempfile.TemporaryDirectory() as place,
        own_database(os.environ[URL]) as os.environ[URL],
    ):
        folder = Path(place)
        with open_database(migrated=False):
            fill(folder, options.rows)
        kept = show(in_a_process_of_its_own(folder), len(list(folder.iterdir())))
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
