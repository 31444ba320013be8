"""Where not every seat can be filled: the smallest set of rules that, relaxed, would fill them.

Rules about conflict of interest are named only for a cell that everybody else is kept from. Among
the rest the fewest rules count, then the least by how much. A small question is answered over all
plans; a large one for the seats left open, the others staying as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vungmanh.analysis.assigning.board import Board, Bools, Floats, Ints
from vungmanh.analysis.assigning.model import (
    WALLS,
    AssigningRule,
    AssigningRules,
    Relaxation,
    Relaxing,
)
from vungmanh.analysis.assigning.searching import Effort

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Pairs of the seats left open up to which they are placed by an integer programme.
_PLACED_AT_ONCE = 3000


def least_relaxing(board: Board, chosen: Bools, rules: AssigningRules, effort: Effort) -> Relaxing:
    """The rules to relax beyond the plan `chosen`, which leaves seats open."""
    if not board.overseers:
        return Relaxing((), 0, int(board.wants.sum()))
    walled = np.logical_or.reduce([board.kept_away[rule] for rule in WALLS])
    open_rows = np.flatnonzero(board.missing(chosen))
    if (~walled).sum() <= effort.whole:
        rows, kept = np.arange(len(board.cells)), np.zeros_like(chosen)
    else:
        few = max(1, _PLACED_AT_ONCE // len(board.overseers))
        rows, kept = open_rows[:few], chosen
    question = _Question(board, rows, kept, walled, rules)
    relaxations, is_least, left = question.answer(effort.nodes)
    beyond = int(board.missing(chosen)[open_rows[len(rows) :]].sum()) if kept is chosen else 0
    proven = is_least and kept is not chosen
    return Relaxing(
        relaxations, len(relaxations) if proven else min(1, len(relaxations)), left + beyond
    )


class _Question:
    """Columns: pairs, seats left open, then for each rule whether it is relaxed and by how much."""

    def __init__(
        self, board: Board, rows: Ints, kept: Bools, walled: Bools, rules: AssigningRules
    ) -> None:
        self.board, self.rows = board, rows
        m = len(board.overseers)
        self.seats = np.maximum(board.wants[rows] - kept[rows].sum(axis=1), 0)
        self.walled = walled[rows]
        possible = ~self.walled & ~kept[rows]
        needy = possible.sum(axis=1) < self.seats
        self.pair_row, self.pair_column = np.nonzero((possible | needy[:, None]) & ~kept[rows])
        self.room = board.most - board.loads(kept)
        self.room_hard = board.max_hard - board.hard_cells(kept)
        total = int(board.weight[rows] @ self.seats)
        self.extra = total if rules.most_extra is None else min(total, rules.most_extra)
        pairs, cells = len(self.pair_row), len(rows)
        starts = np.cumsum([0, pairs, cells, cells, m, m, m, m])
        (self.open_at, self.speech_at, self.load_at, self.more_at, self.hard_at, self.harder_at) = (
            starts[1:7].tolist()
        )
        self.width = int(starts[-1])

    def answer(self, nodes: int) -> tuple[tuple[Relaxation, ...], bool, int]:
        """(relaxations, whether surely the fewest, seats still open)."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix, vstack

        wall = self.walled[self.pair_row, self.pair_column]
        gaps, count, amount = (np.zeros(self.width) for _ in range(3))
        gaps[self.open_at : self.speech_at] = 1
        count[: self.open_at] = wall
        count[: self.open_at] *= 1 + 2 * len(self.board.overseers) + len(self.rows)
        for at, size in ((self.speech_at, len(self.rows)), (self.load_at, len(self.room)),
                         (self.hard_at, len(self.room))):  # fmt: skip
            count[at : at + size] = 1
        amount[self.more_at : self.more_at + len(self.room)] = 1
        amount[self.harder_at :] = 1
        matrix, lower, upper = self._rules()
        sure, solution = True, None
        for goal in (gaps, count, amount):
            found = milp(
                goal,
                constraints=LinearConstraint(matrix, lower, upper),
                integrality=np.ones(self.width),
                bounds=Bounds(0, self._most()),
                options={"node_limit": nodes, "mip_rel_gap": 0.0},
            )
            if found.x is None:
                sure = False
                break
            solution, sure = np.round(found.x), sure and found.status == 0
            matrix = vstack([matrix, csr_matrix(goal)]).tocsr()
            lower = np.append(lower, -np.inf)
            upper = np.append(upper, float(goal @ solution))
        if solution is None:
            return (), False, int(self.seats.sum())
        return self._named(solution), sure, int(gaps @ solution)

    def _most(self) -> Floats:
        most = np.ones(self.width)
        most[self.open_at : self.speech_at] = self.seats
        most[self.more_at : self.hard_at] = self.extra
        most[self.harder_at :] = len(self.rows)
        return most

    def _rules(self) -> tuple[csr_matrix, Floats, Floats]:
        """Seats filled or open; loads and hard cells within room and what is relaxed."""
        from scipy.sparse import csr_matrix

        board, n, m = self.board, len(self.rows), len(self.room)
        row, column, pairs = self.pair_row, self.pair_column, np.arange(len(self.pair_row))
        deaf = board.kept_away[AssigningRule.LANGUAGE][self.rows][row, column]
        hard = board.hard[self.rows][row]
        entries = [
            (row, pairs, np.ones(len(pairs))),
            (np.arange(n), self.open_at + np.arange(n), np.ones(n)),
            (n + column, pairs, board.weight[self.rows][row]),
            (n + np.arange(m), self.more_at + np.arange(m), -np.ones(m)),
            (n + m + column, pairs, hard),
            (n + m + np.arange(m), self.harder_at + np.arange(m), -np.ones(m)),
            (n + 2 * m + row[deaf], pairs[deaf], np.ones(deaf.sum())),
            (n + 2 * m + np.arange(n), self.speech_at + np.arange(n), -np.full(n, float(m))),
            (2 * n + 2 * m + np.arange(m), self.more_at + np.arange(m), np.ones(m)),
            (2 * n + 2 * m + np.arange(m), self.load_at + np.arange(m), -np.full(m, self.extra)),
            (2 * n + 3 * m + np.arange(m), self.harder_at + np.arange(m), np.ones(m)),
            (2 * n + 3 * m + np.arange(m), self.hard_at + np.arange(m), -np.full(m, float(n))),
        ]
        down, across, value = (np.concatenate([one[axis] for one in entries]) for axis in range(3))
        height = 2 * n + 4 * m
        matrix = csr_matrix((value.astype(np.float64), (down, across)), shape=(height, self.width))
        upper = np.concatenate([self.seats, self.room, self.room_hard, np.zeros(n + 2 * m)])
        lower = np.full(height, -np.inf)
        lower[:n] = self.seats
        return matrix, lower, upper.astype(np.float64)

    def _named(self, solution: Floats) -> tuple[Relaxation, ...]:
        board, found = self.board, []
        for place in np.flatnonzero(solution[: self.open_at]).tolist():
            row, column = int(self.rows[self.pair_row[place]]), int(self.pair_column[place])
            for rule in WALLS:
                if board.kept_away[rule][row, column]:
                    who = board.overseers[column].id
                    found.append(Relaxation(rule, who, board.cells[row].id, 1))
        for place in np.flatnonzero(solution[self.speech_at : self.load_at]).tolist():
            cell = board.cells[int(self.rows[place])].id
            found.append(Relaxation(AssigningRule.LANGUAGE, "", cell, 1))
        for rule, at in (
            (AssigningRule.LOAD, self.more_at),
            (AssigningRule.HARD_CASES, self.harder_at),
        ):
            amounts = solution[at : at + len(self.room)]
            for place in np.flatnonzero(amounts).tolist():
                found.append(Relaxation(rule, board.overseers[place].id, "", int(amounts[place])))
        return tuple(found)
