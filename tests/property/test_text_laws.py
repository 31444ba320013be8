"""What must hold for any text at all, not only for the tables of tests/unit/core."""

import unicodedata
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from vungmanh.core.text import fold, place_tones, same_name_key, same_words_key, sort_key

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]

syllables = st.builds(
    lambda letters, at, tone: unicodedata.normalize(
        "NFC", letters[: at + 1] + tone + letters[at + 1 :]
    ),
    st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=5),
    st.integers(0, 4),
    st.sampled_from(TONES),
)
vietnamese = st.lists(syllables, max_size=5).map(" ".join)


@given(st.text())
@example("Đ")
@example("\u0130")
def test_fold_of_a_fold_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(vietnamese)
def test_fold_of_vietnamese_is_plain_ascii(text):
    assert fold(text).isascii()


@given(vietnamese)
def test_place_tones_moves_marks_and_nothing_else(text):
    placed = place_tones(text)
    assert sorted(unicodedata.normalize("NFD", placed)) == sorted(
        unicodedata.normalize("NFD", text)
    )
    assert fold(placed) == fold(text)


@given(vietnamese)
def test_place_tones_twice_is_once(text):
    assert place_tones(place_tones(text)) == place_tones(text)


@given(st.text())
def test_same_name_means_same_words(text):
    other = text.upper().lower()
    if same_name_key(text) == same_name_key(other):
        assert same_words_key(text) == same_words_key(other)


@given(st.text())
def test_sort_key_depends_on_no_normal_form(text):
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(text)


@given(vietnamese, vietnamese)
def test_sort_key_lets_letters_decide_before_tones(one, other):
    """Two texts whose letters differ stand in the order of their toneless forms."""
    bare_one, bare_other = _without_tones(one), _without_tones(other)
    if bare_one.lower() != bare_other.lower():
        assert (sort_key(one) < sort_key(other)) == (sort_key(bare_one) < sort_key(bare_other))


@given(st.lists(vietnamese, min_size=2, max_size=6))
def test_sort_key_tells_apart_what_is_written_differently(texts):
    ordered = sorted(texts, key=sort_key)
    for one, other in pairwise(ordered):
        assert (sort_key(one) == sort_key(other)) == (one == other)


@given(vietnamese, vietnamese)
def test_sort_key_puts_the_beginning_of_a_text_before_the_text(one, more):
    if more:
        assert sort_key(one) < sort_key(f"{one} {more}")


def _without_tones(text):
    decomposed = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES[1:]))
