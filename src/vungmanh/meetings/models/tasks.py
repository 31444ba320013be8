"""Resolutions, what is sent down of them, and the tasks that carry them out.

A province resolution and its thousand local tasks stay linked: a `Task` keeps the task above it
(`origin`) and the resolution it serves; a `Receipt` tells who was sent a resolution and whether it
was received, so that *not received* is never read as *not done*.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import FiledVia, ResolutionKind, ResolutionState, TaskState

TITLE, LINE, OWNER, NOTE = 300, 300, 120, 600  # the longest of each


class Resolution(models.Model):
    """A resolution, a plan, or guidance from above: number, text, vote, and how it ended.

    `origin` is the higher one that it applies; it stays whatever is sent further down. `ended_on`
    and `end_reason` say when and why it is in force no longer.
    """

    dated_by, dated_as = "adopted_on", "nghị quyết, kế hoạch"
    open_as, open_when = "nghị quyết, kế hoạch đang thực hiện", Q(state="in_force")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="resolutions")
    kind = models.CharField(max_length=12, choices=ResolutionKind.choices())
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=TITLE)
    title_fold = models.CharField(max_length=TITLE + 80)  # core.text.fold of number and title
    text = models.TextField(blank=True)
    adopted_on = models.DateField()
    meeting = models.ForeignKey(  # the sitting that voted it
        "meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="resolutions"
    )
    vote_for = models.PositiveSmallIntegerField(null=True)
    vote_base = models.PositiveSmallIntegerField(null=True)  # who had a vote, present or not
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="applied_by"
    )
    state = models.CharField(max_length=12, choices=ResolutionState.choices())
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=LINE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-adopted_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(vote_for=None, vote_base=None)
                | Q(vote_base__gt=0, vote_for__gte=0, vote_for__lte=F("vote_base")),
                name="meetings_resolution_vote",
            ),
            models.CheckConstraint(
                condition=Q(state="in_force", ended_on=None, end_reason="")
                | Q(state="done", ended_on__isnull=False)
                | (Q(state="ended", ended_on__isnull=False) & ~Q(end_reason="")),
                name="meetings_resolution_end",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("adopted_on")),
                name="meetings_resolution_days",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "adopted_on"], name="meetings_resolution_unit"),
            GinIndex(
                name="meetings_resolution_fold",
                fields=["title_fold"],
                opclasses=["gin_trgm_ops"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class Receipt(models.Model):
    """A resolution sent to one unit. `received_at` null: sent, not yet received.

    `asked` are the ids of the sender's tasks that the receiver is to do; where they were not handed
    over at once, receiving makes them the receiver's own.
    """

    dated_by, dated_as = "sent_on", "văn bản cấp trên gửi"
    open_as, open_when = "văn bản cấp trên gửi chưa nhận", Q(received_at=None)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="receipts")
    sent_from = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="receipts_sent"
    )
    sent_on = models.DateField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked = models.JSONField(default=list)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["sent_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["resolution", "unit"], name="meetings_receipt_once"),
            models.CheckConstraint(
                condition=Q(received_at=None, received_by=None) | Q(received_at__isnull=False),
                name="meetings_receipt_received",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resolution_id} to {self.unit_id}"


class Task(models.Model):
    """What one unit is to do: by whom, until when, and what must come of it.

    It ends done, with its proof, or dropped, with its reason; `ended_on` is the day of either. The
    term never moves: how often a task was carried counts from it. `revision` counts every change;
    each is a TaskStep. The id may be made by a phone.
    """

    dated_by, dated_as = "given_on", "việc được giao"
    open_as, open_when = "việc đang làm", Q(state="open")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="tasks")
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="local")
    meeting = models.ForeignKey(  # given at this sitting, whose record may come from a phone later
        "meetings.Meeting",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="tasks_given",
    )
    inspection = models.ForeignKey(  # what was found there is to be put right
        "meetings.Inspection", on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    visit = models.ForeignKey(  # what an overseer found
        "meetings.Visit", on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    title = models.CharField(max_length=TITLE)
    title_fold = models.CharField(max_length=TITLE + OWNER + 1)  # fold of title and owner
    owner = models.CharField(max_length=OWNER)  # a post, or a name where the committee uses names
    due_on = models.DateField()
    output = models.CharField(max_length=LINE)  # what must come of it
    given_on = models.DateField()
    state = models.CharField(max_length=8, choices=TaskState.choices(), default=TaskState.OPEN)
    percent = models.PositiveSmallIntegerField(null=True)  # as last reported; null: not said
    note = models.CharField(max_length=NOTE, blank=True)  # the last word on how it stands
    proof = models.CharField(max_length=NOTE, blank=True)
    ended_on = models.DateField(null=True)
    drop_reason = models.CharField(max_length=LINE, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", ended_on=None, drop_reason="")
                | (Q(state="done", ended_on__isnull=False, drop_reason="") & ~Q(proof=""))
                | (Q(state="dropped", ended_on__isnull=False) & ~Q(drop_reason="")),
                name="meetings_task_end",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("given_on"))
                & (Q(ended_on=None) | Q(ended_on__gte=F("given_on"))),
                name="meetings_task_days",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="meetings_task_percent"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(output="") & ~Q(owner=""),
                name="meetings_task_says_what",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due_on"], name="meetings_task_unit"),
            models.Index(fields=["unit"], condition=Q(state="open"), name="meetings_task_open"),
            GinIndex(name="meetings_task_fold", fields=["title_fold"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.title


class TaskStep(models.Model):
    """One change of a task with every value it changed, from and to. Append-only."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    revision = models.PositiveIntegerField()
    fields = models.JSONField(default=dict)  # name → [was, now]
    state = models.CharField(max_length=8, choices=TaskState.choices())  # after it
    reason = models.CharField(max_length=LINE, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    via = models.CharField(max_length=8, choices=FiledVia.choices())

    class Meta:
        ordering = ["task", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["task", "revision"], name="meetings_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.revision} {self.state}"
