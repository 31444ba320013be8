"""What kind of file this is, and whether it may be opened at all.

Everything here looks at the outside of a file: first bytes, the directory of the archive, declared
sizes. Nothing is unpacked before the declared sizes are known to be sane, and what is read later
goes through `zipfile`, which never gives more than was declared.
"""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum

from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi

MAX_BYTES = 50_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 200
MAX_ROWS = 200_000
MAX_COLUMNS = 500
MAX_CELLS = 6_000_000  # of all sheets: each is laid out in full, a stray far cell costs memory

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_STRAY = 0.1  # zeros among the first bytes of a text that may be slips
_SMALL = 1_000_000  # below this, any ratio is harmless


class FileKind(StrEnum):
    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    CSV = "csv"


def refusal(code: str, message: str) -> InputError:
    """A whole file refused with one sentence."""
    return InputError(message, field="file", code=f"workbook-{code}")


def broken() -> InputError:
    return refusal(
        "broken",
        "Tệp bị hỏng, không mở được. Mở tệp bằng Excel, lưu lại thành .xlsx rồi nạp lại.",
    )


def too_large() -> InputError:
    return refusal(
        "too-large",
        f"Bảng quá lớn (nhiều nhất {number_vi(MAX_ROWS)} dòng, {MAX_COLUMNS} cột): "
        "xóa các dòng, cột thừa hoặc tách thành nhiều tệp rồi nạp lại.",
    )


def kind_of(data: bytes, name: str) -> FileKind:
    """The kind of a file by its content, whatever its name says.

    Raises InputError for what may not be opened: empty, huge, protected, with macros, a zip bomb,
    or not a workbook.
    """
    if not data:
        raise refusal("empty", "Tệp rỗng, không có dữ liệu. Chọn lại đúng tệp.")
    if len(data) > MAX_BYTES:
        raise refusal(
            "too-large",
            f"Tệp nặng {number_vi(len(data) / 1e6)} MB, quá mức {MAX_BYTES // 1_000_000} MB: "
            "tách thành nhiều tệp rồi nạp lại.",
        )
    if data.startswith(_OLE):
        return _old_excel(data)
    if data.startswith(_ZIP):
        return _archive(data)
    if data.startswith(b"PK"):
        raise broken()
    return _text(data, name)


def _old_excel(data: bytes) -> FileKind:
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise _protected()
    if _utf16("_VBA_PROJECT_CUR") in data or _utf16("_VBA_PROJECT") in data:
        raise _macros()
    if _utf16("Workbook") in data or _utf16("Book") in data:
        return FileKind.XLS
    raise _not_a_workbook()


def _archive(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            manifest = _small_entry(archive, "META-INF/manifest.xml")
            mimetype = _small_entry(archive, "mimetype")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        raise broken() from None
    _refuse_bomb(entries, len(data))
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries) or b"encryption-data" in manifest:
        raise _protected()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if mimetype.strip().startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        if any(name.startswith(("Basic/", "Scripts/")) for name in names):
            raise _macros()
        return FileKind.ODS
    raise _not_a_workbook()


def _refuse_bomb(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    bloated = unpacked > _SMALL and unpacked > MAX_RATIO * size
    # Two entries over the same bytes are another way to make little data look like much.
    starts = [entry.header_offset for entry in entries]
    if unpacked > MAX_UNPACKED or bloated or len(set(starts)) < len(starts):
        raise refusal(
            "bomb",
            "Tệp nén bất thường (mở ra lớn hơn nhiều lần), không nạp để giữ an toàn: "
            "chép dữ liệu sang một bảng tính mới rồi nạp lại.",
        )


def _small_entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """The start of an entry, or nothing when it is absent."""
    try:
        with archive.open(name) as entry:
            return entry.read(1_000_000)
    except KeyError:
        return b""


def _text(data: bytes, name: str) -> FileKind:
    head = data[:4096]
    known_unicode = head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"))
    if head.lstrip()[:5].lower() in {b"<html", b"<!doc", b"<?xml", b"{\\rtf", b"%pdf-"}:
        raise _not_a_workbook()
    is_named_text = name.lower().endswith((".csv", ".txt", ".tsv"))
    if not known_unicode and not is_named_text:
        raise _not_a_workbook()
    # A zero that slipped into a text is dropped with its cell; a picture renamed .csv is full of
    # them, and text in UTF-16 without its mark has one in about every second byte.
    if not known_unicode and _zeros(data) > _STRAY and not is_bare_utf16(data):
        raise _not_a_workbook()
    return FileKind.CSV


def is_bare_utf16(data: bytes) -> bool:
    """Whether bytes look like text in UTF-16 without its mark."""
    return 0.2 < _zeros(data) < 0.6


def _zeros(data: bytes) -> float:
    """The share of zeros among the first bytes."""
    head = data[:4096]
    return head.count(b"\0") / max(len(head), 1)


def _protected() -> InputError:
    return refusal(
        "protected",
        "Tệp đặt mật khẩu nên không đọc được: mở bằng Excel, bỏ mật khẩu, lưu lại rồi nạp lại.",
    )


def _macros() -> InputError:
    return refusal(
        "macros",
        "Tệp có macro nên không được nạp: lưu lại thành .xlsx (không macro) rồi nạp lại.",
    )


def _not_a_workbook() -> InputError:
    return refusal(
        "not-a-workbook",
        "Đây không phải bảng tính. Hãy chọn tệp Excel (.xlsx, .xls), LibreOffice (.ods) hoặc CSV.",
    )


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
