"""Imports: what was dropped in, line by line, so that it can be previewed, committed and undone.
Papers: the number, day and signer each was given, and the congress terms numbers run through."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Vocabulary
from vungmanh.outputs.members.models import MemberHeading, MemberLine, MemberList  # noqa: F401
from vungmanh.outputs.supplied.models import SuppliedForm  # noqa: F401
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType, SigningCapacity


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


class CongressTerm(models.Model):
    """From which day the numbers of a unit's papers count in a congress term: that of its congress.
    Where none is recorded, the rule `congress_terms` says."""

    dated_by, dated_as = "began_on", "nhiệm kỳ đã ghi"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=9)  # "2025-2030"
    began_on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["unit", "began_on"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="outputs_term_once"),
            models.UniqueConstraint(fields=["unit", "began_on"], name="outputs_term_day"),
        ]

    def __str__(self) -> str:
        return f"{self.name} from {self.began_on:%Y-%m-%d}"


class PaperNumber(models.Model):
    """A paper of a unit as it was issued: number, day and who signs. Numbers of a type run on
    through a congress term of the committee (or a year, for State papers) and begin again with the
    next. A form has no number. What is cancelled stays, and its number is given to nobody else."""

    dated_by, dated_as = "on", "số văn bản"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    family = models.CharField(max_length=8, choices=PaperFamily.choices())
    type = models.CharField(max_length=16, choices=PaperType.choices())
    term = models.CharField(max_length=9)  # "2025-2030", or a year
    number = models.PositiveIntegerField(null=True)
    document = models.CharField(max_length=60, blank=True)  # "05-NQ/ĐU", as it is printed
    on = models.DateField()
    about = models.CharField(max_length=300)
    search = models.CharField(max_length=400, blank=True)  # core.text.fold of document and about
    subject = models.CharField(max_length=120, blank=True)  # what is printed; "" for what is not
    is_outside = models.BooleanField(default=False)  # given on paper, entered so that none is twice
    body = models.CharField(max_length=20, choices=PaperBody.choices(), blank=True)
    capacity = models.CharField(max_length=16, choices=SigningCapacity.choices(), blank=True)
    signed_for = models.CharField(max_length=120, blank=True)
    signer_role = models.CharField(max_length=120, blank=True)
    signer_name = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["unit", "family", "type", "term", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "family", "type", "term", "number"], name="outputs_paper_number"
            ),
            models.UniqueConstraint(
                fields=["unit", "family", "type", "subject"],
                condition=~models.Q(subject="") & models.Q(cancelled_at=None),
                name="outputs_paper_subject",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="outputs_paper_from_one"
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None, cancel_reason="")
                | (models.Q(cancelled_at__isnull=False) & ~models.Q(cancel_reason="")),
                name="outputs_paper_cancelled_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-on"], name="outputs_paper_register")]

    def __str__(self) -> str:
        return f"{self.type} {self.number} ({self.term})"
