"""The text of one document: .txt in UTF-8, or .docx with its paragraphs and tables in order."""

from __future__ import annotations

import zipfile
from pathlib import Path

from vungmanh.core.errors import InputError

SUFFIXES = (".txt", ".docx")
MOST_BYTES, MOST_UNPACKED = 20_000_000, 100_000_000


def text_of_file(path: Path) -> str:
    """The text of a document. Raises InputError with the name of the file and what to do."""
    if path.stat().st_size > MOST_BYTES:
        raise _wrong(path, "too-large", "lớn hơn 20 MB. Bỏ ảnh trong tệp rồi lưu lại.")
    if path.suffix.lower() == ".docx":
        return _word(path)
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(
            path,
            "file-encoding",
            "không phải UTF-8, chữ Việt sẽ sai. Mở bằng Notepad, chọn Lưu thành, bảng mã UTF-8.",
        ) from error


def _word(path: Path) -> str:
    import docx
    from docx.table import Table
    from lxml.etree import XMLSyntaxError

    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise _wrong(path, "too-large", "bung ra quá lớn. Bỏ ảnh trong tệp rồi lưu lại.")
        parts = []
        for part in docx.Document(str(path)).iter_inner_content():
            if isinstance(part, Table):
                parts += [" ".join(cell.text for cell in row.cells) for row in part.rows]
            else:
                parts.append(part.text)
    except (zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise _wrong(
            path,
            "file-unreadable",
            "không phải tệp Word .docx, hoặc tệp đã hỏng. Mở bằng Word, lưu lại thành .docx.",
        ) from error
    return "\n".join(parts)


def _wrong(path: Path, code: str, words: str) -> InputError:
    return InputError(f"{path.name}: {words}", place=path.name, code=code)
