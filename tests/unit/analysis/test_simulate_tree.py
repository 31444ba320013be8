"""Who exists when, under whom, under which code; what the reform of 1/7/2025 does."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from vungmanh.analysis.simulate import PROVINCE, SMALL, simulate_province
from vungmanh.analysis.simulate.building import build_tree
from vungmanh.analysis.simulate.codes import give_codes
from vungmanh.analysis.simulate.sharing import share_out, split
from vungmanh.analysis.simulate.tree import REFORM, Tree, committee_of, organisation_of
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import Sector, UnitKind

BEFORE = REFORM - timedelta(days=1)
NOW = date(2026, 10, 31)


@pytest.fixture(scope="module")
def tree() -> Tree:
    tree = build_tree(2026, PROVINCE)
    give_codes(tree)
    return tree


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, list[Any]]]:
    return simulate_province(5, size=SMALL, first_month=date(2019, 1, 1)).tables


def kinds_on(tree: Tree, day: date) -> Counter[UnitKind]:
    return Counter(unit.kind for unit in tree.units if unit.exists_on(day))


def test_the_province_before_the_reform_has_districts_and_194_communes(tree: Tree) -> None:
    kinds = kinds_on(tree, BEFORE)
    assert kinds[UnitKind.DANG_BO_HUYEN] == 11
    assert kinds[UnitKind.DANG_BO_XA] == 194
    assert sum(u.is_organisation and u.exists_on(BEFORE) for u in tree.units) == 700


def test_the_province_since_the_reform_has_no_district_and_65_communes(tree: Tree) -> None:
    kinds = kinds_on(tree, NOW)
    assert kinds[UnitKind.DANG_BO_HUYEN] == 0
    assert kinds[UnitKind.DANG_BO_XA] == 65
    assert kinds[UnitKind.DANG_BO_CAP_TREN] == 2
    assert sum(unit.is_cell and unit.exists_on(NOW) for unit in tree.units) == 3000


def test_67_committees_collect_since_the_reform(tree: Tree) -> None:
    living = [unit for unit in tree.cells() if unit.exists_on(NOW)]
    committees = Counter(committee_of(cell, NOW) for cell in living)
    assert len(committees) == 67
    assert None not in committees
    assert min(committees.values()) > 1


def test_an_organisation_outlives_its_district_and_stays_one(tree: Tree) -> None:
    institutions = [u for u in tree.organisations() if u.founded is None and u.ended is None]
    moved = [u for u in institutions if u.parent_on(BEFORE).kind is UnitKind.DANG_BO_HUYEN]
    assert len(moved) == 416
    for unit in moved:
        after = unit.parent_on(NOW)
        assert after is not None
        assert after.kind is UnitKind.DANG_BO_XA
        assert after.area == unit.area


def test_every_old_commune_goes_into_one_new_commune_of_its_area(tree: Tree) -> None:
    steps = [step for step in tree.lineage if step.kind == "reform"]
    assert len({step.old for step in steps}) == len(steps) == 194
    assert len({step.new for step in steps}) == 65
    for step in steps:
        assert step.old.area == step.new.area
        assert step.old.ended == step.new.founded == step.on == REFORM


def test_village_cells_follow_their_commune_through_the_reform(tree: Tree) -> None:
    into = {step.old: step.new for step in tree.lineage if step.kind == "reform"}
    villages = [
        cell
        for cell in tree.cells()
        if cell.sector is Sector.VILLAGE and cell.exists_on(BEFORE) and cell.exists_on(NOW)
    ]
    assert len(villages) > 1500
    for cell in villages:
        assert organisation_of(cell, NOW) is into[organisation_of(cell, BEFORE)]


def test_a_commune_has_six_to_fourteen_villages(tree: Tree) -> None:
    day = date(2018, 1, 1)
    villages = Counter(
        organisation_of(cell, day)
        for cell in tree.cells()
        if cell.sector is Sector.VILLAGE and cell.exists_on(day)
    )
    assert len(villages) == 194
    assert set(villages.values()) == set(range(6, 15))


def test_merged_cells_hand_over_on_one_day(tree: Tree) -> None:
    merged = [step for step in tree.lineage if step.kind == "merge"]
    assert {step.on for step in merged} == {date(2020, 1, 1), date(2024, 12, 1), REFORM}
    for step in merged:
        assert step.old.ended == step.new.founded == step.on


@pytest.mark.parametrize("day", [date(2016, 1, 1), BEFORE, REFORM])
def test_codes_are_fourteen_digits_and_unique_on_any_day(tree: Tree, day: date) -> None:
    codes = []
    for unit in tree.units:
        if unit.exists_on(day):
            own = [
                link.target
                for link in unit.codes
                if (link.start is None or link.start <= day)
                and (link.end is None or day < link.end)
            ]
            assert len(own) == 1
            codes += own
    assert len(set(codes)) == len(codes)
    assert all(len(str(code)) == 14 and str(code).isdigit() for code in codes)


def test_the_code_of_a_village_changes_with_the_reform_and_that_of_a_bloc_does_not(
    tree: Tree,
) -> None:
    bloc = tree.of_kind(UnitKind.DANG_BO_CAP_TREN)[0]
    assert [(link.start, link.end) for link in bloc.codes] == [(None, None)]
    village = next(
        cell for cell in tree.cells() if cell.sector is Sector.VILLAGE and cell.ended is None
    )
    assert len({link.target for link in village.codes}) == len(village.codes) == 2


def test_every_name_is_visibly_invented_and_composed(tree: Tree) -> None:
    for unit in tree.units:
        assert "mau" in fold(unit.name).split() or "thu" in fold(unit.name).split()
        assert unicodedata.is_normalized("NFC", unit.name)


@pytest.mark.parametrize("day", [BEFORE, NOW])
def test_no_committee_collects_two_cells_of_one_name(tree: Tree, day: date) -> None:
    names = Counter(
        (committee_of(cell, day), organisation_of(cell, day), fold(cell.name))
        for cell in tree.cells()
        if cell.exists_on(day)
    )
    assert max(names.values()) == 1


def test_ids_sort_in_the_order_of_making_and_are_valid(tree: Tree) -> None:
    ids = [unit.id for unit in tree.units]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {unit_id[14] for unit_id in ids} == {"7"}
    assert {unit_id[19] for unit_id in ids} <= set("89ab")


def test_rows_of_one_unit_never_overlap(tables: dict[str, dict[str, list[Any]]]) -> None:
    for name, key in (
        ("unit_versions", ()),
        ("unit_parents", ()),
        ("membership_counts", ("status",)),
        ("appointments", ("post",)),
    ):
        table = tables[name]
        spans = defaultdict(list)
        columns = ("unit", *key)
        for row in range(len(table["unit"])):
            end = table["valid_to"][row] or date.max
            spans[tuple(table[c][row] for c in columns)].append((table["valid_from"][row], end))
        for own in spans.values():
            own.sort()
            for (start, end), (following, _) in pairwise(own):
                assert start < end <= following


def test_everything_said_of_a_unit_lies_within_its_life(
    tables: dict[str, dict[str, list[Any]]],
) -> None:
    life: dict[str, tuple[date, date]] = {}
    versions = tables["unit_versions"]
    for unit, start, end in zip(
        versions["unit"], versions["valid_from"], versions["valid_to"], strict=True
    ):
        known = life.get(unit, (start, start))
        life[unit] = (min(known[0], start), max(known[1], end or date.max))
    for name in ("unit_parents", "membership_counts", "appointments"):
        table = tables[name]
        for role in ("unit", "parent") if name == "unit_parents" else ("unit",):
            for unit, start, end in zip(
                table[role], table["valid_from"], table["valid_to"], strict=True
            ):
                assert life[unit][0] <= start
                assert (end or date.max) <= life[unit][1]


def test_only_the_province_stands_under_nobody(tables: dict[str, dict[str, list[Any]]]) -> None:
    below = set(tables["unit_parents"]["unit"])
    versions = tables["unit_versions"]
    alone = {
        name
        for unit, name in zip(versions["unit"], versions["name"], strict=True)
        if unit not in below
    }
    assert alone == {"Đảng bộ tỉnh Mẫu"}


def test_the_register_begins_with_the_first_month(
    tables: dict[str, dict[str, list[Any]]],
) -> None:
    assert min(tables["unit_versions"]["valid_from"]) == date(2019, 1, 1)
    assert set(tables["units"]["unit"]) == set(tables["unit_versions"]["unit"])
    assert set(tables["units"]["is_simulated"]) == {True}


def test_a_plan_that_cannot_be_met_is_refused() -> None:
    with pytest.raises(ValueError, match="village cells do not fit"):
        build_tree(1, replace(SMALL, cells=500))
    with pytest.raises(ValueError, match="more pairs to merge"):
        build_tree(1, replace(SMALL, merged_pairs=13))


@pytest.mark.parametrize("seed", range(20))
def test_splitting_keeps_every_item_in_order_and_leaves_no_piece_empty(seed: int) -> None:
    items = list(range(14))
    pieces = split(items, 5, np.random.default_rng(seed))
    assert [item for piece in pieces for item in piece] == items
    assert len(pieces) == 5
    assert min(map(len, pieces)) > 0


@pytest.mark.parametrize("seed", range(20))
def test_sharing_out_meets_the_total_the_limits_and_what_is_fixed(seed: int) -> None:
    counts = share_out(100, 12, (6, 14), {3: 9}, np.random.default_rng(seed))
    assert counts.sum() == 100
    assert counts.min() >= 6
    assert counts.max() <= 14
    assert counts[3] == 9
