"""A text as words in one spelling, each with the place it has in the text as it was written.

Two spellings of one word give one word: composed or decomposed letters, Ð for Đ, small or capital,
hoà or hòa, 2019 or 2024 (each digit becomes 0). Everything else parts words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vungmanh.core.text import same_name_key

#: Letters and digits with the marks put on them, and the invisible signs that editors put within
#: words: soft hyphen, zero-width space and joiners, direction, byte-order mark.
_TOKEN = re.compile("(?:[^\\W_]|[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff])+")
_DIGIT = re.compile(r"\d")


class Word(NamedTuple):
    """A word in one spelling and where it stands: characters `start` to before `end`."""

    start: int
    end: int
    text: str


def words(text: str) -> list[Word]:
    """The words of a text in order. Empty for a text without letters and digits."""
    found = []
    for match in _TOKEN.finditer(text):
        spelled = one_spelling(match.group())
        if spelled:
            found.append(Word(match.start(), match.end(), spelled))
    return found


def tokens(text: str) -> list[str]:
    """The words as they were written; what `one_spelling` makes "" of is among them."""
    return _TOKEN.findall(text)


def one_spelling(token: str) -> str:
    """One word as it is compared: NFC, lower case, one placing of tones, digits as 0."""
    return _DIGIT.sub("0", same_name_key(token).replace(" ", ""))
