"""A small province drawn by chance, with a reform in the middle, and a naive judge of sight.

Province > districts > communes > cells. In the middle the districts end, communes merge into new
ones or move to the province, cells move along, some cells merge. The judge walks up the parents of
one day; it shares neither the closure nor the ancestry table with the program.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from vungmanh.access.models import RoleGrant, User
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import (
    LineageKind,
    MembershipStatus,
    Reach,
    Role,
    Sector,
    UnitKind,
)
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import Lineage, UnitParent

AT = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
FIRST, REFORM, TODAY = dt.date(2020, 1, 1), dt.date(2023, 7, 1), dt.date(2026, 3, 15)
SIGHT = [Role.PROVINCIAL_ANALYST, Role.COMMITTEE_OFFICE, Role.OVERSEER, Role.CELL_SECRETARY]


@dataclass
class Province:
    """What the judge knows: lives, parents and successors, each as drawn."""

    lives: dict[UUID, tuple[dt.date, dt.date | None]] = field(default_factory=dict)
    parents: dict[UUID, list[tuple[UUID, dt.date, dt.date | None]]] = field(default_factory=dict)
    became: dict[UUID, list[UUID]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    kinds: dict[UUID, UnitKind] = field(default_factory=dict)

    def lives_on(self, unit: UUID, day: dt.date) -> bool:
        first, end = self.lives[unit]
        return first <= day and (end is None or day < end)

    def above(self, unit: UUID, day: dt.date) -> Iterator[UUID]:
        """The unit and what stands above it that day; nothing when it does not live."""
        here: UUID | None = unit if self.lives_on(unit, day) else None
        while here is not None:
            yield here
            links = self.parents.get(here, [])
            here = next(
                (up for up, since, end in links if since <= day and (end is None or day < end)),
                None,
            )

    def heirs(self, unit: UUID) -> set[UUID]:
        direct = self.became.get(unit, [])
        return set(direct).union(*[self.heirs(one) for one in direct])

    def sees(self, grants: list[RoleGrant], unit: UUID, day: dt.date, today: dt.date) -> bool:
        """The rule of decision 0010, word for word. `grants` are those in force today."""

        def below(one: UUID, on: dt.date) -> bool:
            chain = list(self.above(one, on))
            return any(
                grant.unit_id in chain
                if grant.reach == Reach.UNIT_AND_BELOW
                else chain[:1] == [grant.unit_id]
                for grant in grants
            )

        if not self.lives_on(unit, day):
            return False
        if below(unit, day):
            return True
        return day < today and any(below(one, today) for one in {unit, *self.heirs(unit)})


def draw(seed: int) -> tuple[Province, random.Random]:
    """The province in the database, and the chance it was drawn with."""
    chance = random.Random(seed)
    province = Province()

    def unit(kind: UnitKind, above: UUID | None, since: dt.date = FIRST) -> UUID:
        one = uuid7()
        province.lives[one] = (since, None)
        province.kinds[one] = kind
        province.names[one] = f"Tổ chức Mẫu {len(province.names)}"
        if above:
            province.parents[one] = [(above, since, None)]
        return one

    def end(one: UUID, into: list[UUID]) -> None:
        province.lives[one] = (province.lives[one][0], REFORM)
        links = province.parents[one]
        province.parents[one] = [(up, since, stop or REFORM) for up, since, stop in links]
        province.became[one] = into

    def move(one: UUID, to: UUID) -> None:
        [(up, since, _)] = province.parents[one]
        province.parents[one] = [(up, since, REFORM), (to, REFORM, None)]

    top = unit(UnitKind.DANG_BO_TINH, None)
    districts = [unit(UnitKind.DANG_BO_HUYEN, top) for _ in range(3)]
    communes = {one: [unit(UnitKind.DANG_BO_XA, one) for _ in range(4)] for one in districts}
    cells = {
        commune: [unit(UnitKind.CHI_BO, commune) for _ in range(chance.randint(2, 4))]
        for some in communes.values()
        for commune in some
    }
    for district, some in communes.items():
        chance.shuffle(some)
        heir = unit(UnitKind.DANG_BO_XA, top, REFORM)
        for commune in some[:2]:  # two communes become a new one
            end(commune, [heir])
            for cell in cells[commune]:
                move(cell, heir)
        first, second = cells[some[0]][0], cells[some[1]][0]
        province.parents[first] = province.parents[first][:1]
        province.parents[second] = province.parents[second][:1]
        merged = unit(UnitKind.CHI_BO, heir, REFORM)  # a cell of each merges into a new one
        end(first, [merged])
        end(second, [merged])
        for commune in some[2:]:  # the others go on, directly under the province
            move(commune, top)
        stray = cells[some[2]][0]  # and one cell goes over to the neighbour
        move(stray, some[3])
        end(district, [])
    _write(province)
    return province, chance


def _write(province: Province) -> None:
    units = list(province.lives)
    load_register(
        tables={
            "units": {"unit": units, "is_simulated": [True] * len(units)},
            "unit_versions": {
                "unit": units,
                "valid_from": [province.lives[one][0] for one in units],
                "valid_to": [province.lives[one][1] for one in units],
                "name": [province.names[one] for one in units],
                "kind": [province.kinds[one] for one in units],
                "sector": [Sector.VILLAGE] * len(units),
                "area": [""] * len(units),
                "official_code": [""] * len(units),
                "is_organisation": [
                    province.kinds[one] is UnitKind.DANG_BO_XA for one in units
                ],
            },
            "unit_parents": {
                "unit": [one for one, links in province.parents.items() for _ in links],
                "parent": [up for links in province.parents.values() for up, _, _ in links],
                "valid_from": [link[1] for links in province.parents.values() for link in links],
                "valid_to": [link[2] for links in province.parents.values() for link in links],
            },
            "membership_counts": {
                "unit": units,
                "status": [MembershipStatus.OFFICIAL] * len(units),
                "valid_from": [province.lives[one][0] for one in units],
                "valid_to": [province.lives[one][1] for one in units],
                "count": [9] * len(units),
            },
            "admissions": {"unit": [], "month": [], "count": []},
            "appointments": {
                "unit": [], "post": [], "holder_name": [], "valid_from": [], "valid_to": [],
            },
        },
        by=None,
        at=AT,
    )  # fmt: skip
    for one, into in province.became.items():
        for heir in into:
            Lineage.objects.create(
                predecessor_id=one, successor_id=heir, on=REFORM, kind=LineageKind.MERGE,
                share=1 / len(into), document="QĐ thử",
            )  # fmt: skip
    assert UnitParent.objects.count() == sum(map(len, province.parents.values()))


def draw_user(province: Province, chance: random.Random, number: int) -> User:
    """Somebody with none to three roles, some of them ended or to come."""
    user = User.objects.create_user(f"nguoi-{number}", password="mat-khau-thu")
    held = set()
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        role = chance.choice([*SIGHT, *SIGHT, Role.ADMINISTRATOR])
        unit = chance.choice(list(province.lives))
        if (role, unit) in held:
            continue
        held.add((role, unit))
        RoleGrant.objects.create(
            user=user,
            role=role,
            unit_id=unit,
            reach=chance.choice(list(Reach)),
            valid=chance.choice(
                [(FIRST, None), (FIRST, None), (FIRST, dt.date(2025, 1, 1)),
                 (dt.date(2025, 6, 1), None), (dt.date(2027, 1, 1), None)]
            ),
        )  # fmt: skip
    return user
