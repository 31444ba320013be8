"""What a sheet lets a cell reach: every attainable total, exactly.

Criteria are taken as independent of each other. Totals are kept as the bits of one whole number:
bit k is set when k parts of a point can be reached; adding a criterion is a shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

from vungmanh.rulebook.checking.intervals import LINE, SHARE, Interval, interval_of, is_numeric
from vungmanh.rulebook.values.sheets import MEASURED, SHARES, Criterion, MeetingSheet
from vungmanh.rulebook.values.words import (
    AbsentCriterion,
    CriterionMeasure,
    CriterionWhen,
    SheetRescale,
)

ZERO = Fraction(0)


@dataclass(frozen=True)
class Situation:
    """One meeting: the kind of its month, and the cell that holds it."""

    thematic: bool
    committee: bool
    members: int


def domain_of(criterion: Criterion) -> Interval:
    """The numbers its measure can take."""
    return SHARE if criterion.measure in SHARES else LINE


def applies(criterion: Criterion, situation: Situation) -> bool:
    """Whether a criterion is scored at this meeting."""
    when = criterion.applies
    if when is CriterionWhen.THEMATIC_MONTH:
        return situation.thematic
    if when is CriterionWhen.ORDINARY_MONTH:
        return not situation.thematic
    if when is CriterionWhen.HAS_COMMITTEE:
        return situation.committee
    return criterion.members is None or situation.members >= criterion.members


def attainable(criterion: Criterion, sheet: MeetingSheet, situation: Situation) -> set[Fraction]:
    """Every number of points a meeting can get for a criterion; holes give none.

    Where no level can be reached at all there are no points to get: zero, and never nothing.
    """
    return _attainable(criterion, sheet, situation) or {ZERO}


def _attainable(criterion: Criterion, sheet: MeetingSheet, situation: Situation) -> set[Fraction]:
    points = criterion.points or ZERO
    if not applies(criterion, situation):
        return {points if criterion.otherwise is AbsentCriterion.GRANTED else ZERO}
    if criterion.measure is CriterionMeasure.JUDGED:
        return {Fraction(whole) for whole in range(int(points) + 1)} | {points}
    if criterion.measure is CriterionMeasure.YES_NO or not criterion.levels:
        return {ZERO, points}
    required = sheet.minutes(members=situation.members, thematic=situation.thematic) or ZERO
    told = {level.points for level in criterion.levels if not is_numeric(level) or level.or_when}
    return told | {
        level.points
        for level in criterion.levels
        if is_numeric(level)
        and _is_reached(
            criterion, interval_of(level, required, domain_of(criterion)), situation.members
        )
    }


def _is_reached(criterion: Criterion, part: Interval, members: int) -> bool:
    if criterion.measure not in MEASURED or part.is_empty:
        return not part.is_empty
    if criterion.measure in {CriterionMeasure.ATTENDANCE, CriterionMeasure.SPEAKERS}:
        counts = range(members + 1)
        return any(part.holds(share(criterion, count, members)) for count in counts)
    return True


def share(criterion: Criterion, count: int, members: int) -> Fraction:
    """The share that counts when `count` of `members` are there, lawful absences forgiven."""
    return Fraction(min(count + criterion.forgiven, members), members)


def points_at(criterion: Criterion, value: Fraction, required: Fraction) -> list[Fraction]:
    """The points of every level that covers a value: none in a hole, several where they overlap."""
    return [
        level.points
        for level in criterion.levels
        if is_numeric(level) and interval_of(level, required, domain_of(criterion)).holds(value)
    ]


def totals(sheet: MeetingSheet, situation: Situation) -> tuple[Fraction, ...]:
    """Every total a meeting can reach, lowest first, after the sheet's own conversion."""
    reachable = [frozenset(attainable(criterion, sheet, situation)) for criterion in sheet.criteria]
    factor, reached = conversion(sheet, situation), sums(tuple(reachable))
    return reached if factor == 1 else tuple(total * factor for total in reached)


def conversion(sheet: MeetingSheet, situation: Situation) -> Fraction:
    """By what the sum is multiplied, where points that do not apply are spread over the rest."""
    if sheet.rescale is not SheetRescale.PROPORTIONAL or sheet.total is None:
        return Fraction(1)
    counted = sum(
        (
            criterion.points or ZERO
            for criterion in sheet.criteria
            if applies(criterion, situation) or criterion.otherwise is AbsentCriterion.GRANTED
        ),
        ZERO,
    )
    return sheet.total / counted if counted else Fraction(1)


@lru_cache(maxsize=256)  # cells of most sizes can reach the same
def sums(sets: tuple[frozenset[Fraction], ...]) -> tuple[Fraction, ...]:
    """Every sum of one member of each set, in order."""
    scale = lcm(*(number.denominator for numbers in sets for number in numbers))
    bits = 1
    for numbers in sets:
        shifted = 0
        for number in numbers:
            shifted |= bits << int(number * scale)
        bits = shifted
    return tuple(Fraction(place, scale) for place in range(bits.bit_length()) if bits >> place & 1)
