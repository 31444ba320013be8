"""Finding the heading of a table: one to three rows, merged or not, columns in any order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vungmanh.core.text import same_words_key
from vungmanh.outputs.workbooks.cells import Cell
from vungmanh.outputs.workbooks.columns import FACTS, Field, fields_by_heading
from vungmanh.outputs.workbooks.grid import Merge

MAX_HEADING_ROWS = 3
_REMARK = re.compile(r"\([^)]*\)")


@dataclass(frozen=True)
class Heading:
    """Which column says what. `last` is the number of the heading's last row."""

    last: int
    columns: dict[Field, int]
    doubled: tuple[Field, ...]  # fields claimed by more than one column: the first is read


Row = tuple[int, list[Cell]]


def find_heading(rows: Sequence[Row], merges: Sequence[Merge]) -> Heading | None:
    """The heading that starts at the first of `rows` (at most three are looked at), or None.

    A heading names the cells and at least one thing said of them. Rows below belong to it as long
    as they are words that leave the column of names free: "Chính thức", "Dự bị" under "Đảng số".
    """
    first = {cell for cell in rows[0][1] if isinstance(cell, str) and cell.strip()}
    if len(first) < 2 or not any(len(text) <= 60 and field_named(text) for text in first):
        return None  # a title above the heading, not its first row
    found: Heading | None = None
    for depth in range(1, min(MAX_HEADING_ROWS, len(rows)) + 1):
        row = rows[depth - 1]
        if row[0] - rows[0][0] >= MAX_HEADING_ROWS or not _is_wording(row):
            break
        if found and Field.NAME in found.columns and not _continues(row, found):
            break
        found = _read(rows[:depth], merges)
    if found is None or Field.NAME not in found.columns or not FACTS & found.columns.keys():
        return None
    return found


def _continues(row: Row, heading: Heading) -> bool:
    """Whether a row of words lies under a heading rather than being a line or a group below it."""
    filled = [place for place, cell in enumerate(row[1]) if str(cell).strip()]
    name, number = heading.columns[Field.NAME], heading.columns.get(Field.NUMBER)
    return name not in filled and number not in filled and any(place > name for place in filled)


def _is_wording(row: Row) -> bool:
    """Headings are words; a row with a number or a date is data (but "1 2 3 4" counts columns)."""
    return all(isinstance(cell, str) for cell in row[1])


def _read(rows: Sequence[Row], merges: Sequence[Merge]) -> Heading:
    spread = [_spread(row, merges) for row in rows]
    width = max(len(cells) for cells in spread)
    columns: dict[Field, int] = {}
    doubled: list[Field] = []
    for column in range(width):
        texts = [cells[column] for cells in spread if column < len(cells) and cells[column]]
        found = _field_of(list(dict.fromkeys(texts)))
        if found is None:
            continue
        if found in columns:
            doubled.append(found)
        else:
            columns[found] = column
    return Heading(rows[-1][0], columns, tuple(doubled))


def _spread(row: Row, merges: Sequence[Merge]) -> list[str]:
    """The texts of a row, each repeated over its merged rectangle's columns."""
    number, cells = row
    texts = [cell if isinstance(cell, str) else "" for cell in cells]
    for top, first, _, last in merges:
        if top == number and first < len(texts) and texts[first]:
            texts += [""] * (last + 1 - len(texts))
            for column in range(first + 1, last + 1):
                texts[column] = texts[column] or texts[first]
    return texts


def _field_of(texts: list[str]) -> Field | None:
    """The field named by the texts above one column, outermost first.

    "Vắng" over "Có lý do" is tried as one heading, then the innermost part. An outer part alone
    counts only above a mere remark ("Điểm" over "(tối đa 100)"): "Đảng số" over "Chính thức" and
    "Dự bị" is neither.
    """
    if not texts:
        return None
    if found := field_named(" ".join(texts)) or field_named(texts[-1]):
        return found
    remarks = 0
    while remarks < len(texts) - 1 and texts[-1 - remarks].startswith("("):
        remarks += 1
    return field_named(texts[-1 - remarks]) if remarks else None


@lru_cache(maxsize=20_000)
def field_named(text: str) -> Field | None:
    """The field a heading names, remarks in brackets left aside, or None."""
    known = fields_by_heading()
    return known.get(same_words_key(text)) or known.get(same_words_key(_REMARK.sub(" ", text)))


def is_column_count(row: Row, heading: Heading) -> bool:
    """Whether a row only numbers the columns: "1 2 3 …", "(1) (2) (3)", "A B 1 2"."""
    words = [same_words_key(str(cell)) for cell in row[1] if cell != ""]
    words = [word.removesuffix(" 0") for word in words]
    if len(words) < min(4, len(heading.columns)):
        return False
    numbers = [int(word) for word in words if word.isdecimal()]
    letters = [word for word in words if not word.isdecimal()]
    counted = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
    return counted and all(len(word) == 1 for word in letters)
