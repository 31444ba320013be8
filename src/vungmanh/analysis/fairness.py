"""Who gets the best grade: its share by kind, size and district, and whether it is had again.

Not a judgement of anybody: a quota leaves little to chance in a large group and much in a small
one, and small units reach any extreme more often by luck. So each share stands with its exact
interval (Clopper & Pearson 1934), and the chance of *excellent again* beside that of those who were
not: where the two are alike, last year's grade says little of the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from vungmanh.analysis.intervals import clopper_pearson

UNKNOWN_SIZE = "không rõ"


class Share(NamedTuple):
    """`k` of `n` with the exact interval of the share; NaN where n is 0."""

    label: str
    k: int
    n: int
    share: float
    low: float
    high: float


class Again(NamedTuple):
    """Of those excellent in the first year, how many in the next; and of the others, how many."""

    again: Share
    newly: Share

    @property
    def tells(self) -> bool:
        """Whether the intervals lie apart, so that the first year tells of the next."""
        return self.again.low > self.newly.high or self.again.high < self.newly.low


def excellent_shares(rated: Iterable[tuple[str, bool]], level: float = 0.95) -> tuple[Share, ...]:
    """The share excellent by label (a kind, a class of size, a district), in the order of labels.

    `rated`: label and whether excellent, one for each rated unit; the not rated are left out by the
    caller, for not rated is not "not excellent".
    """
    counts: dict[str, list[int]] = {}
    for label, excellent in rated:
        count = counts.setdefault(label, [0, 0])
        count[0] += excellent
        count[1] += 1
    labels = sorted(counts)
    return _shares(
        labels, [counts[one][0] for one in labels], [counts[one][1] for one in labels], level
    )


def excellent_again(
    pairs: Iterable[tuple[str, bool, bool]], level: float = 0.95
) -> tuple[Again, ...]:
    """Excellent in a year and in the next, by label.

    `pairs` are (label, first, next) of units rated in both years on scales that may be compared;
    the caller leaves out the others.
    """
    counts: dict[str, list[int]] = {}
    for label, first, following in pairs:
        count = counts.setdefault(label, [0, 0, 0, 0])
        at = 0 if first else 2
        count[at] += following
        count[at + 1] += 1
    labels = sorted(counts)
    columns = [[counts[one][at] for one in labels] for at in range(4)]
    again = _shares(labels, columns[0], columns[1], level)
    newly = _shares(labels, columns[2], columns[3], level)
    return tuple(Again(*both) for both in zip(again, newly, strict=True))


def size_class(members: int | None, bounds: Sequence[int] = (10, 30)) -> str:
    """The class of a number of members, cut at rising `bounds`: "dưới 10", "10 đến 29", "từ 30"."""
    if members is None:
        return UNKNOWN_SIZE
    if members < bounds[0]:
        return f"dưới {bounds[0]}"
    for low, high in pairwise(bounds):
        if members < high:
            return f"{low} đến {high - 1}"
    return f"từ {bounds[-1]}"


def _shares(
    labels: Sequence[str], done: Sequence[int], tried: Sequence[int], level: float
) -> tuple[Share, ...]:
    found = clopper_pearson(done, tried, level)
    ends = zip(found.estimate.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return tuple(
        Share(label, k, n, *three)
        for label, k, n, three in zip(labels, done, tried, ends, strict=True)
    )
