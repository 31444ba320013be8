"""What the integrity checks found."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Role, Severity


class IntegrityRun(models.Model):
    """One time that every check was asked: `found` counts what each found, accepted or not."""

    at = models.DateTimeField(db_index=True)
    as_of = models.DateField()
    found = models.JSONField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class IntegrityFinding(models.Model):
    """One thing that a check (`org/checks/data`) found, kept from when it was first seen.

    The unit is kept by its id alone: a finding outlives a unit that an undone reform takes away,
    and must not hold it back. What comes again after it was resolved is a new finding.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices())
    owner = models.CharField(max_length=24, choices=Role.choices())
    unit_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=120, blank=True)  # which one, where a unit has several
    what = models.CharField(max_length=500)
    lived_until = models.DateField(null=True)  # last day of a unit that had ended; null: it lives
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    accepted_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code", "unit_id", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "unit_id", "subject"],
                condition=models.Q(resolved_at=None),
                nulls_distinct=False,
                name="org_finding_once",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_reason="")
                | (models.Q(accepted_at__isnull=False) & ~models.Q(accepted_reason="")),
                name="org_finding_accepted_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.what}"
