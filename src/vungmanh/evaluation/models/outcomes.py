"""How others around a rated unit were graded: members, government, mass organisations."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.vocabulary import OutcomeSubject
from vungmanh.evaluation.models.dossiers import Dossier


class YearOutcome(models.Model):
    """How many of the members of a cell (or of the government, of the mass organisations at the
    unit's level) had which grade in the year of a dossier, as the unit recorded it. Never a name.

    Append-only: what is mended is another row with a reason, and the latest stands. `members` is
    how many the register had on the day of the cycle, null where it does not say.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="outcomes")
    subject = models.CharField(max_length=20, choices=OutcomeSubject.choices())
    number = models.PositiveSmallIntegerField()
    counts = models.JSONField()
    members = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    document = models.CharField(max_length=200, blank=True)
    document_date = models.DateField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["dossier", "subject", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "subject", "number"], name="evaluation_outcome_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.subject} {self.number}"
