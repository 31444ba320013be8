"""The slow twin of `analysis.facts`: one unit, one month at a time, as a clerk would count.

Only tests use it. It shares the input types and nothing else, so that it can judge the fast one.
"""

from __future__ import annotations

import datetime as dt

from vungmanh.analysis.facts import REFUTED, UNKNOWN, FactRules, Inputs, Period
from vungmanh.core.periods import add_months
from vungmanh.core.vocabulary import Status, Weight


def _mark(inputs: Inputs, unit: int, month: dt.date) -> str:
    place = (month.year - inputs.first_month.year) * 12 + month.month - inputs.first_month.month
    if place < 0 or place >= inputs.marks.shape[1]:
        return "."
    return chr(inputs.marks[unit, place])


def _value(inputs: Inputs, table: object, unit: int, month: dt.date, default: int) -> int:
    place = (month.year - inputs.first_month.year) * 12 + month.month - inputs.first_month.month
    if place < 0 or place >= inputs.marks.shape[1]:
        return default
    return int(table[unit, place])  # type: ignore[index]


def _months(period: Period, count: int) -> list[dt.date]:
    return [add_months(period.month, -back) for back in range(count - 1, -1, -1)]


def count_cell(inputs: Inputs, period: Period, unit: int) -> dict[str, int]:
    """The counts of one cell over one period."""
    rules, day = period.rules, period.day
    counts = {"due": 0, "held": 0, "not_held": 0, "no_report": 0, "excused": 0, "carried": UNKNOWN}
    counts["refuted"] = 0
    for month in _months(period, rules.period_months):
        mark = _mark(inputs, unit, month)
        if mark == "H":
            counts["held"] += 1
            counts["due"] += 1
        elif mark == "N":
            counts["not_held"] += 1
            counts["due"] += 1
        elif mark == "-":
            counts["no_report"] += 1
            counts["due"] += 1
        elif mark == "E":
            counts["excused"] += 1
        if inputs.checked is not None:
            counts["refuted"] += _value(inputs, inputs.checked, unit, month, 0) == REFUTED
        carried = _value(inputs, inputs.carried, unit, month, UNKNOWN)
        if carried != UNKNOWN:
            counts["carried"] = carried
    counts["vacant_days"] = _days_vacant(inputs, unit, day)
    counts["admitted"] = _admitted(inputs, period, unit)
    counts["official"] = UNKNOWN
    officials = inputs.officials
    for row in range(len(officials.unit)):
        if (
            officials.unit[row] == unit
            and officials.start[row] <= day.toordinal() < officials.end[row]
        ):
            counts["official"] = int(officials.count[row])
    return counts


def _days_vacant(inputs: Inputs, unit: int, day: dt.date) -> int:
    posts = inputs.secretaries
    if not any(
        posts.unit[row] == unit and posts.start[row] <= day.toordinal()
        for row in range(len(posts.unit))
    ):
        return UNKNOWN
    days = 0
    today = day.toordinal()
    while today >= inputs.life_start[unit]:
        if any(
            posts.unit[row] == unit and posts.start[row] <= today < posts.end[row]
            for row in range(len(posts.unit))
        ):
            return days
        days += 1
        today -= 1
    return days


def _admitted(inputs: Inputs, period: Period, unit: int) -> int:
    months = _months(period, 12 * period.rules.admission_years)
    if inputs.life_start[unit] > months[0].toordinal() or inputs.first_month > months[0]:
        return UNKNOWN
    counts = [_value(inputs, inputs.admitted, unit, month, 0) for month in months]
    known = sum(count for count in counts if count != UNKNOWN)
    return UNKNOWN if known == 0 and UNKNOWN in counts else known


def _too_few_meetings(counts: dict[str, int], rules: FactRules, unheld: int) -> bool:
    """Whether fewer than the minimum share was held, `unheld` unreported months taken as held."""
    return (counts["held"] + unheld) * rules.of_due < rules.minimum_held * counts["due"]


def _is_alive(inputs: Inputs, period: Period, unit: int) -> bool:
    return bool(inputs.life_start[unit] <= period.day.toordinal() < inputs.life_end[unit])


def _status(counts: dict[str, int], reasons: set[str], rules: FactRules, *, enough: bool) -> Status:
    reported = counts["held"] + counts["not_held"]
    if counts["due"] > 0 and reported / counts["due"] < rules.reported_percent / 100:
        return Status.MUST_VERIFY
    if any(rules.weights[reason] is Weight.HEAVY for reason in reasons):
        return Status.WEAK
    if enough and "meetings_held" not in reasons and _too_few_meetings(counts, rules, 0):
        return Status.TO_VERIFY
    if reasons:
        return Status.WATCH
    return Status.NORMAL if enough else Status.TOO_FEW


def judge_cell(inputs: Inputs, period: Period, unit: int) -> tuple[set[str], Status | None]:
    """The reasons and the raw status of one cell."""
    if not _is_alive(inputs, period, unit) or period.home[unit] == UNKNOWN:
        return set(), None
    rules, counts = period.rules, count_cell(inputs, period, unit)
    reasons = set()
    if counts["due"] >= rules.minimum_due and _too_few_meetings(counts, rules, counts["no_report"]):
        reasons.add("meetings_held")
    if counts["vacant_days"] >= rules.vacant_days:
        reasons.add("secretary_vacant")
    if counts["carried"] != UNKNOWN and counts["carried"] >= rules.carried_times:
        reasons.add("resolution_carried")
    if counts["admitted"] == 0:
        reasons.add("no_admission")
    if counts["official"] != UNKNOWN and counts["official"] < rules.minimum_official:
        reasons.add("few_official_members")
    if 0 < rules.refuted_light <= counts["refuted"]:
        is_heavy = counts["refuted"] >= rules.refuted_heavy
        reasons.add("meetings_refuted" if is_heavy else "meetings_refuted_few")
    return reasons, _status(counts, reasons, rules, enough=counts["due"] >= rules.minimum_due)


def judge_organisation(inputs: Inputs, period: Period, unit: int) -> tuple[set[str], Status | None]:
    """The reasons and the raw status of one organisation, from its cells one by one."""
    if period.home[unit] == unit:
        return judge_cell(inputs, period, unit)
    rules = period.rules
    cells = [
        cell
        for cell in range(len(period.home))
        if period.home[cell] == unit and _is_alive(inputs, period, cell)
    ]
    all_counts = {cell: count_cell(inputs, period, cell) for cell in cells}
    counted = [cell for cell in cells if all_counts[cell]["due"] >= rules.minimum_due]
    if not cells or not _is_alive(inputs, period, unit):
        return set(), None
    names = ("due", "held", "not_held", "no_report")
    counts = {name: sum(all_counts[cell][name] for cell in cells) for name in names}
    reasons = set()
    if counted and _too_few_meetings(counts, rules, counts["no_report"]):
        reasons.add("meetings_held")
    if _days_vacant(inputs, unit, period.day) >= rules.vacant_days:
        reasons.add("secretary_vacant")
    failing = [
        cell
        for cell in counted
        if any(
            rules.weights[reason] is Weight.HEAVY for reason in judge_cell(inputs, period, cell)[0]
        )
    ]
    if len(failing) * rules.failing_denominator > rules.failing_numerator * len(counted):
        reasons.add("failing_cells")
    admitted = [all_counts[cell]["admitted"] for cell in cells]
    if UNKNOWN not in admitted and sum(admitted) == 0:
        reasons.add("no_admission")
    return reasons, _status(counts, reasons, rules, enough=bool(counted))


def heeding(
    raw: Status | None, probabilities: list[float | None], rules: tuple[int, int, int]
) -> Status | None:
    """The raw status of a period with the second layer of "weak" (decisions.md 3).

    `probabilities` of being weak end with this period, oldest first, None where unknown; `rules`
    are the percents for weak and for watch, and the periods in a row.
    """
    weak, watch, in_a_row = rules
    latest = probabilities[-in_a_row:]
    if raw not in {Status.NORMAL, Status.WATCH, Status.TO_VERIFY}:
        return raw
    if len(latest) == in_a_row and all(p is not None and 100 * p >= weak for p in latest):
        return Status.WEAK
    now = probabilities[-1]
    if raw is Status.NORMAL and now is not None and 100 * now >= watch:
        return Status.WATCH
    return raw


def status_after(raws: list[Status | None], good_periods: int) -> Status | None:
    """The status after the last of one unit's periods, oldest first."""
    troubled, good, status = False, 0, None
    for raw in raws:
        status = raw
        if raw is None:
            troubled, good = False, 0
        elif raw is Status.NORMAL:
            good += 1
            if troubled and good < good_periods:
                status = Status.WATCH
            else:
                troubled = False
        else:
            good = 0
            troubled = troubled or raw in {Status.WEAK, Status.WATCH, Status.MUST_VERIFY}
    return status
