"""Training and political education: a committee's plan of a year, its courses, who came.

Attendance is kept by counts; by name only in units that work with names.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import CourseKind, LessonState, TrainingPlanState

LINE = 200
WORDS = 600


class TrainingPlan(models.Model):
    """What one committee plans to teach in a year."""

    open_as, open_when = "kế hoạch bồi dưỡng đang soạn", Q(state="draft")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="training_plans")
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=LINE)
    state = models.CharField(max_length=12, choices=TrainingPlanState.choices())
    document = models.CharField(max_length=LINE, blank=True)
    signed_on = models.DateField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-year", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], name="cadre_plan_once"),
            models.CheckConstraint(
                condition=~Q(state="approved") | (~Q(document="") & Q(signed_on__isnull=False)),
                name="cadre_plan_approved_with_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"


class Course(models.Model):
    """One course of a plan: for whom, what is to change by it, and which cause it answers.

    `code` names an obligatory course of the rulebook (`training.obligatory`), `cause` one of the
    catalogue of causes. `asks` is what should change on the units that took part.
    """

    plan = models.ForeignKey(TrainingPlan, on_delete=models.PROTECT, related_name="courses")
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=CourseKind.choices())
    title = models.CharField(max_length=LINE)
    code = models.CharField(max_length=60, blank=True)
    cause = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=LINE)
    asks = models.CharField(max_length=WORDS)
    planned_on = models.DateField()
    days = models.DecimalField(max_digits=4, decimal_places=1)
    materials = models.CharField(max_length=WORDS, blank=True)
    state = models.CharField(max_length=12, choices=LessonState.choices())
    dropped_reason = models.CharField(max_length=WORDS, blank=True)
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["planned_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(dropped_reason=""), name="cadre_course_dropped"
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="cadre_course_days"),
        ]

    def __str__(self) -> str:
        return self.title


class CourseSession(models.Model):
    """One time that a course was held."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    began_on = models.DateField()
    ended_on = models.DateField()
    place = models.CharField(max_length=LINE, blank=True)
    note = models.CharField(max_length=WORDS, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["began_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("began_on")), name="cadre_session_days"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.began_on}"


class CourseCount(models.Model):
    """How many of a unit were called to a session, came, and passed."""

    session = models.ForeignKey(CourseSession, on_delete=models.CASCADE, related_name="counts")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="course_counts")
    called = models.PositiveIntegerField()
    came = models.PositiveIntegerField()
    passed = models.PositiveIntegerField(null=True)  # null: nothing was tested

    class Meta:
        ordering = ["session", "unit"]
        constraints = [
            models.UniqueConstraint(fields=["session", "unit"], name="cadre_count_once"),
            models.CheckConstraint(
                condition=Q(came__lte=F("called")) & (Q(passed=None) | Q(passed__lte=F("came"))),
                name="cadre_count_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.came} of {self.called}"


class CourseMember(models.Model):
    """Somebody who came, or holder of a post: in a unit with names, or by the post they hold.

    `valid_until` is the last day for which the course counts (rulebook `training.obligatory`).
    """

    session = models.ForeignKey(CourseSession, on_delete=models.CASCADE, related_name="members")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="course_members")
    person = models.ForeignKey(
        "org.Person", on_delete=models.PROTECT, null=True, related_name="courses"
    )
    appointment = models.ForeignKey(
        "org.Appointment", on_delete=models.CASCADE, null=True, related_name="courses"
    )
    has_passed = models.BooleanField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["session", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(appointment__isnull=False),
                name="cadre_course_member_of_somebody",
            ),
            models.UniqueConstraint(fields=["session", "person"], name="cadre_course_person_once"),
            models.UniqueConstraint(
                fields=["session", "appointment"], name="cadre_course_holder_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}"
