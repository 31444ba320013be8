"""Reports of a month, quarter, half year, year or programme; plans; minutes of a sitting; lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.text import date_vi
from vungmanh.outputs.papers.document import Line, Paper, Part, Prose, Table
from vungmanh.outputs.papers.kinds.sections import Section, numbered, roman
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperType


@dataclass(frozen=True)
class Report:
    """`about` with its period: "kết quả công tác tháng 10 năm 2026"."""

    sender: Sender
    closing: Closing
    about: str
    sections: tuple[Section, ...]
    opening: tuple[str, ...] = ()
    addressed: str = ""


@dataclass(frozen=True)
class Plan:
    """`about` begins small: "thực hiện đề án …"."""

    sender: Sender
    closing: Closing
    about: str
    sections: tuple[Section, ...]
    opening: tuple[str, ...] = ()


@dataclass(frozen=True)
class SittingMinutes:
    """Minutes of a sitting of a committee; what was not said is left to the pen."""

    sender: Sender
    closing: Closing
    about: str
    held: str = ""
    place: str = ""
    present: str = ""
    absent: str = ""
    guests: str = ""
    chair: str = ""
    clerk: str = ""
    sections: tuple[Section, ...] = ()
    votes: tuple[tuple[str, str], ...] = ()
    ended: str = ""


@dataclass(frozen=True)
class Listing:
    """A list with a number before each row; `widths` and `middle` without that column."""

    sender: Sender
    closing: Closing
    about: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    middle: tuple[int, ...] = ()
    with_document: str = ""  # "Kèm theo Quyết định số …"
    is_landscape: bool = False


def of_month(month: dt.date) -> str:
    return f"tháng {month.month} năm {month.year}"


def of_quarter(quarter: int, year: int) -> str:
    return f"quý {roman(quarter)} năm {year}"


def of_half(year: int) -> str:
    return f"6 tháng đầu năm {year}"


def of_year(year: int) -> str:
    return f"năm {year}"


def of_span(first: dt.date, last: dt.date) -> str:
    """Of a programme: "từ ngày 01/01/2016 đến ngày 31/12/2020"."""
    return f"từ ngày {date_vi(first)} đến ngày {date_vi(last)}"


def report(said: Report) -> Paper:
    """Sections in order, after whatever opens the report."""
    parts: list[Part] = [Prose(said.opening)] if said.opening else []
    return paper_of(
        said.sender,
        PaperType.REPORT,
        about=said.about,
        parts=[*parts, *numbered(said.sections)],
        closing=said.closing,
        addressed=f"Kính gửi: {said.addressed}" if said.addressed else "",
    )


def plan(said: Plan) -> Paper:
    """Why, then sections in order; what is empty is left to the pen."""
    parts: list[Part] = [Prose(said.opening)] if said.opening else []
    return paper_of(
        said.sender,
        PaperType.PLAN,
        about=said.about,
        parts=[*parts, *numbered(said.sections)],
        closing=said.closing,
    )


def sitting_minutes(said: SittingMinutes) -> Paper:
    """Time, who came, what was said, votes, and when it ended."""
    who = (
        ("Có mặt", said.present),
        ("Vắng mặt", said.absent),
        ("Mời dự", said.guests),
        ("Chủ trì", said.chair),
        ("Thư ký", said.clerk),
    )
    sections = [
        Section("Thời gian, địa điểm", lines=(("Thời gian", said.held), ("Địa điểm", said.place))),
        Section("Thành phần", lines=who),
        Section("Nội dung", below=said.sections),
        *([Section("Biểu quyết", lines=said.votes)] if said.votes else []),
    ]
    return paper_of(
        said.sender,
        PaperType.MINUTES,
        about=said.about,
        parts=[*numbered(sections), Line("Kết thúc", said.ended)],
        closing=said.closing,
    )


def listing(said: Listing) -> Paper:
    """The list; it is a form and carries no number."""
    rows = tuple((str(n), *row) for n, row in enumerate(said.rows, start=1))
    rest = 100 - 7
    widths = tuple(max(round(rest * one / sum(said.widths)), 1) for one in said.widths)
    middle = (0, *(place + 1 for place in said.middle))
    table = Table("", ("TT", *said.headings), rows, (7, *widths), middle)
    return paper_of(
        said.sender,
        PaperType.FORM,
        title="Danh sách",
        about=said.about,
        addressed=said.with_document,
        parts=(table, Prose((f"Danh sách có {len(rows)} dòng.",))),
        closing=said.closing,
        is_landscape=said.is_landscape,
    )
