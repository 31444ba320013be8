"""The balance of members over a period: opening, what changed it, closing. Pure: no reads.

What no record explains is told as such, cell by cell, so that a balance always closes and never by
a figure made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from vungmanh.core.people_words import MemberChange
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import Counts
from vungmanh.org.memberships import STAY
from vungmanh.org.statistics_known import CountsKnown, Move, Stay

DAY = dt.timedelta(days=1)
Change = MemberChange
#: In the order of the table.
UPS = (Change.ADMITTED, Change.ARRIVED, Change.LISTED, Change.REFORM, Change.UNTOLD)
DOWNS = (
    Change.SENT, Change.DIED, Change.LEFT, Change.STRUCK, Change.EXPELLED, Change.REFORM,
    Change.UNTOLD,
)  # fmt: skip


@dataclass
class Balance:
    """Members of one line of the table. A guest for a while is counted at home, not here.

    `untold` lists cells with members that no record explains; `uncounted` cells without a count at
    the end; `inner` those who moved between two cells of the line.
    """

    opening: Counts = field(default_factory=dict)
    closing: Counts = field(default_factory=dict)
    ups: dict[MemberChange, int] = field(default_factory=dict)
    downs: dict[MemberChange, int] = field(default_factory=dict)
    made_official: int = 0
    inner: int = 0
    cells: int = 0
    uncounted: list[UUID] = field(default_factory=list)
    untold: dict[UUID, int] = field(default_factory=dict)

    @property
    def opened(self) -> int:
        return members_in(self.opening)

    @property
    def closed(self) -> int:
        return members_in(self.closing)

    @property
    def up(self) -> int:
        return sum(self.ups.values())

    @property
    def down(self) -> int:
        return sum(self.downs.values())

    @property
    def closes(self) -> bool:
        """Whether opening, increases and decreases give the closing count."""
        return self.opened + self.up - self.down == self.closed

    @property
    def is_told(self) -> bool:
        """Whether records explain every change."""
        return self.closes and not self.untold


def members_in(counts: Counts) -> int:
    return sum(number for status, number in counts.items() if status is not STAY)


def balances(
    found: Iterable[Stay],
    counts: CountsKnown,
    acts: Iterable[Move],
    reforms: Mapping[UUID, set[dt.date]],
    *,
    opening: dt.date,
    closing: dt.date,
) -> tuple[dict[UUID, Balance], Balance]:
    """One balance for each row, and the one of all together."""
    by_cell: dict[UUID, list[Move]] = {}
    for move in acts:
        by_cell.setdefault(move.cell, []).append(move)
    listed = list(found)
    book = _Book(counts, by_cell, reforms, opening, closing)
    rows: dict[UUID, list[Stay]] = {}
    for stay in listed:
        rows.setdefault(stay.row, []).append(stay)
    return {row: book.line(those) for row, those in rows.items()}, book.line(_together(listed))


def _together(stays: list[Stay]) -> list[Stay]:
    """The stays as if there were one row: moving from row to row is no change."""
    joined: list[Stay] = []
    for stay in sorted(stays, key=lambda one: (one.cell, one.start)):
        last = joined[-1] if joined else None
        if last and last.cell == stay.cell and last.end is not None and stay.start <= last.end:
            ends = {last.end, stay.end}
            until = None if None in ends else max(end for end in ends if end)
            joined[-1] = Stay(last.row, last.cell, last.start, until)
        elif not (last and last.cell == stay.cell and last.end is None):
            joined.append(stay)
    return joined


@dataclass(frozen=True)
class _Book:
    counts: CountsKnown
    acts: Mapping[UUID, list[Move]]
    reforms: Mapping[UUID, set[dt.date]]
    opening: dt.date
    closing: dt.date

    def line(self, stays: Iterable[Stay]) -> Balance:
        one = Balance()
        net = dict.fromkeys(Change, 0)
        untold: dict[UUID, int] = {}
        ways: dict[str, list[int]] = {}
        for stay in stays:
            self._add(one, stay, net, untold, ways)
        self._settle(one, net, ways)
        one.untold = {cell: number for cell, number in untold.items() if number}
        for cell_number in one.untold.values():
            side = one.ups if cell_number > 0 else one.downs
            side[Change.UNTOLD] = side.get(Change.UNTOLD, 0) + abs(cell_number)
        return one

    def _add(
        self,
        one: Balance,
        stay: Stay,
        net: dict[MemberChange, int],
        untold: dict[UUID, int],
        ways: dict[str, list[int]],
    ) -> None:
        """What one stay of a cell adds to its line."""
        cell, members = stay.cell, self.counts.members
        start = members(cell, max(stay.start - DAY, self.opening))
        if stay.holds(self.opening):
            _sum(one.opening, self.counts.on(cell, self.opening))
        else:
            net[Change.REFORM] += start
        if stay.holds(self.closing):
            end = members(cell, self.closing)
            said = self.counts.on(cell, self.closing)
            _sum(one.closing, said)
            one.cells += 1
            if not said:
                one.uncounted.append(cell)
        else:
            assert stay.end is not None
            end = members(cell, stay.end - DAY)
            net[Change.REFORM] -= end
        here = [m for m in self.acts.get(cell, ()) if m.day > self.opening and stay.holds(m.day)]
        explained = self._explained(one, here, net, ways)
        jumps = self._jumps(stay, here)
        net[Change.REFORM] += jumps
        untold[cell] = untold.get(cell, 0) + end - start - explained - jumps

    def _explained(
        self,
        one: Balance,
        here: list[Move],
        net: dict[MemberChange, int],
        ways: dict[str, list[int]],
    ) -> int:
        explained = 0
        for move in here:
            one.made_official += move.made_official
            if move.change is Change.UNTOLD:
                continue
            explained += move.number
            if move.transfer:
                ways.setdefault(move.transfer, []).append(move.number)
            else:
                net[move.change] += move.number
        return explained

    def _jumps(self, stay: Stay, here: list[Move]) -> int:
        """By how many the count changed on days of a reform, beside the acts of those days."""
        found = 0
        for day in self.reforms.get(stay.cell, ()):
            if day <= self.opening or not stay.holds(day):
                continue
            change = self.counts.members(stay.cell, day) - self.counts.members(stay.cell, day - DAY)
            found += change - sum(m.number for m in here if m.day == day and not m.is_loaded)
        return found

    def _settle(
        self, one: Balance, net: dict[MemberChange, int], ways: dict[str, list[int]]
    ) -> None:
        """Net numbers onto their sides; whoever moved within the line neither came nor went."""
        for numbers in ways.values():
            came = sum(number for number in numbers if number > 0)
            went = -sum(number for number in numbers if number < 0)
            inner = min(came, went)
            one.inner += inner
            net[Change.ARRIVED] += came - inner
            net[Change.SENT] -= went - inner
        for change, number in net.items():
            if number > 0:
                one.ups[change] = number
            elif number < 0:
                one.downs[change] = -number


def _sum(total: Counts, more: Counts) -> None:
    for status, number in more.items():
        total[status] = total.get(status, 0) + number


def by_status(counts: Counts) -> list[tuple[MembershipStatus, int]]:
    """In the order of the words, those that occur."""
    return [(status, counts[status]) for status in MembershipStatus if status in counts]
