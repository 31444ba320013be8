"""The dossier of one organisation or collective in one cycle, and everything done with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import DossierAct, DossierState, DossierSubject, UnitKind
from vungmanh.evaluation.models.cycles import Cycle

#: States in which somebody still has to do something before there is a grade.
UNDECIDED = (
    DossierState.WAITING,
    DossierState.SELF_RATED,
    DossierState.IN_OPINION,
    DossierState.VERIFIED,
    DossierState.PROPOSED,
    DossierState.RETURNED,
)


class Dossier(models.Model):
    """What one unit, or the collective that leads it, is rated by in one cycle.

    `answers` (codes of the year's sheet) and `condition_answers` are what was typed in the current
    version; what is not said is absent. `group` is the group of like kind within which the quota
    counts, `tier` the kind of unit on the day of the cycle; a protected unit is left out of it.
    `self_grade`, `proposed_grade` and `grade` (decided) are the last words of three sides;
    `grade` stands until another is decided. `revision` counts every act.
    """

    dated_as = "hồ sơ xếp loại năm"
    open_as = "hồ sơ xếp loại năm chưa quyết định"
    open_when = Q(state__in=[state.value for state in UNDECIDED], removed_at=None)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="dossiers")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="dossiers")
    subject = models.CharField(max_length=12, choices=DossierSubject.choices())
    name = models.CharField(max_length=200)
    group = models.CharField(max_length=60)
    tier = models.CharField(max_length=24, choices=UnitKind.choices())
    protected = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=DossierState.choices())
    version = models.PositiveSmallIntegerField(default=1)  # 2, 3, … when reopened
    filing = models.PositiveSmallIntegerField(default=1)  # one more when returned or reopened
    revision = models.PositiveIntegerField(default=0)
    answers = models.JSONField(default=dict)
    condition_answers = models.JSONField(default=dict)
    self_grade = models.CharField(max_length=32, blank=True)
    self_points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    proposed_grade = models.CharField(max_length=32, blank=True)
    grade = models.CharField(max_length=32, blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["cycle", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "unit", "subject"], name="evaluation_dossier_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_reason="")
                | (Q(removed_at__isnull=False) & ~Q(removed_reason="")),
                name="evaluation_removed_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["cycle", "state"], name="evaluation_dossier_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.cycle_id} {self.state}"


class DossierEntry(models.Model):
    """One act on a dossier with all that was said. Append-only: each level's word is kept.

    `number` counts over the life of the dossier; opinions are asked for anew in each `filing`.
    `grade` and `points` are what whoever acted gives; `content` holds the values changed
    (name → [was, now]) and whatever else the act says.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveSmallIntegerField()
    filing = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=20, choices=DossierAct.choices())
    state = models.CharField(max_length=12, choices=DossierState.choices())  # after it
    body = models.CharField(max_length=120, blank=True)  # who gives an opinion
    grade = models.CharField(max_length=32, blank=True)
    points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    reason = models.CharField(max_length=500, blank=True)
    content = models.JSONField(default=dict)
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
            models.UniqueConstraint(fields=["dossier", "number"], name="evaluation_entry_once"),
            models.UniqueConstraint(
                fields=["dossier", "filing", "body"],
                condition=Q(act="give_opinion"),
                name="evaluation_one_opinion_of_a_body",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number} {self.act}"
