"""A multi-year programme of strengthening: what is wrong, what is to come of it, and its gates."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import GateKind, ProgrammeState

TITLE, LINE, TEXT = 300, 300, 4000  # the longest of each


class Programme(models.Model):
    """A scheme of one committee over some years, with the document that decided it.

    `levels` tells which kinds of committee choose, and how many organisations a year:
    [{"kind": UnitKind, "a_year": n}]. `measures` are codes of the rulebook's catalogue. Who asks
    for approval never approves.
    """

    dated_as = "đề án củng cố"
    open_as, open_when = "đề án củng cố đang thực hiện", ~Q(state="closed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="programmes")
    title = models.CharField(max_length=TITLE)
    title_fold = models.CharField(max_length=TITLE + 80)  # core.text.fold of number and title
    number = models.CharField(max_length=60, blank=True)  # of the deciding document
    decided_on = models.DateField(null=True)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    weaknesses = models.CharField(max_length=TEXT, blank=True)
    levels = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=ProgrammeState.choices())
    revision = models.PositiveIntegerField(default=1)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-first_year", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_year__gte=F("first_year")), name="strengthening_programme_years"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "closed"]) | Q(decided_on__isnull=False),
                name="strengthening_programme_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="strengthening_programme_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeTarget(models.Model):
    """What is to be reached, by a figure of `strengthening.figures` where one says it.

    `indicator` is blank for a target that no figure measures: its values are told by hand then, as
    are those of a figure that nobody may sum up (`programme_figures.is_by_hand`).
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="targets")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=LINE)
    indicator = models.CharField(max_length=60, blank=True)
    is_rise = models.BooleanField(default=True)  # better is more; else better is less
    base_value = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    base_month = models.DateField(null=True)
    aim_value = models.DecimalField(max_digits=12, decimal_places=3)
    due_on = models.DateField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="strengthening_target_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class TargetValue(models.Model):
    """What a target stood at on a day, told by hand with its source; append-only.

    The last one of a day counts.
    """

    target = models.ForeignKey(ProgrammeTarget, on_delete=models.PROTECT, related_name="values")
    value = models.DecimalField(max_digits=12, decimal_places=3)
    on = models.DateField()
    source = models.CharField(max_length=LINE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["target", "on", "id"]

    def __str__(self) -> str:
        return f"{self.target_id} {self.on}: {self.value}"


class ProgrammeGate(models.Model):
    """A day by which each of `levels` (kinds of unit) reports what `asks` says."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="gates")
    kind = models.CharField(max_length=12, choices=GateKind.choices())
    due_on = models.DateField()
    asks = models.CharField(max_length=2000, blank=True)
    levels = models.JSONField(default=list)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "due_on"], name="strengthening_gate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class GateReport(models.Model):
    """What one unit reports at a gate; a later one replaces it, with its reason kept in events."""

    dated_as = "báo cáo đề án"

    gate = models.ForeignKey(ProgrammeGate, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="gate_reports")
    text = models.CharField(max_length=TEXT)
    figures = models.JSONField(default=dict)  # as they stood when it was filed
    document = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["gate", "at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "unit"], name="strengthening_gate_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.gate_id} {self.unit_id}"
