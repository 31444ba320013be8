"""What statistics rest on: where cells stood over a period, their counts and moves, as once known.

Each is one query whatever the number of units. Counts and structure go by the clock of the database
(sql/known.sql), moves by the moment of their event.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from vungmanh.access.models import Event
from vungmanh.core.people_words import MemberChange, MembershipEnd
from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import MembershipStatus
from vungmanh.org.counts import Counts
from vungmanh.org.memberships import STAY
from vungmanh.org.reform.sql import ask
from vungmanh.org.structure_known import Place

_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)
_ENDS = {
    MembershipEnd.DIED: MemberChange.DIED,
    MembershipEnd.LEFT: MemberChange.LEFT,
    MembershipEnd.STRUCK: MemberChange.STRUCK,
    MembershipEnd.EXPELLED: MemberChange.EXPELLED,
    MembershipEnd.MOVED: MemberChange.SENT,
}


@dataclass(frozen=True)
class Stay:
    """A cell below a row of the table from a day until before another (None: no end)."""

    row: UUID
    cell: UUID
    start: dt.date
    end: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True)
class Move:
    """One act that made a cell larger or smaller (`number`), or moved members between standings."""

    cell: UUID
    day: dt.date
    number: int
    change: MemberChange
    made_official: int = 0
    transfer: str = ""
    is_loaded: bool = False  # of a month, with a register: its very day is not known


def stays(places: Iterable[Place], *, is_cell: bool) -> list[Stay]:
    """Where each cell below a unit stood, by the units directly below it (or the cell itself)."""
    found: list[Stay] = []
    top: UUID | None = None
    cells = []
    for place in places:
        top = top or place.unit
        row = top if is_cell else place.line
        if place.is_cell and row:
            cells.append(Stay(row, place.unit, place.start, place.end))
    for stay in sorted(cells, key=lambda one: (one.row, one.cell, one.start)):
        last = found[-1] if found else None
        if last and (last.row, last.cell, last.end) == (stay.row, stay.cell, stay.start):
            found[-1] = replace(last, end=stay.end)
        else:
            found.append(stay)
    return found


def structural_days(
    cells: Collection[UUID], opening: dt.date, closing: dt.date, known_at: dt.datetime
) -> dict[UUID, set[dt.date]]:
    """Days on which the count of a cell changed by a reform: it came to be, took another in, gave a
    part away."""
    days: dict[UUID, set[dt.date]] = {}
    ids = list(cells)
    for cell, day in ask(
        """
        WITH changed AS (
          SELECT predecessor_id, successor_id, "on" FROM org_lineage_known(%s)
          WHERE "on" > %s AND "on" <= %s
        )
        SELECT successor_id, "on" FROM changed WHERE successor_id = ANY (%s)
        UNION
        SELECT predecessor_id, "on" FROM changed WHERE predecessor_id = ANY (%s)
        UNION
        SELECT unit_id, min(lower(valid)) FROM org_unitversion_known(%s) WHERE unit_id = ANY (%s)
        GROUP BY unit_id HAVING min(lower(valid)) > %s AND min(lower(valid)) <= %s
        """,
        *[known_at, opening, closing, ids, ids],
        *[known_at, ids, opening, closing],
    ):
        days.setdefault(cell, set()).add(day)
    return days


class CountsKnown:
    """Counts of cells on the days of a period, as they were known at a moment."""

    def __init__(
        self, cells: Collection[UUID], opening: dt.date, closing: dt.date, known_at: dt.datetime
    ) -> None:
        # The row replaced first after the moment stood then: it comes last.
        rows = ask(
            """
            SELECT unit_id, status, lower(valid), upper(valid), count
            FROM org_counts_known(%s, %s) WHERE valid && daterange(%s, %s, '[]')
            ORDER BY until DESC NULLS FIRST
            """,
            list(cells),
            known_at,
            opening,
            closing,
        )
        self._rows: dict[UUID, list[tuple[Any, ...]]] = {}
        self._told: dict[tuple[UUID, dt.date], Counts] = {}
        for unit, *said in rows:
            self._rows.setdefault(unit, []).append(tuple(said))

    def on(self, cell: UUID, day: dt.date) -> Counts:
        """By status; a status that nobody counted is absent."""
        known = self._told.get((cell, day))
        if known is None:
            known = self._told[cell, day] = {
                MembershipStatus(status): count
                for status, lower, upper, count in self._rows.get(cell, ())
                if lower <= day and (upper is None or day < upper)
            }
        return known

    def members(self, cell: UUID, day: dt.date) -> int:
        return sum(count for status, count in self.on(cell, day).items() if status is not STAY)


Group = tuple[str, UUID, dt.date]


def moves(opening: dt.date, closing: dt.date, known_at: dt.datetime) -> list[Move]:
    """Every act on counts with a day after `opening`, up to `closing`, recorded by a moment.

    What was taken back again is gone: both acts bear the same subject, unit and day.
    """
    groups: dict[Group, dict[str, int]] = {}
    for unit, why, day, status, number in ask(
        """
        SELECT substr(subject, 6)::uuid, data->>'why', (data->>'from_day')::date, data->>'status',
               sum((data->>'by')::int)
        FROM access_event
        WHERE verb = 'count.moved' AND data->>'from_day' > %s AND data->>'from_day' <= %s
          AND at <= %s
        GROUP BY 1, 2, 3, 4
        """,
        opening.isoformat(),
        closing.isoformat(),
        known_at,
    ):
        groups.setdefault((why, unit, day), {})[status] = number
    ways = _ways((why for why, _, _ in groups), known_at)
    return [_move(group, said, ways) for group, said in groups.items() if any(said.values())]


def _ways(whys: Iterable[str], known_at: dt.datetime) -> dict[Group, MemberChange]:
    """How memberships by name ended, and losses told by counts, by subject, unit and day."""
    subjects = list(set(whys))
    found: dict[Group, MemberChange] = {}
    people = [why for why in subjects if why.startswith("person:")]
    ended = Event.objects.filter(
        verb="roll_member.ended", subject__in=people, at__lte=known_at
    ).order_by("pk")
    for subject, data in ended.values_list("subject", "data"):
        for row in data.get("journal", {}).get("after", ()):
            if row["upper"] and row["way"] in _ENDS:
                day = dt.date.fromisoformat(row["upper"])
                found[subject, UUID(row["unit"]), day] = _ENDS[MembershipEnd(row["way"])]
    numbers = [int(why.removeprefix("event:")) for why in subjects if why.startswith("event:")]
    losses = Event.objects.filter(verb="members.lost", pk__in=numbers)
    for pk, subject, data in losses.values_list("pk", "subject", "data"):
        group = (f"event:{pk}", UUID(subject.removeprefix("unit:")),
                 dt.date.fromisoformat(data["on"]))  # fmt: skip
        found[group] = _ENDS[MembershipEnd(data["way"])]
    return found


def _move(group: Group, said: dict[str, int], ways: dict[Group, MemberChange]) -> Move:
    why, unit, day = group
    number = sum(count for status, count in said.items() if status != STAY)
    kind = why.partition(":")[0]
    change = ways.get(group, MemberChange.UNTOLD)
    if kind == "admission":
        change = MemberChange.ADMITTED if number > 0 else MemberChange.STRUCK
    elif kind == "transfer":
        change = MemberChange.ARRIVED if number > 0 else MemberChange.SENT
    elif kind == "person" and number > 0:
        change = MemberChange.LISTED
    official = said.get(MembershipStatus.OFFICIAL, 0) if kind == "admission" else 0
    return Move(
        unit, day, number, change,
        made_official=official, transfer=why if kind == "transfer" and number else "",
    )  # fmt: skip


def loaded_admissions(
    cells: Collection[UUID], opening: dt.date, closing: dt.date, known_at: dt.datetime
) -> list[Move]:
    """Admissions that came with a register: those of a month that no recorded step explains."""
    steps: dict[tuple[UUID, dt.date], int] = {}
    for move in moves(opening, last_day(month_of(closing)), _EVER):
        if move.change is MemberChange.ADMITTED:
            key = (move.cell, month_of(move.day))
            steps[key] = steps.get(key, 0) + move.number
    rows = ask(
        "SELECT unit_id, month, count FROM org_admissioncount"
        " WHERE unit_id = ANY (%s) AND month > %s AND month <= %s AND recorded_at <= %s",
        list(cells),
        opening,
        closing,
        known_at,
    )
    found = [
        Move(
            cell, month, number - steps.get((cell, month), 0), MemberChange.ADMITTED, is_loaded=True
        )
        for cell, month, number in rows
    ]
    return [move for move in found if move.number > 0]
