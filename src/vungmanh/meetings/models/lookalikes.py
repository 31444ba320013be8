"""Records that look like others: what was found, and what a person said it was."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import LikenessOutcome, LikenessRule


class TextPrint(models.Model):
    """The text of one filed version as numbers (analysis.copying), so that no text is read twice.

    `shingles` are those of discussion and conclusion in order, eight bytes each, little-endian.
    """

    version = models.OneToOneField(
        "meetings.MeetingVersion",
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="text_print",
    )
    shingles = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.version_id}"


class TextLikeness(models.Model):
    """A version whose text looks like an earlier one, or has next to nothing of its own.

    `unit`, `month`, `version` are the later by the day of filing; `other_…` the earlier, none where
    the rule is EMPTY. `share` is what the rule measures, `passages` the characters [start, end,
    start, end] of both texts (lookalikes.text_of) that say the same. Found again, it is kept; one
    that is no longer found goes, unless a person has said what it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    version = models.ForeignKey(
        "meetings.MeetingVersion", on_delete=models.PROTECT, related_name="likenesses"
    )
    other_unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, null=True, related_name="+"
    )
    other_month = models.DateField(null=True)
    other_version = models.ForeignKey(
        "meetings.MeetingVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    rule = models.CharField(max_length=8, choices=LikenessRule.choices())
    share = models.FloatField()
    shared = models.PositiveIntegerField()  # own shingles in both; for EMPTY those of its own
    passages = models.JSONField(default=list)
    order_known = models.BooleanField()
    found_at = models.DateTimeField()
    # What the cell says to it (decisions.md 6); the last word counts, all are in the ledger.
    answer = models.CharField(max_length=600, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=LikenessOutcome.choices(), blank=True)
    outcome_note = models.CharField(max_length=600, blank=True)
    outcome_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month", "unit", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["version", "rule"], name="meetings_likeness_once"),
            models.CheckConstraint(
                condition=Q(rule="empty", other_unit=None, other_month=None, other_version=None)
                | (
                    ~Q(rule="empty")
                    & Q(other_unit__isnull=False)
                    & Q(other_month__isnull=False)
                    & Q(other_version__isnull=False)
                ),
                name="meetings_likeness_has_other",
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1), name="meetings_likeness_share"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_by=None, outcome_at=None)
                | (~Q(outcome="") & Q(outcome_by__isnull=False) & Q(outcome_at__isnull=False)),
                name="meetings_likeness_outcome_by_name",
            ),
        ]
        indexes = [models.Index(fields=["month", "outcome"], name="meetings_likeness_month")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m} {self.rule}"
