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

_AT_ONCE = 1_500_000  # numbers worked on at a time, about: bounds memory; more is slower
_CHUNK = 4_000_000


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
    for met, _, rows in _partitions(corpus, _whole):
        shingle, row = _once_each(met, rows, rank)
        minute = rank[row]
        start = starts(shingle)
        group = np.cumsum(start) - 1
        drop = np.isin(shingle[start], given, assume_unique=True)
        many = (np.bincount(group, minlength=len(drop)) > limits.few_cells)[group]
        used = users.most_for_a_month(group[many], row[many])
        drop[: len(used)] |= used > limits.most_cells(users.cells)
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
        of_cell = distinct(group * self.cells + self.cell[row]) // self.cells
        return np.bincount(of_cell, minlength=int(group.max(initial=-1)) + 1)

    def most_for_a_month(self, group: Ints, row: Ints) -> Ints:
        """(groups,): how many cells use it for the month for which most do."""
        # A cell may file twice for a month; it is one cell.
        key = (group * self.months + self.month[row]) * self.cells + self.cell[row]
        of_month = distinct(key) // self.cells
        begins = np.flatnonzero(starts(of_month))
        most = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
        used = np.diff(np.append(begins, len(of_month)))
        np.maximum.at(most, of_month[begins] // self.months, used)
        return most


def _within_common_runs(corpus: Corpus, users: _Users, limits: Limits) -> Hashes:
    """The shingles within runs of eight words that more than a few cells share, ascending."""
    found = [np.zeros(0, dtype=np.uint64)]
    for run, places, rows in _partitions(corpus, runs_of, RUN - LENGTH):
        order = np.argsort(run, kind="stable")
        each = np.cumsum(starts(run[order])) - 1
        worth = (np.bincount(each, minlength=1) > limits.few_cells)[each]
        group, place, row = each[worth], places[order][worth], rows[order][worth]
        common = users.most_for_a_month(group, row) > limits.few_cells
        common |= users.ever(group, row) > limits.most_cells(users.cells)
        # The same run has the same shingles wherever it stands: one place tells them.
        one_place = np.zeros(len(common), dtype=np.int64)
        one_place[group] = place
        inside = one_place[common][:, None] + np.arange(RUN - LENGTH + 1)
        found.append(corpus.shingles[inside].ravel())
    shingle = np.sort(np.concatenate(found))
    return shingle[starts(shingle)]


def _partitions(
    corpus: Corpus, numbers: Callable[[Hashes], Hashes], reach: int = 0
) -> Iterator[tuple[Hashes, Ints, Ints]]:
    """(number, its place in the corpus, the row it is of), one part of the numbers at a time.

    `numbers` makes of n shingles in order n − `reach` numbers, each of a shingle and those after
    it; numbers that would reach from one minute into the next are left out.
    """
    parts = len(corpus.shingles) // _AT_ONCE + 1
    bounds = [2**64 * part // parts for part in range(parts + 1)]
    for low, high in zip(bounds[:-1], (bound - 1 for bound in bounds[1:]), strict=True):
        values, places = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
        for begin in range(0, len(corpus.shingles), _CHUNK):
            made = numbers(corpus.shingles[begin : begin + _CHUNK + reach])[:_CHUNK]
            here = np.flatnonzero((made >= np.uint64(low)) & (made <= np.uint64(high)))
            values.append(made[here])
            places.append(here + begin)
        value, place = np.concatenate(values), np.concatenate(places)
        row = np.searchsorted(corpus.offsets, place, side="right") - 1
        within = place + reach < corpus.offsets[row + 1]
        yield value[within], place[within], row[within]


def _once_each(shingle: Hashes, row: Ints, rank: Ints) -> tuple[Hashes, Ints]:
    """Each shingle of each minute once, ordered by shingle and the rank of the minute."""
    order = np.lexsort((rank[row], shingle))
    shingle, row = shingle[order], row[order]
    once = starts(shingle) | starts(row)
    return shingle[once], row[once]


def _whole(shingles: Hashes) -> Hashes:
    return shingles


def _rank(corpus: Corpus) -> Ints:
    """The place of each minute in the order of filing, then month, then row."""
    n = len(corpus)
    rank = np.empty(n, dtype=np.int64)
    rank[np.lexsort((np.arange(n), corpus.month, corpus.filed))] = np.arange(n)
    return rank


def distinct(keys: Ints) -> Ints:
    """The distinct keys, ascending; numpy's own takes many times as long on keys like these."""
    ordered = np.sort(keys)
    return ordered[starts(ordered)]


def starts(ordered: NDArray[np.uint64] | Ints) -> Bools:
    """Where another value begins."""
    start = np.ones(len(ordered), dtype=np.bool_)
    start[1:] = ordered[1:] != ordered[:-1]
    return start


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
