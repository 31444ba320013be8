"""Which reforms a viewer may see, and which units may stand in them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db.models import DateField, F, Func, IntegerField, Q, QuerySet, Value

from vungmanh.access.permissions import can
from vungmanh.access.viewer import Viewer
from vungmanh.core.errors import NotFound
from vungmanh.org.models import Reform, UnitVersion
from vungmanh.org.queries import units_visible
from vungmanh.org.reform.steps import steps_from_json, unit_ids

VIEW, DRAFT, COMMIT = "org.reform.view", "org.reform.draft", "org.reform.commit"


def reforms_visible(viewer: Viewer | None) -> QuerySet[Reform]:
    """The reforms a viewer drafted, and those of which every unit named is in sight.

    Newest first, with `step_count` in place of the steps and without what committing kept. As many
    queries for a hundred reforms as for one.
    """
    if viewer is None or not can(viewer, VIEW):
        return Reform.objects.none()
    reforms = Reform.objects.order_by().only("drafted_by_id", "effective_on", "steps")
    own = Q(drafted_by=viewer.user)
    named = {
        (reform.pk, reform.effective_on): unit_ids(steps_from_json(reform.steps))
        for reform in reforms.exclude(own)
    }
    wanted: dict[dt.date, set[UUID]] = defaultdict(set)
    for (_, day), units in named.items():
        wanted[day] |= units
    seen = _seen_around(viewer, wanted)
    inside = [reform for (reform, day), units in named.items() if units <= seen[day]]
    return (
        Reform.objects.filter(own | Q(pk__in=inside))
        .defer("journal", "told", "steps")
        .annotate(
            step_count=Func(F("steps"), function="jsonb_array_length", output_field=IntegerField())
        )
        .select_related("drafted_by", "committed_by", "undone_by")
    )


def reform_visible(viewer: Viewer | None, reform_id: UUID, *, lock: bool = False) -> Reform:
    """One reform, journal included. Raises NotFound alike for absent and out of sight."""
    reforms = Reform.objects.select_for_update() if lock else Reform.objects.all()
    reform = reforms.filter(pk=reform_id).first() if can(viewer, VIEW) else None
    if reform is None or viewer is None:
        raise _not_found()
    if reform.drafted_by_id != viewer.user.pk and not _in_sight(viewer, reform):
        raise _not_found()
    return reform


def check_units_visible(
    viewer: Viewer, units: set[UUID], effective_on: dt.date, today: dt.date
) -> None:
    """Raise NotFound unless each unit is in sight around the effective day, today, or, for one
    that lives on neither, on its last day.
    """
    missing = _out_of_sight(viewer, units, effective_on)
    if missing:
        missing -= set(units_visible(viewer, today).filter(descendant_id__in=missing))
    for unit in missing:
        lives = UnitVersion.objects.filter(unit_id=unit).order_by("valid")
        last = lives.last()
        day = last.valid.lower if last is not None else None
        if day is None or not units_visible(viewer, day).filter(descendant_id=unit).exists():
            raise NotFound(
                "Có đơn vị trong việc sắp xếp không tìm thấy trong phạm vi của đồng chí. "
                "Chọn lại đơn vị ở từng bước.",
                code="unit-not-found",
            )


def _in_sight(viewer: Viewer, reform: Reform) -> bool:
    named = unit_ids(steps_from_json(reform.steps))
    return not _out_of_sight(viewer, named, reform.effective_on)


def _out_of_sight(viewer: Viewer, units: set[UUID], effective_on: dt.date) -> set[UUID]:
    """Those seen neither on the eve nor on the day."""
    return units - _seen_around(viewer, {effective_on: units})[effective_on]


def _seen_around(
    viewer: Viewer, wanted: Mapping[dt.date, set[UUID]]
) -> Mapping[dt.date, set[UUID]]:
    """Of the units wanted for each effective day, those seen on its eve or that day. One query."""
    asked = [
        units_visible(viewer, when)
        .filter(descendant_id__in=units)
        .annotate(effective_on=Value(day, DateField()))
        .values_list("descendant_id", "effective_on")
        for day, units in wanted.items()
        for when in (day - dt.timedelta(days=1), day)
    ]
    found: dict[dt.date, set[UUID]] = defaultdict(set)
    for unit, day in asked[0].union(*asked[1:], all=True) if asked else ():
        found[day].add(unit)
    return found


def _not_found() -> NotFound:
    return NotFound(
        "Không tìm thấy việc sắp xếp này trong phạm vi của đồng chí.", code="reform-not-found"
    )
