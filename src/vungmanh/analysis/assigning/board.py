"""The question as arrays: cells down, overseers across, both in the order of their codes.

The order of the input is forgotten here, so that a shuffled question has the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vungmanh.analysis.assigning.model import AssigningRule, Cell, Overseer, Planning
from vungmanh.core.errors import InputError

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Board:
    """n cells, m overseers. `kept_away` says for each rule about a pair where it forbids it."""

    overseers: tuple[Overseer, ...]
    cells: tuple[Cell, ...]
    weight: Ints  #: (n,)
    hard: Bools  #: (n,)
    wants: Ints  #: (n,)
    most: Ints  #: (m,) load
    max_hard: int
    kept_away: dict[AssigningRule, Bools]  #: each (n, m)
    allowed: Bools  #: (n, m)
    metres: Ints  #: (n, m); unknown ways as long as the farthest known
    unknown: Bools  #: (n, m)
    uncovered: Bools  #: (n, m): a hard cell beside somebody without experience
    changed: Bools  #: (n, m): others do it now
    cost: Floats  #: (n, m): metres, and among equal ways a change less

    def loads(self, chosen: Bools) -> Ints:
        return np.asarray(self.weight @ chosen, dtype=np.int64)

    def hard_cells(self, chosen: Bools) -> Ints:
        return np.asarray(chosen[self.hard].sum(axis=0), dtype=np.int64)

    def waterline(self, seats: Ints | None = None) -> int:
        """The least heaviest load that could do if cells could be cut up and go to anybody."""
        wants = self.wants if seats is None else seats
        return max(
            _level(int(self.weight @ wants), self.most),
            int(self.weight[wants > 0].max(initial=0)),
        )

    def missing(self, chosen: Bools) -> Ints:
        """Seats of each cell that nobody has."""
        return np.asarray(np.maximum(self.wants - chosen.sum(axis=1), 0), dtype=np.int64)


def _level(total: int, most: Ints) -> int:
    """The lowest ceiling under which everybody together can carry `total`; all they can at most."""
    low, high = 0, int(most.max(initial=0))
    while low < high:
        middle = (low + high) // 2
        if int(np.minimum(most, middle).sum()) >= total:
            high = middle
        else:
            low = middle + 1
    return low


def set_up(planning: Planning) -> Board:
    """Raises InputError where the question contradicts itself."""
    overseers = tuple(sorted(planning.overseers, key=lambda one: (one.code, one.id)))
    cells = tuple(sorted(planning.cells, key=lambda one: (one.code, one.id)))
    _check(overseers, cells)
    rules = planning.rules
    metres, unknown = _ways(planning, overseers, cells)
    kept_away = _kept_away(overseers, cells, language=rules.language)
    hard = np.array([cell.is_hard for cell in cells], dtype=bool)
    wants = np.array([cell.wants for cell in cells], dtype=np.int64)
    experienced = np.array([one.experienced for one in overseers], dtype=bool)
    changed = np.zeros(metres.shape, dtype=bool)
    column = {one.id: place for place, one in enumerate(overseers)}
    for row, cell in enumerate(cells):
        if cell.current:
            changed[row] = True
            changed[row, [column[one] for one in cell.current if one in column]] = False
    step = 2.0 ** -int(np.ceil(np.log2(wants.sum() + 2)))
    return Board(
        overseers=overseers,
        cells=cells,
        weight=np.array([cell.weight for cell in cells], dtype=np.int64),
        hard=hard,
        wants=wants,
        most=np.array([one.max_load for one in overseers], dtype=np.int64),
        max_hard=len(cells) if rules.max_hard is None else rules.max_hard,
        kept_away=kept_away,
        allowed=~np.logical_or.reduce(list(kept_away.values())),
        metres=metres,
        unknown=unknown,
        uncovered=hard[:, None] & ~experienced,
        changed=changed,
        cost=metres + step * changed,
    )


def _check(overseers: tuple[Overseer, ...], cells: tuple[Cell, ...]) -> None:
    for what, ids in (
        ("Người phụ trách", [one.id for one in overseers]),
        ("Chi bộ", [cell.id for cell in cells]),
    ):
        if len(set(ids)) != len(ids):
            twice = sorted({one for one in ids if ids.count(one) > 1})[0]
            raise InputError(f"{what} “{twice}” có hai lần trong danh sách; hãy bỏ bớt một.")
    for one in overseers:
        if one.max_load < 0:
            raise InputError(f"Khối lượng tối đa của “{one.code}” không được âm; hãy sửa lại.")
    for cell in cells:
        if cell.weight < 1 or cell.wants < 1:
            raise InputError(
                f"Chi bộ “{cell.code}”: khối lượng và số người phụ trách phải từ 1; hãy sửa lại."
            )


def _ways(
    planning: Planning, overseers: tuple[Overseer, ...], cells: tuple[Cell, ...]
) -> tuple[Ints, Bools]:
    """Metres, looked up once for each two places, and where they are not known."""
    starts = sorted({one.place for one in overseers})
    ends = sorted({cell.place for cell in cells})
    between = planning.distances.between
    looked_up = np.array(
        [[-1 if (far := between(a, b)) is None else far for a in starts] for b in ends],
        dtype=np.int64,
    ).reshape(len(ends), len(starts))
    rows = np.searchsorted(np.array(ends, dtype=object), [cell.place for cell in cells])
    columns = np.searchsorted(np.array(starts, dtype=object), [one.place for one in overseers])
    found = looked_up[np.ix_(rows.astype(np.int64), columns.astype(np.int64))]
    unknown = found < 0
    return np.where(unknown, found.max(initial=0), found), unknown


def _kept_away(
    overseers: tuple[Overseer, ...], cells: tuple[Cell, ...], *, language: bool
) -> dict[AssigningRule, Bools]:
    row = {cell.id: place for place, cell in enumerate(cells)}
    away = {}
    for rule, field in (
        (AssigningRule.OWN_CELL, "own_cells"),
        (AssigningRule.GRADES_IT, "grades"),
        (AssigningRule.KIN, "kin"),
    ):
        mask = np.zeros((len(cells), len(overseers)), dtype=bool)
        for column, one in enumerate(overseers):
            mask[[row[cell] for cell in getattr(one, field) if cell in row], column] = True
        away[rule] = mask
    speech = np.zeros((len(cells), len(overseers)), dtype=bool)
    if language:
        asked = {cell.languages for cell in cells if cell.languages}
        deaf = {
            tongues: np.array([not (tongues & one.languages) for one in overseers], dtype=bool)
            for tongues in asked
        }
        for place, cell in enumerate(cells):
            if cell.languages:
                speech[place] = deaf[cell.languages]
    away[AssigningRule.LANGUAGE] = speech
    return away
