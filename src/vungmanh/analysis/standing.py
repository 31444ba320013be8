"""Where every unit stands after a series of periods, and in which order to work through them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vungmanh.analysis.facts import (
    CODE,
    NOTHING,
    REASON_KEYS,
    STATUSES,
    UNKNOWN,
    Bools,
    FactRules,
    Floats,
    Inputs,
    Ints,
    Judgement,
    Period,
    Reason,
    heavy_columns,
    judge_cells,
    judge_organisations,
    status_over,
)
from vungmanh.core.vocabulary import Status

#: Order of working. The silence queue (MUST_VERIFY) comes before everything and is not ranked.
ORDER = (
    (Status.MUST_VERIFY,), (Status.WEAK, Status.TO_VERIFY), (Status.WATCH,), (Status.TOO_FEW,),
    (Status.NORMAL,),
)  # fmt: skip
#: A heavy reason, or a count that silence keeps undecided, weighs like this probability.
_STANDS_OUT = 0.8

_OPEN_TO_PROBABILITY = (Status.NORMAL, Status.WATCH, Status.TO_VERIFY)


@dataclass(frozen=True)
class Standing:
    """One grain, cells or organisations: the judgement of the last period, and its statuses.

    `places` are the indices of the units of this grain; `status` and `previous` are codes for all
    units (NOTHING where there is none).
    """

    judged: Judgement
    status: Ints
    previous: Ints
    places: Ints


@dataclass(frozen=True)
class Signs:
    """What the second layer says of one grain (decisions.md 3), each of shape (n, periods).

    `lasting`: probably weak, for as many periods in a row as ruled; `noticed`: probable enough to
    be watched; `likely`: probably weak in this period alone; `hidden`: would probably be weak if
    what is not accounted for had not been held (`analysis.doubt`); `excused`: months excused beyond
    the usual.
    """

    lasting: Bools
    noticed: Bools
    likely: Bools
    hidden: Bools
    excused: Floats


def stand(
    inputs: Inputs, periods: list[Period], signs: tuple[Signs, Signs] | None = None
) -> tuple[Standing, Standing]:
    """(cells, organisations) after `periods`, which come oldest first and do not overlap.

    `signs` are those of cells and of organisations; without them the facts alone decide.
    """
    of_cells = [judge_cells(inputs, period) for period in periods]
    of_organisations = [
        judge_organisations(inputs, period, cells)
        for period, cells in zip(periods, of_cells, strict=True)
    ]
    if signs is not None:
        of_cells, of_organisations = (
            [_heeding(one, sign, place, periods[place].rules) for place, one in enumerate(judged)]
            for judged, sign in zip((of_cells, of_organisations), signs, strict=True)
        )
    home, good = periods[-1].home, periods[-1].rules.good_periods
    cell_status, cell_before = _last_two(of_cells, good)
    status, before = _last_two(of_organisations, good)
    is_cell = (home != UNKNOWN) & (cell_status != NOTHING)
    own = is_cell & (home == np.arange(len(home)))
    is_organisation = (status != NOTHING) & (own | ~is_cell)
    return (
        Standing(of_cells[-1], cell_status, cell_before, np.flatnonzero(is_cell)),
        Standing(of_organisations[-1], status, before, np.flatnonzero(is_organisation)),
    )


def _heeding(judged: Judgement, signs: Signs, period: int, rules: FactRules) -> Judgement:
    """The raw status with the second layer: it adds to the facts and never overrides silence.

    Where too little was due to speak of meetings, probability alone says nothing; but who had the
    months excused that would have said it is asked again.
    """
    raw = judged.raw.copy()
    open_to_it = np.isin(raw, [CODE[status] for status in _OPEN_TO_PROBABILITY])
    excused_away = _excused_away(judged, signs.excused[:, period], rules) & open_to_it
    hidden = signs.hidden[:, period]
    to_verify = (hidden & ~signs.likely[:, period] & open_to_it) | excused_away
    to_verify |= hidden & (raw == CODE[Status.TOO_FEW]) & (judged.facts.excused > 0)
    raw[signs.noticed[:, period] & (raw == CODE[Status.NORMAL])] = CODE[Status.WATCH]
    raw[to_verify] = CODE[Status.TO_VERIFY]
    raw[signs.lasting[:, period] & open_to_it] = CODE[Status.WEAK]
    return replace(judged, raw=raw, excused_away=excused_away)


def _excused_away(judged: Judgement, beyond: Floats, rules: FactRules) -> Bools:
    """Who would have too few meetings, had the excuses beyond the usual not been granted."""
    facts, column = judged.facts, REASON_KEYS.index("meetings_held")
    owed = facts.due + np.minimum(beyond, facts.excused)
    short = facts.held * rules.of_due < rules.minimum_held * owed
    told = judged.reasons[:, column] | judged.undecided
    return np.asarray(short & ~told & (facts.excused > 0) & (facts.cells > 0))


def _last_two(judged: list[Judgement], good_periods: int) -> tuple[Ints, Ints]:
    """Status codes after the last period and after the one before it."""
    statuses = status_over([one.raw for one in judged], good_periods)
    before = statuses[-2] if len(statuses) > 1 else np.full_like(statuses[-1], NOTHING)
    return statuses[-1], before


def in_order(standing: Standing, period: Period, hidden: Floats | None = None) -> list[int]:
    """The units of a grain as they are worked through: silent first, the good last.

    The weak and those to be verified are worked together: whoever leaves out what would show
    weakness gains nothing by it. Among them, by the probability of being weak had the months not
    accounted for not been held (`hidden` (n,), `analysis.doubt`), where a heavy reason, an
    undecided count or a report that was refuted weighs as much as the limit; then heavy reasons,
    light ones, smallest share held, index. Among the silent the least reported comes first.
    """
    judged, units = standing.judged, standing.places
    heavy = judged.reasons[:, heavy_columns(period.rules)].sum(axis=1)
    light = judged.reasons.sum(axis=1) - heavy
    probable = np.zeros(len(heavy)) if hidden is None else np.nan_to_num(hidden).round(4)
    stands_out = (heavy > 0) | judged.undecided | judged.excused_away
    stands_out |= judged.reasons[:, Reason.MEETINGS_REFUTED_FEW]
    probable = np.where(stands_out, np.maximum(probable, _STANDS_OUT), probable)
    rank = np.empty(len(STATUSES), dtype=np.int64)
    for place, together in enumerate(ORDER):
        for status in together:
            rank[CODE[status]] = place
    facts = judged.facts
    due = np.maximum(facts.due, 1)
    is_silent = standing.status == CODE[Status.MUST_VERIFY]
    share = np.where(is_silent, facts.held + facts.not_held, facts.held) / due
    first = np.where(is_silent, share, -probable)
    order = np.lexsort(
        (
            units,
            share[units],
            -light[units],
            -heavy[units],
            first[units],
            rank[standing.status[units]],
        )
    )
    return [int(unit) for unit in units[order]]
