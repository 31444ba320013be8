"""Sections in the numbering of Party papers ("I-", "1-") and figures as papers write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from vungmanh.outputs.papers.document import Bullets, Heading, Line, Part, Prose, Table
from vungmanh.rulebook.values.bounds import plain as exact

_ROMAN = ((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class Section:
    """A titled part: text, points, tables, then sections of its own. Empty, it is left to the
    pen."""

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    tables: tuple[Table, ...] = ()
    below: tuple[Section, ...] = ()


def roman(number: int) -> str:
    """4 → "IV", as sections are numbered."""
    said = ""
    for worth, letters in _ROMAN:
        said += letters * (number // worth)
        number %= worth
    return said


def numbered(sections: Iterable[Section]) -> list[Part]:
    """Sections as parts: "I-" above "1-" above "1.1-"."""
    parts: list[Part] = []
    for number, section in enumerate(sections, start=1):
        parts += _section(section, f"{roman(number)}-", 1)
    return parts


def _section(section: Section, mark: str, level: int) -> list[Part]:
    parts: list[Part] = [Heading(f"{mark} {section.title}", level)]
    if section.paragraphs:
        parts.append(Prose(section.paragraphs))
    parts += [Line(label, value) for label, value in section.lines]
    if section.points:
        parts.append(Bullets(section.points))
    parts += section.tables
    if len(parts) == 1 and not section.below:
        parts.append(Line("Nội dung"))
    for number, one in enumerate(section.below, start=1):
        inner = f"{number}-" if level == 1 else f"{mark.rstrip('-')}.{number}-"
        parts += _section(one, inner, level + 1)
    return parts


def points_text(points: Fraction | int | None) -> str:
    """Points exactly; what was not said stays blank, never a zero."""
    return "" if points is None else exact(Fraction(points))
