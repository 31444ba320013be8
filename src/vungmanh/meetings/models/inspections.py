"""Inspection and supervision: what was reported of a month, and what was found to be so.

No finding about a person is kept: the conclusion is a pointer to the document that was issued
(decisions.md 16). What must be done about it is a task of the unit, by the id of the inspection.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import (
    InspectionKind,
    InspectionState,
    ObligationKind,
    ReportedThen,
    Verdict,
)

BODY, DOCUMENT, NUMBER, BASIS = 160, 200, 60, 300  # the longest of each


class Inspection(models.Model):
    """One inspection of one unit over some months. `revision` counts every change."""

    dated_by, dated_as = "on", "cuộc kiểm tra, giám sát"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="inspections")
    kind = models.CharField(max_length=8, choices=InspectionKind.choices())
    body = models.CharField(max_length=BODY)  # who inspected, as the document calls them
    by_unit = models.ForeignKey(  # the unit from which it was recorded
        "org.Unit", on_delete=models.PROTECT, related_name="inspections_made"
    )
    on = models.DateField()
    first_month = models.DateField()
    last_month = models.DateField()
    document = models.CharField(max_length=DOCUMENT)  # that ordered it: number, day
    conclusion_number = models.CharField(max_length=NUMBER, blank=True)
    conclusion_on = models.DateField(null=True)
    conclusion_issuer = models.CharField(max_length=BODY, blank=True)
    state = models.CharField(max_length=10, choices=InspectionState.choices())
    withdrawn_reason = models.CharField(max_length=BASIS, blank=True)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & Q(last_month__day=1)
                & Q(last_month__gte=F("first_month"))
                & Q(on__gte=F("last_month")),
                name="meetings_inspection_months",
            ),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(body=""), name="meetings_inspection_by_document"
            ),
            models.CheckConstraint(
                condition=Q(conclusion_number="", conclusion_on=None, conclusion_issuer="")
                | (
                    ~Q(conclusion_number="")
                    & Q(conclusion_on__gte=F("on"))
                    & ~Q(conclusion_issuer="")
                ),
                name="meetings_inspection_conclusion_whole",
            ),
            models.CheckConstraint(
                condition=(Q(state="recorded", conclusion_number="", withdrawn_reason=""))
                | (Q(state="concluded", withdrawn_reason="") & ~Q(conclusion_number=""))
                | (Q(state="withdrawn") & ~Q(withdrawn_reason="")),
                name="meetings_inspection_state",
            ),
        ]
        indexes = [models.Index(fields=["unit", "on"], name="meetings_inspection_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on:%Y-%m-%d}"


class InspectionMonth(models.Model):
    """One month seen by an inspection. `stands`: the one that the figures follow for this month,
    the latest by the day of the inspection among those that could tell."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="months")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=ObligationKind.choices())
    month = models.DateField()
    reported = models.CharField(max_length=10, choices=ReportedThen.choices())
    verified = models.CharField(max_length=10, choices=Verdict.choices())
    basis = models.CharField(max_length=BASIS, blank=True)
    stands = models.BooleanField(default=False)

    class Meta:
        ordering = ["inspection", "month"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "kind", "month"], name="meetings_inspection_month_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "month"],
                condition=Q(stands=True),
                name="meetings_inspection_month_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="meetings_inspection_first_of_month"
            ),
            models.CheckConstraint(
                condition=Q(verified="unknown", stands=False)
                | (Q(verified__in=["held", "not_held"]) & ~Q(basis="")),
                name="meetings_inspection_rests_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.reported} {self.verified}"


class InspectionChange(models.Model):
    """One change of an inspection record, with its reason. Append-only."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)  # name → [was, now]
    reason = models.CharField(max_length=BASIS)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["inspection", "revision"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "revision"], name="meetings_inspection_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.revision}"
