"""One fact, or the levels of a sheet, against one limit: exact, and None where it is not known."""

from __future__ import annotations

from fractions import Fraction

from vungmanh.rulebook.grading.facts import Fact
from vungmanh.rulebook.grading.points import YearPoints
from vungmanh.rulebook.values.bounds import percent, plain
from vungmanh.rulebook.values.conditions import FactCheck, LevelCheck
from vungmanh.rulebook.values.words import CriterionLevel, FactCompare

SHARES = (FactCompare.SHARE_AT_LEAST, FactCompare.SHARE_AT_MOST, FactCompare.REST_MORE_THAN)
_RANK = {level: rank for rank, level in enumerate(CriterionLevel)}


def fact_holds(check: FactCheck, fact: Fact) -> bool | None:
    """Whether the fact passes; None when it is not known or a share of nothing."""
    if fact.value is None:
        return None
    if check.compare is FactCompare.IS_TRUE:
        return fact.value > 0
    if check.compare in SHARES and fact.of == 0 and check.none_is_met:
        return True
    number = fact.share if check.compare in SHARES else Fraction(fact.value)
    return None if number is None else _passes(check.compare, number, check.limit or Fraction(0))


def _passes(compare: FactCompare, number: Fraction, limit: Fraction) -> bool:
    if compare is FactCompare.REST_MORE_THAN:
        return 1 - number > limit
    if compare in (FactCompare.SHARE_AT_LEAST, FactCompare.AT_LEAST):
        return number >= limit
    return number <= limit


def levels_hold(check: LevelCheck, points: YearPoints | None) -> bool | None:
    """Whether the levels chosen pass; None while blanks can still turn it."""
    if points is None:
        return None
    levels = [line.level for line in points.lines if not check.parts or line.part in check.parts]
    if not levels:
        return None
    said = [level for level in levels if level is not None]
    blanks = len(levels) - len(said)
    if check.some_poor:
        if CriterionLevel.KEM in said:
            return True
        return None if blanks else False
    good = sum(_RANK[level] <= _RANK[check.least] for level in said)
    if check.more_than is None:
        return _between(good == len(levels), good + blanks < len(levels))
    needed = check.more_than * len(levels)
    return _between(good > needed, good + blanks <= needed)


def _between(surely: bool, surely_not: bool) -> bool | None:
    if surely:
        return True
    return False if surely_not else None


def fact_words(check: FactCheck, fact: Fact) -> str:
    """The fact and its limit in Vietnamese: "Nhiệm vụ xong muộn: 1 trên 9; mốc: …"."""
    return f"{check.fact.label}: {_value(fact)}{_limit(check)}"


def _value(fact: Fact) -> str:
    if fact.value is None:
        return "chưa biết"
    if isinstance(fact.value, bool):
        return "có" if fact.value else "không"
    return plain(Fraction(fact.value)) + (f" trên {fact.of}" if fact.of is not None else "")


def _limit(check: FactCheck) -> str:
    if check.limit is None:
        return ""
    limit = percent(check.limit) if check.compare in SHARES else plain(check.limit)
    return f"; mốc: {check.compare.label.lower()} {limit}"
