"""The planner finds every problem of a reform, and says step, rule, place and remedy of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from vungmanh.core.vocabulary import MembershipStatus, Sector, UnitKind
from vungmanh.org.reform.members import allotted
from vungmanh.org.reform.outcome import Outcome
from vungmanh.org.reform.plan import plan
from vungmanh.org.reform.steps import (
    Change,
    Create,
    End,
    Merge,
    Move,
    Part,
    Split,
    Step,
    steps_from_json,
    steps_to_json,
)
from vungmanh.org.reform.structure import Later, Structure, UnitState, Version
from vungmanh.rulebook.loader import shipped_rulebook
from vungmanh.rulebook.values import StructurePlacement

DAY = dt.date(2025, 7, 1)
BORN = dt.date(2014, 1, 1)
OFFICIAL, PROBATIONARY = MembershipStatus.OFFICIAL, MembershipStatus.PROBATIONARY
KINDS = {
    "tinh": (UnitKind.DANG_BO_TINH, None),
    "huyen": (UnitKind.DANG_BO_HUYEN, "tinh"),
    "xa": (UnitKind.DANG_BO_XA, "huyen"),
    "xb": (UnitKind.DANG_BO_XA, "huyen"),
    "a1": (UnitKind.CHI_BO, "xa"),
    "a2": (UnitKind.CHI_BO, "xa"),
    "b1": (UnitKind.CHI_BO, "xb"),
}


def structure(on: dt.date = DAY, **changes: Any) -> Structure:
    """A district with two communes and three cells; `changes` replace fields of units by name."""
    units = {}
    for name, (kind, parent) in KINDS.items():
        version = Version(name.upper(), kind, Sector.COMMITTEE, "", f"code-{name}", False)
        counts = {OFFICIAL: 7, PROBATIONARY: 1} if kind is UnitKind.CHI_BO else {}
        unit = UnitState(name, version, version.name, BORN, None, parent, counts)
        units[name] = replace(unit, **changes.get(name, {}))
    children = {
        name: tuple(one for one, (_, parent) in KINDS.items() if parent == name) for name in KINDS
    }
    codes = {f"code-{name}": (name,) for name in KINDS}
    return Structure(on, BORN, units, children, codes)


def outcome_of(*steps: Step, **changes: Any) -> Outcome:
    around = structure(**changes)
    view = shipped_rulebook().on(around.on)
    return plan(around, steps, view.rule(StructurePlacement.key))


def rules_of(*steps: Step, **changes: Any) -> list[tuple[int, str]]:
    return [(one.step_number, one.rule) for one in outcome_of(*steps, **changes).problems]


def cell(ref: str = "m", parent: str = "xa", **said: Any) -> Create:
    return replace(
        Create(ref, "Chi bộ mới", UnitKind.CHI_BO, Sector.VILLAGE, parent=parent), **said
    )


LATER = {"later": (Later("count", dt.date(2025, 9, 1), "số đảng viên"),)}
REFUSED: dict[str, tuple[tuple[Step, ...], dict[str, Any], list[tuple[int, str]]]] = {
    "nothing said": ((), {}, [(0, "empty")]),
    "before the register": ((Move("a1", "xb"),), {"on": dt.date(2013, 1, 1)}, [(0, "no-data")]),
    "placed twice": ((Move("a1", "xb"), Move("a1", "xb")), {}, [(2, "placed-twice")]),
    "changed twice": (
        (Change("a1", name="X"), Change("a1", name="Y")), {}, [(2, "changed-twice")],
    ),
    "ended twice": ((Merge(("a1",), "a2"), End("a1", "b1")), {}, [(2, "ended-twice")]),
    "merged and split": (
        (
            Merge(("a1",), "a2"), cell("n"),
            Split("a1", (Part("#n", 0.5), Part("b1", 0.5))),
        ),
        {}, [(3, "ended-twice")],
    ),
    "moved though it ends": (
        (Merge(("a1",), "a2"), Move("a1", "xb")), {}, [(2, "overlap")],
    ),
    "target ends": ((Merge(("a1",), "a2"), End("a2", "b1")), {}, [(1, "target-ends")]),
    "into itself": ((Merge(("a1", "a2"), "a2"),), {}, [(1, "merge-into-itself")]),
    "nobody merged": ((Merge((), "a2"),), {}, [(1, "merge-empty")]),
    "members to itself": ((End("a1", "a1"),), {}, [(1, "members-to-itself")]),
    "split into itself": (
        (Split("a1", (Part("a1", 0.5), Part("a2", 0.5))),), {}, [(1, "split-into-itself")],
    ),
    "split in one": ((Split("a1", (Part("a2", 1.0),)),), {}, [(1, "split-parts")]),
    "shares of 0.99": (
        (Split("a1", (Part("a2", 0.5), Part("b1", 0.49))),), {}, [(1, "shares")],
    ),
    "members that do not add up": (
        (Split("a1", (Part("a2", 0.5, {OFFICIAL: 7}), Part("b1", 0.5, {OFFICIAL: 1}))),),
        {}, [(1, "split-members")],
    ),
    "unknown mark": ((Move("a1", "#x"),), {}, [(1, "ref-unknown")]),
    "mark used twice": ((cell(), cell()), {}, [(2, "ref-twice")]),
    "no mark": ((cell(""),), {}, [(1, "ref-empty")]),
    "no such unit": ((Move("a1", "khong-co"),), {}, [(1, "not-living")]),
    "parent not living": (
        (Move("a1", "xb"),), {"xb": {"version": None, "died": dt.date(2020, 1, 1)}},
        [(1, "not-living")],
    ),
    "parent ends": (
        (Move("a1", "xb"), Merge(("xb",), "xa")), {}, [(1, "parent-ends")],
    ),
    "parent ends before its child": (
        (Move("a1", "xb"),), {"xb": {"died": dt.date(2026, 1, 1)}},
        [(1, "parent-ends-before-child")],
    ),
    "children left behind": ((End("xa"),), {}, [(1, "child-stays")]),
    "children moved to where they were": (
        (End("xa"), Move("a1", "xa"), Move("a2", "xb")), {}, [(1, "child-stays")],
    ),
    "no name": ((Change("a1", name=""),), {}, [(1, "name-empty")]),
    "code of another": ((Change("a1", official_code="code-b1"),), {}, [(1, "code-used")]),
    "one code for two": (
        (cell("m", official_code="7"), cell("n", official_code="7")), {}, [(2, "code-used")],
    ),
    "counted since": ((Merge(("a1",), "a2"),), {"a2": LATER}, [(1, "changed-later")]),
    "ended on its first day": (
        (Merge(("a1",), "a2"),), {"a1": {"born": DAY}}, [(1, "born-that-day")],
    ),
    "district after its end": (
        (Create("h", "Huyện", UnitKind.DANG_BO_HUYEN, Sector.COMMITTEE, parent="tinh"),),
        {}, [(1, "QD294-2025-loai-to-chuc")],
    ),
    "cell under the province": ((Move("a1", "tinh"),), {}, [(1, "QD294-2025-loai-to-chuc")]),
    "cell under the province, earlier": (
        (Move("a1", "tinh"),), {"on": dt.date(2020, 1, 1)}, [(1, "DL2011-loai-to-chuc")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_stand_is_refused_by_its_rule(case: str) -> None:
    steps, changes, rules = REFUSED[case]
    assert rules_of(*steps, **changes) == rules
    for problem in outcome_of(*steps, **changes).problems:
        assert problem.message.endswith(".")
        assert problem.remedy.endswith(".")


def test_a_circle_is_told_once_with_its_way() -> None:
    problems = outcome_of(Move("xa", "xb"), Move("xb", "xa")).problems
    circle = [one for one in problems if one.rule == "circle"]
    assert [one.message for one in circle] == [
        "Đơn vị thành cấp dưới của chính mình: XA → XB → XA."
    ]


def test_all_problems_are_found_not_only_the_first() -> None:
    assert rules_of(Change("a1", name=""), Merge(("b1",), "b1"), Move("a2", "#x")) == [
        (1, "name-empty"), (2, "merge-into-itself"), (3, "ref-unknown"),
    ]  # fmt: skip


def test_a_place_that_stood_before_the_rule_is_not_this_reforms_doing() -> None:
    """A commune under a district in 2025 may still get a new name."""
    assert rules_of(Change("xa", name="Xã mới")) == []


def test_a_later_change_of_members_does_not_hinder_a_move() -> None:
    assert rules_of(Move("a1", "xb"), a1=LATER) == []


def test_a_whole_level_ends_in_one_reform() -> None:
    outcome = outcome_of(Move("xa", "tinh"), Merge(("xb",), "xa"), End("huyen"))
    assert outcome.problems == ()
    assert outcome.parents == {"xa": "tinh", "b1": "xa"}
    assert set(outcome.ended) == {"xb", "huyen"}


def test_a_code_may_go_on_to_a_successor() -> None:
    given = cell("m", official_code="code-a1")
    assert rules_of(given, Merge(("a1", "a2"), "#m")) == []


def test_members_given_to_the_parts_of_a_split_are_kept_to_the_letter() -> None:
    parts = (
        Part("a2", 0.3, {OFFICIAL: 1}),
        Part("b1", 0.7, {OFFICIAL: 6, PROBATIONARY: 1}),
    )
    outcome = outcome_of(Split("a1", parts))
    assert outcome.problems == ()
    assert outcome.counts == {
        "a2": {OFFICIAL: 8, PROBATIONARY: 1},
        "b1": {OFFICIAL: 13, PROBATIONARY: 2},
    }


def test_members_without_a_home_are_said_to_leave() -> None:
    assert outcome_of(End("a1")).leaving == {"a1": {OFFICIAL: 7, PROBATIONARY: 1}}


@pytest.mark.parametrize(
    ("count", "shares", "parts"),
    [
        (9, [0.5, 0.5], [5, 4]),
        (10, [0.333, 0.333, 0.334], [3, 3, 4]),
        (1, [0.1, 0.9], [0, 1]),
        (0, [0.4, 0.6], [0, 0]),
    ],
)
def test_nobody_is_lost_by_rounding(count: int, shares: list[float], parts: list[int]) -> None:
    assert allotted(count, shares) == parts


def test_steps_survive_being_stored() -> None:
    one, two = "0191e4c0-0000-7000-8000-000000000001", "0191e4c0-0000-7000-8000-000000000002"
    steps = (
        cell("m", one),
        Change(one, name="Tên", kind=UnitKind.CHI_BO, is_organisation=True),
        Move(one, two),
        Merge((one, two), "#m"),
        Split(one, (Part("#m", 0.4, {OFFICIAL: 3}), Part(two, 0.6))),
        End(one, two),
        End(two),
    )
    assert steps_from_json(steps_to_json(steps)) == steps
