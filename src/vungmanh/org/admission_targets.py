"""The yearly targets of admissions beside what was admitted and who is on the way, by unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from vungmanh.access.viewer import Viewer
from vungmanh.core.people_words import AdmissionState, StallReason
from vungmanh.org.admissions import ADMITTED, TARGET, admissions_visible
from vungmanh.org.models import AdmissionCount, AggregateCount, UnitClosure, UnitVersion
from vungmanh.org.queries import versions_visible


@dataclass(frozen=True)
class TargetRow:
    """One unit with a target: admitted in the year by its cells, and dossiers being worked on."""

    unit: UnitVersion
    target: int
    admitted: int
    on_the_way: int
    stalled: tuple[tuple[StallReason, int], ...]  # of those, why they do not move

    @property
    def missing(self) -> int:
        """How many more than those on the way the target asks for."""
        return max(self.target - self.admitted - self.on_the_way, 0)


def targets_visible(viewer: Viewer, on: dt.date, year: int) -> list[TargetRow]:
    """The units in sight with a target for a year, in Vietnamese order. Five queries for any
    number; who is probationary was admitted already."""
    rows = AggregateCount.objects.filter(
        on=dt.date(year, 1, 1), dimension=TARGET, value=ADMITTED, replaced_at=None
    )
    targets = dict(rows.values_list("unit_id", "count"))
    units = list(versions_visible(viewer, on).filter(unit_id__in=targets).order_by("name_key"))
    inside = UnitClosure.objects.filter(
        ancestor_id__in=[one.unit_id for one in units], valid__contains=on
    )
    below: dict[UUID, set[UUID]] = {}
    for ancestor, descendant in inside.values_list("ancestor_id", "descendant_id"):
        below.setdefault(ancestor, set()).add(descendant)
    cells = {cell for found in below.values() for cell in found}
    counts = AdmissionCount.objects.filter(unit_id__in=cells, month__year=year).order_by()
    admitted = dict(counts.values_list("unit_id").annotate(number=Sum("count")))
    open_ones = admissions_visible(viewer, on).filter(state=AdmissionState.OPEN, unit_id__in=cells)
    going = Counter(open_ones.values_list("unit_id", "stall"))
    return [
        _row(one, targets[one.unit_id], admitted, going, below.get(one.unit_id, set()))
        for one in units
    ]


def _row(
    unit: UnitVersion,
    target: int,
    admitted: Mapping[UUID, int],
    going: Mapping[tuple[UUID, str], int],
    cells: Collection[UUID],
) -> TargetRow:
    said: Counter[str] = Counter()
    for (cell, stall), number in going.items():
        if cell in cells:
            said[stall] += number
    stalled = tuple((one, said[one.value]) for one in StallReason if said[one.value])
    done = sum(admitted.get(cell, 0) for cell in cells)
    return TargetRow(unit, target, done, said.total(), stalled)
