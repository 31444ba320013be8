"""What the two sides gave a meeting, each without seeing the other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vungmanh.core.vocabulary import FiledVia, Scorer


class SheetScore(models.Model):
    """One side's points for one meeting, as given. Append-only: the last row of a side counts.

    `scores` is what was typed (rulebook.scoring.Answers), `evidence` the facts of that moment
    (Measured), `lines` what both made of each criterion. `opened_at` is set once, on both sides
    together, when neither has a blank left: from then on both may be read, and nothing is given
    any more. `repeats` is the row whose answers were reckoned again with newer facts.
    """

    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, related_name="scores")
    version = models.PositiveSmallIntegerField()  # of the meeting
    scorer = models.CharField(max_length=8, choices=Scorer.choices())
    rule_id = models.CharField(max_length=80)
    rule_version = models.CharField(max_length=64)  # of the rulebook that held the sheet
    scores = models.JSONField()
    evidence = models.JSONField()
    lines = models.JSONField()
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True)  # null: a line is open
    attainable = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    grade = models.CharField(max_length=40, blank=True)  # code of the band; "" while uncertain
    grade_label = models.CharField(max_length=80, blank=True)
    is_complete = models.BooleanField()  # nothing waits for the scorer
    is_blind = models.BooleanField()  # given while the other side was shut
    note = models.CharField(max_length=300, blank=True)
    via = models.CharField(max_length=8, choices=FiledVia.choices())
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeated_by"
    )
    opened_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["meeting", "scorer", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(is_complete=True),
                name="meetings_score_opened_when_complete",
            ),
            models.CheckConstraint(
                condition=Q(total=None) | Q(total__gte=0), name="meetings_score_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "scorer", "-id"], name="meetings_score_current"),
            models.Index(fields=["given_by"], name="meetings_score_by"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.scorer} {self.total}"
