"""The plan: each goal in its turn brought as low as can be, then kept while the next is sought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np

from vungmanh.analysis.assigning.board import Board, Bools, Floats, Ints, set_up
from vungmanh.analysis.assigning.bounding import LOAD_LIMIT, bound
from vungmanh.analysis.assigning.judging import told
from vungmanh.analysis.assigning.model import OverseerPlan, PlanGoal, Planning
from vungmanh.analysis.assigning.programs import GAP_COST, Block, Relaxed, best_block, relaxed
from vungmanh.analysis.assigning.relaxing import least_relaxing
from vungmanh.analysis.assigning.searching import Effort, Guide, Search, rating

#: What a linear programme's answer may be wrong by.
_SLIP = 1e-4


class Outcome(NamedTuple):
    """A plan and the bound of each goal."""

    chosen: Bools
    bounds: dict[PlanGoal, int]


def plan_overseers(planning: Planning, effort: Effort | None = None) -> OverseerPlan:
    """Who oversees which cell; what cannot be done is named, with the rules to relax.

    The same question in any order gives the same answer, on any day. 300 overseers and 3,000 cells
    take some 20 s of one processor and less than 1 GiB.
    """
    effort = effort or Effort()
    board = set_up(planning)
    if not board.overseers or not board.cells:
        outcome = Outcome(np.zeros(board.allowed.shape, dtype=bool), {})
        outcome.bounds[PlanGoal.UNASSIGNED] = int(board.wants.sum())
    elif board.allowed.sum() <= effort.whole:
        outcome = _exactly(board, planning.rules.spare_load, effort)
    else:
        outcome = _nearly(board, planning.rules.spare_load, effort)
    chosen = in_code_order(board, outcome.chosen)
    relaxing = None
    if board.missing(chosen).any():
        relaxing = least_relaxing(board, chosen, planning.rules, effort)
    return replace(told(board, chosen, outcome.bounds), relaxing=relaxing)


def _exactly(board: Board, spare: int, effort: Effort) -> Outcome:
    """Everything as one integer programme, for each goal."""
    everyone = np.arange(len(board.most))
    block = Block(np.arange(len(board.cells)), everyone, board.allowed, board.wants, board.most)
    first = best_block(board, block, nodes=effort.nodes)
    if first.chosen is None:
        return _nearly(board, spare, effort)
    gaps, uncovered, _ = rating(board, first.chosen)
    sure, best = first.is_sure, first.chosen
    low, high = 0, int(board.loads(best).max(initial=0))
    while low < high:
        middle = (low + high) // 2
        room = np.minimum(board.most, middle)
        found = best_block(
            board, block._replace(room=room), nodes=effort.nodes, known=(gaps, uncovered)
        )
        sure &= found.is_sure
        if found.chosen is None:
            low = middle + 1
        else:
            best, high = found.chosen, int(board.loads(found.chosen).max(initial=0))
    room = np.minimum(board.most, high + spare)
    found = best_block(
        board, block._replace(room=room), nodes=effort.nodes, known=(gaps, uncovered)
    )
    if found.chosen is not None:
        best = found.chosen
    if not (sure and found.is_sure):
        return Outcome(best, {})
    return Outcome(
        best,
        {
            PlanGoal.UNASSIGNED: gaps,
            PlanGoal.UNCOVERED: uncovered,
            PlanGoal.HEAVIEST: high,
            PlanGoal.DISTANCE: int(board.metres[best].sum()),
            PlanGoal.CHANGES: int(board.changed[best].sum()),
        },
    )


def _nearly(board: Board, spare: int, effort: Effort) -> Outcome:
    """The relaxed plan, a search from it, and bounds that say how near it came."""
    covered = board.allowed & ~board.uncovered
    level = _least_level(board, covered)
    if level is None:
        return _with_gaps(board, effort)
    step, start = level
    return _whole_plan(board, covered, step, spare, start=start, effort=effort)


def _least_level(board: Board, usable: Bools) -> tuple[int, Relaxed] | None:
    """The lowest ceiling at which everything fits if halves are allowed; None if at none."""
    low, high = board.waterline(), int(board.most.max())
    level, nothing = low, np.zeros_like(board.cost)
    while True:
        ceiling = np.minimum(board.most, level)
        found = relaxed(board, board.cost, usable, ceiling, gap_cost=GAP_COST)
        if found is not None and found.gaps <= _SLIP:
            return level, found
        while low < high:  # only here: some cells cannot go to just anybody
            middle = (low + high) // 2
            room = np.minimum(board.most, middle)
            fits = relaxed(board, nothing, usable, room, gap_cost=1.0)
            if fits is not None and fits.value <= _SLIP:
                high = middle
            else:
                low = middle + 1
        if level == low:
            return None
        level = low


def _whole_plan(
    board: Board, usable: Bools, level: int, spare: int, *, start: Relaxed, effort: Effort
) -> Outcome:
    """A plan without gaps; the ceiling rises until the search finds one, then ways are sought."""
    ceiling = np.minimum(board.most, level)
    prices = _prices(board, start, usable, ceiling, effort)
    search = _settled(board, prices, usable, ceiling, effort)
    most, rise = int(board.most.max()), 1
    while search.overload().any() and level < most:
        level, rise = min(level + rise, most), rise * 2
        search.ceiling = np.minimum(board.most, level)
        search.settle()
    if search.overload().any():
        return _with_gaps(board, effort)
    ceiling = np.minimum(board.most, int(board.loads(search.chosen).max()) + spare)
    search.ceiling = ceiling
    floor = 0.0
    if spare:  # the ways were priced under a lower ceiling
        again = relaxed(board, board.cost, usable, ceiling, gap_cost=GAP_COST)
        if again is not None:
            prices, floor = _at_start(board, again, prices.rounds), again.value
    else:
        search.better()
    for turn in range(effort.starts(board)):
        prices = prices.moved(board, usable, ceiling, rating(board, search.chosen)[2])
        floor = max(floor, prices.floor)
        search.follow(prices.guide)
        search.better()
        if turn or spare:
            other = _settled(board, prices, usable, ceiling, effort)
            other.better()
            rated = rating(board, other.chosen)
            if not other.overload().any() and rated < rating(board, search.chosen):
                search = other
    return Outcome(search.chosen, _bounds(board, floor, heaviest=board.waterline()))


def _settled(board: Board, prices: _Prices, usable: Bools, ceiling: Ints, effort: Effort) -> Search:
    search = Search(board, prices.guide, usable, ceiling, effort)
    search.round_off()
    search.settle()
    return search


@dataclass(frozen=True)
class _Prices:
    """Where the prices of cells stand, what they say of the best, and where to look."""

    guide: Guide
    seat: Floats
    hard_price: Floats
    floor: float
    rounds: int  #: 0: loads too large for knapsacks

    def moved(self, board: Board, usable: Bools, ceiling: Ints, goal: float) -> _Prices:
        """The same after more rounds, below another ceiling."""
        if not self.rounds:
            again = relaxed(board, board.cost, usable, ceiling, gap_cost=GAP_COST)
            return replace(self, floor=again.value if again is not None else 0.0)
        found = bound(
            board,
            self.seat,
            self.hard_price,
            usable=usable,
            ceiling=ceiling,
            goal=goal,
            rounds=self.rounds,
        )
        guide = Guide(found.share, found.reduced, self.guide.spare)
        return replace(self, guide=guide, seat=found.seat, floor=found.value)


def _prices(board: Board, start: Relaxed, usable: Bools, ceiling: Ints, effort: Effort) -> _Prices:
    if int(board.most.max()) > LOAD_LIMIT:
        return _at_start(board, start, 0)
    prices = _at_start(board, start, effort.rounds_of_prices(board))
    return prices.moved(board, usable, ceiling, start.value * 1.01)


def _at_start(board: Board, start: Relaxed, rounds: int) -> _Prices:
    guide = Guide(_share(board, start), start.reduced, start.spare)
    return _Prices(guide, start.seat, start.hard_price, start.value, rounds)


def _share(board: Board, found: Relaxed) -> Floats:
    share = np.zeros_like(board.cost)
    share[found.rows, found.columns] = found.share
    return share


def _bounds(board: Board, floor: float, *, heaviest: int) -> dict[PlanGoal, int]:
    """`floor` counts changes as less than one metre in all; whole metres are above it."""
    must_change = (~board.allowed | board.changed).all(axis=1)
    least = 2.0 ** -int(np.ceil(np.log2(board.wants.sum() + 2)))
    return {
        PlanGoal.UNASSIGNED: 0,
        PlanGoal.UNCOVERED: 0,
        PlanGoal.HEAVIEST: heaviest,
        PlanGoal.DISTANCE: max(0, ceil(floor - _SLIP - 1 + least)),
        PlanGoal.CHANGES: int(board.wants[must_change].sum()),
    }


def _with_gaps(board: Board, effort: Effort) -> Outcome:
    """A plan that leaves seats open or hard cells uncovered, for want of people."""
    nothing, seats = np.zeros_like(board.cost), int(board.wants.sum())
    fewest = relaxed(board, nothing, board.allowed, board.most, gap_cost=1.0)
    open_seats = ceil(fewest.value - _SLIP) if fewest is not None else 0
    if fewest is None:
        raise AssertionError("a relaxed plan with gaps always exists")
    away = board.uncovered.astype(np.float64)
    bare = relaxed(
        board, away, board.allowed, board.most, gap_cost=0.0, gaps=open_seats, active=fewest.active
    )
    rest = replace(board, wants=board.wants - _left_out(board, fewest, open_seats))
    price = board.cost + (board.cost.max() + 1) * 10 * board.uncovered
    start = relaxed(rest, price, board.allowed, board.most, gap_cost=GAP_COST)
    if start is None:
        raise AssertionError("a relaxed plan with gaps always exists")
    guide = Guide(_share(board, start), start.reduced, start.spare)
    search = Search(rest, guide, board.allowed, board.most, effort)
    search.round_off()
    search.settle()
    search.drop_overloads()
    search.better()
    search.board = board
    search.fill_gaps()
    left, uncovered, _ = rating(board, search.chosen)
    floor = relaxed(
        board, board.cost, board.allowed, board.most, gap_cost=0.0,
        gaps=left, uncovered=uncovered, active=start.active | search.chosen,
    )  # fmt: skip
    least = np.sort(np.repeat(board.weight, board.wants))[: max(seats - left, 0)]
    heaviest = max(int(least.max(initial=0)), -(-int(least.sum()) // len(board.most)))
    bounds = _bounds(board, floor.value if floor is not None else 0.0, heaviest=heaviest)
    bounds[PlanGoal.UNASSIGNED] = open_seats
    bounds[PlanGoal.UNCOVERED] = (
        ceil(bare.value - _SLIP) if bare is not None and left == open_seats else 0
    )
    bounds[PlanGoal.CHANGES] = max(0, bounds[PlanGoal.CHANGES] - left)
    return Outcome(search.chosen, bounds)


def _left_out(board: Board, fewest: Relaxed, count: int) -> Ints:
    """The seats of each cell that the plan with the fewest open seats would leave open."""
    open_share = board.wants - _share(board, fewest).sum(axis=1)
    left = np.zeros(len(open_share), dtype=np.int64)
    for row in np.lexsort((-board.weight, -np.round(open_share, 6))).tolist():
        take = min(ceil(open_share[row] - _SLIP), count)
        left[row] = max(take, 0)
        count -= left[row]
    return left


def in_code_order(board: Board, chosen: Bools) -> Bools:
    """Of two equal exchanges the earlier cell gets the earlier overseer. O(n²)."""
    if not chosen.any():
        return chosen
    plan = chosen.copy()
    single = (board.wants == 1) & (plan.sum(axis=1) == 1)
    has: Ints = np.where(single, plan.argmax(axis=1), -1)
    for row in np.flatnonzero(single).tolist():
        mine = has[row]
        like = single & (board.weight == board.weight[row]) & (board.hard == board.hard[row])
        others = np.flatnonzero(like & (has < mine) & (np.arange(len(has)) > row))
        theirs = has[others]
        fits = board.allowed[row, theirs] & board.allowed[others, mine]
        apart = board.cost[row, theirs] + board.cost[others, mine]
        apart -= board.cost[row, mine] + board.cost[others, theirs]
        bare = board.uncovered[row, theirs].astype(int) + board.uncovered[others, mine]
        bare -= board.uncovered[row, mine].astype(int) + board.uncovered[others, theirs]
        fits &= (apart == 0) & (bare == 0)
        if fits.any():
            place = int(np.argmin(np.where(fits, theirs, len(board.most))))
            other = int(others[place])
            has[row], has[other] = has[other], mine
    plan[single] = False
    rows = np.flatnonzero(single)
    plan[rows, has[rows]] = True
    return plan
