"""The next badge by years of membership, and from which day it may be given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.text import date_vi
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.days import WorkingDays, months_after
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.members import BadgeRule, DisciplineForm

_LAST_YEAR = 9999


@dataclass(frozen=True)
class BadgeFacts:
    """`joined_on` is the day from which years count; `held` the badges already given."""

    joined_on: dt.date | None
    held: tuple[int, ...] = ()
    disciplines: tuple[tuple[DisciplineForm, dt.date], ...] = ()


@dataclass(frozen=True)
class BadgeDue:
    """The badge of `years`: reached on a day, given at the batch after it and after any wait.

    `early_from` is the first day on which it may be asked for early (grave illness, or after
    death); `dossier_by` the working day by which a dossier goes up, where a rule says one.
    """

    years: int
    reached_on: dt.date
    batch_on: dt.date
    waits_until: dt.date | None
    early_from: dt.date | None
    dossier_by: dt.date | None
    finding: PeopleFinding


def next_badge(
    view: RulebookView, facts: BadgeFacts, *, on: dt.date, calendar: WorkingDays
) -> BadgeDue | PeopleFinding:
    """The highest badge reached by `on` and not held, else the next; a finding where unknown."""
    rule = ruling(view, BadgeRule)
    if rule is None:
        return no_rule("badge", "Huy hiệu Đảng")
    if facts.joined_on is None:
        return unknown("badge", "Chưa rõ ngày vào Đảng.", rule.cite("years"))
    years = _next(rule.value, facts, on)
    if years is None:
        text = "Không còn mốc Huy hiệu Đảng nào."
        return PeopleFinding("badge", JudgedState.OK, text, (), rule.cite("years"))
    return _due(rule, facts, years, on, calendar)


def _next(rule: BadgeRule, facts: BadgeFacts, on: dt.date) -> int | None:
    assert facts.joined_on is not None
    above = [one for one in rule.years if one > max(facts.held, default=0)]
    above = [one for one in above if facts.joined_on.year + one <= _LAST_YEAR]
    reached = [one for one in above if months_after(facts.joined_on, one * 12) <= on]
    return reached[-1] if reached else (above[0] if above else None)


def _due(
    rule: Ruling[BadgeRule], facts: BadgeFacts, years: int, on: dt.date, calendar: WorkingDays
) -> BadgeDue:
    value = rule.value
    assert facts.joined_on is not None
    reached = months_after(facts.joined_on, years * 12)
    waits = _waits(value, facts)
    held_back = waits is not None and waits > max(reached, on)
    batch = _batch(value, max(reached, on, waits or reached))
    early = value.early(years)
    finding = PeopleFinding(
        "badge",
        JudgedState.NOT_MET if held_back or reached > batch else JudgedState.MET,
        f"Huy hiệu {years} năm: đủ ngày {date_vi(reached)}, đợt {date_vi(batch)}."
        + (f" Sau kỷ luật, chờ đến {date_vi(waits)}." if held_back and waits else ""),
        (("Năm tuổi Đảng", years), ("Đủ ngày", reached), ("Đợt trao", batch)),
        rule.cite("years", *(("after_discipline",) if held_back else ("batches",))),
    )
    return BadgeDue(
        years,
        reached,
        batch,
        waits if held_back else None,
        months_after(reached, -early) if early is not None else None,
        _before(batch, value.dossier_days, calendar),
        finding,
    )


def _waits(rule: BadgeRule, facts: BadgeFacts) -> dt.date | None:
    ends = [
        months_after(day, months)
        for form, day in facts.disciplines
        if (months := rule.wait_months(form)) is not None
    ]
    return max(ends, default=None)


def _batch(rule: BadgeRule, day: dt.date) -> dt.date:
    """The first day of giving on or after a day; the day itself where the rule names none."""
    days = (
        dt.date(year, one.month, one.day)
        for year in (day.year, day.year + 1)
        for one in sorted(rule.batches, key=lambda batch: (batch.month, batch.day))
    )
    return next((one for one in days if one >= day), day)


def _before(day: dt.date, count: int | None, calendar: WorkingDays) -> dt.date | None:
    """So many working days before a day; None where no rule asks or the calendar lacks a year."""
    if count is None:
        return None
    found, left = day, count
    while left > 0:
        found -= dt.timedelta(days=1)
        working = calendar.is_working(found)
        if working is None:
            return None
        left -= working
    return found
