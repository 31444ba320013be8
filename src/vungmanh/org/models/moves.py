"""Members on the move: admissions step by step, transfers that both sides answer for.

Each is kept by counts for every unit, and of a person only where names are switched on.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.people_words import (
    AdmissionState,
    AdmissionStepKind,
    StallReason,
    TransferKind,
    TransferState,
)
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.models.people import Person
from vungmanh.org.models.register import Unit

WORDS = 300


class Admission(models.Model):
    """One person's way into the Party in one cell; without names an alias stands for them.

    `born_on` is kept while the way is open only where no person holds it: the age is a condition.
    """

    dated_by, dated_as = "begun_on", "hồ sơ kết nạp"
    open_as, open_when = "hồ sơ kết nạp đang làm", Q(state__in=["open", "admitted"])

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="admission_cases")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="admissions"
    )
    alias = models.CharField(max_length=60, blank=True)
    born_on = models.DateField(null=True)
    begun_on = models.DateField()
    state = models.CharField(max_length=12, choices=AdmissionState.choices())
    stall = models.CharField(max_length=12, choices=StallReason.choices(), blank=True)
    stall_note = models.CharField(max_length=WORDS, blank=True)
    ended_on = models.DateField(null=True)
    ended_reason = models.CharField(max_length=WORDS, blank=True)
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["begun_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(alias=""), name="org_admission_of_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="stopped") | ~Q(ended_reason=""), name="org_admission_stopped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.begun_on}"


class AdmissionStep(models.Model):
    """A step that was done, with its day and document. What was taken back keeps its reason.

    A step outside the rule stands with the citation that was broken and who allowed it, and why.
    """

    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=AdmissionStepKind.choices())
    done_on = models.DateField()
    document = models.CharField(max_length=200, blank=True)
    months = models.PositiveSmallIntegerField(null=True)  # of an extended probation
    exceptions = models.JSONField(default=list)  # [{code, rule, allowed_by, reason}]
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=WORDS, blank=True)

    class Meta:
        ordering = ["done_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["admission", "step"],
                condition=Q(undone_at=None),
                name="org_admission_step_once",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | ~Q(undone_reason=""),
                name="org_admission_step_undone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.done_on}"


class MemberTransfer(models.Model):
    """Members sent by one unit and accepted by another; one of the two may lie elsewhere.

    Until `accepted_on` the sending unit counts them, from it the receiving one: no day is lost.
    """

    dated_by, dated_as = "decided_on", "chuyển sinh hoạt đảng"
    dated_when = ~Q(state__in=["refused", "withdrawn"])
    open_as, open_when = "chuyển sinh hoạt chưa xong", Q(state="sent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=TransferKind.choices())
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="transfers"
    )
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())
    count = models.PositiveSmallIntegerField(default=1)
    from_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="transfers_out"
    )
    to_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="transfers_in"
    )
    elsewhere = models.CharField(max_length=200, blank=True)  # the side outside this register
    decided_on = models.DateField()
    document = models.CharField(max_length=200)
    planned_until = models.DateField(null=True)  # of a stay for a while
    state = models.CharField(max_length=12, choices=TransferState.choices())
    accepted_on = models.DateField(null=True)
    reason = models.CharField(max_length=WORDS, blank=True)
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="returns")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(from_unit__isnull=False) | Q(to_unit__isnull=False))
                & (Q(from_unit=None) | Q(to_unit=None) | ~Q(from_unit=F("to_unit"))),
                name="org_transfer_of_two",
            ),
            models.CheckConstraint(
                condition=Q(from_unit__isnull=False, to_unit__isnull=False) | ~Q(elsewhere=""),
                name="org_transfer_names_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1) & (Q(person=None) | Q(count=1)),
                name="org_transfer_count",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_on__isnull=False)
                | (~Q(state="accepted") & Q(accepted_on=None)),
                name="org_transfer_accepted_on",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn"]) | ~Q(reason=""),
                name="org_transfer_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["from_unit"], name="org_transfer_from"),
            models.Index(fields=["to_unit"], name="org_transfer_to"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.decided_on}"


class AggregateCount(models.Model):
    """Members of a unit by sex, age and the like, as the unit reports them for a day.

    What is reported again replaces what stood, which is kept with the moment it was replaced.
    """

    dated_by, dated_as = "on", "cơ cấu đảng viên"
    dated_when = Q(replaced_at=None)

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="aggregates")
    on = models.DateField()
    dimension = models.CharField(max_length=12)
    value = models.CharField(max_length=40)
    count = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["unit", "on", "dimension", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "on", "dimension", "value"],
                condition=Q(replaced_at=None),
                name="org_aggregate_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.value}: {self.count}"


class PastCount(models.Model):
    """A count of members as it stood until it was written anew. Kept by a database trigger.

    With these rows counts of any day can be told as they were known on any other. Empty days
    (`upper` is `lower`) tell that the row was not there until then.
    """

    follows_register = True

    row_id = models.BigIntegerField(db_index=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    status = models.CharField(max_length=16, choices=MembershipStatus.choices())
    lower = models.DateField()
    upper = models.DateField(null=True)
    count = models.PositiveIntegerField()
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} {self.status} until {self.replaced_at}"


class PastRow(models.Model):
    """A version, parent link or lineage as it stood until it was written anew or taken out.

    Kept by database triggers (sql/known.sql). `said` is None where it was not there until then.
    """

    follows_register = True

    table = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    unit = models.ForeignKey(
        Unit, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    said = models.JSONField(null=True)
    replaced_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(name="org_past_row", fields=["table", "row_id"])]

    def __str__(self) -> str:
        return f"{self.table} {self.row_id} until {self.replaced_at}"
