"""Opinion sheet and summary of a cycle (form 04): a row an organisation, a column a grade.

The sheet reminds of the cap, as the real form does, and leaves blank what nobody marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.outputs.papers.document import Line, Over, Paper, Part, Prose, Table
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperType

MARK = "X"


@dataclass(frozen=True)
class SheetRow:
    """`chosen`: the place of the marked grade among the grades, None for none."""

    name: str
    self_grade: str = ""
    chosen: int | None = None


@dataclass(frozen=True)
class OpinionSheet:
    """What one body says of many; `grades` are the words of the year's scale, best first."""

    sender: Sender
    closing: Closing
    year: int
    asked: str  # the body that is asked
    grades: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    reminder: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """`said`: how many bodies marked each grade, or None where the body marked itself with X."""

    name: str
    self_grade: str = ""
    said: tuple[int, ...] = ()
    decided: str = ""
    note: str = ""


@dataclass(frozen=True)
class SummaryGroup:
    """Organisations of like kind, within which the cap is counted."""

    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True)
class CycleSummary:
    """`bodies`: how many gave an opinion; with one, a mark stands for its count."""

    sender: Sender
    closing: Closing
    year: int
    grades: tuple[str, ...]
    groups: tuple[SummaryGroup, ...]
    bodies: int = 1
    reminder: str = ""


def opinion_sheet(sheet: OpinionSheet) -> Paper:
    """The sheet, blank or filled in."""
    rows = tuple(
        (str(n), row.name, row.self_grade, *_marks(row.chosen, len(sheet.grades)))
        for n, row in enumerate(sheet.rows, start=1)
    )
    heads = ("TT", "Tên tổ chức đảng, tập thể", "Tự xếp loại", *sheet.grades)
    count = len(sheet.grades)
    table = Table(
        "", heads, rows, (6, 30, 20, *(11,) * count), (0, *range(3, 3 + count)), tall=True,
        over=(Over(""), Over(""), Over(""), Over("Ý kiến, đánh dấu X vào một ô", count)),
    )  # fmt: skip
    return paper_of(
        sheet.sender,
        PaperType.FORM,
        title="Phiếu lấy ý kiến",
        about=f"xếp loại tổ chức đảng, tập thể lãnh đạo năm {sheet.year}",
        parts=(*_reminder(sheet.reminder), Line("Cơ quan cho ý kiến", sheet.asked), table),
        closing=sheet.closing,
    )


def cycle_summary(summary: CycleSummary) -> Paper:
    """The table of a cycle, lying on its side; a group each, then what all come to."""
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for group in summary.groups:
        strong.append(len(rows))
        rows.append(("", group.title, *[""] * (len(summary.grades) + 3)))
        rows += [
            (str(n), row.name, row.self_grade, *_counts(row.said, summary), row.decided, row.note)
            for n, row in enumerate(group.rows, start=1)
        ]
    strong.append(len(rows))
    every = [row for group in summary.groups for row in group.rows]
    rows.append(("", f"Cộng: {len(every)}", *[""] * (len(summary.grades) + 3)))
    count = len(summary.grades)
    heads = ("TT", "Tên tổ chức đảng, tập thể", "Tự xếp loại", *summary.grades,
             "Mức quyết định", "Ghi chú")  # fmt: skip
    words = "Ý kiến của cấp trên" if summary.bodies == 1 else "Số ý kiến theo từng mức"
    table = Table(
        "", heads, tuple(rows), (4, 24, 15, *(8,) * count, 16, 9), (0, *range(3, 3 + count)),
        over=(Over(""), Over(""), Over(""), Over(words, count), Over(""), Over("")),
        strong=tuple(strong),
    )  # fmt: skip
    return paper_of(
        summary.sender,
        PaperType.FORM,
        title="Bảng tổng hợp",
        about=f"kết quả đánh giá, xếp loại năm {summary.year}",
        parts=(*_reminder(summary.reminder), table, *_decided(every, summary.grades)),
        closing=summary.closing,
        is_landscape=True,
    )


def _reminder(words: str) -> tuple[Part, ...]:
    return (Prose((words,), italic=True),) if words else ()


def _marks(chosen: int | None, count: int) -> list[str]:
    return [MARK if place == chosen else "" for place in range(count)]


def _counts(said: tuple[int, ...], summary: CycleSummary) -> list[str]:
    if not said:
        return [""] * len(summary.grades)
    if summary.bodies == 1:
        return [MARK if count else "" for count in said]
    return [str(count) if count else "" for count in said]


def _decided(rows: Sequence[SummaryRow], grades: tuple[str, ...]) -> tuple[Part, ...]:
    """How many were decided in each grade, apart from the columns of opinions; nothing before."""
    decided = [row.decided for row in rows if row.decided]
    if not decided:
        return ()
    told = "; ".join(f"{grade}: {decided.count(grade)}" for grade in grades)
    return (Line(f"Đã quyết định {len(decided)}/{len(rows)}", told),)
