"""The best way to share some cells out between two or three overseers, found exactly.

A table over the loads of the first one or two (the last has what is left over), one cell after
another. With whole numbers as loads that is quick where integer programming is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from vungmanh.analysis.assigning.board import Bools, Floats, Ints


class Room(NamedTuple):
    """What overseers may carry of the cells to be shared; all (t,). `over_price` per unit above."""

    load: Ints
    hard: Ints
    over_price: Floats


def share_out(weight: Ints, hard: Bools, price: Floats, room: Room) -> tuple[Ints, float]:
    """(whose each of k cells is, what it costs); `price` (k, t) with t = 2 or 3, inf forbids.

    Loads above the room are dear but allowed; hard cells above theirs are not. With t = 3 hard
    cells are counted for nobody: the caller shares them out only where they cannot be too many.
    O(k · load^(t − 1)). Equals are decided for the earlier overseer, so that one input has one
    answer.
    """
    if price.shape[1] == 3:
        return _three(weight, price, room)
    return _two(weight, hard, price, room)


def _two(weight: Ints, hard: Bools, price: Floats, room: Room) -> tuple[Ints, float]:
    total, hards = int(weight.sum()), int(hard.sum())
    most = min(total, max(int(room.load[0]), 0) + int(weight.max(initial=0)))
    counted = hards > int(room.hard.min())
    deep = hards + 1 if counted else 1
    table = np.full((deep, most + 1), np.inf)
    table[0, 0] = 0.0
    taken = np.zeros((len(weight), deep, most + 1), dtype=bool)
    for item, (load, is_hard) in enumerate(zip(weight.tolist(), hard.tolist(), strict=True)):
        other = table + price[item, 1]
        if load <= most:
            step = 1 if counted and is_hard else 0
            mine = table[: deep - step, : most + 1 - load] + price[item, 0]
            there = other[step:, load:]
            better = mine <= there
            better &= mine < np.inf
            np.copyto(there, mine, where=better)
            taken[item, step:, load:] = better
        table = other
    first = np.arange(most + 1)
    over = room.over_price[0] * np.maximum(first - room.load[0], 0)
    over = over + room.over_price[1] * np.maximum(total - first - room.load[1], 0)
    table = table + over
    if counted:
        many = np.arange(deep)
        table[(many > room.hard[0]) | (hards - many > room.hard[1])] = np.inf
    best = int(np.argmin(table))
    depth, load = divmod(best, most + 1)
    whose = np.ones(len(weight), dtype=np.int64)
    for item in range(len(weight) - 1, -1, -1):
        if taken[item, depth, load]:
            whose[item] = 0
            load -= int(weight[item])
            depth -= int(counted and hard[item])
    return whose, float(table.ravel()[best])


def _three(weight: Ints, price: Floats, room: Room) -> tuple[Ints, float]:
    total, heaviest = int(weight.sum()), int(weight.max(initial=0))
    a, b = (min(total, max(int(room.load[i]), 0) + heaviest) for i in (0, 1))
    table = np.full((a + 1, b + 1), np.inf)
    table[0, 0] = 0.0
    taken = np.full((len(weight), a + 1, b + 1), 2, dtype=np.int8)
    for item, load in enumerate(weight.tolist()):
        new = table + price[item, 2]
        if load <= b:
            mine, there = table[:, : b + 1 - load] + price[item, 1], new[:, load:]
            better = mine < there
            np.copyto(there, mine, where=better)
            taken[item, :, load:][better] = 1
        if load <= a:
            mine, there = table[: a + 1 - load] + price[item, 0], new[load:]
            better = mine < there
            np.copyto(there, mine, where=better)
            taken[item, load:][better] = 0
        table = new
    first, second = np.arange(a + 1)[:, None], np.arange(b + 1)[None]
    p, q, r = room.over_price.tolist()
    table = table + p * np.maximum(first - room.load[0], 0)
    table += q * np.maximum(second - room.load[1], 0)
    table += r * np.maximum(total - first - second - room.load[2], 0)
    best = int(np.argmin(table))
    i, j = divmod(best, b + 1)
    whose = np.zeros(len(weight), dtype=np.int64)
    for item in range(len(weight) - 1, -1, -1):
        who = whose[item] = int(taken[item, i, j])
        if who == 0:
            i -= int(weight[item])
        elif who == 1:
            j -= int(weight[item])
    return whose, float(table.ravel()[best])
