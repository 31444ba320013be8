"""The register of the eve of the reform, and the steps that lead from it to the day after."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from vungmanh.analysis.simulate import SMALL, Province, simulate_province
from vungmanh.analysis.simulate.reform import BEFORE_REFORM, PlainReform, reform_steps
from vungmanh.core.vocabulary import LineageKind, UnitKind

REFORM = date(2025, 7, 1)


@pytest.fixture(scope="module")
def whole() -> Province:
    return simulate_province(7, size=SMALL)


@pytest.fixture(scope="module")
def before() -> Province:
    return simulate_province(7, size=SMALL, last_month=BEFORE_REFORM)


@pytest.fixture(scope="module")
def reform() -> PlainReform:
    return reform_steps(7, SMALL)


def rows(table: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]


def living(province: Province, day: date) -> dict[str, dict[str, Any]]:
    """The version of every unit that exists on a day, with the unit above."""
    found = {
        row["unit"]: row
        for row in rows(province.tables["unit_versions"])
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    }
    for row in rows(province.tables["unit_parents"]):
        if row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]):
            found[row["unit"]]["parent"] = row["parent"]
    return found


def test_on_the_eve_nothing_of_the_reform_is_known(before: Province, whole: Province) -> None:
    eve = date(2025, 6, 30)
    assert living(before, eve).keys() == living(whole, eve).keys()
    assert living(before, date(2026, 1, 1)).keys() == living(before, eve).keys()
    assert not [row for row in rows(before.tables["lineage"]) if row["on"] >= REFORM]


def test_every_unit_that_ended_in_a_merge_names_its_successor(whole: Province) -> None:
    lineage = rows(whole.tables["lineage"])
    ended = {row["unit"] for row in rows(whole.tables["unit_versions"])} - set(
        living(whole, date(2026, 10, 31))
    )
    districts = {
        row["unit"]
        for row in rows(whole.tables["unit_versions"])
        if row["kind"] == UnitKind.DANG_BO_HUYEN
    }
    assert {row["predecessor"] for row in lineage} == ended - districts
    assert {(row["kind"], row["share"]) for row in lineage} == {(LineageKind.MERGE.value, 1.0)}
    assert max(Counter(row["predecessor"] for row in lineage).values()) == 1


def test_the_steps_lead_from_the_eve_to_the_structure_of_the_day(
    before: Province, whole: Province, reform: PlainReform
) -> None:
    """Carried out by hand, in the plainest way, on the register of the eve."""
    units = living(before, date(2025, 6, 30))
    follows: dict[str, str] = {}
    made: dict[str, dict[str, Any]] = {}
    for step in reform.steps:
        values = dict(step.values)
        match step.kind:
            case "create":
                made["#" + values.pop("ref")] = values
            case "move":
                units[values["unit"]]["parent"] = values["parent"]
            case "merge":
                for old in values["sources"]:
                    follows[old] = values["target"]
                    del units[old]
            case "end":
                del units[values["unit"]]
            case "change":
                units[values["unit"]]["official_code"] = values["official_code"]
    names = {mark: values["name"] for mark, values in made.items()}
    everyone = {**units, **made}
    got = {
        (row["name"], row["kind"], row["sector"], row["area"], row["official_code"],
         row["is_organisation"],
         names.get(parent := follows.get(row.get("parent"), row.get("parent")))
         or (units[parent]["name"] if parent else None))
        for row in everyone.values()
    }  # fmt: skip
    day = living(whole, REFORM)
    wanted = {
        (row["name"], row["kind"], row["sector"], row["area"], row["official_code"],
         row["is_organisation"], day[row["parent"]]["name"] if "parent" in row else None)
        for row in day.values()
    }  # fmt: skip
    assert got == wanted
    assert len(everyone) == len(day)


def test_every_kind_of_step_occurs_and_no_unit_is_named_that_does_not_exist(
    before: Province, reform: PlainReform
) -> None:
    assert {step.kind for step in reform.steps} == {"create", "move", "merge", "end", "change"}
    known = set(living(before, date(2025, 6, 30)))
    for step in reform.steps:
        for name in {"unit", "parent", "target"} & step.values.keys():
            value = step.values[name]
            assert value is None or value.startswith("#") or value in known
