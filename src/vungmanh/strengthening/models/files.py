"""The file of a chosen unit: from the decision to the end of its hold, nothing ever rubbed out."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.programme_words import (
    CourseState,
    EvidenceTier,
    FileAct,
    FileState,
    MeasureState,
    ReviewKind,
)
from vungmanh.strengthening.models.programmes import Programme
from vungmanh.strengthening.models.selections import Choice

LINE, REASON, TEXT = 300, 500, 2000  # the longest of each
OVER = ("closed", "relapsed", "ended", "withdrawn")  # states in which nothing is left to do


class SupportFile(models.Model):
    """One unit being strengthened. `exit_rule` and `exit_terms` are fixed on the day of entry.

    `handler` is the committee whose staff follow it, `approver` the one that decides. `entry` keeps
    the figures and reasons at entry, `path` the course that its diagnosis lets expect. The label
    "in focused support" is restricted and ends on `label_until`. A named `reviewer` owes the review
    `review_kind` by `review_due`. `line`: the units that it was carried over from, oldest first,
    each with the first day of the next ({"unit", "until"}).
    """

    dated_by, dated_as = "entered_on", "hồ sơ củng cố"
    open_as = "hồ sơ củng cố đang mở"
    open_when = ~Q(state__in=OVER)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="files")
    choice = models.OneToOneField(Choice, on_delete=models.PROTECT, related_name="file")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="support_files")
    handler = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(  # the file it takes up again: a relapse, or of a unit that ended
        "self", on_delete=models.PROTECT, null=True, related_name="followed_by"
    )
    entered_on = models.DateField()
    state = models.CharField(max_length=16, choices=FileState.choices())
    entry = models.JSONField(default=dict)
    exit_rule = models.CharField(max_length=120)
    exit_terms = models.JSONField(default=dict)
    path = models.JSONField(default=dict)
    reviewer = models.ForeignKey(  # named when the course falls below what was expected
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    review_kind = models.CharField(max_length=8, choices=ReviewKind.choices(), blank=True)
    review_due = models.DateField(null=True)
    line = models.JSONField(default=list)
    exited_on = models.DateField(null=True)
    hold_until = models.DateField(null=True)
    label_until = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    revision = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-entered_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=~Q(state__in=OVER),
                name="strengthening_one_open_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="holding")
                | Q(exited_on__isnull=False, hold_until__gt=F("exited_on")),
                name="strengthening_file_hold",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OVER) | Q(ended_on__gte=F("entered_on")),
                name="strengthening_file_ended",
            ),
        ]
        indexes = [models.Index(fields=["state"], name="strengthening_file_state")]

    @property
    def state_now(self) -> FileState:
        """The state as a word of the table."""
        return FileState(self.state)

    @property
    def begun_on(self) -> dt.date:
        """From when its figures are those of the unit it is of now."""
        if not self.line:
            return self.entered_on
        return dt.date.fromisoformat(self.line[-1]["until"])

    def __str__(self) -> str:
        return f"{self.unit_id} {self.entered_on} {self.state}"


class FileEntry(models.Model):
    """One act on a file, with what was said. Append-only; `number` counts over its whole life."""

    file = models.ForeignKey(SupportFile, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=20, choices=FileAct.choices())
    state = models.CharField(max_length=16, choices=FileState.choices())  # after it
    on = models.DateField()
    reason = models.CharField(max_length=REASON, blank=True)
    content = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="strengthening_entry_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number} {self.act}"


class FileCause(models.Model):
    """A cause that the diagnosis names, with its evidence. `links`: [{"kind", "id"}] of records.

    Verified on site by a visit, seen by a second pair of eyes; withdrawn with a reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(SupportFile, on_delete=models.PROTECT, related_name="causes")
    cause = models.CharField(max_length=40)  # code of the rulebook's catalogue
    evidence = models.CharField(max_length=TEXT, blank=True)
    links = models.JSONField(default=list)
    document = models.CharField(max_length=200, blank=True)  # concluded elsewhere: pointer only
    verified_on = models.DateField(null=True)
    verified_visit = models.UUIDField(null=True)
    second_opinion = models.CharField(max_length=TEXT, blank=True)
    second_agrees = models.BooleanField(null=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    on_behalf = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=REASON, blank=True)

    class Meta:
        ordering = ["file", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "cause"],
                condition=Q(withdrawn_at=None),
                name="strengthening_cause_once",
            ),
            models.CheckConstraint(
                condition=~Q(evidence="") | ~Q(document=""), name="strengthening_cause_evidence"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.cause}"


class FileMeasure(models.Model):
    """What is done for a file: by whom, until when, what must come of it, and its proof.

    `proof` names the record that shows it was done ({"kind", "id"}), as its type in the catalogue
    asks; `proof_text` says what no record can.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(SupportFile, on_delete=models.PROTECT, related_name="measures")
    kind = models.CharField(max_length=40)  # code of the rulebook's catalogue
    causes = models.JSONField(default=list)  # codes of the causes it answers
    text = models.CharField(max_length=LINE, blank=True)
    owner = models.CharField(max_length=120)
    starts_on = models.DateField()
    due_on = models.DateField()
    output = models.CharField(max_length=LINE)
    tier = models.CharField(max_length=8, choices=EvidenceTier.choices())
    state = models.CharField(max_length=8, choices=MeasureState.choices())
    ended_on = models.DateField(null=True)
    proof = models.JSONField(default=dict)
    proof_text = models.CharField(max_length=600, blank=True)
    drop_reason = models.CharField(max_length=REASON, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["file", "due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("starts_on")), name="strengthening_measure_days"
            ),
            models.CheckConstraint(
                condition=~Q(owner="") & ~Q(output=""), name="strengthening_measure_says_what"
            ),
            models.CheckConstraint(
                condition=Q(state="planned", ended_on=None, drop_reason="")
                | Q(state="done", ended_on__isnull=False, drop_reason="")
                | (Q(state="dropped", ended_on__isnull=False) & ~Q(drop_reason="")),
                name="strengthening_measure_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind}"


class Handover(models.Model):
    """A file offered by one committee's staff to another's, and the answer with its reason."""

    open_as, open_when = "hồ sơ củng cố chờ nhận chuyển giao", Q(answered_at=None)
    dated_as = "chuyển giao hồ sơ củng cố"

    file = models.ForeignKey(SupportFile, on_delete=models.PROTECT, related_name="handovers")
    from_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")  # to whom
    reason = models.CharField(max_length=REASON)
    open_findings = models.JSONField(default=list)  # what was open when it was offered
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=REASON, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["file", "at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(answered_at=None),
                name="strengthening_one_open_handover",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id} to {self.unit_id}"


class FileMonth(models.Model):
    """How a file stood at the end of a month, written by the program after each assessment.

    Percent held of what was due in the last three months beside the path; `missed`: meetings held
    without an overseer who was to attend, `missed_by` of whom and where ({"user", "unit", "n"});
    `late`: measures past their day; `leaving`: whether the terms were met, while leaving is near.
    """

    file = models.ForeignKey(SupportFile, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    course = models.CharField(max_length=8, choices=CourseState.choices())
    actual = models.FloatField(null=True)
    expected = models.FloatField(null=True)
    is_slow = models.BooleanField()
    missed = models.PositiveIntegerField()
    missed_by = models.JSONField(default=list)
    late = models.PositiveIntegerField()
    leaving = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["file", "month"]
        constraints = [
            models.UniqueConstraint(fields=["file", "month"], name="strengthening_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.month:%Y-%m} {self.course}"
