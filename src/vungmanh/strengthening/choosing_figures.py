"""What a choice keeps beside its table: the figures of its month, what earlier draws promised.

Files are opened from what was kept: late facts move an assessment, never a decision (decisions.md
7 and 8). What they moved since is told to whoever decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from vungmanh.core.periods import month_of, months_between
from vungmanh.core.programme_words import SelectionState
from vungmanh.strengthening.choosing import canonical, units_chosen
from vungmanh.strengthening.models import Assessment, AssessmentRun, Selection, SelectionOverride

#: Figures of the assessment kept at entry, as they stood when the unit was chosen.
ENTRY = (
    "status", "due", "held", "not_held", "no_report", "excused", "estimate", "low", "high",
    "probability", "heavy", "light", "cells", "failing_cells", "reasons",
)  # fmt: skip
#: Those that are told to whoever decides where they changed since.
TOLD = ("status", "held", "not_held", "no_report", "heavy")

Figures = dict[str, Any]


def figures_of(run: AssessmentRun, units: Iterable[UUID]) -> dict[str, Figures]:
    """What an assessment says of each unit, by its id."""
    return {
        str(row.unit_id): {
            "month": f"{run.month:%Y-%m}", **{one: getattr(row, one) for one in ENTRY}
        }
        for row in run.rows.filter(unit_id__in=list(units))
    }  # fmt: skip


def figures_kept(found: Selection) -> dict[str, Figures]:
    """What the selection was decided on, from the bytes it kept."""
    kept: dict[str, Figures] = json.loads(bytes(found.snapshot.content)).get("figures", {})
    return kept


@dataclass(frozen=True)
class Moved:
    """One figure of a unit that is another one since the list was made; None: gone."""

    unit: UUID
    figure: str
    before: Any
    now: Any


def is_assessed_anew(found: Selection) -> bool:
    """Whether the month was assessed again, with another result, since the list was made."""
    now = AssessmentRun.objects.filter(month=found.month).values_list("result_hash", flat=True)
    return list(now) != [found.terms.get("run")]


def moved_since(found: Selection, units: Collection[UUID]) -> list[Moved]:
    """What became of the figures of these units since, in the order of the units."""
    kept, now = figures_kept(found), {}
    for row in Assessment.objects.filter(run__month=found.month, unit_id__in=list(units)):
        now[row.unit_id] = row
    return [
        Moved(unit, figure, before, after)
        for unit in units
        for figure in TOLD
        if (before := kept.get(str(unit), {}).get(figure))
        != (after := getattr(now.get(unit), figure, None))
        and canonical(before) != canonical(after)
    ]


def is_old(found: Selection) -> bool:
    """Whether the month lay more than a year back when the list was made."""
    return months_between(found.month, month_of(localdate(found.made_at))) > 12


# --- what earlier draws promised ----------------------------------------------------------------


def promised_for(programme_id: UUID, unit_id: UUID, year: int) -> set[UUID]:
    """Units that a decided draw of this committee gave that year to begin, unless it was decided
    otherwise of them."""
    decided = Selection.objects.filter(
        programme_id=programme_id, unit_id=unit_id, year__lt=year, state=SelectionState.DECIDED
    )
    found: set[UUID] = set()
    for one in decided.order_by("year", "pk"):
        promised = {UUID(unit) for unit, when in one.result["start_years"].items() if when == year}
        said = SelectionOverride.objects.filter(selection=one).order_by("at", "id")
        last = dict(said.values_list("unit_id", "is_in"))
        # Taken in by name at once, or left out by name: nothing is promised any more.
        found |= {unit for unit in promised if unit not in last} - set(units_chosen(one.result))
    return found
