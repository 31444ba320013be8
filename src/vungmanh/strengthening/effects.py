"""What our own files say of each kind of measure: how far units with it rose beyond what like units
not chosen let expect, the way back to the mean included.

No experiment: units with a measure differ from others in more than the measure, and one unit with
two measures counts for both. So our own figures alone propose at most "weak"; "tested" asks for
units whose start was drawn by lot. A tier is only proposed here, never set.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from vungmanh.access.wall import lowered
from vungmanh.analysis.mean_excess import MeanExcess, mean_excess
from vungmanh.core.periods import add_months, last_day, month_of
from vungmanh.core.programme_words import ChoiceWay, EvidenceTier, MeasureState
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import MeasureCatalogue, MeasureType
from vungmanh.strengthening.comparison import YEAR, compare_many
from vungmanh.strengthening.models import FileMeasure, SupportFile

TOLD_FROM = 5  # fewer units would let one read of a single one
WEAK_FROM = 10
TESTED_FROM = 30


@dataclass(frozen=True)
class MeasureEffect:
    """One kind of measure. `excess` (percentage points of meetings held) is None where fewer than
    TOLD_FROM units can be told of; `units` counts those with a like-unit expectation."""

    measure: MeasureType
    units: int
    by_lot: int
    excess: MeanExcess | None
    proposed: EvidenceTier


def effects(until: dt.date) -> list[MeasureEffect]:
    """Every kind of the catalogue in force, in its order. Bounded queries.

    Read past the wall: it leaves only as means over several units, of the whole register.
    """
    catalogue = load_rulebook().on(until).of(MeasureCatalogue)
    with lowered():
        files = list(SupportFile.objects.select_related("choice").order_by("entered_on", "pk"))
        done = list(FileMeasure.objects.filter(file__in=files, state=MeasureState.DONE))
        found = compare_many(files, until)
    excess = {
        file.pk: one.after - one.expected.expected
        for file in files
        if (one := found.get(file.pk)) and one.after is not None and one.expected is not None
    }
    lots = {file.pk for file in files if file.choice.way == ChoiceWay.LOT}
    entered = {file.pk: file.entered_on for file in files}
    return [_effect(kind, done, excess, entered, lots) for kind in catalogue.measures]


def _effect(
    kind: MeasureType, done: Iterable[FileMeasure], excess: dict, entered: dict, lots: set
) -> MeasureEffect:
    units = {
        one.file_id
        for one in done
        if one.kind == kind.code and one.file_id in excess
        and one.ended_on is not None and one.ended_on <= _year_after(entered[one.file_id])
    }  # fmt: skip
    drawn = units & lots
    told = mean_excess([excess[one] for one in sorted(units)]) if len(units) >= TOLD_FROM else None
    return MeasureEffect(
        kind, len(units), len(drawn), told,
        proposed_tier(told, mean_excess([excess[one] for one in sorted(drawn)])),
    )  # fmt: skip


def _year_after(day: dt.date) -> dt.date:
    return last_day(add_months(month_of(day), YEAR))


def proposed_tier(all_units: MeanExcess | None, drawn: MeanExcess | None) -> EvidenceTier:
    """What our own figures alone would justify."""
    if drawn is not None and drawn.n >= TESTED_FROM and _is_above_zero(drawn):
        return EvidenceTier.TESTED
    if all_units is not None and all_units.n >= WEAK_FROM and _is_above_zero(all_units):
        return EvidenceTier.WEAK
    return EvidenceTier.NONE


def _is_above_zero(one: MeanExcess) -> bool:
    return one.low is not None and one.low > 0
