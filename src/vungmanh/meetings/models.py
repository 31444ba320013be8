"""What each cell owed each month, and what it reported."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.vocabulary import ObligationKind, ReportState


class Obligation(models.Model):
    """One meeting that was due: who, which month, under which rule, excused by which document."""

    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="obligations", db_index=False
    )
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=ObligationKind.choices())
    rule_id = models.CharField(max_length=80)
    excuse_reason = models.CharField(max_length=300, blank=True)
    excuse_document = models.CharField(max_length=200, blank=True)
    excused_on = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "month"], name="meetings_obligation_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="meetings_obligation_first_of_month"
            ),
            models.CheckConstraint(
                condition=Q(excuse_document="", excused_on=None, excuse_reason="")
                | (~Q(excuse_document="") & Q(excused_on__isnull=False)),
                name="meetings_excuse_has_document",
            ),
        ]
        indexes = [models.Index(fields=["month"], name="meetings_obligation_month")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m}"


class MeetingReport(models.Model):
    """What a cell reported of one month. No row means no report, which is not "not held".

    Counts are null where the report did not give them. `source` is the import batch, if any.
    """

    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="meeting_reports", db_index=False
    )
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=ObligationKind.choices())
    state = models.CharField(max_length=12, choices=ReportState.choices())
    held_on = models.DateField(null=True)
    filed_on = models.DateField(null=True)
    members = models.PositiveSmallIntegerField(null=True)
    present = models.PositiveSmallIntegerField(null=True)
    excused = models.PositiveSmallIntegerField(null=True)
    unexcused = models.PositiveSmallIntegerField(null=True)
    exempt = models.PositiveSmallIntegerField(null=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    longest_carried = models.PositiveSmallIntegerField(null=True)
    admitted = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True)
    source = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "month"], name="meetings_report_once"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="meetings_report_first_of_month"
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.HELD.value)
                | Q(held_on=None, present=None, duration_minutes=None),
                name="meetings_not_held_has_no_meeting",
            ),
            models.CheckConstraint(
                condition=Q(present=None) | Q(members=None) | Q(present__lte=F("members")),
                name="meetings_present_within_members",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)), name="meetings_score_range"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="meetings_report_month")]

    def __str__(self) -> str:
        return f"{self.state} {self.month:%Y-%m}"
