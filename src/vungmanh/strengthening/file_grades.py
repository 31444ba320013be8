"""The yearly grades of a chosen unit, each with the regime of its year, beside the year before.

Two years are compared only where the rulebook lets their scales be compared; otherwise both grades
stand with their rules, and it is said that nothing follows from them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.evaluation.queries import grades_of
from vungmanh.rulebook import load_rulebook
from vungmanh.strengthening.grade_changes import (
    Expected,
    GradeChange,
    expected_of,
    grade_changes,
)
from vungmanh.strengthening.models import SupportFile


@dataclass(frozen=True)
class YearBeside:
    """A year's grade, its rule, and how it stands beside the grade before.

    `is_comparable` None: there is no year before. `step`: places up (positive) or down on the
    scale, where both may be compared.
    """

    year: int
    grade: str
    words: str
    rule: str
    document: str
    before: int | None
    is_comparable: bool | None
    step: int | None


def years_beside(file: SupportFile, until: dt.date) -> list[YearBeside]:
    """From the year before entry on, the latest last. One query."""
    book, found = load_rulebook(), []
    rows = [
        one
        for one in grades_of(file.unit_id, until=until.year)
        if one.decided_on is None or one.decided_on <= until
    ]
    before = None
    for one in rows:
        if one.year < file.entered_on.year - 1:
            continue
        rule, scale = book.grade_scale_rule(one.year), book.grade_scale(one.year)
        graded = {grade.code: grade for grade in scale.grades}
        known = graded.get(one.grade)
        comparable = None if before is None else not book.is_break(before.year, one.year)
        step = None
        if comparable and known is not None and before is not None:
            earlier = {each.code: each.order for each in book.grade_scale(before.year).grades}
            if before.grade in earlier:
                step = earlier[before.grade] - known.order
        found.append(
            YearBeside(
                one.year, one.grade, known.label if known else one.grade, rule.id,
                rule.document.name, before.year if before else None, comparable, step,
            )
        )  # fmt: skip
        before = one
    return found


@dataclass(frozen=True)
class GradesBeside:
    """The year before the choice and the latest graded year, beside like units not chosen that had
    the same grade before. `change` None: their scales must not be compared; `expected` None: too
    few units are like it. Shares are of 1."""

    before: int
    after: int
    change: GradeChange | None
    expected: Expected | None


def grades_beside(file: SupportFile, until: dt.date) -> GradesBeside | None:
    """None before two years are graded. A few queries; it reads the grades of all like units."""
    year = file.choice.year
    decided = [one.year for one in years_beside(file, until)]
    later = [one for one in decided if one >= year]
    if year - 1 not in decided or not later:
        return None
    changes, _broken = grade_changes([file], later[-1] - year, until)
    found = changes[0] if changes else None
    expected = expected_of(changes) if changes else None
    return GradesBeside(year - 1, later[-1], found, expected)
