"""Assessments: where each unit stands at the end of a month, and why."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.vocabulary import Status


class InputSnapshot(models.Model):
    """What runs or decisions rest on, as bytes (strengthening.snapshots); shared by equal inputs.

    `digest` is the SHA-256 of `content`. It names every unit: only whoever sees the whole register
    reads it. Rows that nothing rests on any more are swept away (actions.snapshots).
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest__regex="^[0-9a-f]{64}$"),
                name="strengthening_snapshot_digest",
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class AssessmentRun(models.Model):
    """One assessment of everybody at the end of one month, and what it was computed from.

    `snapshot` and `result_hash` (strengthening.results) are missing only from runs made before
    they existed: those cannot be recomputed.
    """

    month = models.DateField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rulebook_version = models.CharField(max_length=64)
    code_version = models.CharField(max_length=32)
    input_hash = models.CharField(max_length=64)
    snapshot = models.ForeignKey(
        InputSnapshot, on_delete=models.PROTECT, null=True, related_name="runs"
    )
    result_hash = models.CharField(max_length=64, blank=True)
    # The fixed references used, {"cells": {sector: index}, "organisations": …}.
    references = models.JSONField(default=dict)
    reported = models.PositiveIntegerField()  # reports of that month
    due = models.PositiveIntegerField()  # obligations of that month, excused ones left out

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Assessment(models.Model):
    """One unit at the end of the run's month, over the twelve months before it.

    A cell that is itself an organisation has one row and stands in both orders. `marks` holds one
    character a month, oldest first (analysis.facts.MARKS). `reasons` is the list of
    analysis.facts.Reason as JSON, heaviest first.
    """

    follows_register = True

    run = models.ForeignKey(
        AssessmentRun, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    name = models.CharField(max_length=200)
    name_key = models.BinaryField(max_length=640)
    organisation_name = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=80, blank=True)
    sector = models.CharField(max_length=16)
    status = models.CharField(max_length=16, choices=Status.choices())
    previous_status = models.CharField(max_length=16, choices=Status.choices(), blank=True)
    due = models.PositiveIntegerField()
    held = models.PositiveIntegerField()
    not_held = models.PositiveIntegerField()
    no_report = models.PositiveIntegerField()
    excused = models.PositiveIntegerField()
    marks = models.CharField(max_length=12, blank=True)
    reasons = models.JSONField(default=list)
    heavy = models.PositiveSmallIntegerField()
    light = models.PositiveSmallIntegerField()
    cells = models.PositiveSmallIntegerField()
    failing_cells = models.PositiveSmallIntegerField()
    worst_cell = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The second layer (analysis.weakness); null where nothing can be estimated. Index 0-100.
    estimate = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    probability = models.FloatField(null=True)  # of lying below its like kind's reference
    # Within the like kind of its grain, 1 is the weakest; of the silent there is no rank.
    rank = models.PositiveIntegerField(null=True)
    rank_low = models.PositiveIntegerField(null=True)
    rank_high = models.PositiveIntegerField(null=True)
    ranked = models.PositiveIntegerField(null=True)  # how many were ranked together
    statistics = models.JSONField(default=dict)  # what it rests on: strengthening.statistics
    # Order of working, 1 first; null where the unit is not of that grain.
    cell_position = models.PositiveIntegerField(null=True)
    organisation_position = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "unit"], name="strengthening_assessed_once")
        ]
        indexes = [
            models.Index(fields=["run", "cell_position"], name="strengthening_cell_order"),
            models.Index(fields=["run", "organisation_position"], name="strengthening_org_order"),
            models.Index(fields=["organisation", "run"], name="strengthening_cells_of"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.status}"


class StrengthReference(models.Model):
    """The index below which a like kind is weak: fixed once from its base period, then kept.

    Absolute, not a share of the units of a year (decisions.md 3): everybody may rise above it.
    """

    of_cells = models.BooleanField()  # else of organisations
    sector = models.CharField(max_length=16)
    value = models.FloatField()
    base_from = models.DateField()  # first month of the base period
    base_until = models.DateField()  # its last month
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_cells", "sector"], name="strengthening_one_reference_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sector}: {self.value:.1f}"
