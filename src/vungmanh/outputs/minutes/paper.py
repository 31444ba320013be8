"""A Party paper as parts in order: what it says, apart from how Word or a page draws it.

The same parts make the Word file and the page, so that both say the same to the letter. The words
are those of the paper and always Vietnamese.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.text import NBSP, date_vi, percent_vi

#: Room to write by hand what was not said. Never a zero, never a word of our own.
DOTS = "…" * 12
WITHHELD = "Phần không nhập máy"
SIMULATED = "Dữ liệu mô phỏng: tên và số liệu do máy tạo ra"


@dataclass(frozen=True)
class Heading:
    """A part of the paper: "I- THỜI GIAN, ĐỊA ĐIỂM"."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Line:
    """A label and what was said; nothing said is left to be written by hand."""

    kind: ClassVar[str] = "line"
    label: str
    value: str = ""

    @property
    def shown(self) -> str:
        return self.value or DOTS


@dataclass(frozen=True)
class Prose:
    """Running text, a paragraph a line."""

    kind: ClassVar[str] = "prose"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A ruled table. `widths` are shares of the breadth, `middle` the columns set in the middle."""

    kind: ClassVar[str] = "table"
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    middle: tuple[int, ...] = (0,)
    tall: bool = False  # rows to write in by hand


@dataclass(frozen=True)
class Room:
    """Lines to write on by hand."""

    kind: ClassVar[str] = "room"
    lines: int

    @property
    def each(self) -> range:
        return range(self.lines)


Part = Heading | Line | Prose | Table | Room


@dataclass(frozen=True)
class Signature:
    """For whom, in which role, and the name; the place to sign lies between."""

    role: str
    name: str = ""
    on_behalf: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper in the layout of the Party."""

    superior: str
    issuer: str
    symbol: str  # "BB", "TM": the letters after the number, which is written by hand
    place: str
    on: dt.date | None
    title: str
    about: str
    parts: tuple[Part, ...]
    signatures: tuple[Signature, ...]
    addressed: str = ""
    recipients: tuple[str, ...] = ()
    foot: str = ""  # where the paper comes from, so that a copy can be compared with the record
    is_draft: bool = False
    is_simulated: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said above everything else."""
        said = ((self.is_draft, "Bản nháp, chưa nộp"), (self.is_simulated, SIMULATED))
        return tuple(words for holds, words in said if holds)

    @property
    def dated(self) -> str:
        """ "Mẫu Thượng, ngày 05 tháng 02 năm 2026", as Party papers write it."""
        place = self.place or DOTS
        if self.on is None:
            return f"{place}, ngày       tháng       năm {DOTS[:2]}"
        return f"{place}, ngày {self.on:%d} tháng {self.on:%m} năm {self.on.year}"


def clock(time: str | None) -> str:
    """ "19:30" as it is spoken: "19 giờ 30 phút"."""
    if not time:
        return ""
    hours, minutes = time.split(":")
    return f"{int(hours)} giờ" + (f" {minutes} phút" if minutes != "00" else "")


def of_all(part: int, whole: int) -> str:
    """A count against its base: "8/9 (88,9 %)"; without a base the bare count."""
    return f"{part}/{whole} ({percent_vi(part / whole)})" if whole else str(part)


def day(value: dt.date | str | None) -> str:
    """A day of a record; "" where none was said."""
    if not value:
        return ""
    return date_vi(dt.date.fromisoformat(value) if isinstance(value, str) else value)


def members(count: int | None) -> str:
    return "" if count is None else f"{count}{NBSP}đồng chí"
