"""The term of each step on the way into the Party.

Each clock follows the rule of the day on which it starts: a step begun under one document is not
moved by the next. A day before any rule of the book gives UNKNOWN.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from vungmanh.rulebook.people.admission_case import AdmissionCase, Step, probation_of
from vungmanh.rulebook.people.clocks import (
    UNRECEIVED,
    UNRULED,
    UNSTARTED,
    Clock,
    ClockState,
    Term,
    run_clock,
    state_of,
)
from vungmanh.rulebook.people.days import WorkingDays, months_after
from vungmanh.rulebook.people.findings import RulesOn, Ruling, ruling
from vungmanh.rulebook.values.members import AdmissionRule


def clocks_of(
    rules_on: RulesOn, case: AdmissionCase, *, on: dt.date, calendar: WorkingDays
) -> tuple[Clock, ...]:
    """Each term of the admission in order, as it stands on `on`."""
    timer = _Timer(rules_on, case, on, calendar)
    return (
        timer.dossier(),
        timer.decision(),
        timer.ceremony(),
        timer.cell_official(),
        timer.official_decision(),
    )


@dataclass(frozen=True)
class _Timer:
    rules_on: RulesOn
    case: AdmissionCase
    on: dt.date
    calendar: WorkingDays

    def dossier(self) -> Clock:
        """A dossier the cell does not consider in time is made anew."""
        start, done = self.case.day_of(Step.DOSSIER), self.case.day_of(Step.CELL_RESOLUTION)
        title = "Chi bộ xét hồ sơ"
        if start is None:
            state = ClockState.WAITING if done is None else ClockState.UNKNOWN
            return Clock(Step.CELL_RESOLUTION, title, state, done_on=done, why=UNSTARTED)
        rule = ruling(self.rules_on(start), AdmissionRule)
        months = rule.value.dossier_months if rule else None
        if rule is None or months is None:
            return Clock(Step.CELL_RESOLUTION, title, ClockState.UNKNOWN, start, done_on=done,
                         why=UNRULED)  # fmt: skip
        due = months_after(start, months)
        state, late = state_of(due, due, done, self.on, stalled=self.case.stalled is not None)
        return Clock(Step.CELL_RESOLUTION, title, state, start, due, due, done, None, late,
                     citation=rule.cite("dossier_months"))  # fmt: skip

    def decision(self) -> Clock:
        start = self.case.day_of(Step.CELL_RESOLUTION)
        rule = self._rule(start)
        term = (
            Term(rule.value.decision_days, rule.value.decision_more_days or 0,
                 rule.cite("decision_days", "decision_more_days"))
            if rule else Term(None)
        )  # fmt: skip
        return self._run(Step.DECISION, "Quyết định kết nạp", term, start)

    def ceremony(self) -> Clock:
        decided, received = self.case.day_of(Step.DECISION), self.case.day_of(Step.RECEIVED)
        rule = self._rule(decided or received)
        term = Term(rule.value.ceremony_days, 0, rule.cite("ceremony_days")) if rule else Term(None)
        # From receipt or from the decision: the document of the day of the decision says which.
        from_receipt = rule is not None and rule.value.ceremony_from is Step.RECEIVED
        start = received if from_receipt else decided or received
        clock = self._run(Step.CEREMONY, "Lễ kết nạp", term, start)
        if from_receipt and start is None:
            return replace(clock, why=UNRECEIVED)
        return clock

    def cell_official(self) -> Clock:
        probation = probation_of(self.rules_on, self.case)
        done, ceremony = self.case.day_of(Step.CELL_OFFICIAL), self.case.day_of(Step.CEREMONY)
        title = "Chi bộ xét công nhận chính thức"
        if probation is None and ceremony is not None:
            return Clock(Step.CELL_OFFICIAL, title, ClockState.UNKNOWN, None, done_on=done,
                         why=UNRULED)  # fmt: skip
        start = probation.ends_on if probation else None
        rule = self._rule(start)
        term = Term(rule.value.official_days, 0, rule.cite("official_days")) if rule else Term(None)
        return self._run(Step.CELL_OFFICIAL, title, term, start)

    def official_decision(self) -> Clock:
        start = self.case.day_of(Step.CELL_OFFICIAL)
        rule = self._rule(start)
        term = (
            Term(rule.value.official_decision_days, rule.value.official_decision_more_days or 0,
                 rule.cite("official_decision_days", "official_decision_more_days"))
            if rule else Term(None)
        )  # fmt: skip
        return self._run(Step.OFFICIAL_DECISION, "Quyết định công nhận chính thức", term, start)

    def _rule(self, start: dt.date | None) -> Ruling[AdmissionRule] | None:
        return ruling(self.rules_on(start), AdmissionRule) if start is not None else None

    def _run(self, step: Step, title: str, term: Term, start: dt.date | None) -> Clock:
        return run_clock(
            step,
            title,
            term,
            starts_on=start,
            done_on=self.case.day_of(step),
            on=self.on,
            calendar=self.calendar,
            stalled=self.case.stalled is not None,
        )
