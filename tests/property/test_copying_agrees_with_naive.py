"""The quick comparison of minutes says what the plain one says, pair by pair."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vungmanh.analysis.copying import naive
from vungmanh.analysis.copying.common import Limits
from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import Likeness, likeness
from vungmanh.analysis.copying.passages import marked, passages
from vungmanh.analysis.copying.shingles import Shingler, shingle_set
from vungmanh.analysis.copying.words import words
from vungmanh.analysis.trial.minutes import write_minutes

LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
TEXTS = st.text(alphabet=LETTERS + LETTERS.upper() + "ÐĐð0129 .,;-_\n\u200b\u00ad", max_size=60)
#: Few words, so that texts made of them meet.
WORDS = ("họp", "bàn", "thu", "quỹ", "hòa", "hoà", "12", "3", "xóm", "trên")
FEW = st.lists(st.sampled_from(WORDS), max_size=40)
ROWS = st.lists(
    st.tuples(FEW, st.integers(0, 5), st.integers(0, 3), st.integers(0, 4)), max_size=14
)
#: Loose limits: in few words most would be common, or nothing alike.
LOOSE = Limits(cells=0.5, few_cells=2, empty_below=2, whole=0.35, part=0.5, part_shared=2)


def as_pairs(found: Likeness) -> dict[tuple[int, int], tuple[int, float, float, bool]]:
    columns = (found.later, found.earlier, found.shared, found.jaccard, found.contained)
    rows = zip(*(column.tolist() for column in columns), found.whole.tolist(), strict=True)
    return {(later, earlier): (s, j, c, w) for later, earlier, s, j, c, w in rows}


@given(text=TEXTS)
def test_words_are_those_of_the_text_normalised_as_a_whole(text: str) -> None:
    for written in (text, unicodedata.normalize("NFD", text)):
        found = words(written)
        assert " ".join(word.text for word in found) == naive.normalised(written)
        assert all(written[word.start : word.end] for word in found)
        assert len(Shingler().in_order(written)) == max(len(found) - 2, 0)


@given(rows=ROWS, split=st.integers(0, 14))
@settings(max_examples=300)
def test_pairs_are_those_of_the_plain_comparison(rows: list, split: int) -> None:
    texts = [" ".join(row[0]) for row in rows]
    cell, month, filed = ([row[at] for row in rows] for at in (1, 2, 3))
    expected = naive.pairs(texts, cell, month, filed, given=["thu quỹ xóm trên"], limits=LOOSE)
    parts = [
        Corpus.of(texts[a:b], cell[a:b], month[a:b], filed[a:b])
        for a, b in ((0, split), (split, len(texts)))
    ]
    corpus = parts[0].extended(parts[1])
    common = shingle_set(["thu quỹ xóm trên"])
    assert as_pairs(likeness(corpus, given=common, limits=LOOSE)) == expected
    new = np.arange(len(texts)) >= split
    only = as_pairs(likeness(corpus, given=common, only=new, limits=LOOSE))
    assert only == {pair: told for pair, told in expected.items() if new[list(pair)].any()}


@pytest.mark.parametrize("seed", [1, 2])
def test_pairs_of_simulated_minutes_are_those_of_the_plain_comparison(seed: int) -> None:
    made = write_minutes(seed, cells=25, months=4, copied=0.3)
    cell = [int(name[1:]) for name in made.cell]
    filed = np.random.default_rng(seed).integers(0, 30, len(cell)).tolist()
    expected = naive.pairs(made.text, cell, made.month, filed)
    found = likeness(Corpus.of(made.text, cell, made.month, filed))
    assert len(expected) > 5
    assert as_pairs(found) == expected
    assert found.empty.sum() == sum(
        len(own) < 8 for own in naive.own_shingles(made.text, cell, made.month, [], Limits())
    )


@given(one=FEW, other=FEW)
def test_passages_say_the_same_words_and_leave_no_shared_shingle_out(
    one: list[str], other: list[str]
) -> None:
    later, earlier = "Hôm ấy: " + " ".join(one), " ".join(other).upper() + "."
    found = passages(later, earlier)
    ends = [0]
    for passage in found:
        assert passage.later_start >= ends[-1], "passages of the later text follow one another"
        ends.append(passage.later_end)
        mine = naive.normalised(later[passage.later_start : passage.later_end]).split()
        theirs = naive.normalised(earlier[passage.earlier_start : passage.earlier_end]).split()
        assert (mine[:3], mine[-3:]) == (theirs[:3], theirs[-3:])
        assert 3 <= passage.words <= min(len(mine), len(theirs))
    spans = [(passage.later_start, passage.later_end) for passage in found]
    pieces = marked(later, spans)
    assert "".join(piece for piece, _ in pieces) == later
    outside = [naive.shingles(piece) for piece, inside in pieces if not inside]
    assert not set().union(*outside) & naive.shingles(earlier)
