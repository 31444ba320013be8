"""Addresses of cells and areas: "C7" as column 3, row 7."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, order=True)
class Cell:
    """Row first, as a sheet keeps its cells."""

    row: int
    column: int

    @property
    def address(self) -> str:
        letters, rest = "", self.column
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(65 + letter) + letters
        return f"{letters}{self.row}"


@dataclass(frozen=True)
class Area:
    first: Cell
    last: Cell

    def __contains__(self, cell: Cell) -> bool:
        return (
            self.first.row <= cell.row <= self.last.row
            and self.first.column <= cell.column <= self.last.column
        )


def cell_of(address: str) -> Cell | None:
    """The cell of an address without dollars, None where a sheet has no such cell."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return Cell(row, column) if row <= MAX_ROW and column <= MAX_COLUMN else None


def is_address(text: str) -> bool:
    return cell_of(text) is not None


def area_of(reference: str) -> Area | None:
    """The area of "B2:D4" or "B2", with or without dollars."""
    ends = [cell_of(end) for end in reference.replace("$", "").split(":")]
    first, last = ends[0], ends[-1]
    if len(ends) > 2 or first is None or last is None:
        return None
    return Area(first, last)
