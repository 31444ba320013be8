"""Conditions of the yearly grades against what records and people say.

A condition that records can answer is answered by them; a word against them is shown as a
contradiction and changes nothing. What neither knows stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.grading.facts import Fact, FactName, unknown
from vungmanh.rulebook.grading.limits import fact_holds, fact_words, levels_hold
from vungmanh.rulebook.grading.points import YearPoints
from vungmanh.rulebook.values.conditions import GradeCondition, GradeConditions, GradeDemand
from vungmanh.rulebook.values.words import ConditionFor, RecordPower


class Outcome(Vocabulary):
    """Of one condition. A knock-out that is "met" has struck the unit."""

    MET = "met", "Đạt"
    BROKEN = "broken", "Không đạt"
    UNKNOWN = "unknown", "Chưa rõ"


class AnsweredBy(Vocabulary):
    """Who answered a condition."""

    RECORDS = "records", "Sổ sách"
    PERSON = "person", "Người ghi"
    BOTH = "both", "Sổ sách và người ghi"
    NOBODY = "nobody", "Chưa ai"


_KNOCK_OUT_WORDS = {
    Outcome.MET: "Vướng",
    Outcome.BROKEN: "Không vướng",
    Outcome.UNKNOWN: "Chưa rõ",
}


@dataclass(frozen=True)
class ConditionFinding:
    """One condition of one grade, with what answered it and the records that meet or break it."""

    key: str
    grade: str
    text: str
    knock_out: bool
    outcome: Outcome
    by: AnsweredBy
    said: bool | None
    contradiction: bool
    asks_person: bool  # records cannot settle it (yet), so a page asks
    facts: tuple[Fact, ...] = ()
    told: tuple[str, ...] = ()  # each fact against its limit, in words

    @property
    def records(self) -> tuple[str, ...]:
        """Of all its facts, each once, in their order."""
        return tuple(dict.fromkeys(one for fact in self.facts for one in fact.records))

    @property
    def outcome_label(self) -> str:
        return _KNOCK_OUT_WORDS[self.outcome] if self.knock_out else self.outcome.label


def condition_key(grade: str, code: str) -> str:
    """The name under which a person's word on a condition is kept: "xuat_sac.a"."""
    return f"{grade}.{code}"


def applies(condition: GradeCondition, subject: ConditionFor) -> bool:
    """Whether a condition is for this kind of subject."""
    return condition.only in (ConditionFor.EVERYONE, subject)


def check_conditions(
    conditions: GradeConditions,
    *,
    subject: ConditionFor,
    facts: Mapping[FactName, Fact],
    said: Mapping[str, bool | None],
    points: YearPoints | None = None,
) -> tuple[ConditionFinding, ...]:
    """Every condition that is for `subject`, in the order of the text.

    `said` is {condition_key: yes, no or None}. A sentence that several grades ask for is one
    question: its first key answers all of them. `points` answers conditions about levels.
    """
    return tuple(
        _finding(asked, facts, said.get(asked.key), points)
        for asked in _questions(conditions, subject)
    )


@dataclass(frozen=True)
class _Question:
    demand: GradeDemand
    condition: GradeCondition
    key: str


def _questions(conditions: GradeConditions, subject: ConditionFor) -> Iterator[_Question]:
    first: dict[str, str] = {}
    for demand in conditions.demands:
        for condition in demand.conditions:
            if applies(condition, subject):
                own = condition_key(demand.grade, condition.code)
                yield _Question(demand, condition, first.setdefault(condition.text, own))


def _finding(
    asked: _Question,
    facts: Mapping[FactName, Fact],
    said: bool | None,
    points: YearPoints | None,
) -> ConditionFinding:
    condition = asked.condition
    used = tuple(
        facts.get(check.fact) or unknown(check.fact, "chưa có số liệu")
        for check in condition.checks
    )
    seen = _seen(condition, used, points)
    outcome, by = _settle(seen, condition.records, said)
    return ConditionFinding(
        key=asked.key,
        grade=asked.demand.grade,
        text=condition.text,
        knock_out=asked.demand.any_one,
        outcome=outcome,
        by=by,
        said=said,
        contradiction=by is AnsweredBy.RECORDS and said is not None and said is not seen,
        asks_person=by is not AnsweredBy.RECORDS,
        facts=used,
        told=tuple(
            fact_words(check, fact) for check, fact in zip(condition.checks, used, strict=True)
        ),
    )


def _seen(
    condition: GradeCondition, used: tuple[Fact, ...], points: YearPoints | None
) -> bool | None:
    """What records and the sheet say together: one "no" is enough, "yes" needs all of them."""
    answers = [
        *(fact_holds(check, fact) for check, fact in zip(condition.checks, used, strict=True)),
        *(levels_hold(check, points) for check in condition.levels),
    ]
    if False in answers:
        return False
    return True if answers and None not in answers else None


def _settle(seen: bool | None, power: RecordPower, said: bool | None) -> tuple[Outcome, AnsweredBy]:
    if seen is True and power is not RecordPower.CAN_BREAK:
        return Outcome.MET, AnsweredBy.RECORDS
    if seen is False and power is not RecordPower.CAN_MEET:
        return Outcome.BROKEN, AnsweredBy.RECORDS
    if said is None:
        return Outcome.UNKNOWN, AnsweredBy.NOBODY
    by = AnsweredBy.PERSON if seen is None else AnsweredBy.BOTH
    return (Outcome.MET if said else Outcome.BROKEN), by
