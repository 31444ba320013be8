"""A simulated district of seventy rated organisations, and the commune that comes after it.

Đảng bộ tỉnh Mẫu
  Đảng bộ huyện Thử (to 30/6/2025)     3 communes, 3 health, 16 schools, 14 agencies, 12 enterprises
    Đảng bộ xã Quan Mẫu                8 village cells, from 1/7/2025 in the new commune
    Đảng bộ xã Láng Thử, xã Ăn Thử     7 village cells each
  Đảng bộ xã Mẫu Mới (from 1/7/2025)   those 8 cells and 6 of the schools

Everybody who speaks for one of them has an account. All names are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from tests.cast import AT, PROVINCE, Cast
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.core.ids import uuid7
from vungmanh.core.periods import month_range
from vungmanh.core.vocabulary import (
    MembershipStatus,
    Post,
    Reach,
    ReportState,
    Role,
    Sector,
    UnitKind,
)
from vungmanh.meetings.actions.obligations import generate_obligations
from vungmanh.meetings.actions.reports import record_reports
from vungmanh.org.actions.register import load_register
from vungmanh.strengthening.actions.assess import assess_months

FIRST, REFORM = dt.date(2016, 1, 1), dt.date(2025, 7, 1)
DISTRICT, SUCCESSOR = "Đảng bộ huyện Thử", "Đảng bộ xã Mẫu Mới"
COMMUNES = {"Đảng bộ xã Quan Mẫu": 8, "Đảng bộ xã Láng Thử": 7, "Đảng bộ xã Ăn Thử": 7}
QUAN_MAU = "Đảng bộ xã Quan Mẫu"
KINDS = {
    Sector.SCHOOL: ("Chi bộ Trường Mẫu số", 16),
    Sector.AGENCY: ("Chi bộ Phòng Mẫu số", 14),
    Sector.ENTERPRISE: ("Chi bộ Hợp tác xã Mẫu số", 12),
    Sector.HEALTH: ("Chi bộ Trạm Y tế Mẫu số", 3),
}
SCHOOLS = [f"{KINDS[Sector.SCHOOL][0]} {number}" for number in range(1, 17)]
AGENCIES = [f"{KINDS[Sector.AGENCY][0]} {number}" for number in range(1, 15)]
ENTERPRISES = [f"{KINDS[Sector.ENTERPRISE][0]} {number}" for number in range(1, 13)]
STATIONS = [f"{KINDS[Sector.HEALTH][0]} {number}" for number in range(1, 4)]
VILLAGES = {
    commune: [
        f"Chi bộ thôn {commune.removeprefix('Đảng bộ xã ')} {number}"
        for number in range(1, count + 1)
    ]
    for commune, count in COMMUNES.items()
}
STAYING = [*VILLAGES[QUAN_MAU], *SCHOOLS[:6]]  # in the successor
DIRECT = [*COMMUNES, *SCHOOLS, *AGENCIES, *ENTERPRISES, *STATIONS]
CELLS = [*(cell for cells in VILLAGES.values() for cell in cells), *DIRECT[len(COMMUNES) :]]
SEVENTY = [*COMMUNES, *CELLS]


@dataclass
class Place(Cast):
    """The units by name, and the account that speaks for each."""

    speakers: dict[str, User] = field(default_factory=dict)

    def speaker(self, unit: str) -> User:
        if unit not in self.speakers:
            kind = Role.CELL_SECRETARY if unit in CELLS else Role.COMMITTEE_OFFICE
            self.speakers[unit] = self.user(f"noi.{len(self.speakers)}", kind, unit)
        return self.speakers[unit]

    def overseer(self, unit: str) -> User:
        """Somebody who looks at the whole district and was in charge of one unit in the year."""
        user = self.user("phu.trach", None)
        for name, reach in ((DISTRICT, Reach.UNIT_AND_BELOW), (unit, Reach.UNIT)):
            grant_role(
                user=user, role=Role.OVERSEER, unit_id=self[name], reach=reach,
                valid_from=dt.date(2019, 1, 1), by=None, at=AT,
            )  # fmt: skip
        return user

    def report(self, cells: list[str], year: int, *, held: int) -> None:
        """Twelve months of meetings of each of the cells, the first `held` of them held; due
        where they were not yet."""
        at = timezone.now()
        months = month_range(dt.date(year, 1, 1), dt.date(year, 12, 1))
        generate_obligations(first=months[0], last=months[-1], by=None, at=at)
        record_reports(
            reports=[
                {"unit": self[cell], "month": month, "note": "",
                 "state": ReportState.HELD if place < held else ReportState.NOT_HELD}
                for cell in cells
                for place, month in enumerate(months)
            ],
            source=None, by=None, at=at,
        )  # fmt: skip


def make_place() -> Place:
    """The register with its cells' meetings of 2019, assessed at the end of that year."""
    place = Place()
    lives = list(_lives())
    place.units = {name: uuid7() for name, *_rest in lives}
    ids = list(place.units.values())
    load_register(
        tables={
            "units": {"unit": ids, "is_simulated": [True] * len(ids)},
            "unit_versions": _columns(
                [(place[name], first, last, name, kind, sector, "Mẫu Thượng", "", name != PROVINCE)
                 for name, kind, sector, first, last, _above in lives],
                "unit", "valid_from", "valid_to", "name", "kind", "sector", "area",
                "official_code", "is_organisation",
            ),
            "unit_parents": _columns(
                [(place[name], place[above], since, until)
                 for name, *_rest, parents in lives for above, since, until in parents],
                "unit", "parent", "valid_from", "valid_to",
            ),
            "membership_counts": _columns(
                [(place[name], MembershipStatus.OFFICIAL, first, last, 9)
                 for name, _k, _s, first, last, _above in lives],
                "unit", "status", "valid_from", "valid_to", "count",
            ),
            "admissions": _columns([], "unit", "month", "count"),
            "appointments": _columns(
                [(place[name], Post.SECRETARY, "Bí thư Thử Một", first, last)
                 for name, _k, _s, first, last, _above in lives],
                "unit", "post", "holder_name", "valid_from", "valid_to",
            ),
        },
        by=None, at=AT,
    )  # fmt: skip
    place.report(CELLS[::2], 2019, held=12)
    place.report(CELLS[1::2], 2019, held=8)
    assess_months(months=[dt.date(2019, 11, 1)], by=None, at=timezone.now())
    return place


Parent = tuple[str, dt.date, dt.date | None]
Life = tuple[str, UnitKind, Sector, dt.date, dt.date | None, tuple[Parent, ...]]


def _lives() -> list[Life]:
    """Each unit with its kind, its days and what it stood under."""
    under_district = ((DISTRICT, FIRST, REFORM),)
    in_the_new = (SUCCESSOR, REFORM, None)
    found: list[Life] = [
        (PROVINCE, UnitKind.DANG_BO_TINH, Sector.COMMITTEE, FIRST, None, ()),
        (DISTRICT, UnitKind.DANG_BO_HUYEN, Sector.COMMITTEE, FIRST, REFORM,
         ((PROVINCE, FIRST, REFORM),)),
        (SUCCESSOR, UnitKind.DANG_BO_XA, Sector.COMMUNE, REFORM, None, ((PROVINCE, REFORM, None),)),
    ]  # fmt: skip
    for commune, cells in VILLAGES.items():
        found.append((commune, UnitKind.DANG_BO_XA, Sector.COMMUNE, FIRST, REFORM, under_district))
        found += [
            _life(cell, UnitKind.CHI_BO, Sector.VILLAGE, (commune, FIRST, REFORM), in_the_new)
            for cell in cells
        ]
    found += [
        _life(f"{begin} {number}", UnitKind.CHI_BO_CO_SO, sector, under_district[0], in_the_new)
        for sector, (begin, count) in KINDS.items()
        for number in range(1, count + 1)
    ]
    return found


def _life(name: str, kind: UnitKind, sector: Sector, before: Parent, after: Parent) -> Life:
    if name in STAYING:
        return name, kind, sector, FIRST, None, (before, after)
    return name, kind, sector, FIRST, REFORM, (before,)


def _columns(rows: list[tuple], *names: str) -> dict[str, list]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
