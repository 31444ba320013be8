"""Proposed grades beside those decided the year before, never joined over a break of regimes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from vungmanh.analysis.intervals import clopper_pearson
from vungmanh.evaluation.models import YearGrade
from vungmanh.rulebook import Rulebook, RulebookError, load_rulebook
from vungmanh.rulebook.values import GradeScale


@dataclass(frozen=True)
class Change:
    """Units with a grade in both years. `low` and `high` bound the share of risers among those
    that changed, None where nobody did; `is_clear` when they exclude one half."""

    up: int
    same: int
    down: int
    low: float | None
    high: float | None

    @property
    def is_clear(self) -> bool:
        return self.low is not None and self.high is not None and not self.low <= 0.5 <= self.high


@dataclass(frozen=True)
class YearBefore:
    """The same units a year before: (label, number) of each grade, best first, in the words of
    that year. `missing` had no grade then (new, merged into another, or not recorded). Over a
    break of regimes `change` is None: the two years are not one series."""

    year: int
    is_break: bool
    counts: tuple[tuple[str, int], ...]
    missing: int
    change: Change | None


def years_beside(
    grades: Mapping[UUID, str], committees: Mapping[UUID, UUID], year: int, at: dt.datetime
) -> dict[UUID, YearBefore]:
    """For each committee its units' grades of the year before, as recorded by `at`; one query."""
    book, last = load_rulebook(), year - 1
    rows = YearGrade.objects.filter(unit_id__in=list(grades), year=last, recorded_at__lte=at)
    then = dict(rows.values_list("unit_id", "grade"))
    scale = _scale(book, last)
    units: dict[UUID, list[UUID]] = defaultdict(list)
    for unit in grades:
        units[committees[unit]].append(unit)
    is_break = scale is None or book.is_break(last, year)
    now_order = {one.code: one.order for one in book.grade_scale(year).grades}
    return {
        committee: _beside(
            own, grades, then, scale=scale, now_order=now_order, year=last, is_break=is_break
        )
        for committee, own in units.items()
    }


def _scale(book: Rulebook, year: int) -> GradeScale | None:
    try:
        return book.grade_scale(year)
    except RulebookError:
        return None


def _beside(
    units: list[UUID],
    grades: Mapping[UUID, str],
    then: Mapping[UUID, str],
    *,
    scale: GradeScale | None,
    now_order: Mapping[str, int],
    year: int,
    is_break: bool,
) -> YearBefore:
    known = scale.grades if scale else ()
    order = {one.code: one.order for one in known}
    both = [unit for unit in units if then.get(unit) in order]
    counted = Counter(then[unit] for unit in both)
    counts = tuple((one.label, counted[one.code]) for one in known)
    moves = [order[then[unit]] - now_order[grades[unit]] for unit in both]
    change = None if is_break or not both else _change(moves)
    return YearBefore(year, is_break, counts, len(units) - len(both), change)


def _change(moves: list[int]) -> Change:
    up, down = sum(one > 0 for one in moves), sum(one < 0 for one in moves)
    if not up + down:
        return Change(0, len(moves), 0, None, None)
    found = clopper_pearson(up, up + down)
    return Change(up, len(moves) - up - down, down, float(found.low), float(found.high))
