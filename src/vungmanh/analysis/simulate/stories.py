"""Cells and communes whose months are told, not drawn.

They are the twins of the account's two stories and three cells of the reference pages. Everything
else about them (attendance, scores) is drawn as usual.

Twin of Quan Bản (domain.md §3.1): in 2017 its cells held 12, 6 and 5 of 12, most of them few; it
was chosen that year, and in 2018 all held 11 or 12. Twin of Đồng Mỏ: chosen in 2018, its secretary
changed in March 2018, graded excellent for 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.simulate.cells import Cells, Setting
from vungmanh.analysis.simulate.names import DONG_THU, QUAN_MAU
from vungmanh.analysis.simulate.randomness import Bools
from vungmanh.analysis.simulate.tree import Tree
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import Sector

NO_REPORT, HELD, NOT_HELD, EXCUSED = 0, 1, 2, 3
_CODES = {"-": NO_REPORT, "H": HELD, "N": NOT_HELD, "E": EXCUSED}

#: Meetings held of twelve by the nine village cells of Quan Mẫu; after the ninth, as the last.
_QUAN_MAU_YEARS = {
    2015: (12, 10, 10, 9, 9, 8, 8, 8, 9),
    2016: (12, 9, 9, 8, 8, 7, 7, 7, 8),
    2017: (12, 6, 5, 7, 6, 7, 5, 6, 7),
    2018: (12, 12, 11, 12, 12, 11, 12, 12, 12),
    2019: (12, 12, 12, 12, 11, 12, 12, 12, 12),
}
_DONG_THU_YEARS = {
    2017: (9, 8, 9, 10, 9, 8, 9, 10, 9),
    2018: (12, 12, 12, 11, 12, 12, 12, 12, 12),
    2019: (12, 12, 12, 12, 12, 12, 11, 12, 12),
}
#: Which months fall out first: Tết, harvest, the rains.
_MISSED_FIRST = (1, 5, 7, 9, 3, 11, 6, 0, 8, 2, 10, 4)


@dataclass(frozen=True)
class Told:
    """The months of one cell from `start` on: H held, N not held, - no report, E excused."""

    cell: str
    start: date
    marks: str
    secretary_left: date | None
    secretary: str
    deputy: str


#: The cells a reader meets in the reference pages.
TOLD_CELLS = (
    Told(
        "Nà Mẫu", date(2025, 11, 1), "HNHNHNHN-NH-", date(2026, 7, 29), "Vi Thử Một", "Lý Thử Hai"
    ),
    Told("Pác Thử", date(2025, 11, 1), "NNHN-NNHNNH-", date(2026, 6, 20), "Lục Thử Bốn", ""),
    Told("Khuổi Thử", date(2025, 11, 1), "HHNHEHNNHHNH", date(2026, 7, 2), "Chu Thử Năm", ""),
)


@dataclass(frozen=True)
class Story:
    """`marks` (cells, months) holds told states and -1 where nothing is told."""

    marks: NDArray[np.int8]

    @property
    def told(self) -> Bools:
        return np.asarray(self.marks >= 0)

    @property
    def told_cells(self) -> Bools:
        """(cells,): in some story."""
        return np.asarray(self.told.any(axis=1))


def _months_held(count: int, shift: int) -> list[int]:
    """Twelve states with `count` held; the missed months differ from cell to cell."""
    missed = {_MISSED_FIRST[(i + shift) % 12] for i in range(12 - count)}
    return [NOT_HELD if month in missed else HELD for month in range(12)]


def tell(setting: Setting) -> Story:
    """Lay the stories over the months of the calendar, as far as they fall into it."""
    tree, cells, calendar = setting.tree, setting.cells, setting.calendar
    marks = np.full((len(cells), calendar.columns), -1, dtype=np.int8)
    for name, years in ((QUAN_MAU, _QUAN_MAU_YEARS), (DONG_THU, _DONG_THU_YEARS)):
        if name not in tree.named:
            continue
        below = [i for i, cell in enumerate(cells.units) if _belongs(cells, i, tree, name)]
        villages = [i for i in below if cells.units[i].sector is Sector.VILLAGE]
        others = [i for i in below if cells.units[i].sector is not Sector.VILLAGE]
        for year, counts in years.items():
            if year not in calendar.years:
                continue
            column = calendar.column(date(year, 1, 1))
            for place, i in enumerate(villages):
                held = counts[min(place, len(counts) - 1)]
                marks[i, column : column + 12] = _months_held(held, place)
            for i in others:  # the office, the school: neither better nor worse than the rest
                marks[i, column : column + 12] = _months_held(min(counts[0], 11), 0)
    for told in TOLD_CELLS:
        if told.cell in tree.named:
            row = cells.index(tree.named[told.cell])
            for place, mark in enumerate(told.marks):
                column = calendar.column(add_months(told.start, place))
                if 0 <= column < calendar.columns:
                    marks[row, column] = _CODES[mark]
    alive = cells.alive(calendar)
    return Story(np.where(alive, marks, np.int8(-1)))


def _belongs(cells: Cells, cell: int, tree: Tree, name: str) -> bool:
    return cells.groups[cells.group[cell]] is tree.named[name] and cells.start[cell] == 0
