"""What the rulebook says of an assessment on a day, in the types `analysis` asks for."""

from __future__ import annotations

import datetime as dt

from vungmanh.analysis.facts import REFUTED_WEIGHTS, FactRules
from vungmanh.analysis.probability import ProbabilityRules
from vungmanh.rulebook import Rulebook
from vungmanh.rulebook.values import (
    FailingCells,
    FewOfficialMembers,
    IndexWeights,
    MeetingsHeld,
    MeetingsRefuted,
    NoAdmission,
    ResolutionCarried,
    SecretaryVacant,
    StatusPersistence,
    StatusProbability,
    StatusReporting,
)


def fact_rules(book: Rulebook, day: dt.date) -> FactRules:
    """The parameters in force on `day`. Raises RulebookError where a rule did not exist yet."""
    view = book.on(day)
    meetings, persistence = view.of(MeetingsHeld), view.of(StatusPersistence)
    vacant, carried = view.of(SecretaryVacant), view.of(ResolutionCarried)
    admission, official = view.of(NoAdmission), view.of(FewOfficialMembers)
    failing = view.of(FailingCells)
    refuted = view.of(MeetingsRefuted) if view.has(MeetingsRefuted.key) else None
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
            **REFUTED_WEIGHTS,
        },
        reported_percent=view.of(StatusReporting).minimum_percent,
        period_months=persistence.period_months,
        good_periods=persistence.good_periods_to_clear,
        refuted_light=refuted.light_from if refuted else 0,
        refuted_heavy=refuted.heavy_from if refuted else 0,
    )


def probability_rules(book: Rulebook, day: dt.date) -> ProbabilityRules:
    """The parameters of the second layer of "weak" in force on `day`."""
    view = book.on(day)
    weights, probability = view.of(IndexWeights), view.of(StatusProbability)
    return ProbabilityRules(
        weights=(100 * weights.held, 100 * weights.attendance, 100 * weights.resolutions),
        weak_percent=probability.weak_percent,
        watch_percent=probability.watch_percent,
        weak_periods=view.of(StatusPersistence).weak_periods,
        reference_percent=probability.reference_percent,
        base_periods=probability.base_periods,
        interval_percent=probability.interval_percent,
        false_signals=probability.false_signals_a_month,
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
        IndexWeights,
        StatusProbability,
    )
    return max(book.history(value.key)[0].valid_from for value in keys)
