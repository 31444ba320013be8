"""Minutes from a folder of documents or from a table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vungmanh.core.errors import InputError
from vungmanh.core.text import nfc, number_vi, same_words_key
from vungmanh.outputs.folders.problems import Problems
from vungmanh.outputs.folders.sources import (
    BOOK_SUFFIXES,
    SUFFIXES,
    Source,
    open_book,
    open_file,
)
from vungmanh.outputs.texts.documents import SUFFIXES as DOCUMENTS
from vungmanh.outputs.texts.documents import text_of_file

#: Columns of a table with the headings people write; the first three must be there.
COLUMNS = {
    "unit": ("unit", "đơn vị", "chi bộ", "mã đơn vị", "tên chi bộ", "tên đơn vị"),
    "month": ("month", "tháng", "kỳ", "kỳ họp"),
    "text": ("text", "nội dung", "biên bản", "văn bản", "nội dung biên bản"),
    "filed_on": ("filed_on", "ngày nộp", "ngày gửi", "nộp ngày"),
}
NEEDED = ("unit", "month", "text")
_NAME = re.compile(r"(?P<unit>.+)_(?P<month>\d{4}-\d{1,2}|\d{1,2}-\d{4})")
_MONTH = re.compile(r"(?:(\d{4})[-/.](\d{1,2})(?:[-/.]\d{1,2})?|(\d{1,2})[-/.](\d{4}))")
_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))")


@dataclass
class Texts:
    """n minutes as read. `filed_on`: None where it is not told; `place`: where each stands."""

    source: str
    unit: list[str] = field(default_factory=list)
    month: list[dt.date] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    filed_on: list[dt.date | None] = field(default_factory=list)
    place: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.unit)

    def add(
        self, place: str, *, unit: str, month: dt.date, text: str, filed: dt.date | None
    ) -> None:
        self.place.append(place)
        self.unit.append(_words(unit))
        self.month.append(month)
        self.text.append(text)
        self.filed_on.append(filed)


def read_texts(source: Path) -> Texts:
    """The minutes of a folder or a table, empty ones left out and counted in `notes`.

    Raises InputError with every fault found: file, line, column, and what to do.
    """
    if source.is_dir():
        found = _folder(source)
    elif source.is_file():
        found = _table(source)
    else:
        raise InputError(
            f"Không có {source}. Kiểm tra lại đường dẫn.", place=str(source), code="no-source"
        )
    if not found.unit:
        raise InputError(
            f"{source.name}: không có biên bản nào có chữ, nên không có gì để so.",
            place=source.name,
            code="nothing-to-compare",
        )
    return found


def read_templates(path: Path) -> list[str]:
    """Forms and texts from above: one document, or all documents of a folder."""
    if not path.exists():
        raise InputError(
            f"Không có {path}. Kiểm tra lại đường dẫn.", place=str(path), code="no-source"
        )
    files = _documents(path) if path.is_dir() else [path]
    wrong = [one.name for one in files if one.suffix.lower() not in DOCUMENTS]
    if wrong or not files:
        raise InputError(
            f"{path.name}: mẫu và văn bản cấp trên phải là tệp .txt hoặc .docx.",
            place=path.name,
            code="no-template",
        )
    return [text_of_file(one) for one in files]


def month_from(said: Any) -> dt.date | None:
    """The first day of a month written as 2026-05, 05/2026 or a day in it; None otherwise."""
    if isinstance(said, dt.date):
        return dt.date(said.year, said.month, 1)
    day = day_from(said)
    match = _MONTH.fullmatch(str(said).strip())
    if match is None:
        return day and day.replace(day=1)
    year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
    return _date(int(year), int(month), 1)


def day_from(said: Any) -> dt.date | None:
    """A day written as 2026-05-31 or 31/05/2026; None otherwise."""
    if isinstance(said, dt.datetime):
        return said.date()
    if isinstance(said, dt.date):
        return said
    match = _DAY.fullmatch(str(said).strip())
    if match is None:
        return None
    parts = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    return _date(*(int(part) for part in parts))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


# --- a folder --------------------------------------------------------------------------------


def _folder(folder: Path) -> Texts:
    found, problems = Texts(folder.name), Problems()
    unread: list[str] = []
    blank = 0
    for path in _documents(folder, unread):
        match = _NAME.fullmatch(nfc(path.stem))
        month = month_from(match["month"]) if match else None
        if match is None or month is None:
            problems.add(
                path.name,
                "file-name",
                "tên tệp phải là đơn-vị_tháng, ví dụ “Chi bộ Nà Pài_2026-05.docx”. Đổi tên tệp.",
            )
            continue
        try:
            text = text_of_file(path)
        except InputError as error:
            problems.add(path.name, error.code, error.message.removeprefix(f"{path.name}: "))
            continue
        if not text.strip():
            blank += 1
            continue
        found.add(path.name, unit=match["unit"], month=month, text=text, filed=None)
    problems.raise_if_any()
    found.notes.append("Tên tệp không nói ngày nộp: chưa biết biên bản nào nộp trước.")
    _say_left_out(found, blank, unread)
    return found


def _documents(folder: Path, unread: list[str] | None = None) -> list[Path]:
    files = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith((".", "~$")):
            continue
        if path.suffix.lower() in DOCUMENTS:
            files.append(path)
        elif unread is not None:
            unread.append(path.name)
    return files


# --- a table ---------------------------------------------------------------------------------


def _table(path: Path) -> Texts:
    if not path.name.lower().endswith(SUFFIXES):
        raise InputError(
            f"{path.name}: không đọc được loại tệp này. Dùng bảng .csv, .parquet, .xlsx, hoặc một "
            "thư mục tệp .txt, .docx.",
            place=path.name,
            code="file-kind",
        )
    source = (
        open_book(path, lambda sheet: False, _is_heading)
        if path.name.lower().endswith(BOOK_SUFFIXES)
        else open_file(path, _is_heading)
    )
    places = _places(source)
    found, problems = Texts(source.place), Problems()
    blank, row = 0, 0

    def refuse(line: int, words: str) -> None:
        problems.add(source.place, "bad-row", words, line=line)

    for columns in source.batches(list(places.values()), refuse):
        values = [column.to_pylist() for column in columns]
        for cells in zip(*values, strict=True):
            said = dict(zip(places, cells, strict=True))
            blank += not _take(found, said, source, row, problems)
            row += 1
    problems.raise_if_any()
    if "filed_on" not in places:
        found.notes.append("Bảng không có cột ngày nộp: chưa biết biên bản nào nộp trước.")
    elif None in found.filed_on:
        count = sum(day is None for day in found.filed_on)
        found.notes.append(f"{number_vi(count)} biên bản không ghi ngày nộp.")
    _say_left_out(found, blank, [])
    return found


def _take(found: Texts, said: dict[str, Any], source: Source, row: int, problems: Problems) -> bool:
    """Take one row in; False for one without a text. A row that is wrong is a problem."""
    unit, text = _words(said["unit"]), str(said["text"] or "")
    if not unit and not _words(said["month"]) and not text.strip():
        return True  # a line left blank
    month, filed = month_from(said["month"]), _words(said.get("filed_on"))
    day = day_from(said["filed_on"]) if filed else None

    def wrong(code: str, column: str, words: str) -> None:
        problems.add(source.place, code, words, line=source.lines([row])[0], column=column)

    if not unit:
        wrong("blank-unit", "unit", "để trống. Ghi mã hoặc tên chi bộ.")
    if month is None:
        wrong("bad-month", "month", f"“{said['month'] or ''}” không phải tháng. Ghi như 2026-05.")
    if filed and day is None:
        wrong(
            "bad-day", "filed_on", f"“{filed}” không phải ngày. Ghi như 2026-05-31, hoặc bỏ trống."
        )
    if month is None or not text.strip():
        return bool(text.strip())
    place = f"{source.place}, dòng {source.lines([row])[0]}"
    found.add(place, unit=unit, month=month, text=text, filed=day)
    return True


def _places(source: Source) -> dict[str, int]:
    keys = [same_words_key(heading.replace("_", " ")) for heading in source.headings]
    places = {}
    for name, also in COLUMNS.items():
        wanted = {same_words_key(one.replace("_", " ")) for one in also}
        place = next((at for at, key in enumerate(keys) if key in wanted), None)
        if place is not None:
            places[name] = place
    missing = [f"{name} (hoặc “{COLUMNS[name][1]}”)" for name in NEEDED if name not in places]
    if missing:
        seen = ", ".join(f"“{heading}”" for heading in source.headings[:10] if heading)
        raise InputError(
            f"{source.place}: thiếu cột {', '.join(missing)}. Các cột đang có: {seen or 'không'}. "
            "Sửa dòng tiêu đề.",
            place=source.place,
            code="column-missing",
        )
    return places


def _is_heading(row: Sequence[str]) -> bool:
    keys = {same_words_key(cell.replace("_", " ")) for cell in row}
    return all(
        keys & {same_words_key(one.replace("_", " ")) for one in COLUMNS[name]}
        for name in ("unit", "text")
    )


# --- both ------------------------------------------------------------------------------------


def _words(said: Any) -> str:
    return "" if said is None else " ".join(nfc(str(said)).split())


def _say_left_out(found: Texts, blank: int, unread: list[str]) -> None:
    if blank:
        found.notes.append(f"{number_vi(blank)} biên bản không có chữ nào, không so.")
    if unread:
        found.notes.append(f"Không đọc các tệp: {', '.join(unread[:10])}.")
