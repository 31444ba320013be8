"""Minutes for a detector: mostly form and directive, a part of one's own, and known copies."""

from __future__ import annotations

import unicodedata

import numpy as np

from vungmanh.analysis.trial.minutes import Minutes, minutes_of, write_minutes
from vungmanh.analysis.trial.province import simulate
from vungmanh.analysis.trial.sizes import SMALL


def shingles(text: str) -> set[str]:
    words = text.lower().replace(".", " ").replace(",", " ").split()
    return {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}


def likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def stripped(made: Minutes) -> list[set[str]]:
    """Without what more than a twenty-fifth of the minutes share."""
    all_of = [shingles(text) for text in made.text]
    seen: dict[str, int] = {}
    for one in all_of:
        for shingle in one:
            seen[shingle] = seen.get(shingle, 0) + 1
    limit = len(all_of) / 25
    return [{shingle for shingle in one if seen[shingle] <= limit} for one in all_of]


def test_minutes_are_vietnamese_in_composed_form_and_the_same_twice() -> None:
    made = write_minutes(5, cells=20, months=3)
    assert made == write_minutes(5, cells=20, months=3)
    assert made != write_minutes(6, cells=20, months=3)
    assert all(unicodedata.is_normalized("NFC", text) for text in made.text)
    assert len(made.text) == 60
    assert {(cell, month) for cell, month in zip(made.cell, made.month, strict=True)} == {
        (f"c{number:04d}", month) for number in range(1, 21) for month in range(3)
    }


def test_about_as_many_copy_as_asked() -> None:
    made = write_minutes(5, cells=150, months=12, copied=0.13)
    share = np.mean([source >= 0 for source in made.source])
    assert 0.09 <= share <= 0.15


def test_a_copy_is_like_its_source_and_no_two_others_are() -> None:
    made = write_minutes(9, cells=60, months=6)
    own = stripped(made)
    copies = [row for row, source in enumerate(made.source) if source >= 0]
    assert np.median([likeness(own[row], own[made.source[row]]) for row in copies]) > 0.5
    rng = np.random.default_rng(2)
    others = [row for row, source in enumerate(made.source) if source < 0]
    pairs = rng.choice(others, size=(200, 2))
    assert max(likeness(own[a], own[b]) for a, b in pairs if a != b) < 0.2


def test_a_copy_is_of_oneself_earlier_or_of_a_neighbour_the_same_month() -> None:
    made = write_minutes(9, cells=40, months=6, copied=0.4)
    kinds = set()
    for row, source in enumerate(made.source):
        if source < 0:
            continue
        same = made.cell[row] == made.cell[source]
        kinds.add(same)
        assert made.month[source] == made.month[row] - (1 if same else 0)
        assert source < row
    assert kinds == {True, False}


def test_what_all_share_drowns_the_difference_until_it_is_taken_away() -> None:
    made = write_minutes(9, cells=60, months=2, copied=0.0)
    raw = [shingles(text) for text in made.text]
    month = [row for row, when in enumerate(made.month) if when == 0]
    likes = [likeness(raw[a], raw[b]) for a in month[:20] for b in month[20:40]]
    assert np.mean(likes) > 0.3


def test_cells_that_copied_a_year_copy_its_minutes() -> None:
    province = simulate(3, size=SMALL)
    made = minutes_of(province, cells=60)
    copied = {
        cell for cell, is_copy in zip(
            province.tree.cells, province.truth.copied[:, -1], strict=True
        ) if is_copy
    }  # fmt: skip
    copying = {cell for cell, source in zip(made.cell, made.source, strict=True) if source >= 0}
    assert copying
    assert copying == copied & set(made.cell)
