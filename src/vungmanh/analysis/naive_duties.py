"""The slow, obvious twin of `obligations.Duties`: it walks every day of every month.

It judges the fast one on generated lives (tests/property/test_ledger.py) and is used nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from vungmanh.analysis.obligations import Clause, Span
from vungmanh.core.periods import last_day
from vungmanh.core.vocabulary import ObligationKind

Lineage = Sequence[tuple[str, str, dt.date, float]]  # predecessor, successor, on, share


def owes(
    unit: str,
    duty: ObligationKind,
    month: dt.date,
    *,
    lives: Mapping[str, Sequence[Span]],
    clauses: Sequence[Clause],
    lineage: Lineage,
) -> bool:
    """Whether the unit owes the duty in the month: every single day is asked for."""
    end = last_day(month)
    at_end = [c for c in clauses if c.duty == duty and c.start <= end < c.end]
    if not at_end or month.month not in at_end[0].months:
        return False
    if not _bound(unit, duty, end, lives, clauses):
        return False  # the month belongs to who is there at its end
    carriers, day = {unit}, end
    while day >= month:
        bound = {one for one in carriers if _bound(one, duty, day, lives, clauses)}
        # Whoever was founded the day after carries on with those it was made of.
        bound |= {
            old
            for one in carriers - bound
            if _founded(one, lives) == day + dt.timedelta(days=1)
            for old in _goes_on_with(one, lineage)
            if _bound(old, duty, day, lives, clauses)
        }
        if not bound:
            return False
        carriers, day = bound, day - dt.timedelta(days=1)
    return True


def _bound(
    unit: str,
    duty: ObligationKind,
    day: dt.date,
    lives: Mapping[str, Sequence[Span]],
    clauses: Sequence[Clause],
) -> bool:
    return any(
        span.start <= day < span.end
        and any(
            c.duty == duty and c.start <= day < c.end and c.binds(span.kind, span.sector)
            for c in clauses
        )
        for span in lives.get(unit, ())
    )


def _founded(unit: str, lives: Mapping[str, Sequence[Span]]) -> dt.date | None:
    return min((span.start for span in lives.get(unit, ())), default=None)


def _goes_on_with(unit: str, lineage: Lineage) -> set[str]:
    """Those whose largest part went into this unit."""
    found = set()
    for old in {row[0] for row in lineage}:
        parts = sorted((-share, new) for before, new, _on, share in lineage if before == old)
        if parts[0][1] == unit:
            found.add(old)
    return found
