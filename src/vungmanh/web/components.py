"""What the components are fed with: frozen shapes and the geometry of the small drawings.

Geometry goes into SVG attributes and colour into classes, so that one drawing serves the page
(strict CSP: no style attribute), Word and PDF. Nothing here reads the database or the request.
Marks and months are in `marks`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from vungmanh.core.text import number_vi
from vungmanh.web.marks import Tally

# --- counts against a threshold ----------------------------------------------------------------


@dataclass(frozen=True)
class CountBar:
    """Months held, not reported and not held of those due, with the threshold as a tick.

    Held and not reported stand together at the start: only when even the two together stay short
    of the tick is the count a reason (decisions.md 5).
    """

    held: int
    not_held: int
    no_report: int
    due: int
    threshold: float | None = None  # in the same months as `due`
    width: int = field(default=168, init=False)

    def __post_init__(self) -> None:
        if self.held + self.not_held + self.no_report != self.due:
            raise ValueError("held, not held and not reported must add up to what was due")

    def x(self, months: float) -> str:
        """A position along the bar as SVG wants it: one decimal, a point."""
        return f"{self.width * months / self.due:.1f}" if self.due else "0.0"

    @property
    def silent_x(self) -> str:
        return self.x(self.held)

    @property
    def missed_x(self) -> str:
        return self.x(self.held + self.no_report)

    @property
    def held_width(self) -> str:
        return self.x(self.held)

    @property
    def silent_width(self) -> str:
        return self.x(self.no_report)

    @property
    def missed_width(self) -> str:
        return self.x(self.not_held)

    @property
    def tick_x(self) -> str:
        return "" if self.threshold is None else self.x(min(self.threshold, self.due))

    @property
    def crosses(self) -> str:
        """The path of one cross a month not held; too many to tell apart become a texture."""
        if not self.not_held:
            return ""
        length = self.width * self.not_held / self.due
        count = self.not_held if self.due <= 12 else max(int(length / 14), 1)
        start, step = self.width - length, length / count
        centres = (start + step * (n + 0.5) for n in range(count))
        return "".join(f"M{c - 3:.1f} 7l6 6M{c + 3:.1f} 7l-6 6" for c in centres)

    @property
    def words(self) -> str:
        text = Tally(self.held, self.not_held, self.no_report, 0).words()
        if self.threshold is not None:
            text += _("; ngưỡng %(n)s") % {"n": number_vi(self.threshold)}
        return text[:1].upper() + text[1:]


# --- stat row, scales --------------------------------------------------------------------------


@dataclass(frozen=True)
class Stat:
    """A figure with what it is out of. `of` is the denominator, `unit` names it."""

    label: str
    figure: str
    of: str = ""
    unit: str = ""
    move: str = ""


@dataclass(frozen=True)
class Scale:
    """Five steps of a share, from light to dark. `limits` are the four bounds between them.

    Ascending limits: more is darker. Descending limits: less is darker.
    """

    limits: tuple[float, float, float, float]
    labels: tuple[str, str, str, str, str]

    def step(self, value: float) -> int:
        if self.limits[0] <= self.limits[-1]:
            return sum(value >= limit for limit in self.limits)
        return sum(value < limit for limit in self.limits)


@dataclass(frozen=True)
class HeatCell:
    """A percentage of one area in one month; None when nothing was reported. `thin`: many gaps."""

    percent: float | None
    thin: bool = False
    title: str = ""  # the count behind it, for those who do not see the colour


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: Sequence[HeatCell]
    href: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class Tile:
    """One area of the tile map: `part` of `whole`, and how many of its communes are concerned."""

    name: str
    part: int
    whole: int
    squares_on: int = 0
    squares: int = 0
    squares_text: str = ""
    href: str = ""

    @property
    def percent(self) -> float:
        return 100 * self.part / self.whole if self.whole else 0.0


# --- grades ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GradeYear:
    """The grade of one year. `level` counts from 0, the best; None when there is none.

    `scale` is 0 before the break and 1 after it; `regime` names the rule ("QĐ 132, năm 2018").
    `by_predecessor`: given to the unit that this one came from.
    """

    year: int
    regime: str
    scale: int
    level: int | None
    by_predecessor: bool = False


def _brief(regime: str, years: int) -> str:
    """A regime's name as it fits over its years: the usual short form, alone over one or two."""
    for whole, short in (("Quy định", "QĐ"), ("Hướng dẫn", "HD")):
        regime = regime.replace(whole, short)
    return regime if years > 2 else regime.partition(",")[0]


@dataclass(frozen=True)
class GradeTable:
    """Years in two halves parted by the break; each half keeps the names of its own scale."""

    years: tuple[GradeYear, ...]
    old_labels: tuple[str, ...]
    new_labels: tuple[str, ...]

    def __post_init__(self) -> None:
        if [one.scale for one in self.years] != sorted(one.scale for one in self.years):
            raise ValueError("years must be in order, the old scale first")

    @property
    def old(self) -> list[GradeYear]:
        return [one for one in self.years if one.scale == 0]

    @property
    def new(self) -> list[GradeYear]:
        return [one for one in self.years if one.scale == 1]

    @property
    def has_break(self) -> bool:
        return bool(self.old and self.new)

    @property
    def has_predecessor(self) -> bool:
        return any(one.by_predecessor and one.level is not None for one in self.years)

    def regimes(self, half: Iterable[GradeYear]) -> list[tuple[str, int]]:
        """The rules of a half and how many years each spans, in order."""
        spans: list[tuple[str, int]] = []
        for one in half:
            if spans and spans[-1][0] == one.regime:
                spans[-1] = (one.regime, spans[-1][1] + 1)
            else:
                spans.append((one.regime, 1))
        return [(_brief(regime, years), years) for regime, years in spans]

    @property
    def old_regimes(self) -> list[tuple[str, int]]:
        return self.regimes(self.old)

    @property
    def new_regimes(self) -> list[tuple[str, int]]:
        return self.regimes(self.new)

    @property
    def levels(self) -> list[tuple[int, str, str]]:
        """One row per level: index, its name before the break, its name after it."""
        count = max(len(self.old_labels), len(self.new_labels))
        old = self.old_labels + ("",) * (count - len(self.old_labels))
        new = self.new_labels + ("",) * (count - len(self.new_labels))
        return list(zip(range(count), old, new, strict=True))
