"""One small imaginary province, the same in every test: named units, people and years.

Đảng bộ tỉnh Mẫu
  Đảng bộ xã Quan Mẫu      three village cells
  Đảng bộ xã Láng Thử      two village cells, the neighbour
  Chi bộ Trường Thử        a cell that is itself an organisation
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.core.ids import uuid7
from vungmanh.core.periods import add_months, last_day, month_range
from vungmanh.core.text import fold
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
from vungmanh.org.models import Membership, NamesSwitch, Person

FIRST = dt.date(2019, 1, 1)
AT = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
PROVINCE = "Đảng bộ tỉnh Mẫu"
QUAN_MAU, LANG_THU, SCHOOL = "Đảng bộ xã Quan Mẫu", "Đảng bộ xã Láng Thử", "Chi bộ Trường Thử"
CELLS = {
    QUAN_MAU: ("Chi bộ thôn Nà Mẫu", "Chi bộ thôn Đồi Mẫu", "Chi bộ thôn Ăn Mẫu"),
    LANG_THU: ("Chi bộ thôn Bản Thử", "Chi bộ thôn Khuổi Thử"),
}


@dataclass
class Cast:
    """The units by name."""

    units: dict[str, UUID] = field(default_factory=dict)

    def __getitem__(self, name: str) -> UUID:
        return self.units[name]

    @property
    def cells(self) -> list[str]:
        return [cell for cells in CELLS.values() for cell in cells] + [SCHOOL]

    def hold(self, name: str, year: int, *, held: int, not_held: int | None = None) -> None:
        """Report `held` months of `year` as held, the next `not_held` (default: the rest) not."""
        rest = 12 - held if not_held is None else not_held
        months = month_range(dt.date(year, 1, 1), dt.date(year, 12, 1))
        states = [ReportState.HELD] * held + [ReportState.NOT_HELD] * rest
        record_reports(
            reports=[
                {"unit": self[name], "month": month, "state": state, "note": ""}
                for month, state in zip(months, states, strict=False)
            ],
            source=None,
            by=None,
            at=AT,
        )

    def names_on(self, *units: str) -> None:
        """Committees that work with names from the first day on."""
        for unit in units:
            NamesSwitch.objects.create(unit_id=self[unit], from_day=FIRST, document="QĐ 1")

    def user(self, username: str, role: Role | None, unit: str = PROVINCE) -> User:
        """Somebody who may sign in, with a role in a unit (or none at all)."""
        user = User.objects.create_user(username, password="mat-khau-thu", display_name=username)
        if role is not None:
            whole = role in {
                Role.PROVINCIAL_ANALYST, Role.COMMITTEE_OFFICE, Role.STANDING_COMMITTEE
            }  # fmt: skip
            grant_role(
                user=user,
                role=role,
                unit_id=self[unit],
                reach=Reach.UNIT_AND_BELOW if whole else Reach.UNIT,
                valid_from=dt.date(2014, 1, 1),
                by=None,
                at=AT,
            )
        return user


def make_cast(
    *, first: dt.date = dt.date(2016, 1, 1), last: dt.date = dt.date(2019, 12, 1)
) -> Cast:
    """The province with secretaries in post, nine official members and an admission a year.

    Nothing is reported yet: every month from `first` to `last` is due and has no report.
    """
    cast = Cast()
    versions, parents = [], []

    def unit(
        name: str, kind: UnitKind, sector: Sector, above: str | None, organisation: bool
    ) -> None:
        cast.units[name] = uuid7()
        versions.append(
            (cast[name], first, None, name, kind, sector, "Mẫu Thượng", "", organisation)
        )
        if above:
            parents.append((cast[name], cast[above], first, None))

    unit(PROVINCE, UnitKind.DANG_BO_TINH, Sector.COMMITTEE, None, False)
    for commune, cells in CELLS.items():
        unit(commune, UnitKind.DANG_BO_XA, Sector.COMMUNE, PROVINCE, True)
        for cell in cells:
            unit(cell, UnitKind.CHI_BO, Sector.VILLAGE, commune, False)
    unit(SCHOOL, UnitKind.CHI_BO_CO_SO, Sector.SCHOOL, PROVINCE, True)
    ids = list(cast.units.values())
    years = range(first.year, last.year + 1)
    load_register(
        tables={
            "units": {"unit": ids, "is_simulated": [True] * len(ids)},
            "unit_versions": _columns(
                versions, "unit", "valid_from", "valid_to", "name", "kind", "sector", "area",
                "official_code", "is_organisation",
            ),
            "unit_parents": _columns(parents, "unit", "parent", "valid_from", "valid_to"),
            "membership_counts": _columns(
                [(id_, MembershipStatus.OFFICIAL, first, None, 9) for id_ in ids],
                "unit", "status", "valid_from", "valid_to", "count",
            ),
            "admissions": _columns(
                [(cast[cell], dt.date(year, 5, 1), 1) for cell in cast.cells for year in years],
                "unit", "month", "count",
            ),
            "appointments": _columns(
                [(id_, Post.SECRETARY, "Bí thư Thử Một", first, None) for id_ in ids],
                "unit", "post", "holder_name", "valid_from", "valid_to",
            ),
        },
        by=None,
        at=AT,
    )  # fmt: skip
    generate_obligations(first=first, last=last, by=None, at=AT)
    return cast


def listed(unit: UUID, name: str, status: str = "official", since: dt.date = FIRST) -> Membership:
    """Somebody in a unit by name, with a standing from a day on."""
    person = Person.objects.create(name=name, name_fold=fold(name))
    valid = DateRange(since, None)
    return Membership.objects.create(person=person, unit_id=unit, status=status, valid=valid)


def _columns(rows: list[tuple], *names: str) -> dict[str, list]:
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def year_end(year: int) -> dt.date:
    return last_day(dt.date(year, 12, 1))


def december(year: int) -> dt.date:
    return add_months(dt.date(year, 1, 1), 11)
