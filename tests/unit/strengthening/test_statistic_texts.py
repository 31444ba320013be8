"""The second layer in words: sums that can be redone, and no certainty that nobody has."""

from __future__ import annotations

import pytest

from vungmanh.core.text import NBSP
from vungmanh.strengthening.reason_texts import texts_of
from vungmanh.strengthening.statistic_texts import months_hidden, probably_weak, whole_percent
from vungmanh.strengthening.statistics import adding_up

PARTS = [
    {"part": "held", "points": -9.1, "explains": True},
    {"part": "attendance", "points": 1.2, "explains": False},
    {"part": "tasks", "points": -2.0, "explains": False},
]
WEAK = {
    "key": "probably_weak", "weight": "heavy", "index": 62.87, "low": 55.0, "high": 70.2,
    "reference": 70.12, "probability": 0.953, "typical": 72.81, "level": 90, "periods": 2,
    "parts": PARTS,
}  # fmt: skip
HIDDEN = {
    "key": "months_hidden", "weight": "", "silent": 3.0, "set_aside": 0.0, "excused": 1.0,
    "probability": 0.31, "hidden": 0.88,
}  # fmt: skip


@pytest.mark.parametrize(
    ("share", "told"),
    [(1.0, "trên 99 %"), (0.995, "trên 99 %"), (0.95, "95 %"), (0.004, "dưới 1 %"),
     (0.0, "dưới 1 %")],
)  # fmt: skip
def test_nothing_is_called_certain(share: float, told: str) -> None:
    assert whole_percent(share) == told.replace(" ", NBSP)


def test_the_sum_can_be_redone_from_the_words_alone() -> None:
    _, _, sentence = probably_weak(WEAK, 0)
    assert "mức giữa của nhóm (72,8)" in sentence
    assert "họp đủ kỳ kém 9,1; dự họp hơn 1,2; việc xong đúng hạn kém 2 (chưa chắc)" in sentence
    assert "cộng lại −9,9 điểm" in sentence
    assert round(72.8 - 9.9, 1) == 62.9


def test_what_lasts_and_what_is_new_are_told_apart() -> None:
    assert "2 kỳ liền" in probably_weak(WEAK, 0)[2]
    assert "chỉ để theo dõi" in probably_weak({**WEAK, "weight": "light"}, 0)[2]


def test_what_this_period_counts_alone_is_told_where_it_is_far_from_the_estimate() -> None:
    told = probably_weak({**WEAK, "alone": 81.4}, 0)[2]
    assert "Riêng kỳ này đếm được 81,4; các kỳ trước và nơi cùng nhóm kéo xuống." in told
    assert "kéo lên" in probably_weak({**WEAK, "alone": 50.0}, 0)[2]
    for near in (63.0, None):
        assert "Riêng kỳ này" not in probably_weak({**WEAK, "alone": near}, 0)[2]


def test_months_are_told_by_kind_and_both_probabilities_stand_side_by_side() -> None:
    figure, chip, sentence = months_hidden(HIDDEN, 0)
    assert figure == "4"
    assert chip.startswith("4 kỳ")
    assert "3 kỳ chưa báo cáo, 1 kỳ được miễn" in sentence
    assert f"31{NBSP}%" in sentence
    assert f"88{NBSP}%" in sentence


def test_where_nothing_of_this_period_is_missing_the_years_before_are_named() -> None:
    _, chip, sentence = months_hidden({**HIDDEN, "silent": 0.0, "excused": 0.0}, 0)
    assert "năm trước" in chip
    assert "Có nhiều kỳ được miễn ở các năm trước." in sentence


def test_reasons_of_the_second_layer_point_to_their_rule() -> None:
    assert {text.rule_key for text in texts_of([WEAK, HIDDEN])} == {"status.probability"}


@pytest.mark.parametrize("parts", [[1.26, 1.26, 1.26], [-9.14, 1.22, -2.04], [0.0, 0.04, -0.04]])
def test_rounded_parts_add_up_to_the_rounded_whole(parts: list[float]) -> None:
    rounded = adding_up(parts, sum(parts))
    assert sum(rounded) == pytest.approx(round(sum(parts), 1))
    assert all(abs(one - other) < 0.1 for one, other in zip(rounded, parts, strict=True))
