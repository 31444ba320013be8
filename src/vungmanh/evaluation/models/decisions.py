"""Grades as decided, each with the rules and the figures it was made from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from vungmanh.evaluation.models.dossiers import Dossier


class DecisionInputs(models.Model):
    """What one or many decisions were computed from: canonical JSON under its own SHA-256.

    A quota compares units with one another, so that this may name units that a reader of one
    decision does not see: it is opened only to be computed anew.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    content = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="evaluation_inputs_digest"
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class GradeDecision(models.Model):
    """One decision about one dossier. Never changed: what is decided anew is another row.

    `rules` maps keys to rule ids and `rulebook` names the book they were read in; `result` is what
    was computed from `inputs`, in which the grade and its reasons stand.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="decisions")
    version = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # 1, 2, … over the life of the dossier
    grade = models.CharField(max_length=32)
    rules = models.JSONField()
    rulebook = models.CharField(max_length=64)
    inputs = models.ForeignKey(DecisionInputs, on_delete=models.PROTECT, related_name="decisions")
    result = models.JSONField()
    document = models.CharField(max_length=200, blank=True)
    document_date = models.DateField(null=True)
    decided_on = models.DateField()
    reason = models.CharField(max_length=500, blank=True)  # where it differs from the proposal
    override_reason = models.CharField(max_length=500, blank=True)  # decided out of order
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["dossier", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="evaluation_decision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number}: {self.grade}"
