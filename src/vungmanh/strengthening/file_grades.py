"""The yearly grades of a chosen unit, each with the regime of its year, beside the year before.

Two years are compared only where the rulebook lets their scales be compared; otherwise both grades
stand with their rules, and it is said that nothing follows from them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.evaluation.queries import grades_of
from vungmanh.rulebook import load_rulebook
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
