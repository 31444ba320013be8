"""What silence, excuses and disbelieved records could hide, so that none of them pays.

A month that is not accounted for never counts as not held: not in the index, not in the
probability. It decides only who is looked at first. A unit that would probably be weak if its
unaccounted months had not been held is *to be verified* and stands among the weak in the order of
work (decisions.md 5 and 10); so leaving a month out never moves anybody down the list.
"""

from __future__ import annotations

import numpy as np

from vungmanh.analysis.counts import Counts
from vungmanh.analysis.strength import PARTS, Estimates, Floats, Ints

#: So many periods before the last lend to its estimate, together about half of what it says.
_BORROWED_FROM, _BORROWED = 2, 0.5


def excused_beyond(counts: Counts, kind: Ints) -> Floats:
    """(n, T): months excused more than those of one's like were.

    `kind` (n,) is the like kind, whose mean share of excused months in that period is taken for
    granted: floods and harvests come to many. The rest is no fault, but neither is it a meeting.
    """
    owed = counts.due + counts.excused
    kinds = int(kind.max(initial=0)) + 1
    excused, months = (np.zeros((kinds, owed.shape[1])) for _ in range(2))
    np.add.at(excused, kind, counts.excused)
    np.add.at(months, kind, owed)
    share = np.divide(excused, months, out=np.zeros_like(excused), where=months > 0)[kind]
    return np.maximum(counts.excused - share * owed, 0.0)


def unaccounted(counts: Counts, kind: Ints) -> Floats:
    """(n, T): months without report, not believed, or excused beyond the usual.

    Excuses of the periods just before count too, for less: estimates borrow from what they left.
    """
    beyond = excused_beyond(counts, kind)
    missing = counts.no_report + counts.set_aside + beyond
    for back in range(1, min(_BORROWED_FROM, beyond.shape[1] - 1) + 1):
        missing[:, back:] += _BORROWED / _BORROWED_FROM * beyond[:, :-back]
    return np.asarray(missing)


def if_not_held(
    estimates: Estimates, reference: Floats, missing: Floats, owed: Floats, weights: Floats
) -> Floats:
    """(n, T): how probably a unit would be weak, had its `missing` of `owed` months not been held.

    Only the part of meetings held is lowered, by the share missing; NaN where nothing is known.
    """
    from scipy.special import ndtr

    share = np.divide(missing, owed, out=np.zeros_like(owed), where=owed > 0).clip(0.0, 1.0)
    held = estimates.parts[..., PARTS.index("held")]
    lowered = estimates.index - weights[PARTS.index("held")] * held * share
    spread = np.where(estimates.sd > 0, estimates.sd, 1e-9)
    return np.asarray(ndtr((reference[:, None] - lowered) / spread))
