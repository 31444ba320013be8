"""Bringing in yearly grades."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from vungmanh.access.ledger import record
from vungmanh.access.models import User
from vungmanh.core.errors import InputError
from vungmanh.org.actions.register import Rows, rows_of
from vungmanh.org.bulk import copy_rows
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values import GradeScale


@transaction.atomic
def load_year_grades(*, grades: Rows, by: User | None, at: dt.datetime) -> int:
    """Write grades (table `year_grades` of analysis.schema); returns how many.

    A grade that is not in the scale of its regime refuses the whole load.
    """
    scales = {
        rule.value.regime: {grade.code for grade in rule.value.grades}
        for rule in load_rulebook().history(GradeScale.key)
        if isinstance(rule.value, GradeScale)
    }
    for regime, grade in {*rows_of(grades, "regime", "grade")}:
        if grade not in scales.get(regime, ()):
            raise InputError(
                f"Mức xếp loại “{grade}” không có trong thang {regime}. Kiểm tra lại cột xếp loại.",
                field="grade",
                place=regime,
            )
    written = copy_rows(
        "evaluation_yeargrade",
        ("unit_id", "year", "regime", "grade", "decided_on"),
        rows_of(grades, "unit", "year", "regime", "grade", "decided_on"),
    )
    record("grades.loaded", by=by, at=at, subject="grades", data={"grades": written})
    return written
