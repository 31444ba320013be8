"""What came from phones: each phone, and every item it ever sent, with what became of it.

Nothing here is ever deleted, and what a phone said is never changed (sql/receiving.sql): an item is
the proof that something was typed, whatever was decided about it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from vungmanh.core.vocabulary import PhoneItemState, PhoneWay


class PhoneDevice(models.Model):
    """One account on one phone. The id and the key are made there; only the key's hash is kept.

    `unit` is the cell its user answers for, as of the last sending under a session: whose office
    settles what comes without one. `outbox` is what the phone last told it still holds.
    """

    dated_as = "điện thoại đã đăng ký"

    id = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phones"
    )
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="phones")
    key_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=60, blank=True)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    outbox = models.PositiveIntegerField(null=True)
    clock_off = models.BigIntegerField(null=True)  # seconds it ran ahead when last told
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-last_seen", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="meetings_phone_revoked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.id)


class PhoneItem(models.Model):
    """One thing a phone said (docs/house/phones.md). The id is the phone's own.

    `unit` is the unit it is about, or that of the phone where it names none we know. `waits_for`
    are the ids it is held for. `settlement` says for each field of a conflict what a person chose:
    {field: {"choice": mine|theirs|other, "value": …}}.
    """

    dated_as = "mục gửi từ điện thoại"

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(PhoneDevice, on_delete=models.PROTECT, related_name="items")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="phone_items"
    )
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="phone_items")
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=80)
    after = models.UUIDField(null=True)
    settles = models.UUIDField(null=True)
    why = models.CharField(max_length=300, blank=True)
    form = models.IntegerField()
    body = models.JSONField()
    body_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(null=True)  # by the phone's clock; null: it told no such day
    received_at = models.DateTimeField()
    clock_off = models.BigIntegerField(null=True)
    way = models.CharField(max_length=12, choices=PhoneWay.choices())
    state = models.CharField(max_length=12, choices=PhoneItemState.choices())
    code = models.CharField(max_length=60, blank=True)
    waits_for = ArrayField(models.UUIDField(), default=list)
    answer = models.JSONField(default=dict)  # message, field, revision, conflict: as it was given
    forced = models.BooleanField(default=False)  # decided though what came before it never arrived
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settlement = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[PhoneItemState.HELD.value, PhoneItemState.QUARANTINED.value])
                | Q(decided_at__isnull=False),
                name="meetings_phone_item_decided",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settlement=None)
                | (Q(settled_at__isnull=False, settlement__isnull=False) & ~Q(settled_reason="")),
                name="meetings_phone_item_settled_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["device", "subject"], name="meetings_phone_item_chain"),
            models.Index(
                fields=["state", "received_at"],
                name="meetings_phone_item_open",
                condition=~Q(state__in=["accepted", "superseded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
