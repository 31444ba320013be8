"""How far the rules of the field are modelled, and what must be asked of whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values.words import CoverageState

DATA = Path(__file__).with_name("coverage.yaml")


@dataclass(frozen=True)
class CoverageItem:
    """One thing the field rules; `keys` are the rules of this program that say it."""

    code: str
    title: str
    state: CoverageState
    keys: tuple[str, ...] = ()
    missing: str = ""
    ask: str = ""


@cache
def coverage() -> tuple[CoverageItem, ...]:
    """Every item, in the order of the file. Raises RulebookError for a file that cannot be read."""
    raw = read_yaml(DATA.read_text(encoding="utf-8"), file=DATA.name)
    return typed(_Items, {"items": raw}, file=DATA.name, key="").items


@dataclass(frozen=True)
class _Items:
    items: tuple[CoverageItem, ...]
