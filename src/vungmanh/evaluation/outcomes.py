"""Reads of what was recorded beside dossiers: grades of members, government, mass organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vungmanh.core.vocabulary import (
    CELL_KINDS,
    DossierSubject,
    MembershipStatus,
    OutcomeGrade,
    OutcomeSubject,
    UnitKind,
)
from vungmanh.evaluation.models import Cycle, Dossier, YearOutcome
from vungmanh.evaluation.procedure import rule_value
from vungmanh.org.models import MembershipCount
from vungmanh.rulebook.values.cycles import CycleProcedure
from vungmanh.rulebook.values.words import GradeOrder

G = OutcomeGrade
#: The grades proper, the best first.
GRADES: Final = (G.EXCELLENT, G.GOOD, G.COMPLETED, G.NOT_COMPLETED)
#: Units with a government at their own level.
GOVERNED: Final = frozenset({UnitKind.DANG_BO_TINH, UnitKind.DANG_BO_HUYEN, UnitKind.DANG_BO_XA})


@dataclass(frozen=True)
class Counts:
    """How many had which grade."""

    by_grade: Mapping[OutcomeGrade, int]

    @property
    def total(self) -> int:
        return sum(self.by_grade.values())

    @property
    def rated(self) -> int:
        return sum(self.by_grade.get(grade, 0) for grade in GRADES)

    def at_least(self, grade: OutcomeGrade) -> int:
        """How many had this grade or a better one."""
        return sum(self.by_grade.get(one, 0) for one in GRADES[: GRADES.index(grade) + 1])


def counts_of(outcome: YearOutcome) -> Counts:
    return Counts({grade: outcome.counts.get(grade.value, 0) for grade in OutcomeGrade})


def subjects_for(dossier: Dossier) -> tuple[OutcomeSubject, ...]:
    """What is recorded beside a dossier: only what such a unit has."""
    if dossier.subject != DossierSubject.ORGANISATION:
        return ()
    kind = UnitKind(dossier.tier)
    found = [OutcomeSubject.MASS_ORGANISATIONS]
    if kind in GOVERNED:
        found.insert(0, OutcomeSubject.GOVERNMENT)
    if kind in CELL_KINDS:
        found.insert(0, OutcomeSubject.MEMBERS)
    return tuple(found)


def outcomes_of(
    unit_ids: Collection[UUID], year: int, *, at: dt.datetime | None = None
) -> dict[tuple[UUID, OutcomeSubject], YearOutcome]:
    """What stands for each unit and subject in a year, as known at a moment; one query."""
    rows = YearOutcome.objects.filter(
        dossier__unit_id__in=unit_ids, dossier__cycle__year=year, dossier__removed_at=None
    ).select_related("dossier")
    if at is not None:
        rows = rows.filter(at__lte=at)
    return {
        (one.dossier.unit_id, OutcomeSubject(one.subject)): one
        for one in rows.order_by("at", "number")
    }


def registered(unit_ids: Collection[UUID], on: dt.date) -> dict[UUID, int]:
    """How many members each unit has in the register on a day, whoever only stays there for a time
    left out; a unit without a count is absent."""
    rows = MembershipCount.objects.filter(unit_id__in=unit_ids, valid__contains=on)
    found: dict[UUID, int] = {}
    for unit, count in rows.exclude(status=MembershipStatus.TEMPORARY_IN).values_list(
        "unit_id", "count"
    ):
        found[unit] = found.get(unit, 0) + count
    return found


def waiting_beside(dossiers: Sequence[Dossier]) -> list[tuple[Dossier, list[OutcomeSubject]]]:
    """The organisations whose government or mass organisations have no grade of the year yet,
    where the procedure of the cycle rates those first; one query for each cycle that asks."""
    found = []
    for cycle in {dossier.cycle_id: dossier.cycle for dossier in dossiers}.values():
        if not _government_first(cycle):
            continue
        rated = [
            one
            for one in dossiers
            if one.cycle_id == cycle.pk and OutcomeSubject.GOVERNMENT in subjects_for(one)
        ]
        known = outcomes_of({one.unit_id for one in rated}, cycle.year)
        for one in rated:
            missing = [
                subject
                for subject in (OutcomeSubject.GOVERNMENT, OutcomeSubject.MASS_ORGANISATIONS)
                if (one.unit_id, subject) not in known
            ]
            if missing:
                found.append((one, missing))
    return found


def _government_first(cycle: Cycle) -> bool:
    procedure = rule_value(cycle.rules, CycleProcedure.key)
    return isinstance(procedure, CycleProcedure) and bool(
        procedure.asks(GradeOrder.GOVERNMENT_FIRST)
    )
