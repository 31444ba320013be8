"""What ended units did, carried to those that go on with them.

A merged unit is neither broken nor counted twice: every count of a unit that has ended goes to its
heirs by their shares, and the shares of one unit add up to one. What has no heir stays where it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vungmanh.analysis.columns import ordinals, places
from vungmanh.analysis.counts import Counts
from vungmanh.analysis.facts import UNKNOWN, Floats, Ints
from vungmanh.core.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

_EXACT = 1e-6  # shares come with a few decimals; less than this is no share at all


@dataclass(frozen=True)
class Heirs:
    """Place `heir[k]` goes on with the share `share[k]` of unit `unit[k]`; (m,) each.

    A unit that lives is its own heir. For every unit the shares add up to one.
    """

    unit: Ints
    heir: Ints
    share: Floats


def nobody_ended(n: int) -> Heirs:
    """n units that all go on."""
    return Heirs(np.arange(n), np.arange(n), np.ones(n))


def heirs_of(lineage: pa.Table, units: Sequence[str], until: dt.date | None = None) -> Heirs:
    """Who goes on with whom on the day `until` (None: at last), whole lines of descent.

    `lineage` has predecessor, successor, on and share. A unit that ended more than once (and was
    founded again between) is divided by its last end; successors whose share is not told take equal
    parts of what the others leave. Rows of units not among `units` say nothing. Raises InputError:
    `circular-lineage` where a unit descends from itself, `lineage-shares` where the shares of one
    end are below zero or add up to more than one, so that something would be counted twice.
    """
    n = len(units)
    if not len(lineage):
        return nobody_ended(n)
    old, new = (places(lineage[name], units) for name in ("predecessor", "successor"))
    day = ordinals(lineage["on"])
    share = lineage["share"].to_numpy(zero_copy_only=False).astype(np.float64)  # NaN: not told
    wanted = old != UNKNOWN
    if until is not None:
        wanted &= day <= until.toordinal()
    last = np.full(n, -1, dtype=np.int64)
    np.maximum.at(last, old[wanted], day[wanted])
    wanted &= day == last[old]
    told: dict[int, list[tuple[int, float]]] = {}
    for one, other, part in zip(
        old[wanted].tolist(), new[wanted].tolist(), share[wanted].tolist(), strict=True
    ):
        told.setdefault(one, []).append((other, part))
    steps = {unit: _parts(units[unit], told[unit]) for unit in sorted(told)}
    steps = {unit: parts for unit, parts in steps.items() if parts}
    known: dict[int, dict[int, float]] = {}
    rows = [
        (unit, heir, part)
        for unit in sorted(steps)
        for heir, part in sorted(_heirs(unit, steps, known, units).items())
    ]
    going_on = np.setdiff1d(np.arange(n), np.array(sorted(steps), dtype=np.int64))
    ended, heir, part = (np.array(column) for column in zip(*rows, strict=True)) if rows else (
        np.zeros(0), np.zeros(0), np.zeros(0)
    )  # fmt: skip
    return Heirs(
        np.concatenate([going_on, ended]).astype(np.int64),
        np.concatenate([going_on, heir]).astype(np.int64),
        np.concatenate([np.ones(len(going_on)), part]).astype(np.float64),
    )


def _parts(name: str, told: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """The successors of one end that are known, with a share above zero."""
    stated = [share for _, share in told if not np.isnan(share)]
    left = 1.0 - sum(stated)
    if left < -_EXACT or min(stated, default=0.0) < 0:
        raise InputError(
            f"Bảng lineage: các phần (share) của đơn vị “{name}” là"
            f" {', '.join(f'{share:g}' for share in stated)}. Mỗi phần phải từ 0 đến 1, cộng lại"
            " không quá 1; nếu không, số liệu bị tính hai lần.",
            field="share",
            place=name,
            code="lineage-shares",
        )
    each = max(left, 0.0) / max(len(told) - len(stated), 1)
    parts = [(unit, each if np.isnan(share) else share) for unit, share in told]
    return [(unit, share) for unit, share in parts if unit != UNKNOWN and share > _EXACT]


def _heirs(
    unit: int,
    steps: dict[int, list[tuple[int, float]]],
    known: dict[int, dict[int, float]],
    units: Sequence[str],
) -> dict[int, float]:
    """The last heirs of a unit with their shares; itself for whatever nobody took on."""
    waiting, path = [unit], set()
    while waiting:
        here = waiting[-1]
        path.add(here)
        open_ = [heir for heir, _ in steps[here] if heir in steps and heir not in known]
        if any(heir in path for heir in open_):
            raise InputError(
                f"Bảng lineage đi vòng: đơn vị “{units[here]}” cuối cùng lại thành chính nó. Hãy"
                " sửa đơn vị cũ, đơn vị mới của các dòng ấy.",
                place=units[here],
                code="circular-lineage",
            )
        if open_:
            waiting.append(open_[0])
            continue
        known[here] = _shared_out(here, steps, known)
        path.discard(waiting.pop())
    return known[unit]


def _shared_out(
    unit: int, steps: dict[int, list[tuple[int, float]]], known: dict[int, dict[int, float]]
) -> dict[int, float]:
    total: dict[int, float] = {}
    for heir, part in steps[unit]:
        for last, more in known.get(heir, {heir: 1.0}).items():
            total[last] = total.get(last, 0.0) + part * more
    left = 1.0 - sum(part for _, part in steps[unit])
    if left > _EXACT:
        total[unit] = total.get(unit, 0.0) + left
    return total


def inherit(counts: Counts, heirs: Heirs) -> Counts:
    """The counts (n, T) carried to whoever goes on; those of ended units become nothing."""
    return counts.gathered(heirs.unit, heirs.heir, heirs.share, counts.shape[0])
