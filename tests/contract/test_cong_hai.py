"""A commune of 2026: thirteen village cells become eight, two intermediate committees end.

The counts are those of the commune's own list of documents, 2025 to 2026: 168 members in the
village cells, ten agency cells founded, six school cells to three, the military and police cells
handed over, 23 cells in the end. Which cell joined which is not told: the pairs, the names and all
other members here are synthetic.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db.models import Sum

from tests.contract.test_lang_son import hold_deferred, members_on, register, tree_on
from tests.fixtures.lang_son.register import COLUMNS
from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import MembershipStatus, Reach, Role, Sector, UnitKind
from vungmanh.org.actions.reforms import commit_reform, draft_reform, undo_reform
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import Ancestry, MembershipCount, Reform, UnitClosure, UnitVersion
from vungmanh.org.reform.preview import preview_of
from vungmanh.org.reform.steps import Create, End, Merge, Move, Step

pytestmark = pytest.mark.django_db
FIRST = dt.date(2025, 7, 1)
VILLAGES_ON, COMMITTEES_ON = dt.date(2026, 6, 26), dt.date(2026, 9, 30)
AT = dt.datetime(2026, 6, 20, 8, tzinfo=dt.UTC)
PROVINCE, COMMUNE = "Đảng bộ tỉnh Thử", "Đảng bộ xã Công Hải"
PARTY, STATE = "Đảng bộ các cơ quan đảng xã", "Đảng bộ UBND xã"
VILLAGES = [f"Chi bộ thôn {number} (mô phỏng)" for number in range(1, 14)]
SCHOOLS = [f"Chi bộ trường {number} (mô phỏng)" for number in range(1, 7)]
AGENCIES = {
    PARTY: [f"Chi bộ cơ quan đảng {number} (mô phỏng)" for number in range(1, 5)],
    STATE: [f"Chi bộ phòng, ban {number} (mô phỏng)" for number in range(1, 7)],
}
FORCES = ["Chi bộ Quân sự (mô phỏng)", "Chi bộ Công an (mô phỏng)"]
VILLAGE_MEMBERS = [13] * 12 + [12]  # 168


class Commune:
    """The commune before it all, and an analyst of its province."""

    def __init__(self) -> None:
        self.units: dict[str, UUID] = {}
        self.rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
        self._add(PROVINCE, UnitKind.DANG_BO_TINH, Sector.COMMITTEE, None, None)
        self._add(COMMUNE, UnitKind.DANG_BO_XA, Sector.COMMUNE, PROVINCE, None)
        for committee, cells in AGENCIES.items():
            self._add(committee, UnitKind.DANG_BO_CO_SO, Sector.AGENCY, COMMUNE, None)
            for cell in cells:
                self._add(cell, UnitKind.CHI_BO, Sector.AGENCY, committee, 6)
        for cell in FORCES:
            self._add(cell, UnitKind.CHI_BO, Sector.AGENCY, STATE, 7)
        for cell, members in zip(VILLAGES, VILLAGE_MEMBERS, strict=True):
            self._add(cell, UnitKind.CHI_BO, Sector.VILLAGE, COMMUNE, members)
        for cell in SCHOOLS:
            self._add(cell, UnitKind.CHI_BO, Sector.SCHOOL, COMMUNE, 8)
        tables = {
            name: {column: [row[at] for row in self.rows[name]] for at, column in enumerate(names)}
            for name, names in ((name, text.split()) for name, text in COLUMNS.items())
        }
        load_register(tables=tables, by=None, at=AT)
        self.analyst = self._analyst()

    def _add(
        self, name: str, kind: UnitKind, sector: Sector, above: str | None, members: int | None
    ) -> None:
        unit = self.units[name] = uuid7()
        is_organisation = kind in {UnitKind.DANG_BO_XA, UnitKind.DANG_BO_CO_SO}
        self.rows["units"].append((unit, True))
        self.rows["unit_versions"].append(
            (unit, FIRST, None, name, kind, sector, "", "", is_organisation)
        )
        if above:
            self.rows["unit_parents"].append((unit, self.units[above], FIRST, None))
        if members:
            self.rows["membership_counts"].append(
                (unit, MembershipStatus.OFFICIAL, FIRST, None, members)
            )

    def _analyst(self) -> Viewer:
        user = User.objects.create_user("chuyenvien", password="mat-khau-thu")
        grant_role(
            user=user, role=Role.PROVINCIAL_ANALYST, unit_id=self.units[PROVINCE],
            reach=Reach.UNIT_AND_BELOW, valid_from=FIRST, by=None, at=AT,
        )  # fmt: skip
        return viewer_for(user, on=AT.date())

    def id(self, name: str) -> str:
        return str(self.units[name])

    def found(self, ref: str, name: str, sector: Sector) -> Create:
        return Create(
            ref=ref, name=name, kind=UnitKind.CHI_BO, sector=sector, parent=self.id(COMMUNE)
        )

    def pairs(self, cells: list[str], word: str, sector: Sector) -> list[Step]:
        """Each two cells become a new one."""
        steps: list[Step] = []
        for number in range(0, len(cells), 2):
            ref = f"{word}-{number}"
            sources = tuple(self.id(name) for name in cells[number : number + 2])
            steps += [self.found(ref, f"Chi bộ {ref} mới (mô phỏng)", sector)]
            steps += [Merge(sources=sources, target=f"#{ref}")]
        return steps

    def villages(self) -> Reform:
        """Thirteen to eight: five pairs, three that stay."""
        steps = self.pairs(VILLAGES[:10], "thon", Sector.VILLAGE)
        return self.carry_out("Đề án số 04-ĐA/ĐU", VILLAGES_ON, steps)

    def committees(self) -> Reform:
        """The two committees end; their cells become ten agency cells; the forces are handed over;
        the schools join in pairs."""
        steps = self.pairs(SCHOOLS, "truong", Sector.SCHOOL)
        for number, cell in enumerate(cell for cells in AGENCIES.values() for cell in cells):
            ref = f"co-quan-{number}"
            steps += [self.found(ref, f"Chi bộ {ref} (mô phỏng)", Sector.AGENCY)]
            steps += [Merge(sources=(self.id(cell),), target=f"#{ref}")]
        steps += [Move(unit=self.id(cell), parent=self.id(COMMUNE)) for cell in FORCES]
        steps += [End(unit=self.id(committee)) for committee in AGENCIES]
        return self.carry_out("Quyết định kết thúc hai đảng bộ", COMMITTEES_ON, steps)

    def carry_out(self, document: str, on: dt.date, steps: list[Step]) -> Reform:
        reform = draft_reform(
            title=document, document=document, signed_on=on, effective_on=on, steps=steps,
            by=self.analyst, at=AT,
        )  # fmt: skip
        preview = preview_of(self.analyst, reform)
        assert [problem.message for problem in preview.problems] == []
        done = commit_reform(reform_id=reform.pk, basis=preview.basis, by=self.analyst, at=AT)
        hold_deferred()
        return done

    def cells(self, day: dt.date) -> list[UnitVersion]:
        """The cells directly under the commune."""
        below = UnitClosure.objects.filter(
            ancestor_id=self.units[COMMUNE], depth=1, valid__contains=day
        ).values("descendant_id")
        cells = UnitVersion.objects.filter(valid__contains=day, kind=UnitKind.CHI_BO)
        return list(cells.filter(unit_id__in=below))


@pytest.fixture
def commune() -> Commune:
    return Commune()


def of_sector(cells: list[UnitVersion], sector: Sector) -> list[UnitVersion]:
    return [cell for cell in cells if cell.sector == sector]


def members_of(cells: list[UnitVersion], day: dt.date) -> int:
    counts = MembershipCount.objects.filter(
        unit_id__in=[cell.unit_id for cell in cells], valid__contains=day
    )
    return counts.aggregate(all=Sum("count"))["all"]


def test_thirteen_village_cells_become_eight_with_their_168_members(commune: Commune) -> None:
    commune.villages()
    villages = of_sector(commune.cells(VILLAGES_ON), Sector.VILLAGE)
    assert len(villages) == 8
    assert members_of(villages, VILLAGES_ON) == 168
    assert len(of_sector(commune.cells(VILLAGES_ON - dt.timedelta(days=1)), Sector.VILLAGE)) == 13


def test_23_cells_stand_under_one_committee_in_the_end(commune: Commune) -> None:
    before = members_on(FIRST)
    commune.villages()
    commune.committees()
    cells = commune.cells(COMMITTEES_ON)
    assert len(cells) == 23
    assert len(of_sector(cells, Sector.VILLAGE)) == 8
    assert len(of_sector(cells, Sector.SCHOOL)) == 3
    assert len(of_sector(cells, Sector.AGENCY)) == 10 + len(FORCES)
    kinds = [kind for _, _, kind, _ in tree_on(COMMITTEES_ON)]
    assert kinds.count(UnitKind.DANG_BO_CO_SO) == 0
    assert members_on(COMMITTEES_ON) == before


def test_cells_that_joined_are_found_from_the_new_one_and_the_handed_over_stay(
    commune: Commune,
) -> None:
    commune.villages()
    commune.committees()
    ended = {*VILLAGES[:10], *SCHOOLS, *(cell for cells in AGENCIES.values() for cell in cells)}
    lines = Ancestry.objects.values_list("predecessor_id", "successor_id", "share")
    assert {old for old, _, _ in lines} == {commune.units[name] for name in ended}
    assert {share for _, _, share in lines} == {1.0}
    now = {cell.unit_id for cell in commune.cells(COMMITTEES_ON)}
    assert {new for _, new, _ in lines} <= now
    assert {commune.units[name] for name in FORCES} <= now


def test_the_day_before_each_step_is_as_it_was(commune: Commune) -> None:
    start = tree_on(FIRST)
    commune.villages()
    between = tree_on(VILLAGES_ON)
    commune.committees()
    assert tree_on(VILLAGES_ON - dt.timedelta(days=1)) == start
    assert tree_on(COMMITTEES_ON - dt.timedelta(days=1)) == between


def test_both_are_undone_last_first(commune: Commune) -> None:
    start = register()
    reforms = [commune.villages(), commune.committees()]
    for reform in reversed(reforms):
        undo_reform(reform_id=reform.pk, reason="Thử lại", by=commune.analyst, at=AT)
        hold_deferred()
    assert register() == start
