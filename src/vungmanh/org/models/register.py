"""Units and their dated facts. Dates are half-open ranges; nothing here is ever rewritten.

The promises that matter are kept by PostgreSQL itself (see migrations): no two versions of a unit
overlap, a parent link, count or appointment lies within the life of its unit, and the closure
follows every change of versions and links.

A model with a key to `Unit` tells a reform what its rows mean, each word where it applies:
`follows_register` True, they are written anew with the register and never stand in the way of
undoing, or a Q, those that match rest on nobody's word and vanish with their unit, or go on without
it where the key may be empty;
`dated_by`, the field with a day of the unit that must not come after its end, of the rows that
match `dated_when` (a Q), where some were taken back; `dated_as`, what one is called;
`open_as` and `open_when` (a Q), those that are work still open.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.vocabulary import MembershipStatus, Post, Sector, UnitKind


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
    """Who held a post, over dates. A gap within the life of the unit is a vacancy.

    Of a post with several holders each sits in a `seat` of their own; a secretary has seat 1.
    `planned_until` is the day until which the post was given: the end of a term, a return.
    `exceptions` lists the rules that were broken knowingly: [{code, rule, allowed_by, reason}].
    What came with a loaded register has a name and days only.
    """

    follows_register = True

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=24, choices=Post.choices())
    seat = models.PositiveSmallIntegerField(default=1, db_default=1)
    holder_name = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="appointments"
    )
    valid = DateRangeField()
    way = models.CharField(
        max_length=20, choices=AppointmentWay.choices(), blank=True, default="", db_default=""
    )
    planned_until = models.DateField(null=True)
    document = models.CharField(max_length=200, blank=True, default="", db_default="")
    ended_document = models.CharField(max_length=200, blank=True, default="", db_default="")
    ended_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    exceptions = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(post="secretary") | models.Q(seat=1),
                name="org_appointment_one_secretary",
            )
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.holder_name}"
