"""What each cell owed each month, and what it reported."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.vocabulary import (
    DutyReason,
    ObligationKind,
    Relief,
    ReliefCause,
    ReportState,
)


class Excuse(models.Model):
    """What a superior granted one unit for some months of one duty, with its document.

    An excuse takes the months out; a postponement (`until`) leaves them due and moves their term.
    Nothing is deleted: what is withdrawn keeps who, when and why.
    """

    dated_as = "quyết định miễn, hoãn"

    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="excuses", db_index=False
    )
    duty = models.CharField(max_length=12, choices=ObligationKind.choices())
    first_month = models.DateField()
    last_month = models.DateField()
    relief = models.CharField(max_length=12, choices=Relief.choices())
    until = models.DateField(null=True)  # the last month in which a postponed one may be made up
    cause = models.CharField(max_length=12, choices=ReliefCause.choices())
    reason = models.CharField(max_length=300)
    document = models.CharField(max_length=200)
    granted_on = models.DateField()
    granted_from = models.ForeignKey(  # the superior unit; null where a file did not tell
        "org.Unit", on_delete=models.PROTECT, null=True, related_name="excuses_granted"
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-granted_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & Q(last_month__day=1)
                & Q(last_month__gte=F("first_month")),
                name="meetings_excuse_months",
            ),
            models.CheckConstraint(
                condition=Q(relief=Relief.EXCUSED.value, until=None)
                | Q(relief=Relief.POSTPONED.value, until__day=1, until__gt=F("last_month")),
                name="meetings_excuse_until",
            ),
            models.CheckConstraint(
                condition=~Q(document=""), name="meetings_excuse_names_document"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="meetings_excuse_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "duty", "first_month"], name="meetings_excuse_unit")
        ]

    def __str__(self) -> str:
        return f"{self.relief} {self.duty} {self.first_month:%Y-%m}"


class FrozenMonth(models.Model):
    """A month of the ledger that is settled: triggers refuse a silent change of what was due."""

    month = models.DateField(primary_key=True)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class MovedMonth(models.Model):
    """A note that the figures of a month moved: the assessments from it on are to follow.

    One row for each time, so that whoever files never waits for whoever assesses.
    """

    month = models.DateField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Obligation(models.Model):
    """One line of what was due: who, which month, under which rule, and why.

    The lines follow from the register, the rulebook and the excuses (actions.obligations); the
    columns from `excuse_reason` to `postponed_until` repeat the excuse that stands.
    """

    follows_register = True

    unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="obligations", db_index=False
    )
    month = models.DateField()
    kind = models.CharField(max_length=12, choices=ObligationKind.choices())
    rule_id = models.CharField(max_length=80)
    excuse_reason = models.CharField(max_length=300, blank=True)
    excuse_document = models.CharField(max_length=200, blank=True)
    excused_on = models.DateField(null=True)
    postponed_until = models.DateField(null=True)
    why = models.CharField(
        max_length=16, choices=DutyReason.choices(), db_default=DutyReason.WHOLE_MONTH.value
    )
    due_by = models.DateField(null=True)  # last day to do it; of a meeting, to report it
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

    dated_by, dated_as = "month", "báo cáo sinh hoạt"

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
    tasks_due = models.PositiveSmallIntegerField(null=True)
    tasks_on_time = models.PositiveSmallIntegerField(null=True)
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
                condition=Q(tasks_on_time=None)
                | (Q(tasks_due__isnull=False) & Q(tasks_on_time__lte=F("tasks_due"))),
                name="meetings_tasks_on_time_within_due",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)), name="meetings_score_range"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="meetings_report_month")]

    def __str__(self) -> str:
        return f"{self.state} {self.month:%Y-%m}"
