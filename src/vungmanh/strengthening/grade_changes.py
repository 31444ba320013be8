"""Yearly grades of chosen units before and after, beside like units that were not chosen.

A unit is chosen in a bad year, and grades after a bad year are better by themselves. How often is
counted among like units not chosen that had the same grade the year before: same sector, same
grain, same years. What they did without help is what the chosen are held against. It is no
estimate of an effect, and says nothing of one unit.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.analysis.intervals import wilson
from vungmanh.analysis.rebound import FEWEST
from vungmanh.evaluation.models import YearGrade
from vungmanh.org.models import UnitVersion
from vungmanh.rulebook import Rulebook, load_rulebook
from vungmanh.strengthening.comparison import Helped
from vungmanh.strengthening.models import SupportFile

Grades = Mapping[tuple[UUID, int], str]
Kind = tuple[str, bool]


@dataclass(frozen=True)
class GradeChange:
    """Of one chosen unit: its grades of the year before and of a year after, how many units like it
    had that grade before, and how many of these rose without being chosen."""

    file: SupportFile
    before: str
    after: str
    is_better: bool
    is_worse: bool
    like: int
    like_better: int

    @property
    def is_told(self) -> bool:
        """Whether it may be shown: below FEWEST the grades of the like would be theirs alone."""
        return self.like >= FEWEST


@dataclass(frozen=True)
class Expected:
    """How many of some chosen units would have risen by themselves, with 95 % of Wilson of each
    share. `units`: those for which enough units are like them."""

    units: int
    better: int
    expected: float
    low: float
    high: float
    like: int


def grade_changes(
    files: Sequence[SupportFile], gap: int, until: dt.date
) -> tuple[list[GradeChange], int]:
    """From the year before that of the choice to `gap` years after it, of grades decided by a day;
    and how many have both grades on scales that must not be compared. Bounded queries.

    Read past the wall: figures of others leave it only as counts over several units.
    """
    years = {one.choice.year for one in files}
    with lowered():
        rows = YearGrade.objects.filter(
            year__in={year + step for year in years for step in (-1, gap)}
        ).exclude(decided_on__gt=until)
        grades = {(unit, year): grade for unit, year, grade in
                  rows.order_by().values_list("unit_id", "year", "grade")}  # fmt: skip
        kinds = {year: _kinds(dt.date(year, 1, 1)) for year in years}
        helped = Helped.read()
    found, broken, book = [], 0, load_rulebook()
    scales = {year + step: _orders(book, year + step) for year in years for step in (-1, gap)}
    for one in files:
        year = one.choice.year
        before, after = (grades.get((one.unit_id, year + step), "") for step in (-1, gap))
        if not before or not after:
            continue
        if book.is_break(year - 1, year + gap):
            broken += 1
            continue
        taken = helped.between(dt.date(year - 1, 1, 1), dt.date(year + max(gap, 1), 12, 31))
        like = _like(one.unit_id, kinds[year], taken, grades, (year - 1, year + gap))
        orders = scales[year - 1], scales[year + gap]
        if before not in orders[0] or after not in orders[1]:
            continue
        step = orders[1][after] - orders[0][before]
        found.append(
            GradeChange(one, before, after, step < 0, step > 0, len(like),
                        sum(orders[1].get(grade, 99) < orders[0][before] for grade in like))
        )  # fmt: skip
    return found, broken


def expected_of(changes: Sequence[GradeChange]) -> Expected | None:
    """What would have come by itself of those with enough like units; None where none has."""
    told = [one for one in changes if one.is_told]
    if not told:
        return None
    groups = Counter((one.like, one.like_better) for one in told)
    middle = low = high = 0.0
    for (like, better), units in groups.items():
        share = wilson(better, like)
        middle += units * float(share.estimate)
        low += units * float(share.low)
        high += units * float(share.high)
    return Expected(
        len(told), sum(one.is_better for one in told), middle, low, high,
        min(one.like for one in told),
    )  # fmt: skip


def _kinds(day: dt.date) -> dict[UUID, Kind]:
    rows = UnitVersion.objects.filter(valid__contains=day)
    return {
        unit: (sector, is_organisation)
        for unit, sector, is_organisation in rows.values_list(
            "unit_id", "sector", "is_organisation"
        )
    }


def _like(
    unit_id: UUID, kinds: Mapping[UUID, Kind], taken: set[UUID], grades: Grades,
    years: tuple[int, int],
) -> list[str]:  # fmt: skip
    """The later grades of units like this one that had its grade before and were not chosen."""
    own, before = kinds.get(unit_id), grades[unit_id, years[0]]
    return [
        grades[unit, years[1]]
        for unit, kind in kinds.items()
        if kind == own and unit != unit_id and unit not in taken
        and grades.get((unit, years[0])) == before and (unit, years[1]) in grades
    ]  # fmt: skip


def _orders(book: Rulebook, year: int) -> dict[str, int]:
    return {one.code: one.order for one in book.grade_scale(year).grades}
