"""Excuses asked for by a cell, and what a superior answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import AskingState, ObligationKind, Relief, ReliefCause


class ExcuseRequest(models.Model):
    """What a cell asked its superior to excuse or postpone, and why. Nothing is deleted.

    `document` is the cell's own paper about it; what the superior grants has a document of its own
    (`excuse`).
    """

    dated_as = "lời xin miễn, hoãn"
    open_as, open_when = "lời xin miễn, hoãn đang chờ", Q(state="waiting")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="excuse_requests")
    duty = models.CharField(max_length=12, choices=ObligationKind.choices())
    first_month = models.DateField()
    last_month = models.DateField()
    relief = models.CharField(max_length=12, choices=Relief.choices())
    until = models.DateField(null=True)
    cause = models.CharField(max_length=12, choices=ReliefCause.choices())
    reason = models.CharField(max_length=300)
    document = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=10, choices=AskingState.choices())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer = models.CharField(max_length=300, blank=True)  # why not; why it was taken back
    excuse = models.ForeignKey(
        "meetings.Excuse", on_delete=models.PROTECT, null=True, related_name="requests"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__day=1)
                & Q(last_month__day=1)
                & Q(last_month__gte=F("first_month")),
                name="meetings_request_months",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None, answer="", excuse=None)
                | Q(state="granted", decided_at__isnull=False, excuse__isnull=False)
                | (
                    Q(state__in=["declined", "withdrawn"], decided_at__isnull=False, excuse=None)
                    & ~Q(answer="")
                ),
                name="meetings_request_state",
            ),
            models.UniqueConstraint(
                fields=["unit", "duty", "first_month"],
                condition=Q(state="waiting"),
                name="meetings_request_waits_once",
            ),
        ]
        indexes = [models.Index(fields=["unit", "asked_at"], name="meetings_request_unit")]

    def __str__(self) -> str:
        return f"{self.duty} {self.first_month:%Y-%m} {self.state}"
