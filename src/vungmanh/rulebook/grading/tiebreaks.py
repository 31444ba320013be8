"""Secondary criteria of the quota that are facts of the year, as numbers: the larger stands first.

A criterion is the name of a fact, or words of the province. Of words nothing is known, so they tell
nobody apart; a fact that nobody recorded does not either: a blank is no zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from vungmanh.rulebook.grading.facts import Fact, FactName
from vungmanh.rulebook.values.bounds import percent, plain
from vungmanh.rulebook.values.quota import FEWER_FIRST, SHARES


def fact_named(criterion: str) -> FactName | None:
    """The fact a criterion names; None for words."""
    return FactName(criterion) if criterion in set(FactName) else None


def criterion_label(criterion: str) -> str:
    """The criterion in Vietnamese, with the side that stands first."""
    name = fact_named(criterion)
    if name is None:
        return criterion
    return f"{name.label}, ít hơn đứng trước" if name in FEWER_FIRST else name.label


def tiebreaks_of(
    criteria: Sequence[str], facts: Mapping[FactName, Fact]
) -> tuple[Fraction | None, ...]:
    """One number for each criterion, the larger first; None where it is not known."""
    return tuple(_number(fact_named(one), facts) for one in criteria)


def _number(name: FactName | None, facts: Mapping[FactName, Fact]) -> Fraction | None:
    fact = facts.get(name) if name is not None else None
    if fact is None or fact.value is None:
        return None
    number = fact.share if fact.name in SHARES else Fraction(fact.value)
    return -number if number is not None and fact.name in FEWER_FIRST else number


def tiebreak_words(criterion: str, number: Fraction | int | None) -> str:
    """A number as it reads beside its criterion."""
    if number is None:
        return "chưa có số liệu"
    shown = abs(Fraction(number))
    return percent(shown) if fact_named(criterion) in SHARES else plain(shown)
