"""A whole plan near the best: the relaxed one rounded, then shared out anew between neighbours.

What a plan costs above the relaxed one is a sum over overseers, so the search looks where that sum
is large. Two or three overseers at a time, their cells are shared out in the best way there is
(`sharing`), until no two and no three can do better. An overseer may be overloaded on the way; the
farther from anybody with room, the dearer that is, so what is too much moves towards room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from vungmanh.analysis.assigning.board import Board, Bools, Floats, Ints
from vungmanh.analysis.assigning.programs import TOLERANCE
from vungmanh.analysis.assigning.sharing import Room, share_out

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Prices above any sum of ways: an overload, a hard cell beside somebody without experience.
OVERLOAD, UNCOVERED = 1e12, 1e9
#: Cheapest overseers of a cell that count as its neighbours.
_NEAR = 6


@dataclass(frozen=True)
class Effort:
    """How long to search, in counts; the clock never decides."""

    whole: int = 300  #: usable pairs up to which everything is one block, solved exactly
    nodes: int = 20_000  #: of such a block
    neighbours: int = 10  #: of an overseer, for sharing between two
    near: int = 6  #: of an overseer, for sharing between three
    twos: int = 60_000
    threes: int = 6_000
    rounds: int = 8  #: of moving overloads towards room
    prices: int = 90  #: rounds of moving prices, each time, of a large question
    pairs: int = 250_000  #: a question of fewer pairs is given more rounds and starts

    def rounds_of_prices(self, board: Board) -> int:
        return int(min(max(self.prices, self.prices * self.pairs // board.allowed.size), 400))

    def starts(self, board: Board) -> int:
        return int(min(max(1, self.pairs // board.allowed.size), 8))


class Guide(NamedTuple):
    """What the relaxed plan says: whose share a cell is, and what pairs and free load cost."""

    share: Floats  #: (n, m)
    reduced: Floats  #: (n, m)
    spare: Floats  #: (m,)


class Search:
    """One plan under construction, below `ceiling` (m,) and within the pairs `usable` (n, m)."""

    def __init__(
        self, board: Board, guide: Guide, usable: Bools, ceiling: Ints, effort: Effort
    ) -> None:
        self.board, self.usable = board, usable
        self.ceiling, self.effort = ceiling, effort
        self.price = np.where(usable, board.cost + UNCOVERED * board.uncovered, np.inf)
        self.chosen: Bools = np.zeros_like(usable)
        self.over_price = np.full(len(ceiling), OVERLOAD)
        self.twos_left = effort.twos
        self.follow(guide)

    def follow(self, guide: Guide) -> None:
        """Looks for what is dear by these prices from now on."""
        self.guide = guide
        self.reduced = np.where(self.usable, np.maximum(guide.reduced, 0.0), np.inf)
        self.neighbours = _neighbourhood(self.reduced)

    def round_off(self) -> None:
        """Each cell with the largest share that has room, the surest and heaviest cells first."""
        board, share = self.board, np.round(self.guide.share, 6)
        surest = share.max(axis=1, initial=0.0)
        room = self.ceiling.copy()
        room_hard = np.full(len(room), board.max_hard)
        for row in np.lexsort((-board.weight, -surest)).tolist():
            fits = self.usable[row] & (room_hard > 0 if board.hard[row] else True)
            columns = np.flatnonzero(fits)
            over = np.maximum(board.weight[row] - room[columns], 0)
            near = over + self.reduced[row, columns] / 1000
            order = np.lexsort((np.round(near, 6), -share[row, columns] * (over == 0)))
            taken = columns[order[: board.wants[row]]]
            self.chosen[row, taken] = True
            room[taken] -= board.weight[row]
            room_hard[taken] -= int(board.hard[row])

    def settle(self) -> None:
        """Shares out between two until nothing is better and, if it can be, nobody overloaded."""
        self._twos()
        for _ in range(self.effort.rounds):
            if not self.overload().any():
                break
            self._price_overloads()
            if not (self._twos() | self._unload()):
                break

    def better(self) -> None:
        """Shares out between three, then two, until nothing is better."""
        self._threes(self.effort.threes)
        self._twos()

    def overload(self) -> Ints:
        over: Ints = np.maximum(self.board.loads(self.chosen) - self.ceiling, 0)
        return over

    def _price_overloads(self) -> None:
        """Dearer the more steps lie between an overseer and the nearest with room."""
        from scipy.sparse.csgraph import dijkstra

        free = self.ceiling - self.board.loads(self.chosen)
        room = np.flatnonzero(free > 0)
        if not len(room):
            return
        steps = dijkstra(self.neighbours, indices=room, min_only=True, unweighted=True)
        self.over_price = OVERLOAD * (1 + np.where(np.isfinite(steps), steps, steps.size))

    def _near(self, count: int) -> list[Ints]:
        """Of each overseer the others it shares most cells with."""
        shared = self.neighbours.toarray()
        order = np.argsort(-shared, axis=1, kind="stable")[:, :count]
        return [row[shared[one, row] > 0] for one, row in enumerate(order)]

    def _twos(self) -> bool:
        """Shares out between all pairs of neighbours until none changes."""
        near = self._near(self.effort.neighbours)
        pairs = sorted({(min(p, q), max(p, q)) for p, row in enumerate(near) for q in row.tolist()})
        stamp = np.zeros(len(near), dtype=np.int64)
        last = dict.fromkeys(pairs, -1)
        clock, any_change, changed = 0, False, True
        while changed and self.twos_left > 0:
            changed = False
            for pair in pairs:
                if max(stamp[pair[0]], stamp[pair[1]]) <= last[pair]:
                    continue
                clock += 1
                self.twos_left -= 1
                last[pair] = clock
                if self._share(np.array(pair)):
                    stamp[list(pair)] = clock + 1
                    clock += 1
                    changed = any_change = True
        return any_change

    def _unload(self) -> bool:
        """Shares the cells of whoever is overloaded out with anybody, and with any two."""
        any_change = False
        near = self._near(self.effort.near)
        for seed in np.flatnonzero(self.overload()).tolist():
            load = self.board.loads(self.chosen)
            room = np.flatnonzero(load < self.ceiling)
            others = [*near[seed].tolist(), *room[np.argsort(load[room] - self.ceiling[room])]]
            for one in dict.fromkeys(int(other) for other in others if other != seed):
                any_change |= self._share(np.array([seed, one]))
            for one in near[seed].tolist():
                for other in room[:40].tolist():
                    if not self.overload()[seed]:
                        break
                    if other not in (seed, one):
                        any_change |= self._share(np.array([seed, one, other]))
        return any_change

    def _threes(self, count: int) -> None:
        """Shares out between three, those first that cost most above the relaxed plan."""
        near = self._near(self.effort.near)
        waiting = np.ones(len(near), dtype=bool)
        while count > 0:
            excess = np.where(waiting, self._excess(), -1.0)
            seed = int(np.argmax(excess)) if len(excess) else -1
            if seed < 0 or excess[seed] <= TOLERANCE:
                break
            waiting[seed] = False
            around = near[seed].tolist()
            for place, one in enumerate(around):
                for other in around[place + 1 :]:
                    count -= 1
                    if self._share(np.array([seed, one, other])):
                        waiting[[seed, one, other]] = True

    def _excess(self) -> Floats:
        """What each overseer's cells cost above the relaxed plan."""
        free = self.ceiling - self.board.loads(self.chosen)
        kept = np.where(self.chosen, self.reduced, 0.0).sum(axis=0)
        return np.asarray(kept + self.guide.spare * np.maximum(free, 0), dtype=np.float64)

    def _share(self, who: Ints) -> bool:
        """Shares the cells of these overseers out anew; True if that was better."""
        mine = self.chosen[:, who]
        single = mine.sum(axis=1) == 1
        if self._share_some(who, mine, single):
            return True
        hard = single & self.board.hard
        too_many = len(who) == 3 and int(hard.sum()) > self.board.max_hard
        return too_many and self._share_some(who, mine, single & ~hard)

    def _share_some(self, who: Ints, mine: Bools, movable: Bools) -> bool:
        """As `_share`, of the movable cells only; False too if hard cells would be too many."""
        board = self.board
        cells = np.flatnonzero(movable)
        if not len(cells):
            return False
        fixed = mine & ~movable[:, None]
        weight, hard = board.weight[cells], board.hard[cells]
        price = self.price[np.ix_(cells, who)]
        room_hard = board.max_hard - fixed[board.hard].sum(axis=0)
        now = np.argmax(mine[cells], axis=1)
        load = self.ceiling[who] - board.weight @ fixed
        over = self.over_price[who]
        best, cost = share_out(weight, hard, price, Room(load, room_hard, over))
        carried = np.bincount(now, weights=weight, minlength=len(who))
        was = float(price[np.arange(len(cells)), now].sum())
        was += float((over * np.maximum(carried - load, 0)).sum())
        if not cost < was - max(TOLERANCE, 1e-12 * was):
            return False
        if (np.bincount(best[hard], minlength=len(who)) > room_hard).any():
            return False
        self.chosen[cells, who[now]] = False
        self.chosen[cells, who[best]] = True
        return True

    def drop_overloads(self) -> None:
        """Takes cells from whoever still has too many, the fewest cells that do."""
        board = self.board
        for one in np.flatnonzero(self.overload()).tolist():
            mine = np.flatnonzero(self.chosen[:, one])
            too_much = int(self.overload()[one])
            for row in mine[np.lexsort((mine, board.weight[mine]))].tolist():
                if board.weight[row] >= too_much:
                    self.chosen[row, one] = False
                    break
            else:
                heaviest = mine[np.lexsort((mine, -board.weight[mine]))]
                for row in heaviest.tolist():
                    if board.loads(self.chosen)[one] > self.ceiling[one]:
                        self.chosen[row, one] = False
        self.fill_gaps()

    def fill_gaps(self) -> None:
        """Gives each seat that is open to the cheapest overseer who still has room for it."""
        board = self.board
        missing = board.missing(self.chosen)
        for row in np.flatnonzero(missing)[np.argsort(board.weight[missing > 0], kind="stable")]:
            room = self.ceiling - board.loads(self.chosen) >= board.weight[row]
            room &= self.usable[row] & ~self.chosen[row]
            if board.hard[row]:
                room &= board.hard_cells(self.chosen) < board.max_hard
            columns = np.flatnonzero(room)
            order = np.argsort(self.price[row, columns], kind="stable")
            self.chosen[row, columns[order[: missing[row]]]] = True


def rating(board: Board, chosen: Bools) -> tuple[int, int, float]:
    """(open seats, uncovered hard seats, ways with changes): the less the better, in this order."""
    away = int((chosen & board.uncovered).sum())
    return int(board.missing(chosen).sum()), away, float(board.cost[chosen].sum())


def _neighbourhood(reduced: Floats) -> csr_matrix:
    """(m, m): how many cells count both overseers among their cheapest."""
    from scipy.sparse import csr_matrix

    n, m = reduced.shape
    few = min(_NEAR, m)
    if not few:
        return csr_matrix((m, m))
    nearest = np.argsort(reduced, axis=1, kind="stable")[:, :few]
    rows = np.repeat(np.arange(n), few)
    inside = np.isfinite(reduced[rows, nearest.ravel()])
    beside = csr_matrix((inside.astype(np.float64), (rows, nearest.ravel())), shape=(n, m))
    shared = (beside.T @ beside).tolil()
    shared.setdiag(0)
    return csr_matrix(shared)
