"""Whether a chosen unit may leave: the months since entry held against its terms of leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, OuterRef, Q, Sum

from vungmanh.access import wall
from vungmanh.access.models import RoleGrant, User
from vungmanh.core.periods import add_months, last_day, month_of, month_range
from vungmanh.core.programme_words import MeasureState
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import (
    DossierAct,
    DossierSubject,
    InspectionState,
    Post,
    ReportedThen,
    Role,
    Status,
    TaskState,
    Verdict,
)
from vungmanh.evaluation.models import DossierEntry, YearGrade
from vungmanh.meetings.models import Inspection, InspectionMonth, Task
from vungmanh.meetings.series import MonthTotal
from vungmanh.org.models import AdmissionCount, Appointment, UnitClosure
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.programmes.exit import ExitFinding, Known, judge_exit
from vungmanh.rulebook.values.programmes import ExitCheck, ExitCriterion, ExitRule
from vungmanh.strengthening.following import YEAR, exact, last_whole, totals_of
from vungmanh.strengthening.models import Assessment, SupportFile

_GRADING = (
    DossierAct.VERIFY,
    DossierAct.PROPOSE,
    DossierAct.DECIDE,
    DossierAct.ANSWER_COMPLAINT,
    DossierAct.ANSWER_APPEAL,
)
LEAST_INSIDE = 6  # whole months of the year of entry that its grade must speak of


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

    An inspection counts that saw no month refuted, a grade that is not the lowest of its scale and
    is of a year half of which lay after entry; neither where who had a hand in the file recorded or
    decided it (`strengtheners`). A bounded number of queries.
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
    seen = list(inspections.filter(~refuted).select_related("by"))
    grades = list(
        YearGrade.objects.filter(
            unit_id=file.unit_id, year__gte=_first_graded(file), decided_on__gt=file.entered_on,
            decided_on__lte=until,
        )
    )  # fmt: skip
    if not seen and not grades:
        return []
    own = strengtheners(file, until)
    found = [
        Independent("inspection", str(one.pk), one.on, one.body)
        for one in seen
        if one.by_id not in own.users and not own.names & {fold(one.body), _name(one.by)}
    ]
    own_years = _years_rated_by(own, file.unit_id)
    found += [
        Independent("grade", str(one.pk), one.decided_on, str(one.year))
        for one in grades
        if one.decided_on is not None and one.year not in own_years and not _is_lowest(one)
    ]
    return sorted(found, key=lambda one: (one.on, one.id))


@dataclass(frozen=True)
class Strengtheners:
    """Who had a hand in strengthening a unit: accounts, and folded names of those without one."""

    users: frozenset[UUID]
    names: frozenset[str]


def strengtheners(file: SupportFile, until: dt.date) -> Strengtheners:
    """Whoever acted on the file, in person or by proxy, has a measure in hand, or was in charge of
    the unit or of one below it since entry (decisions.md 11).

    Read past the wall: nobody becomes independent by being out of the reader's sight.
    """
    days = DateRange(file.entered_on, until, "[]")
    with wall.lowered():
        acted = file.entries.values_list("by_id", "on_behalf_id")
        below = UnitClosure.objects.filter(ancestor_id__in=units_of(file), valid__overlap=days)
        charged = RoleGrant.objects.filter(
            role=Role.OVERSEER, valid__overlap=days, unit_id__in=below.values("descendant_id")
        ).values_list("user_id", "on_behalf_of_id")
        users = {one for pair in [*acted, *charged] for one in pair if one is not None}
        owners = {fold(one) for one in file.measures.values_list("owner", flat=True)}
    return Strengtheners(frozenset(users), frozenset(owners))


def _years_rated_by(own: Strengtheners, unit_id: UUID) -> set[int]:
    """The years of whose grade any of them verified, proposed or decided."""
    with wall.lowered():  # the dossier is worked on at another committee
        acts = DossierEntry.objects.filter(
            dossier__unit_id=unit_id, dossier__subject=DossierSubject.ORGANISATION,
            act__in=_GRADING, version=F("dossier__version"),
        )  # fmt: skip
        own_acts = acts.filter(Q(by_id__in=own.users) | Q(on_behalf_id__in=own.users))
        return set(own_acts.values_list("dossier__cycle__year", flat=True))


def _name(user: User | None) -> str:
    return fold(user.display_name) if user else ""


def _first_graded(file: SupportFile) -> int:
    """The first year whose grade speaks of the unit as it was strengthened."""
    entered = file.entered_on
    return entered.year if 12 - entered.month >= LEAST_INSIDE else entered.year + 1


def _is_lowest(grade: YearGrade) -> bool:
    scale = load_rulebook().grade_scale(grade.year)
    return scale is None or scale.grades[-1].code == grade.grade
