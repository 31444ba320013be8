"""Yearly grades, each kept in the scale of its own regime."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class YearGrade(models.Model):
    """The grade decided for a unit and a year. Grades of different scales are never one series."""

    dated_as = "xếp loại năm"

    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="year_grades", db_index=False
    )
    year = models.PositiveSmallIntegerField()
    regime = models.CharField(max_length=4)
    grade = models.CharField(max_length=32)
    decided_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="evaluation_grade_once")
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.grade}"
