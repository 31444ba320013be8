"""One admission as recorded, and when its probation runs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.core.people_words import AdmissionStepKind, StallReason
from vungmanh.rulebook.people.days import months_after
from vungmanh.rulebook.people.findings import RulesOn, Ruling, ruling
from vungmanh.rulebook.values.members import AdmissionRule

Step = AdmissionStepKind
#: The order in which the steps are taken; a probation may be extended between.
ORDER = (
    Step.DOSSIER,
    Step.CELL_RESOLUTION,
    Step.DECISION,
    Step.RECEIVED,
    Step.CEREMONY,
    Step.CELL_OFFICIAL,
    Step.OFFICIAL_DECISION,
)


@dataclass(frozen=True)
class AdmissionCase:
    """One admission as recorded; None is not known. Of a step taken again the last day counts.

    `introducer_since`: since when introducer and applicant are in one place. `left_on`: the day an
    earlier membership ended. `official_from`: the day from which the record calls the member
    official. `extension_months` were added to the probation.
    """

    steps: tuple[tuple[AdmissionStepKind, dt.date], ...] = ()
    born_on: dt.date | None = None
    schooling_met: bool | None = None
    special_area: bool = False
    introducer_since: dt.date | None = None
    introducer_official: bool | None = None
    left_on: dt.date | None = None
    times_admitted: int = 0
    extension_months: int = 0
    official_from: dt.date | None = None
    stalled: StallReason | None = None

    def day_of(self, step: AdmissionStepKind) -> dt.date | None:
        return max((day for kind, day in self.steps if kind is step), default=None)


@dataclass(frozen=True)
class Probation:
    """From when to when the probation runs; `ends_on` is the day from which one is official."""

    starts_on: dt.date
    ends_on: dt.date
    rule: Ruling[AdmissionRule]


def probation_of(rules_on: RulesOn, case: AdmissionCase) -> Probation | None:
    """None before its first day is recorded, or where no rule of that day tells its length."""
    starts = case.day_of(Step.CEREMONY)
    if starts is None:
        return None
    rule = ruling(rules_on(starts), AdmissionRule)
    if rule is None or rule.value.probation_months is None:
        return None
    value = rule.value
    assert value.probation_months is not None
    first = case.day_of(value.probation_from or Step.CEREMONY) or starts
    allowed = value.extension_months or 0
    months = value.probation_months + min(case.extension_months, allowed)
    return Probation(first, months_after(first, months), rule)
