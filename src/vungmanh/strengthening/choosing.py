"""What a selection is computed from, and what it gives: the same bytes whenever it is done again.

`candidates_of` reads the assessment of a month; `inputs_of` lays it down with the rules and what
was asked for; `compute` makes the score table from nothing else.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from vungmanh.access.viewer import Viewer
from vungmanh.analysis import lots
from vungmanh.analysis.choosing import Candidate, Choosing, Place, Terms, Why, choose, draw
from vungmanh.core.periods import add_months, last_day
from vungmanh.core.programme_words import FileState
from vungmanh.core.vocabulary import Status
from vungmanh.org.listing import sizes_of
from vungmanh.org.models import Ancestry, UnitClosure, UnitVersion
from vungmanh.rulebook.grading.apportion import webster
from vungmanh.rulebook.values.programmes import GreyZone, SelectionRule
from vungmanh.strengthening.choosing_obstacles import answer_until
from vungmanh.strengthening.models import (
    Assessment,
    AssessmentRun,
    Selection,
    SupportFile,
)
from vungmanh.strengthening.models.files import OVER

LAYOUT = 2  # of inputs and results; what was kept in an older one stays as it is

Result = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a committee asks of one choosing, beside the rule: places, overseers, kinds, lots."""

    capacity: int
    overseen_cells: int | None = None
    least_of_kind: Mapping[str, int] = field(default_factory=dict)
    grey: GreyZone = GreyZone.NONE


def candidates_of(
    unit_id: UUID, run: AssessmentRun, rule: SelectionRule, *, period_months: int, by: Viewer,
    on: dt.date, promised: Collection[UUID] = (),
) -> list[Candidate]:  # fmt: skip
    """Every organisation below a committee as the run knows it; its cells where it has none below.

    Bounded queries. `on` is the day of the choice: who is being helped then, who may still answer.
    `promised`: whom a draw of the year before gave this year to begin.
    """
    rows = _rows(unit_id, run)
    units = [row.unit_id for row in rows]
    older = _older(run, units, rule.bad_periods, period_months)
    ended, helped = helped_before(units)
    sizes = sizes_of(by, units, last_day(run.month))
    waiting = answer_until(units, on)
    return [
        Candidate(
            id=str(row.unit_id),
            code=f"{bytes(row.name_key).hex()} {row.unit_id}",
            area=row.area,
            kind=row.sector,
            size=sizes[row.unit_id].official or 0,
            cells=max(row.cells, 1),
            is_silent=row.status == Status.MUST_VERIFY,
            is_weak=Status(row.status) in rule.statuses,
            bad_periods=_periods(row, older.get(row.unit_id, []), rule),
            heavy=row.heavy,
            probability=row.probability,
            reported=round(1 - row.no_report / row.due, 6) if row.due else 1.0,
            rank=row.rank,
            rank_low=row.rank_low,
            rank_high=row.rank_high,
            ended_year=ended.get(row.unit_id),
            has_open_file=row.unit_id in helped,
            may_still_answer=row.unit_id in waiting,
            is_promised=row.unit_id in promised,
        )
        for row in rows
    ]


def _rows(unit_id: UUID, run: AssessmentRun) -> list[Assessment]:
    below = UnitClosure.objects.filter(
        ancestor_id=unit_id, depth__gt=0, valid__contains=last_day(run.month)
    ).values("descendant_id")
    rows = run.rows.filter(unit_id__in=below)
    organisations = list(rows.filter(organisation_position__isnull=False))
    return organisations or list(rows.filter(cell_position__isnull=False))


def _older(
    run: AssessmentRun, units: Sequence[UUID], periods: int, step: int
) -> dict[UUID, list[tuple[str, str]]]:
    """Status and the one before it, two and four … periods ago, the latest first.

    A row knows the status of the period before its own; only where a rule asks for more than two
    are older runs needed.
    """
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for back in range(2, periods, 2):
        month = add_months(run.month, -step * back)
        rows = Assessment.objects.filter(run__month=month, unit_id__in=units)
        for unit, status, before in rows.values_list("unit_id", "status", "previous_status"):
            found[unit].append((status, before))
    return found


def _periods(row: Assessment, older: Iterable[tuple[str, str]], rule: SelectionRule) -> int:
    """Periods in a row in which it was weak, the latest first.

    A status that rests on no heavy reason took two periods to come about: the first of them was
    shown as "watch" then, and is counted all the same.
    """
    if Status(row.status) not in rule.statuses:
        return 0
    statuses = [row.status, row.previous_status]
    for pair in older:
        statuses += pair
    run = 0
    for status in statuses:
        if not status or Status(status) not in rule.statuses:
            break
        run += 1
    return max(run, 2) if row.heavy == 0 else run


def helped_before(units: Sequence[UUID]) -> tuple[dict[UUID, int], set[UUID]]:
    """The last year in which each was helped, and who is being helped now; forebears count.

    Whoever relapsed while it was to hold is a candidate again at once; a file that a granted appeal
    withdrew helped nobody.
    """
    heirs: dict[UUID, set[UUID]] = {unit: {unit} for unit in units}
    links = Ancestry.objects.filter(successor_id__in=units).order_by()
    for old, new in links.values_list("predecessor_id", "successor_id"):
        heirs.setdefault(old, set()).add(new)
    ended: dict[UUID, int] = {}
    helped: set[UUID] = set()
    files = SupportFile.objects.filter(unit_id__in=heirs).order_by()
    helped_for_good = files.filter(state__in=OVER).exclude(
        state__in=[FileState.RELAPSED, FileState.WITHDRAWN]
    )
    for unit, day in helped_for_good.values_list("unit_id").annotate(Max("ended_on")):
        for heir in heirs[unit]:
            ended[heir] = max(ended.get(heir, 0), day.year)
    for unit in files.filter(~Q(state__in=OVER)).values_list("unit_id", flat=True):
        helped |= heirs[unit]
    return ended, helped


# --- what is kept -------------------------------------------------------------------------------


def inputs_of(
    candidates: Iterable[Candidate], rule: SelectionRule, asked: Asked, *, year: int, seed: str,
    figures: Mapping[str, Any] | None = None, waiting: Mapping[UUID, dt.date] | None = None,
) -> bytes:  # fmt: skip
    """The candidates, the rule and what was asked, as canonical JSON.

    `figures`: what the assessment said of each that may be chosen; files are opened from it.
    `waiting`: until when each may still answer, to be told and not computed with.
    """
    said = {
        "layout": LAYOUT,
        "year": year,
        "seed": seed,
        "rule": dataclasses.asdict(rule),
        "asked": dataclasses.asdict(asked),
        "candidates": [
            dataclasses.asdict(one) for one in sorted(candidates, key=lambda one: one.id)
        ],
        "figures": dict(figures or {}),
        "waiting": {str(unit): day.isoformat() for unit, day in (waiting or {}).items()},
    }
    return canonical(said)


def canonical(value: Any) -> bytes:
    """JSON that is the same for the same value: sorted keys, no spaces, text as it is."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=list
    ).encode()


def hash_of(value: Any) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def compute(inputs: bytes) -> Result:
    """The score table and the choice, from what was kept and nothing else."""
    said = json.loads(inputs)
    candidates = [Candidate(**one) for one in said["candidates"]]
    asked, rule = said["asked"], said["rule"]
    terms = Terms(
        year=said["year"],
        capacity=asked["capacity"],
        bad_periods=rule["bad_periods"],
        not_again_years=rule["not_again_years"],
        most_in_area=rule["most_in_area"],
        overseen_cells=asked["overseen_cells"],
        least_of_kind=asked["least_of_kind"],
        silent_percent=rule["silent_percent"],
    )
    way, seed = GreyZone(asked["grey"]), said["seed"]
    found = choose(candidates, terms)
    drawn = _drawn(found, terms, way, seed, said["year"])
    cost: dict[str, list[str]] | None = None
    if rule["spread_over_areas"]:
        free, terms = drawn["chosen"], replace(terms, shares_of_areas=_shares(candidates, terms))
        found = choose(candidates, terms)
        drawn = _drawn(found, terms, way, seed, said["year"])
        cost = {"lost": _minus(free, drawn["chosen"]), "gained": _minus(drawn["chosen"], free)}
    return {
        "layout": LAYOUT,
        "table": [_row(place, drawn) for place in found.table],
        "grey": list(found.grey),
        "grey_places": found.grey_places,
        "lots": drawn["lots"],
        "way": drawn["way"],
        "chosen": drawn["chosen"],
        "start_years": drawn["start_years"],
        "spread_cost": cost,
    }


def _shares(candidates: Sequence[Candidate], terms: Terms) -> dict[str, int]:
    """Places by area, by how many units it has (Webster)."""
    claims = Counter(one.area for one in candidates)
    return dict(webster(terms.capacity, claims).places)


def _minus(one: Sequence[str], other: Sequence[str]) -> list[str]:
    return [unit for unit in one if unit not in other]


def _drawn(found: Choosing, terms: Terms, way: GreyZone, seed: str, year: int) -> dict[str, Any]:
    """Who is chosen in the end: as ordered, by lots inside the grey zone, or all of it in turns.

    With start years everybody in the grey zone is helped, this year or the next: by lots, so that
    those who begin later may be compared with those who begin now.
    """
    by_order = [place.candidate.id for place in found.chosen]
    if way is GreyZone.NONE or not found.grey:
        return {
            "way": GreyZone.NONE, "chosen": by_order, "lots": [], "start_years": {}, "why": {}
        }  # fmt: skip
    sure = [one for one in by_order if one not in found.grey]
    order = lots.draw_order(seed, found.grey)
    why = draw(found, terms, order)
    won = [one for one, said in why.items() if said is Why.CHOSEN]
    turns = way is GreyZone.START_YEARS
    years = {one: year if one in won else year + 1 for one in found.grey} if turns else {}
    return {
        "way": way, "chosen": sure + won, "lots": list(order), "start_years": years, "why": why
    }  # fmt: skip


def _row(place: Place, drawn: Mapping[str, Any]) -> dict[str, Any]:
    one = place.candidate
    return {
        "unit": one.id,
        "number": place.number,
        "why": drawn["why"].get(one.id, place.why).value,
        "chosen": one.id in drawn["chosen"],
        "heavy": one.heavy,
        "probability": None if one.probability is None else round(one.probability, 4),
        "rank": [one.rank, one.rank_low, one.rank_high],
        "bad_periods": one.bad_periods,
        "size": one.size,
        "cells": one.cells,
        "area": one.area,
        "kind": one.kind,
        "reported": one.reported,
        "promised": one.is_promised,
    }


def units_chosen(result: Result) -> list[UUID]:
    """The units that a result chooses, in order."""
    return [UUID(one) for one in result["chosen"]]


def named(units: Iterable[UUID], day: dt.date) -> dict[UUID, str]:
    """What the units were called on a day; those gone by then, what they were called last."""
    versions = UnitVersion.objects.filter(unit_id__in=list(units), valid__startswith__lte=day)
    return dict(versions.order_by("valid").values_list("unit_id", "name"))


@dataclass(frozen=True)
class Again:
    """What came of computing a selection anew from the bytes it kept."""

    inputs_hold: bool
    is_equal: bool


def recompute_selection(found: Selection) -> Again:
    """Compute a selection anew, reading nothing but what it kept; changes nothing."""
    content = bytes(found.snapshot.content)
    return Again(
        inputs_hold=hashlib.sha256(content).hexdigest() == found.snapshot_id,
        is_equal=canonical(compute(content)) == canonical(found.result)
        and hash_of(found.result) == found.result_hash,
    )
