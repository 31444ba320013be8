"""The dossier of one rated organisation or collective: criteria with points, the facts beside them,
conditions with the records that meet or break them, each body's opinion, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vungmanh.outputs.papers.document import Paper, Table
from vungmanh.outputs.papers.kinds.sections import Section, numbered, points_text
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperType

_CRITERIA = ("TT", "Tiêu chí", "Điểm tối đa", "Điểm", "Số liệu của hệ thống", "Người ghi")
_LEVELS = ("TT", "Tiêu chí", "Mức", "Số liệu của hệ thống", "Người ghi")
_CONDITIONS = ("TT", "Điều kiện", "Kết quả", "Căn cứ")
_OPINIONS = ("TT", "Cơ quan", "Bước", "Điểm", "Mức đề nghị", "Lý do", "Ngày")


@dataclass(frozen=True)
class CriterionRow:
    """`points` None: not said. `facts` as the system knows them, each with its source.

    A sheet of levels has no `most` and says a `level` instead."""

    text: str
    most: Fraction | int | None
    points: Fraction | int | None = None
    facts: tuple[str, ...] = ()
    by: str = ""
    level: str = ""


@dataclass(frozen=True)
class CriterionGroup:
    title: str
    rows: tuple[CriterionRow, ...]


@dataclass(frozen=True)
class ConditionRow:
    """`finding`: "Đạt", "Không đạt", "Chưa rõ"."""

    text: str
    finding: str
    grounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpinionRow:
    """What one body said at one step."""

    body: str
    step: str
    grade: str = ""
    points: Fraction | int | None = None
    reason: str = ""
    day: str = ""


@dataclass(frozen=True)
class DossierPaper:
    """`unit` is rated by the sender for the year; `outcome` pairs a label with what was decided."""

    sender: Sender
    closing: Closing
    unit: str
    year: int
    groups: tuple[CriterionGroup, ...]
    conditions: tuple[ConditionRow, ...] = ()
    opinions: tuple[OpinionRow, ...] = ()
    outcome: tuple[tuple[str, str], ...] = ()
    caution: str = ""  # that the sheet is a template, where it is


def dossier_paper(dossier: DossierPaper) -> Paper:
    """The dossier as a paper; it is a form and carries no number."""
    sections = [Section("Tiêu chí và điểm", tables=(_criteria(dossier.groups),))]
    if dossier.caution:
        sections[0] = Section(
            "Tiêu chí và điểm", (dossier.caution,), tables=(_criteria(dossier.groups),)
        )
    if dossier.conditions:
        sections.append(Section("Điều kiện của từng mức", tables=(_conditions(dossier),)))
    if dossier.opinions:
        sections.append(Section("Ý kiến của các cơ quan", tables=(_opinions(dossier),)))
    sections.append(Section("Kết quả", lines=dossier.outcome))
    return paper_of(
        dossier.sender,
        PaperType.FORM,
        title="Hồ sơ đánh giá, xếp loại",
        about=f"{dossier.unit}, năm {dossier.year}",
        parts=numbered(sections),
        closing=dossier.closing,
    )


def _criteria(groups: tuple[CriterionGroup, ...]) -> Table:
    """A row each under its group; the sum only when every point has been said."""
    if any(row.most is None for group in groups for row in group.rows):
        return _levels(groups)
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for number, group in enumerate(groups, start=1):
        strong.append(len(rows))
        rows.append((str(number), group.title, *_sums(group.rows), "", ""))
        rows += [
            (f"{number}.{place}", row.text, points_text(row.most), points_text(row.points),
             "\n".join(row.facts), row.by)
            for place, row in enumerate(group.rows, start=1)
        ]  # fmt: skip
    strong.append(len(rows))
    every = tuple(row for group in groups for row in group.rows)
    rows.append(("", "Cộng", *_sums(every), "", ""))
    widths = (6, 27, 8, 8, 39, 12)  # what the system knows is the longest
    return Table("", _CRITERIA, tuple(rows), widths, (0, 2, 3), strong=tuple(strong))


def _levels(groups: tuple[CriterionGroup, ...]) -> Table:
    """The same of a sheet of levels, on which nothing is added up."""
    rows: list[tuple[str, ...]] = []
    strong: list[int] = []
    for number, group in enumerate(groups, start=1):
        strong.append(len(rows))
        rows.append((str(number), group.title, "", "", ""))
        rows += [
            (f"{number}.{place}", row.text, row.level or points_text(row.points),
             "\n".join(row.facts), row.by)
            for place, row in enumerate(group.rows, start=1)
        ]  # fmt: skip
    return Table("", _LEVELS, tuple(rows), (6, 29, 12, 41, 12), (0, 2), strong=tuple(strong))


def _sums(rows: tuple[CriterionRow, ...]) -> tuple[str, str]:
    most = points_text(sum((Fraction(row.most or 0) for row in rows), Fraction(0)))
    said = [Fraction(row.points) for row in rows if row.points is not None]
    return most, points_text(sum(said, Fraction(0))) if len(said) == len(rows) else ""


def _conditions(dossier: DossierPaper) -> Table:
    rows = tuple(
        (str(n), one.text, one.finding, "\n".join(one.grounds))
        for n, one in enumerate(dossier.conditions, start=1)
    )
    return Table("", _CONDITIONS, rows, (6, 38, 13, 43), (0, 2))


def _opinions(dossier: DossierPaper) -> Table:
    rows = tuple(
        (str(n), one.body, one.step, points_text(one.points), one.grade, one.reason, one.day)
        for n, one in enumerate(dossier.opinions, start=1)
    )
    return Table("", _OPINIONS, rows, (5, 20, 16, 8, 17, 18, 16), (0, 3, 6))
