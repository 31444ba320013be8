"""Exact intervals of a line: which levels cover which part of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from vungmanh.rulebook.values.sheets import SheetLevel


@dataclass(frozen=True)
class Interval:
    """From `low` to `high` (None: without end), each end within it or not."""

    low: Fraction
    low_in: bool
    high: Fraction | None
    high_in: bool

    @property
    def is_empty(self) -> bool:
        if self.high is None:
            return False
        return self.low > self.high or (
            self.low == self.high and not (self.low_in and self.high_in)
        )

    def holds(self, value: Fraction) -> bool:
        if value < self.low or (value == self.low and not self.low_in):
            return False
        return self.high is None or value < self.high or (value == self.high and self.high_in)


SHARE = Interval(Fraction(0), True, Fraction(1), True)
LINE = Interval(Fraction(0), True, None, False)


def is_numeric(level: SheetLevel) -> bool:
    """Whether a level is told by a number at all; one may be told by words alone."""
    ends = (level.at_least, level.more_than, level.at_most, level.less_than)
    return any(end is not None for end in ends)


def interval_of(level: SheetLevel, required: Fraction, domain: Interval) -> Interval:
    """The part of the domain that a level covers, as its text says."""
    low, high = level.at_least or level.more_than, level.at_most or level.less_than
    return Interval(
        low=domain.low if low is None else low.at(required),
        low_in=domain.low_in if low is None else level.at_least is not None,
        high=domain.high if high is None else high.at(required),
        high_in=domain.high_in if high is None else level.at_most is not None,
    )


@dataclass(frozen=True)
class Stretch:
    """A part of the domain that the same levels cover; `levels` are their places in the list."""

    part: Interval
    levels: tuple[int, ...]


def stretches(intervals: Sequence[Interval], domain: Interval) -> list[Stretch]:
    """The whole domain from left to right, cut where the covering levels change."""
    found = [
        (piece, tuple(n for n, one in enumerate(intervals) if _covers(one, piece)))
        for piece in _pieces(intervals, domain)
    ]
    joined = []
    for levels, run in groupby(found, key=lambda pair: pair[1]):
        parts = [piece for piece, _ in run]
        first, last = parts[0], parts[-1]
        whole = Interval(first.low, first.low_in, last.high, last.high_in)
        joined.append(Stretch(whole, levels))
    return joined


def _pieces(intervals: Sequence[Interval], domain: Interval) -> Iterator[Interval]:
    """Points and the open intervals between them: no end of a level lies inside a piece."""
    ends = {domain.low, *(one.low for one in intervals)}
    ends |= {one.high for one in (*intervals, domain) if one.high is not None}
    cuts = sorted(end for end in ends if domain.holds(end))
    for here, after in zip(cuts, [*cuts[1:], None], strict=True):
        yield Interval(here, True, here, True)
        if after is not None or domain.high is None:
            yield Interval(here, False, after, False)


def _covers(level: Interval, piece: Interval) -> bool:
    if level.is_empty:
        return False
    if piece.low == piece.high:
        return level.holds(piece.low)
    if level.low > piece.low:
        return False
    if level.high is None:
        return True
    return piece.high is not None and level.high >= piece.high
