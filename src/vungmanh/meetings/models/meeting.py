"""The record of one meeting: its draft, its versions, and every change of it.

What the ledger and the assessment read is `MeetingReport`; filing a version writes it there.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vungmanh.core.vocabulary import FiledVia, MeetingAct, MeetingState, ObligationKind


class Meeting(models.Model):
    """The one meeting that answers one obligation. The id is `meeting_id(unit, kind, month)`.

    `plan` says what is prepared, `facts` is the draft of the current version (meetings.facts), the
    same as the last MeetingVersion once filed. `revision` counts every change.
    """

    dated_by, dated_as = "month", "biên bản sinh hoạt"

    id = models.UUIDField(primary_key=True, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=ObligationKind.choices())
    month = models.DateField()
    state = models.CharField(max_length=12, choices=MeetingState.choices())
    version = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    plan = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    form = models.PositiveSmallIntegerField()  # version of the form it was last written with
    correction_reason = models.CharField(max_length=300, blank=True)  # of the current version
    replaced = models.JSONField(
        null=True
    )  # the report of another way that filing took the place of
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "month"], name="meetings_meeting_once"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="meetings_meeting_first_of_month"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction_reason=""),
                name="meetings_correction_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "month"], name="meetings_meeting_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.month:%Y-%m} {self.state}"


class MeetingVersion(models.Model):
    """What was filed, frozen with the membership of the day. Never changed, never deleted.

    A record that is returned and filed again is a new row of the same version. Only what happened
    to it afterwards (confirmed, returned, retracted, sealed) is added, each once.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    filing = models.PositiveSmallIntegerField()  # 1, 2, … over the life of the meeting
    facts = models.JSONField()
    membership = models.JSONField()  # members by status on the day of the meeting; {} unknown
    reason = models.CharField(max_length=300, blank=True)  # of a correction
    digest = models.CharField(max_length=64)  # SHA-256 of facts and membership as written here
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    filed_via = models.CharField(max_length=8, choices=FiledVia.choices())
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    returned_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    returned_reason = models.CharField(max_length=500, blank=True)
    retracted_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["meeting", "filing"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "filing"], name="meetings_version_once"),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_reason="")
                | (Q(returned_at__isnull=False) & ~Q(returned_reason="")),
                name="meetings_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at=None) | Q(confirmed_at__isnull=False),
                name="meetings_sealed_when_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} version {self.version}"

    @property
    def stands(self) -> bool:
        """Neither returned nor taken back: what the ledger may count."""
        return self.returned_at is None and self.retracted_at is None


class MeetingChange(models.Model):
    """One act on a meeting with every value it changed, from and to. Append-only."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField()
    act = models.CharField(max_length=8, choices=MeetingAct.choices())
    fields = models.JSONField(default=dict)  # name → [was, now]
    state = models.CharField(max_length=12, choices=MeetingState.choices())  # after it
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=FiledVia.choices())

    class Meta:
        ordering = ["meeting", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "revision"], name="meetings_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.revision} {self.act}"
