"""Units and their dated facts. Dates are half-open ranges; nothing here is ever rewritten.

The promises that matter are kept by PostgreSQL itself (see migrations): no two versions of a unit
overlap, a parent link, count or appointment lies within the life of its unit, and the closure
follows every change of versions and links.

A model with a key to `Unit` tells a reform what its rows mean, each word where it applies:
`follows_register` True, they are written anew with the register and never stand in the way of
undoing, or a Q, those that match rest on nobody's word and vanish with their unit, or go on without
it where the key may be empty;
`dated_by`, the field with a day of the unit that must not come after its end; `dated_as`, what one
is called; `open_as` and `open_when` (a Q), those that are work still open.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import (
    LineageKind,
    MembershipStatus,
    OwnRuleState,
    Post,
    ReformState,
    Role,
    Sector,
    Severity,
    UnitKind,
)


class Unit(models.Model):
    """A stable identity. Everything else about a unit is dated."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    is_simulated = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return str(self.id)


class UnitVersion(models.Model):
    """What a unit is called and what it is, over dates."""

    follows_register = True

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    valid = DateRangeField()
    name = models.CharField(max_length=200)
    name_fold = models.CharField(max_length=200)  # core.text.fold(name): search
    name_key = models.BinaryField(max_length=640)  # core.text.name_key(name)
    kind = models.CharField(max_length=24, choices=UnitKind.choices())
    sector = models.CharField(max_length=16, choices=Sector.choices())
    area = models.CharField(max_length=80, blank=True)
    official_code = models.CharField(max_length=32, blank=True)
    is_organisation = models.BooleanField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name_key", "id"]
        indexes = [
            GinIndex(name="org_version_name", fields=["name_fold"], opclasses=["gin_trgm_ops"]),
            # A page in Vietnamese order ends as soon as it is full.
            models.Index(name="org_version_order", fields=["name_key", "id"]),
        ]

    def __str__(self) -> str:
        return self.name


class UnitParent(models.Model):
    """Which unit stood directly above, over dates."""

    follows_register = True

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="parent_links")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="child_links")
    valid = DateRangeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.unit_id} under {self.parent_id}"


class UnitClosure(models.Model):
    """Who stood below whom, at what depth, over dates. Written by database triggers only."""

    follows_register = True

    ancestor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="below", db_index=False
    )
    descendant = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="above", db_index=False
    )
    depth = models.SmallIntegerField()
    valid = DateRangeField()

    def __str__(self) -> str:
        return f"{self.descendant_id} below {self.ancestor_id} at {self.depth}"


class MembershipCount(models.Model):
    """Members of a unit by status, over dates."""

    follows_register = True

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="membership_counts")
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())
    valid = DateRangeField()
    count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.count} {self.status}"


class AdmissionCount(models.Model):
    """Members admitted in a month. The register is complete: no row means none."""

    dated_by, dated_as = "month", "kết nạp đảng viên"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="admissions")
    month = models.DateField()
    count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="org_admission_once")]

    def __str__(self) -> str:
        return f"{self.count} in {self.month}"


class Appointment(models.Model):
    """Who held a post, over dates. A gap within the life of the unit is a vacancy."""

    follows_register = True

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=24, choices=Post.choices())
    holder_name = models.CharField(max_length=120, blank=True)
    valid = DateRangeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.post}: {self.holder_name}"


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


class OwnRule(models.Model):
    """A rule of the province itself: drafted on the page, in force once adopted with its document.

    `text` is the value of the rule as YAML, in the words of `rulebook`; what is adopted becomes one
    more file of the rulebook (`own_rules.rule_texts`). `copied_from` is the id of the rule it was
    copied from. Nothing is deleted: what is withdrawn keeps its reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=60)
    scope = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    text = models.TextField()
    copied_from = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    document_type = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    note = models.CharField(max_length=600, blank=True)
    state = models.CharField(max_length=12, choices=OwnRuleState.choices())
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField()
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    adopted_at = models.DateTimeField(null=True)
    accepted_because = models.CharField(max_length=600, blank=True)  # the checker warned
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=600, blank=True)  # of withdrawing, or of ending it
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="adopted")
                | models.Q(
                    adopted_at__isnull=False, issued_on__isnull=False, valid_from__isnull=False
                ),
                name="org_own_rule_adopted_with_document",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="org_own_rule_days",
            ),
        ]

    def __str__(self) -> str:
        return self.title


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
