"""Adding a file to a record, and taking it out again with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vungmanh.access.ledger import record
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc
from vungmanh.meetings.attaching import (
    MOST_FILES,
    CleanFile,
    attachment_visible,
    check_may_attach,
    standing,
)
from vungmanh.meetings.models import Attachment, AttachmentContent, AttachmentKind
from vungmanh.org.turns import beside_register

PDF = "application/pdf"


@transaction.atomic
def add_attachment(
    *, subject: str, subject_id: UUID, kind: str, file: CleanFile, by: Viewer, at: dt.datetime
) -> Attachment:
    """Keep a file with its record. The same file sent twice is kept once.

    Raises NotAllowed, NotFound or NotNow for the record, InputError for the kind or one too many.
    """
    beside_register()
    found = check_may_attach(by, subject, subject_id, localdate(at))
    if kind not in {one.value for one in AttachmentKind}:
        raise InputError("Chọn tệp này là gì.", field="kind")
    there = Attachment.objects.filter(standing(subject, subject_id))
    known = there.filter(original_sha256=file.original_sha256).first()
    if known is not None:
        return known
    if there.count() >= MOST_FILES:
        raise InputError(
            f"Mỗi nơi đính kèm nhiều nhất {MOST_FILES} tệp. Gộp các trang vào một tệp PDF, hoặc bỏ "
            "tệp thừa.",
            field="file",
        )
    made = Attachment(
        unit_id=found.unit_id,
        subject=subject,
        subject_id=subject_id,
        kind=_kind_of(kind, file),
        name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        pages=file.pages,
        sha256=hashlib.sha256(file.content).hexdigest(),
        original_sha256=file.original_sha256,
        added_at=at,
        added_by=by.user,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # the same file, sent by somebody else at the same moment
        return there.get(original_sha256=file.original_sha256)
    AttachmentContent.objects.create(attachment=made, data=file.content)
    record(
        "attachment.added",
        by=by.user,
        at=at,
        subject=f"{subject}:{subject_id}",
        data={
            "attachment": str(made.pk),
            "kind": made.kind,
            "size": made.size,
            "sha256": made.sha256,
        },
        personal={"name": made.name},
    )
    return made


def _kind_of(kind: str, file: CleanFile) -> str:
    """A PDF is no photograph and a picture no PDF, whatever was ticked."""
    if file.media_type == PDF and kind == AttachmentKind.PHOTO:
        return AttachmentKind.PDF
    if file.media_type != PDF and kind == AttachmentKind.PDF:
        return AttachmentKind.SCAN
    return kind


@transaction.atomic
def remove_attachment(
    *, attachment_id: UUID, reason: str, by: Viewer, at: dt.datetime
) -> Attachment:
    """Take a file out: its content goes, who, when and why stay."""
    today = localdate(at)
    found = attachment_visible(by, attachment_id, today)
    check_may_attach(by, found.subject, found.subject_id, today)
    why = nfc(reason.strip())
    if not why:
        raise InputError("Ghi vì sao bỏ tệp này, một câu là đủ.", field="reason")
    if len(why) > 300:
        raise InputError("Lý do dài quá 300 chữ cái; rút gọn lại.", field="reason")
    AttachmentContent.objects.filter(pk=found.pk).delete()
    found.removed_at, found.removed_by, found.removed_reason = at, by.user, why
    found.save(update_fields=["removed_at", "removed_by", "removed_reason"])
    record(
        "attachment.removed",
        by=by.user,
        at=at,
        subject=f"{found.subject}:{found.subject_id}",
        data={"attachment": str(found.pk), "kind": found.kind, "sha256": found.sha256},
        personal={"name": found.name, "reason": why},
    )
    return found
