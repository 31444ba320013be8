"""Fact reasons and status, fast: whole provinces as arrays (decisions.md 1, 3–5).

The slow, obvious twin is `analysis.reference`; a property test makes the two agree. Nothing here
reads a clock, a database or the rulebook: the rules in force come in as `FactRules`.

A *period* is the twelve months (rulebook parameter) that end with a given month. Periods of one
assessment do not overlap: they end 0, 12, 24 … months before the month assessed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vungmanh.core.periods import add_months, last_day
from vungmanh.core.vocabulary import Status, Weight

#: One character a month: how the ledger of a cell travels between rooms.
MARKS = {"H": "held", "N": "not_held", "-": "no_report", "E": "excused", ".": "not_due"}
HELD, NOT_HELD, NO_REPORT, EXCUSED, NOT_DUE = (ord(mark) for mark in MARKS)

UNKNOWN = -1  # a count nobody recorded; never zero
CONFIRMED, REFUTED = 1, 2  # a month reported as held, as an inspection saw it
NOTHING = -1  # the code of no status at all: no such unit then
STATUSES = tuple(Status)
CODE = {status: code for code, status in enumerate(STATUSES)}
TROUBLE = (Status.WEAK, Status.WATCH, Status.MUST_VERIFY)  # after these a unit is on probation
OPEN = np.iinfo(np.int32).max  # an end that has not come

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FactRules:
    """The rulebook's parameters on the last day of a period."""

    minimum_held: int  # of `of_due` meetings: fewer is a reason
    of_due: int
    minimum_due: int  # with fewer months due there is too little to say
    vacant_days: int
    carried_times: int
    admission_years: int
    minimum_official: int
    failing_numerator: int  # more than this share of an organisation's cells
    failing_denominator: int
    weights: dict[str, Weight]  # by reason key
    reported_percent: int  # below it a unit must be verified first
    period_months: int
    good_periods: int  # good periods in a row before a unit is normal again
    refuted_light: int = 0  # meetings seen not to have been held that were reported as held: from
    refuted_heavy: int = 0  # so many a light reason, from so many a heavy one; 0: no such rule


@dataclass(frozen=True)
class Spans:
    """Dated rows: `unit` is an index, `start` and `end` (exclusive) are day ordinals."""

    unit: Ints
    start: Ints
    end: Ints
    count: Ints  # members; 1 for a post held


@dataclass(frozen=True)
class Inputs:
    """Everything known about n units over m months from `first_month`.

    `marks`, `carried` and `admitted` have shape (n, m); the last two are UNKNOWN where nothing was
    recorded. So has `checked`: CONFIRMED or REFUTED where an inspection could tell of a month that
    had been reported as held, else 0; None where nothing was ever inspected.
    """

    first_month: dt.date
    life_start: Ints  # (n,) first day of existence
    life_end: Ints  # (n,) exclusive, OPEN if it still exists
    marks: NDArray[np.uint8]
    carried: Ints
    admitted: Ints
    secretaries: Spans
    officials: Spans
    checked: NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class Period:
    """One period to assess: where each cell belonged on its last day, and the rules of that day.

    `home` (n,) is the index of the organisation of each cell, UNKNOWN for units that are no cell.
    """

    month: dt.date
    home: Ints
    rules: FactRules
    today: dt.date = dt.date.max

    @property
    def day(self) -> dt.date:
        """The last day of the period, or `today` while it has not come: days are counted to it."""
        return min(last_day(self.month), self.today)


class Reason(IntEnum):
    """Column of each reason in the reason matrices."""

    MEETINGS_HELD = 0
    SECRETARY_VACANT = 1
    FAILING_CELLS = 2
    RESOLUTION_CARRIED = 3
    NO_ADMISSION = 4
    FEW_OFFICIAL = 5
    MEETINGS_REFUTED = 6
    MEETINGS_REFUTED_FEW = 7


REASON_KEYS = (
    "meetings_held", "secretary_vacant", "failing_cells", "resolution_carried", "no_admission",
    "few_official_members", "meetings_refuted", "meetings_refuted_few",
)  # fmt: skip
#: One rule, two steps: what it says of each is not left to the rulebook's single weight.
REFUTED_WEIGHTS = {"meetings_refuted": Weight.HEAVY, "meetings_refuted_few": Weight.LIGHT}


@dataclass(frozen=True)
class Facts:
    """The counts of n units over one period. UNKNOWN where nothing was recorded or it cannot be."""

    alive: Bools
    due: Ints  # excused months left out
    held: Ints
    not_held: Ints
    no_report: Ints
    excused: Ints
    vacant_days: Ints  # 0 in post; UNKNOWN where no appointment was ever recorded
    carried: Ints  # the latest known in the period
    admitted: Ints  # over `admission_years`; UNKNOWN for a younger unit, or if it could still be 0
    official: Ints
    cells: Ints  # organisations: cells with enough months due; cells: 1 or 0
    failing: Ints  # … of which with a heavy reason
    worst: Ints  # organisations: index of the cell with the smallest share held
    checked: Ints  # months reported as held of which an inspection could tell
    refuted: Ints  # … of which none was held


@dataclass(frozen=True)
class Judgement:
    """What the facts of a period amount to. `reasons` has shape (n, number of reasons)."""

    facts: Facts
    reasons: Bools
    undecided: Bools  # the count fails as reported, but unreported months could save it
    silent: Bools  # reported under the limit
    excused_away: Bools  # too few held, had the excuses beyond the usual not been granted
    raw: Ints  # status of this period alone, as a code; NOTHING where there is nothing to say


def _window(inputs: Inputs, month: dt.date, months: int) -> slice:
    """Columns of the `months` months that end with `month`, clipped to what is recorded."""
    last = (month.year - inputs.first_month.year) * 12 + month.month - inputs.first_month.month
    stop = min(max(last + 1, 0), inputs.marks.shape[1])
    return slice(min(max(last + 1 - months, 0), stop), stop)


def _standing(spans: Spans, n: int, day: int) -> Ints:
    """The count in force on `day`, UNKNOWN where none is."""
    result = np.full(n, UNKNOWN, dtype=np.int64)
    now = (spans.start <= day) & (spans.end > day)
    result[spans.unit[now]] = spans.count[now]
    return result


def _vacant_days(inputs: Inputs, day: int) -> Ints:
    """Days without secretary up to and including `day`, since the last one left.

    A unit for which no appointment was ever recorded is UNKNOWN: not recorded is not vacant.
    """
    begun = inputs.secretaries.start <= day
    unit, end = inputs.secretaries.unit[begun], inputs.secretaries.end[begun]
    left = np.full(len(inputs.life_start), UNKNOWN, dtype=np.int64)
    np.maximum.at(left, unit, end)
    days = np.where(left > day, 0, day - np.maximum(left, inputs.life_start) + 1)
    return np.where(left == UNKNOWN, UNKNOWN, days)


def _sum_known(values: Ints) -> Ints:
    """The sum of each row; UNKNOWN where nothing known is above zero and something is unknown."""
    total = np.where(values == UNKNOWN, 0, values).sum(axis=1)
    could_be_more = (values == UNKNOWN).any(axis=1)
    return np.where((total == 0) & could_be_more, UNKNOWN, total)


def _latest_known(values: Ints) -> Ints:
    """The last value of each row that is not UNKNOWN."""
    n, months = values.shape
    if months == 0:
        return np.full(n, UNKNOWN, dtype=np.int64)
    known = values != UNKNOWN
    last = months - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), values[np.arange(n), last], UNKNOWN)


def _cell_facts(inputs: Inputs, period: Period) -> Facts:
    rules, day = period.rules, period.day.toordinal()
    n = len(inputs.life_start)
    alive = (inputs.life_start <= day) & (inputs.life_end > day)
    marks = inputs.marks[:, _window(inputs, period.month, rules.period_months)]
    held, not_held, no_report, excused = (
        (marks == mark).sum(axis=1) for mark in (HELD, NOT_HELD, NO_REPORT, EXCUSED)
    )
    due = held + not_held + no_report
    years_ago = add_months(period.month, 1 - 12 * rules.admission_years)
    admitted = inputs.admitted[:, _window(inputs, period.month, 12 * rules.admission_years)]
    is_old = (inputs.life_start <= years_ago.toordinal()) & (inputs.first_month <= years_ago)
    carried = inputs.carried[:, _window(inputs, period.month, rules.period_months)]
    seen = np.zeros_like(inputs.marks) if inputs.checked is None else inputs.checked
    seen = seen[:, _window(inputs, period.month, rules.period_months)]
    nobody = np.zeros(n, dtype=np.int64)
    return Facts(
        alive=alive,
        due=due,
        held=held,
        not_held=not_held,
        no_report=no_report,
        excused=excused,
        vacant_days=_vacant_days(inputs, day),
        carried=_latest_known(carried),
        admitted=np.where(is_old, _sum_known(admitted), UNKNOWN),
        official=_standing(inputs.officials, n, day),
        cells=(due >= rules.minimum_due).astype(np.int64),
        failing=nobody,
        worst=np.full(n, UNKNOWN, dtype=np.int64),
        checked=(seen != 0).sum(axis=1),
        refuted=(seen == REFUTED).sum(axis=1),
    )


def _meetings(facts: Facts, rules: FactRules) -> tuple[Bools, Bools]:
    """(too few even if every unreported month was held, too few only as reported)."""
    enough_due = facts.cells > 0
    short = facts.held * rules.of_due < rules.minimum_held * facts.due
    surely = (facts.held + facts.no_report) * rules.of_due < rules.minimum_held * facts.due
    return enough_due & surely, enough_due & short & ~surely


def _judge(facts: Facts, rules: FactRules, *, of_organisations: bool) -> Judgement:
    surely, undecided = _meetings(facts, rules)
    reasons = np.zeros((len(facts.alive), len(Reason)), dtype=np.bool_)
    reasons[:, Reason.MEETINGS_HELD] = surely
    reasons[:, Reason.SECRETARY_VACANT] = facts.vacant_days >= rules.vacant_days
    reasons[:, Reason.NO_ADMISSION] = facts.admitted == 0
    if of_organisations:
        reasons[:, Reason.FAILING_CELLS] = (
            facts.failing * rules.failing_denominator > rules.failing_numerator * facts.cells
        )
    else:
        reasons[:, Reason.RESOLUTION_CARRIED] = facts.carried >= rules.carried_times
        reasons[:, Reason.FEW_OFFICIAL] = (facts.official != UNKNOWN) & (
            facts.official < rules.minimum_official
        )
        if rules.refuted_light:
            heavy_enough = facts.refuted >= rules.refuted_heavy
            reasons[:, Reason.MEETINGS_REFUTED] = heavy_enough
            reasons[:, Reason.MEETINGS_REFUTED_FEW] = ~heavy_enough & (
                facts.refuted >= rules.refuted_light
            )
    reasons &= facts.alive[:, None]
    heavy = reasons[:, heavy_columns(rules)].any(axis=1)
    reported = facts.held + facts.not_held
    silent = facts.alive & (facts.due > 0) & (reported * 100 < rules.reported_percent * facts.due)
    has_reason = reasons.any(axis=1)
    too_few = facts.cells == 0
    raw = np.full(len(facts.alive), NOTHING, dtype=np.int64)
    for where, status in (
        (facts.alive, Status.NORMAL),
        (facts.alive & too_few, Status.TOO_FEW),
        (has_reason, Status.WATCH),
        (facts.alive & undecided, Status.TO_VERIFY),
        (heavy, Status.WEAK),
        (silent, Status.MUST_VERIFY),
    ):
        raw[where] = CODE[status]
    nobody = np.zeros_like(silent)  # the second layer knows what is usual: `standing`
    return Judgement(facts, reasons, undecided & facts.alive, silent, nobody, raw)


def heavy_columns(rules: FactRules) -> Bools:
    """Which columns of a reason matrix are heavy under these rules."""
    return np.array([rules.weights[key] is Weight.HEAVY for key in REASON_KEYS])


def judge_cells(inputs: Inputs, period: Period) -> Judgement:
    """The facts, reasons and raw status of every unit taken as a cell; only cells mean anything."""
    facts = _cell_facts(inputs, period)
    judged = _judge(facts, period.rules, of_organisations=False)
    is_cell = period.home != UNKNOWN
    return replace(
        judged,
        raw=np.where(is_cell, judged.raw, NOTHING),
        reasons=judged.reasons & is_cell[:, None],
        undecided=judged.undecided & is_cell,
        silent=judged.silent & is_cell,
    )


def judge_organisations(inputs: Inputs, period: Period, cells: Judgement) -> Judgement:
    """The facts, reasons and raw status of every organisation: the sums over its cells.

    The mean over cell-months due is the sum held over the sum due (decisions.md 1). A cell that is
    itself an organisation keeps the judgement it has as a cell, so that it is counted once.
    """
    n, rules, of_cell = len(period.home), period.rules, cells.facts
    members = np.flatnonzero((period.home != UNKNOWN) & of_cell.alive)
    home = period.home[members]

    def total(values: Ints) -> Ints:
        return np.bincount(home, weights=values[members], minlength=n).astype(np.int64)

    counted = (of_cell.due >= rules.minimum_due) & of_cell.alive
    heavy = cells.reasons[:, heavy_columns(rules)].any(axis=1)
    known = of_cell.admitted != UNKNOWN
    all_known = total((~known).astype(np.int64)) == 0
    has_cells = np.bincount(home, minlength=n)
    day = period.day.toordinal()
    facts = Facts(
        alive=(inputs.life_start <= day) & (inputs.life_end > day) & (has_cells > 0),
        due=total(of_cell.due),
        held=total(of_cell.held),
        not_held=total(of_cell.not_held),
        no_report=total(of_cell.no_report),
        excused=total(of_cell.excused),
        vacant_days=of_cell.vacant_days,
        carried=np.full(n, UNKNOWN, dtype=np.int64),
        admitted=np.where(all_known, total(np.where(known, of_cell.admitted, 0)), UNKNOWN),
        official=np.full(n, UNKNOWN, dtype=np.int64),
        cells=total(counted.astype(np.int64)),
        failing=total((counted & heavy).astype(np.int64)),
        worst=_worst_cells(of_cell, members[counted[members]], period.home, n),
        checked=total(of_cell.checked),
        refuted=total(of_cell.refuted),
    )
    judged = _judge(facts, rules, of_organisations=True)
    return _keep_cells_that_are_organisations(judged, cells, period.home)


def _worst_cells(facts: Facts, members: Ints, home: Ints, n: int) -> Ints:
    """For each organisation the cell with the smallest share held; ties: the lower index."""
    share = facts.held[members] / facts.due[members]
    order = np.lexsort((members, share))[::-1]  # the worst is written last and stays
    worst = np.full(n, UNKNOWN, dtype=np.int64)
    worst[home[members][order]] = members[order]
    return worst


def _keep_cells_that_are_organisations(
    organisations: Judgement, cells: Judgement, home: Ints
) -> Judgement:
    own = home == np.arange(len(home))
    facts = organisations.facts
    kept = {
        name: np.where(own, getattr(cells.facts, name), getattr(facts, name))
        for name in Facts.__dataclass_fields__
    }
    return replace(
        organisations,
        facts=Facts(**kept),
        reasons=np.where(own[:, None], cells.reasons, organisations.reasons),
        undecided=np.where(own, cells.undecided, organisations.undecided),
        silent=np.where(own, cells.silent, organisations.silent),
        raw=np.where(own, cells.raw, organisations.raw),
    )


def status_over(raws: list[Ints], good_periods: int) -> list[Ints]:
    """The status codes after each period, oldest first (decisions.md 3, "Clearing").

    A unit that has been weak, watched or silent returns to normal only after `good_periods` good
    periods in a row; until then it is watched: silence must not pay (decisions.md 5). A period that
    cannot be judged is not a good one.
    """
    n = len(raws[0])
    troubled = np.zeros(n, dtype=np.bool_)
    good = np.zeros(n, dtype=np.int64)
    result = []
    for raw in raws:
        is_good = raw == CODE[Status.NORMAL]
        good = np.where(is_good, good + 1, 0)
        in_trouble = np.isin(raw, [CODE[status] for status in TROUBLE])
        troubled = (troubled | in_trouble) & (raw != NOTHING)
        troubled &= good < good_periods
        status = raw.copy()
        status[is_good & troubled] = CODE[Status.WATCH]
        result.append(status)
    return result
