"""A report of a programme: its chapters as its reader may see them, and the paper of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from vungmanh.core.errors import NotFound
from vungmanh.core.text import date_vi
from vungmanh.outputs.gradings.sender import closing_by
from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.heads import mark_of, sender_of_unit
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.reports import Report, report
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.numbers import Wish
from vungmanh.outputs.papers.register import issue_of, stamped
from vungmanh.outputs.programmes import aims, choices, courses, duties, outcomes
from vungmanh.outputs.programmes.asked import Asked
from vungmanh.outputs.programmes.figures import Chapter, Figure, Grid
from vungmanh.outputs.programmes.periods import ProgrammeReport
from vungmanh.rulebook.values.papers import PaperBody, PaperType

#: Chapters by the code that their figures begin with, in the order of the report.
_CHAPTERS: Mapping[str, Callable[[Asked], Chapter]] = {
    aims.CODE: aims.targets,
    choices.CODE: choices.choices,
    courses.FILES: courses.files,
    courses.CAUSES: courses.causes,
    courses.MEASURES: courses.measures,
    duties.OVERSEERS: duties.overseers,
    outcomes.CODE: outcomes.outcomes,
    courses.SLOW: courses.slow,
    duties.GATES: duties.gates,
}
_ANNEX = ("Số", "Phần", "Số liệu", "Giá trị", "Đếm gì")
_PARTIAL = "Số liệu ở đây chỉ gồm phạm vi của người lập báo cáo."
_NOT_A_MONTH = (
    "Trước và sau chỉ nói được theo năm: xem báo cáo năm, sơ kết hoặc tổng kết của đề án.",
)


def chapters_of(asked: Asked) -> list[Chapter]:
    """The whole report, in order: what was said to be wrong first."""
    return [_weaknesses(asked), *(_made(code, asked) for code in _CHAPTERS)]


def figure_of(asked: Asked, code: str) -> tuple[str, Figure]:
    """One figure with its label, gathering no more than its chapter. Raises NotFound."""
    chapter = code.partition(".")[0]
    if chapter in _CHAPTERS:
        for label, figure in _made(chapter, asked).figures:
            if figure.code == code:
                return label, figure
    raise NotFound(
        "Báo cáo của kỳ này không có số liệu ấy. Mở lại báo cáo rồi bấm vào số.", code="no-figure"
    )


def _made(code: str, asked: Asked) -> Chapter:
    if code == outcomes.CODE and asked.said.kind is ProgrammeReport.MONTH:
        return Chapter(code, "Trước và sau", _NOT_A_MONTH)
    return _CHAPTERS[code](asked)


def _weaknesses(asked: Asked) -> Chapter:
    lines = tuple(line.strip() for line in asked.programme.weaknesses.splitlines() if line.strip())
    empty = () if lines else ("Đề án chưa ghi hạn chế nào.",)
    return Chapter("han-che", "Hạn chế đề án đã nêu", empty, points=lines)


# --- the paper -----------------------------------------------------------------------------------


def issuer_of(asked: Asked) -> UUID:
    """Whose report it is: the committee of the programme, or the viewer's own below it."""
    own = asked.viewer.unit_id
    return asked.programme.unit_id if asked.is_whole or own is None else own


def subject_of(asked: Asked) -> str:
    """What the report is in the register."""
    said = asked.said
    return f"programme_report:{asked.programme.pk}:{said.kind.value}:{said.period.first:%Y-%m}"


def about_of(asked: Asked) -> str:
    return f"kết quả thực hiện {named_programme(asked.programme.title)} {asked.said.period.words}"


def named_programme(title: str) -> str:
    """The title within a sentence: "Đề án …" begins small there."""
    return title if title.casefold().startswith("đề án") else f"đề án “{title}”"


def report_wish(asked: Asked, on: dt.date, signer: Signer | None) -> Wish:
    """What is asked of the register for the report."""
    unit = issuer_of(asked)
    return Wish(
        kind=PaperType.REPORT, body=PaperBody.COMMITTEE, on=on, about=about_of(asked)[:300],
        mark=mark_of(unit), subject=subject_of(asked), signer=signer,
    )  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Where the report is read, for who wishes to see what a figure counted."""

    site: str
    report: str


def report_paper(asked: Asked, page: Page) -> Paper:
    """The report with an annex that says of every figure what it counted."""
    chapters = chapters_of(asked)
    unit = issuer_of(asked)
    sender = sender_of_unit(unit, PaperBody.COMMITTEE, on=asked.on)
    closing = closing_by(
        sender.body, sender.issuer, recipients=("Cấp ủy cấp trên (báo cáo),", "Lưu.")
    )
    sender, closing = stamped(
        replace(sender, day=asked.viewer.on), closing, issue_of(unit, subject_of(asked))
    )
    counter = iter(range(1, 100_000))
    numbers: dict[str, int] = {}
    sections = [_section(one, counter, numbers) for one in chapters]
    opening = (
        f"Số liệu tính đến ngày {date_vi(asked.on)}. Số trong ngoặc vuông là số thứ tự ở phần "
        f"nguồn số liệu.{'' if asked.is_whole else ' ' + _PARTIAL}"
    )
    return report(
        Report(
            sender,
            closing,
            about_of(asked),
            (
                *sections,
                Section("Đánh giá, nguyên nhân"),
                Section("Kiến nghị, nhiệm vụ tiếp theo"),
                _annex(chapters, numbers, page),
            ),
            opening=(opening,),
        )
    )


def _section(chapter: Chapter, counter: Iterator[int], numbers: dict[str, int]) -> Section:
    lines: list[tuple[str, str]] = []
    tables: list[Table] = []
    paragraphs = list(chapter.paragraphs)
    for grid in chapter.grids:
        if not grid.rows:
            paragraphs.append(f"{grid.title}: {grid.empty}" if grid.title else grid.empty)
        elif grid.is_list and len(chapter.grids) == 1:
            lines += [(row.label, _text(row.cells[0], counter, numbers)) for row in grid.rows]
        else:
            tables.append(_table(grid, counter, numbers))
    return Section(chapter.title, tuple(paragraphs), chapter.points, tuple(lines), tuple(tables))


def _table(grid: Grid, counter: Iterator[int], numbers: dict[str, int]) -> Table:
    rows = tuple(
        (row.label, *(_text(cell, counter, numbers) for cell in row.cells)) for row in grid.rows
    )
    middle = () if grid.is_list else tuple(range(1, len(grid.headings)))
    return Table(grid.title, grid.headings, rows, grid.widths, middle)


def _text(cell: Figure | str, counter: Iterator[int], numbers: dict[str, int]) -> str:
    if isinstance(cell, str):
        return cell
    if not cell.records and not cell.hidden:
        return cell.value  # nothing was counted, so there is nothing to look up
    numbers[cell.code] = next(counter)
    return f"{cell.value} [{numbers[cell.code]}]"


def _annex(chapters: list[Chapter], numbers: dict[str, int], page: Page) -> Section:
    """What each figure counted, where it counted anything."""
    rows = tuple(
        (str(numbers[figure.code]), chapter.title, label, figure.value, figure.counted)
        for chapter in chapters
        for label, figure in chapter.figures
        if figure.code in numbers
    )
    told = (
        f"Mở báo cáo ở {page.site}{page.report} rồi bấm vào số: trang liệt kê từng bản ghi đã đếm. "
        "Số nào không đếm được gì thì không ghi ở đây."
    )
    table = Table("", _ANNEX, rows, (7, 24, 33, 14, 22), (0,))
    return Section("Nguồn số liệu", (told,), tables=(table,))
