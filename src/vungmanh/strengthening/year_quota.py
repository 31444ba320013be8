"""The cap on the best grade in one cycle: who was proposed it, and who comes within the cap.

What counts of a dossier is the grade that stands: decided, or proposed anew once it was opened
again. Who was decided lower only for the cap stays in line for a place; who was lowered for another
reason, on a complaint too, does not.

Counts every dossier of the cycle, past the wall: a group is a group whoever looks. What is told to
one unit is its own score, the cap and the cut (`rulebook.grading.explain`), never who has it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any
from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.core.vocabulary import DossierAct, DossierSubject, Sector, UnitKind
from vungmanh.evaluation.models import Cycle, Dossier, DossierEntry, GradeDecision
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.grading.explain import over_cap
from vungmanh.rulebook.grading.groups import group_label, like_kind
from vungmanh.rulebook.grading.quota import Candidate, QuotaResult, hold_quota
from vungmanh.rulebook.grading.tiebreaks import fact_named, tiebreaks_of
from vungmanh.rulebook.values.conditions import ExcellentQuota
from vungmanh.rulebook.values.quota import QuotaMethod
from vungmanh.strengthening.year_evidence import year_facts

A = DossierAct
BEST, GOOD = 1, 2
LEADS = ": tập thể lãnh đạo"  # ends the name of a group of leading collectives


def cycle_quota(cycle: Cycle, *, at: dt.datetime) -> QuotaResult | None:
    """Who comes within the cap as things stand. None: the year has no cap in the rules."""
    return quota_of(candidates_of(cycle, at=at), cycle.rules)


def quota_of(candidates: Iterable[Candidate], rules: Mapping[str, str]) -> QuotaResult | None:
    """The cap held over these candidates by these rules: organisations and leading collectives are
    never pooled with one another."""
    percent, method = (value_of(rules, key) for key in (ExcellentQuota.key, QuotaMethod.key))
    if not isinstance(percent, ExcellentQuota) or not isinstance(method, QuotaMethod):
        return None
    rated = list(candidates)
    collectives = [one for one in rated if one.group.endswith(LEADS)]
    organisations = [one for one in rated if not one.group.endswith(LEADS)]
    apart = replace(method, pool=f"{method.pool}{LEADS}") if method.pool else method
    own, led = hold_quota(organisations, percent, method), hold_quota(collectives, percent, apart)
    return QuotaResult(own.groups + led.groups, {**own.group_of, **led.group_of})


def candidates_of(cycle: Cycle, *, at: dt.datetime) -> list[Candidate]:
    """Every dossier of the cycle as it stands, with the points last said of it: three queries.

    Where equals are told apart by facts of the year, those of equals are counted too.
    """
    method = value_of(cycle.rules, QuotaMethod.key)
    criteria = method.criteria if isinstance(method, QuotaMethod) else ()
    orders = {one.code: one.order for one in load_rulebook().grade_scale(cycle.year).grades}
    with lowered():
        dossiers = list(Dossier.objects.filter(cycle=cycle, removed_at=None))
        points, held = _points(dossiers), _held_back(dossiers)
    found = []
    for one in dossiers:
        order = orders.get(_standing(one))
        found.append(
            Candidate(
                id=str(one.pk),
                group=group_name(one, method),
                score=points.get(one.pk),
                eligible=_is_eligible(one, order, held.get(one.pk)),
                good=order is not None and order <= GOOD,
                tiebreaks=(None,) * len(criteria),
                protected=one.protected,
            )
        )
    units = {str(one.pk): one.unit_id for one in dossiers}
    return _told_apart(found, criteria, units, cycle.year, at)


def _standing(one: Dossier) -> str:
    """The grade that counts: the decided one, and of one that is under way what is proposed."""
    return (one.proposed_grade or one.grade) if one.state in UNDECIDED else one.grade


def _is_eligible(one: Dossier, order: int | None, held: str | None) -> bool:
    """Whether it stands for a place: proposed the best grade, having it, or held back by the cap.

    One that is opened again keeps its grade and stands for nothing until it is proposed.
    """
    if one.state in UNDECIDED:
        return order == BEST and bool(one.proposed_grade)
    return order == BEST or (order == GOOD and bool(held))


def _held_back(dossiers: Sequence[Dossier]) -> dict[UUID, str | None]:
    """By dossier that was decided, how the cap held it back in the last decision, if it did."""
    rows = GradeDecision.objects.filter(dossier__in=[one.pk for one in dossiers if one.grade])
    told = rows.order_by("number").values_list("dossier_id", "result__quota__held_back")
    return dict(told)


def _told_apart(
    rated: Sequence[Candidate], criteria: Sequence[str], units: Mapping[str, UUID], year: int,
    at: dt.datetime,
) -> list[Candidate]:  # fmt: skip
    """The secondary criteria of those who are equal in score; of others nobody asks."""
    standing = [(one, one.score) for one in rated if one.eligible and one.score is not None]
    scores = Counter(score for _, score in standing)
    equals = [one for one, score in standing if scores[score] > 1]
    if not equals or not any(fact_named(one) for one in criteria):
        return list(rated)
    facts = year_facts(sorted({units[one.id] for one in equals}), year, at=at)
    told = {one.id: tiebreaks_of(criteria, facts[units[one.id]]) for one in equals}
    return [replace(one, tiebreaks=told.get(one.id, one.tiebreaks)) for one in rated]


def group_name(dossier: Dossier, method: Any) -> str:
    """The group of like kind; leading collectives are rated among themselves."""
    if isinstance(method, QuotaMethod) and dossier.group in {one.value for one in Sector}:
        name = like_kind(Sector(dossier.group), UnitKind(dossier.tier), method.grouping)
    else:
        name = dossier.group
    leads = dossier.subject == DossierSubject.LEADERSHIP
    return f"{group_label(name)}{LEADS}" if leads else name


def _points(dossiers: Sequence[Dossier]) -> dict[Any, Fraction]:
    """The points last said of each: proposed, else verified, else one's own."""
    filings = {one.pk: one.filing for one in dossiers}
    said = {one.pk: Fraction(one.self_points) for one in dossiers if one.self_points is not None}
    rows = DossierEntry.objects.filter(
        dossier__in=filings, act__in=(A.VERIFY, A.PROPOSE), points__isnull=False
    ).order_by("number")
    for dossier_id, filing, points in rows.values_list("dossier_id", "filing", "points"):
        if points is not None and filing == filings[dossier_id]:
            said[dossier_id] = Fraction(points)
    return said


def value_of(rules: Mapping[str, str], key: str) -> Any:
    """The value of a rule by which the cycle was opened; None where it has none of this key."""
    wanted = rules.get(key)
    return next((rule.value for rule in load_rulebook().rules if rule.id == wanted), None)


# --- deciding within the cap ---------------------------------------------------------------------


def beyond_cap(
    cycle: Cycle, wished: Mapping[str, str], found: QuotaResult | None, *, remedy: str = ""
) -> dict[str, str]:
    """By group, why these grades (by the id of the dossier), with those that stand, go beyond its
    cap. Only groups in which one of them is the best grade and counts: of others nothing is said.

    Whoever decides by it holds the cycle (`actions.deciding`), or two at once may pass it.
    """
    best = load_rulebook().grade_scale(cycle.year).grades[0].code
    chosen = {one for one, grade in wished.items() if grade == best}
    if found is None or not chosen:
        return {}
    with lowered():
        standing = Dossier.objects.filter(cycle=cycle, grade=best, removed_at=None)
        stand = {str(one) for one in standing.values_list("pk", flat=True)} - set(wished)
    asked = {found.group_of[one] for one in chosen if one not in found.of(one).protected}
    said = {}
    for group in sorted(asked):
        inside = [one for one in chosen | stand if found.group_of.get(one) == group]
        words = over_cap(found, inside, remedy=remedy)
        if words:
            said[group] = " ".join(words)
    return said


def kept(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Candidates as they are kept with a decision."""
    return [
        {
            "id": one.id,
            "group": one.group,
            "score": one.score,
            "eligible": one.eligible,
            "good": one.good,
            "protected": one.protected,
            "tiebreaks": list(one.tiebreaks),
        }
        for one in sorted(candidates, key=lambda one: one.id)
    ]


def from_kept(rows: Iterable[Mapping[str, Any]]) -> list[Candidate]:
    """The candidates that `kept` wrote."""
    return [
        Candidate(
            id=row["id"],
            group=row["group"],
            score=None if row["score"] is None else Fraction(row["score"]),
            eligible=row["eligible"],
            good=row["good"],
            tiebreaks=tuple(None if one is None else Fraction(one) for one in row["tiebreaks"]),
            protected=row["protected"],
        )
        for row in rows
    ]


def place_of(found: QuotaResult | None, dossier_id: str) -> dict[str, Any] | None:
    """What the cap made of one dossier, to be kept with its decision."""
    if found is None or dossier_id not in found.group_of:
        return None
    group = found.of(dossier_id)
    held = group.held(dossier_id)
    return {
        "group": group.name,
        "good": group.cap.good,
        "places": group.places,
        "chosen": dossier_id in group.chosen,
        "held_back": held.reason.value if held else None,
    }
