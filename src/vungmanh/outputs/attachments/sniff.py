"""What a file really is, by its first bytes; never by its name or by what the sender claims."""

from __future__ import annotations

from vungmanh.core.errors import InputError

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"

_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_PDF_WITHIN = 1024  # a PDF may begin after some rubbish


def media_type_of(data: bytes) -> str:
    """One of the four kinds that are kept. Raises InputError with what to do for any other."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return PDF
    raise InputError(_why_not(data), field="file", code="attachment-type")


def _why_not(data: bytes) -> str:
    if not data:
        return "Tệp rỗng. Chọn lại tệp, hoặc chụp lại."
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return (
            "Ảnh HEIC của iPhone chưa đọc được ở đây. Vào Cài đặt, Camera, Định dạng, chọn “Tương "
            "thích nhất” rồi chụp lại; hoặc đổi ảnh sang JPEG rồi đính kèm."
        )
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        return "Tệp Word, Excel hoặc tệp nén không đính kèm được. In ra PDF rồi đính kèm tệp PDF."
    return "Chỉ đính kèm được ảnh JPEG, PNG, WEBP hoặc tệp PDF. Chụp lại ảnh, hoặc in ra PDF."
