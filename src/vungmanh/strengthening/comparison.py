"""A chosen unit's rise beside like units that were not chosen, and beside what comes by itself.

Every before and after of a file is shown with both (decisions.md 13), never alone: the share of
meetings held in the year before entry and in the year after. Like units are organisations of the
same sector in the same province that no programme had chosen in those years.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from vungmanh.access.wall import lowered
from vungmanh.analysis.rebound import Rebound, nearest, rebound
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.meetings.series import held_series
from vungmanh.org.models import UnitVersion
from vungmanh.org.structure import cells_below_each
from vungmanh.strengthening.following import YEAR, percent_of
from vungmanh.strengthening.models import SupportFile

NEAREST = 5  # like units that stood nearest before


@dataclass(frozen=True)
class Comparison:
    """Percent held: of the chosen unit, of the like nearest to it before, and what to expect of it
    without help. None where too little was reported, or too few units are like it."""

    months: int  # of the year after that are over
    before: float | None
    after: float | None
    like_before: float | None
    like_after: float | None
    like: int
    expected: Rebound | None

    @property
    def is_whole(self) -> bool:
        """Whether the year after is over: before that nothing is compared."""
        return self.months >= YEAR


class Turn(Protocol):
    """A unit, and the day from which its course is held against the year before."""

    unit_id: UUID
    entered_on: dt.date


@dataclass
class TurnOf:
    """A turn that is no file: a rotation, a change of secretary."""

    unit_id: UUID
    entered_on: dt.date


def compare(file: Turn, until: dt.date) -> Comparison:
    """The year before entry and the year after it, as far as it is over. Five queries.

    Read past the wall: figures of others leave it only as means over several units.
    """
    entry = month_of(file.entered_on)
    first, last = add_months(entry, -YEAR), add_months(entry, YEAR)
    end = min(last, add_months(month_of(until + dt.timedelta(days=1)), -1))
    with lowered():
        years = _years(_like(file), first, entry, end)
    own = years.pop(file.unit_id, (None, None))
    known = [(b, a) for b, a in years.values() if b is not None and a is not None]
    before, after = np.array([b for b, _ in known]), np.array([a for _, a in known])
    months = max(0, (end.year - entry.year) * 12 + end.month - entry.month)
    if own[0] is None or not known:
        return Comparison(months, *own, None, None, len(known), None)
    near = nearest(before, own[0], NEAREST)
    return Comparison(
        months, *own, float(before[near].mean()), float(after[near].mean()), len(known),
        rebound(before, after, own[0]),
    )  # fmt: skip


def _like(file: Turn) -> list[UUID]:
    """The unit itself, and those of its sector and grain that nobody chose in these years."""
    on = UnitVersion.objects.filter(valid__contains=file.entered_on)
    own = on.filter(unit_id=file.unit_id).first()
    if own is None:
        return [file.unit_id]
    like = on.filter(sector=own.sector, is_organisation=own.is_organisation)
    years = (file.entered_on.year - 1, file.entered_on.year + 1)
    chosen = (
        SupportFile.objects.filter(entered_on__year__range=years)
        .exclude(unit_id=file.unit_id)
        .values("unit_id")
    )
    return list(like.exclude(unit_id__in=chosen).values_list("unit_id", flat=True))


def _years(
    units: list[UUID], first: dt.date, entry: dt.date, end: dt.date
) -> dict[UUID, tuple[float | None, float | None]]:
    """Percent held of each in the year before `entry` and in the months after it until `end`."""
    series = held_series(cells_below_each(units, last_day(end)), first, end, with_members=False)
    found: dict[UUID, tuple[float | None, float | None]] = {}
    for unit, months in series.items():
        parts = (
            percent_of([one for one in months if one.month < entry]),
            percent_of([one for one in months if one.month > entry]),
        )
        before, after = (None if part is None else float(part) for part in parts)
        found[UUID(unit)] = (before, after)
    return found
