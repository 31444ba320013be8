"""Statistics as they were reported: kept to the letter, whatever becomes of the register."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.org.models.register import Unit


class PublishedStatistic(models.Model):
    """The statistic of a unit over a period, as it was known when it was reported.

    `content` is what `org.statistics.content_of` told; `sha256` is over its canonical form. No
    reform is held back by it: what was reported then stays reported.
    """

    dated_as = "số liệu thống kê đã báo cáo"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="statistics")
    first = models.DateField()
    last = models.DateField()
    known_at = models.DateTimeField()
    document = models.CharField(max_length=200)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-last", "-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "first", "last"],
                condition=Q(withdrawn_at=None),
                name="org_statistic_reported_once",
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="org_statistic_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="org_statistic_withdrawn_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
