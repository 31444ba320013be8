"""An overseer's visit to a unit: attended, found, agreed, put right.

It may come from a phone; the id is the phone's own. What was found and must be put right is a task
of the unit (`Task.visit`). Nothing about a person is kept in it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import FiledVia

NOTE, REASON = 1000, 300  # the longest of each


class Visit(models.Model):
    """One visit by one overseer on one day. `revision` counts every change (`VisitChange`).

    `meeting` is the sitting attended, whose record may come later; `by_plan` false: drawn at random
    or called for by a review, not by the plan.
    """

    dated_by, dated_as = "on", "lần dự, kiểm tra cơ sở"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="visits")
    overseer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits"
    )
    on = models.DateField()
    meeting = models.ForeignKey(
        "meetings.Meeting",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="visits",
    )
    attended = models.BooleanField()  # a meeting of the unit on that day
    found = models.CharField(max_length=NOTE, blank=True)
    agreed = models.CharField(max_length=NOTE, blank=True)
    put_right = models.CharField(max_length=NOTE, blank=True)
    by_plan = models.BooleanField(default=True)
    via = models.CharField(max_length=8, choices=FiledVia.choices())
    revision = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=REASON, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "overseer", "on"],
                condition=Q(withdrawn_at=None),
                name="meetings_visit_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="meetings_visit_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["unit", "on"], name="meetings_visit_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.on}"


class VisitChange(models.Model):
    """One change of a visit with every value it changed, from and to. Append-only."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)  # name → [was, now]
    reason = models.CharField(max_length=REASON, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=FiledVia.choices())

    class Meta:
        ordering = ["visit", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "revision"], name="meetings_visit_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.revision}"
