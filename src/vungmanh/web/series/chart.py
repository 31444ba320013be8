"""The drawing of a series: columns of shares, lines of counts, and what is read instead of them.

Drawn in its own units and stretched to the width of the page, so that the words stay outside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from vungmanh.core.text import NBSP, number_vi, percent_vi
from vungmanh.meetings.series import MonthTotal

STEP = 20  # units of the drawing for a column
GAP = 4
HEIGHT = 100
CROWDED = 8  # years that still have room side by side on a phone
NARROW = 10  # a part of the width, one in so many, that still holds four digits


@dataclass(frozen=True)
class Span:
    """One column: a month, or a year with the cells and members of its last month."""

    label: str
    group: str  # what stands below the axis under neighbouring columns: the year
    total: MonthTotal
    reform: str = ""  # decisions that came into force within it

    @property
    def share(self) -> str:
        return percent_vi(self.total.held / self.total.due) if self.total.due else "–"

    @property
    def cells(self) -> str:
        return number_vi(self.total.cells)

    @property
    def members(self) -> str:
        return "–" if self.total.members is None else number_vi(self.total.members)

    @property
    def figures(self) -> list[str]:
        """Due, held, not held, no report, excused: as the table writes them."""
        one = self.total
        counts = (one.due, one.held, one.not_held, one.no_report, one.excused)
        return [number_vi(count) if one.cells else "–" for count in counts]


@dataclass(frozen=True)
class Bar:
    """A column in units of the drawing: held from below, not reported on it, not held above."""

    x: str
    width: str
    held_y: str
    held: str
    silent_y: str
    silent: str
    missed: str


@dataclass(frozen=True)
class Line:
    """How a count moved: its path, and its first and last value in words."""

    label: str
    path: str
    words: str


@dataclass(frozen=True)
class Chart:
    """All that the template draws."""

    width: int
    bars: tuple[Bar, ...]
    reforms: tuple[str, ...]  # x of each column in which a reform came into force
    axis: tuple[tuple[str, int], ...]  # words below and how many columns they span
    lines: tuple[Line, ...]


def chart_of(spans: Sequence[Span]) -> Chart:
    """The drawing of the columns given."""
    return Chart(
        width=STEP * len(spans),
        bars=tuple(_bar(place, one.total) for place, one in enumerate(spans) if one.total.due),
        reforms=tuple(f"{STEP * place}" for place, one in enumerate(spans) if one.reform),
        axis=_axis(spans),
        lines=tuple(
            line
            for line in (
                _line(_("Chi bộ"), [one.total.cells or None for one in spans]),
                _line(_("Đảng viên"), [one.total.members for one in spans]),
            )
            if line
        ),
    )


def _axis(spans: Sequence[Span]) -> tuple[tuple[str, int], ...]:
    """The years below the columns; where they would crowd on a phone, every second one, and none
    below a year of one or two months."""
    runs = [(label, len(list(run))) for label, run in groupby(one.group for one in spans)]
    if len(runs) > CROWDED:
        pairs = [runs[place : place + 2] for place in range(0, len(runs), 2)]
        return tuple((pair[0][0], sum(columns for _, columns in pair)) for pair in pairs)
    return tuple(
        (label if columns * NARROW >= len(spans) else "", columns) for label, columns in runs
    )


def _bar(place: int, total: MonthTotal) -> Bar:
    held, silent = (HEIGHT * part / total.due for part in (total.held, total.no_report))
    return Bar(
        x=f"{STEP * place + GAP / 2:g}",
        width=f"{STEP - GAP}",
        held_y=f"{HEIGHT - held:.1f}",
        held=f"{held:.1f}",
        silent_y=f"{HEIGHT - held - silent:.1f}",
        silent=f"{silent:.1f}",
        missed=f"{HEIGHT - held - silent:.1f}",
    )


def _line(label: str, values: Sequence[float | None]) -> Line | None:
    """A path from column to column, broken where nothing is known; from zero, so that a small
    change looks small."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    top, path, pen = max(known), "", "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        y = HEIGHT - (HEIGHT - GAP) * value / top if top else HEIGHT
        path += f"{pen}{STEP * place + STEP / 2:g} {y:.1f}"
        pen = "L"
    words = f"{number_vi(known[0])}{NBSP}→{NBSP}{number_vi(known[-1])}"
    return Line(label, path, words)
