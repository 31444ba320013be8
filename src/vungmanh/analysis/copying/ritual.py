"""Cells whose minutes repeat their own earlier ones more often than is usual.

Each cell's share of repeated minutes is set against the share over all cells (a binomial tail,
exact), and the findings of all cells keep to a false discovery rate, as a funnel does for rates.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.copying.common import Bools
from vungmanh.analysis.copying.corpus import Corpus
from vungmanh.analysis.copying.likeness import Likeness
from vungmanh.analysis.copying.shingles import Ints
from vungmanh.analysis.plausibility import FALSE_DISCOVERY_RATE, benjamini_hochberg

Floats = NDArray[np.float64]

#: With fewer minutes that could repeat an earlier one nothing is said.
LEAST = 4
#: Where nobody repeats himself, one repetition in fifty still counts as usual.
_LEAST_USUAL = 0.02


@dataclass(frozen=True)
class Ritual:
    """Of c cells, in ascending order of their numbers; arrays of shape (c,).

    `minutes`: those with something of their own and an earlier one before them; `repeated`: those
    of them alike as a whole to an earlier one of the cell. `p_value` is NaN below LEAST minutes.
    """

    cell: Ints
    minutes: Ints
    repeated: Ints
    usual: float  #: share repeated over all cells
    p_value: Floats
    found: Bools


def ritual(corpus: Corpus, alike: Likeness, rate: float = FALSE_DISCOVERY_RATE) -> Ritual:
    """How often each cell repeats itself. `alike` must be of the whole corpus, not `only` a part.

    At most a share `rate` of the cells found is expected to be found wrongly.
    """
    cells, cell = np.unique(corpus.cell, return_inverse=True)
    comparable = np.bincount(cell[~alike.empty], minlength=len(cells))
    minutes = np.maximum(comparable - 1, 0)
    own = alike.whole & (corpus.cell[alike.later] == corpus.cell[alike.earlier])
    repeats = np.unique(alike.later[own])
    repeated = np.bincount(cell[repeats], minlength=len(cells))
    usual = float(repeated.sum() / max(minutes.sum(), 1))
    p_value = np.array(
        [
            _tail(int(k), int(n), max(usual, _LEAST_USUAL)) if n >= LEAST else math.nan
            for k, n in zip(repeated, minutes, strict=True)
        ],
        dtype=np.float64,
    )
    return Ritual(cells, minutes, repeated, usual, p_value, benjamini_hochberg(p_value, rate))


def _tail(least: int, n: int, share: float) -> float:
    """The chance of `least` or more of `n` at this share."""
    if least <= 0:
        return 1.0
    if share >= 1:
        return 1.0
    return math.fsum(
        math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(least, n + 1)
    )
