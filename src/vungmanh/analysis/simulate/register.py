"""From units and arrays to the columns of `analysis.schema`, cut to the months asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np

from vungmanh.analysis.simulate.cells import Calendar, Cells, Setting
from vungmanh.analysis.simulate.grades import Grade
from vungmanh.analysis.simulate.members import Members
from vungmanh.analysis.simulate.months import ASKED, FLOOD, HARVEST, Months, month_date
from vungmanh.analysis.simulate.names import REASONS_OF_DISTANCE
from vungmanh.analysis.simulate.posts import Appointment
from vungmanh.analysis.simulate.randomness import Bools, Floats, Ints
from vungmanh.analysis.simulate.reports import Reports
from vungmanh.analysis.simulate.tree import Tree, Unit
from vungmanh.core.periods import add_months
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import LineageKind, MembershipStatus, ReportState

Rows = dict[str, list[Any]]
_REASONS = {
    FLOOD: REASONS_OF_DISTANCE["flood"],
    HARVEST: REASONS_OF_DISTANCE["harvest"],
    ASKED: REASONS_OF_DISTANCE["asked"],
}


def _cut(
    start: date | None, end: date | None, calendar: Calendar
) -> tuple[date, date | None] | None:
    """A span of days inside the months asked for; None when it lies outside.

    An end on the day after the last month or later is not known yet: the span is open.
    """
    stop = add_months(calendar.last, 1)
    begin = max(start or calendar.first, calendar.first)
    if end is not None and end >= stop:
        end = None
    if begin >= stop or (end is not None and end <= begin):
        return None
    return begin, end


def _table(names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> Rows:
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    if not columns:
        columns = [[] for _ in names]
    return dict(zip(names, columns, strict=True))


def unit_rows(tree: Tree, calendar: Calendar) -> dict[str, Rows]:
    """The tables units, unit_versions and unit_parents."""
    living = [unit for unit in tree.units if _cut(unit.founded, unit.ended, calendar)]
    versions: list[tuple[Any, ...]] = []
    parents: list[tuple[Any, ...]] = []
    for unit in living:
        for code in unit.codes:
            if span := _cut(code.start, code.end, calendar):
                versions.append(
                    (unit.id, *span, unit.name, unit.kind.value, unit.sector.value, unit.area,
                     code.target, unit.is_organisation)
                )  # fmt: skip
        for link in unit.links:
            if isinstance(link.target, Unit) and (span := _cut(link.start, link.end, calendar)):
                parents.append((unit.id, link.target.id, *span))
    return {
        "units": {"unit": [unit.id for unit in living], "is_simulated": [True] * len(living)},
        "unit_versions": _table(
            (
                "unit", "valid_from", "valid_to", "name", "kind", "sector", "area",
                "official_code", "is_organisation",
            ),
            versions,
        ),
        "unit_parents": _table(("unit", "parent", "valid_from", "valid_to"), parents),
    }  # fmt: skip


def lineage_rows(tree: Tree, calendar: Calendar) -> Rows:
    """The table lineage: here units only ever merge."""
    rows = [
        (one.old.id, one.new.id, one.on, LineageKind.MERGE.value, 1.0, one.document)
        for one in tree.lineage
        if calendar.first < one.on < add_months(calendar.last, 1)
    ]
    return _table(("predecessor", "successor", "on", "kind", "share", "document"), rows)


def member_rows(cells: Cells, members: Members, calendar: Calendar) -> dict[str, Rows]:
    """The tables membership_counts (no row where there are none of a status) and admissions."""
    counts: list[tuple[Any, ...]] = []
    for status, values in (
        (MembershipStatus.OFFICIAL, members.official),
        (MembershipStatus.PROBATIONARY, members.probationary),
        (MembershipStatus.EXEMPT, members.exempt),
    ):
        counts += _count_rows(cells, status, values, calendar)
    counts.sort(key=lambda row: (row[0], row[1], row[2]))
    first, last = calendar.column(calendar.first), calendar.column(calendar.last)
    cell, column = np.nonzero(members.admitted[:, first : last + 1])
    admissions = [
        (cells.units[i].id, month_date(calendar, c + first), int(members.admitted[i, c + first]))
        for i, c in zip(cell.tolist(), column.tolist(), strict=True)
    ]
    return {
        "membership_counts": _table(("unit", "status", "valid_from", "valid_to", "count"), counts),
        "admissions": _table(("unit", "month", "count"), admissions),
    }


def _count_rows(
    cells: Cells, status: MembershipStatus, values: Ints, calendar: Calendar
) -> list[tuple[Any, ...]]:
    """One row for each run of years with the same count, within the life of the cell."""
    first_year = calendar.years.start
    changed = np.ones(values.shape, dtype=np.bool_)
    changed[:, 1:] = values[:, 1:] != values[:, :-1]
    rows = []
    for i, unit in enumerate(cells.units):
        starts = np.flatnonzero(changed[i]).tolist()
        for place, start in enumerate(starts):
            end = starts[place + 1] if place + 1 < len(starts) else None
            begins = max(date(first_year + start, 1, 1), unit.founded or date.min)
            ends = [d for d in (unit.ended, end and date(first_year + end, 1, 1)) if d]
            span = _cut(begins, min(ends, default=None), calendar)
            if span and values[i, start] > 0 and span[0] >= begins:
                rows.append((unit.id, status.value, *span, int(values[i, start])))
    return rows


def appointment_rows(appointments: list[Appointment], calendar: Calendar) -> Rows:
    """The table appointments."""
    rows = [
        (one.unit.id, one.post.value, one.name, *span)
        for one in appointments
        if (span := _cut(one.start, one.end, calendar))
    ]
    return _table(("unit", "post", "holder_name", "valid_from", "valid_to"), rows)


def excuse_rows(setting: Setting, months: Months) -> Rows:
    """The table excuses: every excused month with its document."""
    cells, calendar = setting.cells, setting.calendar
    rng = setting.stream("excuse documents")
    first, last = calendar.column(calendar.first), calendar.column(calendar.last)
    cell, column = np.nonzero(months.excuse[:, first : last + 1])
    numbers = rng.integers(3, 180, len(cell)).tolist()
    days = rng.integers(1, 25, len(cell)).tolist()
    rows = []
    for i, c, number, day in zip(cell.tolist(), column.tolist(), numbers, days, strict=True):
        month = month_date(calendar, c + first)
        granted = month + timedelta(days=day - 1)
        document = f"Công văn số {number:02d}-CV/ĐU ngày {date_vi(granted)}"
        reason = _REASONS[int(months.excuse[i, c + first])]
        rows.append((cells.units[i].id, month, reason, document, granted))
    return _table(("unit", "month", "reason", "document", "granted_on"), rows)


def _or_null(values: Floats) -> list[Any]:
    """Whole numbers, None where not recorded."""
    absent = np.isnan(values)
    result = np.where(absent, 0, values).astype(np.int64).astype(object)
    result[absent] = None
    return list(result.tolist())


def _score_or_null(values: Floats) -> list[Any]:
    result = values.astype(object)
    result[np.isnan(values)] = None
    return list(result.tolist())


def _states(held: Bools) -> list[str]:
    words = np.array([ReportState.NOT_HELD.value, ReportState.HELD.value], dtype=object)
    return list(words[held.astype(np.int64)].tolist())


def report_rows(cells: Cells, reports: Reports, calendar: Calendar) -> Rows:
    """The table meeting_reports, by cell and month."""
    ids = np.array([unit.id for unit in cells.units], dtype=object)
    months = np.array([month_date(calendar, c) for c in range(calendar.columns)], dtype=object)
    return {
        "unit": ids[reports.cell].tolist(),
        "month": months[reports.column].tolist(),
        "state": _states(reports.held),
        "held_on": reports.held_on.astype("datetime64[D]").tolist(),
        "filed_on": reports.filed_on.astype("datetime64[D]").tolist(),
        "members": _or_null(reports.members),
        "present": _or_null(reports.present),
        "excused": _or_null(reports.excused),
        "unexcused": _or_null(reports.unexcused),
        "exempt": _or_null(reports.exempt),
        "duration_minutes": _or_null(reports.duration),
        "score": _score_or_null(reports.score),
        "longest_carried": _or_null(reports.carried),
        "admitted": _or_null(reports.admitted),
        "tasks_due": _or_null(reports.tasks_due),
        "tasks_on_time": _or_null(reports.tasks_on_time),
        "note": reports.note.tolist(),
    }


def grade_rows(grades: list[Grade]) -> Rows:
    """The table year_grades."""
    return _table(
        ("unit", "year", "regime", "grade", "decided_on"),
        ((one.unit.id, one.year, one.regime, one.grade, one.decided_on) for one in grades),
    )
