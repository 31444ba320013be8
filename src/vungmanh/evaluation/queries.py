"""Reads about grades."""

from __future__ import annotations

from uuid import UUID

from vungmanh.evaluation.models import YearGrade


def grades_of(unit_id: UUID, *, until: int) -> list[YearGrade]:
    """The grades of a unit for the years up to and including `until`, oldest first."""
    return list(YearGrade.objects.filter(unit_id=unit_id, year__lte=until).order_by("year"))
