"""People by name: only where a committee has switched names on, and no more than a use needs.

Counts are the rule and names the choice of a committee, by its document (decisions.md 14). Records
of other rooms keep ids of people only, so that a name can be erased without touching what was
filed. Which field is shown to whom, and how it is masked, `org.personal` says.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import MembershipEnd, PairOutcome
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models.register import Unit

NAME = 120


class NamesSwitch(models.Model):
    """One committee works with names from a day on: in its own unit and in all below it."""

    dated_by, dated_as = "from_day", "việc điểm danh theo tên"
    open_as, open_when = "việc điểm danh theo tên đang bật", Q(ended_on=None)

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names_switches")
    from_day = models.DateField()
    document = models.CharField(max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_on = models.DateField(null=True)  # the first day without names
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-from_day", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ended_on=None), name="org_names_on_once"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="org_names_by_document"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason="")
                | (Q(ended_on__gte=F("from_day")) & ~Q(ended_reason="")),
                name="org_names_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"names from {self.from_day}"


class Person(models.Model):
    """Somebody, by the fewest fields that work. An erased person keeps the id alone.

    `external_key` is the key of the member database, so that its lists can be compared. A person
    found to be another (`merged_into`) is shown as that other everywhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=NAME, blank=True)
    name_fold = models.CharField(max_length=NAME, blank=True)  # core.text.fold(name): search
    born_on = models.DateField(null=True)
    joined_on = models.DateField(null=True)  # the day of admission
    external_key = models.CharField(max_length=40, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    erased_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [
            GinIndex(name="org_person_fold", fields=["name_fold"], opclasses=["gin_trgm_ops"])
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(name="", name_fold="", born_on=None, joined_on=None, external_key=""),
                name="org_person_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["external_key"],
                condition=~Q(external_key="") & Q(merged_into=None),
                name="org_person_key_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Membership(models.Model):
    """A person in a unit with a standing, over dates.

    At home (every standing but TEMPORARY_IN) in one unit a day; besides, for a while, in one other.
    `planned_until` is the day until which an exemption or a stay was granted.
    """

    dated_as = "danh sách đảng viên theo tên"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())
    valid = DateRangeField()
    planned_until = models.DateField(null=True)
    document = models.CharField(max_length=200, blank=True)
    ended_by_way = models.CharField(max_length=12, choices=MembershipEnd.choices(), blank=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="org_membership_one_home",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(status="temporary_in"),
            ),
            ExclusionConstraint(
                name="org_membership_one_stay",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status="temporary_in"),
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="org_membership_unit")]

    def __str__(self) -> str:
        return f"{self.status} {self.valid}"


class PersonPair(models.Model):
    """What somebody said of two persons who look alike. A merge keeps what it moved, to be undone.

    `journal` lists the rows that were moved from `second` to `first`, by table.
    """

    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=PairOutcome.choices())
    reason = models.CharField(max_length=300)
    journal = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="org_pair_of_two"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(undone_at=None), name="org_pair_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_reason=""), name="org_pair_undone_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.at:%Y-%m-%d}"
