"""Rows of a file with the unit each means. Groups of a table narrow what the names below mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from vungmanh.core.periods import month_label
from vungmanh.core.text import date_vi
from vungmanh.outputs.workbooks.directory import Directory, Match
from vungmanh.outputs.workbooks.read import ReadResult
from vungmanh.outputs.workbooks.rows import ReadRow


@dataclass(slots=True)
class Line:
    """One row of a file, its unit, and why it may not be written ("" if it may)."""

    row: ReadRow
    unit: str | None
    reason: str
    warning: str


@dataclass
class Matcher:
    """Finds the units of rows. `directory_of` gives the directory of a month; each is asked once.

    `first_month` and `last_month` are the earliest and latest month that may be reported on; a
    meeting after `today` is no meeting yet.
    """

    directory_of: Callable[[dt.date], Directory]
    first_month: dt.date
    last_month: dt.date
    today: dt.date
    _directories: dict[dt.date, Directory] = field(default_factory=dict)
    _headed: dict[tuple[dt.date, tuple[str, ...]], frozenset[str]] = field(default_factory=dict)

    def lines(self, result: ReadResult) -> Iterator[Line]:
        """The lines of one file, headings and signatures left out."""
        group: frozenset[str] = frozenset()
        section = -1
        for row in result.rows():
            if row.section != section:
                section, group = row.section, frozenset()
            if row.month is None or not self.first_month <= row.month <= self.last_month:
                if row.is_sure:
                    yield self._unmatched(row)
                continue
            directory = self._directory(row.month)
            match = self._find(directory, result, row, group)
            if match.entry is None and not row.is_sure:
                group = directory.containers_named_in([row.label])
                continue
            yield self._not_yet_held(row) or _line(row, match)

    def _not_yet_held(self, row: ReadRow) -> Line | None:
        day = row.values.get("held_on")
        if not isinstance(day, dt.date) or day <= self.today or row.problems:
            return None
        reason = (
            f"{_capital(row.place)}: ngày họp {date_vi(day)} chưa tới. Chờ họp xong rồi báo cáo,"
            " hoặc sửa lại ngày."
        )
        return Line(row, None, reason, "")

    def _directory(self, month: dt.date) -> Directory:
        if month not in self._directories:
            self._directories[month] = self.directory_of(month)
        return self._directories[month]

    def _find(
        self, directory: Directory, result: ReadResult, row: ReadRow, group: frozenset[str]
    ) -> Match:
        if not row.label and not row.unit:
            return Match(None)
        if group:
            match = directory.find(row, group)
            if match.entry is not None:
                return match
        return directory.find(row, self._headed_by(directory, result, row))

    def _headed_by(self, directory: Directory, result: ReadResult, row: ReadRow) -> frozenset[str]:
        titles = result.titles_of(row)
        key = (row.month or self.last_month, titles)
        if key not in self._headed:
            self._headed[key] = directory.containers_named_in(titles)
        return self._headed[key]

    def _unmatched(self, row: ReadRow) -> Line:
        reason = _first_problem(row)
        if not reason and row.month is not None:
            month = month_label(row.month)
            why = (
                f"Sổ bắt đầu từ {month_label(self.first_month)} nên không nhận {month}"
                if row.month < self.first_month
                else f"{month.capitalize()} chưa đến kỳ báo cáo"
            )
            reason = f"{why}. Xem lại tháng ghi ở đầu bảng hoặc cột Tháng."
        return Line(row, None, reason, "")


def _line(row: ReadRow, match: Match) -> Line:
    warning = " ".join(f"{one.message}" for one in row.warnings)
    unit = match.entry.unit if match.entry else None
    if match.entry is None and match.reason:
        return Line(row, None, f"{match.reason} ({row.place})", "")
    return Line(row, unit, _first_problem(row), warning)


def _first_problem(row: ReadRow) -> str:
    """All that is wrong with a row, each with its address, within what a line can hold."""
    return " ".join(f"{_capital(one.place)}: {one.message}" for one in row.problems)[:500]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
