"""Which units are to be visited how often in a year, with the seed of the random share."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7


class VisitPlan(models.Model):
    """One committee's plan of a year; made once, so that nobody draws until the lots please.

    `inputs` is what it was drawn from: the rule, the status of each cell, the seed. `lines`:
    [{"unit", "status", "by_status", "drawn"}].
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="visit_plans")
    year = models.PositiveSmallIntegerField()
    month = models.DateField(null=True)  # of the assessment whose statuses it takes
    rule = models.CharField(max_length=120)
    seed = models.CharField(max_length=64)
    inputs = models.JSONField()
    lines = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="strengthening_visit_plan_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"
