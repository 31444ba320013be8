"""The slow twin: the same said as plainly as possible, pair by pair. For tests only."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from vungmanh.analysis.copying.common import Limits
from vungmanh.core.text import place_tones

Shingle = tuple[str, ...]


def normalised(text: str) -> str:
    """methods.md §8, step by step, over the whole text."""
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf")
    composed = unicodedata.normalize("NFC", seen)
    small = place_tones(composed.replace("Ð", "Đ").replace("ð", "đ")).lower()
    whole = "".join(c for c in small if unicodedata.category(c) != "Mn")  # marks on nothing
    no_digits = re.sub(r"\d", "0", whole)
    return " ".join(re.sub(r"[\W_]+", " ", no_digits).split())


def shingles(text: str) -> set[Shingle]:
    return grams(text, 3)


def grams(text: str, length: int) -> set[Shingle]:
    words = normalised(text).split()
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def own_shingles(
    texts: Sequence[str], cell: Sequence[int], month: Sequence[int], given: Iterable[str],
    limits: Limits,
) -> list[set[Shingle]]:  # fmt: skip
    """What is left of each text without forms, directives and `given` texts."""
    made = [shingles(text) for text in texts]
    many = max(limits.cells * len(set(cell)), limits.few_cells)
    common = {
        one for one, months in _users(made, cell, month).items() if _most(months) > many
    }  # fmt: skip
    runs = [grams(text, 8) for text in texts]
    for run, months in _users(runs, cell, month).items():
        ever = len(set().union(*months.values()))
        if _most(months) > limits.few_cells or ever > many:
            common |= {run[at : at + 3] for at in range(6)}
    for text in given:
        common |= shingles(text)
    return [found - common for found in made]


def _users(
    made: Sequence[set[Shingle]], cell: Sequence[int], month: Sequence[int]
) -> dict[Shingle, dict[int, set[int]]]:
    """Who uses it, by month."""
    users: dict[Shingle, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for who, when, found in zip(cell, month, made, strict=True):
        for one in found:
            users[one][when].add(who)
    return users


def _most(months: dict[int, set[int]]) -> int:
    return max(len(cells) for cells in months.values())


def pairs(
    texts: Sequence[str], cell: Sequence[int], month: Sequence[int], filed: Sequence[int],
    *, given: Iterable[str] = (), limits: Limits | None = None,
) -> dict[tuple[int, int], tuple[int, float, float, bool]]:  # fmt: skip
    """(later, earlier) → (shared, Jaccard, containment of the later, whole)."""
    limits = limits or Limits()
    own = own_shingles(texts, cell, month, given, limits)
    order = sorted(range(len(texts)), key=lambda row: (filed[row], month[row], row))
    found = {}
    for place, later in enumerate(order):
        for earlier in order[:place]:
            a, b = own[later], own[earlier]
            if min(len(a), len(b)) < limits.empty_below:
                continue
            shared = len(a & b)
            jaccard, contained = shared / len(a | b), shared / len(a)
            whole = jaccard >= limits.whole
            if whole or (contained >= limits.part and shared >= limits.part_shared):
                found[later, earlier] = (shared, jaccard, contained, whole)
    return found
