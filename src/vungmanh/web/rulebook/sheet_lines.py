"""The levels of a criterion, each as a line: "4: từ 75% dưới 90%"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vungmanh.core.text import nfc
from vungmanh.rulebook.values.sheet_language import VIETNAMESE

_END = {"từ": "at_least", "trên": "more_than", "đến": "at_most", "dưới": "less_than"}
_LEVEL = ("points", "label", "or_when")
_NUMBER = r"\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?\s*%?"
_BOUND = rf"đủ(?:\s*[-x×*]\s*{_NUMBER})?|{_NUMBER}"
_LINE = re.compile(rf"({_NUMBER})\s*(?:điểm)?\s*:\s*(.*)")
_UNIT = r"(?:phút|lần|người)?"
_ENDS = re.compile(
    rf"(?:đến\s+(?=dưới))?(từ|trên|đến|dưới)\s+({_BOUND})\s*{_UNIT}\s*(?:trở lên)?[,\s]*"
)


def read_level(line: str) -> dict[str, str | int | None] | str:
    """ "4: từ 75% dưới 90%" as a level; the line itself when it says something else."""
    line = " ".join(nfc(line).split())
    found = _LINE.fullmatch(line)
    if found is None:
        return line
    points, told = found.groups()
    level: dict[str, str | int | None] = {VIETNAMESE["points"]: number(points)}
    told, _, also = told.partition("hoặc khi ")
    told, also = told.strip(" ;,"), also.strip(" .")
    if told.lower().split(" ", 1)[0] in _END:
        ends = _ENDS.findall(told.lower())
        names = [name for name, _ in ends]
        if _ENDS.sub("", told.lower()).strip() or len(set(names)) < len(names):
            return line
        level |= {name: number(end) for name, end in ends}
    elif told:
        level[VIETNAMESE["label"]] = told
    if also:
        level[VIETNAMESE["or_when"]] = also
    return level


def level_line(level: Any) -> str:
    """The line of a level as the text has it."""
    if not isinstance(level, Mapping):
        return str(level)
    ends = [
        f"{word} {level[name]}" for word, name in _END.items() if level.get(name) not in (None, "")
    ]
    first = " ".join(ends) or str(level.get("label") or "")
    also = f"hoặc khi {level['or_when']}" if level.get("or_when") else ""
    told = "; ".join(part for part in (first, also) if part)
    return f"{said(level.get('points'))}: {told}".strip()


def is_line(level: object) -> bool:
    """Whether a line can say all of a level."""
    if isinstance(level, str):
        return True
    if not isinstance(level, Mapping) or not set(level) <= {*_END.values(), *_LEVEL}:
        return False
    return not (level.get("label") and set(level) & set(_END.values()))


def number(typed: str) -> str | int | None:
    """As YAML writes it; nothing typed is nothing said."""
    typed = typed.strip()
    if not typed:
        return None
    # One too long for any number stays as typed, and is refused where it is read.
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else typed


def said(content: Any) -> str:
    if content is None:
        return ""
    if isinstance(content, bool):
        return "có" if content else ""
    return str(content)
