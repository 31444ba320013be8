"""One month assessed from the database, and computed anew from the bytes it kept.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/from_database.py [--asks 3] [--limit 4]

The demonstration province: 3,000 cells over thirteen years. Steps: the inputs read and turned into
tables, their bytes, both layers of weak, the rows, their hash; apart from these the inputs read
back from the bytes. Base: the two large tables joined and counted by PostgreSQL, nothing carried
over. Ends with 1 when the rows computed anew differ, or the whole takes more than `limit` seconds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

from vungmanh.config.database import open_database

TODAY = dt.date(2026, 11, 20)
BASE = """
  SELECT count(*), count(report.id), sum(report.present), max(report.filed_on)
  FROM meetings_obligation due LEFT JOIN meetings_meetingreport report USING (unit_id, kind, month)
  WHERE due.kind = 'regular'
"""


class Steps:
    """The best wall and processor time of each step, in seconds."""

    def __init__(self) -> None:
        self.best: dict[str, tuple[float, float]] = {}

    def __call__(self, name: str, step: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        result = step()
        took = time.perf_counter() - wall, time.process_time() - processor
        self.best[name] = min(took, self.best.get(name, took))
        return result


def once(steps: Steps, month: dt.date) -> bool:
    """Every step once; whether the rows computed anew are the same to the byte."""
    from django.db import connection, transaction

    from vungmanh.strengthening.frames import snapshot
    from vungmanh.strengthening.judging import judge
    from vungmanh.strengthening.reference_store import kept_references
    from vungmanh.strengthening.results import hash_of, line
    from vungmanh.strengthening.rows import rows_of
    from vungmanh.strengthening.snapshots import from_bytes

    with connection.cursor() as cursor:
        steps("base", lambda: cursor.execute(BASE))
    with transaction.atomic():
        data = steps("inputs", lambda: snapshot(month))
        fixed = kept_references()
    assert data is not None
    content = steps("bytes", lambda: data.content)
    judged = steps("judging", lambda: judge(data, month, TODAY, fixed))
    rows = steps("rows", lambda: rows_of(judged))
    noted = steps("hash", lambda: hash_of(map(line, rows)))
    again = steps("read back", lambda: from_bytes(content))
    return bool(hash_of(map(line, rows_of(judge(again, month, TODAY, judged.references)))) == noted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asks", type=int, default=3)
    parser.add_argument("--limit", type=float, default=4.0)
    given = parser.parse_args()
    steps = Steps()
    with open_database(migrated=False):
        from vungmanh.strengthening.models import AssessmentRun

        month = AssessmentRun.objects.latest("month").month
        found = [once(steps, month) for _ in range(given.asks)]
    equal, base = all(found), steps.best["base"][0]
    for name, (wall, processor) in steps.best.items():
        print(f"{name:10} {wall:6.2f} s, of it here {processor:5.2f} s; {wall / base:5.1f} x base")
    whole = sum(steps.best[name][0] for name in ("inputs", "bytes", "judging", "rows", "hash"))
    print(f"whole      {whole:6.2f} s (limit {given.limit:g}); equal to the byte: {equal}")
    sys.exit(not equal or whole > given.limit)


if __name__ == "__main__":
    main()
