"""Which months a unit owes a duty, and why: lives, rules over dates, nothing else.

One rule for every duty (docs/decisions/0008): a duty belongs to one month of the year, and is owed
by whoever lived that month from its first day to its last under a rule that made it due. A unit
founded in the middle of a month out of one that had lived it until then inherits that month, so
that merging and splitting neither loses a month nor doubles it. `naive_duties` says the same by
counting days.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from vungmanh.core.periods import add_months, last_day, month_of, month_range
from vungmanh.core.vocabulary import DutyReason, ObligationKind, Sector, UnitKind

Stretch: TypeAlias = tuple[dt.date, dt.date]  # half-open
Name: TypeAlias = Any  # of a unit: a UUID, or the text a file writes
OPEN = dt.date.max


def months_due(
    life_from: dt.date,
    life_to: dt.date | None,
    first: dt.date,
    last: dt.date,
    *,
    every_months: int = 1,
) -> list[dt.date]:
    """Months from `first` to `last` in which a cell owes a meeting.

    A month counts when the cell exists on every one of its days: a cell founded on the 15th owes
    from the next month on, one dissolved on the 15th no longer owes that month. `life_to` is
    exclusive; None means it still exists. `every_months` is the rulebook's rhythm, counted from
    January (3: March, June, September, December).
    """
    start = life_from if life_from.day == 1 else add_months(life_from.replace(day=1), 1)
    return [
        month
        for month in month_range(max(start, first), last)
        if (life_to is None or last_day(month) < life_to) and month.month % every_months == 0
    ]


@dataclass(frozen=True)
class Span:
    """A unit was of this kind and sector from `start` until before `end` (OPEN: still)."""

    start: dt.date
    end: dt.date
    kind: UnitKind
    sector: Sector


@dataclass(frozen=True)
class Clause:
    """From `start` until before `end` a rule made `duty` due in `months` of each year."""

    duty: ObligationKind
    rule_id: str
    start: dt.date
    end: dt.date
    months: frozenset[int]
    kinds: frozenset[UnitKind]
    sectors: frozenset[Sector]  # empty: every sector
    due_day: int | None = None  # of that month; None: its last day, and
    days_after: int = 0  # so many days more, for what is told in a report

    def binds(self, kind: UnitKind, sector: Sector) -> bool:
        return kind in self.kinds and (not self.sectors or sector in self.sectors)


@dataclass(frozen=True)
class Line:
    """One duty of one unit in one month: due or not, and why."""

    month: dt.date
    duty: ObligationKind
    reason: DutyReason
    rule_id: str  # empty where no rule stood on the last day of the month
    due_by: dt.date

    @property
    def is_due(self) -> bool:
        return self.reason in {DutyReason.WHOLE_MONTH, DutyReason.INHERITED}


#: A month in which a duty falls, the first day after it, and the clause that says so.
Falls: TypeAlias = tuple[dt.date, dt.date, Clause]


class Duties:
    """What units owe, from their lives, the clauses of the rulebook and their lineage.

    `heirs` maps a unit to the units whose months it inherits (`heirs_of` says which).
    """

    def __init__(
        self,
        lives: Mapping[Name, Sequence[Span]],
        clauses: Iterable[Clause],
        heirs: Mapping[Name, Sequence[Name]],
    ) -> None:
        self._lives, self._heirs = lives, heirs
        self._clauses: dict[ObligationKind, list[Clause]] = {}
        for clause in sorted(clauses, key=lambda clause: clause.start):
            self._clauses.setdefault(clause.duty, []).append(clause)
        self._binding: dict[tuple[ObligationKind, UnitKind, Sector], list[Stretch]] = {}
        self._stretches: dict[tuple[Name, ObligationKind], list[Stretch]] = {}
        self._calendars: dict[tuple[ObligationKind, dt.date, dt.date], list[Falls]] = {}

    def due(
        self, unit: Name, duty: ObligationKind, first: dt.date, last: dt.date
    ) -> Iterator[Line]:
        """The months from `first` to `last` in which the unit owes the duty, oldest first."""
        calendar = self._calendar(duty, first, last)
        for start, end in self.stretches(unit, duty):
            begin = month_of(start)
            if start.day > 1 and self._began(unit, duty, start) > begin:
                begin = add_months(begin, 1)
            for month, after, clause in calendar[bisect_left(calendar, begin, key=_month) :]:
                if after > end:
                    break  # ended within this month
                reason = DutyReason.INHERITED if month < start else DutyReason.WHOLE_MONTH
                yield Line(month, duty, reason, clause.rule_id, _due_by(clause, month))

    def _calendar(self, duty: ObligationKind, first: dt.date, last: dt.date) -> list[Falls]:
        """The months in which the duty falls at all, by the rule of each month's last day."""
        key = duty, first, last
        if key not in self._calendars:
            at_ends = (
                (month, self._clause_at_end(duty, month)) for month in month_range(first, last)
            )
            self._calendars[key] = [
                (month, add_months(month, 1), clause)
                for month, clause in at_ends
                if clause is not None and month.month in clause.months
            ]
        return self._calendars[key]

    def explain(self, unit: Name, duty: ObligationKind, month: dt.date) -> Line | None:
        """The line of one month, due or not; None where the duty does not fall in that month.

        Without a rule on the month's last day the month is as later rules would have it, so that
        a reader sees since when the duty exists.
        """
        clause = self._clause_at_end(duty, month)
        known = clause or next(iter(self._clauses.get(duty, [])), None)
        if known is None or month.month not in known.months:
            return None
        for line in self.due(unit, duty, month, month):
            return line
        if clause is None:
            return Line(month, duty, DutyReason.NO_RULE, "", _due_by(known, month))
        reason = self._why_not(unit, duty, month)
        return Line(month, duty, reason, clause.rule_id, _due_by(clause, month))

    def stretches(self, unit: Name, duty: ObligationKind) -> list[Stretch]:
        """The days on which the unit was bound by a rule of the duty, adjacent ones joined."""
        key = unit, duty
        if key not in self._stretches:
            self._stretches[key] = _joined(
                (max(span.start, start), min(span.end, end))
                for span in self._lives.get(unit, ())
                for start, end in self._bound(duty, span.kind, span.sector)
                if max(span.start, start) < min(span.end, end)
            )
        return self._stretches[key]

    def _bound(self, duty: ObligationKind, kind: UnitKind, sector: Sector) -> list[Stretch]:
        key = duty, kind, sector
        if key not in self._binding:
            self._binding[key] = _joined(
                (clause.start, clause.end)
                for clause in self._clauses.get(duty, ())
                if clause.binds(kind, sector)
            )
        return self._binding[key]

    def _began(self, unit: Name, duty: ObligationKind, start: dt.date) -> dt.date:
        """The day from which the unit, or those whose heir it is, was bound without a break."""
        spans = self._lives.get(unit, ())
        if not spans or min(span.start for span in spans) != start:
            return start  # bound later than founded: nothing to inherit
        return min(
            (
                self._began(old, duty, old_start)
                for old in self._heirs.get(unit, ())
                for old_start, old_end in self.stretches(old, duty)
                if old_end == start
            ),
            default=start,
        )

    def _clause_at_end(self, duty: ObligationKind, month: dt.date) -> Clause | None:
        clauses, day = self._clauses.get(duty, []), last_day(month)
        place = bisect_right(clauses, day, key=_start) - 1
        return clauses[place] if place >= 0 and day < clauses[place].end else None

    def _why_not(self, unit: Name, duty: ObligationKind, month: dt.date) -> DutyReason:
        spans = sorted(self._lives.get(unit, ()), key=lambda span: span.start)
        first, after = month, add_months(month, 1)
        if not spans or spans[0].start >= after:
            return DutyReason.NOT_FOUNDED
        if spans[-1].end <= first:
            return DutyReason.ENDED
        lived = _joined((max(s.start, first), min(s.end, after)) for s in spans)
        alive = [(start, end) for start, end in lived if start < end]
        if not alive or alive[-1][1] < after:
            return DutyReason.ENDED_WITHIN
        if alive != [(first, after)]:
            return DutyReason.FOUNDED_WITHIN
        ruled = _joined((clause.start, clause.end) for clause in self._clauses.get(duty, ()))
        if not any(start <= first and after <= end for start, end in ruled):
            return DutyReason.NO_RULE
        return DutyReason.OTHER_KIND


def heirs_of(
    lineage: Iterable[tuple[Name, Name, dt.date, float]],
) -> dict[Name, list[Name]]:
    """Successor → predecessors whose month it goes on with: (predecessor, successor, on, share).

    Each predecessor has one heir: the successor with the largest share, the smaller name first.
    """
    chosen: dict[Name, tuple[float, Name]] = {}
    for old, new, _on, share in sorted(lineage):
        if old not in chosen or share > chosen[old][0]:
            chosen[old] = share, new
    heirs: dict[Name, list[Name]] = {}
    for old, (_share, new) in chosen.items():
        heirs.setdefault(new, []).append(old)
    return heirs


def _month(falls: Falls) -> dt.date:
    return falls[0]


def _start(clause: Clause) -> dt.date:
    return clause.start


def _due_by(clause: Clause, month: dt.date) -> dt.date:
    if clause.due_day is not None:
        return month.replace(day=clause.due_day)
    return last_day(month) + dt.timedelta(days=clause.days_after)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Sorted, with those that touch or overlap made one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
