"""Files that go with a record: the photograph of a page, a scan, a PDF.

The bytes are kept in PostgreSQL (docs/decisions/0016): they are written in the same transaction as
the record, stand behind the same wall and are backed up with it. Nothing is kept as it was sent:
`outputs.attachments` makes every file anew, without what tells where and with what it was made.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import Vocabulary


class AttachmentSubject(Vocabulary):
    """What a file goes with."""

    MEETING = "meeting", "Buổi họp"
    TASK = "task", "Việc"
    INSPECTION = "inspection", "Lần kiểm tra, giám sát"


class AttachmentKind(Vocabulary):
    """What a file shows."""

    ROLL_CALL = "roll_call", "Trang điểm danh"
    SCAN = "scan", "Bản chụp, bản quét giấy tờ"
    PHOTO = "photo", "Ảnh"
    PDF = "pdf", "Tài liệu PDF"


class Attachment(models.Model):
    """One file of one record. What is removed leaves this row, with who and why, without content.

    `original_sha256` is that of the file as it was sent, so that the same one sent twice is known.
    """

    dated_as = "tệp đính kèm"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=12, choices=AttachmentSubject.choices())
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=AttachmentKind.choices())
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(null=True)  # of a PDF
    sha256 = models.CharField(max_length=64)
    original_sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    removed_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "original_sha256"],
                condition=Q(removed_at=None),
                name="meetings_attachment_once",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_reason="")
                | (Q(removed_at__isnull=False) & ~Q(removed_reason="")),
                name="meetings_attachment_removed_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "subject_id"], name="meetings_attachment_subject")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.subject} {self.subject_id}"


class AttachmentContent(models.Model):
    """The bytes of one file, apart, so that a list of files does not carry them."""

    attachment = models.OneToOneField(
        Attachment, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    data = models.BinaryField()

    def __str__(self) -> str:
        return str(self.attachment_id)
