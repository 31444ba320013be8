"""What `attachments/list.html` shows of the files of one record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from vungmanh.access.viewer import Viewer
from vungmanh.core.text import NBSP, number_vi
from vungmanh.meetings.attaching import MOST_FILES, attachments_of, record_visible, why_not_attach
from vungmanh.meetings.models import Attachment, AttachmentKind, AttachmentSubject
from vungmanh.outputs.attachments.attach import MOST_PDF, MOST_PHOTO

#: Where the files of a record are added: url name and the name of its parameter.
ADDRESSES = {
    AttachmentSubject.MEETING: ("attachment_add", "meeting_id"),
    AttachmentSubject.TASK: ("task_attachments", "task_id"),
    AttachmentSubject.INSPECTION: ("inspection_attachments", "inspection_id"),
}


@dataclass(frozen=True)
class FileRow:
    """One file: what it is, who added it, and where to get it or take it out."""

    name: str
    kind: str
    size: str
    added_at: dt.datetime
    added_by: str
    href: str
    remove_href: str = ""
    removed_at: dt.datetime | None = None
    removed_by: str = ""
    removed_reason: str = ""


@dataclass(frozen=True)
class Files:
    """The part of a page about the files of one record. `why_not` is empty for a mere reader."""

    rows: list[FileRow]
    removed: list[FileRow]
    add_href: str
    may_add: bool
    why_not: str
    kinds: list[tuple[str, str]]
    chosen: str
    problem: str
    most_photo: int
    most_pdf: int

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= MOST_FILES


def files_of(
    viewer: Viewer,
    subject: str,
    subject_id: UUID,
    on: dt.date,
    *,
    problem: str = "",
    chosen: str = "",
) -> Files:
    """For the page of a record that the viewer sees: include `attachments/list.html` with it as
    `files`. `on` is the day of whoever looks. Raises NotFound out of sight."""
    record_visible(viewer, subject, subject_id, on)
    why_not = why_not_attach(viewer, subject, subject_id, on)
    may_add = why_not is None
    found = [_row(one, may_add) for one in attachments_of(subject, subject_id)]
    name, parameter = ADDRESSES[AttachmentSubject(subject)]
    return Files(
        rows=[row for row in found if row.removed_at is None],
        removed=[row for row in found if row.removed_at is not None],
        add_href=reverse(name, kwargs={parameter: subject_id}),
        may_add=may_add,
        why_not=why_not or "",
        kinds=[(kind.value, kind.label) for kind in AttachmentKind],
        chosen=chosen or AttachmentKind.ROLL_CALL,
        problem=problem,
        most_photo=MOST_PHOTO,
        most_pdf=MOST_PDF,
    )


def _row(one: Attachment, may_remove: bool) -> FileRow:
    gone = one.removed_at is not None
    return FileRow(
        name=one.name,
        kind=AttachmentKind(one.kind).label,
        size=size_words(one.size, one.pages),
        added_at=one.added_at,
        added_by=str(one.added_by or ""),
        href="" if gone else reverse("attachment", kwargs={"attachment_id": one.pk}),
        remove_href=reverse("attachment_remove", kwargs={"attachment_id": one.pk})
        if may_remove and not gone
        else "",
        removed_at=one.removed_at,
        removed_by=str(one.removed_by or ""),
        removed_reason=one.removed_reason,
    )


def size_words(size: int, pages: int | None) -> str:
    """ "420 kB", or "1,2 MB, 3 trang"."""
    words = f"{number_vi(size / 1e6)}{NBSP}MB" if size >= 1e6 else f"{-(-size // 1000)}{NBSP}kB"
    return words if pages is None else _("%(size)s, %(n)s trang") % {"size": words, "n": pages}


def finding(files: Files) -> str:
    """The sentence of the page of files."""
    if not files.rows:
        return _("Chưa có tệp đính kèm.")
    return _("Có %s tệp đính kèm.") % number_vi(len(files.rows))
