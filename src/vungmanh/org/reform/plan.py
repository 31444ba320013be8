"""The planner: steps and the structure they meet, in; what will hold, and every problem, out.

Pure: no database, no clock. `load` makes the structure, `write` carries the outcome out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import LineageKind, MembershipStatus
from vungmanh.org.reform.checks import check_outcome
from vungmanh.org.reform.gather import Gathered, gather
from vungmanh.org.reform.members import added, split_members
from vungmanh.org.reform.outcome import Descent, Goes, Outcome
from vungmanh.org.reform.problems import Problem
from vungmanh.org.reform.steps import Change, Create, End, Merge, Split, Step
from vungmanh.org.reform.structure import Counts, Structure, UnitState, Version
from vungmanh.rulebook.book import Rule

_NOTHING = Outcome((), {}, {}, {}, {}, {}, (), {})


def plan(structure: Structure, steps: tuple[Step, ...], placement: Rule | None) -> Outcome:
    """What the steps come to on the structure's day.

    `placement` is the rule `structure.placement` of that day, None when there is none. All problems
    are found, not the first only; they stand in the order of the steps.
    """
    refusal = _nothing_to_plan(structure, steps)
    if refusal is not None:
        return replace(_NOTHING, problems=(refusal,))
    found = gather(structure, steps)
    outcome = _outcome(found)
    check_outcome(found, outcome, placement)
    return replace(outcome, problems=tuple(sorted(found.problems, key=lambda p: p.step_number)))


def _nothing_to_plan(structure: Structure, steps: tuple[Step, ...]) -> Problem | None:
    if not steps:
        return Problem(0, "empty", "", "Việc sắp xếp chưa có bước nào.", "Thêm ít nhất một bước.")
    if structure.first_day is not None and structure.on < structure.first_day:
        first = date_vi(structure.first_day)
        return Problem(
            0, "no-data", "", f"Ngày {date_vi(structure.on)} chưa có dữ liệu.",
            f"Sổ tổ chức bắt đầu từ {first}: chọn ngày hiệu lực từ ngày đó trở đi.",
        )  # fmt: skip
    return None


def _outcome(found: Gathered) -> Outcome:
    ended = {unit: number for unit, (number, _) in found.ended.items()}
    created = {unit: _founded(step) for unit, (_, step) in found.created.items()}
    counts, leaving = _members(found)
    return Outcome(
        problems=(),
        created=created,
        ended=ended,
        versions={**created, **_changed(found)},
        parents=_parents(found),
        counts=counts,
        lineage=_lineage(found),
        leaving=leaving,
        people=tuple(_people(found)),
    )


def _founded(step: Create) -> Version:
    return Version(
        step.name, step.kind, step.sector, step.area, step.official_code, step.is_organisation
    )


def _changed(found: Gathered) -> dict[str, Version]:
    """The versions that become different."""
    after: dict[str, Version] = {}
    for unit, (_, step) in found.changed.items():
        before = found.structure.version_of(unit)
        if before is not None and unit not in found.ended:
            now = replace(before, **_said(step))
            if now != before:
                after[unit] = now
    return after


def _said(step: Change) -> dict[str, Any]:
    names = ("name", "kind", "sector", "area", "official_code", "is_organisation")
    return {name: getattr(step, name) for name in names if getattr(step, name) is not None}


def _parents(found: Gathered) -> dict[str, str | None]:
    """The parents that become different: founded, moved, and those who follow a merged parent."""
    after: dict[str, str | None] = {unit: step.parent for unit, (_, step) in found.created.items()}
    for unit, (_, parent) in found.moved.items():
        state = found.structure.units.get(unit)
        if state is not None and state.parent != parent and unit not in found.ended:
            after[unit] = parent
    for source, (_, step) in found.ended.items():
        if not isinstance(step, Merge):
            continue
        for child in found.structure.children.get(source, ()):
            if child not in found.moved and child not in found.ended and child != step.target:
                after[child] = step.target
    return after


def _members(found: Gathered) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """The counts of whoever receives members, and the members that go nowhere."""
    received: dict[str, list[Counts]] = {}
    leaving: dict[str, Counts] = {}
    for unit, (_, step) in found.ended.items():
        state = found.structure.units.get(unit)
        if state is None or not state.counts:
            continue
        for target, counts in _given(unit, step, state):
            if target is None:
                leaving[unit] = counts
            elif any(counts.values()):
                received.setdefault(target, []).append(counts)
    after: dict[str, Counts] = {}
    for target, gifts in received.items():
        own = found.structure.units.get(target)
        after[target] = added(own.counts if own else {}, *gifts)
    return after, leaving


def _given(
    unit: str, step: Merge | Split | End, state: UnitState
) -> list[tuple[str | None, dict[MembershipStatus, int]]]:
    whole = dict(state.counts)
    match step:
        case Merge():
            return [(step.target, whole)]
        case End():
            return [(step.members_to, whole)]
        case Split():
            targets = [part.target for part in step.parts if part.target != unit]
            return list(zip(targets, split_members(step, state.counts, state.listed), strict=False))


def _people(found: Gathered) -> Iterator[Goes]:
    """Where everybody on the lists of units that end is listed next."""
    for unit, (_, step) in found.ended.items():
        state = found.structure.units.get(unit)
        for one in state.listed if state else ():
            match step:
                case Merge():
                    target: str | None = step.target
                case End():
                    target = step.members_to
                case Split():
                    parts = (part.target for part in step.parts if one.person in part.people)
                    target = next(parts, None)
            yield Goes(one.person, one.status, unit, target)


def _lineage(found: Gathered) -> tuple[Descent, ...]:
    rows = []
    for unit, (_, step) in found.ended.items():
        match step:
            case Merge():
                rows.append(Descent(unit, step.target, LineageKind.MERGE, 1.0))
            case Split():
                rows += [
                    Descent(unit, part.target, LineageKind.SPLIT, part.share) for part in step.parts
                ]
            case End() if step.members_to:
                rows.append(Descent(unit, step.members_to, LineageKind.DISSOLVE, 1.0))
    return tuple(rows)
