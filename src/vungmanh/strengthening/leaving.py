"""Whether a chosen unit may leave: the months since entry held against its terms of leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum

from vungmanh.core.periods import add_months, last_day, month_of, month_range
from vungmanh.core.programme_words import MeasureState
from vungmanh.core.vocabulary import (
    InspectionState,
    Post,
    ReportedThen,
    Status,
    TaskState,
    Verdict,
)
from vungmanh.evaluation.models import YearGrade
from vungmanh.meetings.models import Inspection, InspectionMonth, Task
from vungmanh.meetings.series import MonthTotal
from vungmanh.org.models import AdmissionCount, Appointment, UnitClosure
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.programmes.exit import ExitFinding, Known, judge_exit
from vungmanh.rulebook.values.programmes import ExitCheck, ExitCriterion, ExitRule
from vungmanh.strengthening.following import YEAR, exact, last_whole, totals_of
from vungmanh.strengthening.models import Assessment, SupportFile


@dataclass(frozen=True)
class Independent:
    """A piece of evidence by somebody who did not strengthen the unit."""

    kind: str
    id: str
    on: dt.date
    text: str


def terms_of(file: SupportFile) -> ExitRule:
    """The terms of leaving as they were fixed at entry."""
    said = file.exit_terms
    return ExitRule(
        criteria=tuple(
            ExitCriterion(ExitCheck(one["check"]), one["minimum"]) for one in said["criteria"]
        ),
        months=said["months"],
        independent=said["independent"],
        hold_months=said["hold_months"],
        label_months=said["label_months"],
    )


def units_of(file: SupportFile) -> list[UUID]:
    """The unit of a file, and those it was carried over from."""
    return [file.unit_id, *(UUID(one["unit"]) for one in file.line)]


def exit_finding(file: SupportFile, until: dt.date) -> ExitFinding:
    """Whether the unit may leave, by the months since entry. A bounded number of queries."""
    rule = terms_of(file)
    return judge_exit(rule, exit_months(file, rule, until), len(independent_of(file, until)))


def exit_months(
    file: SupportFile, rule: ExitRule, until: dt.date
) -> list[Mapping[ExitCheck, Known]]:
    """What is known of each criterion at the end of each whole month since entry, oldest first."""
    entry, last = month_of(file.begun_on), last_whole(until)
    if last <= entry:
        return []
    totals = totals_of(file.unit_id, add_months(entry, -YEAR), last)
    rows = {
        row["run__month"]: row
        for row in Assessment.objects.filter(
            unit_id=file.unit_id, run__month__gt=entry, run__month__lte=last
        ).values("run__month", "status", "heavy")
    }
    dated = _Dated(file, last)
    minimum = {one.check: one.minimum for one in rule.criteria}
    found: list[Mapping[ExitCheck, Known]] = []
    for month in month_range(add_months(entry, 1), last):
        year = [totals[one] for one in month_range(add_months(month, 1 - YEAR), month)]
        row = rows.get(month)
        found.append(
            {
                ExitCheck.HELD_PERCENT: _held(year, minimum.get(ExitCheck.HELD_PERCENT)),
                ExitCheck.REPORTED_PERCENT: _reported(year),
                ExitCheck.NOT_WEAK: None if row is None else row["status"] != Status.WEAK,
                ExitCheck.NO_HEAVY_REASON: None if row is None else not row["heavy"],
                **dated.on(last_day(month)),
            }
        )
    return found


def _held(year: Sequence[MonthTotal], minimum: int | None) -> Fraction | None:
    """Percent held of what was due; None where the months without a report would decide."""
    due = sum((exact(one.due) for one in year), Fraction(0))
    if not due:
        return None
    low = 100 * sum((exact(one.held) for one in year), Fraction(0)) / due
    high = low + 100 * sum((exact(one.no_report) for one in year), Fraction(0)) / due
    return None if minimum is not None and low < minimum <= high else low


def _reported(year: Sequence[MonthTotal]) -> Fraction | None:
    due = sum((exact(one.due) for one in year), Fraction(0))
    silent = sum((exact(one.no_report) for one in year), Fraction(0))
    return 100 * (due - silent) / due if due else None


class _Dated:
    """Facts with days of their own, read once and asked for each month."""

    def __init__(self, file: SupportFile, last: dt.date) -> None:
        self.file = file
        units = list(
            UnitClosure.objects.filter(ancestor_id__in=units_of(file)).values_list(
                "descendant_id", flat=True
            )
        )
        self.secretaries = list(
            Appointment.objects.filter(unit_id=file.unit_id, post=Post.SECRETARY)
        )
        self.admitted = dict(
            AdmissionCount.objects.filter(
                unit_id__in=units, month__gte=month_of(file.entered_on), month__lte=last
            )
            .values_list("month")
            .annotate(Sum("count"))
        )
        findings = Task.objects.filter(unit_id__in=units).exclude(state=TaskState.DROPPED)
        self.findings = list(
            findings.filter(Q(visit__isnull=False) | Q(inspection__isnull=False)).values_list(
                "given_on", "ended_on"
            )
        )
        self.measures = list(file.measures.values_list("state", "ended_on"))

    def on(self, day: dt.date) -> dict[ExitCheck, Known]:
        known = bool(self.secretaries)
        seated = any(day in one.valid for one in self.secretaries)
        open_findings = any(
            given <= day and (ended is None or ended > day) for given, ended in self.findings
        )
        open_measures = any(
            state == MeasureState.PLANNED or (ended is not None and ended > day)
            for state, ended in self.measures
        )
        return {
            ExitCheck.SECRETARY_IN_POST: seated if known else None,
            ExitCheck.ADMISSIONS: sum(
                count for month, count in self.admitted.items() if month <= day
            ),
            ExitCheck.FINDINGS_CLOSED: not open_findings,
            ExitCheck.MEASURES_ENDED: not open_measures,
        }


def independent_of(file: SupportFile, until: dt.date) -> list[Independent]:
    """Evidence since entry of who did not strengthen it, that speaks for the unit.

    An inspection counts that saw no month refuted, a grade that is not the lowest of its scale:
    whoever strengthened a unit does not grade it (evaluation.bars). Two queries.
    """
    units = UnitClosure.objects.filter(ancestor_id__in=units_of(file)).values("descendant_id")
    inspections = Inspection.objects.filter(
        unit_id__in=units, on__gt=file.entered_on, on__lte=until
    ).exclude(state=InspectionState.WITHDRAWN)
    refuted = Exists(
        InspectionMonth.objects.filter(
            inspection=OuterRef("pk"), verified=Verdict.NOT_HELD, reported=ReportedThen.HELD
        )
    )
    found = [
        Independent("inspection", str(one.pk), one.on, one.body)
        for one in inspections.filter(~refuted)
    ]
    grades = YearGrade.objects.filter(
        unit_id=file.unit_id, year__gte=file.entered_on.year, decided_on__gt=file.entered_on,
        decided_on__lte=until,
    )  # fmt: skip
    found += [
        Independent("grade", str(one.pk), one.decided_on, str(one.year))
        for one in grades
        if one.decided_on is not None and not _is_lowest(one)
    ]
    return sorted(found, key=lambda one: (one.on, one.id))


def _is_lowest(grade: YearGrade) -> bool:
    scale = load_rulebook().grade_scale(grade.year)
    return scale is None or scale.grades[-1].code == grade.grade
