"""Facts of a year from what a unit recorded of others: members, government, mass organisations."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from uuid import UUID

from vungmanh.core.vocabulary import OutcomeGrade, OutcomeSubject
from vungmanh.evaluation.models import YearOutcome
from vungmanh.evaluation.outcomes import GRADES, counts_of, outcomes_of
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.strengthening import year_words as words
from vungmanh.strengthening.year_addresses import outcomes_record
from vungmanh.strengthening.year_placing import Placing

F, G, S = FactName, OutcomeGrade, OutcomeSubject


def outcome_facts(placed: Placing, year: int, at: dt.datetime) -> dict[UUID, list[Fact]]:
    """What each rated unit itself recorded; one query. What nobody recorded is left out."""
    found: dict[UUID, list[Fact]] = {}
    for (unit, subject), outcome in outcomes_of(list(placed.own), year, at=at).items():
        found.setdefault(unit, []).extend(_FACTS[subject](outcome))
    return found


def _members(outcome: YearOutcome) -> list[Fact]:
    counts = counts_of(outcome)
    rated = counts.rated
    return [
        _fact(F.MEMBERS_RATED, rated, counts.total, outcome, words.MEMBERS),
        _fact(F.MEMBERS_GOOD, counts.at_least(G.GOOD), rated, outcome, words.MEMBERS),
        _fact(F.MEMBERS_COMPLETED, counts.at_least(G.COMPLETED), rated, outcome, words.MEMBERS),
    ]


def _government(outcome: YearOutcome) -> list[Fact]:
    by_grade = counts_of(outcome).by_grade
    place = next(place for place, grade in enumerate(GRADES, start=1) if by_grade.get(grade))
    lowest = place == len(GRADES)
    return [
        _fact(F.GOVERNMENT_GRADE, place, None, outcome, words.GOVERNMENT),
        Fact(F.GOVERNMENT_LOWEST, lowest, None, words.GOVERNMENT, _records(outcome)),
    ]


def _mass_organisations(outcome: YearOutcome) -> list[Fact]:
    counts = counts_of(outcome)
    lowest = counts.by_grade.get(G.NOT_COMPLETED, 0)
    rated, source = counts.rated, words.MASS_ORGANISATIONS
    return [
        _fact(F.MASS_ORGANISATIONS_LOWEST, lowest, rated, outcome, source),
        _fact(F.MASS_ORGANISATIONS_GOOD, counts.at_least(G.GOOD), rated, outcome, source),
    ]


_FACTS = {
    S.MEMBERS: _members,
    S.GOVERNMENT: _government,
    S.MASS_ORGANISATIONS: _mass_organisations,
}


def _fact(name: FactName, value: int, of: int | None, outcome: YearOutcome, source: str) -> Fact:
    return Fact(name, Fraction(value), of, source, _records(outcome))


def _records(outcome: YearOutcome) -> tuple[str, ...]:
    return (outcomes_record(outcome.dossier_id),)
