"""A small province in which four communes did badly for two years, and how its cells then met.

Seventeen cells in fifteen communes (tests/spec/province.py). Four of them met every other month in
2018 and 2019. What became of each of those is told by the months in which their cells met later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from tests.cast import PROVINCE
from tests.spec.province import LIKE, LIKE_AFTER, LIKE_BEFORE, Told, columns
from vungmanh.access.models import RoleGrant, User
from vungmanh.core.periods import month_range
from vungmanh.core.vocabulary import ReportState, Role
from vungmanh.evaluation.actions.grades import load_year_grades
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.strengthening.actions.assess import assess_months

FIRST, LAST = dt.date(2018, 1, 1), dt.date(2023, 12, 1)
STEADY = "Đảng bộ xã Quan Mẫu"  # improves, leaves, holds
CELLS = ("Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu")
RELAPSING, SLOW, LEFT_OUT = LIKE[:3]  # improves and falls back; does not move; decided otherwise
BAD = (STEADY, RELAPSING, SLOW, LEFT_OUT)
CHOSEN = BAD[:3]
ODD, ALL = (1, 3, 5, 7, 9, 11), tuple(range(1, 13))
#: The months in which the cells of a commune met, by year; of the others see `_like`.
MET = {
    STEADY: {2018: ODD, 2019: ODD},
    RELAPSING: {2018: ODD, 2019: ODD, 2021: ALL[:5], 2022: ODD},
    SLOW: dict.fromkeys(range(2018, 2024), ODD),
    LEFT_OUT: {2018: ODD, 2019: ODD, 2020: ALL[:9]},
}


class Place(Told):
    """The province with its reports, and the accounts of whoever acts in it."""

    def __init__(self) -> None:
        super().__init__(STEADY, CELLS, [("Bí thư Mẫu", FIRST, None)], first=FIRST, last=LAST)
        self.analyst = self.user("chuyen.vien", Role.PROVINCIAL_ANALYST)
        self.second = self.user("chuyen.vien.hai", Role.PROVINCIAL_ANALYST)
        self.board_user = self.user("thuong.vu", Role.STANDING_COMMITTEE)
        self.members = [self.user(f"uy.vien.{n}", None) for n in (1, 2)]
        self.offices = {
            one: self.user(f"van.phong.{n}", Role.COMMITTEE_OFFICE, one)
            for n, one in enumerate(BAD)
        }

    def tell(self, first: dt.date, last: dt.date) -> None:
        """Every cell reports these months: met, or not met."""
        rows = [
            {"unit": self[cell], "month": month, "note": "",
             "state": ReportState.HELD if self._met(commune, month) else ReportState.NOT_HELD}
            for commune, cells in self.below.items()
            for cell in cells
            for month in month_range(first, last)
        ]  # fmt: skip
        record_reports(reports=rows, source=None, by=None, at=timezone.now())

    def _met(self, commune: str, month: dt.date) -> bool:
        if commune in MET:
            return month.month in MET[commune].get(month.year, ALL)
        place = LIKE.index(commune)
        held = {2019: LIKE_BEFORE, 2020: LIKE_AFTER}.get(month.year, (12,) * len(LIKE))
        return month.month <= held[place]

    def assess(self, *months: dt.date) -> None:
        assess_months(months=months, by=None, at=timezone.now())

    def grade(self, year: int, grades: dict[str, str]) -> None:
        """The grades of a year as their own board decided them, on paper."""
        rows = [
            (self[unit], year, "R2b", grade, dt.date(year + 1, 1, 4))
            for unit, grade in grades.items()
        ]
        load_year_grades(
            grades=columns(rows, "unit year regime grade decided_on"), by=None, at=timezone.now()
        )

    def cells_of(self, communes: Iterable[str]) -> list[str]:
        return [cell for one in communes for cell in self.below[one]]

    def in_charge(self, cell: str) -> User:
        """Who oversees a cell by the approved plan."""
        return RoleGrant.objects.get(role=Role.OVERSEER, unit_id=self[cell]).user


__all__ = ["BAD", "CELLS", "CHOSEN", "LEFT_OUT", "PROVINCE", "RELAPSING", "SLOW", "STEADY", "Place"]
