"""What the rules make of a yearly dossier: its sheet, its facts, its conditions, the grade.

Here meet the dossier (`evaluation`), the records of the year (`year_evidence`) and the rules. A
decision keeps the figures it was made from (`inputs_of`); `compute` makes its result from nothing
else, so that anybody may make it anew.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.core.errors import InputError
from vungmanh.core.vocabulary import DossierSubject, UnitKind
from vungmanh.evaluation.canonical import canonical
from vungmanh.evaluation.models import DecisionInputs, Dossier, GradeDecision
from vungmanh.evaluation.procedure import rule_value
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.book import Rule
from vungmanh.rulebook.grading.explain import held_back_words
from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.grading.points import YearPoints, points_of
from vungmanh.rulebook.grading.proposal import GradeFinding, proposed_grade
from vungmanh.rulebook.grading.quota import Candidate, QuotaResult
from vungmanh.rulebook.values.conditions import GradeConditions
from vungmanh.rulebook.values.grades import GradeScale
from vungmanh.rulebook.values.words import ConditionFor
from vungmanh.rulebook.values.year_sheets import YearSheet
from vungmanh.strengthening.year_evidence import year_facts
from vungmanh.strengthening.year_quota import (
    from_kept,
    kept,
    place_of,
    quota_of,
)

CELLS = {UnitKind.CHI_BO, UnitKind.CHI_BO_CO_SO}
CONDITIONS = "grade_conditions.organisation"
SHEETS = {
    DossierSubject.ORGANISATION: "year_sheet.organisation",
    DossierSubject.LEADERSHIP: "year_sheet.leadership",
}


@dataclass(frozen=True)
class DossierFinding:
    """One dossier by the rules of its year. `sheet` None: the year has no sheet in the rulebook."""

    sheet_rule: Rule | None
    conditions_rule: Rule | None
    sheet: YearSheet | None
    points: YearPoints | None
    finding: GradeFinding | None
    facts: Mapping[FactName, Fact]


def dossier_finding(dossier: Dossier, *, at: dt.datetime) -> DossierFinding:
    """The dossier as it is answered now, beside the records known at `at`."""
    return dossier_findings([dossier], at=at)[dossier.pk]


def dossier_findings(dossiers: Sequence[Dossier], *, at: dt.datetime) -> dict[UUID, DossierFinding]:
    """As `dossier_finding`, of many in one cycle: as many queries for seventy as for one."""
    if not dossiers:
        return {}
    units = sorted({one.unit_id for one in dossiers})
    facts = year_facts(units, dossiers[0].cycle.year, at=at)
    return {
        one.pk: _found(
            year=one.cycle.year,
            rules=one.cycle.rules,
            subject=DossierSubject(one.subject),
            tier=UnitKind(one.tier),
            answers=one.answers,
            said=one.condition_answers,
            facts=facts[one.unit_id],
        )
        for one in dossiers
    }


def _found(
    *,
    year: int,
    rules: Mapping[str, str],
    subject: DossierSubject,
    tier: UnitKind,
    answers: Mapping[str, Any],
    said: Mapping[str, Any],
    facts: Mapping[FactName, Fact],
) -> DossierFinding:
    sheet_rule, conditions_rule = _rule(rules, SHEETS[subject]), _rule(rules, CONDITIONS)
    sheet = sheet_rule.value if sheet_rule else None
    conditions = conditions_rule.value if conditions_rule else None
    if not isinstance(sheet, YearSheet):
        return DossierFinding(sheet_rule, conditions_rule, None, None, None, facts)
    points = points_of(sheet, _known(sheet, answers))
    finding = proposed_grade(
        conditions if isinstance(conditions, GradeConditions) else None,
        scale=_scale(rules, year),
        sheet=sheet,
        points=points,
        subject=_subject(subject, tier),
        facts=facts,
        said={key: value for key, value in said.items() if isinstance(value, bool)},
    )
    return DossierFinding(sheet_rule, conditions_rule, sheet, points, finding, facts)


def _rule(rules: Mapping[str, str], key: str) -> Rule | None:
    """The rule that was in force when the cycle was opened."""
    wanted = rules.get(key)
    return next((rule for rule in load_rulebook().rules if rule.id == wanted), None)


def _scale(rules: Mapping[str, str], year: int) -> GradeScale:
    """The grades by the rule kept with the cycle; for older inputs, by the year."""
    kept = rule_value(rules, GradeScale.key)
    return kept if isinstance(kept, GradeScale) else load_rulebook().grade_scale(year)


def _known(sheet: YearSheet, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that the sheet can still read: one that it cannot is as if it were blank."""
    kept: dict[str, Any] = {}
    codes = {one.code for one in sheet.criteria}
    for code, value in answers.items():
        answer = str(value) if isinstance(value, float) else value
        if code not in codes:
            continue
        try:
            points_of(sheet, {code: answer})
        except InputError:
            continue
        kept[code] = answer
    return kept


def condition_for(dossier: Dossier) -> ConditionFor:
    """Whom the conditions of its grade are for."""
    return _subject(DossierSubject(dossier.subject), UnitKind(dossier.tier))


def _subject(subject: DossierSubject, tier: UnitKind) -> ConditionFor:
    if subject is DossierSubject.LEADERSHIP:
        return ConditionFor.LEADERSHIP
    return ConditionFor.CELL if tier in CELLS else ConditionFor.PARTY_ORGANISATION


# --- kept with a decision ------------------------------------------------------------------------


@dataclass(frozen=True)
class Basis:
    """What decisions are made from, the same for all of them, and what came out for each."""

    inputs: dict[str, Any]
    results: dict[str, Any]

    def result(self, dossier: Dossier) -> dict[str, Any]:
        found: dict[str, Any] = self.results[str(dossier.pk)]
        return found


def decision_basis(
    dossiers: Iterable[Dossier],
    found: Mapping[UUID, DossierFinding],
    candidates: Iterable[Candidate],
) -> Basis:
    """The figures of the day for dossiers of one cycle that are decided together."""
    decided = sorted(dossiers, key=lambda one: str(one.pk))
    inputs = canonical(
        {
            "dossiers": [inputs_of(one, found[one.pk]) for one in decided],
            "candidates": kept(candidates),
        }
    )
    return Basis(inputs, compute(inputs, decided[0].cycle.rules) if decided else {})


def held_back(decision: GradeDecision) -> str:
    """Why the unit was held back by the cap when this was decided, said to itself; else ""."""
    return held_back_of([decision])[decision.pk]


def held_back_of(decisions: Sequence[GradeDecision]) -> dict[int, str]:
    """As `held_back`, of many by their id. Figures that decisions share are reckoned with once, and
    none are read where the result says already that nothing held the unit back."""
    said = dict.fromkeys((one.pk for one in decisions), "")
    asked = [one for one in decisions if not _came_through(one)]
    if not asked:
        return said
    with lowered():
        digests = {one.inputs_id for one in asked}
        rows = DecisionInputs.objects.filter(digest__in=digests)
        contents = dict(rows.values_list("digest", "content"))
    reckoned: dict[tuple[str, str], QuotaResult | None] = {}
    for one in asked:
        key = (one.inputs_id, json.dumps(one.rules, sort_keys=True))
        if key not in reckoned:
            candidates = json.loads(contents[one.inputs_id]).get("candidates", [])
            reckoned[key] = quota_of(from_kept(candidates), one.rules)
        found, own = reckoned[key], str(one.dossier_id)
        if found and own in found.group_of:
            said[one.pk] = held_back_words(found, own)
    return said


def _came_through(decision: GradeDecision) -> bool:
    """Whether the kept result tells the place under the cap, and that it was not held back."""
    place = decision.result.get("quota")
    return isinstance(place, dict) and "held_back" in place and place["held_back"] is None


def inputs_of(dossier: Dossier, found: DossierFinding) -> dict[str, Any]:
    """All that `compute` needs of one dossier, and nothing that it could read elsewhere."""
    return {
        "dossier": str(dossier.pk),
        "year": dossier.cycle.year,
        "subject": dossier.subject,
        "tier": dossier.tier,
        "answers": dossier.answers,
        "said": dossier.condition_answers,
        "facts": {
            name.value: {"value": fact.value, "of": fact.of}
            for name, fact in sorted(found.facts.items())
        },
    }


def result_of(found: DossierFinding) -> dict[str, Any]:
    """What came out: the grade the rules support, the points, and each condition."""
    finding, points = found.finding, found.points
    if finding is None or points is None:
        return {"grade": None}
    return {
        "grade": finding.grade,
        "possible": list(finding.possible),
        "points": points.total,
        "blanks": points.blanks,
        "conditions": {one.key: one.outcome.value for one in finding.conditions},
    }


def compute(inputs: Any, rules: Mapping[str, str]) -> dict[str, Any]:
    """The result of every dossier of kept inputs, by its id (`evaluation.recompute.Compute`)."""
    quota = quota_of(from_kept(inputs.get("candidates", [])), rules)
    return {
        one["dossier"]: {
            **result_of(_found_again(one, rules)),
            "quota": place_of(quota, one["dossier"]),
        }
        for one in inputs.get("dossiers", [])
    }


def _found_again(kept: Mapping[str, Any], rules: Mapping[str, str]) -> DossierFinding:
    facts = {
        FactName(name): Fact(FactName(name), _value(fact["value"]), fact["of"], "")
        for name, fact in kept["facts"].items()
    }
    return _found(
        year=kept["year"],
        rules=rules,
        subject=DossierSubject(kept["subject"]),
        tier=UnitKind(kept["tier"]),
        answers=kept["answers"],
        said=kept["said"],
        facts=facts,
    )


def _value(kept: Any) -> Fraction | bool | None:
    return kept if kept is None or isinstance(kept, bool) else Fraction(kept)
