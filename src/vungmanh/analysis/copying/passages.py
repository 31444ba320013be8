"""Where two minutes say the same, in the characters of the texts as they were written.

Every run of own shingles that both have is found (what winnowing samples: Schleimer, Wilkerson &
Aiken 2003); runs parted by a changed word or two are one passage. Quadratic at worst, for one pair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vungmanh.analysis.copying.common import Bools
from vungmanh.analysis.copying.shingles import LENGTH, Hashes, Shingler
from vungmanh.analysis.copying.words import Word, words

#: Words that may differ within one passage, in each of the texts.
GAP = 3
_NO_SHINGLES = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Passage:
    """Characters `later_start` to before `later_end` of the later text say the same as
    `earlier_start` to before `earlier_end` of the earlier one; `words` words are the same."""

    later_start: int
    later_end: int
    earlier_start: int
    earlier_end: int
    words: int


@dataclass(frozen=True)
class _Run:
    """`words` words from word `later` and from word `earlier` on are the same."""

    later: int
    earlier: int
    words: int


def passages(later: str, earlier: str, common: Hashes = _NO_SHINGLES) -> list[Passage]:
    """The passages in the order of the later text, none within another.

    `common` (ascending): shingles that are nobody's own, as `Likeness.common` and the templates
    given; a passage never rests on them.
    """
    shingler = Shingler()
    late, early = shingler.in_order(later), shingler.in_order(earlier)
    runs = _runs(late.tolist(), early.tolist(), _among(late, common).tolist())
    late_words, early_words = words(later), words(earlier)
    return [_passage(group, late_words, early_words) for group in _joined(runs)]


def marked(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it lies within a span; joined they are the text."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        begin, stop = max(start, done), min(end, len(text))
        if begin >= stop:
            continue
        pieces += [(text[done:begin], False), (text[begin:stop], True)]
        done = stop
    return [piece for piece in [*pieces, (text[done:], False)] if piece[0]]


def _among(shingles: Hashes, ascending: Hashes) -> Bools:
    place = np.searchsorted(ascending, shingles)
    found: Bools = np.append(ascending, np.uint64(0))[place] == shingles
    return found & (place < len(ascending))


def _runs(late: list[int], early: list[int], is_common: list[bool]) -> list[_Run]:
    """The longest run from each place on; the words of a run are in no other of the later text."""
    places = defaultdict(list)
    for place, shingle in enumerate(early):
        places[shingle].append(place)
    found: list[_Run] = []
    at = 0
    while at < len(late):
        best = 0
        begin = 0
        for place in () if is_common[at] else places.get(late[at], ()):
            size = 0
            while (
                at + size < len(late)
                and place + size < len(early)
                and late[at + size] == early[place + size]
                and not is_common[at + size]
            ):
                size += 1
            if size > best or (size == best and _follows(found, place)):
                best, begin = size, place
        if best:
            found.append(_Run(at, begin, best + LENGTH - 1))
            at += best + LENGTH - 1
        else:
            at += 1
    return found


def _follows(found: list[_Run], place: int) -> bool:
    """Whether a run from `place` on goes on where the last one ended."""
    return bool(found) and 0 <= place - (found[-1].earlier + found[-1].words) <= GAP


def _joined(runs: list[_Run]) -> list[list[_Run]]:
    groups: list[list[_Run]] = []
    for run in runs:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and run.later - (last.later + last.words) <= GAP
            and 0 <= run.earlier - (last.earlier + last.words) <= GAP
        ):
            groups[-1].append(run)
        else:
            groups.append([run])
    return groups


def _passage(group: list[_Run], later: list[Word], earlier: list[Word]) -> Passage:
    first, last = group[0], group[-1]
    return Passage(
        later[first.later].start,
        later[last.later + last.words - 1].end,
        earlier[first.earlier].start,
        earlier[last.earlier + last.words - 1].end,
        sum(run.words for run in group),
    )
