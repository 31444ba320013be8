"""The shared words: one code for one thing, one label for one code."""

from __future__ import annotations

import re
import unicodedata

import pytest

from vungmanh.core import vocabulary
from vungmanh.core.vocabulary import Evidence, Vocabulary

WORDS = [
    word
    for word in vars(vocabulary).values()
    if isinstance(word, type) and issubclass(word, Vocabulary) and word is not Vocabulary
]
CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def test_there_are_words() -> None:
    assert len(WORDS) >= 8


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_no_code_and_no_label_is_used_twice(word: type[Vocabulary]) -> None:
    # An enum takes a second member with the same code as another name of the first.
    assert [name for name, member in word.__members__.items() if name != member.name] == []
    labels = [member.label for member in word]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    "word", [word for word in WORDS if word is not Evidence], ids=lambda word: word.__name__
)
def test_codes_are_ascii_and_named_alike(word: type[Vocabulary]) -> None:
    # Evidence keeps the capital letters by which domain notes are labelled.
    assert [member.value for member in word if not CODE.fullmatch(member.value)] == []
    assert [name for name, member in word.__members__.items() if name.lower() != member.value] == []


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.__name__)
def test_labels_are_written_out_and_composed(word: type[Vocabulary]) -> None:
    for member in word:
        assert member.label
        assert unicodedata.is_normalized("NFC", member.label)
