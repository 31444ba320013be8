"""What the checker says of a year's sheet, at its fields and beside them; the rules beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from vungmanh.core.vocabulary import Severity
from vungmanh.org.actions.own_sheets import report_of
from vungmanh.org.own_rules import read_value
from vungmanh.rulebook import Rule, RulebookError, load_rulebook
from vungmanh.rulebook.checking import SheetFinding
from vungmanh.rulebook.values import ExcellentQuota, OrganisationConditions
from vungmanh.rulebook.values.bounds import plain
from vungmanh.rulebook.values.sheet_language import path_in_vietnamese
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.rulebook.wording import value_lines
from vungmanh.web.rulebook import sheet_words as words
from vungmanh.web.rulebook.year_draft import YearDraft, year_rows_of

YEAR_KEYS = "year_sheet"
#: Which field of a row a finding is about.
_FIELDS = {
    "sum": "points",
    "no_criterion_points": "points",
    "not_positive": "points",
    "no_text": "text",
    "same_code": "code",
    "no_criteria": "title",
}
_PATH = re.compile(r"groups\[(\d+)\](?:\.criteria\[(\d+)\])?(?:\.(\w+))?.*")


@dataclass(frozen=True)
class Checked:
    """A text of a year's sheet, checked. `wrong`: name of a field of the form → sentence."""

    context: Mapping[str, Any]
    wrong: Mapping[str, str]


def checked_year(key: str, text: str) -> Checked:
    """The report of a text, or why it cannot be read, and the fields that are to be mended."""
    rows = year_rows_of(text)
    try:
        sheet = read_value(key, text)
    except RulebookError as error:
        return _unreadable(error, rows)
    assert isinstance(sheet, YearSheet)
    context = year_report(sheet)
    severe = context["report"].of(Severity.SEVERE)
    return Checked(context, _wrong(severe, rows) if rows else {})


def _unreadable(error: RulebookError, rows: YearDraft | None) -> Checked:
    """A slip in one field is told with its place; anything else by the sentence alone."""
    found = _PATH.fullmatch(error.key)
    problem = error.problem
    if found is None:
        place = _HEAD_WORDS.get(error.key, path_in_vietnamese(error.key))
        wrong = {error.key: problem} if error.key in _HEAD_WORDS else {}
        return Checked({"unreadable": f"“{place}”: {problem}" if place else problem}, wrong)
    group, criterion, part = found.groups()
    row = f"g{group}-{criterion}" if criterion else f"g{group}"
    name = f"{row}-{part or 'code'}"
    code = next((one.code for at, one in rows.rows() if at == row), "") if rows else ""
    place = _("mục %s") % code if code else path_in_vietnamese(error.key)
    return Checked({"unreadable": f"{place}: {problem}", "unreadable_at": name}, {name: problem})


_HEAD_WORDS = {"first_year": "năm đầu", "last_year": "năm cuối", "total": "tổng điểm"}


def _wrong(severe: tuple[SheetFinding, ...], rows: YearDraft) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for one in severe:
        name = _field(one, rows)
        if name:
            wrong.setdefault(name, f"{one.message} {one.remedy}")
    return wrong


def _field(finding: SheetFinding, rows: YearDraft) -> str:
    if finding.code in {"total_not_100", "sum"} and not finding.place:
        return "total"
    row = rows.place_of(finding.place)
    return f"{row}-{_FIELDS[finding.code]}" if row and finding.code in _FIELDS else ""


def year_report(sheet: YearSheet) -> dict[str, Any]:
    """What a page shows of a sheet that could be read."""
    report = report_of(sheet)
    assert report is not None
    return {
        "rows": criterion_rows(sheet),
        "report": report,
        "report_finding": words.report_finding(report),
        "findings": words.finding_rows(report.findings),
        "sums": group_sums(sheet),
        "sum": _plain(_total(sheet)),
    }


def criterion_rows(sheet: YearSheet) -> list[words.CriterionRow]:
    """Groups as headings with their criteria below, as the table of a sheet shows them."""
    rows = []
    for group in sheet.groups:
        rows.append(
            words.CriterionRow(group.code, group.title, _plain(group.points), "", (), (), True)
        )
        rows += [
            words.CriterionRow(
                one.code,
                one.text,
                _plain(one.points),
                _("Số liệu bên cạnh: %s") % "; ".join(_(fact.label).lower() for fact in one.facts)
                if one.facts
                else _("không có số liệu bên cạnh"),
                (),
                (),
            )
            for one in group.criteria
        ]
    return rows


@dataclass(frozen=True)
class GroupSum:
    """A group as it adds up now; `said` is what the group itself writes."""

    code: str
    title: str
    found: str
    said: str

    @property
    def fits(self) -> bool:
        return self.said in {"–", self.found}


def group_sums(sheet: YearSheet) -> list[GroupSum]:
    """How the points of each group add up; none on a sheet of levels."""
    if sheet.total is None:
        return []
    return [
        GroupSum(
            group.code,
            group.title,
            _plain(_sum([one.points for one in group.criteria])),
            _plain(group.points),
        )
        for group in sheet.groups
    ]


def _total(sheet: YearSheet) -> Fraction | None:
    return _sum([one.points for one in sheet.criteria])


def _sum(points: list[Fraction | None]) -> Fraction | None:
    """None while one of them is blank: a blank is never counted as nothing."""
    known = [one for one in points if one is not None]
    return sum(known, Fraction(0)) if len(known) == len(points) else None


def _plain(points: Fraction | None) -> str:
    return "–" if points is None else plain(points)


# --- the rules beside the form -----------------------------------------------------------------


def rules_beside(text: str, day: dt.date) -> list[tuple[Rule, list[tuple[str, str]]]]:
    """The conditions and the quota of the years of a sheet, each with its lines.

    The year is the one of `day` where the sheet covers it, otherwise the nearest it covers.
    """
    rows = year_rows_of(text)
    head = rows.head if rows else {}
    first, last = (_year(head.get(name, "")) for name in ("first_year", "last_year"))
    year = max(first or day.year, min(day.year, last or day.year))
    book = load_rulebook()
    found = [
        rule
        for rule in book.history(OrganisationConditions.key)
        if isinstance(rule.value, OrganisationConditions) and rule.value.covers(year)
    ]
    view = book.on(dt.date(year, 12, 31))
    if view.has(ExcellentQuota.key):
        found.append(view.rule(ExcellentQuota.key))
    return [(rule, value_lines(rule.value)) for rule in found]


def _year(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[12]\d{3}", typed.strip()) else None
