"""A cell as it comes from a file, and what may be said of it before anybody reads meaning into it.

Cells arrive as calamine or csv give them. A failed formula is its own thing: calamine gives it as
an empty cell, which would turn an error into "no report", so `grid` puts `FormulaError` there.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from vungmanh.core.text import date_vi, nfc, number_vi


@dataclass(frozen=True, slots=True)
class FormulaError:
    """A cell whose formula failed: neither blank nor a value."""

    text: str = ""


Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | FormulaError


class Unreadable(ValueError):
    """The cell cannot be read. The text says what to do, without naming the cell."""


#: Nothing a reader sees: joiners and marks, and what a database refuses to store as text (NUL, the
#: other controls, halves of a surrogate pair). Tabs and line ends are spaces, not among these.
_INVISIBLE = dict.fromkeys(
    [*map(ord, "\u200b\u200c\u200d\ufeff\u00ad\x7f"), *range(9), *range(0x0E, 0x1C)]
)
_INVISIBLE.update(dict.fromkeys(range(0xD800, 0xE000)))
_DASHES = {"", "-", "–", "—", "…", "..."}
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?", re.ASCII)
_COUNTED = re.compile(r"\s*(đv|đảng viên|người|đ/c|đồng chí|kỳ)\.?$", re.IGNORECASE)


def text_of(cell: Cell | None) -> str:
    """The text of a cell, NFC, spaces squashed; empty for blank. Raises Unreadable on an error."""
    refuse_error(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        return date_vi(cell)
    return legible(str(cell))


def legible(text: str) -> str:
    """The text as a reader sees it: NFC, spaces squashed, nothing invisible."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(nfc(text).translate(_INVISIBLE).split())


def refuse_error(cell: Cell | None) -> None:
    """Raise Unreadable if the cell holds a failed formula."""
    if isinstance(cell, FormulaError):
        what = f" {cell.text}" if cell.text else ""
        raise Unreadable(f"Ô đang báo lỗi công thức{what}. Xóa công thức và gõ lại giá trị.")


def shown(cell: Cell | None) -> str:
    """A cell quoted in a sentence, shortened."""
    if isinstance(cell, FormulaError):
        return cell.text
    if isinstance(cell, float) and abs(cell) < 1e12:  # not infinite, not astronomic
        return number_vi(cell, decimals=4)
    text = text_of(cell)
    return text if len(text) <= 40 else text[:38] + "…"


def is_blank(cell: Cell | None) -> bool:
    """Blank, or one of the dashes offices type for "nothing"."""
    if isinstance(cell, str):
        return not cell or ((len(cell) <= 8 or cell.isspace()) and text_of(cell) in _DASHES)
    return cell is None


def number_of(cell: Cell | None, *, grouped: bool) -> Decimal | None:
    """The number in a cell, or None. `grouped`: "1.234" is one thousand two hundred thirty-four."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(str(cell)) if math.isfinite(cell) and abs(cell) < 1e15 else None
    if not isinstance(cell, str):
        return None
    text = _COUNTED.sub("", text_of(cell).replace("−", "-"))
    if grouped and _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
