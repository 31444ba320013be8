"""Texts as three-word shingles, each shingle a 64-bit number.

The number depends on the words alone, so numbers made today and those kept last year compare. Two
different shingles share one with a chance of 2⁻⁶⁴; among the 10⁷ of a province that happens to any
two with a chance below 10⁻⁵.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.copying.words import one_spelling, tokens

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]

#: Words to a shingle.
LENGTH = 3
#: Words to a run that few share by chance. Three shingles cover it.
RUN = 8
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd, and unlike
_RUN_FACTORS = (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53, 0xD6E8FEB86659FD93)
#: Spellings remembered; beyond it they are worked out again. Some 100 MB.
_MOST_REMEMBERED = 500_000
_BATCH = 4096


class Shingler:
    """Makes shingles of texts; remembers the words it has met, which makes it quick."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def of_texts(self, texts: Sequence[str]) -> tuple[Hashes, Ints]:
        """The shingles of n texts as they follow one another: (numbers, offsets (n + 1,)).

        Those of text i are `numbers[offsets[i]:offsets[i + 1]]`; repeated ones are repeated.
        """
        parts, sizes = [np.zeros(0, dtype=np.uint64)], [np.zeros(1, dtype=np.int64)]
        for begin in range(0, len(texts), _BATCH):
            made, sizes_of = self._batch(texts[begin : begin + _BATCH])
            parts.append(made)
            sizes.append(sizes_of)
        return np.concatenate(parts), np.cumsum(np.concatenate(sizes))

    def in_order(self, text: str) -> Hashes:
        """The shingles of one text; as many as `words.words` finds words, less two."""
        return self.of_texts([text])[0]

    def _batch(self, texts: Sequence[str]) -> tuple[Hashes, Ints]:
        numbers = [self._numbers(text) for text in texts]
        lengths = np.array([len(one) for one in numbers], dtype=np.int64)
        flat = np.fromiter(
            itertools.chain.from_iterable(numbers), dtype=np.uint64, count=int(lengths.sum())
        )
        text_of = np.repeat(np.arange(len(texts)), lengths)
        count = max(len(flat) - LENGTH + 1, 0)
        within = text_of[:count] == text_of[len(flat) - count :]
        return shingles_of(flat)[within], np.maximum(lengths - LENGTH + 1, 0)

    def _numbers(self, text: str) -> list[int]:
        """The words of a text as numbers; 0 stands for no word and is left out."""
        known = self._known
        found = []
        for token in tokens(text):
            number = known.get(token)
            if number is None:
                number = self._remember(token)
            if number:
                found.append(number)
        return found

    def _remember(self, token: str) -> int:
        word = one_spelling(token)
        number = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") or 1
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[token] = number if word else 0
        return self._known[token]


def shingle_set(texts: Iterable[str]) -> Hashes:
    """The distinct shingles of all these texts together, ascending: of templates, say."""
    return np.unique(Shingler().of_texts(list(texts))[0])


def shingles_of(numbers: Sequence[int] | Hashes) -> Hashes:
    """Each three numbers that follow one another as one."""
    flat = np.asarray(numbers, dtype=np.uint64)
    count = max(len(flat) - LENGTH + 1, 0)
    made = np.zeros(count, dtype=np.uint64)
    for place, factor in enumerate(_FACTORS):
        made += flat[place : place + count] * np.uint64(factor)
    return made


def runs_of(shingles: Hashes) -> Hashes:
    """Each RUN words that follow one another as one number: of n shingles in order n − RUN + 3."""
    reach = RUN - LENGTH
    count = max(len(shingles) - reach, 0)
    made = np.zeros(count, dtype=np.uint64)
    for place, factor in zip((0, LENGTH, reach), _RUN_FACTORS, strict=True):
        made += shingles[place : place + count] * np.uint64(factor)
    return made
