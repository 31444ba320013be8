"""A PDF made anew from its pages: nothing that runs, nothing that tells of people or machines.

Only the pages go over, so that scripts, forms, files inside, the outline and the properties of the
document stay behind. Of the pages, scripts and links of notes are taken out, and what a picture
inside was stamped with by its camera.
"""

from __future__ import annotations

import io
import struct
from typing import Any

from vungmanh.core.errors import InputError

MOST_PAGES = 200
#: Parts of all pages together; a scan has a dozen a page. Beyond, it is no scan but a trap.
MOST_PARTS = 100_000

#: Notes on a page that show something; links, buttons, sounds, films and files are left out.
_SHOWN = {
    "/FreeText", "/Stamp", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly", "/Line",
    "/Square", "/Circle", "/Polygon", "/PolyLine", "/Widget",
}  # fmt: skip
#: What is taken out of any part of a page.
_TOLD = (
    "/Metadata", "/PieceInfo", "/LastModified", "/AA", "/AF", "/JS", "/OpenAction", "/Thumb",
    "/StructParents", "/EF",
)  # fmt: skip
#: And out of a note: what it does, whom it is by, when.
_OF_A_NOTE = ("/A", "/PA", "/Parent", "/Popup", "/T", "/M", "/CreationDate", "/NM", "/RC", "/Dest")


def clean_pdf(data: bytes) -> tuple[bytes, int]:
    """The document and its number of pages. Raises InputError for one that is locked or broken."""
    from pypdf import PdfReader, PdfWriter

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(
                "Tệp PDF có mật khẩu. Mở tệp, in lại ra PDF không mật khẩu rồi đính kèm.",
                field="file",
                code="attachment-locked",
            )
        count = len(reader.pages)
        if not 0 < count <= MOST_PAGES:
            raise InputError(
                f"Tệp PDF có {count} trang; nhận từ 1 đến {MOST_PAGES} trang. Chia tệp ra rồi đính "
                "kèm từng phần.",
                field="file",
                code="attachment-too-large",
            )
        writer, seen = PdfWriter(), set[int]()
        for page in reader.pages:
            _scrub_page(page, seen)
            writer.add_page(page)
        writer.metadata = None
        target = io.BytesIO()
        writer.write(target)
        return target.getvalue(), count
    except InputError:
        raise
    except Exception:  # a broken PDF breaks the reader in any way there is; each means the same
        raise InputError(
            "Tệp PDF bị hỏng, không đọc được. Mở tệp trên máy, in lại ra PDF rồi đính kèm.",
            field="file",
            code="attachment-broken",
        ) from None


def _scrub_page(page: Any, seen: set[int]) -> None:
    from pypdf.generic import ArrayObject, NameObject

    notes = [note.get_object() for note in page.get("/Annots") or []]
    kept = [note for note in notes if note.get("/Subtype") in _SHOWN]
    for note in kept:
        for name in _OF_A_NOTE:
            note.pop(name, None)
    page.pop("/Annots", None)
    page.pop("/Trans", None)
    if kept:
        page[NameObject("/Annots")] = ArrayObject(
            [note.indirect_reference or note for note in kept]
        )
    _scrub_parts(page, seen)


def _scrub_parts(page: Any, seen: set[int]) -> None:
    """Everything that hangs on a page, each part once; without recursion, which a file could
    drive to any depth."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

    todo: list[Any] = [page]
    while todo:
        part = todo.pop()
        if isinstance(part, IndirectObject):
            part = part.get_object()
        if not isinstance(part, (DictionaryObject, ArrayObject)) or id(part) in seen:
            continue
        seen.add(id(part))
        if len(seen) > MOST_PARTS:
            raise ValueError("more parts than pages can have")
        if isinstance(part, ArrayObject):
            todo += part
            continue
        for name in _TOLD:
            part.pop(name, None)
        if isinstance(part, StreamObject) and part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            part._data = without_stamps(part._data)
        todo += [value for name, value in part.items() if name not in {"/Parent", "/P"}]


def without_stamps(jpeg: bytes) -> bytes:
    """A JPEG as it is, pixels untouched, without EXIF, GPS, XMP and remarks of its maker.

    APP0 (the density) and APP14 (how colours are meant) stay; what cannot be followed stays as is
    only from the first byte of the picture on, where no stamps stand any more.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    kept, at = [jpeg[:2]], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == 0xDA:  # the picture itself
            return b"".join([*kept, jpeg[at:]])
        length = 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        if not (0xE1 <= marker <= 0xED or marker in {0xEF, 0xFE}):
            kept.append(jpeg[at : at + length])
        at += length
    raise ValueError("no picture in the JPEG")
