"""What is known of graded units at the end of their year: the stored assessment and open flags."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.timezone import localdate

from vungmanh.core.periods import month_of
from vungmanh.strengthening.models import Assessment, AssessmentRun, Flag

_UNKNOWN = float("nan")


@dataclass(frozen=True)
class Signal:
    """One unit as its last assessment of the year told it. Index 0-100, NaN where not known."""

    unit_id: UUID
    name: str
    sector: str
    status: str
    index: float
    low: float
    high: float
    sd: float
    probability: float | None  # of being weak
    open_flags: int


@dataclass(frozen=True)
class Signals:
    """The signals by unit, and the run they come from; None where the year was never assessed."""

    month: dt.date | None
    input_hash: str
    by_unit: Mapping[UUID, Signal]


def signals_of(units: Collection[UUID], year: int, at: dt.datetime) -> Signals:
    """The last assessed month of the year by `at`; three queries."""
    last = min(dt.date(year, 12, 1), month_of(localdate(at)))
    runs = AssessmentRun.objects.filter(month__range=(dt.date(year, 1, 1), last))
    run = runs.order_by("-month").first()
    if run is None:
        return Signals(None, "", {})
    standing = Q(cleared_month=None) | Q(cleared_month__gt=run.month)
    is_open = Q(fate="") | Q(concluded_at__gt=at)
    flags = Flag.objects.filter(
        standing, is_open, unit_id__in=units, since_month__lte=run.month, raised_at__lte=at
    )
    counts = dict(flags.order_by().values_list("unit_id").annotate(n=Count("pk")))
    rows = Assessment.objects.filter(run=run, unit_id__in=units)
    return Signals(
        run.month,
        run.input_hash,
        {one.unit_id: _signal(one, counts.get(one.unit_id, 0)) for one in rows},
    )


def _signal(row: Assessment, flags: int) -> Signal:
    series = row.statistics.get("series") or [[None, None]]
    sd = series[-1][1]
    return Signal(
        unit_id=row.unit_id,
        name=row.name,
        sector=row.sector,
        status=row.status,
        index=_number(row.estimate),
        low=_number(row.low),
        high=_number(row.high),
        sd=_number(sd),
        probability=row.probability,
        open_flags=flags,
    )


def _number(value: float | None) -> float:
    return _UNKNOWN if value is None else float(value)
