"""The columnar tables of Vững Mạnh: one declaration for simulator, loader, import and `assess`.

Every table travels as Parquet with exactly these columns. Dates are `date` (no time), months are
the first day of the month, `valid_to` is exclusive and null means open, unit ids are UUID text.
Null means *not recorded*, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "date", "int", "float", "bool"]


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType
    nullable: bool
    meaning: str


@dataclass(frozen=True)
class Table:
    name: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _column(name: str, type_: ColumnType, meaning: str, *, nullable: bool = False) -> Column:
    return Column(name, type_, nullable, meaning)


_UNIT = _column("unit", "text", "stable id of the unit (UUID)")
_FROM = _column("valid_from", "date", "first day on which the row holds")
_TO = _column(
    "valid_to", "date", "day after the last on which it holds; null: still holds", nullable=True
)
_MONTH = _column("month", "date", "first day of the month")

TABLES: tuple[Table, ...] = (
    Table(
        "units",
        "stable identities",
        (
            _UNIT,
            _column("is_simulated", "bool", "made by `vungmanh simulate`"),
        ),
    ),
    Table(
        "unit_versions",
        "what a unit is called and what it is, over time",
        (
            _UNIT,
            _FROM,
            _TO,
            _column("name", "text", "full name, NFC"),
            _column("kind", "text", "core.vocabulary.UnitKind"),
            _column("sector", "text", "core.vocabulary.Sector: like kind"),
            _column("area", "text", "area followed (địa bàn); empty for the province"),
            _column(
                "official_code",
                "text",
                "official code at that time; changes when the place changes",
            ),
            _column(
                "is_organisation",
                "bool",
                "a grassroots organisation (tổ chức cơ sở đảng) at that time",
            ),
        ),
    ),
    Table(
        "unit_parents",
        "which unit stood directly above, over time",
        (
            _UNIT,
            _column("parent", "text", "id of the unit above"),
            _FROM,
            _TO,
        ),
    ),
    Table(
        "lineage",
        "what became of units that ended; a unit that ended without a successor has no row",
        (
            _column("predecessor", "text", "id of the unit that ended"),
            _column("successor", "text", "id of the unit it went into"),
            _column("on", "date", "day after the predecessor's last"),
            _column("kind", "text", "core.vocabulary.LineageKind"),
            _column("share", "float", "how much of it went there; all rows of one add up to 1"),
            _column("document", "text", "the decision, number and date"),
        ),
    ),
    Table(
        "membership_counts",
        "members by status, over time",
        (
            _UNIT,
            _column("status", "text", "core.vocabulary.MembershipStatus"),
            _FROM,
            _TO,
            _column("count", "int", "members"),
        ),
    ),
    Table(
        "admissions",
        "members admitted, by month; a month without a row had none",
        (
            _UNIT,
            _MONTH,
            _column("count", "int", "members admitted"),
        ),
    ),
    Table(
        "appointments",
        "who held a post, over time; a gap is a vacancy",
        (
            _UNIT,
            _column("post", "text", "core.vocabulary.Post"),
            _column("holder_name", "text", "name, or empty where the committee keeps none"),
            _FROM,
            _TO,
        ),
    ),
    Table(
        "excuses",
        "months excused by the superior, with the document",
        (
            _UNIT,
            _MONTH,
            _column("reason", "text", "why"),
            _column("document", "text", "number and date of the document"),
            _column("granted_on", "date", "day of the document"),
        ),
    ),
    Table(
        "meeting_reports",
        "what cells reported about the regular meeting of a month",
        (
            _UNIT,
            _MONTH,
            _column("state", "text", "core.vocabulary.ReportState"),
            _column("held_on", "date", "day of the meeting", nullable=True),
            _column("filed_on", "date", "day the report was filed", nullable=True),
            _column("members", "int", "members of the cell that month", nullable=True),
            _column("present", "int", "members present", nullable=True),
            _column("excused", "int", "absent with reason", nullable=True),
            _column("unexcused", "int", "absent without reason", nullable=True),
            _column("exempt", "int", "exempt from meetings", nullable=True),
            _column("duration_minutes", "int", "length of the meeting, minutes", nullable=True),
            _column("score", "float", "score of the meeting, 0–100", nullable=True),
            _column(
                "longest_carried",
                "int",
                "times the longest-carried open resolution was carried over",
                nullable=True,
            ),
            _column("admitted", "int", "members admitted that month", nullable=True),
            _column(
                "tasks_due", "int", "resolutions and tasks that fell due that month", nullable=True
            ),
            _column("tasks_on_time", "int", "of those, finished in time", nullable=True),
            _column("note", "text", "note; empty if none"),
        ),
    ),
    Table(
        "year_grades",
        "yearly grades, each in the scale of its own regime",
        (
            _UNIT,
            _column("year", "int", "year graded"),
            _column("regime", "text", "R0, R1, R2a, R2b, R3 or R4 (domain.md §1.1)"),
            _column("grade", "text", "code of the grade within its scale"),
            _column("decided_on", "date", "day of the decision", nullable=True),
        ),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
