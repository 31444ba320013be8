"""The ends of a level of a scoring sheet, exactly as its text writes them.

Numbers are fractions: at 50 % of 4 speakers nothing may be lost by rounding.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_NUMBER = r"\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?\s*%?"
_REQUIRED = re.compile(rf"(?:required|đủ)(?:\s*([-*x×])\s*({_NUMBER}))?")
_PLAIN = re.compile(_NUMBER)

LONGEST = 16  # digits of a number: enough for any, and none that cannot be reckoned with

HELP = "một số như 45, 90%, 1/2, hoặc “đủ”, “đủ - 15”, “đủ x 1/2” khi tính theo thời gian phải họp"


@dataclass(frozen=True)
class Bound:
    """`plus`, or `times` the time a meeting must last `plus` some minutes."""

    plus: Fraction
    times: Fraction = Fraction(0)

    @classmethod
    def read(cls, raw: object) -> Bound:
        """What a file says: 45, "90%", "1/2", "required - 15". Raises ValueError."""
        text = str(raw).strip().lower()
        if isinstance(raw, bool) or raw is None:
            raise ValueError(f"phải là {HELP}.")
        if _PLAIN.fullmatch(text):
            return cls(fraction(text))
        found = _REQUIRED.fullmatch(text)
        if found is None:
            raise ValueError(f"“{raw}” phải là {HELP}.")
        sign, number = found.groups()
        if sign is None:
            return cls(Fraction(0), Fraction(1))
        if sign == "-":
            return cls(-fraction(number), Fraction(1))
        return cls(Fraction(0), fraction(number))

    def at(self, required: Fraction) -> Fraction:
        """The number it stands for when a meeting must last `required` minutes."""
        return self.times * required + self.plus

    def text(self, *, share: bool) -> str:
        """As a file and a page write it."""
        if not self.times:
            return percent(self.plus) if share else plain(self.plus)
        if self.times != 1:
            return f"đủ x {plain(self.times)}"
        return f"đủ - {plain(-self.plus)}" if self.plus else "đủ"


def fraction(text: str) -> Fraction:
    """ "90%", "1/2", "0,5" as an exact number. Raises ValueError."""
    text = text.replace(",", ".").replace(" ", "")
    if len(text) > LONGEST:
        raise ValueError(f"con số quá dài: nhiều nhất {LONGEST} chữ số.")
    scale = Fraction(1, 100) if text.endswith("%") else Fraction(1)
    above, _, below = text.rstrip("%").partition("/")
    if below and not int(below):
        raise ValueError("mẫu số phải khác 0.")
    return Fraction(Decimal(above)) / (int(below) if below else 1) * scale


def plain(number: Fraction) -> str:
    """An exact number in Vietnamese: 5, 2,5 or 1/3."""
    if number.denominator == 1:
        return str(number.numerator)
    if _is_decimal(number):
        return f"{Decimal(number.numerator) / Decimal(number.denominator):f}".replace(".", ",")
    return f"{number.numerator}/{number.denominator}"


def percent(number: Fraction) -> str:
    """An exact share in Vietnamese: 90% or 1/3."""
    return f"{plain(number * 100)}%" if _is_decimal(number) else plain(number)


def _is_decimal(number: Fraction) -> bool:
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1
