"""How far two sides agree who scored the same meetings blind. Pure: pairs in, numbers out.

Few pairs say nothing: below `FEWEST` there is no mean, below `FOR_KAPPA` no kappa. Nobody is ranked
by any of this (decisions.md 6, 15).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vungmanh.analysis.intervals import wilson
from vungmanh.analysis.means import student

FEWEST: Final = 5
FOR_KAPPA: Final = 20
LEVEL: Final = 0.90


@dataclass(frozen=True)
class Pair:
    """One meeting as both sides scored it. Grades are codes; "" where the sheet gives none."""

    own: float
    superior: float
    own_grade: str = ""
    superior_grade: str = ""

    @property
    def difference(self) -> float:
        """How much more the cell gave itself."""
        return self.own - self.superior


@dataclass(frozen=True)
class Span:
    """An estimate with its 90 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """`difference`: of the totals, own less superior; its interval is None where every meeting
    differs by the same. `same`: meetings with the same grade, of `graded`. `kappa`: linear weights.
    """

    pairs: int
    difference: Span | None = None
    all_differ_by: float | None = None
    same: int = 0
    graded: int = 0
    same_share: Span | None = None
    kappa: float | None = None

    @property
    def is_enough(self) -> bool:
        return self.pairs >= FEWEST


def agreement(pairs: Sequence[Pair], grades: Sequence[str] = ()) -> Agreement:
    """What so many meetings say. `grades` best first: the distance of two grades is in steps."""
    count = len(pairs)
    if count < FEWEST:
        return Agreement(count)
    graded = [one for one in pairs if one.own_grade and one.superior_grade]
    same = sum(one.own_grade == one.superior_grade for one in graded)
    difference, constant = _mean([one.difference for one in pairs])
    return Agreement(
        pairs=count,
        difference=difference,
        all_differ_by=constant,
        same=same,
        graded=len(graded),
        same_share=_share(same, len(graded)) if len(graded) >= FEWEST else None,
        kappa=weighted_kappa(graded, grades) if len(graded) >= FOR_KAPPA else None,
    )


def _mean(differences: Sequence[float]) -> tuple[Span | None, float | None]:
    """The mean with Student's interval, or the one number that all of them are."""
    found = student(differences, LEVEL)
    if found is None:
        return None, differences[0]
    return Span(*found), None


def _share(part: int, whole: int) -> Span:
    found = wilson(part, whole, LEVEL)
    return Span(float(found.estimate), float(found.low), float(found.high))


def weighted_kappa(pairs: Sequence[Pair], grades: Sequence[str]) -> float | None:
    """Cohen's kappa, a disagreement weighing the steps between the grades (Cohen 1968).

    None where both sides used one grade only: there was nothing to agree about.
    """
    place = {grade: step for step, grade in enumerate(grades)}
    known = [
        (place[one.own_grade], place[one.superior_grade])
        for one in pairs
        if one.own_grade in place and one.superior_grade in place
    ]
    if not known:
        return None
    own = Counter(mine for mine, _ in known)
    superior = Counter(theirs for _, theirs in known)
    observed = sum(abs(mine - theirs) for mine, theirs in known) / len(known)
    expected = (
        sum(
            abs(mine - theirs) * times * often
            for mine, times in own.items()
            for theirs, often in superior.items()
        )
        / len(known) ** 2
    )
    return None if expected == 0 else 1 - observed / expected
