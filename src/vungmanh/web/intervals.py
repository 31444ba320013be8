"""An estimate with its interval as a small drawing: what is sure, and what is not.

Geometry in SVG attributes, colour in classes, as `components`. The words stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH = 168
EDGE = 5.0  # room for the point at either end


@dataclass(frozen=True)
class IntervalBar:
    """A value between `low` and `high` on a scale from `first` to `last`; `limit` is a tick on it.

    The side of the limit that is in question is shaded: what lies below it.
    """

    value: float
    low: float
    high: float
    label: str
    first: float = 0.0
    last: float = 100.0
    limit: float | None = None
    width: int = field(default=WIDTH, init=False)

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError("an interval begins before it ends")

    def x(self, value: float) -> str:
        """A position as SVG wants it; what lies off the scale is drawn at its end."""
        span = self.last - self.first
        share = (min(max(value, self.first), self.last) - self.first) / span if span else 0.0
        return f"{EDGE + share * (WIDTH - 2 * EDGE):.1f}"

    @property
    def point(self) -> str:
        return self.x(self.value)

    @property
    def range(self) -> str:
        return f"M{self.x(self.low)} 12H{self.x(self.high)}"

    @property
    def axis(self) -> str:
        return f"M0 12H{WIDTH}"

    @property
    def cut(self) -> str:
        return "" if self.limit is None else self.x(self.limit)
