"""What an assessment is computed from: register, ledger and rules as tables, and as bytes to keep.

`frames.snapshot` reads them from the database, `from_bytes` from what a run kept; both give the
same `Snapshot`. Beside it only the day on which it was made enters an assessment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.columns import counts, marks_of, months_from, ordinals, places
from vungmanh.analysis.facts import CONFIRMED, REFUTED, UNKNOWN, Inputs, Ints, Spans
from vungmanh.core.errors import NotNow
from vungmanh.core.periods import month_slug, months_between, parse_month
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import ReportedThen, Verdict
from vungmanh.strengthening.packing import pack, unpack
from vungmanh.strengthening.rules_in_force import RulesInForce, rules_from

if TYPE_CHECKING:
    import pyarrow as pa

#: Raised when a snapshot kept before can no longer be read as it is.
LAYOUT = 2


@dataclass(frozen=True)
class Homes:
    """The organisation of each of n cells by day: of those above it the nearest, or itself."""

    n: int
    cell: Ints  # the deepest first: the nearest is written last and stays
    organisation: Ints
    start: Ints
    end: Ints

    def on(self, day: dt.date) -> Ints:
        """(n,): UNKNOWN for units that are no cell that day, or belong to no organisation."""
        now = (self.start <= day.toordinal()) & (self.end > day.toordinal())
        home = np.full(self.n, UNKNOWN, dtype=np.int64)
        home[self.cell[now]] = self.organisation[now]
        return home


@dataclass(frozen=True)
class Named:
    """What a unit was called and was, from `valid_from` until the day before `valid_to`."""

    unit_id: UUID
    name: str
    kind: str
    sector: str
    area: str
    valid_from: dt.date
    valid_to: dt.date | None

    def held_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @cached_property
    def name_key(self) -> bytes:
        return sort_key(self.name)


@dataclass(frozen=True)
class Snapshot:
    """Everything an assessment of the months `first_month` to `until` rests on.

    `tables`: units, versions, placements, secretaries, officials, admissions, lineage, and
    cell_months in the columns of `analysis.counting`; docs/decisions/0013 describes them. Beside
    them verifications, once anything was inspected.
    """

    first_month: dt.date
    until: dt.date
    admissions_known_until: dt.date | None  # up to it a month without a row had none
    rules: RulesInForce
    tables: dict[str, pa.Table]

    @cached_property
    def content(self) -> bytes:
        """The bytes to keep; equal for equal snapshots."""
        known_until = self.admissions_known_until
        about = {
            "layout": LAYOUT,
            "first_month": month_slug(self.first_month),
            "until": month_slug(self.until),
            "admissions_known_until": known_until and month_slug(known_until),
            "rules": self.rules.as_json(),
        }
        return pack(self.tables, about)

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def unit_ids(self) -> list[str]:
        """The ids as text, in the order of all arrays."""
        return list(self.tables["units"]["unit"].to_pylist())

    @cached_property
    def units(self) -> list[UUID]:
        return [UUID(unit) for unit in self.unit_ids]

    @property
    def cell_months(self) -> pa.Table:
        return self.tables["cell_months"]

    @cached_property
    def inputs(self) -> Inputs:
        units, first = self.tables["units"], self.first_month
        ledger = marks_of(self.cell_months, self.unit_ids, first, self.until)
        return Inputs(
            first_month=first,
            life_start=ordinals(units["valid_from"]),
            life_end=ordinals(units["valid_to"]),
            marks=ledger.marks,
            carried=ledger.carried,
            admitted=self._admitted(ledger.marks.shape),
            secretaries=self._spans("secretaries"),
            officials=self._spans("officials"),
            checked=self._checked(ledger.marks.shape),
        )

    @cached_property
    def homes(self) -> Homes:
        table = self.tables["placements"]
        deepest = np.argsort(-counts(table["depth"]), kind="stable")
        return Homes(
            len(self.unit_ids),
            self.places(table["cell"])[deepest],
            self.places(table["organisation"])[deepest],
            ordinals(table["valid_from"])[deepest],
            ordinals(table["valid_to"])[deepest],
        )

    def names_on(self, day: dt.date) -> dict[UUID, Named]:
        """What each living unit was called on a day, and what it was."""
        return {named.unit_id: named for named in self._named if named.held_on(day)}

    def sectors_on(self, day: dt.date) -> dict[UUID, str]:
        """The sector of each unit on a day; of one that had ended, its last."""
        begun = sorted(
            (named for named in self._named if named.valid_from <= day),
            key=lambda named: named.valid_from,
        )
        return {named.unit_id: named.sector for named in begun}

    def places(self, column: pa.ChunkedArray) -> Ints:
        """Ids of units as places in the order of all arrays."""
        return places(column, self.unit_ids)

    @cached_property
    def _named(self) -> list[Named]:
        rows = self.tables["versions"].to_pylist()
        return [Named(UUID(row.pop("unit")), **row) for row in rows]

    def _spans(self, name: str) -> Spans:
        table = self.tables[name]
        return Spans(
            self.places(table["unit"]),
            ordinals(table["valid_from"]),
            ordinals(table["valid_to"]),
            counts(table["count"]),
        )

    def _checked(self, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
        """What inspections saw of months that had been reported as held."""
        table = self.tables.get("verifications")
        if table is None:
            return None
        checked = np.zeros(shape, dtype=np.uint8)
        months = months_from(table["month"], self.first_month)
        claimed = np.array(table["reported"].to_pylist()) == ReportedThen.HELD
        was_held = np.array(table["verified"].to_pylist()) == Verdict.HELD
        where = self.places(table["unit"])[claimed], months[claimed]
        checked[where] = np.where(was_held, CONFIRMED, REFUTED)[claimed]
        return checked

    def _admitted(self, shape: tuple[int, ...]) -> Ints:
        """The register where it is complete, over it what else is recorded, reports last."""
        admitted = np.full(shape, UNKNOWN, dtype=np.int64)
        if self.admissions_known_until is not None:
            months = months_between(self.first_month, self.admissions_known_until) + 1
            admitted[:, : max(months, 0)] = 0
        beside = self.tables["admissions"]
        for table, name in ((beside, "count"), (self.cell_months, "admitted")):
            said = counts(table[name])
            told = said != UNKNOWN
            where = self.places(table["unit"]), months_from(table["month"], self.first_month)
            admitted[where[0][told], where[1][told]] = said[told]
        return admitted


def from_bytes(content: bytes) -> Snapshot:
    """The snapshot that a run keeps. Raises NotNow for one kept in an older layout."""
    tables, about = unpack(content)
    if about["layout"] != LAYOUT:
        raise NotNow(
            "Bản chụp số liệu này do bản cũ của chương trình giữ, bản đang chạy không đọc được."
            " Hãy tính lại kỳ ấy.",
            code="older-snapshot",
        )
    known_until = about["admissions_known_until"]
    return Snapshot(
        first_month=parse_month(about["first_month"]),
        until=parse_month(about["until"]),
        admissions_known_until=parse_month(known_until) if known_until else None,
        rules=rules_from(about["rules"]),
        tables=tables,
    )
