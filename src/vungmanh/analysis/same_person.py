"""Entries that may be one person: Vietnamese-aware, each pair with the signs it was found by.

There is no score. A pair is told only for one of the combinations of signs in `_told`, and is as
sure as that combination says; a person decides. Rows are compared only where they share a block
(day of birth, name and year, name and cell, name and day of admission, key), so that the work grows
with the list and not with its square. How well it finds: analysis/README.md, measured on
`analysis.trial.people`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import combinations

from vungmanh.core.text import fold, same_name_key

#: Words behind a name that only tell namesakes apart: “(xóm Trên)”.
_ASIDE = re.compile(r"\([^)]*\)")
#: A block that more rows share says nothing of any two of them. The largest real one is the first
#: of January of a year, the day written where only the year is known: about 1 % of a province.
LARGEST_BLOCK = 600


class Sign(StrEnum):
    """What two entries have in common; the last two speak against."""

    KEY = "key"
    NAME_SAME = "name_same"
    NAME_BARE = "name_bare"  # the same without diacritics
    NAME_ORDER = "name_order"  # the same words in another order
    NAME_SHORT = "name_short"  # a middle word is missing
    NAME_TYPO = "name_typo"  # one letter differs, without diacritics
    BORN_SAME = "born_same"
    BORN_SWAPPED = "born_swapped"  # day and month changed places
    BORN_YEAR = "born_year"  # the year alone, one of the days being the first of January
    JOINED_SAME = "joined_same"
    SAME_CELL = "same_cell"  # on the list of one cell on the same day
    BORN_DIFFERENT = "born_different"
    KEY_DIFFERENT = "key_different"


class Sureness(IntEnum):
    """How sure a combination of signs is; the order in which pairs are shown."""

    CERTAIN = 1
    LIKELY = 2
    POSSIBLE = 3


NAMES = (Sign.NAME_SAME, Sign.NAME_BARE, Sign.NAME_ORDER, Sign.NAME_SHORT, Sign.NAME_TYPO)
ALIKE = NAMES[:2]


@dataclass(frozen=True)
class Stay:
    """On the list of a cell from `first` until before `end`; None: open."""

    cell: Hashable
    first: dt.date
    end: dt.date | None = None

    def meets(self, other: Stay) -> bool:
        return (
            self.cell == other.cell
            and (self.end is None or other.first < self.end)
            and (other.end is None or self.first < other.end)
        )


@dataclass(frozen=True)
class PersonRow:
    """One entry, as much as is known of it."""

    id: Hashable
    name: str
    born_on: dt.date | None = None
    joined_on: dt.date | None = None
    key: str = ""
    stays: tuple[Stay, ...] = ()


@dataclass(frozen=True)
class LikelyPair:
    """Two entries (in the order given) that may be one, and why."""

    first: Hashable
    second: Hashable
    signs: tuple[Sign, ...]
    sureness: Sureness


def find_pairs(rows: Sequence[PersonRow]) -> list[LikelyPair]:
    """The pairs that may be one person, the surest first, then in the order of the rows."""
    known = [_Known(row) for row in rows]
    found = []
    for one, other in sorted(_candidates(known)):
        signs = signs_of(known[one], known[other])
        sureness = _told(set(signs))
        if sureness is not None:
            found.append(LikelyPair(rows[one].id, rows[other].id, signs, sureness))
    return sorted(found, key=lambda pair: pair.sureness)


def signs_between(one: PersonRow, other: PersonRow) -> tuple[Sign, ...]:
    """What two entries have in common, whether or not it is enough to tell of them."""
    return signs_of(_Known(one), _Known(other))


class _Known:
    """A row with what is compared of it worked out once."""

    __slots__ = ("bag", "bare", "key", "row", "spelled")

    def __init__(self, row: PersonRow) -> None:
        self.row = row
        name = _ASIDE.sub(" ", row.name)
        self.spelled = same_name_key(name)
        self.bare = fold(self.spelled)
        self.bag = " ".join(sorted(self.bare.split()))
        self.key = re.sub(r"[\W_]+", "", fold(row.key))


def _candidates(known: list[_Known]) -> set[tuple[int, int]]:
    """Pairs of places that share a block."""
    blocks: dict[Hashable, list[int]] = {}
    for place, one in enumerate(known):
        for block in _blocks(one):
            blocks.setdefault(block, []).append(place)
    return {
        pair
        for places in blocks.values()
        if 1 < len(places) <= LARGEST_BLOCK
        for pair in combinations(dict.fromkeys(places), 2)
    }


def _blocks(one: _Known) -> Iterator[Hashable]:
    row, born = one.row, one.row.born_on
    if one.key:
        yield "key", one.key
    if born is not None:
        yield "born", born.year, *sorted((born.day, born.month))
        yield "year", one.bag, born.year
    if row.joined_on is not None:
        yield "joined", one.bag, row.joined_on
    for cell in {stay.cell for stay in row.stays}:
        yield "cell", one.bag, cell


def signs_of(one: _Known, other: _Known) -> tuple[Sign, ...]:
    """What two entries have in common, in the order of `Sign`."""
    signs: set[Sign] = set()
    if one.key and other.key:
        signs.add(Sign.KEY if one.key == other.key else Sign.KEY_DIFFERENT)
    name = _name_sign(one, other)
    if name is not None:
        signs.add(name)
    if one.row.born_on is not None and other.row.born_on is not None:
        signs.add(_born_sign(one.row.born_on, other.row.born_on))
    if one.row.joined_on is not None and one.row.joined_on == other.row.joined_on:
        signs.add(Sign.JOINED_SAME)
    if any(a.meets(b) for a in one.row.stays for b in other.row.stays):
        signs.add(Sign.SAME_CELL)
    return tuple(sign for sign in Sign if sign in signs)


def _name_sign(one: _Known, other: _Known) -> Sign | None:
    if not one.bare or not other.bare:
        return None
    if one.spelled == other.spelled:
        return Sign.NAME_SAME
    if one.bare == other.bare:
        return Sign.NAME_BARE
    if one.bag == other.bag:
        return Sign.NAME_ORDER
    if _is_short(one.bare.split(), other.bare.split()):
        return Sign.NAME_SHORT
    return Sign.NAME_TYPO if _one_letter_apart(one.bare, other.bare) else None


def _is_short(one: list[str], other: list[str]) -> bool:
    """The same family and given name, the middle words of one being among those of the other."""
    if min(len(one), len(other)) < 2 or len(one) == len(other):
        return False
    short, long = sorted((one, other), key=len)
    rest = iter(long[1:-1])
    return short[0] == long[0] and short[-1] == long[-1] and all(w in rest for w in short[1:-1])


def _one_letter_apart(one: str, other: str) -> bool:
    """One letter changed, left out or put in, in a name of at least six letters."""
    if abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 6:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :]
    short, long = sorted((one, other), key=len)
    return short[start:] == long[start + 1 :]


def _born_sign(one: dt.date, other: dt.date) -> Sign:
    if one == other:
        return Sign.BORN_SAME
    if one.year == other.year:
        if (one.day, one.month) == (other.month, other.day):
            return Sign.BORN_SWAPPED
        if (1, 1) in ((one.day, one.month), (other.day, other.month)):
            return Sign.BORN_YEAR
    return Sign.BORN_DIFFERENT


def _told(signs: set[Sign]) -> Sureness | None:
    """How sure the signs are together; None: not enough to trouble anybody.

    One name and one birthday are likely one person, whatever the spelling. The day of admission or
    the same list must stand beside a name where a birthday is unknown or only a year. A birthday
    that differs in full silences a pair, and so do two different keys of the member database
    unless name and birthday are the same.
    """
    if Sign.KEY in signs:
        return Sureness.CERTAIN
    named, alike = signs & set(NAMES), signs & set(ALIKE)
    if not named or Sign.BORN_DIFFERENT in signs:
        return None
    born = signs & {Sign.BORN_SAME, Sign.BORN_SWAPPED}
    if Sign.KEY_DIFFERENT in signs:
        return Sureness.POSSIBLE if born and alike else None
    beside = Sign.JOINED_SAME in signs or Sign.SAME_CELL in signs
    if born and (alike or beside):
        return Sureness.LIKELY
    if born or (beside and (alike or Sign.NAME_ORDER in signs)):
        return Sureness.POSSIBLE
    return None
