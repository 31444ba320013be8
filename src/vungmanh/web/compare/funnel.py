"""The funnel of one like kind: shares against their denominators, with the limits of chance.

Units of the same counts stand on the same point; its size says how many they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.utils.translation import gettext as _

from vungmanh.analysis.funnel import Funnel, funnel
from vungmanh.core.text import number_vi, percent_vi

#: One drawing for a desktop and one for a phone, on which the other would be too small to read.
WIDE, NARROW = 720, 340
HEIGHT = 300
LEFT, RIGHT, TOP, BOTTOM = 52, 18, 18, 34
#: Of so many, one lies outside on either side by chance alone.
CHANCE_998 = 0.001
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Unit:
    """One unit with `part` of `whole`."""

    unit_id: UUID
    name: str
    part: int
    whole: int


@dataclass(frozen=True)
class Point:
    """Everybody with the same counts: where they stand and how far outside."""

    part: int
    whole: int
    units: tuple[Unit, ...]
    outside: int  # −2 below 99.8 %, −1 below 95 %, 0 within, 1 and 2 above
    low: float  # the 95 % limits at this denominator
    high: float
    low998: float
    high998: float
    x: str
    y: str
    radius: str

    @property
    def share(self) -> str:
        return percent_vi(self.part / self.whole)

    @property
    def limits(self) -> str:
        return f"{percent_vi(self.low, decimals=0)}–{percent_vi(self.high, decimals=0)}"

    @property
    def count(self) -> str:
        return number_vi(len(self.units))

    @property
    def key(self) -> str:
        """Names the line of the table that this point leads to."""
        return f"d-{self.part}-{self.whole}"

    @property
    def words(self) -> str:
        counted = f"{number_vi(self.part)}/{number_vi(self.whole)}"
        if len(self.units) == 1:
            return f"{self.units[0].name}: {counted}, {self.share}"
        return _("%(n)s nơi: %(counted)s, %(share)s") % {
            "n": self.count, "counted": counted, "share": self.share,
        }  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """The funnel as a page draws it, and what it found."""

    points: tuple[Point, ...]
    target: float
    units: int
    phi: float
    target_y: str
    width: int
    paths: tuple[tuple[str, str], ...]  # (class, path) of the four limits
    x_ticks: tuple[tuple[str, str], ...]
    y_ticks: tuple[tuple[str, str], ...]

    @property
    def right(self) -> int:
        return self.width - RIGHT

    def count(self, *outside: int) -> int:
        """How many units lie where."""
        return sum(len(point.units) for point in self.points if point.outside in outside)

    @property
    def below(self) -> list[Point]:
        """The points below the 95 % limit, the furthest below first."""
        found = [point for point in self.points if point.outside < 0]
        return sorted(found, key=lambda one: (one.outside, one.part / one.whole - one.low))

    @property
    def by_chance(self) -> str:
        return number_vi(round(self.units * CHANCE_998, 1))


def draw(units: Iterable[Unit], width: int = WIDE) -> Drawing | None:
    """The funnel of units of one kind against their own pooled share; None without any."""
    known = [one for one in units if one.whole > 0]
    if not known:
        return None
    part = np.array([one.part for one in known], dtype=np.float64)
    whole = np.array([one.whole for one in known], dtype=np.float64)
    target = float(part.sum() / whole.sum())
    found = funnel(part, whole, target)
    scale = _Scale(int(whole.max()), width)
    return Drawing(
        points=tuple(_points(known, found, scale)),
        target=target,
        units=len(known),
        phi=found.phi,
        target_y=_y(target),
        width=width,
        paths=_limits(whole, found, scale),
        x_ticks=tuple((scale.x(n), number_vi(n)) for n in scale.round_numbers()),
        y_ticks=tuple((_y(share), percent_vi(share, decimals=0)) for share in SHARES),
    )


def _points(known: Sequence[Unit], found: Funnel, scale: _Scale) -> Iterable[Point]:
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place, one in enumerate(known):
        together[one.part, one.whole].append(place)
    for (part, whole), places in sorted(together.items()):
        first = places[0]
        yield Point(
            part,
            whole,
            tuple(known[place] for place in places),
            int(found.outside[first]),
            float(found.low95[first]),
            float(found.high95[first]),
            float(found.low998[first]),
            float(found.high998[first]),
            scale.x(whole),
            _y(part / whole),
            f"{min(3 + len(places) ** 0.5, 14):.1f}",
        )


def _limits(whole: np.ndarray, found: Funnel, scale: _Scale) -> tuple[tuple[str, str], ...]:
    """The four limits as paths through the denominators that occur."""
    sizes, first = np.unique(whole, return_index=True)

    def path(values: np.ndarray) -> str:
        pairs = (
            f"{scale.x(float(n))} {_y(float(share))}"
            for n, share in zip(sizes, values[first], strict=True)
        )
        return "M" + "L".join(pairs)

    return (
        ("l998", path(found.low998)),
        ("l998", path(found.high998)),
        ("l95", path(found.low95)),
        ("l95", path(found.high95)),
    )


def _y(share: float) -> str:
    return f"{TOP + (HEIGHT - TOP - BOTTOM) * (1 - share):.1f}"


@dataclass(frozen=True)
class _Scale:
    """Denominators from 0 to the widest along a drawing of that width."""

    widest: int
    width: int

    def x(self, whole: float) -> str:
        return f"{LEFT + (self.width - LEFT - RIGHT) * whole / max(self.widest, 1):.1f}"

    def round_numbers(self) -> list[int]:
        room = self.width / 90
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 240)
        step = next((one for one in steps if self.widest / one <= room), 600)
        return list(range(0, self.widest + 1, step))
