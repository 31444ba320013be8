"""Facts of a year from the register and from grades: those below, admissions, the secretary."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from fractions import Fraction
from uuid import UUID

from django.db.models import Max

from vungmanh.core.periods import last_day, month_of
from vungmanh.core.vocabulary import ObligationKind, Post
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import MeetingReport
from vungmanh.org.models import AdmissionCount, Appointment
from vungmanh.rulebook import RulebookError, load_rulebook
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.strengthening import year_words as words
from vungmanh.strengthening.year_addresses import ledger_record, unit_record
from vungmanh.strengthening.year_placing import Placing, Span

_GRADES = (
    FactName.SUBORDINATES_RATED, FactName.SUBORDINATES_GOOD, FactName.SUBORDINATES_COMPLETED,
)  # fmt: skip
GOOD = 2  # the two best grades are "good or better", in every regime


def structure_facts(
    placed: Placing, first: dt.date, day: dt.date, at: dt.datetime
) -> dict[UUID, list[Fact]]:
    """Facts of each rated unit; five queries."""
    grades, admissions = _grades(placed, day, at), _admissions(placed, first, day, at)
    vacant = _vacant(placed, first, day, at)
    return {unit: [*grades[unit], admissions[unit], vacant[unit]] for unit in placed.own}


def _grades(placed: Placing, day: dt.date, at: dt.datetime) -> dict[UUID, list[Fact]]:
    """Same year, same scale: grades of those directly below on the day."""
    try:
        scale = {one.code: one.order for one in load_rulebook().grade_scale(day.year).grades}
    except RulebookError:
        scale = {}
    everybody = {one for below in placed.below.values() for one in below}
    rows = YearGrade.objects.filter(unit_id__in=everybody, year=day.year, recorded_at__lte=at)
    orders = {unit: scale[code] for unit, code in rows.values_list("unit_id", "grade")
              if code in scale}  # fmt: skip
    return {
        unit: _grade_facts(placed.below.get(unit, []), orders, len(scale), month_of(day))
        for unit in placed.own
    }


def _grade_facts(
    below: list[UUID], orders: dict[UUID, int], grades: int, month: dt.date
) -> list[Fact]:
    rated = [one for one in below if one in orders]
    if not rated:
        source = words.GRADES_NONE if below else words.NOBODY_BELOW
        return [unknown(name, source) for name in _GRADES]
    good = [one for one in rated if orders[one] <= GOOD]
    completed = [one for one in rated if orders[one] < grades]

    def fact(name: FactName, units: list[UUID], of: int) -> Fact:
        records = tuple(unit_record(one, month) for one in sorted(units))
        return Fact(name, Fraction(len(units)), of, words.GRADES, records)

    return [
        fact(FactName.SUBORDINATES_RATED, rated, len(below)),
        fact(FactName.SUBORDINATES_GOOD, good, len(rated)),
        fact(FactName.SUBORDINATES_COMPLETED, completed, len(rated)),
    ]


def _admissions(placed: Placing, first: dt.date, day: dt.date, at: dt.datetime) -> dict[UUID, Fact]:
    """Where register and report both speak of a month, the report counts, as in assessments."""
    span = {"unit_id__in": placed.units, "month__range": (first, month_of(day))}
    known = AdmissionCount.objects.filter(recorded_at__lte=at).aggregate(last=Max("month"))["last"]
    rows = AdmissionCount.objects.filter(**span, recorded_at__lte=at)
    counts = {(unit, month): n for unit, month, n in rows.values_list("unit_id", "month", "count")}
    reports = MeetingReport.objects.filter(
        **span, kind=ObligationKind.REGULAR, admitted__isnull=False, recorded_at__lte=at
    )
    told_by_report = reports.values_list("unit_id", "month", "admitted")
    said = {(unit, month): n or 0 for unit, month, n in told_by_report}
    total: dict[UUID, int] = defaultdict(int)
    told: dict[UUID, set[UUID]] = defaultdict(set)
    for (unit, month), n in (counts | said).items():
        for rated in placed.rated_of(unit, last_day(month)):
            total[rated] += n
            told[rated].add(unit)
    name, is_kept = FactName.ADMISSIONS, known is not None and known >= first
    return {
        unit: Fact(
            name, Fraction(total[unit]), None, words.ADMISSIONS,
            tuple(ledger_record(one, month_of(day)) for one in sorted(told[unit])),
        )
        if is_kept or told[unit]
        else unknown(name, words.ADMISSIONS_NONE)
        for unit in placed.own
    }  # fmt: skip


def _vacant(placed: Placing, first: dt.date, day: dt.date, at: dt.datetime) -> dict[UUID, Fact]:
    """Days of the year that the unit itself lived without a secretary."""
    posts: dict[UUID, list[Span]] = defaultdict(list)
    rows = Appointment.objects.filter(
        unit_id__in=list(placed.own), post=Post.SECRETARY, recorded_at__lte=at,
        valid__startswith__lte=day,
    )  # fmt: skip
    for unit, valid in rows.values_list("unit_id", "valid"):
        posts[unit].append((valid.lower, valid.upper))
    found = {}
    for unit in placed.own:
        lived = _days(placed.lived.get(unit, []), first, day)
        if not posts[unit] or not lived:
            found[unit] = unknown(FactName.SECRETARY_VACANT, words.SECRETARY_NONE)
            continue
        vacant = len(lived - _days(posts[unit], first, day))
        records = (unit_record(unit, month_of(day)),)
        found[unit] = Fact(
            FactName.SECRETARY_VACANT, Fraction(vacant), len(lived), words.SECRETARY, records
        )
    return found


def _days(spans: list[Span], first: dt.date, day: dt.date) -> set[int]:
    """The days of spans within the year, as ordinals."""
    found: set[int] = set()
    for start, end in spans:
        last = day.toordinal() + 1 if end is None else min(end.toordinal(), day.toordinal() + 1)
        found.update(range(max(start, first).toordinal(), last))
    return found
