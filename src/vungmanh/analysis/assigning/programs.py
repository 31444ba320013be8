"""Linear programmes over pairs of cell and overseer, for scipy's HiGHS.

A seat nobody takes is a column of its own (a *gap*), so no programme is infeasible for want of
people. Only counts limit the work, never the clock: a busy machine answers later, not otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.assigning.board import Board, Bools, Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Nearest overseers of each cell to begin with; others come in where they pay.
_FIRST = 10
#: A reduced cost below this is no cost: HiGHS's own tolerance, with room.
TOLERANCE = 1e-6
#: Longer than any chain of ways; what stands on it is checked again without it.
GAP_COST = 1e8


class Relaxed(NamedTuple):
    """A programme with halves of people allowed: no whole plan is cheaper than `value`.

    `reduced` (n, m) is what each pair costs beyond its price; `spare` (m,) what a unit of load left
    free costs. A plan costs `value` and the sum of both, so a small sum is nearly the best.
    """

    value: float
    gaps: float  #: seats nobody takes
    reduced: Floats
    spare: Floats
    rows: Ints
    columns: Ints
    share: Floats  #: of each pair (row, column)
    active: Bools  #: (n, m) pairs that came in
    seat: Floats  #: (n,) price of a seat
    hard_price: Floats  #: (m,) price of one hard cell more


def relaxed(
    board: Board,
    cost: Floats,
    usable: Bools,
    ceiling: Ints,
    *,
    gap_cost: float,
    gaps: int | None = None,
    uncovered: int | None = None,
    active: Bools | None = None,
) -> Relaxed | None:
    """The cheapest plan with halves allowed, over all usable pairs (columns come in as they pay).

    `gaps` and `uncovered` are the most there may be (None: no such limit).
    """
    active = _first(board, usable) if active is None else active & usable
    while True:
        found = _halves(
            board, cost, active, ceiling, gap_cost=gap_cost, gaps=gaps, uncovered=uncovered
        )
        if found is None:  # `gaps` or `uncovered` allow too few for the pairs that came in
            if active.sum() == usable.sum():
                return None
            active = usable
            continue
        paying = usable & ~active & (found.reduced < -TOLERANCE)
        if not paying.any():
            return found
        active = active | paying


def _halves(
    board: Board,
    cost: Floats,
    active: Bools,
    ceiling: Ints,
    *,
    gap_cost: float,
    gaps: int | None,
    uncovered: int | None,
) -> Relaxed | None:
    """The cheapest plan of halves over the active pairs; None where there is none."""
    from scipy.optimize import linprog

    n, m = active.shape
    beyond = board.uncovered if uncovered is not None else np.zeros((n, m), dtype=bool)
    rows, columns = np.nonzero(active)
    pairs, opens = np.arange(len(rows)), len(rows) + np.arange(n)
    upper = _matrix(
        [
            (columns, pairs, board.weight[rows]),
            (m + columns, pairs, board.hard[rows].astype(np.int64)),
            (np.full(len(rows), 2 * m), pairs, beyond[rows, columns].astype(np.int64)),
            (np.full(n, 2 * m + 1), opens, np.ones(n)),
        ],
        2 * m + 2,
        len(rows) + n,
    )
    seats = _matrix(
        [(rows, pairs, np.ones(len(rows))), (np.arange(n), opens, np.ones(n))], n, len(rows) + n
    )
    most_away = n * m if uncovered is None else uncovered
    most_open = board.wants.sum() if gaps is None else gaps
    limits = np.concatenate([ceiling, np.full(m, board.max_hard), [most_away, most_open]])
    most = np.where(board.wants[rows] > 1, 1.0, np.inf)  # of one seat the row says so
    most = np.concatenate([most, np.full(n, np.inf)])
    found = linprog(
        np.concatenate([cost[rows, columns], np.full(n, gap_cost)]),
        A_ub=upper,
        b_ub=limits.astype(np.float64),
        A_eq=seats,
        b_eq=board.wants,
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs-ds",
    )
    if found.x is None:
        return None
    seat, over = found.eqlin.marginals, found.ineqlin.marginals
    reduced = cost - seat[:, None] - np.outer(board.weight, over[:m])
    reduced -= np.outer(board.hard, over[m : 2 * m]) + beyond * over[2 * m]
    return Relaxed(
        value=float(found.fun),
        gaps=float(found.x[len(rows) :].sum()),
        reduced=reduced,
        spare=-over[:m],
        rows=rows,
        columns=columns,
        share=found.x[: len(rows)],
        active=active,
        seat=seat,
        hard_price=-over[m : 2 * m],
    )


def _first(board: Board, usable: Bools) -> Bools:
    """The few cheapest usable pairs of each cell."""
    price = np.where(usable, board.cost, np.inf)
    few = min(_FIRST, price.shape[1])
    if few == 0:
        return usable
    nearest = np.argsort(price, axis=1, kind="stable")[:, :few]
    chosen = np.zeros_like(usable)
    chosen[np.arange(len(usable))[:, None], nearest] = True
    return chosen & usable


def _matrix(parts: list[tuple[Ints, Ints, NDArray[Any]]], height: int, width: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    row, column, value = (np.concatenate([part[axis] for part in parts]) for axis in range(3))
    return csr_matrix((value.astype(np.float64), (row, column)), shape=(height, width))


class Found(NamedTuple):
    """A whole plan of a block, or None. `is_sure`: there is none better, or none at all."""

    chosen: Bools | None  #: (cells, overseers) of the block
    is_sure: bool


class Block(NamedTuple):
    """Some cells and some overseers, and what is free for them."""

    cells: Ints
    overseers: Ints
    usable: Bools  #: (cells, overseers)
    seats: Ints  #: (cells,) to be filled here
    room: Ints  #: (overseers,) load


def best_block(
    board: Board, block: Block, *, nodes: int, known: tuple[int, int] | None = None
) -> Found:
    """The best plan of a block: fewest gaps, then fewest hard seats uncovered, then the ways.

    `known` is how many gaps and uncovered seats there may be; without it the fewest are found.
    """
    price = board.cost[np.ix_(block.cells, block.overseers)]
    if known is not None:
        return _whole(board, block, price, gaps=known[0], uncovered=known[1], nodes=nodes)
    away = board.uncovered[np.ix_(block.cells, block.overseers)]
    most_away = int(block.seats[board.hard[block.cells]].sum())
    first = _whole(
        board,
        block,
        away.astype(np.float64),
        gaps=None,
        uncovered=None,
        nodes=nodes,
        gap_price=most_away + 1.0,
    )
    if first.chosen is None:
        return Found(None, False)
    gaps = int(block.seats.sum() - first.chosen.sum())
    bare = int(first.chosen[away].sum())
    found = _whole(board, block, price, gaps=gaps, uncovered=bare, nodes=nodes)
    return Found(found.chosen, found.is_sure and first.is_sure)


def _whole(
    board: Board,
    block: Block,
    price: Floats,
    *,
    gaps: int | None,
    uncovered: int | None,
    nodes: int,
    gap_price: float = 0.0,
) -> Found:
    """The cheapest whole plan with at most so many gaps and uncovered seats."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, m = block.usable.shape
    rows, columns = np.nonzero(block.usable)
    pairs, open_seats = np.arange(len(rows)), np.arange(n)
    if gaps == 0:
        open_seats = open_seats[:0]
    weight, hard = board.weight[block.cells], board.hard[block.cells].astype(np.int64)
    away = board.uncovered[np.ix_(block.cells, block.overseers)].astype(np.int64)
    parts = [
        (rows, pairs, np.ones(len(rows))),
        (open_seats, len(rows) + np.arange(len(open_seats)), np.ones(len(open_seats))),
        (n + columns, pairs, weight[rows]),
        (n + m + columns, pairs, hard[rows]),
        (np.full(len(rows), n + 2 * m), pairs, away[rows, columns]),
        (
            np.full(len(open_seats), n + 2 * m + 1),
            len(rows) + np.arange(len(open_seats)),
            np.ones(len(open_seats)),
        ),
    ]
    width = len(rows) + len(open_seats)
    if width == 0:
        return Found(None if block.seats.sum() else np.zeros((n, m), dtype=bool), True)
    matrix = _matrix(parts, n + 2 * m + 2, width)
    lower = np.full(n + 2 * m + 2, -np.inf)
    lower[:n] = block.seats
    upper = np.concatenate(
        [
            block.seats,
            block.room,
            np.full(m, board.max_hard),
            [np.inf if uncovered is None else uncovered, np.inf if gaps is None else gaps],
        ]
    )
    most = np.concatenate([np.ones(len(rows)), block.seats[open_seats].astype(np.float64)])
    found = milp(
        np.concatenate([price[rows, columns], np.full(len(open_seats), gap_price)]),
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.ones(width),
        bounds=Bounds(0, most),
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return Found(None, found.status == 2)
    chosen = np.zeros((n, m), dtype=bool)
    kept = found.x[: len(rows)] > 0.5
    chosen[rows[kept], columns[kept]] = True
    return Found(chosen, found.status == 0)
