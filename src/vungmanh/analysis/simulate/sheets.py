"""The reports of a month as the committees that collect them would hold them.

Made from the tables alone, the way any reader of them would: a cell's committee is the unit just
below the province, its organisation the nearest one above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from vungmanh.analysis.simulate.province import Province
from vungmanh.analysis.simulate.register import Rows
from vungmanh.core.text import sort_key
from vungmanh.core.vocabulary import CELL_KINDS, UnitKind


@dataclass(frozen=True)
class Line:
    """One cell of a sheet. `values` are columns of meeting_reports; empty when nothing came in.

    `organisation` is empty when it is the cell itself or the committee that collects.
    """

    unit: str
    name: str
    organisation: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """One committee's cells in a month, directly placed ones first, in Vietnamese order."""

    unit: str
    committee: str
    is_commune: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Standing:
    """Names, kinds and parents on one day."""

    name: dict[str, str]
    cells: frozenset[str]
    communes: frozenset[str]
    organisations: frozenset[str]
    parent: dict[str, str]

    def above(self, unit: str) -> list[str]:
        """The unit and all above it, nearest first."""
        line = [unit]
        while line[-1] in self.parent:
            line.append(self.parent[line[-1]])
        return line


def _rows(table: Rows) -> list[dict[str, Any]]:
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def _standing_on(province: Province, day: date) -> _Standing:
    def holds(row: dict[str, Any]) -> bool:
        end = row["valid_to"]
        return bool(row["valid_from"] <= day and (end is None or day < end))

    versions = [row for row in _rows(province.tables["unit_versions"]) if holds(row)]
    links = [row for row in _rows(province.tables["unit_parents"]) if holds(row)]
    return _Standing(
        name={row["unit"]: row["name"] for row in versions},
        cells=frozenset(row["unit"] for row in versions if row["kind"] in CELL_KINDS),
        communes=frozenset(r["unit"] for r in versions if r["kind"] == UnitKind.DANG_BO_XA),
        organisations=frozenset(row["unit"] for row in versions if row["is_organisation"]),
        parent={row["unit"]: row["parent"] for row in links},
    )


def reports_of(province: Province, month: date) -> Rows:
    """The meeting reports of one month of the province, the next one included."""
    source = (
        province.next_month if month > province.last_month else province.tables["meeting_reports"]
    )
    rows = [place for place, of in enumerate(source["month"]) if of == month]
    return {name: [column[place] for place in rows] for name, column in source.items()}


def committee_sheets(province: Province, month: date) -> list[Sheet]:
    """A sheet for every committee just below the province, by the structure of that month."""
    standing = _standing_on(province, month)
    reported = {row.pop("unit"): row for row in _rows(reports_of(province, month))}
    lines: dict[str, list[Line]] = {}
    for cell in standing.cells:
        above = standing.above(cell)
        committee = above[-2] if len(above) > 1 else cell
        body = next((unit for unit in above if unit in standing.organisations), cell)
        organisation = "" if body in (cell, committee) else standing.name[body]
        line = Line(cell, standing.name[cell], organisation, reported.get(cell, {}))
        lines.setdefault(committee, []).append(line)
    return [
        Sheet(
            unit=committee,
            committee=standing.name[committee],
            is_commune=committee in standing.communes,
            lines=tuple(sorted(lines[committee], key=_order)),
        )
        for committee in sorted(lines)
    ]


def _order(line: Line) -> tuple[bytes, bytes, str]:
    return sort_key(line.organisation), sort_key(line.name), line.unit
