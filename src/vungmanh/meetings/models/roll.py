"""Names for a roll call: switched on per committee, and no more than a roll call needs.

Counts are the rule and names the choice of a committee, by its document (decisions.md 14). A roll
keeps a name and a standing over dates, nothing else; records of meetings keep ids only, so that a
name can be erased without touching what was filed.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import MembershipStatus


class NamesSwitch(models.Model):
    """One committee works with names from a day on: in its own unit and in all below it."""

    dated_by, dated_as = "from_day", "việc điểm danh theo tên"
    open_as, open_when = "việc điểm danh theo tên đang bật", Q(ended_on=None)

    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="names_switches")
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
                fields=["unit"], condition=Q(ended_on=None), name="meetings_names_on_once"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="meetings_names_by_document"),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_reason="")
                | (Q(ended_on__gte=F("from_day")) & ~Q(ended_reason="")),
                name="meetings_names_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"names from {self.from_day}"


class RollMember(models.Model):
    """A member as a roll call knows them, over dates. `member` stays the same through changes.

    An erased name is empty; the rows stay, because records of meetings count their ids.
    """

    dated_as = "danh sách điểm danh"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    member = models.UUIDField(default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="roll")
    name = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())
    valid = DateRangeField()
    ended_reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="meetings_roll_one_row_a_day",
                expressions=[
                    (F("member"), RangeOperators.EQUAL),
                    (F("valid"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(name=""), name="meetings_roll_erased_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.valid}"
