"""Lists of people with entries made twice, whose truth is known: to score `same_person` on.

Names are drawn with the unevenness of Vietnamese names: a few family, middle and given names make
most of them, so that namesakes abound. Days of birth fall evenly over fifty years; of some only the
year is known, written as the first of January. Nobody real is meant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vungmanh.analysis.same_person import PersonRow, Stay
from vungmanh.core.text import fold

_FAMILIES = [
    "Nông", "Hoàng", "Vi", "Lý", "Triệu", "Lương", "Hứa", "Đàm", "Nguyễn", "Trần", "Lê", "Phạm",
    "Dương", "Bế", "Lục", "Mã",
]  # fmt: skip
_MIDDLES = [
    "Văn", "Thị", "Đức", "Minh", "Ngọc", "Thanh", "Quang", "Hữu", "Xuân", "Hồng",
]  # fmt: skip
_GIVENS = [
    "Hùng", "Dũng", "Hòa", "Hóa", "Hoa", "Thủy", "Thúy", "Hương", "Lan", "Mai", "Tuấn", "Sơn",
    "Bình", "Cường", "Khỏe", "Liên", "Nga", "Phương", "Thành", "Thắng", "Toàn", "Tùng", "Vân",
    "Yến", "Hiền", "Hiển", "Đông", "Độ", "Quý", "Quỳ",
]  # fmt: skip
_OLD_TONES = {"òa": "oà", "óa": "oá", "ủy": "uỷ", "úy": "uý", "ỏe": "oẻ"}
YEAR_ONLY = 0.08  # of rows with the first of January for a birthday
BLANK_BORN, BLANK_KEY = 0.1, 0.3


def people(
    count: int, twice: int, seed: int, *, cells: int = 60
) -> tuple[list[PersonRow], set[frozenset[int]]]:
    """`count` persons, `twice` of them entered a second time otherwise; the true pairs by id."""
    rng = np.random.default_rng(seed)
    rows = [_person(rng, number, cells) for number in range(count)]
    truth = set()
    for number in rng.permutation(count)[:twice]:
        other = _again(rng, rows[number], len(rows), cells)
        truth.add(frozenset((int(number), len(rows))))
        rows.append(other)
    return rows, truth


def _person(rng: np.random.Generator, number: int, cells: int) -> PersonRow:
    words = [_pick(rng, _FAMILIES), _pick(rng, _MIDDLES), _pick(rng, _GIVENS)]
    if rng.random() < 0.4:
        words.insert(2, _pick(rng, _MIDDLES))
    born = dt.date(1945, 1, 1) + dt.timedelta(int(rng.integers(0, 365 * 50)))
    if rng.random() < YEAR_ONLY:
        born = born.replace(month=1, day=1)
    joined = born + dt.timedelta(365 * 20 + int(rng.integers(0, 365 * 20)))
    stay = Stay(int(rng.integers(0, cells)), dt.date(2020, 1, 1))
    return PersonRow(
        number,
        " ".join(words),
        None if rng.random() < BLANK_BORN else born,
        None if rng.random() < 0.2 else joined,
        "" if rng.random() < BLANK_KEY else f"{number:08d}",
        (stay,),
    )


def _pick(rng: np.random.Generator, words: list[str]) -> str:
    """The first words far oftener than the last, as names are in life."""
    weights = 1 / (1 + np.arange(len(words)))
    return words[int(rng.choice(len(words), p=weights / weights.sum()))]


def _again(rng: np.random.Generator, row: PersonRow, number: int, cells: int) -> PersonRow:
    """The same person entered by somebody else: one slip, and other things left blank."""
    slips: list[Callable[[np.random.Generator, PersonRow], PersonRow]] = [
        _same, _bare, _old_tone, _order, _short, _typo, _swapped, _year_only,
    ]  # fmt: skip
    made = slips[int(rng.integers(0, len(slips)))](rng, row)
    moved = rng.random() < 0.5
    stays = (Stay(int(rng.integers(0, cells)), dt.date(2024, 1, 1)),) if moved else row.stays
    key = row.key if rng.random() < 0.1 else ""
    return replace(made, id=number, key=key, stays=stays)


def _same(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    return row


def _bare(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    return replace(row, name=fold(row.name).title())


def _old_tone(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    name = row.name
    for new, old in _OLD_TONES.items():
        name = name.replace(new, old)
    return replace(row, name=name.upper())


def _order(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    words = row.name.split()
    words[1], words[-1] = words[-1], words[1]
    return replace(row, name=" ".join(words))


def _short(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    words = row.name.split()
    return replace(row, name=" ".join(words[:1] + words[2:]))


def _typo(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    place = int(rng.integers(1, len(row.name)))
    return replace(row, name=row.name[:place] + "k" + row.name[place + 1 :])


def _swapped(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    born = row.born_on
    if born is None or born.day > 12:
        return row
    return replace(row, born_on=born.replace(day=born.month, month=born.day))


def _year_only(rng: np.random.Generator, row: PersonRow) -> PersonRow:
    return replace(row, born_on=row.born_on and row.born_on.replace(day=1, month=1))
