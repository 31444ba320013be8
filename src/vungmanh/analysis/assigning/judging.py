"""What a plan is worth, whoever made it: its goals, its reasons, the rules it breaks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vungmanh.analysis.assigning.board import Board, Bools, set_up
from vungmanh.analysis.assigning.model import (
    AssigningRule,
    Breach,
    Charge,
    ChargeReason,
    GoalReached,
    OverseerPlan,
    Pairs,
    PlanGoal,
    Planning,
    Unassigned,
)
from vungmanh.core.errors import InputError


def judge_plan(
    planning: Planning, pairs: Pairs, against: OverseerPlan | None = None
) -> OverseerPlan:
    """A plan of (cell, overseer) pairs, say one a person changed, by the same goals and rules.

    Bounds come from `against`, the computed plan. An overseer or a cell that is not in the question
    (who has left, which is dissolved) is an InputError.
    """
    board = set_up(planning)
    row = {cell.id: place for place, cell in enumerate(board.cells)}
    column = {one.id: place for place, one in enumerate(board.overseers)}
    chosen = np.zeros(board.allowed.shape, dtype=bool)
    for cell, overseer in pairs:
        if cell not in row:
            raise InputError(f"Chi bộ “{cell}” không có trong kỳ phân công này; hãy bỏ dòng ấy.")
        if overseer not in column:
            raise InputError(
                f"Người phụ trách “{overseer}” không có trong kỳ này; hãy chọn người khác."
            )
        if chosen[row[cell], column[overseer]]:
            raise InputError(f"Chi bộ “{cell}” ghi hai lần cùng một người; hãy bỏ bớt một dòng.")
        chosen[row[cell], column[overseer]] = True
    bounds = {reached.goal: reached.bound for reached in against.goals} if against else {}
    return told(board, chosen, bounds)


def told(board: Board, chosen: Bools, bounds: Mapping[PlanGoal, int]) -> OverseerPlan:
    """The plan in words. A goal without a bound has 0, below which nothing can be."""
    loads = board.loads(chosen)
    missing = board.missing(chosen)
    values = {
        PlanGoal.UNASSIGNED: int(missing.sum()),
        PlanGoal.UNCOVERED: int((chosen & board.uncovered).sum()),
        PlanGoal.HEAVIEST: int(loads.max(initial=0)),
        PlanGoal.DISTANCE: int(board.metres[chosen].sum()),
        PlanGoal.CHANGES: int((chosen & board.changed).sum()),
    }
    rows, columns = (axis.tolist() for axis in np.nonzero(chosen))
    return OverseerPlan(
        charges=tuple(
            _charge(board, row, column) for row, column in zip(rows, columns, strict=True)
        ),
        unassigned=tuple(
            _unassigned(board, row, int(missing[row])) for row in np.flatnonzero(missing).tolist()
        ),
        loads=tuple(
            (one.id, load) for one, load in zip(board.overseers, loads.tolist(), strict=True)
        ),
        goals=tuple(
            GoalReached(goal, values[goal], min(bounds.get(goal, 0), values[goal]))
            for goal in PlanGoal
        ),
        breaches=_breaches(board, chosen),
        unknown_ways=int((chosen & board.unknown).sum()),
    )


def _charge(board: Board, row: int, column: int) -> Charge:
    allowed, metres = board.allowed[row], board.metres[row]
    nearer = int((allowed & (metres < metres[column])).sum())
    cell = board.cells[row]
    kept = bool(cell.current) and not board.changed[row, column]
    reasons = []
    if allowed.sum() == 1 and allowed[column]:
        reasons.append(ChargeReason.ONLY_ONE)
    if kept:
        reasons.append(ChargeReason.KEPT)
    if board.unknown[row, column]:
        reasons.append(ChargeReason.FAR_UNKNOWN)
    else:
        reasons.append(ChargeReason.NEARER_TAKEN if nearer else ChargeReason.NEAREST)
    if board.hard[row]:
        bare = board.uncovered[row, column]
        reasons.append(ChargeReason.INEXPERIENCED if bare else ChargeReason.EXPERIENCED)
    if cell.languages & board.overseers[column].languages:
        reasons.append(ChargeReason.SPEAKS)
    return Charge(
        cell=cell.id,
        overseer=board.overseers[column].id,
        metres=None if board.unknown[row, column] else int(metres[column]),
        is_change=bool(board.changed[row, column]),
        nearer=nearer,
        reasons=tuple(reasons),
    )


def _unassigned(board: Board, row: int, seats: int) -> Unassigned:
    away = [(rule, int(mask[row].sum())) for rule, mask in board.kept_away.items()]
    return Unassigned(
        cell=board.cells[row].id,
        seats=seats,
        allowed=int(board.allowed[row].sum()),
        kept_away=tuple((rule, count) for rule, count in away if count),
    )


def _breaches(board: Board, chosen: Bools) -> tuple[Breach, ...]:
    found = []
    for rule, mask in board.kept_away.items():
        for row, column in zip(*np.nonzero(mask & chosen), strict=True):
            found.append(Breach(rule, board.overseers[column].id, board.cells[row].id, 1))
    for rule, amounts in (
        (AssigningRule.LOAD, board.loads(chosen) - board.most),
        (AssigningRule.HARD_CASES, board.hard_cells(chosen) - board.max_hard),
    ):
        for column in np.flatnonzero(amounts > 0).tolist():
            found.append(Breach(rule, board.overseers[column].id, "", int(amounts[column])))
    return tuple(found)
