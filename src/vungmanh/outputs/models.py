"""Imports: what was dropped in, line by line, so that it can be previewed, committed and undone.
Papers: the number each was given."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.papers import PaperFamily, PaperType


class BatchState(Vocabulary):
    PREVIEW = "preview", "Xem trước"
    COMMITTED = "committed", "Đã ghi"
    UNDONE = "undone", "Đã hoàn tác"


class LineState(Vocabulary):
    NEW = "new", "Mới"
    CHANGED = "changed", "Thay đổi"
    SAME = "same", "Như cũ"
    REFUSED = "refused", "Từ chối"


class ImportBatch(models.Model):
    """One drop of one or many files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=BatchState.choices())
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.state}"


class ImportFile(models.Model):
    """One file of a drop. A file that cannot be read is refused whole, with one sentence."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    layout = models.CharField(max_length=24, blank=True)
    refusal = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="outputs_file_number")
        ]
        indexes = [models.Index(fields=["sha256"], name="outputs_file_hash")]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """One row of a file: what it would do, why not, and what stood there before."""

    dated_as = "dòng đã nhập từ tệp"
    #: What was taken back or not yet written rests on no unit. The line stays without it, and a
    #: preview with such a line can no longer be written.
    follows_register = models.Q(batch__state__in=[BatchState.PREVIEW, BatchState.UNDONE])

    batch = models.ForeignKey(
        ImportBatch, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=80)  # sheet and cell, as a reader finds it
    label = models.CharField(max_length=200)  # the unit as the file names it
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    month = models.DateField(null=True)
    state = models.CharField(max_length=12, choices=LineState.choices())
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="outputs_line_state"),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.state}"


class PaperNumber(models.Model):
    """A number given to a paper of a unit. Numbers of a type run on through a congress term of the
    committee (or a year, for State papers) and begin again with the next."""

    dated_by, dated_as = "on", "số văn bản"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=8, choices=PaperFamily.choices())
    type = models.CharField(max_length=16, choices=PaperType.choices())
    term = models.CharField(max_length=9)  # "2025-2030", or a year
    number = models.PositiveIntegerField()
    on = models.DateField()
    about = models.CharField(max_length=300)
    subject = models.CharField(max_length=120, blank=True)  # model:id:version of what is printed
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["unit", "family", "type", "term", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "family", "type", "term", "number"], name="outputs_paper_number"
            ),
            models.UniqueConstraint(
                fields=["unit", "family", "type", "subject"],
                condition=~models.Q(subject=""),
                name="outputs_paper_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="outputs_paper_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.number} ({self.term})"
