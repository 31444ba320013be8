"""Why a form is not filled: one coded sentence that names the sheet, the cell and what to do."""

from __future__ import annotations

from vungmanh.core.errors import InputError


def refused(code: str, message: str, place: str = "") -> InputError:
    """A form that is not filled; nothing of it was written."""
    return InputError(message, field="file", place=place, code=f"form-{code}")


def broken() -> InputError:
    """A template whose inside is not what a workbook's inside must be."""
    return refused("broken", "Mẫu bị hỏng, không mở được. Lấy lại mẫu gốc.")


def place_of(sheet: str, cell: str) -> str:
    """Where it stands, for a reader: "ô B5, trang Biểu 1"."""
    return f"ô {cell}, trang {sheet}"


def whole(text: str, most: int) -> int:
    """A number of the file that counts something. Raises InputError for what counts nothing."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) > most:
        raise broken()
    return int(text)


def check_utf8(data: bytes) -> None:
    """Raises InputError for a part whose places could not be found byte by byte."""
    head = data[:200].lower()
    declared = b"encoding=" in head and b"utf-8" not in head
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head or declared:
        raise refused(
            "encoding", "Mẫu không theo bảng mã UTF-8. Mở bằng Excel, lưu lại thành .xlsx."
        )
