"""Whether a committee grades its units better or worse than their like, and what grades to expect.

*Strictness.* Grade and index are turned into places among units of like kind (0 the last, 1 the
first, ties share theirs), for grades are an order and no number. What the index explains is taken
out by the slope *within* committees, which no committee's habit can bend; what is left is averaged
by committee and shrunk toward nobody being different (one-way random effects, variances by moments;
Searle, Casella & McCulloch 1992, ch. 3). The index is no truth: a difference asks for a talk.

*Expected grades.* As many units of a like kind are expected in each grade as were given it, those
with the higher index first. The index is known only so well, so each unit has a probability of each
grade, and a committee an expected number with its exact interval (Poisson-binomial).
"""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vungmanh.analysis.counts import Floats

Ints = NDArray[np.int64]

#: Of a committee with fewer units nothing is said.
FEW = 5
#: An index is never known better than this many points; keeps a deviation of zero a plain step.
_LEAST_SD = 0.01
_HALVINGS = 80


class Strictness(NamedTuple):
    """Arrays by committee, in places: +0.1 is graded a tenth of all units higher than expected.

    NaN where there are fewer than FEW units, or no two such committees to compare.
    """

    units: Ints  #: graded and with an index
    raw: Floats  #: the plain mean
    estimate: Floats  #: shrunk
    low: Floats
    high: Floats
    slope: float  #: places of grade for one place of index, within committees
    between: float  #: standard deviation between committees; 0: no more apart than chance leaves


def places(values: ArrayLike, group: ArrayLike) -> Floats:
    """The place of each value among its group, 0 to 1: the share below and half of those equal."""
    numbers, of = np.asarray(values, dtype=np.float64), np.asarray(group)
    result = np.full(numbers.shape, np.nan)
    for one in np.unique(of):
        rows = np.flatnonzero((of == one) & np.isfinite(numbers))
        inside = np.sort(numbers[rows])
        below = np.searchsorted(inside, numbers[rows], side="left")
        upto = np.searchsorted(inside, numbers[rows], side="right")
        result[rows] = (below + upto) / 2 / max(len(rows), 1)
    return result


def strictness(
    grade: ArrayLike,
    index: ArrayLike,
    committee: ArrayLike,
    group: ArrayLike,
    *,
    level: float = 0.95,
) -> Strictness:
    """How each committee's grades lie beside the index; all of shape (n,).

    `grade` rises with the grade, `index` with strength (NaN: not known; such a unit says nothing),
    `committee` is 0, 1, …, `group` any number for the like kind. O(n log n).
    """
    graded, shown, of = (np.asarray(part, dtype=np.float64) for part in (grade, index, committee))
    whole = of.astype(np.int64)
    count = int(whole.max(initial=-1)) + 1
    told = np.isfinite(graded) & np.isfinite(shown)
    units = np.bincount(whole[told], minlength=count)
    nothing = np.full(count, np.nan)
    keep = told & (units[whole] >= FEW)
    heard = np.flatnonzero(units >= FEW)
    if len(heard) < 2:
        return Strictness(units, nothing, nothing, nothing, nothing, np.nan, np.nan)
    kind = np.asarray(group)[keep]
    place = np.searchsorted(heard, whole[keep])
    y, x = places(graded[keep], kind) - 0.5, places(shown[keep], kind) - 0.5
    size = np.bincount(place).astype(np.float64)
    slope = _slope(y - _means(y, place, size)[place], x - _means(x, place, size)[place])
    left = y - slope * x
    mean = _means(left, place, size)
    within, between = _variances(left, mean, place, size)
    centre = mean - float(left.mean())
    kept = size * between / (size * between + within) if between > 0 else np.zeros(len(size))
    shrunk = kept * centre
    reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(between * (1 - kept))
    columns = []
    for values in (centre, shrunk, shrunk - reach, shrunk + reach):
        column = nothing.copy()
        column[heard] = values
        columns.append(column)
    raw, estimate, low, high = columns
    return Strictness(units, raw, estimate, low, high, slope, float(np.sqrt(between)))


def _means(values: Floats, place: Ints, size: Floats) -> Floats:
    return np.asarray(np.bincount(place, values, minlength=len(size)) / size)


def _slope(y: Floats, x: Floats) -> float:
    """Least squares through the means of the committees; a grade never falls with the index."""
    spread = float((x * x).sum())
    return min(max(float((x * y).sum()) / spread, 0.0), 1.0) if spread > 0 else 0.0


def _variances(left: Floats, mean: Floats, place: Ints, size: Floats) -> tuple[float, float]:
    """(within, between) by moments; `between` is 0 where chance explains the differences."""
    n, committees = float(size.sum()), len(size)
    within = float(((left - mean[place]) ** 2).sum()) / max(n - committees, 1.0)
    apart = float((size * (mean - left.mean()) ** 2).sum())
    spare = n - float((size**2).sum()) / n
    return within, max((apart - (committees - 1) * within) / spare, 0.0)


class ExpectedGrades(NamedTuple):
    """`cuts` (groups, grades − 1): the index from which grade 1, 2, … is usual among like units;
    −inf where all have it, inf where nobody has. `chances` (n, grades): of each grade, NaN where
    the index is not known."""

    cuts: Floats
    chances: Floats


def expected_grades(
    grade: ArrayLike, index: ArrayLike, sd: ArrayLike, group: ArrayLike, grades: int
) -> ExpectedGrades:
    """What grade the index lets one expect of each unit: (n,) arrays, `grade` 0 the lowest.

    The expected number of a grade over all units of a group is the number that were given it.
    Units with NaN as grade or index take no part. `group` is 0, 1, ….
    """
    from scipy.special import ndtr

    graded, shown, spread = (np.asarray(part, dtype=np.float64) for part in (grade, index, sd))
    of = np.asarray(group, dtype=np.int64)
    told = np.isfinite(graded) & np.isfinite(shown) & np.isfinite(spread)
    spread = np.maximum(spread, _LEAST_SD)
    cuts = np.full((int(of.max(initial=-1)) + 1, grades - 1), np.nan)
    chances = np.full((len(graded), grades), np.nan)
    for one in range(len(cuts)):
        rows = np.flatnonzero(told & (of == one))
        if not len(rows):
            continue
        reached = np.ones((len(rows), grades + 1))
        reached[:, grades] = 0.0
        for step in range(1, grades):
            cuts[one, step - 1] = _cut(shown[rows], spread[rows], int((graded[rows] >= step).sum()))
            reached[:, step] = ndtr((shown[rows] - cuts[one, step - 1]) / spread[rows])
        chances[rows] = reached[:, :-1] - reached[:, 1:]
    return ExpectedGrades(cuts, np.where(told[:, None], np.maximum(chances, 0.0), np.nan))


def _cut(index: Floats, sd: Floats, wanted: int) -> float:
    """The index that `wanted` of the units are expected to pass."""
    from scipy.special import ndtr

    if wanted in (0, len(index)):
        return np.inf if wanted == 0 else -np.inf
    reach = 10 * float(sd.max())
    low, high = float(index.min()) - reach, float(index.max()) + reach
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if float(ndtr((index - middle) / sd).sum()) > wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def number_expected(chances: ArrayLike, level: float = 0.95) -> tuple[float, int, int]:
    """(mean, low, high) of how many of independent events come about; exact. O(n²)."""
    p = np.asarray(chances, dtype=np.float64)
    ways = np.ones(1)
    for one in p:
        ways = np.convolve(ways, [1 - one, one])
    below, tail = np.cumsum(ways), (1 - level) / 2
    low = int(np.searchsorted(below, tail + 1e-12))
    high = int(np.searchsorted(below, 1 - tail - 1e-12))
    return float(p.sum()), low, min(high, len(p))
