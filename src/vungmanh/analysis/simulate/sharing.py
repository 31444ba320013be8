"""Sharing things out unevenly but exactly: how a province comes to look grown, not drawn."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TypeVar

import numpy as np

from vungmanh.analysis.simulate.randomness import Ints

Item = TypeVar("Item")


def split(items: list[Item], parts: int, rng: np.random.Generator) -> list[list[Item]]:
    """Cut a list into `parts` neighbouring pieces of nearly, not exactly, equal length.

    No piece is empty as long as there are at least as many items as parts.
    """
    even = np.linspace(0, len(items), parts + 1)
    moved = np.rint(even[1:-1] + rng.uniform(-0.9, 0.9, parts - 1)).astype(int)
    edges = [0, *moved.tolist(), len(items)]
    if any(a >= b for a, b in pairwise(edges)):
        edges = np.rint(even).astype(int).tolist()
    return [items[a:b] for a, b in pairwise(edges)]


def share_out(
    total: int,
    places: int,
    limits: tuple[int, int],
    fixed: Mapping[int, int],
    rng: np.random.Generator,
) -> Ints:
    """A whole number for each place, between the limits, together exactly `total`.

    `fixed` gives some places theirs. Most places lie near the mean, a few far above it. Raises
    ValueError when it cannot be done.
    """
    low, high = np.full(places, limits[0]), np.full(places, limits[1])
    for place, count in fixed.items():
        low[place] = high[place] = count
    if not low.sum() <= total <= high.sum():
        raise ValueError(f"{total} village cells do not fit in {places} communes")
    drawn = total / places + rng.gamma(2.0, 1.7, places) - 3.4
    counts = np.clip(np.rint(drawn), low, high).astype(np.int64)
    while (gap := total - int(counts.sum())) != 0:
        movable = np.flatnonzero(counts < high if gap > 0 else counts > low)
        counts[rng.permutation(movable)[: abs(gap)]] += 1 if gap > 0 else -1
    return counts
