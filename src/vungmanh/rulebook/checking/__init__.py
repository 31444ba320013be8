"""Proves a scoring sheet sound, or says where it is not. Pure.

`check_sheet` is the entry for sheets of meetings, `check_year_sheet` for those of yearly grades.
"""

from vungmanh.rulebook.checking.findings import Absence, Range, SheetFinding, SheetReport
from vungmanh.rulebook.checking.sheet import check_sheet
from vungmanh.rulebook.checking.year_sheet import check_year_sheet

__all__ = ["Absence", "Range", "SheetFinding", "SheetReport", "check_sheet", "check_year_sheet"]
