"""Reads of admissions: who is on the way into the Party, the clocks, the yearly target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound, NotNow
from vungmanh.core.people_words import AdmissionState, AdmissionStepKind, StallReason
from vungmanh.org.models import Admission, AdmissionCount, AdmissionStep, AggregateCount
from vungmanh.org.queries import ended_units_visible, units_visible
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.people.admission import judge_admission
from vungmanh.rulebook.people.admission_case import ORDER, AdmissionCase, probation_of
from vungmanh.rulebook.people.admission_clocks import clocks_of
from vungmanh.rulebook.people.clocks import Clock
from vungmanh.rulebook.people.days import vietnamese_working_days
from vungmanh.rulebook.people.findings import (
    Citation,
    JudgedState,
    PeopleFinding,
    RulesOn,
    ruling,
)
from vungmanh.rulebook.values.members import AdmissionRule

OPEN = (AdmissionState.OPEN, AdmissionState.ADMITTED)
#: May be left out, and is asked for only where the term of the ceremony runs from it.
OPTIONAL = (AdmissionStepKind.RECEIVED,)
#: How a target is kept among the aggregates: of a unit, on the first day of a year.
TARGET, ADMITTED = "target", "admitted"
#: Conditions of which no dossier keeps the facts: the cell looks at them itself.
UNKEPT = ("schooling", "introducer")


def admissions_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Admission]:
    """The admissions of units in sight on a day, and of those gone by then whose past one sees."""
    gone = list(ended_units_visible(viewer, on))  # few, and asked once
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)
    standing = AdmissionStep.objects.filter(undone_at=None).order_by("done_on", "id")
    found = Admission.objects.filter(seen).select_related("person")
    return found.prefetch_related(Prefetch("steps", queryset=standing, to_attr="standing"))


def admission_visible(viewer: Viewer | None, admission_id: UUID, on: dt.date) -> Admission:
    """One admission. Raises NotFound alike for absent and out of sight."""
    found = admissions_visible(viewer, on).filter(pk=admission_id).first()
    if found is None:
        raise NotFound("Không tìm thấy hồ sơ kết nạp này trong phạm vi của đồng chí.")
    return found


def standing_steps(admission: Admission) -> list[AdmissionStep]:
    """The steps that were not taken back, in their order."""
    kept: list[AdmissionStep] | None = getattr(admission, "standing", None)
    if kept is None:
        kept = list(admission.steps.filter(undone_at=None).order_by("done_on", "id"))
    return kept


def case_of(
    admission: Admission,
    *,
    more: Iterable[tuple[AdmissionStepKind, dt.date]] = (),
    extension_months: int = 0,
    official_from: dt.date | None = None,
) -> AdmissionCase:
    """The admission as the rules look at it; `more` are steps about to be recorded."""
    steps = standing_steps(admission)
    person = admission.person
    return AdmissionCase(
        steps=(*((AdmissionStepKind(one.step), one.done_on) for one in steps), *more),
        born_on=admission.born_on or (person.born_on if person else None),
        extension_months=extension_months + sum(one.months or 0 for one in steps),
        official_from=official_from,
        stalled=StallReason(admission.stall) if admission.stall else None,
    )


def findings_of(case: AdmissionCase, on: dt.date) -> tuple[PeopleFinding, ...]:
    return judge_admission(load_rulebook().on, case, on=on)


@dataclass(frozen=True)
class Conditions:
    """What the rules say of an admission: `judged` by what is recorded, `for_the_cell` what its
    members look at themselves, as no dossier of this program keeps it."""

    judged: tuple[PeopleFinding, ...]
    for_the_cell: tuple[PeopleFinding, ...]


def conditions_of(admission: Admission, on: dt.date) -> Conditions:
    """The conditions as they stand on a day; of one that was stopped before the cell considered it
    nothing is asked any more."""
    case = case_of(admission)
    is_stopped = admission.state == AdmissionState.STOPPED
    if is_stopped and case.day_of(AdmissionStepKind.CELL_RESOLUTION) is None:
        return Conditions((), ())
    found = findings_of(case, on)
    unkept = tuple(one for one in found if one.code in UNKEPT and one.state is JudgedState.UNKNOWN)
    return Conditions(tuple(one for one in found if one not in unkept), unkept)


def clocks_of_admission(
    admission: Admission, on: dt.date, rules_on: RulesOn | None = None
) -> tuple[Clock, ...]:
    """Each term of the admission, as it stands on a day; of one that was stopped only what was
    done. `rules_on` is the rulebook where many are asked for together."""
    calendar = vietnamese_working_days()
    rules_on = rules_on or load_rulebook().on
    clocks = clocks_of(rules_on, case_of(admission), on=on, calendar=calendar)
    if admission.state == AdmissionState.STOPPED:
        return tuple(clock for clock in clocks if clock.done_on is not None)
    return clocks


@dataclass(frozen=True)
class Extension:
    """How much longer a probation that runs may be made; `most` None: no rule allows it."""

    most: int | None
    citation: Citation


def extension_of(admission: Admission) -> Extension | None:
    """What the rule of its first day says of prolonging; None where no probation runs, it was
    prolonged already, or no rule of that day is known."""
    if AdmissionState(admission.state) is not AdmissionState.ADMITTED:
        return None
    if any(one.step == AdmissionStepKind.EXTENDED for one in standing_steps(admission)):
        return None
    probation = probation_of(load_rulebook().on, case_of(admission))
    if probation is None:
        return None
    most = probation.rule.value.extension_months
    field = "probation_months" if most is None else "extension_months"
    return Extension(most, probation.rule.cite(field))


def next_step(admission: Admission, rules_on: RulesOn | None = None) -> AdmissionStepKind | None:
    """The step that comes now; None where the way has ended. `rules_on` as in
    `clocks_of_admission`."""
    if AdmissionState(admission.state) not in OPEN:
        return None
    done = {one.step for one in standing_steps(admission)}
    last = max((ORDER.index(step) for step in ORDER if step in done), default=-1)
    later = ORDER[last + 1 :]
    return next(
        (step for step in later if step not in OPTIONAL or _is_asked(admission, step, rules_on)),
        None,
    )


def _is_asked(
    admission: Admission, step: AdmissionStepKind, rules_on: RulesOn | None = None
) -> bool:
    """Whether the rule of the day of the decision lets the ceremony's term run from this step."""
    decided = case_of(admission).day_of(AdmissionStepKind.DECISION)
    on = rules_on or load_rulebook().on
    rule = ruling(on(decided), AdmissionRule) if decided else None
    return rule is not None and rule.value.ceremony_from is step


def may_be_dropped(admission: Admission) -> bool:
    """Whether nothing was ever recorded of it but that it was begun."""
    return admission.state == AdmissionState.OPEN and not admission.steps.exists()


def check_in_turn(admission: Admission, step: AdmissionStepKind) -> None:
    """The steps before it are done, it is not, and nothing after it is. Raises NotNow."""
    done = {AdmissionStepKind(row.step) for row in standing_steps(admission)}
    if step in done:
        raise NotNow(f"“{step.label}” đã ghi. Muốn sửa thì rút bước ấy trước.", code="step-done")
    if step is AdmissionStepKind.EXTENDED:
        fits = (
            AdmissionStepKind.CEREMONY in done and AdmissionStepKind.OFFICIAL_DECISION not in done
        )
        if not fits:
            raise NotNow("Chỉ kéo dài dự bị sau lễ kết nạp.", code="out-of-turn")
        return
    place = ORDER.index(step)
    missing = [one for one in ORDER[:place] if one not in done and one not in OPTIONAL]
    if missing:
        raise NotNow(f"Chưa ghi bước “{missing[0].label}”. Ghi bước ấy trước.", code="out-of-turn")
    later = [one for one in ORDER[place + 1 :] if one in done]
    if later:
        raise NotNow(f"Đã ghi “{later[0].label}”. Rút bước ấy trước.", code="out-of-turn")


@dataclass(frozen=True)
class OnTheWay:
    """One admission on the board: what comes next, and the clock that matters now."""

    admission: Admission
    step: AdmissionStepKind | None
    clock: Clock | None

    @property
    def is_behind(self) -> bool:
        return self.clock is not None and self.clock.is_behind


def on_the_way(admissions: Iterable[Admission], on: dt.date) -> list[OnTheWay]:
    """Each with its running clock, those behind their term first, then by the day it is due."""
    found, rules_on = [], cache(load_rulebook().on)
    for one in admissions:
        step = next_step(one, rules_on)
        clocks = clocks_of_admission(one, on, rules_on) if step is not None else ()
        clock = next((clock for clock in clocks if clock.done_on is None), None)
        found.append(OnTheWay(one, step, clock))
    last = dt.date.max
    return sorted(
        found,
        key=lambda row: (
            not row.is_behind,
            (row.clock.due_on if row.clock else None) or last,
            row.admission.begun_on,
            row.admission.pk,
        ),
    )


@dataclass(frozen=True)
class TargetYear:
    """Admitted in a year so far, and the target where one was entered."""

    year: int
    admitted: int
    target: int | None


def admitted_and_target(unit_ids: Iterable[UUID], of: UUID, year: int) -> TargetYear:
    """What the units `unit_ids` admitted in a year; the target entered for `of`.

    Whoever asks has shown that they see these units.
    """
    months = AdmissionCount.objects.filter(unit_id__in=list(unit_ids), month__year=year)
    target = AggregateCount.objects.filter(
        unit_id=of, on=dt.date(year, 1, 1), dimension=TARGET, value=ADMITTED, replaced_at=None
    ).first()
    return TargetYear(
        year, sum(months.values_list("count", flat=True)), target.count if target else None
    )
