"""Cells that somebody oversees already stay theirs where a plan is short of people.

A cell for which a plan finds nobody keeps whom it has. So a person whose cell is left open would
have it beside those of the plan, above what one person may have, while the planner, which counts
open cells alike, saw no difference. Such a person keeps the cell and gives back another one.
"""

from __future__ import annotations

from collections import defaultdict

from vungmanh.analysis.assigning.judging import judge_plan
from vungmanh.analysis.assigning.model import Cell, Overseer, OverseerPlan, Planning


def keep_held(planning: Planning, plan: OverseerPlan) -> OverseerPlan:
    """The plan where nobody gets a cell while one of theirs that they may keep stays open."""
    cells = {one.id: one for one in planning.cells}
    people = {one.id: one for one in planning.overseers}
    given: dict[str, str] = dict(plan.pairs)
    of: dict[str, set[str]] = defaultdict(set)
    for key, who in given.items():
        of[who].add(key)
    waiting = sorted({one.cell for one in plan.unassigned}, key=lambda one: cells[one].code)
    while waiting:
        cell = cells[waiting.pop(0)]
        for who in sorted(cell.current & people.keys()):
            if _bars(people[who], cell, planning):
                continue
            back = _gives_back(who, cell, [cells[one] for one in of[who]], planning)
            if back is not None:
                of[who] ^= {back.id, cell.id}
                del given[back.id]
                given[cell.id] = who
                waiting.append(back.id)  # whoever had that one may keep it in turn
                break
    if given == dict(plan.pairs):
        return plan
    kept = judge_plan(planning, sorted(given.items()), against=plan)
    return OverseerPlan(
        kept.charges, kept.unassigned, kept.loads, kept.goals, kept.breaches, plan.relaxing,
        kept.unknown_ways,
    )  # fmt: skip


def _bars(one: Overseer, cell: Cell, planning: Planning) -> bool:
    """Whether anything about this very cell speaks against it."""
    if cell.id in one.own_cells | one.grades | one.kin:
        return True
    asks = planning.rules.language and cell.languages
    return bool(asks) and not cell.languages & one.languages


def _gives_back(who: str, cell: Cell, held: list[Cell], planning: Planning) -> Cell | None:
    """Which cell of the plan somebody gives back for one they have: never one that they have too,
    an easy one before a hard one."""
    most, hard = planning.rules.max_hard, sum(one.is_hard for one in held)
    found = [
        one for one in held
        if who not in one.current
        and (most is None or hard - one.is_hard + cell.is_hard <= most)
    ]  # fmt: skip
    return min(found, key=lambda one: (one.is_hard, bool(one.current), one.code), default=None)
