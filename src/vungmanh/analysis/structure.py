"""Where the past of ended units belongs by the structure of a later day.

A series can be put together by the structure of each month or by that of one day (peers.md A5). The
first needs no thought: a cell counts where it stood. For the second every unit that has ended is
given to those that went on with it: to its successors by their shares; what has no successor goes
to where the unit stood last, and with that unit on. So nothing is lost and nothing counted twice:
over a whole province both structures add up to the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from vungmanh.core.periods import add_months, month_of

Unit = TypeVar("Unit", bound=Hashable)

#: The end of a stretch that has none.
OPEN = dt.date.max
_EXACT = 1e-9  # shares are given with a few decimals; less than this is no share at all


@dataclass(frozen=True)
class Stretch(Generic[Unit]):
    """`share` of a cell counts in `group` in every month whose last day lies in [start, end)."""

    unit: Unit
    start: dt.date
    end: dt.date
    share: float = 1.0
    group: str = ""

    @property
    def first_month(self) -> dt.date:
        return month_of(self.start)

    @property
    def stop_month(self) -> dt.date:
        """The first month that no longer counts."""
        return OPEN if self.end == OPEN else month_of(self.end)

    def counts_in(self, month: dt.date) -> bool:
        return self.first_month <= month < self.stop_month

    def months_within(self, first: dt.date, last: dt.date) -> bool:
        """Whether any month from `first` to `last` counts."""
        return max(self.first_month, first) < min(self.stop_month, add_months(last, 1))


class Heirs(Generic[Unit]):
    """Who goes on with the units that have ended by a day.

    `places` says in which group each living unit counts (a unit that counts nowhere is left out),
    `ended` under whom each ended unit stood on its last day, `successors` into whom it went, with
    shares that add up to 1 or less.
    """

    def __init__(
        self,
        places: Mapping[Unit, str],
        ended: Mapping[Unit, Unit | None],
        successors: Mapping[Unit, Iterable[tuple[Unit, float]]],
    ) -> None:
        self._ended, self._successors = ended, successors
        self._known: dict[Unit, dict[str, float]] = {
            unit: {group: 1.0} for unit, group in places.items() if unit not in ended
        }

    def groups_of(self, unit: Unit) -> dict[str, float]:
        """The share of `unit` that counts in each group; empty when none does."""
        if unit not in self._known:
            self._known[unit] = {}  # what comes back to itself comes to nothing
            self._known[unit] = self._inherited(unit)
        return self._known[unit]

    def _inherited(self, unit: Unit) -> dict[str, float]:
        if unit not in self._ended:
            return {}
        heirs = list(self._successors.get(unit, ()))
        above, left = self._ended[unit], 1.0 - sum(share for _, share in heirs)
        if above is not None and left > _EXACT:
            heirs.append((above, left))
        total: dict[str, float] = {}
        for heir, share in heirs:
            for group, part in self.groups_of(heir).items():
                total[group] = total.get(group, 0.0) + share * part
        return total


def stretches_now(
    lives: Iterable[tuple[Unit, dt.date, dt.date]], heirs: Heirs[Unit]
) -> list[Stretch[Unit]]:
    """The lives of cells, each counted where it belongs by the later structure."""
    return [
        Stretch(unit, start, end, share, group)
        for unit, start, end in lives
        for group, share in heirs.groups_of(unit).items()
        if share > _EXACT
    ]


@dataclass(frozen=True)
class Difference(Generic[Unit]):
    """Cells that count by one structure and not (or less) by the other, over some months."""

    only_then: frozenset[Unit]
    only_now: frozenset[Unit]

    def __bool__(self) -> bool:
        return bool(self.only_then or self.only_now)


def difference(
    then: Iterable[Stretch[Unit]],
    now: Iterable[Stretch[Unit]],
    first: dt.date,
    last: dt.date,
) -> Difference[Unit]:
    """Which cells make the two structures differ in the months from `first` to `last`."""
    counted_then, counted_now = (
        _months_counted(then, first, last),
        _months_counted(now, first, last),
    )
    nothing = 0.0
    return Difference(
        frozenset(
            unit
            for unit, months in counted_then.items()
            if months > counted_now.get(unit, nothing) + _EXACT
        ),
        frozenset(
            unit
            for unit, months in counted_now.items()
            if months > counted_then.get(unit, nothing) + _EXACT
        ),
    )


def _months_counted(
    stretches: Iterable[Stretch[Unit]], first: dt.date, last: dt.date
) -> dict[Unit, float]:
    counted: dict[Unit, float] = {}
    for one in stretches:
        start, stop = max(one.first_month, first), min(one.stop_month, add_months(last, 1))
        months = (stop.year - start.year) * 12 + stop.month - start.month
        if months > 0:
            counted[one.unit] = counted.get(one.unit, 0.0) + months * one.share
    return counted
