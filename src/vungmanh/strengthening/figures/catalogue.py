"""What each figure of the program is: one small file of `data` a figure, written to be read.

The texts are Vietnamese content, like the rulebook's: what is divided by what, which records, which
rule, how the interval is made, and when not to believe it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from vungmanh.core.text import fold
from vungmanh.rulebook.strict_yaml import read_yaml

DATA = Path(__file__).parent / "data"

#: What may be empty: a figure with no like, a count no rule speaks of.
MAY_BE_EMPTY = {"see", "rules"}


class Group(Enum):
    """The figures that belong together, in the order in which they are listed."""

    WHOLE = "whole"
    MEETINGS = "meetings"
    WORK = "work"
    SIGNS = "signs"
    PEOPLE = "people"


@dataclass(frozen=True)
class Figure:
    """One figure in words. `rules` are keys of the rulebook, `see` codes of other figures."""

    code: str
    title: str
    group: Group
    place: int  # within the group
    unit: str
    asks: str
    formula: str
    symbols: str
    numerator: str
    denominator: str
    records: str
    dates: str
    interval: str
    source: str
    rules: tuple[str, ...]
    doubts: tuple[str, ...]
    see: tuple[str, ...]

    def holds(self, words: Iterable[str]) -> bool:
        """Whether every one of the folded words begins a word of the title or of what it asks."""
        text = fold(f" {self.title} {self.asks}")
        return all(f" {word}" in text for word in words)


@lru_cache(maxsize=1)
def figures() -> tuple[Figure, ...]:
    """Every figure, group by group. Raises ValueError for a file that is not as it should be."""
    order = list(Group)
    found = [_read(path) for path in DATA.glob("*.yaml")]
    return tuple(sorted(found, key=lambda one: (order.index(one.group), one.place)))


@lru_cache(maxsize=1)
def figures_by_code() -> dict[str, Figure]:
    return {figure.code: figure for figure in figures()}


def figures_with(text: str) -> list[Figure]:
    """The figures that hold every word of `text`, with or without diacritics; all for none."""
    words = fold(text).split()
    return [figure for figure in figures() if figure.holds(words)]


def _read(path: Path) -> Figure:
    raw: Any = read_yaml(path.read_text(encoding="utf-8"), file=path.name)
    names = {field.name for field in fields(Figure)}
    if set(raw) != names or not all(raw[name] for name in names - MAY_BE_EMPTY):
        raise ValueError(f"{path.name}: needs exactly {sorted(names)}, none of them empty")
    if raw["code"] != path.stem:
        raise ValueError(f"{path.name}: the code is not the name of the file")
    lists = {name: tuple(raw[name]) for name in ("rules", "doubts", "see")}
    return Figure(**raw | lists | {"group": Group(raw["group"])})
