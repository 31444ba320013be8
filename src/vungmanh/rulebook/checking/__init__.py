"""Proves a scoring sheet sound, or says where it is not. Pure: `check_sheet` is the entry."""

from vungmanh.rulebook.checking.findings import Absence, Range, SheetFinding, SheetReport
from vungmanh.rulebook.checking.sheet import check_sheet

__all__ = ["Absence", "Range", "SheetFinding", "SheetReport", "check_sheet"]
