"""From a file as it was sent to one that is kept: size, real kind, made anew, then the action."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc, number_vi
from vungmanh.meetings.actions.attachments import add_attachment
from vungmanh.meetings.attaching import CleanFile, check_may_attach
from vungmanh.meetings.models import Attachment
from vungmanh.outputs.attachments.pdfs import clean_pdf
from vungmanh.outputs.attachments.photos import clean_photo
from vungmanh.outputs.attachments.sniff import PDF, media_type_of

MB: Final = 1_000_000
MOST_PHOTO, MOST_PDF = 10 * MB, 20 * MB
_LONGEST_NAME = 120
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


def attach_file(
    *,
    subject: str,
    subject_id: UUID,
    kind: str,
    name: str,
    size: int,
    read: Callable[[], bytes],
    by: Viewer,
    at: dt.datetime,
) -> Attachment:
    """Check, clean and keep one file. Nothing is read of a file that is too large.

    Raises InputError with field "file" or "kind", or what `add_attachment` raises.
    """
    check_may_attach(by, subject, subject_id, localdate(at))
    if size > MOST_PDF:
        raise _too_large(size, MOST_PDF, "tệp PDF" if name.lower().endswith(".pdf") else "ảnh")
    file = clean_file(name, read())
    return add_attachment(
        subject=subject, subject_id=subject_id, kind=kind, file=file, by=by, at=at
    )


def clean_file(name: str, data: bytes) -> CleanFile:
    """The file made anew. Raises InputError, with field "file", for what cannot be kept."""
    media_type = media_type_of(data)
    most = MOST_PDF if media_type == PDF else MOST_PHOTO
    if len(data) > most:
        raise _too_large(len(data), most, "tệp PDF" if media_type == PDF else "ảnh")
    pages = None
    if media_type == PDF:
        content, pages = clean_pdf(data)
    else:
        content, media_type = clean_photo(data, media_type)
    original = hashlib.sha256(data).hexdigest()
    return CleanFile(_name(name, media_type), media_type, content, original, pages)


def _too_large(size: int, most: int, what: str) -> InputError:
    """40 MB: the sentence names both sizes and the way out."""
    out = (
        "Quét ở 150–200 dpi hoặc chia làm nhiều tệp rồi đính kèm lại."
        if what == "tệp PDF"
        else "Chụp lại ở cỡ ảnh nhỏ hơn rồi đính kèm lại."
    )
    actual = most if what == "tệp PDF" else MOST_PHOTO
    return InputError(
        f"{what.capitalize()} nặng {number_vi(size / MB)} MB; nhận nhiều nhất "
        f"{number_vi(actual / MB)} MB. {out} Phần đã ghi của buổi họp vẫn còn.",
        field="file",
        code="attachment-too-large",
    )


def _name(name: str, media_type: str) -> str:
    """What a person reads: the last part, without unseen marks, with its true ending."""
    last = PurePosixPath(nfc(name).replace("\\", "/")).name
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem = re.sub(r"\s+", " ", PurePosixPath(seen).stem).strip(" .") or "tep"
    ending = _EXTENSIONS[media_type]
    return stem[: _LONGEST_NAME - len(ending)] + ending
