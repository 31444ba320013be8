"""What everybody says, and what is a minute's own.

Common is a shingle
 * that more than 4 % of cells (and more than three) use for one month: forms, directives;
 * that stands within a run of eight words used by more than three cells for one month, or by more
   than 4 % of cells (and more than three) at any time: what a commune told its cells to write;
 * that stands in a template or a text from above given by the caller.

A cell's own words that come back month after month are not common: taking them out would hide
whoever copies himself. Three words that four cells of thousands happen to use are not common
either: in the texts of `analysis.trial.minutes` that rule would leave next to nothing of anybody's
own (docs/bench/minutes.md), so what few cells share must be a run of eight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.shingles import LENGTH, RUN, Hashes, Ints, runs_of

Bools = NDArray[np.bool_]

_PARTITIONS = 16  # of the numbers, worked on one after another: bounds the memory
_CHUNK = 4_000_000
_REACH = RUN - LENGTH  # the last shingle of a run, from its first


@dataclass(frozen=True)
class Limits:
    """When a shingle is common, and from which likeness on a pair is shown (methods.md §8)."""

    cells: float = 0.04  #: a larger share of cells
    few_cells: int = 3  #: and more cells than this; for a run of eight in one month this alone
    empty_below: int = 8  #: fewer shingles of its own: nothing to compare
    whole: float = 0.35  #: Jaccard of what is own
    part: float = 0.6  #: share of the later's own found in the earlier
    part_shared: int = 20  #: and at least so many shingles

    def most_cells(self, cells: int) -> float:
        """How many of so many cells may use a shingle before it is common."""
        return max(self.cells * cells, float(self.few_cells))


@dataclass(frozen=True)
class Own:
    """What is left of n minutes without the common.

    `size` (n,): distinct shingles of its own. `rank` (n,): the place of each minute in the order of
    filing (then month, then row). Shingles met in one minute only count in `size`; of the others
    each use is an entry: `group` (a number for each shingle, ascending) and `minute` (as its rank),
    ordered by both. `common` holds the common shingles met, ascending.
    """

    size: Ints
    rank: Ints
    group: Ints
    minute: Ints
    common: Hashes


def own_content(corpus: Corpus, given: Hashes, limits: Limits) -> Own:
    """The own content of each minute; `given` (ascending) is common whoever uses it."""
    users = _Users.of(corpus)
    given = np.union1d(given, _within_common_runs(corpus, users, limits))
    rank = _rank(corpus)
    size = np.zeros(len(corpus), dtype=np.int64)  # by rank
    groups, minutes, commons, begun = [], [], [], 0
    for met in _partitions(corpus, _whole):
        shingle, row = _once_each(*met, rank)
        minute = rank[row]
        start = _starts(shingle)
        group = np.cumsum(start) - 1
        drop = np.isin(shingle[start], given, assume_unique=True)
        drop |= users.most_for_a_month(group, row) > limits.most_cells(users.cells)
        commons.append(shingle[start][drop])
        size += np.bincount(minute[~drop[group]], minlength=len(size))
        shared = (~drop & (np.bincount(group, minlength=len(drop)) > 1))[group]
        groups.append(np.unique(group[shared], return_inverse=True)[1] + begun)
        minutes.append(minute[shared])
        begun += len(drop)
    return Own(size[rank], rank, _joined(groups), _joined(minutes), np.concatenate(commons))


@dataclass(frozen=True)
class _Users:
    """Who wrote each minute and for which month, as small numbers."""

    cell: Ints
    month: Ints
    cells: int
    months: int

    @classmethod
    def of(cls, corpus: Corpus) -> _Users:
        cells, cell = np.unique(corpus.cell, return_inverse=True)
        months, month = np.unique(corpus.month, return_inverse=True)
        return cls(cell, month, max(len(cells), 1), max(len(months), 1))

    def ever(self, group: Ints, row: Ints) -> Ints:
        """(groups,): how many cells ever use it. One entry of `group` and `row` for each use."""
        of_cell = np.unique(group * self.cells + self.cell[row]) // self.cells
        return np.bincount(of_cell, minlength=int(group.max(initial=-1)) + 1)

    def most_for_a_month(self, group: Ints, row: Ints) -> Ints:
        """(groups,): how many cells use it for the month for which most do."""
        # A cell may file twice for a month; it is one cell.
        key = (group * self.months + self.month[row]) * self.cells + self.cell[row]
        of_month, used = np.unique(np.unique(key) // self.cells, return_counts=True)
        most = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
        np.maximum.at(most, of_month // self.months, used)
        return most


def _within_common_runs(corpus: Corpus, users: _Users, limits: Limits) -> Hashes:
    """The shingles within runs of eight words that more than a few cells share, ascending."""
    found = [np.zeros(0, dtype=np.uint64)]
    for run, places in _partitions(corpus, runs_of, as_rows=False):
        order = np.argsort(run, kind="stable")
        each = np.cumsum(_starts(run[order])) - 1
        worth = (np.bincount(each, minlength=1) > limits.few_cells)[each]
        group, place = each[worth], places[order][worth]
        row = np.searchsorted(corpus.offsets, place, side="right") - 1
        common = users.most_for_a_month(group, row) > limits.few_cells
        common |= users.ever(group, row) > limits.most_cells(users.cells)
        inside = place[common[group]]
        found.append(np.unique(corpus.shingles[inside[:, None] + np.arange(_REACH + 1)]))
    return np.unique(np.concatenate(found))


def _partitions(
    corpus: Corpus, numbers: Callable[[Hashes], Hashes], *, as_rows: bool = True
) -> Iterator[tuple[Hashes, Ints]]:
    """(numbers of the shingles in order, row or place of each), one part of the numbers a time."""
    width = 2**64 // _PARTITIONS
    last = np.repeat(corpus.offsets[1:], np.diff(corpus.offsets)) if numbers is runs_of else None
    for part in range(_PARTITIONS):
        low, high = np.uint64(part * width), np.uint64((part + 1) * width - 1)
        values, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for begin in range(0, len(corpus.shingles), _CHUNK):
            made = numbers(corpus.shingles[begin : begin + _CHUNK + _REACH])[:_CHUNK]
            place = np.flatnonzero((made >= low) & (made <= high))
            values.append(made[place])
            places.append(place + begin)
        value, place = np.concatenate(values), np.concatenate(places)
        if last is not None:  # a run does not reach from one minute into the next
            within = place + _REACH < last[place]
            value, place = value[within], place[within]
        row = np.searchsorted(corpus.offsets, place, side="right") - 1
        yield value, row if as_rows else place


def _once_each(shingle: Hashes, row: Ints, rank: Ints) -> tuple[Hashes, Ints]:
    """Each shingle of each minute once, ordered by shingle and the rank of the minute."""
    order = np.lexsort((rank[row], shingle))
    shingle, row = shingle[order], row[order]
    once = _starts(shingle) | _starts(row)
    return shingle[once], row[once]


def _whole(shingles: Hashes) -> Hashes:
    return shingles


def _rank(corpus: Corpus) -> Ints:
    """The place of each minute in the order of filing, then month, then row."""
    n = len(corpus)
    rank = np.empty(n, dtype=np.int64)
    rank[np.lexsort((np.arange(n), corpus.month, corpus.filed))] = np.arange(n)
    return rank


def _starts(ordered: NDArray[np.uint64] | Ints) -> Bools:
    """Where another value begins."""
    start = np.ones(len(ordered), dtype=np.bool_)
    start[1:] = ordered[1:] != ordered[:-1]
    return start


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
