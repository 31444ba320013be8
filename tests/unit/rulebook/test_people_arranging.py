"""Organisations whose form no longer fits, found by dated rules, with what a draft would do."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vungmanh.core.vocabulary import Sector, UnitKind
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.people.arranging import (
    ArrangingStepKind,
    PlaceFacts,
    UnitFacts,
    find_arrangements,
)
from vungmanh.rulebook.people.findings import JudgedState

BOOK = shipped_rulebook()
VIEW = BOOK.on(dt.date(2025, 12, 1))
K, S, Do = UnitKind, JudgedState, ArrangingStepKind
XA = "xa"


def cell(id, official, members=None, sector=Sector.VILLAGE, **more):
    unit = UnitFacts(id, K.CHI_BO, sector, XA, K.DANG_BO_XA, official, members)
    return dataclasses.replace(unit, **more)


def place(id, official, sector=Sector.VILLAGE, **more):
    return PlaceFacts(id, sector, XA, K.DANG_BO_XA, official, **more)


def test_a_village_without_its_own_cell_is_found():
    village = place("thon-a", 4, scattered_in=("c1", "c2"))
    (found,) = find_arrangements(VIEW, [cell("c1", 9), cell("c2", 5)], [village])
    assert (found.code, found.finding.state) == ("village_without_cell", S.NOT_MET)
    (step,) = found.steps
    assert (step.kind, step.units, step.under) == (Do.FOUND, ("c1", "c2"), XA)
    assert step.new_kind is K.CHI_BO
    assert found.finding.citation.rule_id == "QD294-2025-quy-mo"
    (few,) = find_arrangements(VIEW, [], [place("thon-a", 2)])
    assert (few.code, few.steps) == ("village_without_cell", ())
    (dark,) = find_arrangements(VIEW, [], [place("thon-a", None)])
    assert (dark.finding.state, dark.steps) == (S.UNKNOWN, ())
    assert find_arrangements(VIEW, [], [place("thon-a", 4, own="c1")]) == ()


def test_an_enterprise_with_three_official_members_elsewhere_is_found():
    mill = place("dn-1", 3, Sector.ENTERPRISE, scattered_in=("c1", "c2", "c3"))
    (found,) = find_arrangements(VIEW, [], [mill])
    assert (found.code, found.places) == ("scattered_members", ("dn-1",))
    assert found.steps[0].kind is Do.FOUND
    two = dataclasses.replace(mill, official=2)
    assert find_arrangements(VIEW, [], [two]) == ()


def test_a_cell_below_three_is_attached_to_one_that_stands():
    units = [cell("a", 2, sector=Sector.SCHOOL), cell("b", 7), cell("c", 4, sector=Sector.SCHOOL)]
    (found,) = find_arrangements(VIEW, units)
    assert (found.code, found.units) == ("below_minimum", ("a",))
    assert found.steps[0].to == ("c", "b")  # its own sector first
    assert find_arrangements(VIEW, [cell("a", 3)]) == ()
    (dark,) = find_arrangements(VIEW, [cell("a", None)])
    assert (dark.code, dark.finding.state) == ("size_unknown", S.UNKNOWN)


def test_a_joint_cell_counts_nobody_twice():
    two = [cell("a", 2, sector=Sector.SCHOOL), cell("b", 1, sector=Sector.SCHOOL)]
    (joint,) = [one for one in find_arrangements(VIEW, two) if one.code == "joint_cell"]
    assert (joint.units, joint.steps[0].kind) == (("a", "b"), Do.FOUND)
    other = [two[0], cell("b", 1)]
    assert "joint_cell" not in {one.code for one in find_arrangements(VIEW, other)}
    # The two members of the mill are those that cell a counts.
    mill = place("dn", 2, Sector.SCHOOL, scattered_in=("a",))
    assert "joint_cell" not in {one.code for one in find_arrangements(VIEW, two[:1], [mill])}


@pytest.mark.parametrize(
    ("unit", "codes"),
    [
        (cell("a", 30, 30, Sector.AGENCY), ["outgrew_form"]),
        (cell("a", 29, 29, Sector.AGENCY), []),
        (cell("a", 30, 30), ["needs_groups"]),  # a village has only cells
        (cell("a", 30, 31, Sector.AGENCY, parent_kind=K.DANG_BO_CO_SO), ["needs_groups"]),
        (cell("a", 20, 29, Sector.AGENCY, kind=K.DANG_BO_CO_SO), ["base_below_minimum"]),
        (cell("a", 30, 30, Sector.AGENCY, kind=K.DANG_BO_CO_SO), []),
    ],
)
def test_what_outgrew_its_form_or_is_too_small_for_it(unit, codes):
    assert [one.code for one in find_arrangements(VIEW, [unit])] == codes


def test_a_base_below_thirty_may_stay_with_approval():
    small = cell("a", 20, 29, Sector.AGENCY, kind=K.DANG_BO_CO_SO)
    (found,) = find_arrangements(VIEW, [small])
    assert found.finding.state is S.EXCEPTION_POSSIBLE
    # Under a commune the pilot still knew base cells; the first kind that may stand is offered.
    assert (found.steps[0].kind, found.steps[0].new_kind) == (Do.CHANGE_KIND, K.CHI_BO)


def test_before_the_regulation_no_minimum_is_known():
    (found,) = find_arrangements(BOOK.on(dt.date(2019, 1, 1)), [cell("a", 1)])
    assert (found.finding.state, found.finding.citation) == (S.UNKNOWN, None)


UNITS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([Sector.VILLAGE, Sector.SCHOOL])), max_size=8
)


@given(UNITS, st.randoms(use_true_random=False))
def test_the_order_of_the_input_says_nothing_and_small_cells_are_exactly_those_found(
    sizes: list[tuple[int, Sector]], shuffler: random.Random
):
    units = [cell(f"c{n}", size, size, sector) for n, (size, sector) in enumerate(sizes)]
    found = find_arrangements(VIEW, units)
    shuffled = list(units)
    shuffler.shuffle(shuffled)
    assert find_arrangements(VIEW, shuffled) == found
    below = {one.units[0] for one in found if one.code == "below_minimum"}
    assert below == {one.id for one in units if one.official < 3}


def test_a_base_committee_as_large_as_the_rule_says_may_be_given_powers():
    base = UnitFacts("b", K.DANG_BO_CO_SO, Sector.AGENCY, XA, K.DANG_BO_CAP_TREN, None, 400)
    (found,) = find_arrangements(VIEW, [base])
    assert (found.code, found.finding.state, found.steps) == ("may_be_delegated", S.OK, ())
    assert "từ 400" in found.finding.text
    assert find_arrangements(VIEW, [dataclasses.replace(base, members=399)]) == ()
    assert find_arrangements(BOOK.on(dt.date(2025, 6, 30)), [base])[0].code == "sizes"
