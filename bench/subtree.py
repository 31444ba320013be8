"""How long one page of a subtree takes among 8,000 and 300,000 units, under either wall.

    python bench/subtree.py [--units 8000 300000] [--asks 40] [--limit 100]

Makes a PostgreSQL of its own, fills it with an invented register (province > commune > cell, one
country above) and asks, as the office of a commune, a province and the whole, for the first 50
units in sight in Vietnamese order: by the first wall alone, and behind both. Ends with 1 when a
median is over the limit.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

from vungmanh.config.postgres import EmbeddedCluster
from vungmanh.core.ids import uuid7
from vungmanh.core.text import fold, sort_key

FIRST, DAY = dt.date(2020, 1, 1), dt.date(2026, 10, 31)
CELLS, COMMUNES = 20, 100  # in a commune, in a province
PAGE = 50
KINDS = ("dang_bo_tinh", "dang_bo_tinh", "dang_bo_xa", "chi_bo")


def register(size: int) -> list[tuple[UUID, tuple[UUID, ...]]]:
    """Units with all that stands above each, the nearest first."""
    top = uuid7()
    units: list[tuple[UUID, tuple[UUID, ...]]] = [(top, ())]
    while len(units) < size:
        province = uuid7()
        units.append((province, (top,)))
        for _ in range(min(COMMUNES, (size - len(units)) // (CELLS + 1) + 1)):
            commune = uuid7()
            units.append((commune, (province, top)))
            units += [(uuid7(), (commune, province, top)) for _ in range(CELLS)]
    return units


def fill(units: list[tuple[UUID, tuple[UUID, ...]]]) -> None:
    """Write the register by COPY; the closure is written with it, so its triggers rest."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE org_unit, org_root CASCADE")
        cursor.execute("INSERT INTO org_root VALUES (%s)", [units[0][0]])
        copied = {
            "org_unit (id, is_simulated)": ((unit, True) for unit, _ in units),
            "org_unitversion (unit_id, valid, name, name_fold, name_key, kind, sector, area,"
            " official_code, is_organisation)": (
                (unit, f"[{FIRST},)", name, fold(name), sort_key(name), KINDS[len(above)],
                 "village", "", "", len(above) == 2)
                for number, (unit, above) in enumerate(units)
                for name in [f"Đơn vị thử {number}"]
            ),
            "org_unitclosure (ancestor_id, descendant_id, depth, valid)": (
                (one, unit, depth, f"[{FIRST},)")
                for unit, above in units
                for depth, one in enumerate((unit, *above))
            ),
        }  # fmt: skip
        for table, rows in copied.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE org_unitversion, org_unitclosure, org_ancestry")


def measure(unit: UUID, asks: int) -> dict[str, float]:
    """Median milliseconds of a page, by the first wall alone and behind both."""
    from vungmanh.access.models import User
    from vungmanh.access.viewer import Grant, Viewer
    from vungmanh.access.wall import EVER, behind
    from vungmanh.core.vocabulary import Reach, Role
    from vungmanh.org.queries import versions_visible

    role = Role.COMMITTEE_OFFICE
    grant = Grant(role, unit, Reach.UNIT_AND_BELOW)
    viewer = Viewer(User(), role, (grant,), (role,), dt.date(2026, 11, 20))

    def page() -> None:
        found = len(versions_visible(viewer, DAY)[:PAGE])
        if not found:
            raise SystemExit("the page is empty: nothing was measured")

    def page_behind() -> None:
        with behind(viewer, viewer.on, since=EVER):
            page()

    medians = {}
    for name, ask in (("first wall", page), ("both walls", page_behind)):
        times = []
        for _ in range(asks):
            start = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - start))
        medians[name] = statistics.median(times)
    return medians


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, nargs="+", default=[8_000, 300_000])
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--limit", type=float, default=100, help="milliseconds")
    chosen = parser.parse_args()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        cluster = EmbeddedCluster(Path(folder) / "cluster", durable=False)
        os.environ["VUNGMANH_DATABASE_URL"] = cluster.start()
        os.environ["DJANGO_SETTINGS_MODULE"] = "vungmanh.config.settings"
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", interactive=False, verbosity=0)
            for size in chosen.units:
                units = register(size)
                fill(units)
                for who, depth in (("a commune", 2), ("a province", 1), ("the whole", 0)):
                    unit = next(one for one, above in units if len(above) == depth)
                    for wall, median in measure(unit, chosen.asks).items():
                        print(f"{len(units):>7} units, {who:<10} {wall}: {median:7.1f} ms")
                        slowest = max(slowest, median)
        finally:
            cluster.stop()
    return int(slowest > chosen.limit)


if __name__ == "__main__":
    sys.exit(main())
