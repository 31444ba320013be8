"""What keeps a sheet of the province from being adopted: its faults, and days out of its years."""

from __future__ import annotations

import datetime as dt

from vungmanh.core.errors import InputError
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import Severity
from vungmanh.org.models import OwnRule
from vungmanh.org.own_rules import read_value
from vungmanh.rulebook import RulebookError, load_rulebook
from vungmanh.rulebook.checking import SheetReport, check_sheet
from vungmanh.rulebook.checking.year_sheet import check_year_sheet
from vungmanh.rulebook.values import GradeScale, MeetingGrades, Value
from vungmanh.rulebook.values.sheets import MeetingSheet
from vungmanh.rulebook.values.year_sheets import YearSheet


def report_of(sheet: Value) -> SheetReport | None:
    """What the checker says of a sheet of any kind; None for a rule that is no sheet."""
    if isinstance(sheet, MeetingSheet):
        known = load_rulebook().history(MeetingGrades.key)  # by the youngest rule there is
        grades = known[-1].value if known else None
        return check_sheet(sheet, grades if isinstance(grades, MeetingGrades) else None)
    if isinstance(sheet, YearSheet):
        return check_year_sheet(sheet, _scale(sheet.first_year))
    return None


def _scale(year: int) -> GradeScale | None:
    try:
        return load_rulebook().grade_scale(year)
    except RulebookError:
        return None


def check_adoptable(rule: OwnRule) -> None:
    """A sheet with a severe fault is refused; one with warnings needs a reason."""
    sheet = read_value(rule.key, rule.text)
    report = report_of(sheet)
    if report is None:
        return
    for finding in report.of(Severity.SEVERE):
        place = f"Mục {finding.place}: " if finding.place else ""
        raise InputError(
            f"{place}{finding.message} {finding.remedy}",
            field="text",
            place=finding.place,
            code="sheet-unsound",
        )
    if report.of(Severity.WARNING) and not rule.accepted_because:
        raise InputError(
            "Bảng còn điều cần lưu ý. Ghi vì sao vẫn dùng, hoặc sửa trước khi đưa vào dùng.",
            field="because",
            code="sheet-warnings",
        )
    if isinstance(sheet, YearSheet):
        _check_years(rule, sheet)


def _check_years(rule: OwnRule, sheet: YearSheet) -> None:
    """The rating of a year takes the sheet that holds on its last day: the days must fit."""
    assert rule.valid_from is not None
    first = dt.date(sheet.first_year, 1, 1)
    if rule.valid_from < first:
        raise InputError(
            f"Bảng này ghi cho năm xếp loại từ {sheet.first_year}. Chọn ngày hiệu lực từ "
            f"{date_vi(first)} trở đi, hoặc sửa năm trong bảng.",
            field="valid_from",
            code="sheet-years",
        )
    if sheet.last_year is None:
        return
    last = dt.date(sheet.last_year + 1, 12, 31)
    if rule.valid_to is None or rule.valid_to > last:
        raise InputError(
            f"Bảng này ghi cho năm xếp loại đến {sheet.last_year}. Ghi ngày hết hiệu lực, chậm "
            f"nhất {date_vi(last)}, để năm sau dùng bảng khác.",
            field="valid_to",
            code="sheet-years",
        )
