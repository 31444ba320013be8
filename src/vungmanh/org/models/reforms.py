"""Reforms, and what became of units through them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import LineageKind, ReformState
from vungmanh.org.models.register import Unit


class Reform(models.Model):
    """One decision that changes the register: from a new name to the end of a whole level.

    `steps` is the list of `org.reform.steps` as JSON. `basis` tells the state of the units they
    speak of when they were last looked at: whoever commits against another state is refused.
    `journal` is what committing wrote, row by row, so that it can be undone; null where the
    register was loaded with the reform already in it, which cannot be undone. `told` keeps what
    followed, as it was told at the moment of committing (org/reform/told.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    document = models.CharField(max_length=200)
    signed_on = models.DateField(null=True)
    effective_on = models.DateField()
    steps = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=ReformState.choices())
    basis = models.CharField(max_length=64, blank=True)
    journal = models.JSONField(null=True)
    told = models.JSONField(default=dict)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    drafted_at = models.DateTimeField()
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    committed_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-drafted_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Lineage(models.Model):
    """What became of a unit: `predecessor` ended on day `on`, `share` of it went into `successor`.

    The shares of one predecessor add up to 1; a merge has share 1. A unit that ended without a
    successor has no row.
    """

    follows_register = True
    dated_by, dated_as = "on", "sáp nhập, chia tách hoặc nhận đơn vị khác"

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successors")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessors")
    on = models.DateField()
    kind = models.CharField(max_length=12, choices=LineageKind.choices())
    share = models.FloatField()
    document = models.CharField(max_length=200)
    reform = models.ForeignKey(Reform, on_delete=models.PROTECT, null=True, related_name="lineage")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="org_lineage_once"),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte=1), name="org_lineage_share"
            ),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")), name="org_lineage_not_self"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} into {self.successor_id}"


class Ancestry(models.Model):
    """Lineage over any number of reforms: `share` of `predecessor` is in `successor` at last.

    Written by database triggers only (sql/ancestry.sql); no row for a unit and itself.
    """

    follows_register = True

    predecessor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="descended", db_index=False
    )
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="descends_from")
    share = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="org_ancestry_once")
        ]

    def __str__(self) -> str:
        return f"{self.share:.0%} of {self.predecessor_id} in {self.successor_id}"
