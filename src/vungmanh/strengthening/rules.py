"""What the rulebook says of an assessment on a day, in the types `analysis` asks for."""

from __future__ import annotations

import datetime as dt

from vungmanh.analysis.facts import FactRules
from vungmanh.rulebook import Rulebook
from vungmanh.rulebook.values import (
    FailingCells,
    FewOfficialMembers,
    MeetingsHeld,
    NoAdmission,
    ResolutionCarried,
    SecretaryVacant,
    StatusPersistence,
    StatusReporting,
)


def fact_rules(book: Rulebook, day: dt.date) -> FactRules:
    """The parameters in force on `day`. Raises RulebookError where a rule did not exist yet."""
    view = book.on(day)
    meetings, persistence = view.of(MeetingsHeld), view.of(StatusPersistence)
    vacant, carried = view.of(SecretaryVacant), view.of(ResolutionCarried)
    admission, official = view.of(NoAdmission), view.of(FewOfficialMembers)
    failing = view.of(FailingCells)
    return FactRules(
        minimum_held=meetings.minimum,
        of_due=meetings.of,
        minimum_due=meetings.minimum_due,
        vacant_days=vacant.days,
        carried_times=carried.times,
        admission_years=admission.years,
        minimum_official=official.minimum,
        failing_numerator=failing.more_than_numerator,
        failing_denominator=failing.more_than_denominator,
        weights={
            "meetings_held": meetings.weight,
            "secretary_vacant": vacant.weight,
            "failing_cells": failing.weight,
            "resolution_carried": carried.weight,
            "no_admission": admission.weight,
            "few_official_members": official.weight,
        },
        reported_percent=view.of(StatusReporting).minimum_percent,
        period_months=persistence.period_months,
        good_periods=persistence.good_periods_to_clear,
    )


def first_assessable_day(book: Rulebook) -> dt.date:
    """The first day on which every rule an assessment needs was in force."""
    keys = (
        MeetingsHeld,
        SecretaryVacant,
        ResolutionCarried,
        NoAdmission,
        FewOfficialMembers,
        FailingCells,
        StatusReporting,
        StatusPersistence,
    )
    return max(book.history(value.key)[0].valid_from for value in keys)
