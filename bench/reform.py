"""How long a reform of 1,000 moved units takes to commit, and what it costs those who read.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/reform.py [--units 8000] [--moves 1000]

Makes a database of its own on that server and drops it at the end; the one named in the address is
not touched. Ends with 1 over a limit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import threading
import time
from typing import Any

import psycopg
from import_rows import own_database

from vungmanh.config.database import URL, open_database

SECONDS, DRY_RUN_SECONDS = 20, 3
SLOWER = 3.0  # times as long as alone, at most, for a reader beside the commit
FIRST, DAY = dt.date(2020, 1, 1), dt.date(2024, 7, 1)
AT = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
BELOW = "SELECT count(*) FROM org_unitclosure WHERE ancestor_id = %s AND valid @> %s::date"


def fill(units: int) -> tuple[Any, list[Any], list[Any]]:
    """A register of one province, ten districts, communes of 40 cells; gives root and levels."""
    from vungmanh.core.ids import uuid7
    from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind
    from vungmanh.org.actions.register import load_register

    versions: list[tuple[Any, ...]] = []
    parents: list[tuple[Any, ...]] = []

    def unit(kind: UnitKind, above: Any) -> Any:
        one = uuid7()
        name = f"{kind.label} {len(versions)}"
        versions.append((one, FIRST, None, name, kind, Sector.COMMUNE, "", "", False))
        if above is not None:
            parents.append((one, above, FIRST, None))
        return one

    root = unit(UnitKind.DANG_BO_TINH, None)
    districts = [unit(UnitKind.DANG_BO_HUYEN, root) for _ in range(10)]
    communes, cells = [], []
    while len(versions) < units:
        communes.append(unit(UnitKind.DANG_BO_XA, districts[len(communes) % 10]))
        cells += [unit(UnitKind.CHI_BO, communes[-1]) for _ in range(40)]
    ids = [row[0] for row in versions]
    counts = [(one, MembershipStatus.OFFICIAL, FIRST, None, 17) for one in cells]
    columns = (
        "unit", "valid_from", "valid_to", "name", "kind", "sector", "area", "official_code",
        "is_organisation",
    )  # fmt: skip
    empty: list[Any] = []
    tables = {
        "units": {"unit": ids, "is_simulated": [True] * len(ids)},
        "unit_versions": _columns(versions, *columns),
        "unit_parents": _columns(parents, "unit", "parent", "valid_from", "valid_to"),
        "membership_counts": _columns(counts, "unit", "status", "valid_from", "valid_to", "count"),
        "admissions": _columns(empty, "unit", "month", "count"),
        "appointments": dict.fromkeys(
            ("unit", "post", "holder_name", "valid_from", "valid_to"), empty
        ),
    }
    load_register(tables=tables, by=None, at=AT)
    return root, communes, cells


def _columns(rows: list[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


class Reader(threading.Thread):
    """Counts what stands below the province, again and again, on a connection of its own."""

    def __init__(self, address: str, root: Any) -> None:
        super().__init__(daemon=True)
        self.address, self.root = address, root
        self.times: list[float] = []
        self.stop = threading.Event()

    def run(self) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            while not self.stop.is_set():
                start = time.perf_counter()
                connection.execute(BELOW, [self.root, DAY]).fetchone()
                self.times.append(time.perf_counter() - start)

    def end(self) -> list[float]:
        self.stop.set()
        self.join()
        return self.times


def measure(address: str, units: int, moves: int) -> dict[str, float]:
    from django.core.management import call_command

    from vungmanh.access.actions.grants import grant_role
    from vungmanh.access.models import User
    from vungmanh.access.viewer import viewer_for
    from vungmanh.core.vocabulary import Reach, Role
    from vungmanh.org.actions.reforms import commit_reform, draft_reform, undo_reform
    from vungmanh.org.reform.preview import preview_of
    from vungmanh.org.reform.steps import Move

    call_command("migrate", verbosity=0)
    root, communes, cells = fill(units)
    user = User.objects.create_user("bench")
    grant_role(
        user=user, role=Role.PROVINCIAL_ANALYST, unit_id=root, reach=Reach.UNIT_AND_BELOW,
        valid_from=FIRST, by=None, at=AT,
    )  # fmt: skip
    viewer = viewer_for(user, on=AT.date())
    steps = [
        Move(str(cell), str(communes[(number // 40 + 7) % len(communes)]))
        for number, cell in enumerate(cells[:moves])
    ]
    reform = draft_reform(
        title="Bench", document="Bench", signed_on=None, effective_on=DAY, steps=steps, by=viewer,
        at=AT,
    )  # fmt: skip
    found: dict[str, float] = {}
    start = time.perf_counter()
    preview = preview_of(viewer, reform)
    found["dry run, s"] = time.perf_counter() - start
    alone = Reader(address, root)
    alone.start()
    time.sleep(2)
    found["reader alone, median ms"] = 1000 * statistics.median(alone.end())
    beside = Reader(address, root)
    beside.start()
    start = time.perf_counter()
    commit_reform(reform_id=reform.pk, basis=preview.basis, by=viewer, at=AT)
    found["commit, s"] = time.perf_counter() - start
    times = beside.end()
    found["reader beside, median ms"] = 1000 * statistics.median(times)
    found["reader beside, longest ms"] = 1000 * max(times)
    start = time.perf_counter()
    undo_reform(reform_id=reform.pk, reason="Bench", by=viewer, at=AT)
    found["undo, s"] = time.perf_counter() - start
    found["reader, times as long"] = (
        found["reader beside, median ms"] / found["reader alone, median ms"]
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--units", type=int, default=8000)
    parser.add_argument("--moves", type=int, default=1000)
    options = parser.parse_args()
    with own_database(os.environ[URL]) as address:
        os.environ[URL] = address
        with open_database(migrated=False):
            found = measure(address, options.units, options.moves)
            from django.db import connection

            connection.close()
    for name, number in found.items():
        print(f"{name:<28} {number:10.2f}")
    late = found["commit, s"] > SECONDS or found["dry run, s"] > DRY_RUN_SECONDS
    return int(late or found["reader, times as long"] > SLOWER)


if __name__ == "__main__":
    sys.exit(main())
