"""How broad words in bold Times are, so that a rule can be drawn exactly as long as its words."""

from __future__ import annotations

from vungmanh.core.text import fold

#: Advance widths in thousandths of the size, the metrics that every Times shares.
_CAPITALS = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    722, 667, 722, 722, 667, 611, 778, 778, 389, 500, 778, 667, 944, 722, 778, 611, 778, 722, 556,
    667, 722, 722, 1000, 722, 722, 667), strict=True))  # fmt: skip
_SMALL = dict(zip("abcdefghijklmnopqrstuvwxyz", (
    500, 556, 444, 556, 444, 333, 500, 556, 278, 333, 556, 278, 833, 556, 500, 556, 556, 444, 389,
    333, 556, 500, 722, 500, 500, 444), strict=True))  # fmt: skip
_OTHER = {" ": 250, "-": 333}
_UNKNOWN = 500


def bold_width_mm(text: str, size_pt: int) -> float:
    """The breadth of words on one line. Marks over and under a letter do not widen it."""
    em = sum(_width(character) for character in text) / 1000
    return em * size_pt * 25.4 / 72


def _width(character: str) -> int:
    if character in _OTHER:
        return _OTHER[character]
    bare = fold(character)
    if character.isupper():
        return _CAPITALS.get(bare.upper(), _UNKNOWN)
    return _SMALL.get(bare, _UNKNOWN)
