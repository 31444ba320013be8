import unicodedata

import pytest

from vungmanh.core import vocabulary
from vungmanh.core.vocabulary import CELL_KINDS, Vocabulary

WORDS = [
    word
    for word in vars(vocabulary).values()
    if isinstance(word, type) and issubclass(word, Vocabulary) and word is not Vocabulary
]


@pytest.mark.parametrize("word", WORDS)
def test_vocabulary_has_ascii_codes_and_composed_labels_that_differ(word):
    codes = [member.value for member in word]
    labels = [member.label for member in word]
    assert all(code.isascii() and code for code in codes)
    assert labels == [unicodedata.normalize("NFC", label) for label in labels]
    assert len(set(codes)) == len(set(labels)) == len(list(word))


@pytest.mark.parametrize("word", WORDS)
def test_vocabulary_choices_pair_each_code_with_its_label(word):
    assert word.choices() == [(member.value, member.label) for member in word]
    assert [word(code).label for code, _ in word.choices()] == [
        label for _, label in word.choices()
    ]


def test_cells_are_the_two_kinds_that_meet():
    assert sorted(CELL_KINDS) == ["chi_bo", "chi_bo_co_so"]
