"""What reading a workbook gives back: rows, and what is wrong with them, in a reader's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in one cell that a person must look at. `message` says what to do."""

    field: str
    place: str
    message: str


@dataclass(slots=True)
class ReadRow:
    """One line that speaks of one unit and one month.

    `values` holds only what was written: a blank cell has no key, because blank is neither zero
    nor an order to erase. `state` None with no problems means: no report. `is_sure` False marks a
    line that may be a heading or a signature; it counts only if its name is that of a cell.
    """

    place: str
    label: str
    unit: str = ""
    code: str = ""
    organisation: str = ""
    month: date | None = None
    state: str | None = None
    values: dict[str, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    is_sure: bool = True
    section: int = 0  # one table of one sheet: headings of groups hold within it
