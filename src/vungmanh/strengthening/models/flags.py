"""Reasons held against units until they clear, and what was said to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import FlagFate, Weight


class Flag(models.Model):
    """A reason held against a unit, from the month it appeared until it cleared (decisions.md 6).

    It outlives the assessments, which are made anew, so that it can be answered: the unit has until
    `reply_by` to explain, then a named person above concludes. `figures` are those of the latest
    run, `figures_month` its month, until somebody concludes; then they stay. `cleared_month` is
    null while the reason stands.
    """

    dated_as = open_as = "dấu hiệu cần củng cố"
    open_when = models.Q(fate="", cleared_month=None)
    follows_register = models.Q(fate="", is_answered=False)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=40)
    weight = models.CharField(max_length=8, choices=Weight.choices(), blank=True)
    figures = models.JSONField()
    figures_month = models.DateField(null=True)  # null: not followed since the column came
    since_month = models.DateField()
    raised_at = models.DateTimeField()
    reply_by = models.DateField()
    cleared_month = models.DateField(null=True)
    is_answered = models.BooleanField(default=False)
    fate = models.CharField(max_length=12, choices=FlagFate.choices(), blank=True)
    fate_note = models.CharField(max_length=600, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "reason"],
                condition=models.Q(cleared_month=None),
                name="strengthening_flag_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(fate="", concluded_by=None, concluded_at=None)
                | (~models.Q(fate="") & models.Q(concluded_at__isnull=False)),
                name="strengthening_fate_has_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["fate", "cleared_month"], name="strengthening_flag_fate"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} since {self.since_month:%Y-%m}"


class FlagReply(models.Model):
    """What the unit says to a flag. Kept for good; a later reply adds to an earlier one."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="replies")
    text = models.CharField(max_length=2000)
    document = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"reply of {self.at:%Y-%m-%d}"
