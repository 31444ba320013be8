"""Whether a unit may leave focused strengthening, by the terms that were fixed when it entered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from vungmanh.rulebook.values.programmes import ExitCheck, ExitCriterion, ExitRule

#: A count or a yes or no; None where it is not known, which is never taken for either.
Known = Fraction | int | bool | None


class Exit(StrEnum):
    """MET: may be asked for. UNKNOWN: nothing fails, but something is not known."""

    MET = "met"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CriterionFinding:
    """One criterion: how many of the last months in a row it was met, and its last value."""

    criterion: ExitCriterion
    state: Exit
    months_met: int
    value: Known


@dataclass(frozen=True)
class ExitFinding:
    """`state` over all criteria and the independent evidence; `missing` of the latter."""

    state: Exit
    criteria: tuple[CriterionFinding, ...]
    independent: int
    missing: int


def judge_exit(
    rule: ExitRule, months: Sequence[Mapping[ExitCheck, Known]], independent: int
) -> ExitFinding:
    """Hold the months since entry, oldest first, and the pieces of independent evidence to `rule`.

    A month in which something is not known neither meets a criterion nor breaks it: it is not
    counted as met, and the finding says UNKNOWN where only such months stand in the way.
    """
    found = tuple(_criterion(rule, one, months) for one in rule.criteria)
    missing = max(0, rule.independent - independent)
    states = {one.state for one in found}
    if Exit.NOT_YET in states or missing:
        state = Exit.NOT_YET
    else:
        state = Exit.UNKNOWN if Exit.UNKNOWN in states else Exit.MET
    return ExitFinding(state, found, independent, missing)


def _criterion(
    rule: ExitRule, criterion: ExitCriterion, months: Sequence[Mapping[ExitCheck, Known]]
) -> CriterionFinding:
    values = [month.get(criterion.check) for month in months]
    answers = [_is_met(criterion, value) for value in values]
    run = 0
    for answer in reversed(answers):
        if answer is not True:
            break
        run += 1
    asked = answers[-rule.months :]
    if len(asked) < rule.months or False in asked:
        state = Exit.NOT_YET
    else:
        state = Exit.MET if None not in asked else Exit.UNKNOWN
    return CriterionFinding(criterion, state, run, values[-1] if values else None)


def _is_met(criterion: ExitCriterion, value: Known) -> bool | None:
    if value is None:
        return None
    return bool(value) if criterion.minimum is None else value >= criterion.minimum
