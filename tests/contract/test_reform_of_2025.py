"""The reform of the demonstration, carried out by the register itself on the eve's province."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import Sum

from vungmanh.access.actions.grants import grant_role
from vungmanh.access.models import User
from vungmanh.access.viewer import Viewer, viewer_for
from vungmanh.analysis.simulate import SMALL, Province, simulate_province
from vungmanh.analysis.simulate.reform import BEFORE_REFORM, reform_steps
from vungmanh.config.reform_of_2025 import steps_of
from vungmanh.core.vocabulary import CELL_KINDS, MembershipStatus, Reach, Role
from vungmanh.org.actions.reforms import commit_reform, draft_reform
from vungmanh.org.actions.register import load_register
from vungmanh.org.models import Lineage, MembershipCount, Unit, UnitClosure, UnitVersion
from vungmanh.org.queries import closure_differences
from vungmanh.org.reform.preview import preview_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SEED = 7
AT = dt.datetime(2025, 6, 28, 8, tzinfo=dt.UTC)
EVE, DAY = dt.date(2025, 6, 30), dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def before() -> Province:
    return simulate_province(SEED, size=SMALL, last_month=BEFORE_REFORM)


@pytest.fixture(scope="module")
def whole() -> Province:
    return simulate_province(SEED, size=SMALL)


@pytest.fixture
def analyst(before: Province) -> Viewer:
    load_register(tables=before.tables, by=None, at=AT)
    user = User.objects.create_user("chuyenvien", password="mat-khau-thu")
    root = UnitVersion.objects.get(kind="dang_bo_tinh")
    grant_role(
        user=user, role=Role.PROVINCIAL_ANALYST, unit_id=root.unit_id,
        reach=Reach.UNIT_AND_BELOW, valid_from=dt.date(2014, 1, 1), by=None, at=AT,
    )  # fmt: skip
    return viewer_for(user, on=EVE)


def carry_out(analyst: Viewer) -> None:
    plain = reform_steps(SEED, SMALL)
    reform = draft_reform(
        title=plain.title, document=plain.document, signed_on=plain.signed_on,
        effective_on=plain.effective_on, steps=steps_of(plain), by=analyst, at=AT,
    )  # fmt: skip
    preview = preview_of(analyst, reform)
    assert [problem.message for problem in preview.problems] == []
    commit_reform(reform_id=reform.pk, basis=preview.basis, by=analyst, at=AT)


Facts = tuple[Any, ...]


def structure_of(province: Province, day: dt.date) -> set[Facts]:
    """Every unit of the simulation on a day, in the words of its version, with the unit above."""

    def holding(name: str) -> list[dict[str, Any]]:
        table = province.tables[name]
        rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
        return [
            row for row in rows
            if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
        ]  # fmt: skip

    versions = {row["unit"]: row for row in holding("unit_versions")}
    above = {row["unit"]: versions[row["parent"]]["name"] for row in holding("unit_parents")}
    return {
        (row["name"], row["kind"], row["sector"], row["area"], row["official_code"],
         row["is_organisation"], above.get(unit))
        for unit, row in versions.items()
    }  # fmt: skip


def structure_kept(day: dt.date) -> set[Facts]:
    versions = {row.unit_id: row for row in UnitVersion.objects.filter(valid__contains=day)}
    links = UnitClosure.objects.filter(depth=1, valid__contains=day)
    above = {
        link.descendant_id: versions[link.ancestor_id].name
        for link in links
    }  # fmt: skip
    return {
        (row.name, row.kind, row.sector, row.area, row.official_code, row.is_organisation,
         above.get(unit))
        for unit, row in versions.items()
    }  # fmt: skip


def members_on(day: dt.date) -> dict[str, int]:
    counts = MembershipCount.objects.filter(valid__contains=day).values_list("status")
    return dict(counts.annotate(n=Sum("count")).order_by("status"))


def test_carried_out_it_gives_the_structure_of_the_whole_simulation(
    analyst: Viewer, before: Province, whole: Province
) -> None:
    assert structure_kept(EVE) == structure_of(before, EVE)
    carry_out(analyst)
    assert structure_kept(DAY) == structure_of(whole, DAY)
    assert structure_kept(EVE) == structure_of(whole, EVE)
    assert closure_differences() == []
    assert Unit.objects.count() == len(whole.tables["units"]["unit"])


def test_no_member_is_lost_and_every_ended_unit_finds_its_successor(analyst: Viewer) -> None:
    counted = members_on(EVE)
    assert counted[MembershipStatus.OFFICIAL] > 0
    carry_out(analyst)
    assert members_on(DAY) == counted
    ended = UnitVersion.objects.filter(valid__endswith=DAY).exclude(
        unit_id__in=UnitVersion.objects.filter(valid__contains=DAY).values("unit_id")
    )
    merged = Lineage.objects.filter(on=DAY).values_list("predecessor_id", flat=True)
    districts = ended.filter(kind="dang_bo_huyen").values_list("unit_id", flat=True)
    assert set(ended.values_list("unit_id", flat=True)) == {*merged, *districts}
    cells = UnitVersion.objects.filter(kind__in=[kind.value for kind in CELL_KINDS])
    assert cells.filter(valid__contains=DAY).count() == SMALL.cells
