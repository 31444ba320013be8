"""How many years running a unit has had the best grade: what awards are counted by.

Nothing here is an award: it says that the years are enough to be looked at. The rule is the
province's (`award_counters`): whether the count goes on after a merger, and over two scales of
grades that must not be compared.

Reads past the wall: the years of a unit that was merged count for its heir whoever looks. The
caller has made sure that the units asked about are in sight.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.models import Ancestry, UnitVersion
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.rulebook.values.yearly import ANY, NONE, AwardCounters


@dataclass(frozen=True)
class AwardYear:
    """One year of a run. `units` held the grade: the unit itself, or those it came from.

    `after_break`: the year after it stands on a scale that must not be compared with this one.
    """

    year: int
    units: tuple[UUID, ...]
    is_inherited: bool
    after_break: bool


@dataclass(frozen=True)
class AwardRun:
    """Years running at the best grade, the latest first; `reached` are the counts of the rule that
    are met, `next` the one that is not. `stopped`: the year that ended the run and why, in a word.
    `until` is the last year looked at, `held_up` who of that year's units did not make it count.
    """

    unit_id: UUID
    until: int
    years: tuple[AwardYear, ...]
    reached: tuple[int, ...]
    next: int | None
    stopped: tuple[int, str]
    held_up: tuple[UUID, ...] = ()

    @property
    def length(self) -> int:
        return len(self.years)


#: Why a run does not reach further back.
NOT_BEST, NOT_KNOWN, OTHER_SCALE, OTHER_UNITS = "not_best", "not_known", "other_scale", "merged"


def award_runs(
    unit_ids: Collection[UUID], year: int, *, is_open: bool = False,
    rulebook: Rulebook | None = None,
) -> Mapping[UUID, AwardRun]:  # fmt: skip
    """The run of each unit that ends with `year`; three queries however many units.

    `is_open`: grades of the year are still being decided; who has none yet is looked at until the
    year before.
    """
    book = rulebook or load_rulebook()
    rule = book.on(dt.date(year, 12, 31)).of(AwardCounters)
    with lowered():
        past = _Past(unit_ids, year, book)
    return {
        unit_id: _run(unit_id, year - (is_open and not past.is_graded(unit_id, year)), rule, past)
        for unit_id in unit_ids
    }


class _Past:
    """What the register and the grades say of the units and of those they came from."""

    def __init__(self, unit_ids: Collection[UUID], year: int, book: Rulebook) -> None:
        self.book = book
        self.forebears: dict[UUID, list[UUID]] = defaultdict(list)
        lineage = Ancestry.objects.filter(successor_id__in=unit_ids)
        for before, after in lineage.order_by("predecessor_id").values_list(
            "predecessor_id", "successor_id"
        ):
            self.forebears[after].append(before)
        everybody = {*unit_ids, *(one for found in self.forebears.values() for one in found)}
        self.lives = defaultdict(list)
        for unit, valid in (
            UnitVersion.objects.filter(unit_id__in=everybody)
            .values_list("unit_id", "valid")
            .order_by()
        ):
            self.lives[unit].append(valid)
        grades = YearGrade.objects.filter(unit_id__in=everybody, year__lte=year)
        self.grades = {
            (unit, graded): grade
            for unit, graded, grade in grades.values_list("unit_id", "year", "grade")
        }

    def alive(self, unit: UUID, year: int) -> bool:
        """Whether the unit stood at the end of the year: those who did are rated for it."""
        day = dt.date(year, 12, 31)
        return any(
            span.lower <= day and (span.upper is None or day < span.upper)
            for span in self.lives[unit]
        )

    def held_by(self, unit: UUID, year: int) -> tuple[UUID, ...]:
        """The unit, and those it came from that were still of their own then."""
        return tuple(one for one in (unit, *self.forebears[unit]) if self.alive(one, year))

    def is_graded(self, unit: UUID, year: int) -> bool:
        """Whether the unit, or one it came from, has a grade of the year."""
        return any((one, year) in self.grades for one in self.held_by(unit, year))

    def is_best(self, unit: UUID, year: int) -> bool | None:
        """Whether the grade was the best of its scale; None where it is not known."""
        code = self.grades.get((unit, year))
        if code is None:
            return None
        grade = self.book.grade_scale(year).grade(code)
        return grade is not None and grade.order == 1


def _run(unit: UUID, year: int, rule: AwardCounters, past: _Past) -> AwardRun:
    years: list[AwardYear] = []
    at = year
    while True:
        holders = past.held_by(unit, at)
        inherited = any(one != unit for one in holders)
        known = any((one, at) in past.grades for one in holders)
        breaks = bool(years) and known and past.book.is_break(at, at + 1)
        if breaks and not rule.across_scales:
            stop = OTHER_SCALE
        elif inherited and rule.after_merger == NONE:
            stop = OTHER_UNITS
        else:
            stop = _stop([past.is_best(one, at) for one in holders], rule)
        if stop:
            break
        years.append(AwardYear(at, holders, inherited, breaks))
        at -= 1
    reached = tuple(run for run in rule.runs if len(years) >= run)
    following = next((run for run in rule.runs if len(years) < run), None)
    held_up = tuple(one for one in holders if not past.is_best(one, at))
    return AwardRun(unit, year, tuple(years), reached, following, (at, stop), held_up)


def _stop(best: Sequence[bool | None], rule: AwardCounters) -> str:
    """Why the holders of a year do not make it count; "" where they do."""
    if rule.after_merger == ANY and any(best):
        return ""
    if not best or None in best:
        return NOT_KNOWN
    return "" if all(best) else NOT_BEST
