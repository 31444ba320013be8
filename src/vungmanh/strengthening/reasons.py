"""Reasons as figures: what an assessment stores of each reason, heaviest first.

Words are put to the figures in `reason_texts`; the figures are all a reader needs to recount.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from vungmanh.analysis.facts import REASON_KEYS, UNKNOWN, FactRules, Facts, Judgement
from vungmanh.core.vocabulary import Weight
from vungmanh.strengthening.statistics import Told

#: Marks that are no reasons: they say what must be verified before anything can be said.
TO_VERIFY_KEYS = ("silent", "meetings_undecided", "months_hidden", "meetings_excused")
NAMED_CELLS = 3  # cells of an organisation named with their counts; the rest are a click away

Figures = dict[str, Any]


def figures_of(
    judged: Judgement,
    unit: int,
    rules: FactRules,
    day: dt.date,
    *,
    failing: list[Figures],
    told: Told | None = None,
) -> list[Figures]:
    """Every reason of one unit with its figures, heaviest first.

    What must be verified stands with them: silence before everything, an undecided count between
    the heavy reasons and the light ones.

    `failing` names the cells of an organisation that have a heavy reason, worst first; `told` is
    the second layer of the grain, whose reason stands behind the facts of its weight.
    """
    facts, found = judged.facts, []
    if judged.silent[unit]:
        found.append(_with_months("silent", facts, unit, limit=rules.reported_percent))
    present = [key for key, there in zip(REASON_KEYS, judged.reasons[unit], strict=True) if there]
    for weight in (Weight.HEAVY, Weight.LIGHT):
        for key in present:
            if rules.weights[key] is weight:
                figures = _figures(key, facts, unit, rules, day)
                if key in {"meetings_held", "failing_cells"} and failing:
                    figures["named"] = failing[:NAMED_CELLS]
                found.append({"key": key, "weight": weight.value, **figures})
        probable = told.reason(unit) if told is not None and not judged.silent[unit] else None
        if probable is not None and probable["weight"] == weight.value:
            found.append(probable)
        if weight is Weight.HEAVY:
            if judged.undecided[unit]:
                found.append(_with_months("meetings_undecided", facts, unit, **_threshold(rules)))
            if judged.excused_away[unit]:
                excused = {"excused": int(facts.excused[unit])}
                found.append(
                    _with_months("meetings_excused", facts, unit, **_threshold(rules), **excused)
                )
            hidden = told.to_verify(unit) if told is not None else None
            if hidden is not None:
                found.append(hidden)
    return found


def _threshold(rules: FactRules) -> Figures:
    return {"minimum": rules.minimum_held, "of": rules.of_due}


def _with_months(key: str, facts: Facts, unit: int, **more: Any) -> Figures:
    counts = ("held", "not_held", "no_report", "due")
    return {"key": key, "weight": "", **{c: int(getattr(facts, c)[unit]) for c in counts}, **more}


def _meetings(key: str, facts: Facts, unit: int, rules: FactRules) -> Figures:
    if key == "meetings_held":
        counts = _with_months(key, facts, unit, **_threshold(rules))
        return {name: value for name, value in counts.items() if name not in {"key", "weight"}}
    limit = rules.refuted_heavy if key == "meetings_refuted" else rules.refuted_light
    checked, refuted = int(facts.checked[unit]), int(facts.refuted[unit])
    return {"refuted": refuted, "checked": checked, "limit": limit}


def _figures(key: str, facts: Facts, unit: int, rules: FactRules, day: dt.date) -> Figures:
    match key:
        case "meetings_held" | "meetings_refuted" | "meetings_refuted_few":
            return _meetings(key, facts, unit, rules)
        case "secretary_vacant":
            days = int(facts.vacant_days[unit])
            since = day - dt.timedelta(days=days - 1)
            return {"days": days, "since": since.isoformat(), "limit": rules.vacant_days}
        case "failing_cells":
            return {
                "failing": int(facts.failing[unit]),
                "cells": int(facts.cells[unit]),
                "more_than": [rules.failing_numerator, rules.failing_denominator],
            }
        case "resolution_carried":
            return {"times": int(facts.carried[unit]), "limit": rules.carried_times}
        case "no_admission":
            return {"years": rules.admission_years}
        case "few_official_members":
            assert facts.official[unit] != UNKNOWN
            return {"official": int(facts.official[unit]), "minimum": rules.minimum_official}
    raise ValueError(f"unknown reason {key!r}")
