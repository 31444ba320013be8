"""What waits for a person, told once a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Digest(models.Model):
    """What waited for one person in one role on the morning of a day. Counts only, no names.

    `hat` is the role worn, also one lent by somebody (`access.viewer.Hat`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False
    )
    hat = models.CharField(max_length=60)
    day = models.DateField()
    items = models.JSONField(default=list)  # [{"key", "count", "since"}]
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["user", "hat", "day"], name="meetings_digest_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.hat}"


class DigestMute(models.Model):
    """Until which day a person wants no digest; that day it comes again."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_mute"
    )
    until = models.DateField()

    def __str__(self) -> str:
        return f"{self.until}"
