"""A scoring sheet as a text to be edited, in Vietnamese words, and back."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import yaml

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.errors import RulebookError
from vungmanh.rulebook.reading import typed
from vungmanh.rulebook.strict_yaml import read_yaml
from vungmanh.rulebook.values.bounds import Bound, plain
from vungmanh.rulebook.values.sheet_language import LABELS, VIETNAMESE, path_in_vietnamese
from vungmanh.rulebook.values.sheets import SHARES, Criterion, MeetingSheet, RegularMeetingSheet


def parse_sheet(text: str, kind: type[MeetingSheet] = RegularMeetingSheet) -> MeetingSheet:
    """The sheet a text stands for. Raises RulebookError naming the place in Vietnamese words."""
    raw = read_yaml(text, file="")
    try:
        return typed(kind, raw, file="", key="")
    except RulebookError as error:
        place = path_in_vietnamese(error.key)
        problem = error.problem.replace("true hoặc false", "có hoặc không")
        said = f"“{place}”: {problem}" if place else problem
        words = LABELS if error.code == "bad-value" else VIETNAMESE
        allowed = [words.get(name, name) for name in error.allowed]
        raise RulebookError(said, code=error.code, allowed=allowed) from error


def sheet_text(sheet: MeetingSheet) -> str:
    """The sheet as a text; what stands at its default is left out."""
    return yaml.safe_dump(_plain(sheet), allow_unicode=True, sort_keys=False, width=96)


def _plain(thing: Any, *, share: bool = False) -> Any:
    if isinstance(thing, Vocabulary):
        return thing.label
    if isinstance(thing, Bound | Fraction):
        text = plain(thing) if isinstance(thing, Fraction) else thing.text(share=share)
        return int(text) if text.isdigit() else text
    if isinstance(thing, bool):
        return "có" if thing else "không"
    if isinstance(thing, tuple):
        return [_plain(one, share=share) for one in thing]
    if dataclasses.is_dataclass(thing):
        share = (isinstance(thing, Criterion) and thing.measure in SHARES) or share
        return {
            VIETNAMESE[field.name]: _plain(content, share=share)
            for field in dataclasses.fields(thing)
            if (content := getattr(thing, field.name)) != field.default
        }
    return thing
