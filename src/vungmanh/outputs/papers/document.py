"""An official paper as parts in order: what it says, apart from how Word, PDF or a page draws it.

The same parts make the Word file and the page, so that both say the same to the letter. The words
are those of the paper and always Vietnamese. Measures are not here: they are rules (`layout`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.text import NBSP, date_vi, percent_vi
from vungmanh.rulebook.values.papers import PaperFamily

#: Room to write by hand what was not said. Never a zero, never a word of our own.
DOTS = "…" * 12
WITHHELD = "Phần không nhập máy"
SIMULATED = "Dữ liệu mô phỏng: tên và số liệu do máy tạo ra"


@dataclass(frozen=True)
class Heading:
    """A part of the paper: "I- Thời gian, địa điểm" (level 1), "1- …" (2), "1.1- …" (3)."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


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
    """Running text, a paragraph each; `lead` stands bold before the first: "Điều 1."."""

    kind: ClassVar[str] = "prose"
    paragraphs: tuple[str, ...]
    lead: str = ""
    italic: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list: each text after "- "."""

    kind: ClassVar[str] = "bullets"
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Centred:
    """A line in the middle: who decides, "QUYẾT ĐỊNH"."""

    kind: ClassVar[str] = "centred"
    text: str
    bold: bool = True


@dataclass(frozen=True)
class Over:
    """A heading over `span` columns; a blank text lets the heading below take its place."""

    text: str
    span: int = 1


@dataclass(frozen=True)
class Table:
    """A ruled table whose headings come again on each page and whose rows are not cut.

    `widths` are shares of the breadth, `middle` the columns set in the middle, `over` the upper row
    of a two-storey heading (its spans add up to the columns), `strong` the rows set bold.
    """

    kind: ClassVar[str] = "table"
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    middle: tuple[int, ...] = (0,)
    tall: bool = False  # rows to write in by hand
    over: tuple[Over, ...] = ()
    strong: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        columns = len(self.headings)
        if len(self.widths) != columns or any(len(row) != columns for row in self.rows):
            raise ValueError(f"every row and the widths must have {columns} columns")
        if self.over and sum(one.span for one in self.over) != columns:
            raise ValueError(f"the upper headings must span {columns} columns")


@dataclass(frozen=True)
class Room:
    """Lines to write on by hand."""

    kind: ClassVar[str] = "room"
    lines: int

    @property
    def each(self) -> range:
        return range(self.lines)


Part = Heading | Line | Prose | Bullets | Centred | Table | Room


@dataclass(frozen=True)
class Signature:
    """For whom ("T/M Đảng ủy"), in which role, and the name; the place to sign lies between.

    Made by `signatures.signature`, which knows who may sign for whom.
    """

    role: str
    name: str = ""
    on_behalf: str = ""


@dataclass(frozen=True)
class Paper:
    """One paper. `symbol` and `body` are the letters around the stroke: NQ and ĐU.

    Without a `number` its place is left to the pen; a paper with no symbol has no line for it.
    `laid_out_on` is the day whose layout holds where the paper itself has no day yet.
    """

    superior: str
    issuer: str
    symbol: str
    place: str
    on: dt.date | None
    title: str
    about: str
    parts: tuple[Part, ...]
    signatures: tuple[Signature, ...]
    body: str = "CB"
    number: int | None = None
    family: PaperFamily = PaperFamily.PARTY
    laid_out_on: dt.date | None = None
    is_landscape: bool = False
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
