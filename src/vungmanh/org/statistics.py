"""Statistics of members over a period: the committee below by below, as known at a moment.

The same question with the same moment has the same answer. What was reported once is kept besides
(`PublishedStatistic`), so that it can be told again to the letter whatever becomes of the register.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import InputError
from vungmanh.core.periods import last_day
from vungmanh.core.text import name_key
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, UnitKind
from vungmanh.org.models import UnitVersion
from vungmanh.org.statistics_balance import DOWNS, UPS, Balance, balances
from vungmanh.org.statistics_known import (
    CountsKnown,
    loaded_admissions,
    moves,
    stays,
    structural_days,
)
from vungmanh.org.structure import check_in_register
from vungmanh.org.structure_known import Place, below_known, seen_among, unit_known, versions_known

DAY = dt.timedelta(days=1)
MOST_NAMED = 100  # cells of an open balance that are named: enough to begin with


@dataclass(frozen=True)
class Period:
    """From the first day to the last; what stood before the first day is the opening."""

    first: dt.date
    last: dt.date

    @property
    def opening(self) -> dt.date:
        return self.first - DAY

    @classmethod
    def half(cls, year: int) -> Period:
        return cls(dt.date(year, 1, 1), dt.date(year, 6, 30))

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(dt.date(year, 1, 1), dt.date(year, 12, 31))


@dataclass(frozen=True)
class Line:
    """One row: a unit directly below, or what stood there and ended (`is_ended`)."""

    unit_id: UUID
    name: str
    is_ended: bool
    balance: Balance


@dataclass(frozen=True)
class Organisations:
    """How many units stand below a committee at the end, by kind and by sector."""

    kinds: dict[str, int]
    sectors: dict[str, int]


@dataclass(frozen=True)
class Statistic:
    """A committee over a period, as known at a moment. `names` tells cells named by a balance.

    `hidden` cells stood there as was known then, and by the register now are out of the viewer's
    sight: they are not in the figures.
    """

    unit: UnitVersion
    period: Period
    known_at: dt.datetime
    lines: list[Line]
    total: Balance
    names: dict[UUID, str]
    organisations: Organisations
    hidden: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether there are cells, and nobody had counted any: no number, which is not nought."""
        total = self.total
        standing = bool(total.cells or self.lines)
        return standing and not (total.opening or total.closing or total.up or total.down)


def last_period(today: dt.date) -> Period:
    """The latest half-year or year that has ended."""
    year = today.year
    if today == last_day(dt.date(year, 12, 1)):
        return Period.year(year)
    return Period.half(year) if today >= dt.date(year, 6, 30) else Period.year(year - 1)


def check_period(period: Period, known_at: dt.datetime, now: dt.datetime) -> None:
    """Raise for days to come, days turned round, a moment to come, days before the register."""
    today = localdate(now)
    if period.last > today:
        raise InputError(
            "Ngày cuối kỳ chưa đến. Chọn kỳ đã hết hoặc một ngày đã qua.",
            field="den",
            code="day-to-come",
        )
    if period.first > period.last:
        raise InputError("Ngày đầu phải trước ngày cuối.", field="tu", code="days-turned-round")
    if known_at > now:
        raise InputError(
            "Chưa thể biết số của một ngày chưa đến. Để trống để lấy số biết đến bây giờ.",
            field="biet",
            code="moment-to-come",
        )
    check_in_register(period.opening)


def statistic(
    viewer: Viewer, unit_id: UUID, period: Period, *, known_at: dt.datetime, now: dt.datetime
) -> Statistic:
    """The balance of each unit below a committee, and of the whole. A fixed number of queries.

    Raises NotFound (out of sight, before the register), InputError.
    """
    check_period(period, known_at, now)
    opening, closing = period.opening, period.last
    version = unit_known(viewer, unit_id, closing, known_at)
    places = below_known(unit_id, opening, closing, known_at)
    found = stays(places, is_cell=UnitKind(version.kind) in CELL_KINDS)
    standing = {stay.cell for stay in found}
    seen = seen_among(viewer, {one.unit for one in places}, opening, closing, top=unit_id)
    found = [stay for stay in found if stay.cell in seen]
    cells = {stay.cell for stay in found}
    acts = [
        *moves(opening, closing, known_at),
        *loaded_admissions(cells, opening, closing, known_at),
    ]
    rows, total = balances(
        found,
        CountsKnown(cells, opening, closing, known_at),
        [move for move in acts if move.cell in cells],
        structural_days(cells, opening, closing, known_at),
        opening=opening,
        closing=closing,
    )
    told = {*list(total.untold)[:MOST_NAMED], *total.uncounted[:MOST_NAMED]}
    versions = versions_known({*rows, *told}, opening, closing, known_at)
    at_end = {stay.row for stay in found if stay.holds(closing)}
    lines = [
        Line(row, versions[row].name, row not in at_end, balance)
        for row, balance in rows.items()
        if row in versions
    ]
    lines.sort(key=lambda one: (one.is_ended, name_key(one.name), one.unit_id))
    names = {cell: versions[cell].name for cell in told if cell in versions}
    below = [one for one in places if one.depth and one.unit in seen and one.holds(closing)]
    return Statistic(
        version, period, known_at, lines, total, names, _organisations(below),
        hidden=len(standing) - len(cells),
    )  # fmt: skip


def _organisations(below: list[Place]) -> Organisations:
    return Organisations(
        dict(Counter(one.kind for one in below)), dict(Counter(one.sector for one in below))
    )


# --- as it is kept ------------------------------------------------------------------------------


def content_of(one: Statistic) -> dict[str, Any]:
    """What is kept of a statistic: plain numbers, the same for the same answer."""
    return {
        "unit": str(one.unit.unit_id),
        "name": one.unit.name,
        "first": one.period.first.isoformat(),
        "last": one.period.last.isoformat(),
        "known_at": one.known_at.isoformat(),
        "total": figures_of(one.total),
        "lines": [
            {"unit": str(line.unit_id), "name": line.name, "is_ended": line.is_ended,
             **figures_of(line.balance)}
            for line in one.lines
        ],
    }  # fmt: skip


def figures_of(balance: Balance) -> dict[str, Any]:
    """A balance by names: each status at both ends, each cause with its side."""
    found: dict[str, Any] = {"opening": balance.opened, "closing": balance.closed}
    for status in MembershipStatus:
        found[f"opening.{status}"] = balance.opening.get(status, 0)
        found[f"closing.{status}"] = balance.closing.get(status, 0)
    found |= {f"up.{change}": balance.ups.get(change, 0) for change in UPS}
    found |= {f"down.{change}": balance.downs.get(change, 0) for change in DOWNS}
    found["made_official"] = balance.made_official
    found["cells"], found["uncounted"] = balance.cells, len(balance.uncounted)
    return found


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical form."""
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
