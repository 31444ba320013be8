"""What each unit of the demonstration's cycle answers, so that it comes to the grade on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from vungmanh.core.vocabulary import DossierSubject
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.grading.conditions import check_conditions
from vungmanh.rulebook.grading.quota import GroupResult
from vungmanh.rulebook.values.conditions import GradeConditions
from vungmanh.rulebook.values.words import ConditionFor, SheetWay
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.strengthening.year_grading import CONDITIONS, SHEETS, condition_for
from vungmanh.strengthening.year_quota import candidates_of, quota_of

BEST, GOOD, DONE, FAILED = "xuat_sac", "tot", "hoan_thanh", "khong_hoan_thanh"
ORDER = (BEST, GOOD, DONE, FAILED)
#: Points of each grade, from the highest on.
_POINTS = {BEST: (97, 4), GOOD: (88, 9), DONE: (66, 7), FAILED: (47, 4)}
_LEFT, _HELD = 92, 91  # proposed the best grade, below all who have it
_LEVELS = {BEST: "xuat_sac", GOOD: "tot", DONE: "trung_binh", FAILED: "kem"}


@dataclass(frozen=True)
class DossierStory:
    """What is said of one unit: its own word, the proposal and the decision."""

    own: str
    proposed: str
    decided: str
    points: int
    own_points: int
    answers: Mapping[str, Any]
    conditions: Mapping[str, bool]
    answers_are_points: bool
    is_told: bool = False  # with opinions and answers to conditions: the group the cap bites in
    waits: bool = False
    complains: bool = False

    @property
    def is_plain(self) -> bool:
        """Nothing is told of it but its grade."""
        return self.own == self.decided and not self.waits and self.decided != BEST


def ratings_of(
    cycle: Cycle, dossiers: Sequence[Dossier], grades: Mapping[UUID, str], *, first: UUID | None
) -> dict[UUID, DossierStory]:
    """A rating for every dossier. `first` is the one to be held back by the cap, if it can be."""
    held, left, told = _at_the_cap(cycle, dossiers, grades, first)
    plain = [one.pk for one in dossiers if grades[one.pk] == GOOD and one.pk not in held]
    complaining = plain[0] if plain else None
    found = {}
    for number, one in enumerate(dossiers):
        grade = grades[one.pk]
        most, width = _POINTS[grade]
        points = most - number % width
        proposed = own = grade
        if one.pk in left:
            points = _LEFT
        if one.pk in held:
            points, proposed, own = _HELD, BEST, BEST
        own_points = points
        if one.pk == complaining:
            own, own_points = BEST, 92
        found[one.pk] = replace(
            _rating(cycle, one, own, own_points),
            proposed=proposed,
            decided=grade,
            points=points,
            is_told=one.pk in told or one.pk == complaining,
            waits=one.pk in left,
            complains=one.pk == complaining,
        )
    return found


def leaders_of(
    cycle: Cycle, dossiers: Sequence[Dossier], grades: Mapping[UUID, str]
) -> dict[UUID, DossierStory]:
    """A rating for the leading collectives: as their organisations, the best grade left out, so
    that no cap of their own is reached."""
    return {
        one.pk: _rating(
            cycle, one, max(grades[one.unit_id], GOOD, key=ORDER.index), _POINTS[GOOD][0]
        )
        for one in dossiers
    }


def _at_the_cap(
    cycle: Cycle, dossiers: Sequence[Dossier], grades: Mapping[UUID, str], first: UUID | None
) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Who is held back by the cap and has the good grade on record; who has the best one on record
    although there is no place for it, which stays undecided; and all of the group it bites in.

    Where places would be left, as many are proposed with equal points as do not fit into them.
    """
    held: set[UUID] = set()
    left: set[UUID] = set()
    told: set[UUID] = set()
    by_id = {str(one.pk): one for one in dossiers}
    groups = _groups(cycle, {str(key): grade for key, grade in grades.items()})
    largest = max((group.cap.good for group, _ in groups), default=0)
    for group, members in groups:
        own = [by_id[one] for one in members]
        best = [one.pk for one in own if grades[one.pk] == BEST]
        left |= set(best[group.places :])
        good = [one.pk for one in own if grades[one.pk] == GOOD]
        good.sort(key=lambda key: key != first)  # stable: the names keep their order
        if group.cap.good == largest and group.places and not held:
            held |= set(good[: max(group.places - len(best) + 1, 1)])
            told |= {one.pk for one in own}
    return held, left, told


def _groups(cycle: Cycle, grades: Mapping[str, str]) -> list[tuple[GroupResult, list[str]]]:
    """The groups of the cap as all their grades make them, with who is in each."""
    candidates = [
        replace(one, good=grades.get(one.id) in (BEST, GOOD))
        for one in candidates_of(cycle, at=cycle.opened_at)
    ]
    found = quota_of(candidates, cycle.rules)
    if found is None:
        return []
    members = [
        (group, [one for one in grades if found.group_of.get(one) == group.name])
        for group in found.groups
    ]
    return [(group, own) for group, own in members if own]


# --- answers -------------------------------------------------------------------------------------


def _rating(cycle: Cycle, dossier: Dossier, own: str, points: int) -> DossierStory:
    subject = DossierSubject(dossier.subject)
    sheet = _value(cycle, SHEETS[subject])
    assert isinstance(sheet, YearSheet), "the demonstration rates years that have a sheet"
    by_points = sheet.way is SheetWay.POINTS
    answers: Mapping[str, Any] = (
        spread(sheet, points) if by_points else {one.code: _LEVELS[own] for one in sheet.criteria}
    )
    return DossierStory(
        own=own,
        proposed=own,
        decided=own,
        points=points,
        own_points=points,
        answers=answers,
        conditions=_conditions(_value(cycle, CONDITIONS), condition_for(dossier), own),
        answers_are_points=by_points,
    )


def spread(sheet: YearSheet, points: int) -> dict[str, int]:
    """Whole points on every row, in proportion, that add up to `points` of a hundred."""
    shares = {one.code: (one.points or Fraction(0)) * points / 100 for one in sheet.criteria}
    said = {code: int(share) for code, share in shares.items()}
    short = points - sum(said.values())
    by_rest = sorted(shares, key=lambda code: (said[code] - shares[code], code))
    for code in by_rest[:short]:
        said[code] += 1
    return said


def _conditions(conditions: Any, subject: ConditionFor, grade: str) -> dict[str, bool]:
    """Yes to what the grade and those below it ask for, no to what a better one asks for."""
    if not isinstance(conditions, GradeConditions):
        return {}
    asked = check_conditions(conditions, subject=subject, facts={}, said={})
    wanted = {one.key for one in asked if _reaches(grade, one.grade)}
    return {one.key: not one.knock_out and one.key in wanted for one in asked}


def _reaches(grade: str, asked: str) -> bool:
    return asked in ORDER and ORDER.index(grade) <= ORDER.index(asked)


def _value(cycle: Cycle, key: str) -> Any:
    wanted = cycle.rules.get(key)
    return next((rule.value for rule in load_rulebook().rules if rule.id == wanted), None)
