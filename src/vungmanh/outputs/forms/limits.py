"""What the template itself lets into a cell: its own rules of validation, as Excel would hold them.

Only rules that stop whoever types are held, and only those whose bounds stand in the file; a bound
that is worked out by a formula is left to Excel.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from vungmanh.core.text import nfc, number_vi
from vungmanh.outputs.forms.addresses import Area, Cell, area_of

_BOUNDS: dict[str, tuple[str, Callable[[Decimal, Decimal, Decimal], bool]]] = {
    "between": ("từ {0} đến {1}", lambda x, a, b: a <= x <= b),
    "notBetween": ("ngoài khoảng từ {0} đến {1}", lambda x, a, b: not a <= x <= b),
    "equal": ("đúng {0}", lambda x, a, b: x == a),
    "notEqual": ("khác {0}", lambda x, a, b: x != a),
    "greaterThan": ("lớn hơn {0}", lambda x, a, b: x > a),
    "lessThan": ("nhỏ hơn {0}", lambda x, a, b: x < a),
    "greaterThanOrEqual": ("từ {0} trở lên", lambda x, a, b: x >= a),
    "lessThanOrEqual": ("không quá {0}", lambda x, a, b: x <= a),
}
_KINDS = {"whole": "số nguyên", "decimal": "số", "textLength": "chữ có số ký tự"}


@dataclass
class CellLimit:
    """One rule of validation and the areas it holds in."""

    areas: tuple[Area, ...]
    kind: str
    operator: str
    stops: bool
    bounds: list[str] = field(default_factory=list)

    def __contains__(self, cell: Cell) -> bool:
        return any(cell in area for area in self.areas)

    def broken_by(self, value: object) -> str:
        """What the cell takes, in words, where it does not take this; "" where it does."""
        if not self.stops or value is None:
            return ""
        if self.kind == "list":
            return self._not_listed(value)
        if self.kind not in _KINDS or self.operator not in _BOUNDS:
            return ""
        bounds = [_number(said) for said in self.bounds]
        first, last = (*bounds, None, None)[:2]
        if first is None or (self.operator in {"between", "notBetween"} and last is None):
            return ""
        words, holds = _BOUNDS[self.operator]
        said = f"{_KINDS[self.kind]} {words.format(_words(first), _words(last or first))}"
        measured = _measured(self.kind, value)
        return "" if measured is not None and holds(measured, first, last or first) else said

    def _not_listed(self, value: object) -> str:
        """A list typed into the rule: "Tốt,Khá" in quotes. One that stands in cells is not read."""
        said = self.bounds[0] if self.bounds else ""
        if len(said) < 2 or not said.startswith('"') or not said.endswith('"'):
            return ""
        allowed = [nfc(one.strip()) for one in said[1:-1].split(",")]
        return "" if nfc(str(value)) in allowed else f"một trong: {', '.join(allowed)}"


def limit_of(attributes: dict[str, str]) -> CellLimit:
    areas = [area_of(said) for said in attributes.get("sqref", "").split()]
    is_shown = attributes.get("showErrorMessage") in {"1", "true"}
    return CellLimit(
        tuple(area for area in areas if area is not None),
        attributes.get("type", "none"),
        attributes.get("operator", "between"),
        stops=is_shown and attributes.get("errorStyle", "stop") == "stop",
    )


def _measured(kind: str, value: object) -> Decimal | None:
    """What is held against the bounds; None for what the kind does not take at all."""
    if kind == "textLength":
        return Decimal(len(str(value)))
    if isinstance(value, bool | str | dt.date):
        return None
    number = _number(str(value))
    return None if number is None or (kind == "whole" and number % 1) else number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _words(number: Decimal) -> str:
    return number_vi(number, decimals=6)
