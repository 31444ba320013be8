"""Lots: the same for everybody who draws them again, fair over seeds, and even over years."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from vungmanh.analysis.lots import draw, order

NAMES = ["chi bộ Nà Mẫu", "chi bộ Đồi Mẫu", "chi bộ Ăn Mẫu", "chi bộ Bản Thử"]


def test_lots_are_what_a_hash_tool_gives() -> None:
    by_hand = {hashlib.sha256(f"abc:{name}".encode()).hexdigest(): name for name in NAMES}
    assert order("abc", NAMES) == [by_hand[key] for key in sorted(by_hand)]


def test_the_order_of_names_changes_nothing_and_another_seed_does() -> None:
    assert order("abc", reversed(NAMES)) == order("abc", NAMES)
    assert len({tuple(order(str(seed), NAMES)) for seed in range(50)}) > 10


def test_everybody_is_drawn_about_as_often_as_others() -> None:
    drawn = Counter(name for seed in range(2000) for name in draw(str(seed), NAMES, 1))
    # 500 each; five standard deviations of a fair draw are 97.
    assert all(abs(drawn[name] - 500) < 97 for name in NAMES)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        draw("abc", NAMES, -1)
