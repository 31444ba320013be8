"""A chosen unit's rise beside like units that were not chosen, and beside what comes by itself.

Every before and after of a file is shown with both (decisions.md 13), never alone: the share of
meetings held in the year before entry and in the year after. Like units are organisations of the
same sector in the same province of which no file was open in those years. With too few of them to
say what comes by itself (`analysis.rebound.FEWEST`) nothing of them is told but their number: the
figures of one or two neighbours would be theirs alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from vungmanh.access.wall import lowered
from vungmanh.analysis.rebound import Rebound, nearest, rebound
from vungmanh.core.periods import add_months, last_day, month_of, months_between
from vungmanh.meetings.series import MonthTotal, held_series
from vungmanh.org.models import UnitVersion
from vungmanh.org.structure import cells_below_each
from vungmanh.strengthening.following import LEAST_REPORTED, YEAR
from vungmanh.strengthening.models import SupportFile

Years = tuple[float | None, float | None]  # percent held in the year before and in that after
_TINY = 1e-9
NEAREST = 5  # like units that stood nearest before


@dataclass(frozen=True)
class Comparison:
    """Percent held: of the chosen unit, of the like nearest to it before, and what to expect of it
    without help; the latter three together or, where too little was reported or too few units are
    like it, not at all. `like` is how many are."""

    months: int  # of the year after that are over
    before: float | None
    after: float | None
    like_before: float | None
    like_after: float | None
    like: int
    expected: Rebound | None

    @property
    def is_told(self) -> bool:
        """Whether before and after may be shown: never without what they are held against."""
        return self.after is not None and self.expected is not None

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
    """A turn that is no file: a rotation, a change of secretary, a course."""

    unit_id: UUID
    entered_on: dt.date
    ended_on: dt.date | None = None

    @property
    def pk(self) -> UUID:
        return self.unit_id


def compare(file: Turn, until: dt.date) -> Comparison:
    """The year before entry and the year after it, as far as it is over. Five queries.

    Read past the wall: figures of others leave it only as means over several units.
    """
    entry = month_of(file.entered_on)
    first, last = add_months(entry, -YEAR), add_months(entry, YEAR)
    end = min(last, add_months(month_of(until + dt.timedelta(days=1)), -1))
    with lowered():
        years = _years(sorted(_like_each([file])[0]), first, entry, end)
    own = years.pop(file.unit_id, (None, None))
    return _beside(own, years, max(0, months_between(entry, end)))


def compare_many(
    files: Sequence[SupportFile | TurnOf], until: dt.date, *, leave_out: Collection[UUID] = ()
) -> dict[UUID, Comparison]:
    """As `compare`, of each file whose year after entry is over by a day, by its id: queries grow
    with the months of entry, never with the files. `leave_out` are no like units."""
    over = [one for one in files if _year_is_over(one, until)]
    if not over:
        return {}
    found: dict[UUID, Comparison] = {}
    with lowered():
        like = dict(zip([one.pk for one in over], _like_each(over, leave_out), strict=True))
        for entry in sorted({month_of(one.entered_on) for one in over}):
            some = [one for one in over if month_of(one.entered_on) == entry]
            units = sorted({unit for one in some for unit in like[one.pk]})
            first, last = add_months(entry, -YEAR), add_months(entry, YEAR)
            years = _years(units, first, entry, last)
            for one in some:
                own = years.get(one.unit_id, (None, None))
                others = like[one.pk] - {one.unit_id}
                beside = {unit: pair for unit, pair in years.items() if unit in others}
                found[one.pk] = _beside(own, beside, YEAR)
    return found


@dataclass(frozen=True)
class Helped:
    """When each unit had an open file, whatever became of it: (unit, first day, last day or None).

    A file that was carried over counts for each unit that it was of.
    """

    spans: tuple[tuple[UUID, dt.date, dt.date | None], ...]

    @classmethod
    def read(cls) -> Helped:
        """One query. Read past the wall by whoever asks: no figure of these units is told."""
        rows = SupportFile.objects.order_by().values_list(
            "unit_id", "line", "entered_on", "ended_on"
        )
        return cls(
            tuple(
                (unit, entered, ended)
                for now, line, entered, ended in rows
                for unit in (now, *(UUID(one["unit"]) for one in line))
            )
        )

    def between(self, first: dt.date, last: dt.date) -> set[UUID]:
        """The units that were being helped on any of these days."""
        return {
            unit
            for unit, entered, ended in self.spans
            if entered <= last and (ended is None or ended >= first)
        }


def _year_is_over(file: SupportFile | TurnOf, until: dt.date) -> bool:
    last = min(until, file.ended_on or until) + dt.timedelta(days=1)
    return months_between(month_of(file.entered_on), add_months(month_of(last), -1)) >= YEAR


def _like_each(turns: Sequence[Turn], leave_out: Collection[UUID] = ()) -> list[set[UUID]]:
    """The units like that of each turn, itself among them; a query for each day of entry."""
    helped = Helped.read()
    kinds = {day: _kinds_on(day) for day in sorted({one.entered_on for one in turns})}
    found = []
    for one in turns:
        own = kinds[one.entered_on].get(one.unit_id)
        like = {unit for unit, kind in kinds[one.entered_on].items() if kind == own}
        apart = helped.between(*_window(one)) | set(leave_out)
        found.append((like - apart) | {one.unit_id})
    return found


def _kinds_on(day: dt.date) -> dict[UUID, tuple[str, bool]]:
    rows = UnitVersion.objects.filter(valid__contains=day)
    return {
        unit: (sector, is_organisation)
        for unit, sector, is_organisation in rows.values_list(
            "unit_id", "sector", "is_organisation"
        )
    }


def _window(file: Turn) -> tuple[dt.date, dt.date]:
    """From the first day of the year before entry to the last of the year after it."""
    entry = month_of(file.entered_on)
    return add_months(entry, -YEAR), last_day(add_months(entry, YEAR))


def _beside(own: Years, years: Mapping[UUID, Years], months: int) -> Comparison:
    known = [(b, a) for b, a in years.values() if b is not None and a is not None]
    before, after = np.array([b for b, _ in known]), np.array([a for _, a in known])
    expected = rebound(before, after, own[0]) if own[0] is not None and known else None
    if own[0] is None or expected is None:
        return Comparison(months, *own, None, None, len(known), None)
    near = nearest(before, own[0], NEAREST)
    return Comparison(
        months, *own, float(before[near].mean()), float(after[near].mean()), len(known), expected
    )


def _years(units: list[UUID], first: dt.date, entry: dt.date, end: dt.date) -> dict[UUID, Years]:
    """Percent held of each in the year before `entry` and in the months after it until `end`."""
    series = held_series(cells_below_each(units, last_day(end)), first, end, with_members=False)
    found: dict[UUID, Years] = {}
    for unit, months in series.items():
        parts = (
            _percent([one for one in months if one.month < entry]),
            _percent([one for one in months if one.month > entry]),
        )
        found[UUID(unit)] = parts
    return found


def _percent(months: Sequence[MonthTotal]) -> float | None:
    """As `following.percent_of`, without its exact fractions: it is asked for every like unit."""
    due = sum(one.due for one in months)
    told = due - sum(one.no_report for one in months)
    if not due or told < float(LEAST_REPORTED) * due - _TINY:
        return None
    return 100 * sum(one.held for one in months) / told
