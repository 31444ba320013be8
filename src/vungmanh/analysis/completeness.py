"""How much is known at all, and what the unknown part could hide.

A month without a report is neither a meeting held nor one missed. Completeness is an indicator of
its own; the share of meetings held comes with the worst and the best it could be (Manski 1989),
and with what it would be if the silent months were worse than the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from vungmanh.analysis.counts import Counts, Floats
from vungmanh.analysis.intervals import Interval, wilson


class Bounds(NamedTuple):
    """The least and the most a figure could be; arrays of one shape, NaN where nothing was due."""

    worst: Floats
    best: Floats


def completeness(received: ArrayLike, due: ArrayLike, level: float = 0.95) -> Interval:
    """Reports received of reports due, with Wilson's interval; NaN where none was due.

    Raises ValueError where more was received than due.
    """
    return wilson(received, due, level)


def bounds_of_share(known_yes: ArrayLike, known_no: ArrayLike, unknown: ArrayLike) -> Bounds:
    """A share if every unknown were no, and if every unknown were yes (Manski 1989).

    For meetings: held, not held, and months without report or not believed. Counts ≥ 0 of one
    shape; both bounds lie in [0, 1].
    """
    yes, no, open_ = (np.asarray(part, dtype=np.float64) for part in (known_yes, known_no, unknown))
    total = yes + no + open_
    under = np.where(total > 0, total, np.nan)
    return Bounds(yes / under, (yes + open_) / under)


def bounds_of_index(counts: Counts, weights: Sequence[float]) -> Bounds:
    """The index (0–100) at its worst and its best; (n, T).

    `weights` of held, attendance and tasks on time; they add up to 1. Each part is bounded by
    itself: an unknown month counts as not held, with nobody present, with nothing done, and then
    as the opposite; in size it is like the unit's known months. A part of which nothing at all is
    known may be anything. The bounds are never too narrow, and a little wider than necessary,
    since a meeting that was not held cannot have been badly attended. Months excused are not due.
    """
    silent = counts.no_report + counts.set_aside
    unseen = silent + np.maximum(counts.held - counts.attended, 0.0)
    untold = np.maximum(counts.due - counts.tasked, 0.0)
    parts = (
        bounds_of_share(counts.held, counts.not_held, silent),
        _bounds_of_sums(counts.present, counts.owing, counts.attended, unseen),
        _bounds_of_sums(counts.tasks_on_time, counts.tasks_due, counts.tasked, untold),
    )
    pairs = list(zip(weights, parts, strict=True))
    worst = sum((weight * part.worst for weight, part in pairs), np.zeros(counts.shape))
    best = sum((weight * part.best for weight, part in pairs), np.zeros(counts.shape))
    due = counts.due > 0
    return Bounds(np.where(due, 100 * worst, np.nan), np.where(due, 100 * best, np.nan))


def if_silence_is_worse(
    held: ArrayLike, not_held: ArrayLike, unknown: ArrayLike, delta: ArrayLike
) -> Floats:
    """The share held if the odds in unknown months were `delta` times those in known months.

    1 says that silence tells nothing, 0.5 that it is worse, 0 that nothing was held: how much
    must one believe before the judgement turns? (A selection model's sensitivity parameter;
    Little & Rubin 2019, ch. 15.) NaN where no month is known.
    """
    yes, no, open_ = (np.asarray(part, dtype=np.float64) for part in (held, not_held, unknown))
    factor = np.asarray(delta, dtype=np.float64)
    if (factor < 0).any():
        raise ValueError("delta multiplies odds and cannot be negative")
    known = np.where(yes + no > 0, yes + no, np.nan)
    both = factor * yes + no
    silent = np.divide(factor * yes, both, out=np.zeros(np.shape(both)), where=both > 0)
    return np.asarray((yes + open_ * silent) / (known + open_), dtype=np.float64)


def _bounds_of_sums(done: Floats, total: Floats, known: Floats, unknown: Floats) -> Bounds:
    """Bounds of done / total where unknown months are of the size of the known ones."""
    usual = np.divide(total, known, out=np.zeros_like(total), where=known > 0)
    hidden = unknown * usual
    under = np.where(total > 0, total + hidden, np.nan)
    worst, best = done / under, (done + hidden) / under
    nothing = np.isnan(under)
    return Bounds(np.where(nothing, 0.0, worst), np.where(nothing, 1.0, best))
