"""Which minute is like which: the later beside the earlier, by the day of filing.

Exact: a pair is missed by no chance. Of a minute of n own shingles that shares k with another, any
n − k + 1 contain one that is shared; the rarest are looked up (Chaudhuri, Ganti & Kaushik 2006;
Bayardo, Ma & Srikant 2007), and what comes of it is counted.

Jaccard |A∩B| / |A∪B| finds whole copies, containment |A∩B| / |A| of the later A parts of one
(Broder 1997). Minutes that are empty of own content are compared with nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.copying.common import Bools, Limits, Own, distinct, own_content, starts
from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.shingles import Hashes, Ints

Floats = NDArray[np.float64]

_CHUNK = 4_000_000
_NONE = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Likeness:
    """What was found among n minutes: p pairs, and what each minute has of its own.

    `later` and `earlier` are rows of the corpus, pairs ordered by both as filed; `shared` counts
    the own shingles in both. `own` is (n,).
    """

    later: Ints
    earlier: Ints
    shared: Ints
    jaccard: Floats
    contained: Floats  #: share of the later's own that the earlier has
    whole: Bools  #: alike as a whole; else in part
    order_known: Bools  #: filed at different times: who was first is known
    own: Ints
    empty: Bools  #: (n,) too little of its own to compare
    common: Hashes  #: the common shingles met, ascending

    def __len__(self) -> int:
        return len(self.later)


def likeness(
    corpus: Corpus,
    *,
    given: Hashes = _NONE,
    only: ArrayLike | None = None,
    limits: Limits | None = None,
) -> Likeness:
    """Every pair that is alike.

    `given`: shingles of templates and texts from above, ascending. `only` (n,): pairs with none of
    these are left out; a month of new minutes among three years costs little beyond reading them.
    """
    limits = limits or Limits()
    own = own_content(corpus, given, limits)
    new = np.ones(len(corpus), dtype=np.bool_) if only is None else np.asarray(only, dtype=np.bool_)
    row = np.argsort(own.rank)
    size, new = own.size[row], new[row]  # from here on minutes are named by their rank
    later, earlier, shared = _alike(own, size, new, limits)
    contained = shared / size[later]
    jaccard = shared / (size[later] + size[earlier] - shared)
    whole = jaccard >= limits.whole
    kept = whole | ((contained >= limits.part) & (shared >= limits.part_shared))
    order = np.flatnonzero(kept)[np.lexsort((earlier[kept], later[kept]))]
    later_row, earlier_row = row[later[order]], row[earlier[order]]
    return Likeness(
        later=later_row,
        earlier=earlier_row,
        shared=shared[order],
        jaccard=jaccard[order],
        contained=contained[order],
        whole=whole[order],
        order_known=corpus.filed[later_row] != corpus.filed[earlier_row],
        own=own.size,
        empty=own.size < limits.empty_below,
        common=own.common,
    )


def _alike(own: Own, size: Ints, new: Bools, limits: Limits) -> tuple[Ints, Ints, Ints]:
    """Pairs of ranks, and how many own shingles they share; with all that pass a limit."""
    least = np.ceil(min(limits.whole, limits.part) * size - 1e-9).astype(np.int64)
    group, minute = _worth(own, size >= limits.empty_below, new)
    if not len(group):
        return group, group, group
    uses = np.bincount(group)[group]
    looked_up = _rarest(minute, uses, size, least)
    by_minute = np.lexsort((group, minute))
    entries = (minute[by_minute] << 32) | group[by_minute]  # ascending: what a minute has
    found = []
    pairs = np.zeros(0, dtype=np.int64)
    for candidates in _candidates(group, minute, looked_up, new):
        pairs = distinct(np.concatenate([pairs, candidates]))
        if len(pairs) >= _CHUNK:
            found.append(pairs)
            pairs = np.zeros(0, dtype=np.int64)
    pairs = distinct(np.concatenate([*found, pairs]))
    later, earlier = pairs >> 32, pairs & 0xFFFFFFFF
    shared = _shared(entries, later, earlier)
    kept = shared >= least[later]
    return later[kept], earlier[kept], shared[kept]


def _worth(own: Own, enough: Bools, new: Bools) -> tuple[Ints, Ints]:
    """The entries that can make a pair: minutes with enough of their own, shingles that two of
    them use and a new one uses. Nothing is lost: what is left out is in no pair."""
    kept = enough[own.minute]
    group, minute = own.group[kept], own.minute[kept]
    of_new = np.bincount(group, weights=new[minute], minlength=int(group.max(initial=-1)) + 1) > 0
    kept = (of_new & (np.bincount(group, minlength=len(of_new)) > 1))[group]
    return group[kept], minute[kept]


def _rarest(minute: Ints, uses: Ints, size: Ints, least: Ints) -> Bools:
    """Which entries to look up: of each minute the rarest, as many as cannot all be missed.

    Shingles that are in no other minute count as the rarest of all, and need no looking up.
    """
    order = np.lexsort((uses, minute))
    ordered = minute[order]
    begins = np.flatnonzero(starts(ordered))
    entries = np.diff(np.append(begins, len(ordered)))
    place = np.arange(len(ordered)) - np.repeat(begins, entries)
    alone = size[ordered] - np.repeat(entries, entries)
    looked_up = np.zeros(len(minute), dtype=np.bool_)
    looked_up[order] = place + alone <= size[ordered] - least[ordered]
    return looked_up


def _candidates(group: Ints, minute: Ints, looked_up: Bools, new: Bools) -> Iterator[Ints]:
    """Pairs that share a shingle looked up, as later << 32 | earlier; some more than once."""
    begins = np.flatnonzero(starts(group))
    first = np.repeat(begins, np.diff(np.append(begins, len(group))))
    asks = np.flatnonzero(looked_up)
    before = asks - first[asks]  # as many minutes of the shingle were filed before
    total = np.cumsum(before)
    begin = 0
    while begin < len(asks):
        until = int(np.searchsorted(total, (total[begin - 1] if begin else 0) + _CHUNK, "right"))
        until = max(until, begin + 1)
        some, many = asks[begin:until], before[begin:until]
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        later = np.repeat(minute[some], many)
        earlier = minute[np.repeat(first[some], many) + offset]
        wanted = new[later] | new[earlier]
        yield distinct((later[wanted] << 32) | earlier[wanted])
        begin = until


def _shared(entries: Ints, later: Ints, earlier: Ints) -> Ints:
    """How many entries each later minute has in common with the earlier one."""
    owner = entries >> 32
    begins = np.searchsorted(owner, later, side="left")
    lengths = np.searchsorted(owner, later, side="right") - begins
    shared = np.zeros(len(later), dtype=np.int64)
    total = np.cumsum(lengths)
    begin = 0
    while begin < len(later):
        until = int(np.searchsorted(total, (total[begin - 1] if begin else 0) + _CHUNK, "right"))
        until = max(until, begin + 1)
        many = lengths[begin:until]
        pair = np.repeat(np.arange(until - begin), many)
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        mine = entries[np.repeat(begins[begin:until], many) + offset] & 0xFFFFFFFF
        wanted = (earlier[begin:until][pair] << 32) | mine
        place = np.minimum(np.searchsorted(entries, wanted), len(entries) - 1)
        shared[begin:until] = np.bincount(pair[entries[place] == wanted], minlength=until - begin)
        begin = until
    return shared
