"""Terms of committees, and rotations. Who holds a post is the register's: `org.Appointment`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import AppointmentWay, RotationState
from vungmanh.core.vocabulary import Post

WORDS = 300


class Term(models.Model):
    """One term of a unit's committee, or of a cell's secretary: from a congress to the next.

    `seats` is what the congress elected; what may be added counts from it. `due_on` is worked out
    from the rule of the day the term began, or given with a document (a first term after a merger
    need not be whole). `exceptions` as of an appointment: [{code, rule, allowed_by, reason}].
    """

    dated_by, dated_as = "began_on", "nhiệm kỳ cấp ủy"
    open_as, open_when = "nhiệm kỳ cấp ủy đang chạy", Q(ended_on=None)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="terms")
    ordinal = models.PositiveSmallIntegerField(null=True)  # of the congress; null: not counted
    began_on = models.DateField()
    due_on = models.DateField()
    ended_on = models.DateField(null=True)  # the first day after it
    seats = models.PositiveSmallIntegerField(null=True)
    is_appointed = models.BooleanField(default=False)  # by the upper level, after a merger or split
    document = models.CharField(max_length=200)
    reported_on = models.DateField(null=True)  # of the congress, to the upper level
    approved_on = models.DateField(null=True)
    note = models.CharField(max_length=WORDS, blank=True)
    exceptions = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["unit", "began_on"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "began_on"], name="cadre_term_once"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("began_on"))
                & (Q(ended_on=None) | Q(ended_on__gt=F("began_on"))),
                name="cadre_term_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} from {self.began_on}"


class Rotation(models.Model):
    """Somebody sent from a post to another by a decision, with an aim and a day of return.

    Both units are followed: their state at the start and the end is read from the assessments of
    those days, never kept here. One end may lie outside the register (`elsewhere`).
    """

    dated_by, dated_as = "began_on", "quyết định luân chuyển"
    dated_when = ~Q(state="cancelled")
    open_as, open_when = "cán bộ đang luân chuyển", Q(state__in=["decided", "away"])

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    holder_name = models.CharField(max_length=120)
    person = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="rotations"
    )
    way = models.CharField(max_length=20, choices=AppointmentWay.choices())
    from_unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, null=True, related_name="rotations_out"
    )
    from_post = models.CharField(max_length=24, choices=Post.choices(), blank=True)
    to_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="rotations_in")
    to_post = models.CharField(max_length=24, choices=Post.choices())
    elsewhere = models.CharField(max_length=200, blank=True)
    left_appointment = models.ForeignKey(
        "org.Appointment", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    appointment = models.ForeignKey(
        "org.Appointment", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    aim = models.CharField(max_length=WORDS)
    document = models.CharField(max_length=200)
    began_on = models.DateField()
    return_on = models.DateField()
    state = models.CharField(max_length=12, choices=RotationState.choices())
    ended_on = models.DateField(null=True)
    ended_document = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=WORDS, blank=True)
    exceptions = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-began_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(return_on__gt=F("began_on")), name="cadre_rotation_days"
            ),
            models.CheckConstraint(
                condition=Q(from_unit__isnull=False) | ~Q(elsewhere=""),
                name="cadre_rotation_from_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["decided", "away"], ended_on=None)
                | (~Q(state__in=["decided", "away"]) & Q(ended_on__isnull=False)),
                name="cadre_rotation_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.began_on}"
