"""Copied and ritual minutes: what is found, what is never held against anybody, how surely."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import likeness
from vungmanh.analysis.copying.passages import marked, passages
from vungmanh.analysis.copying.ritual import ritual
from vungmanh.analysis.copying.scoring import score
from vungmanh.analysis.copying.shingles import Shingler, shingle_set
from vungmanh.analysis.copying.words import words

OWN = (
    "Đồng chí Tấm đề nghị nạo vét mương Nà Pài trước rằm, mười hai hộ góp ba ngày công; "
    "đồng chí Cám nhận đổ bê tông ngõ cụ Kẹ sau vụ gặt, xi măng xin của hợp tác xã."
)
OTHER = (
    "Chi bộ bàn việc lớp mẫu giáo thiếu mái che, giao chi đoàn dựng lán tạm bên bờ suối; "
    "cựu chiến binh trông đàn trâu của trường thôn và sửa loa xóm dưới trong tuần tới."
)
DIRECTIVE = (
    "Quán triệt chỉ thị của cấp trên về mùa khô, phân công trực rừng theo ca, báo cáo hằng tuần "
    "về văn phòng đảng ủy xã."
)


def found_in(texts, cell=None, month=None, filed=None, **more):
    n = len(texts)
    cell = range(n) if cell is None else cell
    month = [0] * n if month is None else month
    return likeness(Corpus.of(texts, cell, month, range(n) if filed is None else filed), **more)


def test_one_text_written_in_four_ways_is_one_text() -> None:
    ways = [
        "Toàn thể nhất trí: ủy ban hòa giải, ngày 05/11.",
        "TOÀN THỂ NHẤT TRÍ – ỦY BAN HÒA GIẢI (NGÀY 28-12)",
        unicodedata.normalize("NFD", "toàn thể nhất trí uỷ ban hoà giải ngày 05 11"),
        "toàn thể nh\u00adất trí; ủy ban hòa\u200b giải ngày 05.11",
    ]
    made = [Shingler().in_order(way).tolist() for way in ways]
    assert made[0] == made[1] == made[2] == made[3]
    assert len(made[0]) == 9


def test_minutes_of_quy_and_quy_with_another_tone_stay_apart() -> None:
    assert [word.text for word in words("quý quỷ quy, thúy thuý")] == [
        "quý", "quỷ", "quy", "thúy", "thúy"
    ]  # fmt: skip


def test_a_copy_is_shown_as_the_later_one_by_filing_not_by_meeting() -> None:
    found = found_in([OWN, OTHER, OWN.replace("rằm", "Tết")], month=[9, 9, 8], filed=[3, 1, 7])
    assert (found.later.tolist(), found.earlier.tolist()) == ([2], [0])
    assert found.whole.tolist() == [True]
    assert found.order_known.tolist() == [True]


def test_who_was_first_is_not_said_of_two_filed_at_the_same_time() -> None:
    found = found_in([OWN, OWN], filed=[5, 5])
    assert found.order_known.tolist() == [False]


def test_a_part_taken_into_longer_minutes_is_shown_as_a_part() -> None:
    long = OTHER + " " + OWN + " " + DIRECTIVE + " Chi bộ còn nghe chuyện vườn cam nhà ông Bờm."
    found = found_in([long, OWN])
    assert len(found) == 1
    assert not found.whole[0]
    assert found.contained[0] > 0.95
    assert found.jaccard[0] < 0.35


def test_a_directive_read_out_by_four_cells_makes_nobody_alike() -> None:
    few = [f"{DIRECTIVE} Thôn {name}." for name in ("Nà Pài", "Khuổi Lếch", "Pác Ve", "Bản Nhùng")]
    found = found_in(few)
    assert len(found) == 0
    assert found.empty.all(), "nothing but the directive: empty of own content"
    assert len(found_in(few[:3])) == 3, "three cells are too few to call it a directive"


def test_a_directive_from_above_given_by_the_caller_makes_nobody_alike() -> None:
    two = [f"{DIRECTIVE} Thôn Nà Pài.", f"{DIRECTIVE} Thôn Pác Ve."]
    assert len(found_in(two)) == 1
    assert len(found_in(two, given=shingle_set([DIRECTIVE]))) == 0


def test_what_a_cell_says_every_month_stays_its_own() -> None:
    texts = [OWN] * 6 + [OTHER] * 6
    cell = [1] * 6 + [2] * 6
    found = found_in(texts, cell=cell, month=list(range(6)) * 2)
    assert not found.empty.any()
    assert set(found.later.tolist()) == {1, 2, 3, 4, 5, 7, 8, 9, 10, 11}


def test_short_minutes_are_called_empty_and_never_alike() -> None:
    found = found_in(["Chi bộ họp, nhất trí."] * 3)
    assert found.empty.all()
    assert len(found) == 0


def test_no_minutes_at_all_give_nothing() -> None:
    found = found_in([])
    assert len(found) == 0
    assert found_in(["", "!"]).empty.tolist() == [True, True]


def test_new_minutes_are_compared_with_old_ones_only_where_asked() -> None:
    old = Corpus.of([OWN, OWN], [1, 2], [0, 0], [0, 1])
    corpus = old.extended(Corpus.of([OTHER], [3], [1], [2]))
    assert len(likeness(corpus)) == 1
    assert len(likeness(corpus, only=[False, False, True])) == 0
    kept = Corpus.of_arrays(corpus.as_arrays())
    assert kept.offsets.tolist() == corpus.offsets.tolist()
    assert len(likeness(kept)) == 1


def test_each_text_needs_its_cell() -> None:
    with pytest.raises(ValueError, match="one cell"):
        Corpus.of([OWN, OTHER], [1], [0, 0], [0, 0])


def test_passages_are_told_in_the_letters_as_written() -> None:
    later = "Mở đầu.  " + unicodedata.normalize("NFD", OWN.replace("ba ngày", "năm ngày")).upper()
    found = passages(later, DIRECTIVE + " " + OWN)
    assert len(found) == 1, "one changed word parts nothing"
    passage = found[0]
    shown = later[passage.later_start : passage.later_end]
    assert shown == unicodedata.normalize("NFD", OWN.replace("ba ngày", "năm ngày")).upper()[:-1]
    assert (DIRECTIVE + " " + OWN)[passage.earlier_start : passage.earlier_end] == OWN[:-1]


def test_a_passage_does_not_rest_on_what_everybody_says() -> None:
    one, other = f"{DIRECTIVE} {OWN}", f"{OWN} {DIRECTIVE}"
    assert len(passages(one, other)) == 2
    found = passages(one, other, shingle_set([DIRECTIVE]))
    assert [one[passage.later_start : passage.later_end] for passage in found] == [OWN[:-1]]


def test_marked_text_is_the_text() -> None:
    assert marked("một hai ba", [(4, 7)]) == [("một ", False), ("hai", True), (" ba", False)]
    assert marked("một", [(0, 3), (1, 9)]) == [("một", True)]
    assert marked("", []) == []


def test_a_cell_that_repeats_itself_stands_out_and_others_do_not() -> None:
    rng = np.random.default_rng(4)
    syllables = [f"{a}{b}" for a in "bcdghklmnprstvx" for b in ("an", "ê", "ong", "i", "ưa", "ô")]
    texts, cell, month = [], [], []
    for who in range(12):
        for when in range(12):
            repeats = who == 0 and when > 0
            own = " ".join(rng.choice(syllables, 40))
            texts.append(texts[-1] if repeats else own)
            cell.append(who)
            month.append(when)
    corpus = Corpus.of(texts, cell, month, month)
    told = ritual(corpus, likeness(corpus))
    assert told.cell[told.found].tolist() == [0]
    assert (told.repeated[0], told.minutes[0]) == (11, 11)
    assert told.usual == pytest.approx(11 / 132)
    few = ritual(Corpus.of([OWN] * 3, [1] * 3, range(3), range(3)), found_in([OWN] * 3, [1] * 3))
    assert np.isnan(few.p_value).all(), "too few minutes to say"


@pytest.mark.parametrize("seed", [70001, 70002])
def test_on_fresh_texts_nearly_all_shown_are_copies_and_most_copies_are_shown(seed: int) -> None:
    told = score(seed)
    assert told.precision >= 0.95
    assert told.recall >= 0.75
    assert told.copies > 100
