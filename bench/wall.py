"""What the second wall costs: the same query filtered by hand, and read behind the wall.

    VUNGMANH_DATABASE_URL=postgresql://… python bench/wall.py [--asks 25] [--limit 1.3]

For each account of the demonstration: the reports of one month and the members of one day, counted
over the units in sight. "Wall" is the query without any filter of its own, the set in sight already
worked out in the transaction; "filtered too" is the query by hand behind the wall, as pages ask it;
the time it takes to work the set out, once a page, is given apart. Ends with 1 when the wall alone
takes more than `limit` times as long as the filter by hand.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable

from vungmanh.config.database import open_database

DAY, TODAY = dt.date(2026, 10, 31), dt.date(2026, 11, 20)


def median(ask: Callable[[], int], asks: int) -> float:
    """Milliseconds; the first ask is not counted."""
    ask()
    times = []
    for _ in range(asks):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def compare(username: str, asks: int) -> float:
    """Print the times of one account; returns the worst ratio of wall to hand."""
    from vungmanh.access.models import User
    from vungmanh.access.viewer import viewer_for
    from vungmanh.access.wall import behind
    from vungmanh.meetings.models import MeetingReport
    from vungmanh.org.models import MembershipCount
    from vungmanh.org.queries import units_visible

    viewer = viewer_for(User.objects.get(username=username), on=TODAY)
    worst = 0.0
    for name, rows in (
        ("reports", MeetingReport.objects.filter(month=DAY.replace(day=1))),
        ("members", MembershipCount.objects.filter(valid__contains=DAY)),
    ):
        mine = rows.filter(unit_id__in=units_visible(viewer, DAY))
        right, by_hand = mine.count(), median(mine.count, asks)
        with behind(viewer, DAY):
            start = time.perf_counter()
            if rows.count() != right:
                raise SystemExit(f"{username}, {name}: the walls disagree")
            first = 1000 * (time.perf_counter() - start)
            behind_wall = median(rows.count, asks)
            both = median(mine.count, asks)
        worst = max(worst, behind_wall / by_hand)
        print(
            f"{username:<11} {name} {right:>6} rows: by hand {by_hand:6.1f} ms, wall"
            f" {behind_wall:6.1f} ms ({behind_wall / by_hand:.2f}), filtered too {both:6.1f} ms"
            f" ({both / by_hand:.2f}), first time {first:6.1f} ms"
        )
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--asks", type=int, default=25)
    parser.add_argument("--limit", type=float, default=1.3)
    chosen = parser.parse_args()
    with open_database():
        worst = max(compare(one, chosen.asks) for one in ("chuyenvien", "vanphong", "phutrach"))
    return int(worst > chosen.limit)


if __name__ == "__main__":
    sys.exit(main())
