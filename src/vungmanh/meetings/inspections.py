"""Reads about inspections: which one sees, what the months of a unit look like to an inspector,
and how far what was verified agrees with what had been reported.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.core.periods import month_range
from vungmanh.core.text import fold
from vungmanh.core.vocabulary import (
    InspectionState,
    ObligationKind,
    Reach,
    ReportedThen,
    Verdict,
)
from vungmanh.meetings.models import (
    Inspection,
    InspectionMonth,
    MeetingReport,
    Obligation,
)
from vungmanh.org.models import UnitClosure, UnitVersion
from vungmanh.org.queries import ended_units_visible, units_visible


@dataclass(frozen=True)
class Agreement:
    """Of the months reported as held and looked at: how many were seen to be so, how many not."""

    confirmed: int
    refuted: int

    @property
    def checked(self) -> int:
        return self.confirmed + self.refuted

    @property
    def factor(self) -> float | None:
        """The verification factor; None where nothing was looked at."""
        return self.confirmed / self.checked if self.checked else None


def inspections_visible(viewer: Viewer | None, on: dt.date) -> QuerySet[Inspection]:
    """Every inspection of the units in sight, and of those gone by then whose past one sees."""
    gone = ended_units_visible(viewer, on)
    seen = Q(unit_id__in=units_visible(viewer, on)) | Q(unit_id__in=gone)
    return Inspection.objects.filter(seen).select_related("by")


def inspection_visible(viewer: Viewer | None, inspection_id: UUID, on: dt.date) -> Inspection:
    """One inspection. Raises NotFound alike for absent and out of sight."""
    found = inspections_visible(viewer, on).filter(pk=inspection_id).first()
    if found is None:
        raise NotFound(
            "Không tìm thấy cuộc kiểm tra, giám sát này trong phạm vi của đồng chí.",
            code="no-inspection",
        )
    return found


def listed_inspections(
    viewer: Viewer | None, on: dt.date, *, text: str = "", unit_id: UUID | None = None
) -> QuerySet[Inspection]:
    """The list, the latest first: each with `name` of its unit, and how many months were `checked`
    (reported as held, and told) and `refuted`. `text` are words of the name."""
    named = UnitVersion.objects.filter(
        unit_id=OuterRef("unit_id"), valid__startswith__lte=on
    ).order_by("-valid")
    told = Q(months__reported=ReportedThen.HELD) & ~Q(months__verified=Verdict.UNKNOWN)
    found = inspections_visible(viewer, on).annotate(
        name=Subquery(named.values("name")[:1]),
        name_fold=Subquery(named.values("name_fold")[:1]),
        checked=Count("months", filter=told),
        refuted=Count("months", filter=told & Q(months__verified=Verdict.NOT_HELD)),
    )
    for word in fold(text).split():
        found = found.filter(name_fold__contains=word)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    return found.order_by("-on", "-id")


def stands_above(viewer: Viewer, unit_id: UUID, on: dt.date) -> bool:
    """Whether the viewer holds a role, with all below it, in a unit strictly above this one; of
    one that has ended, in a unit that stood above it on its last day."""
    above = UnitClosure.objects.filter(
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW),
        descendant_id=unit_id,
        depth__gt=0,
    )
    return above.filter(Q(valid__contains=on) | _to_the_end(on)).exists()


def _to_the_end(on: dt.date) -> Q:
    """That a row of the closure reaches to the last day of a unit gone by a day."""
    lives = UnitClosure.objects.filter(depth=0, descendant_id=OuterRef("descendant_id"))
    longer = lives.filter(
        Q(valid__endswith__gt=OuterRef("valid__endswith")) | Q(valid__upper_inf=True)
    )
    return Q(~Exists(longer), valid__endswith__lte=on)


def units_below(viewer: Viewer, on: dt.date) -> QuerySet[UnitClosure, UUID]:
    """Ids of the units that the viewer stands above, as `stands_above` says."""
    below = UnitClosure.objects.filter(
        Q(valid__contains=on) | _to_the_end(on),
        ancestor_id__in=viewer.units_with(Reach.UNIT_AND_BELOW),
        depth__gt=0,
    )
    return below.values_list("descendant_id", flat=True)


@dataclass(frozen=True)
class MonthToInspect:
    """One month as the form shows it: what was reported, never what to think of it."""

    month: dt.date
    reported: ReportedThen
    held_on: dt.date | None
    is_due: bool


def months_to_inspect(unit_id: UUID, first: dt.date, last: dt.date) -> list[MonthToInspect]:
    """The months `first` to `last` of a unit, the earliest first, each as reported now."""
    span = {"unit_id": unit_id, "kind": ObligationKind.REGULAR, "month__range": (first, last)}
    told = {one.month: one for one in MeetingReport.objects.filter(**span)}
    due = set(Obligation.objects.filter(**span).values_list("month", flat=True))
    found = []
    for month in month_range(first, last):
        one = told.get(month)
        state = ReportedThen(one.state) if one else ReportedThen.NONE
        found.append(MonthToInspect(month, state, one.held_on if one else None, month in due))
    return found


def agreement_of(unit_ids: Iterable[UUID], first: dt.date, last: dt.date) -> Agreement:
    """Of the months `first` to `last` of these units, by the verdicts that stand."""
    counts = InspectionMonth.objects.filter(
        stands=True,
        unit_id__in=list(unit_ids),
        kind=ObligationKind.REGULAR,
        month__range=(first, last),
        reported=ReportedThen.HELD,
    ).aggregate(
        confirmed=Count("pk", filter=Q(verified=Verdict.HELD)),
        refuted=Count("pk", filter=Q(verified=Verdict.NOT_HELD)),
    )
    return Agreement(**counts)


def agreement_visible(viewer: Viewer | None, on: dt.date) -> Agreement:
    """The same of every verdict that stands in sight: the factor told to those reported on."""
    seen = InspectionMonth.objects.filter(
        Exists(
            inspections_visible(viewer, on)
            .exclude(state=InspectionState.WITHDRAWN)
            .filter(pk=OuterRef("inspection_id"))
        ),
        stands=True,
        reported=ReportedThen.HELD,
    )
    counts = seen.aggregate(
        confirmed=Count("pk", filter=Q(verified=Verdict.HELD)),
        refuted=Count("pk", filter=Q(verified=Verdict.NOT_HELD)),
    )
    return Agreement(**counts)
