"""Places of the cap that stand open after a decision, and whose turn it would be.

Nothing changes by itself: a grade that was lowered frees a place, and the committee reads who was
held back for want of it. It gives the place by opening that dossier again, or not.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vungmanh.access.wall import lowered
from vungmanh.evaluation.models import Cycle, Dossier
from vungmanh.evaluation.models.dossiers import UNDECIDED
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.grading.quota import QuotaResult
from vungmanh.strengthening.year_quota import cycle_quota


@dataclass(frozen=True)
class OpenPlaces:
    """One group. `free`: places without a grade that stands; `next`: dossiers that were held back
    and would come within the cap now, in the order of ids; `over`: grades above the cap, which stay
    as they are."""

    group: str
    free: int
    next: tuple[str, ...]
    over: int = 0


def open_places(cycle: Cycle, found: QuotaResult | None) -> tuple[OpenPlaces, ...]:
    """Groups in which a place waits for one who was held back, or grades stand above the cap."""
    if found is None:
        return ()
    best = load_rulebook().grade_scale(cycle.year).grades[0].code
    with lowered():
        rows = list(
            Dossier.objects.filter(cycle=cycle, removed_at=None, protected=False)
            .exclude(grade="")
            .values_list("pk", "grade", "state")
        )
    said = []
    for group in found.groups:
        inside = [row for row in rows if found.group_of.get(str(row[0])) == group.name]
        taken = sum(grade == best for _, grade, _ in inside)
        waiting = sorted(
            str(pk)
            for pk, grade, state in inside
            if grade != best and state not in UNDECIDED and str(pk) in group.chosen
        )
        free = max(group.places - taken, 0)
        over = max(taken - group.places, 0)
        if (free and waiting) or over:
            said.append(OpenPlaces(group.name, free, tuple(waiting) if free else (), over))
    return tuple(said)


def is_next(dossier: Dossier, *, at: dt.datetime) -> bool:
    """Whether a place is free now for one whom the cap held back."""
    found = open_places(dossier.cycle, cycle_quota(dossier.cycle, at=at))
    return any(str(dossier.pk) in one.next for one in found)
