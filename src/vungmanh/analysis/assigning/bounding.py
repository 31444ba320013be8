"""A sharper bound than halves allow: each overseer by itself may only take cells whole.

Lagrangean relaxation of "each cell has its seats" (Fisher 1981): a cell offers a price for being
taken, each overseer takes the set of whole cells that gains most within its load (a knapsack,
solved exactly), and prices move until as many take a cell as it has seats, as nearly as may be
(the volume algorithm of Barahona & Anbil 2000). Whatever the prices, no plan costs less than what
they say. How often a cell was taken by whom, averaged, is a far better guide than halves are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.assigning.board import Board, Bools, Floats, Ints

#: Loads up to which the knapsacks are worth their time; beyond it halves must do.
LOAD_LIMIT = 1000
_KEPT = 0.1  #: weight of the newest answer in the average


class Bound(NamedTuple):
    """No whole plan below the ceiling costs less than `value`."""

    value: float
    share: Floats  #: (n, m) how often each took each, 0 to 1
    seat: Floats  #: (n,) price of a cell
    reduced: Floats  #: (n, m) what a pair costs beyond its cell's price


def bound(
    board: Board,
    seat: Floats,
    hard_price: Floats,
    *,
    usable: Bools,
    ceiling: Ints,
    goal: float,
    rounds: int,
) -> Bound:
    """Raises the bound that these prices give for so many rounds. `goal`: about what the best plan
    costs; it only sets how far prices move."""
    cost = np.where(usable, board.cost + np.outer(board.hard, hard_price), np.inf)
    paid = float(board.max_hard * hard_price.sum())
    centre = seat.copy()
    best, share = -np.inf, np.zeros(usable.shape)
    step, still = 1.0, 0
    aim = goal
    seats = centre
    for round_ in range(rounds):
        value, taken = _knapsacks(board, cost, seats, ceiling)
        value += float(board.wants @ seats) - paid
        share = taken.astype(np.float64) if not round_ else share * (1 - _KEPT) + _KEPT * taken
        if value > best:
            best, centre, still = value, seats, 0
            step = min(step * 1.05, 2.0)
        else:
            still += 1
            if still >= 5:
                step, still = step * 0.7, 0
        if aim - best < 0.002 * abs(best):
            aim = best + 0.005 * abs(best)
        slope = board.wants - share.sum(axis=1)
        length = float(slope @ slope)
        if length < 1e-9:
            break
        seats = centre + step * max(aim - best, 1.0) / length * slope
    return Bound(best, share, centre, cost - centre[:, None])


def _knapsacks(board: Board, cost: Floats, seats: Floats, ceiling: Ints) -> tuple[float, Bools]:
    """What all overseers together pay at least at these prices (below zero), and who takes what."""
    gain = seats[:, None] - cost
    n, m = gain.shape
    taken = np.zeros((n, m), dtype=bool)
    pays = (gain > 0) & (board.weight[:, None] <= ceiling[None])
    count = pays.sum(axis=0)
    deep = int(count.max(initial=0))
    if deep == 0:
        return 0.0, taken
    items = np.argsort(~pays, axis=0, kind="stable")[:deep]
    columns = np.arange(m)
    there = np.arange(deep)[:, None] < count
    profit = np.where(there, gain[items, columns], 0.0)
    weight = np.where(there, board.weight[items], 0)
    wide = int(ceiling.max())
    table = np.zeros((m, wide + 1))
    load = np.arange(wide + 1)
    picked = np.zeros((deep, m, wide + 1), dtype=bool)
    for item in range(deep):
        active = np.flatnonzero(there[item])
        before = load - weight[item, active][:, None]
        old = table[active]
        new = np.take_along_axis(old, np.maximum(before, 0), axis=1) + profit[item, active][:, None]
        better = (new > old) & (before >= 0)
        picked[item, active] = better
        table[active] = np.where(better, new, old)
    at: NDArray[np.int64] = ceiling.astype(np.int64).copy()
    value = -float(table[columns, at].sum())
    for item in range(deep - 1, -1, -1):
        yes = picked[item, columns, at]
        taken[items[item, yes], columns[yes]] = True
        at = at - np.where(yes, weight[item], 0)
    return value, taken
